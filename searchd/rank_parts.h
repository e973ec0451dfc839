/* rank_parts.h - what the files of the second stage share. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_RANK_PARTS_H
#define SEARCHD_RANK_PARTS_H

#include "rank.h"

enum {
    RANK_POOL = 200,          /* best hits of the first stage that are scored again */
    RANK_THREADS = 20,        /* best threads whose hits are all scored again */
    RANK_THREADS_FOUND = 60,  /* threads looked at to find those */
    RANK_THREAD_HITS = 2000,  /* hits of the best threads, at most */
    RANK_PAIR_ARTICLES = 100, /* articles searched for neighbouring words */
    RANK_PAIR_COMMENTS = 200  /* documents searched for neighbouring words */
};

/* Terms of the scored words under one prefix: one row per form, words one after another. */
typedef struct rank_terms {
    weft_str *terms;
    double *idf;
    size_t *word; /* which word a form belongs to */
    size_t count;
    size_t words; /* scored words */
} rank_terms;

/* A thread and its share of the score of all its hits. */
typedef struct rank_thread {
    weft_str id;       /* of the article */
    uint32_t article;  /* docid, 0 when it is a stub */
    uint32_t document; /* docid of the thread document, 0 for none */
    double thread, art, pairs;
    double total; /* of the three */
} rank_thread;

/* The second stage at work. */
struct ranking {
    index_view *v;
    void *mem;
    const plan *plan;
    rank_terms article_terms, thread_terms, bag_terms;
    double *pair_idf_article, *pair_idf_bag; /* idf of every word of the plan */
    rank_thread *threads;                    /* sorted by id */
    size_t thread_count;
    bool prepared;           /* the fields above, and found */
    weft_match_result found; /* thread documents that hold any of the words, best first */
    int64_t deadline_ms;
    weft_error *err; /* of the page at work */
};

/* Look for the thread documents of the query's words: fills r->found. Errors: of the index. */
weft_code rank_threads_find(ranking *r);

/* idf of a term among `documents` documents. */
double rank_idf(double documents, uint32_t frequency);

/* The forms of the scored words under a prefix, with their idf. Errors: of the index. */
weft_code rank_terms_make(ranking *r, const char *prefix, double documents,
                          rank_terms *out);

/*
 * Score threads: those named in ids (count of them, distinct) and the best by their thread
 * documents. Fills r->threads. Errors: of the index.
 */
weft_code rank_threads_score(ranking *r, const weft_str *ids, size_t count);

/* The thread of an article id; NULL when it was not scored. */
rank_thread *rank_thread_find(const ranking *r, weft_str id);

/* For each document the pairs of neighbouring query words that stand side by side in it, as
 * half the sum of their idf. docids ascend. Errors: of the index. */
weft_code rank_pairs(ranking *r, const double *idf, const uint32_t *docids, size_t count,
                     double *out);

#endif

/* rank_parts.h - what the files of the second stage share. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_RANK_PARTS_H
#define SEARCHD_RANK_PARTS_H

#include "rank.h"

enum {
    RANK_POOL = 200,          /* best hits of the first stage that are scored again */
    RANK_THREADS = 10,        /* best threads whose hits are all scored again */
    RANK_THREADS_FOUND = 60,  /* threads looked at to find those */
    RANK_THREAD_HITS = 2000,  /* hits of the best threads, at most */
    RANK_THREADS_SHARE = 50,  /* one thread in so many may stand out among the others */
    RANK_ENOUGH = 100,        /* hits of the first tier that need no others among them */
    RANK_PAIR_ARTICLES = 100, /* articles searched for neighbouring words */
    RANK_RUN = 5,             /* neighbours in a row that raise the weight of each */
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
    double total;    /* of the three */
    double coverage; /* share of the query's idf that the article holds */
    bool has_date;   /* of the article */
    int64_t date;    /* seconds */
    bool stands_out; /* one of the best of a large index */
} rank_thread;

/* A hit that is scored again. */
typedef struct rank_candidate {
    rank_hit hit;
    rank_thread *thread;
    bool leads;     /* stands before all that do not */
    weft_str order; /* of hits of one score; read when it is needed */
} rank_candidate;

/* The hits that are scored again. */
typedef struct rank_set {
    rank_candidate *list;
    size_t count;
} rank_set;

typedef struct rank_form rank_form;

/* The second stage at work. */
struct ranking {
    index_view *v;
    void *mem;
    const plan *plan;
    rank_terms article_terms, thread_terms, bag_terms;
    rank_form *forms; /* the words of the plan as they may be written, by stream */
    size_t form_count;
    uint64_t form_bits[4];                   /* bit h % 256 set: a form's stream may be h */
    double *pair_idf_article, *pair_idf_bag; /* idf of every word of the plan */
    rank_thread *threads;                    /* sorted by id */
    size_t thread_count;
    bool prepared;           /* the fields above, and found */
    weft_match_result found; /* thread documents that hold any of the words, best first */
    weft_match_options first_stage; /* of the page at work, with the pool's limit */
    rank_priors priors;
    int64_t deadline_ms;
    weft_error *err;
};

/* Add the hits of a match that are not yet in the set, which is in order of docids then.
 * Errors: WEFT_ENOMEM. */
weft_code rank_set_add(ranking *r, rank_set *set, const weft_match_result *m, bool relaxed);

/* The threads of the set's hits, each once. Errors: of the index. */
weft_code rank_set_threads(ranking *r, const rank_set *set, weft_str **out, size_t *count);

/* Score the hits of the set by their threads and put them in order. Errors: of the index. */
weft_code rank_set_score(ranking *r, rank_set *set);

/* Add what date and votes give to the scores of a set, if it is asked for. Errors: of the
 * index. */
weft_code rank_priors_add(ranking *r, rank_set *set);

/* A value of every hit of the set, in its order. Errors: of the index. */
weft_code rank_set_values(ranking *r, const rank_set *set, uint32_t slot, weft_str **out);

/* For qsort and bsearch: docids ascend. */
int rank_by_docid(const void *a, const void *b);

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

/* Fills r->forms. Errors: WEFT_ENOMEM. */
weft_code rank_pairs_prepare(ranking *r);

/* For each document the pairs of neighbouring query words that stand side by side in it, as
 * half the sum of their idf, as many times as there are pairs in a row, up to run_max. docids
 * ascend. Errors: of the index. */
weft_code rank_pairs(ranking *r, const double *idf, size_t run_max, const uint32_t *docids,
                     size_t count, double *out);

#endif

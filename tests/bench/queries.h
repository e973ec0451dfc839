/* queries.h - 1,000 questions of all kinds about the made archive. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_QUERIES_H
#define BENCH_QUERIES_H

#include <stdio.h>

#include "archive.h"

enum { QUERIES = 1000, QUERY_WORDS = 4, PREFIX_LETTERS = 4 };

typedef enum query_kind {
    QUERY_COMMON, /* one word */
    QUERY_RARE,
    QUERY_AND,     /* 2 to 4 words */
    QUERY_PHRASE,  /* 2 to 4 words */
    QUERY_PREFIX,  /* the first letters of the word */
    QUERY_AUTHOR,  /* of this author, one word */
    QUERY_DATE,    /* between two days, 1 or 2 words */
    QUERY_THREAD,  /* conversations with both words */
    QUERY_PARENT,  /* the second word, in replies to a comment with the first */
    QUERY_ARTICLE, /* the second word, under a headline with the first */
    QUERY_KINDS
} query_kind;

/** How many documents answer, when ... */
typedef struct truth {
    uint64_t weft; /* ... the words of headline and parent stand in for a word of an AND */
    uint64_t own;  /* ... every word must be the document's own */
    uint64_t all;  /* ... quoted words count as the writer's: what the peers index */
} truth;

typedef struct query {
    query_kind kind;
    uint32_t count;
    uint32_t forms[QUERY_WORDS]; /* as they are asked for */
    bool editor;
    uint32_t author;
    int64_t from_s, to_s; /* whole days; 0 to 0 when the date is nothing */
    truth truth;
} query;

typedef struct queries {
    query list[QUERIES];
    uint32_t count;
    draw draw;
} queries;

void queries_init(queries *q);

/** Take the questions that are due from this thread. */
void queries_take(queries *q, const archive *a);

/**
 * A row each: kind, words (or the letters of a prefix), from and to in seconds, author, the query in weft's language, the same of own words only, then
 * the three counts. Rows are in an order that mixes places of the archive.
 */
void queries_print(const queries *q, FILE *to);

#endif

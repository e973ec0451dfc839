/* ast.h - a query as a tree: what the parser makes and the planner reads.
 *
 * Invariants: an AND or OR has at least two children and none of its own kind; a NOT has
 * one; a JOIN has one child or a name; every other node is a leaf. Text is as typed:
 * nothing is folded, cut into words or stemmed here. A tree has at most WEFT_CLAUSES_MAX
 * leaves and is at most QUERY_DEPTH_MAX nodes deep, so a walk may keep a stack of that
 * size.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_QUERY_AST_H
#define WEFT_QUERY_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/limits.h"
#include "weft/record.h"
#include "weft/schema.h"
#include "weft/str.h"

enum {
    QUERY_DEPTH_MAX =
        4 * (WEFT_QUERY_NESTING_MAX + 2), /* a bracket adds JOIN, NOT, OR and AND at most */
    QUERY_NEAR_MAX = 100,                 /* words apart; more is read as this */
    QUERY_WARNINGS_MAX = 16               /* later ones are dropped */
};

typedef enum query_kind {
    Q_WORD,   /* text: one run without white space, still with its punctuation */
    Q_PHRASE, /* text: what stood between the quotes */
    Q_NEAR,   /* text and other, at most distance words apart, either order */
    Q_PREFIX, /* text: the word before the * */
    Q_EXACT,  /* text: the word after the = */
    Q_SPELL,  /* text: the word after the ~ */
    Q_FIELD,  /* field, text and what was read from it */
    Q_JOIN,   /* join, and children[0] or (query_join_takes_name) text */
    Q_AND,
    Q_OR,
    Q_NOT
} query_kind;

/** The other end of a conversation's relations. The first four take a sub-query, the last
 * three a name. */
typedef enum query_join {
    Q_JOIN_NONE,
    Q_JOIN_THREAD,
    Q_JOIN_ARTICLE,
    Q_JOIN_PARENT,
    Q_JOIN_REPLY,
    Q_JOIN_REPLY_TO,
    Q_JOIN_REPLIED_BY,
    Q_JOIN_QUOTES
} query_join;

typedef enum query_is {
    Q_IS_ARTICLE,
    Q_IS_COMMENT,
    Q_IS_ROOT,
    Q_IS_REPLY,
    Q_IS_LEAF,
    Q_IS_ORPHAN
} query_is;

/** Half-open, seconds since 1970 UTC. An open end is QUERY_DATE_FIRST or QUERY_DATE_END. */
typedef struct query_dates {
    int64_t lo_s, hi_s;
} query_dates;

#define QUERY_DATE_FIRST WEFT_DATE_MIN
#define QUERY_DATE_END (WEFT_DATE_MAX + 1)

/** Closed. An open end is INT64_MIN or INT64_MAX. */
typedef struct query_numbers {
    int64_t lo, hi;
} query_numbers;

typedef struct query_node {
    query_kind kind;
    size_t at, end; /* [at, end) bytes in the query as it was given */
    weft_str text;
    weft_str other;    /* Q_NEAR: the second text */
    unsigned distance; /* Q_NEAR: 1 to QUERY_NEAR_MAX */
    bool is_phrase;    /* Q_FIELD, Q_JOIN with a name: the value was quoted */
    query_join join;
    const weft_field *field;
    query_is is;           /* fields of kind WEFT_FIELD_IS */
    query_dates dates;     /* fields of kind WEFT_FIELD_DATE */
    query_numbers numbers; /* fields of kind WEFT_FIELD_NUMBER */
    struct query_node **children;
    size_t count; /* of children */
} query_node;

typedef struct query_warning {
    size_t at; /* byte in the query */
    const char *message;
} query_warning;

/** Whether the dates of a query move with the clock. */
typedef enum query_moving {
    QUERY_STANDS = 0,
    QUERY_MOVES_BY_DAY,   /* as with "yesterday" */
    QUERY_MOVES_BY_SECOND /* as with "3 hours ago" */
} query_moving;

/** What the meaning of a query hangs on besides its text. */
typedef struct query_options {
    const char *tz; /* zone of dates, an IANA name; NULL is UTC */
    int64_t now_s;  /* what "yesterday" is counted from, seconds since 1970, UTC */
} query_options;

typedef struct query {
    query_node *root; /* NULL when nothing in it can be searched for */
    query_warning *warnings;
    size_t warning_count;
    size_t clauses; /* leaves; a NEAR counts each of its words */
    bool starved;   /* a warning could not be kept: memory is out, and parsing fails */
    query_options options; /* it was read with; tz is the caller's */
    query_moving moving;   /* of its dates the one that moves most */
} query;

/** An empty query in mem; NULL when out of memory. */
query *query_new(void *mem);

/** A node of q over [at, end); NULL when out of memory. */
query_node *query_node_new(query *q, query_kind kind, size_t at, size_t end);

/** Add a warning at a byte position; beyond QUERY_WARNINGS_MAX it is dropped. */
void query_warn(query *q, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** As query_warn, but when the list is full it takes the place of the last one. message is
 * borrowed for good. */
void query_warn_last(query *q, size_t at, const char *message);

/**
 * Join n >= 1 nodes by kind (Q_AND or Q_OR): the node itself when it is alone, children of
 * that kind taken up into the list. NULL when out of memory.
 */
query_node *query_node_list(query *q, query_kind kind, query_node *const *nodes, size_t n);

/** s for a message: at most 40 bytes of it. */
weft_str query_shown(weft_str s);

/**
 * Append the query as it was understood: every AND and OR in brackets, ranges as half-open
 * dates and closed numbers, "()" when nothing is left. For explain and for tests.
 *
 * Errors:  WEFT_ENOMEM, WEFT_ELIMIT when out passes its cap.
 */
weft_code query_print(void *mem, const query *q, weft_buf *out,
                      weft_error *err) weft_must_check;

#endif

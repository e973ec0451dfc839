/* lex.h - a query cut into tokens.
 *
 * White space, brackets and quotes part tokens; words of punctuation only are left out.
 * Operators are told from words here (AND OR NOT NEAR/n in capitals, '-' before an
 * operand), fields by looking their name up.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_QUERY_LEX_H
#define WEFT_QUERY_LEX_H

#include "ast.h"

typedef enum query_token_kind {
    T_WORD,   /* text: the run as typed, or without its stars */
    T_PREFIX, /* text: what stands before the star */
    T_EXACT,  /* text: what stands after = */
    T_SPELL,  /* text: what stands after ~ */
    T_PHRASE, /* text: what stands between the quotes */
    T_FIELD,  /* text: the name; a T_VALUE, T_PHRASE or T_OPEN follows at once */
    T_VALUE,  /* text: as typed */
    T_OPEN,
    T_CLOSE,
    T_AND,
    T_OR,
    T_NOT, /* text: "NOT" or "-" */
    T_NEAR /* text as typed, distance */
} query_token_kind;

typedef struct query_token {
    query_token_kind kind;
    size_t at, end; /* [at, end) bytes of the query, quotes and marks included */
    weft_str text;
    weft_str raw;            /* the bytes [at, end) */
    const weft_field *field; /* T_FIELD: NULL when the name is a join only */
    query_join join;         /* T_FIELD: Q_JOIN_NONE when the name is a field only */
    unsigned distance;       /* T_NEAR */
} query_token;

/**
 * Cut text into tokens. Never fails on what it reads; oddities become warnings of q.
 *
 * Owner:   *out is in q; views are into text, which must outlive q.
 * Limits:  text has at most WEFT_QUERY_MAX bytes.
 * Errors:  WEFT_ENOMEM.
 */
weft_code query_lex(query *q, weft_str text, query_token **out, size_t *count,
                    weft_error *err) weft_must_check;

#endif

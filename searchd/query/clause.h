/* clause.h - one word, phrase or field value of a query as a leaf of its tree. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_QUERY_CLAUSE_H
#define WEFT_QUERY_CLAUSE_H

#include "ast.h"
#include "lex.h"

/** How bare words are meant where they stand: in author:(ann OR bob) both are values of
 * author:. */
typedef struct query_target {
    const weft_field *field; /* NULL outside */
    query_join join;         /* one that takes a name, or Q_JOIN_NONE */
    size_t at;               /* of the field's name when the value stands right after it */
    bool adjacent;           /* at is meaningful */
} query_target;

/**
 * A leaf from a T_WORD, T_PREFIX, T_EXACT, T_SPELL, T_PHRASE or T_VALUE token, counted in
 * q->clauses.
 *
 * Owner:   *out is in q; NULL when there is nothing to search for in it (a warning says
 *          so).
 * Limits:  WEFT_CLAUSES_MAX leaves, WEFT_PHRASE_MAX words of a phrase, WEFT_PREFIX_MIN
 *          letters of a prefix.
 * Errors:  WEFT_ELIMIT; WEFT_ESYNTAX for a short prefix and for a reversed range;
 *          WEFT_ENOMEM.
 */
weft_code query_clause(query *q, const query_token *token, const query_target *target,
                       query_node **out, weft_error *err) weft_must_check;

#endif

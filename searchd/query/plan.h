/* plan.h - a query's tree as something the index can answer.
 *
 * The meaning is doc/query-language.md's: a bare word matches strongly in a document's own
 * words, weakly in its headline or its parent; everything else is neutral. A document that
 * matches only weakly is no hit of the first tier.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_PLAN_H
#define SEARCHD_PLAN_H

#include "weft/query.h"
#include "weft/snippet.h"
#include "ast.h"
#include "../view.h"

/** A word that a query asks for, in the order it was typed. */
typedef struct plan_word_info {
    weft_str *forms; /* its stems */
    size_t form_count;
    weft_str folded;
    bool scored; /* false for a stop word left out: it counts beside its neighbours only */
} plan_word_info;

typedef struct plan {
    weft_builder *builder;
    weft_q hits; /* the first tier */
    weft_q
        relaxed; /* any of the bare words, first tier left out; WEFT_Q_NOTHING when the query has no words */
    weft_q near;        /* what is not of words in the query stands, but no bare word does;
                              WEFT_Q_NOTHING when the query has no words. Only usable beside
                              a node that bounds it */
    bool partial;       /* the deadline passed while a join was answered */
    bool is_empty;      /* nothing in the query can be searched for */
    weft_wanted wanted; /* what snippets mark */
    plan_word_info *words; /* bare words and words of phrases */
    size_t word_count;
} plan;

typedef struct plan_options {
    weft_type type; /* with has_type: only documents of it */
    bool has_type;
    int64_t deadline_ms; /* of the matches a join needs; CLOCK_MONOTONIC, 0 for none */
} plan_options;

/**
 * Plan a query for the revision the view stands at. Warnings about what cannot be answered
 * are added to q.
 *
 * Owner:   *out is in mem and dies with it.
 * Errors:  WEFT_ELIMIT over WEFT_CLAUSES_MAX words after cutting, of the index,
 *          WEFT_ENOMEM.
 */
weft_code plan_make(void *mem, index_view *view, query *q, const plan_options *options,
                    plan **out, weft_error *err) weft_must_check;

#endif

/* context.h - a hit as it stands in its conversation, as JSON: headline, ancestors,
 * replies, quotes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CONTEXT_H
#define SEARCHD_CONTEXT_H

#include <jansson.h>

#include "weft/query.h"
#include "weft/snippet.h"
#include "view.h"

typedef enum context_amount {
    CONTEXT_FULL = 0,
    CONTEXT_LINE = 1,
    CONTEXT_NONE = 2
} context_amount;

/** What the hits of one reply are written with. */
typedef struct context {
    index_view *view;
    void *mem; /* of the request */
    const weft_wanted *wanted;
    context_amount amount;
    size_t snippet_bytes;
    bool explain; /* each hit says what its score is made of */
    size_t
        left_bytes; /* of WEFT_REPLY_MAX, for ancestors, replies and quotes of all hits */
    const char *
        article_id; /* the headline written last, and its document: hits of a thread share it */
    weft_stored *article;
} context;

/** A hit of a match. */
typedef struct context_hit {
    uint32_t docid;
    double score;
    bool relaxed;
    const weft_match_result *of; /* the match it comes from, for the count of its thread */
} context_hit;

/**
 * Write a hit.
 *
 * Owner:   *out is a new reference.
 * Limits:  WEFT_ANCESTORS_MAX ancestors, WEFT_REPLIES_SHOWN replies, WEFT_REPLIES_MAX quotes;
 *          past left_bytes they are left out, and ancestors counted.
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code context_write(context *c, const context_hit *hit, json_t **out,
                        weft_error *err) weft_must_check;

/** Keys that a document shows of itself wherever it stands: ref, author, date. Errors:
 * WEFT_ENOMEM. */
weft_code context_add_heading(void *mem, json_t *to, const weft_record *r,
                              weft_error *err) weft_must_check;

/** Bytes of a text inside a JSON string, escapes included. */
size_t context_json_bytes(weft_str text);

/** Set a key to a string unless it is NULL. Errors: WEFT_ENOMEM. */
weft_code context_set_text(json_t *to, const char *key, const char *text,
                           weft_error *err) weft_must_check;

/** Set a key to a new reference, which is taken. Errors: WEFT_ENOMEM when value is NULL. */
weft_code context_set(json_t *to, const char *key, json_t *value,
                      weft_error *err) weft_must_check;

#endif

/* complete.h - the terms of the index that go on from what was typed. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_COMPLETE_H
#define SEARCHD_COMPLETE_H

#include "../view.h"

typedef struct completion {
    weft_str text; /* the term without its prefix */
    uint32_t frequency;
    bool is_near; /* it begins with something one edit away from what was typed */
} completion;

typedef struct completion_list {
    completion *rows;
    size_t count;
    bool partial; /* not all that begin so were looked at */
} completion_list;

typedef struct complete_options {
    const char *prefix; /* of the terms */
    weft_str typed;     /* folded */
    size_t limit;
    int64_t deadline_ms; /* of clock_ms(), 0 for none */
    bool words; /* the terms are words: none that was cut, no stop word of the language
                            of the index */
} complete_options;

/**
 * The most frequent terms that begin with what was typed; those of one frequency by bytes.
 *
 * Owner:   *out is in mem.
 * Limits:  of the first WEFT_COMPLETE_TERMS in byte order.
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code complete_terms(index_view *v, void *mem, const complete_options *options,
                         completion_list *out, weft_error *err) weft_must_check;

/**
 * The same of terms that begin with something one edit (edits.h) away, the first letter being
 * right; none that begin as it was typed.
 *
 * Limits:  as complete_terms; none for what has over EDITS_LETTERS_MAX letters.
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code complete_near(index_view *v, void *mem, const complete_options *options,
                        completion_list *out, weft_error *err) weft_must_check;

#endif

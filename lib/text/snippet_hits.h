/* snippet_hits.h - where a text has the wanted words; private to the snippet. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_TEXT_SNIPPET_HITS_H
#define WEFT_TEXT_SNIPPET_HITS_H

#include "weft/snippet.h"

/** A token that is wanted. item numbers the stems, then the words, then the phrases of what
 * is wanted. */
typedef struct hit {
    uint32_t start, end, item;
    bool is_cjk;
} hit;

typedef struct hits {
    hit *p; /* by start, then end, then item */
    size_t n, size;
    size_t item_count;
} hits;

typedef struct hits_search {
    weft_tokenizer *tokenizer;
    weft_stemmer *stemmer;
    int language;
    weft_str text;
    const uint32_t *breaks; /* ascending: no phrase goes on across one */
    size_t break_count;
    const weft_wanted *wanted;
} hits_search;

/**
 * Every token of a text that is wanted, in order.
 *
 * Owner:   out->p is in mem.
 * Limits:  the search ends after 100,000 hits.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code hits_find(void *mem, const hits_search *search, hits *out,
                    weft_error *err) weft_must_check;

#endif

/* weft/snippet.h - the best window of a text for a query, with exact marks. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_SNIPPET_H
#define WEFT_SNIPPET_H

#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"
#include "weft/text.h"

#ifdef __cplusplus
extern "C" {
#endif

/** [start, end) in bytes. */
typedef struct weft_span {
    uint32_t start, end;
} weft_span;

/** What to mark: folded words whose stem is in stems, folded words in words, runs of folded
 * words in phrases. */
typedef struct weft_wanted {
    weft_str *stems;
    size_t stem_count;
    weft_str *words; /* exact folded words (and prefixes end in '*') */
    size_t word_count;
    struct weft_wanted_phrase {
        weft_str *words;
        size_t count;
    } * phrases;
    size_t phrase_count;
} weft_wanted;

typedef struct weft_snippet {
    weft_str text; /* in mem; one line: white space runs are one space; an ellipsis shows a
                      cut */
    weft_span *marks; /* in bytes of text, ordered, not overlapping */
    size_t mark_count;
} weft_snippet;

/**
 * Choose the window of at most limit bytes that holds most of the wanted words, most
 * different ones first, earliest on a tie; without any the beginning. Spans in skip (quoted
 * words) are left out.
 *
 * Owner:   *out and what it points to is in mem.
 * Limits:  limit_bytes of UTF-8, at most WEFT_SNIPPET_MAX; never splits a grapheme
 *          cluster; a single marked word longer than the limit is cut at a grapheme.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 * Source:  grapheme clusters by ICU (UAX #29).
 */
weft_code weft_snippet_make(void *mem, weft_tokenizer *tokenizer, weft_stemmer *stemmer,
                            int language, weft_str text, const weft_span *skip,
                            size_t skip_count, const weft_wanted *wanted,
                            size_t limit_bytes, weft_snippet *out,
                            weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

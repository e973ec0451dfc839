/* weft/quote.h - whose words a comment repeats.
 *
 * Quoted words count for who said them, not for who repeated them: they are kept apart from
 * a comment's own words and tied to the comment they come from.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_QUOTE_H
#define WEFT_QUOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"
#include "weft/text.h"
#include "weft/thread.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One quoted span of a body's readable text. Offsets are bytes; outer includes the marker ("Quote: NAME",
 * "> ", tags). */
typedef struct weft_quote {
    uint32_t outer_start, outer_end; /* [start, end): not the comment's own words */
    uint32_t start, end;             /* [start, end) inside outer: the words repeated */
    weft_str who; /* name in the marker, a view into the body; empty when none is given */
    bool
        silent; /* no marker: found because the words stand in an ancestor or the article */
    uint32_t
        node; /* comment quoted, index in the thread's nodes; WEFT_NO_NODE when unknown */
    bool from_article; /* the words are the article's */
} weft_quote;

/**
 * The quotes a body marks: "Quote: NAME" lines with the paragraph under them, "> " lines,
 * [quote=NAME]...[/quote] (nested ones belong to the outermost). body is readable text
 * (weft_record_text). A marker that is never closed, an inline ">" and a quote mark inside a word are
 * the writer's own text.
 *
 * Owner:   *out is in mem, ordered, not overlapping; who is a view into body.
 * Limits:  WEFT_QUOTES_MAX quotes, WEFT_QUOTE_NESTING_MAX deep, the rest is own text;
 *          linear time.
 * Errors:  WEFT_ENOMEM.
 */
weft_code weft_quote_scan(void *mem, weft_str body, weft_quote **out, size_t *count,
                          weft_error *err) weft_must_check;

/**
 * The quotes of node `of` of a thread: those its body marks and those it makes in silence,
 * each with its source.
 *
 * A marked quote's source is the nearest ancestor (then any earlier comment) whose author
 * is `who` and whose words hold it, else the nearest by that author, else by the words
 * alone. A paragraph of at least 6 words, 5 of them different, of which four fifths stand,
 * in runs of 4 words or more, in one ancestor's own words or in the article's title or body
 * is a silent quote. The cost is that of the comment, its ancestors and the article each
 * time: for more than one comment of a thread use a finder.
 *
 * Owner:   as weft_quote_scan.
 * Limits:  the 16 nearest ancestors; texts over 64 KiB are not searched.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code weft_quote_find(void *mem, weft_tokenizer *tokenizer, const weft_thread *thread,
                          uint32_t of, weft_quote **out, size_t *count,
                          weft_error *err) weft_must_check;

/** What weft_quote_find learns of a thread, kept for its other comments. */
typedef struct weft_quote_finder weft_quote_finder;

/**
 * A finder for all comments of a thread: each text is cut into words once, so a whole
 * thread costs what its texts do.
 *
 * Owner:   *out is in mem; tokenizer and thread are borrowed and must outlive it.
 * Errors:  WEFT_ENOMEM.
 */
weft_code weft_quote_finder_new(void *mem, weft_tokenizer *tokenizer,
                                const weft_thread *thread, weft_quote_finder **out,
                                weft_error *err) weft_must_check;

/**
 * As weft_quote_find, with what the finder knows.
 *
 * Owner:   as weft_quote_scan.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code weft_quote_finder_find(weft_quote_finder *finder, void *mem, uint32_t of,
                                 weft_quote **out, size_t *count,
                                 weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

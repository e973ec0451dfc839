/* weft/body.h - a body as a person reads it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BODY_H
#define WEFT_BODY_H

#include "weft/error.h"
#include "weft/record.h"
#include "weft/str.h"
#include "weft/thread.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The readable text of a body (doc/record.md, "Bodies"): HTML without its tags, with lines,
 * paragraphs, code, lists, links and quotes ("> " lines, "Quote: NAME" before those of
 * Discourse); Markdown without the marks that only style it. A body of format text is its own
 * text. The result depends on the body alone.
 *
 * Owner:   *out is terminated and in mem, or it is body itself when nothing had to be changed.
 * Limits:  linear time, whatever the body is; WEFT_TEXT_MAX bytes of text, what would follow
 *          is left out; quotes deeper than WEFT_QUOTE_NESTING_MAX are written as that deep.
 * Errors:  WEFT_ENOMEM.
 */
weft_code weft_body_text(void *mem, weft_str body, weft_format format, weft_str *out,
                         weft_error *err) weft_must_check;

/**
 * The same thread with the readable text in every record: those that need one are copies, and
 * none is kept that a record had before.
 *
 * Owner:   *out is in mem, or it is thread itself when no record is copied; it borrows what
 *          thread does.
 * Errors:  WEFT_ENOMEM.
 */
weft_code weft_body_thread(void *mem, const weft_thread *thread, const weft_thread **out,
                           weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

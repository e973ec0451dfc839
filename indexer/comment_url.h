/* comment_url.h - the URL of a comment made from those of its article and the ids
 * (--comment-url). */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef COMMENT_URL_H
#define COMMENT_URL_H

#include "weft/error.h"
#include "weft/record.h"

/** The articles of one input, by id, with their URLs. */
typedef struct comment_urls comment_urls;

/** Whether a template names only {url}, {id} and {article}. Errors: WEFT_EUSAGE. */
weft_code comment_url_check(const char *pattern, weft_error *err) weft_must_check;

/** Owner: *out is in mem; pattern and id_prefix (or NULL) are borrowed. Errors: WEFT_ENOMEM. */
weft_code comment_urls_new(void *mem, const char *pattern, const char *id_prefix,
                           comment_urls **out, weft_error *err) weft_must_check;

/**
 * Keep the URL of an article; make that of a comment without one, in mem. It stays without
 * when {url} is asked for and the article did not come before it.
 *
 * Limits:  WEFT_COMMENT_URLS_MAX articles are kept; a URL over WEFT_URL_MAX is not made.
 * Errors:  WEFT_ENOMEM.
 */
weft_code comment_url_fill(comment_urls *c, void *mem, weft_record *r,
                           weft_error *err) weft_must_check;

#endif

/* urls.h - whether two addresses are of one page; ids made from what is too long for one. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_URLS_H
#define FORMATS_URLS_H

#include "weft/error.h"
#include "weft/str.h"

/** An address as pages are compared by it. */
typedef struct fmt_url {
    const char *whole; /* host, path and query: "site.example/2013/05/talks?p=3" */
    const char *path;  /* the part of whole behind the host; "" is the front page */
} fmt_url;

/**
 * Fold what does not tell pages apart: the scheme, case and "www." and usual port of the host,
 * a slash or an index file at the end, doubled slashes, the fragment, how letters are escaped,
 * and parameters that only say where a reader came from (utm_..., fbclid and such).
 *
 * Owner:   *out is in mem; an address without a host has path == whole.
 * Errors:  WEFT_ENOMEM.
 */
weft_code fmt_url_fold(void *mem, const char *url, fmt_url *out,
                       weft_error *err) weft_must_check;

/**
 * text as an id: itself when it is no longer than WEFT_ID_MAX, else its start and a hash.
 *
 * Owner:   *out is in mem, or text.
 * Errors:  WEFT_ENOMEM.
 */
weft_code fmt_fit_id(void *mem, const char *text, const char **out,
                     weft_error *err) weft_must_check;

#endif

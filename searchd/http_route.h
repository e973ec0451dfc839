/* http_route.h - from an HTTP request to the request line of a command: paths, parameters. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_HTTP_ROUTE_H
#define SEARCHD_HTTP_ROUTE_H

#include "weft/error.h"
#include "weft/str.h"
#include "http_head.h"

/** The paths that http.c answers itself. */
#define HTTP_HEALTH "/healthz"
#define HTTP_METRICS "/metrics"

/** What answers a path. */
typedef struct http_route {
    const char *path;    /* whole; or, ending in '/', what stands before a REF */
    const char *command; /* of the table of commands; NULL for what http.c answers itself */
    bool takes_post;
    bool is_page; /* HTML, not JSON */
} http_route;

/** Take a target apart: what answers it; NULL when nothing does. *rest is what follows the path
 * of a route that ends in '/', still encoded; *query what follows '?', without it. */
const http_route *http_route_find(weft_str target, weft_str *rest, weft_str *query);

/**
 * The request line of a command in its JSON form, as lines would have it.
 *
 * Its keys come from rest (the key `ref`), from the query, and from the body of a POST: JSON,
 * or a form when the type says so. A number is a number where the command wants one.
 *
 * Owner:   *line is in mem.
 * Limits:  WEFT_REQUEST_MAX bytes.
 * Errors:  WEFT_EUSAGE for a parameter given twice, a bad escape, bytes that are no UTF-8, a
 *          body that is no JSON object; WEFT_ELIMIT, WEFT_ENOMEM.
 */
weft_code http_route_line(void *mem, const http_route *route, const http_head *head,
                          weft_str rest, weft_str query, weft_str body, weft_str *line,
                          weft_error *err) weft_must_check;

#endif

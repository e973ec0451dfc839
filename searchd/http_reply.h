/* http_reply.h - an HTTP/1.1 reply: its head, and what stands in it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_HTTP_REPLY_H
#define SEARCHD_HTTP_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/error.h"
#include "weft/str.h"

struct evbuffer;

/** Bytes of an entity tag with its quotes and NUL. */
enum { HTTP_TAG_BYTES = 24 };

typedef struct http_reply {
    int status;
    const char *content_type; /* NULL for a reply without a body */
    const char *tag;          /* ETag, or NULL: nothing of it is to be kept then */
    const char *allow;        /* methods, of a 405 and of OPTIONS; or NULL */
    const char *origin;       /* may read it (CORS); or NULL */
    const char *policy;       /* Content-Security-Policy of a page, or NULL */
    int64_t retry_ms;         /* when to try again, or 0 */
    bool is_preflight; /* answers what a browser asks before a request of another origin */
    bool is_head;      /* the body stays away, its length is told */
    bool closes;
    bool is_old; /* the request was HTTP/1.0 */
} http_reply;

/** Append a reply to out, body and all; body is used up. */
void http_reply_put(const http_reply *r, struct evbuffer *body, struct evbuffer *out);

/** The status a line of JSON stands for: 200, or that of its error. *retry_ms is what it says, or
 * 0. */
int http_reply_status(weft_str line, int64_t *retry_ms);

/** A weak tag of a line of JSON: of all but the time it took. */
void http_reply_tag(weft_str line, char tag[HTTP_TAG_BYTES]);

/** Whether an If-None-Match names the tag. */
bool http_tag_matches(weft_str if_none_match, const char *tag);

#endif

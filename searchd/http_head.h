/* http_head.h - the head of an HTTP/1.1 request: where it ends, and what it says. Strict: what
 * two readers could understand differently is refused. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_HTTP_HEAD_H
#define SEARCHD_HTTP_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/str.h"

typedef enum http_method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_OPTIONS
} http_method;

/** A request's head. Texts are views into the bytes it was read from, empty when absent. */
typedef struct http_head {
    http_method method;
    int minor;       /* of HTTP/1.minor: 0 or 1 */
    weft_str target; /* origin form: begins with '/'; "*" of OPTIONS only */
    bool keeps_alive;
    bool is_chunked, expects_continue, has_length;
    uint64_t length; /* of the body, when has_length */
    weft_str content_type, if_none_match, origin, authorization, request_method;
} http_head;

/** How far the bytes of a head have come. Zero-initialised at the start of each. */
typedef struct http_scan {
    size_t at;         /* bytes looked at */
    size_t line_start; /* of the line at work */
    size_t line_bytes; /* of the request line; 0 while it has not ended */
} http_scan;

enum { HTTP_OK = 200 };

/**
 * Look for the end of a head in the bytes that have come so far, which begin with the request
 * line. *head_bytes is set when it has been found: its length with the empty line.
 *
 * Limits:  WEFT_HTTP_LINE_MAX, WEFT_HTTP_HEAD_MAX. Linear in all over the calls.
 * Returns: HTTP_OK, also while more is to come; else the status to refuse with: 400 for a line
 *          that ends without CR, 414, 431.
 */
int http_head_scan(weft_str bytes, http_scan *scan, size_t *head_bytes);

/**
 * Read a whole head, its empty line included.
 *
 * Returns: HTTP_OK, or the status to refuse with: 400, 413 (over WEFT_HTTP_BODY_MAX), 414, 417,
 *          431, 501, 505; *why says what is wrong.
 * Source:  RFC 9112; stricter: no folded lines, one Content-Length, no list of codings.
 */
int http_head_read(weft_str bytes, http_head *out, const char **why);

/** Whether a line, without its CR LF, may stand behind a chunked body: a header field that says
 * nothing about where messages end. */
bool http_is_trailer(weft_str line);

/** Bytes of the token at the start of s; 0 for none. */
size_t http_token_bytes(weft_str s);

/** The value of a hexadecimal digit; -1 when c is none. */
int http_hex_digit(char c);

#endif

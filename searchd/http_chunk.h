/* http_chunk.h - a body in the chunked coding, as it comes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_HTTP_CHUNK_H
#define SEARCHD_HTTP_CHUNK_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/str.h"

/** Where a chunked body stands. Zero-initialised at its start. */
typedef struct http_chunks {
    enum { CHUNK_SIZE, CHUNK_DATA, CHUNK_DATA_END, CHUNK_TRAILER } state;
    size_t left; /* bytes of the chunk still to come */
    size_t trailer_bytes;
    bool is_whole;
} http_chunks;

/**
 * Take what is whole of the bytes that have come: data goes to body, the rest is dropped;
 * trailers too. *taken is how many bytes were used up; is_whole is set at the body's end.
 *
 * Limits:  WEFT_HTTP_BODY_MAX for the body, CHUNK_LINE_MAX for a chunk's size line,
 *          CHUNK_TRAILER_MAX for all trailers.
 * Returns: 200, also while more is to come; else the status to refuse with: 400, 413, 431.
 * Source:  RFC 9112, 7.1; stricter: a size of up to 8 digits, no space around it, extensions
 *          without quotes.
 */
int http_chunks_take(http_chunks *c, weft_str bytes, weft_buf *body, size_t *taken);

enum { CHUNK_LINE_MAX = 256, CHUNK_TRAILER_MAX = 4096 };

#endif

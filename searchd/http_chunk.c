/* http_chunk.c - a body in the chunked coding. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http_chunk.h"

#include <string.h>

#include "weft/limits.h"
#include "http_head.h"
#include "banned.h"

enum { SIZE_DIGITS_MAX = 8 };

/* The first line of s without its CR LF. *n is its length with them, 0 while it has not come.
 * Returns as http_chunks_take. */
static int take_line(weft_str s, size_t max, weft_str *line, size_t *n)
{
    const char *lf = memchr(s.p, '\n', s.n < max ? s.n : max);
    *n = 0;
    if (lf == NULL)
        return s.n >= max ? 400 : HTTP_OK;
    *n = (size_t)(lf - s.p) + 1;
    if (*n < 2 || s.p[*n - 2] != '\r')
        return 400;
    *line = weft_str_of(s.p, *n - 2);
    bool is_odd =
        memchr(line->p, '\r', line->n) != NULL || memchr(line->p, '\0', line->n) != NULL;
    return is_odd ? 400 : HTTP_OK;
}

/* Whether s is a list of extensions: ;NAME or ;NAME=VALUE, both tokens. They are dropped. */
static bool are_extensions(weft_str s)
{
    while (s.n > 0) {
        size_t name = s.p[0] == ';' ? http_token_bytes(weft_str_of(s.p + 1, s.n - 1)) : 0;
        if (name == 0)
            return false;
        s = weft_str_of(s.p + name + 1, s.n - name - 1);
        if (s.n == 0 || s.p[0] != '=')
            continue;
        size_t value = http_token_bytes(weft_str_of(s.p + 1, s.n - 1));
        if (value == 0)
            return false;
        s = weft_str_of(s.p + value + 1, s.n - value - 1);
    }
    return true;
}

static int take_size(http_chunks *c, weft_str line, size_t body_bytes)
{
    size_t size = 0, i = 0;
    for (; i < line.n && i < SIZE_DIGITS_MAX && http_hex_digit(line.p[i]) >= 0; i++)
        size = size * 16 + (size_t)http_hex_digit(line.p[i]);
    if (i == 0 || !are_extensions(weft_str_of(line.p + i, line.n - i)))
        return 400;
    if (size > WEFT_HTTP_BODY_MAX - body_bytes)
        return 413;
    c->left = size;
    c->state = size > 0 ? CHUNK_DATA : CHUNK_TRAILER;
    return HTTP_OK;
}

static int take_trailer(http_chunks *c, weft_str line)
{
    c->is_whole = line.n == 0;
    c->trailer_bytes += line.n + 2;
    if (!c->is_whole && !http_is_trailer(line))
        return 400;
    return c->trailer_bytes > CHUNK_TRAILER_MAX ? 431 : HTTP_OK;
}

static int take_data_end(http_chunks *c, weft_str rest, size_t *n)
{
    if (rest.n < 2)
        return HTTP_OK;
    *n = 2;
    c->state = CHUNK_SIZE;
    return memcmp(rest.p, "\r\n", 2) == 0 ? HTTP_OK : 400;
}

/* One step; *n is 0 when more bytes are wanted. */
static int step(http_chunks *c, weft_str rest, weft_buf *body, size_t *n)
{
    weft_str line = {0};
    *n = 0;
    if (c->state == CHUNK_DATA) {
        *n = rest.n < c->left ? rest.n : c->left;
        weft_buf_add(body, weft_str_of(rest.p, *n));
        c->left -= *n;
        c->state = c->left == 0 ? CHUNK_DATA_END : CHUNK_DATA;
        return HTTP_OK;
    }
    if (c->state == CHUNK_DATA_END)
        return take_data_end(c, rest, n);
    size_t max = c->state == CHUNK_SIZE ? CHUNK_LINE_MAX : CHUNK_TRAILER_MAX;
    int status = take_line(rest, max, &line, n);
    if (status != HTTP_OK || *n == 0)
        return status;
    return c->state == CHUNK_SIZE ? take_size(c, line, body->n) : take_trailer(c, line);
}

int http_chunks_take(http_chunks *c, weft_str bytes, weft_buf *body, size_t *taken)
{
    *taken = 0;
    while (*taken < bytes.n && !c->is_whole) {
        size_t n;
        weft_str rest = weft_str_of(bytes.p + *taken, bytes.n - *taken);
        int status = step(c, rest, body, &n);
        if (status != HTTP_OK)
            return status;
        if (n == 0)
            break;
        *taken += n;
    }
    return HTTP_OK;
}

/* weft/str.h - borrowed views of bytes, the one growable buffer, numbers as bytes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_STR_H
#define WEFT_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "weft/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A borrowed view: n bytes at p, not terminated. An empty view may have p == NULL. */
typedef struct weft_str {
    const char *p;
    size_t n;
} weft_str;

/** printf("%" WEFT_STR_FMT, WEFT_STR_ARG(s)) */
#define WEFT_STR_FMT ".*s"
#define WEFT_STR_ARG(s) (int)(s).n, (s).p == NULL ? "" : (s).p

static inline weft_str weft_str_from(const char *text)
{
    weft_str s = {text, text == NULL ? 0 : strlen(text)};
    return s;
}

static inline weft_str weft_str_of(const char *p, size_t n)
{
    weft_str s = {p, n};
    return s;
}

static inline bool weft_str_eq(weft_str a, weft_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/** Whether s is the terminated text. */
static inline bool weft_str_is(weft_str s, const char *text)
{
    return weft_str_eq(s, weft_str_from(text));
}

/** Whether s starts with the terminated text. */
static inline bool weft_str_starts(weft_str s, const char *text)
{
    size_t n = strlen(text);
    return s.n >= n && memcmp(s.p, text, n) == 0;
}

/** Byte order; a prefix comes first. <0, 0, >0. */
int weft_str_cmp(weft_str a, weft_str b);

/** Put a list in byte order, each string once; the number of those left. */
size_t weft_str_sort_distinct(weft_str *list, size_t count);

/** s without leading and trailing ASCII white space (space, tab, CR, LF, VT, FF). */
weft_str weft_str_trim(weft_str s);

/** Next line of *rest (without its LF or CRLF) into *line; false when *rest is used up.
 * Moves *rest. */
bool weft_str_next_line(weft_str *rest, weft_str *line);

/** A terminated copy of s in mem; NULL only when out of memory. */
char *weft_str_dup(void *mem, weft_str s);

/** 64-bit XXH3 of s (library xxhash): for term streams, fingerprints and tables, not for
 * secrets. */
uint64_t weft_str_hash(weft_str s);

/**
 * Bytes to valid UTF-8: each bad sequence becomes U+FFFD, C0 controls except tab, LF and CR
 * become a space.
 *
 * Owner:   *out is in mem, or is s itself when nothing had to be changed.
 * Errors:  WEFT_ENOMEM.
 * Source:  maximal subparts as in Unicode 15, section 3.9, "U+FFFD Substitution of Maximal
 * Subparts".
 */
weft_code weft_utf8_repair(void *mem, weft_str s, weft_str *out, size_t *repaired,
                           weft_error *err) weft_must_check;

/** Length of the longest prefix of s of at most limit bytes that does not split a UTF-8
 * character. s is valid. */
size_t weft_utf8_cut(weft_str s, size_t limit_bytes);

/**
 * Decimal digits only, no sign, no space, the whole of s.
 *
 * Errors:  WEFT_ESYNTAX for anything else, WEFT_ELIMIT over max.
 */
weft_code weft_parse_u64(weft_str s, uint64_t max, uint64_t *out,
                         weft_error *err) weft_must_check;

/**
 * As weft_parse_u64, with an optional sign.
 *
 * Errors:  WEFT_ESYNTAX, WEFT_ELIMIT outside int64_t.
 */
weft_code weft_parse_i64(weft_str s, int64_t *out, weft_error *err) weft_must_check;

/**
 * The growable buffer: lives in a talloc context, is always terminated, never passes its
 * cap. A failed append sticks and is asked once, before use; later appends do nothing.
 */
typedef struct weft_buf {
    char *p; /* terminated; "" while empty */
    size_t n;
    size_t size;
    size_t cap_bytes;
    void *mem;
    weft_code failed; /* WEFT_OK, WEFT_ELIMIT or WEFT_ENOMEM */
} weft_buf;

void weft_buf_init(weft_buf *b, void *mem, size_t cap_bytes);
void weft_buf_add(weft_buf *b, weft_str s);
void weft_buf_add_text(weft_buf *b, const char *text);
void weft_buf_add_char(weft_buf *b, char c);
void weft_buf_addf(weft_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/** Empty it, keep the memory, forget a failure. */
void weft_buf_clear(weft_buf *b);
weft_str weft_buf_str(const weft_buf *b);

/**
 * Whether every append so far held.
 *
 * Errors:  WEFT_ELIMIT (what names the thing in the text), WEFT_ENOMEM.
 */
weft_code weft_buf_check(const weft_buf *b, const char *what,
                         weft_error *err) weft_must_check;

/** 8 bytes whose order is that of the numbers. */
void weft_sortable(int64_t value, char out[8]);

/** The number in such bytes; false when there are more or fewer than 8. */
bool weft_sortable_read(weft_str bytes, int64_t *out);

#ifdef __cplusplus
}
#endif
#endif

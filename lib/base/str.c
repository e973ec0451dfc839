/* str.c - views, the growable buffer, numbers. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "weft/mem.h"
#include "banned.h"

enum { BUF_FIRST_BYTES = 64 };

int weft_str_cmp(weft_str a, weft_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    if (order != 0)
        return order;
    return a.n < b.n ? -1 : a.n > b.n;
}

static int by_bytes(const void *a, const void *b)
{
    return weft_str_cmp(*(const weft_str *)a, *(const weft_str *)b);
}

size_t weft_str_sort_distinct(weft_str *list, size_t count)
{
    size_t kept = 0;
    if (count > 0)
        qsort(list, count, sizeof *list, by_bytes);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !weft_str_eq(list[kept - 1], list[i]))
            list[kept++] = list[i];
    return kept;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

weft_str weft_str_trim(weft_str s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool weft_str_next_line(weft_str *rest, weft_str *line)
{
    if (rest->n == 0)
        return false;
    const char *end = memchr(rest->p, '\n', rest->n);
    size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
    size_t used = end == NULL ? n : n + 1;
    *line = weft_str_of(rest->p, n > 0 && rest->p[n - 1] == '\r' ? n - 1 : n);
    rest->p += used;
    rest->n -= used;
    return true;
}

char *weft_str_dup(void *mem, weft_str s)
{
    char *copy = talloc_size(mem, s.n + 1);
    if (copy == NULL)
        return NULL;
    if (s.n > 0)
        memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    return copy;
}

uint64_t weft_str_hash(weft_str s)
{
    return XXH3_64bits(s.n == 0 ? "" : s.p, s.n);
}

weft_code weft_parse_u64(weft_str s, uint64_t max, uint64_t *out, weft_error *err)
{
    uint64_t value = 0;
    if (s.n == 0)
        return weft_fail(err, WEFT_ESYNTAX, "a number is missing");
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return weft_fail(err, WEFT_ESYNTAX, "'%" WEFT_STR_FMT "' is not a number",
                             WEFT_STR_ARG(s));
    for (size_t i = 0; i < s.n; i++) {
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, digit, &value) || value > max)
            return weft_fail(err, WEFT_ELIMIT, "%" WEFT_STR_FMT " is over %llu",
                             WEFT_STR_ARG(s), (unsigned long long)max);
    }
    *out = value;
    return WEFT_OK;
}

weft_code weft_parse_i64(weft_str s, int64_t *out, weft_error *err)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    weft_str digits = s;
    if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
        digits.p++;
        digits.n--;
    }
    uint64_t value = 0;
    weft_code code =
        weft_parse_u64(digits, (uint64_t)INT64_MAX + (negative ? 1 : 0), &value, err);
    if (code != WEFT_OK)
        return code;
    *out = (int64_t)(negative ? 0 - value : value); /* INT64_MIN has no opposite */
    return WEFT_OK;
}

static char empty_text[1] = "";

void weft_buf_init(weft_buf *b, void *mem, size_t cap_bytes)
{
    *b = (weft_buf){.p = empty_text, .mem = mem, .cap_bytes = cap_bytes};
}

/* Room for extra more bytes and the terminator; false when that fails, which sticks. */
static bool buf_reserve(weft_buf *b, size_t extra)
{
    if (b->failed != WEFT_OK)
        return false;
    if (extra > b->cap_bytes || b->n > b->cap_bytes - extra) {
        b->failed = WEFT_ELIMIT;
        return false;
    }
    size_t need = b->n + extra + 1;
    if (need <= b->size)
        return true;
    size_t size = b->size == 0 ? BUF_FIRST_BYTES : b->size * 2;
    if (size < need)
        size = need;
    char *grown = talloc_realloc_size(b->mem, b->size == 0 ? NULL : b->p, size);
    if (grown == NULL) {
        b->failed = WEFT_ENOMEM;
        return false;
    }
    b->p = grown;
    b->size = size;
    return true;
}

void weft_buf_add(weft_buf *b, weft_str s)
{
    if (s.n == 0 || !buf_reserve(b, s.n))
        return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = '\0';
}

void weft_buf_add_text(weft_buf *b, const char *text)
{
    weft_buf_add(b, weft_str_from(text));
}

void weft_buf_add_char(weft_buf *b, char c)
{
    weft_buf_add(b, weft_str_of(&c, 1));
}

void weft_buf_addf(weft_buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n > 0 && buf_reserve(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void weft_buf_clear(weft_buf *b)
{
    b->n = 0;
    b->failed = WEFT_OK;
    b->p[0] = '\0';
}

weft_str weft_buf_str(const weft_buf *b)
{
    return weft_str_of(b->p, b->n);
}

weft_code weft_buf_check(const weft_buf *b, const char *what, weft_error *err)
{
    if (b->failed == WEFT_ELIMIT)
        return weft_fail(err, WEFT_ELIMIT, "%s: over %zu bytes", what, b->cap_bytes);
    if (b->failed != WEFT_OK)
        return weft_fail_nomem(err);
    return WEFT_OK;
}

void weft_sortable(int64_t value, char out[8])
{
    uint64_t bits = (uint64_t)value ^ UINT64_C(0x8000000000000000);
    for (int i = 0; i < 8; i++)
        out[i] = (char)(unsigned char)(bits >> (56 - 8 * i));
}

bool weft_sortable_read(weft_str bytes, int64_t *out)
{
    if (bytes.n != 8)
        return false;
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | (unsigned char)bytes.p[i];
    *out = (int64_t)(bits ^ UINT64_C(0x8000000000000000));
    return true;
}

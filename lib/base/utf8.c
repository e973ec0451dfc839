/* utf8.c - bytes become valid UTF-8 once, at the edge they come in. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/str.h"

#include "weft/mem.h"
#include "banned.h"

/* Bytes of the well-formed character at p (n left), or 0; *bad is then the length of the
 * maximal bad subpart. */
static size_t character_bytes(const unsigned char *p, size_t n, size_t *bad)
{
    unsigned char lead = p[0];
    size_t need = lead < 0x80   ? 1
                  : lead < 0xC2 ? 0
                  : lead < 0xE0 ? 2
                  : lead < 0xF0 ? 3
                  : lead < 0xF5 ? 4
                                : 0;
    *bad = 1;
    for (size_t i = 1; i < need; i++) {
        unsigned char low = 0x80, high = 0xBF;
        if (i == 1 && lead == 0xE0)
            low = 0xA0;
        if (i == 1 && lead == 0xED)
            high = 0x9F;
        if (i == 1 && lead == 0xF0)
            low = 0x90;
        if (i == 1 && lead == 0xF4)
            high = 0x8F;
        if (i >= n || p[i] < low || p[i] > high) {
            *bad = i;
            return 0;
        }
    }
    return need;
}

static bool is_control(unsigned char c)
{
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

static bool is_clean(weft_str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t bad;
    for (size_t i = 0; i < s.n;) {
        size_t n = character_bytes(p + i, s.n - i, &bad);
        if (n == 0 || is_control(p[i]))
            return false;
        i += n;
    }
    return true;
}

weft_code weft_utf8_repair(void *mem, weft_str s, weft_str *out, size_t *repaired,
                           weft_error *err)
{
    *repaired = 0;
    if (is_clean(s)) {
        *out = s;
        return WEFT_OK;
    }
    weft_buf b;
    weft_buf_init(&b, mem, s.n * 3);
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n;) {
        size_t bad;
        size_t n = character_bytes(p + i, s.n - i, &bad);
        if (n == 0) {
            weft_buf_add_text(&b, "\xEF\xBF\xBD");
            n = bad;
            (*repaired)++;
        } else if (is_control(p[i])) {
            weft_buf_add_char(&b, ' ');
            (*repaired)++;
        } else {
            weft_buf_add(&b, weft_str_of(s.p + i, n));
        }
        i += n;
    }
    weft_code code = weft_buf_check(&b, "text", err);
    if (code == WEFT_OK)
        *out = weft_buf_str(&b);
    return code;
}

size_t weft_utf8_cut(weft_str s, size_t limit_bytes)
{
    if (s.n <= limit_bytes)
        return s.n;
    size_t n = limit_bytes;
    while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return n;
}

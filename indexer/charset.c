/* charset.c - whether a file is in the encoding it is read as. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "charset.h"

#include <stdbool.h>
#include <string.h>

#include <unicode/utf8.h>

#include "weft/limits.h"
#include "banned.h"

/* s is a part of the head, so an int32_t holds its length. */
static bool is_utf8(weft_str s)
{
    const uint8_t *p = (const uint8_t *)s.p;
    int32_t i = 0, end = (int32_t)s.n;
    while (i < end) {
        UChar32 c;
        U8_NEXT(p, i, end, c);
        if (c < 0)
            return false;
    }
    return true;
}

weft_code charset_check(const char *name, weft_str head, weft_error *err)
{
    size_t lines = 0, bad = 0;
    const char *at = head.p, *end = head.p + head.n, *stop;
    for (; at < end && (stop = memchr(at, '\n', (size_t)(end - at))) != NULL;
         at = stop + 1) {
        weft_str line = weft_str_of(at, (size_t)(stop - at));
        if (weft_str_trim(line).n == 0)
            continue;
        lines++;
        bad += is_utf8(line) ? 0 : 1;
    }
    if (lines < WEFT_CHARSET_LINES_MIN || bad * 100 <= lines * WEFT_CHARSET_BAD_PERCENT)
        return WEFT_OK;
    return weft_fail(
        err, WEFT_ESYNTAX,
        "%s: not UTF-8: %zu of its first %zu lines hold other bytes; name its "
        "charset, as in --charset windows-1251 (--charset utf-8 reads it as it "
        "is, losing them)",
        name, bad, lines);
}

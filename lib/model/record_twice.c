/* record_twice.c - whether a text looks like UTF-8 that was taken for windows-1252 or
 * Latin-1 and encoded again. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unicode/utf8.h>

#include "record_private.h"
#include "banned.h"

/* A single one may be meant: a capital with an accent before a closing quote. */
enum { TWICE_MIN = 2 };

/* What windows-1252 has at 0x80 to 0x9F, where Latin-1 has control characters. */
static bool is_high_half(UChar32 c)
{
    static const UChar32 characters[] = {
        0x20AC, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030,
        0x0160, 0x2039, 0x0152, 0x017D, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x017E, 0x0178};
    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++)
        if (characters[i] == c)
            return true;
    return false;
}

/* Whether c was a byte that goes on a character of UTF-8. */
static bool is_continuation(UChar32 c)
{
    return (c >= 0x80 && c <= 0xBF) || is_high_half(c);
}

/* How many of those follow when c was the byte that begins a character of a living script
 * (Latin, Greek, Cyrillic, Hebrew, Arabic; punctuation, Indic, Chinese, Japanese, Korean;
 * emoji). */
static int continuations(UChar32 c)
{
    static const char two_bytes[] = "\xC2\xC3\xC4\xC5\xCE\xCF\xD0\xD1\xD7\xD8\xD9";
    if (c >= 0xC2 && c <= 0xDF)
        return strchr(two_bytes, (char)c) != NULL ? 1 : 0;
    if (c >= 0xE0 && c <= 0xEF)
        return 2;
    return c == 0xF0 ? 3 : 0;
}

bool record_is_encoded_twice(const char *text)
{
    if (text == NULL)
        return false;
    const uint8_t *p = (const uint8_t *)text;
    int32_t end = (int32_t)strlen(text);
    int due = 0, found = 0;
    for (int32_t i = 0; i < end && found < TWICE_MIN;) {
        UChar32 c;
        U8_NEXT(p, i, end, c);
        if (due > 0 && is_continuation(c))
            found += --due == 0 ? 1 : 0;
        else
            due = continuations(c);
    }
    return found >= TWICE_MIN;
}

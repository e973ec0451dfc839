/* chars.c - what kind of character stands at a place in a query. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chars.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "banned.h"

static query_char_kind ascii_kind(unsigned char c)
{
    if (c <= ' ' || c == 0x7f)
        return CHAR_SPACE;
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return CHAR_LETTER;
    switch (c) {
    case '(':
        return CHAR_OPEN;
    case ')':
        return CHAR_CLOSE;
    case '"':
        return CHAR_QUOTE;
    case '\'':
        return CHAR_APOSTROPHE;
    default:
        return CHAR_PUNCTUATION;
    }
}

static query_char_kind unicode_kind(UChar32 c)
{
    switch (c) {
    case 0x201C: /* left and right double quotation mark, low and reversed, guillemets */
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x00AB:
    case 0x00BB:
        return CHAR_TYPOGRAPHIC_QUOTE;
    case 0x2019: /* apostrophes */
    case 0x02BC:
    case 0xFF07:
        return CHAR_APOSTROPHE;
    default:
        break;
    }
    uint32_t type = U_MASK(u_charType(c));
    if (type & (U_GC_Z_MASK | U_GC_CC_MASK))
        return CHAR_SPACE;
    if (type & (U_GC_L_MASK | U_GC_N_MASK))
        return CHAR_LETTER;
    if (type & U_GC_M_MASK)
        return CHAR_MARK;
    /* Unassigned: perhaps an emoji newer than this ICU. */
    if (type & (U_GC_SO_MASK | U_GC_CN_MASK | U_GC_CO_MASK))
        return CHAR_SYMBOL;
    return CHAR_PUNCTUATION;
}

query_char_kind query_char(weft_str s, size_t i, size_t *n)
{
    unsigned char first = (unsigned char)s.p[i];
    if (first < 0x80) {
        *n = 1;
        return ascii_kind(first);
    }
    const uint8_t *bytes = (const uint8_t *)s.p + i;
    int32_t used = 0, rest = s.n - i < U8_MAX_LENGTH ? (int32_t)(s.n - i) : U8_MAX_LENGTH;
    UChar32 c;
    U8_NEXT(bytes, used, rest, c);
    *n = (size_t)used;
    return c < 0 ? CHAR_PUNCTUATION : unicode_kind(c);
}

bool query_char_searchable(query_char_kind kind)
{
    return kind == CHAR_LETTER || kind == CHAR_SYMBOL;
}

bool query_char_parts(query_char_kind kind)
{
    return kind <= CHAR_TYPOGRAPHIC_QUOTE;
}

weft_str query_searchable(weft_str s)
{
    size_t first = s.n, last = s.n, n;
    for (size_t i = 0; i < s.n; i += n) {
        query_char_kind kind = query_char(s, i, &n);
        bool goes_on = kind == CHAR_MARK && last == i;
        if (!query_char_searchable(kind) && !goes_on)
            continue;
        if (first == s.n)
            first = i;
        last = i + n;
    }
    if (first == s.n) /* of nothing there need be no bytes */
        return weft_str_of(s.p, 0);
    return weft_str_of(s.p + first, last - first);
}

size_t query_last_letters(weft_str s)
{
    size_t letters = 0, n;
    for (size_t i = 0; i < s.n; i += n) {
        query_char_kind kind = query_char(s, i, &n);
        if (kind == CHAR_LETTER)
            letters++;
        else if (kind != CHAR_MARK && kind != CHAR_APOSTROPHE)
            letters = 0;
    }
    return letters;
}

size_t query_count_words(weft_str s)
{
    size_t words = 0, n;
    bool inside = false;
    for (size_t i = 0; i < s.n; i += n) {
        bool space = query_char(s, i, &n) == CHAR_SPACE;
        if (!space && !inside)
            words++;
        inside = !space;
    }
    return words;
}

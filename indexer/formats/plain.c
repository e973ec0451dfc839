/* plain.c - text of exports as one reads it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plain.h"

#include <unicode/utf8.h>

#include <libxml/HTMLparser.h>

#include "weft/mem.h"
#include "banned.h"

/* What windows-1252 has at 0x80 to 0x9F; where it has nothing, U+FFFD. */
static const UChar32 cp1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

static bool is_control(UChar32 c)
{
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

static size_t put_character(UChar32 c, char out[4])
{
    uint8_t *bytes = (uint8_t *)out;
    size_t n = 0;
    if (c >= 0x80 && c < 0xA0)
        c = cp1252[c - 0x80];
    if (is_control(c))
        c = ' ';
    if (c < 0 || c > 0x10FFFF || U_IS_SURROGATE((uint32_t)c))
        c = 0xFFFD;
    U8_APPEND_UNSAFE(bytes, n, (uint32_t)c);
    return n;
}

/* The number of "#123" or "#x7B"; -1 when it is none. Digits past the last character stay
 * past it. */
static UChar32 reference_number(weft_str name)
{
    bool is_hex = name.n > 1 && (name.p[1] == 'x' || name.p[1] == 'X');
    UChar32 number = 0;
    size_t i = is_hex ? 2 : 1;
    if (i >= name.n)
        return -1;
    for (; i < name.n; i++) {
        int c = name.p[i] | 0x20;
        int digit = name.p[i] >= '0' && name.p[i] <= '9' ? name.p[i] - '0'
                    : is_hex && c >= 'a' && c <= 'f'     ? c - 'a' + 10
                                                         : -1;
        if (digit < 0)
            return -1;
        number = number > 0x10FFFF ? number : number * (is_hex ? 16 : 10) + digit;
    }
    return number == 0 ? 0xFFFD : number;
}

size_t plain_reference(weft_str name, char out[4])
{
    char terminated[PLAIN_REFERENCE_MAX + 1];
    if (name.n == 0 || name.n > PLAIN_REFERENCE_MAX)
        return 0;
    if (name.p[0] == '#') {
        UChar32 number = reference_number(name);
        return number < 0 ? 0 : put_character(number, out);
    }
    if (weft_str_is(name, "apos"))
        return put_character('\'', out);
    memcpy(terminated, name.p, name.n);
    terminated[name.n] = '\0';
    const htmlEntityDesc *known = htmlEntityLookup((const xmlChar *)terminated);
    return known == NULL ? 0 : put_character((UChar32)known->value, out);
}

weft_code plain_mend(void *mem, weft_str s, char **out, size_t *mended, weft_error *err)
{
    enum { GROWTH = 3 }; /* a byte becomes at most so many */
    const uint8_t *p = (const uint8_t *)s.p;
    size_t bad = 0, n = 0;
    for (size_t i = 0; i < s.n; i++)
        bad += p[i] >= 0x80 || is_control(p[i]);
    char *text = talloc_size(mem, s.n + (GROWTH - 1) * bad + 1);
    if (text == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < s.n;) {
        size_t start = i;
        UChar32 c;
        U8_NEXT(p, i, s.n, c);
        if (c >= 0 && !is_control(c)) {
            memcpy(text + n, s.p + start, i - start);
            n += i - start;
            continue;
        }
        i = start + 1;
        n += put_character(p[start], text + n);
        (*mended)++;
    }
    text[n] = '\0';
    *out = text;
    return WEFT_OK;
}

/* Bytes of the reference at the start of s with its & and ;, or 0; the character is in out. */
static size_t reference_at(weft_str s, char out[4], size_t *out_n)
{
    const char *end =
        memchr(s.p, ';', s.n < PLAIN_REFERENCE_MAX ? s.n : PLAIN_REFERENCE_MAX);
    size_t n = end == NULL ? 0 : (size_t)(end - s.p);
    if (n < 2)
        return 0;
    *out_n = plain_reference(weft_str_of(s.p + 1, n - 1), out);
    return *out_n == 0 ? 0 : n + 1;
}

/* Bytes of the tag at the start of s, or 0 where the < is one of the text. */
static size_t tag_at(weft_str s)
{
    enum { TAG_MAX = 1024 };
    size_t i = s.n > 1 && s.p[1] == '/' ? 2 : 1;
    if (i >= s.n || (s.p[i] | 0x20) < 'a' || (s.p[i] | 0x20) > 'z')
        return 0;
    const char *end = memchr(s.p, '>', s.n < TAG_MAX ? s.n : TAG_MAX);
    return end == NULL ? 0 : (size_t)(end - s.p) + 1;
}

weft_code plain_text(void *mem, const char *text, const char **out, weft_error *err)
{
    *out = text;
    if (text == NULL || strpbrk(text, "&<") == NULL)
        return WEFT_OK;
    weft_str s = weft_str_from(text);
    char *plain = talloc_size(mem, s.n + 1);
    if (plain == NULL)
        return weft_fail_nomem(err);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        weft_str rest = weft_str_of(s.p + i, s.n - i);
        char character[4];
        size_t character_n = 1, used = 0;
        if (*rest.p == '&')
            used = reference_at(rest, character, &character_n);
        else if (*rest.p == '<')
            used = tag_at(rest);
        if (used == 0)
            plain[n++] = *rest.p;
        else if (*rest.p == '&') {
            memcpy(plain + n, character, character_n);
            n += character_n;
        }
        i += used == 0 ? 1 : used;
    }
    plain[n] = '\0';
    *out = plain;
    return WEFT_OK;
}

weft_code plain_language(void *mem, const char *tag, const char **out, weft_error *err)
{
    enum { LETTERS = 2 };
    char lang[LETTERS + 1] = "";
    *out = NULL;
    if (tag == NULL || strcspn(tag, "-_") != LETTERS)
        return WEFT_OK;
    for (size_t i = 0; i < LETTERS; i++) {
        lang[i] = (char)(tag[i] | 0x20);
        if (lang[i] < 'a' || lang[i] > 'z')
            return WEFT_OK;
    }
    *out = talloc_strdup(mem, lang);
    return *out == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

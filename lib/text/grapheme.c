/* grapheme.c - where a text may be cut without splitting what a reader sees as one
 * character.
 *
 * ICU looks at a stretch around the place, not at the whole text. The stretch should begin
 * at a sure boundary: between two ASCII characters, or at the text's start. When none is
 * near it begins anywhere and what ICU says of its first cluster is not believed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unicode/uchar.h>
#include <unicode/utext.h>

#include "chars.h"
#include "tokenizer.h"
#include "banned.h"

enum { NEAR_BYTES = 256 };

static bool is_sure(weft_str s, size_t i)
{
    return i == 0 || ((unsigned char)s.p[i] < 0x80 && (unsigned char)s.p[i - 1] < 0x80 &&
                      s.p[i] != '\n');
}

static bool is_flag_half(weft_str s, size_t i)
{
    size_t next;
    return s.n - i >= 4 && is_regional_indicator(char_at(s, i, &next));
}

/* Flags are pairs of letters: a stretch may not begin between the two of one. */
static size_t leave_flags(weft_str s, size_t i)
{
    size_t first = i;
    while (first >= 4 && is_flag_half(s, first) && is_flag_half(s, first - 4))
        first -= 4;
    return (i - first) % 8 == 0 ? i : i - 4;
}

/* Whether byte i is in the middle of a character, or its character only ever continues a
 * cluster. */
static bool is_inner(weft_str s, size_t i)
{
    if (i >= s.n || ((unsigned char)s.p[i] & 0xC0) == 0x80)
        return true;
    size_t next;
    uint32_t c = char_at(s, i, &next);
    return c >= 0x80 && (is_skin_tone(c) ||
                         (U_GET_GC_MASK((UChar32)c) & (U_GC_M_MASK | U_GC_CF_MASK)) != 0);
}

/* Where the stretch before `at` begins, at most about `reach` bytes away; *sure when that
 * is a boundary for certain. */
static size_t stretch_start(weft_str s, size_t at, size_t reach, bool *sure)
{
    size_t low = at > reach ? at - reach : 0, i = at;
    while (i > low && !(i < s.n && is_sure(s, i)))
        i--;
    *sure = i < s.n && is_sure(s, i);
    if (*sure)
        return i;
    while (i > 0 && is_inner(s, i))
        i--;
    return leave_flags(s, i);
}

static bool open_stretch(weft_tokenizer *t, weft_str s, size_t start, size_t end)
{
    UErrorCode status = U_ZERO_ERROR;
    UText stretch = UTEXT_INITIALIZER;
    utext_openUTF8(&stretch, s.p + start, (int64_t)(end - start), &status);
    ubrk_setUText(t->graphemes, &stretch, &status); /* takes its own shallow copy */
    utext_close(&stretch);
    return U_SUCCESS(status);
}

static size_t stretch_end(weft_str s, size_t at, size_t reach)
{
    size_t end = s.n - at > reach ? at + reach : s.n;
    while (end < s.n && ((unsigned char)s.p[end] & 0xC0) == 0x80)
        end++;
    return end;
}

size_t grapheme_before(weft_tokenizer *t, weft_str text, size_t at)
{
    if (at == 0 || at >= text.n)
        return at == 0 ? 0 : text.n;
    for (size_t reach = NEAR_BYTES;; reach *= 4) {
        bool sure;
        size_t start = stretch_start(text, at, reach, &sure);
        if (start == at)
            return at;
        size_t end = stretch_end(
            text, at, 8); /* what comes after the next character does not matter */
        if (!open_stretch(t, text, start, end))
            return start;
        if (ubrk_isBoundary(t->graphemes, (int32_t)(at - start)))
            return at;
        int32_t found = ubrk_preceding(t->graphemes, (int32_t)(at - start));
        if (found > 0)
            return start + (size_t)found;
        if (sure || start == 0)
            return start;
    }
}

size_t grapheme_after(weft_tokenizer *t, weft_str text, size_t at)
{
    if (at == 0 || at >= text.n)
        return at == 0 ? 0 : text.n;
    size_t start = grapheme_before(t, text, at);
    if (start == at)
        return at;
    for (size_t reach = NEAR_BYTES;; reach *= 4) {
        size_t end = stretch_end(text, at, reach);
        if (!open_stretch(t, text, start, end))
            return text.n;
        int32_t found = ubrk_following(t->graphemes, (int32_t)(at - start));
        if (found != UBRK_DONE && (start + (size_t)found < end || end == text.n))
            return start + (size_t)found;
    }
}

size_t weft_grapheme_cut(weft_tokenizer *t, weft_str s, size_t limit_bytes)
{
    return grapheme_before(t, s, weft_utf8_cut(s, limit_bytes));
}

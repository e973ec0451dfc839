/* fold.c - folding by ICU, with a table for the scripts whose characters fold one by one.
 *
 * A word is put in NFKC_Casefold (which also takes out soft hyphens, joiners and variation
 * selectors), then in NFD, loses its accents, and is composed again. Only marks of Latin,
 * Greek, Cyrillic, Hebrew and Arabic are accents: in the scripts of India and South East
 * Asia they are vowels, on kana they make another consonant.
 *
 * Without a combining mark in the word, every character of U+0080..U+052F folds by itself;
 * those are looked up.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fold.h"

#include <stdbool.h>
#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "chars.h"
#include "banned.h"

enum {
    TABLE_FIRST = 0x80,
    TABLE_END = 0x530,
    ENTRY_BYTES = 4,
    UNITS_MAX = FOLD_SLACK_BYTES /
                3,        /* UTF-16 units of one folded piece: each is at most 3 bytes */
    CUT_CODE_POINTS = 40, /* kept of a word over the limit, before '~' and the hash */
    HASH_DIGITS = 16
};

enum entry_state { ENTRY_UNKNOWN, ENTRY_SIMPLE, ENTRY_SLOW };

struct entry {
    uint8_t state;
    uint8_t n;
    char bytes[ENTRY_BYTES];
};

struct folder {
    const UNormalizer2 *nfkc_casefold, *nfd, *nfc;
    struct entry table[TABLE_END - TABLE_FIRST];
    UChar a[UNITS_MAX], b[UNITS_MAX];
};

/* UTF-16 with its room; two of them are the two ends of each step. */
struct units {
    UChar *p;
    int32_t n, size;
};

weft_code folder_new(void *mem, folder **out, weft_error *err)
{
    folder *f = talloc_zero(mem, folder);
    if (f == NULL)
        return weft_fail_nomem(err);
    UErrorCode status = U_ZERO_ERROR;
    f->nfkc_casefold = unorm2_getNFKCCasefoldInstance(&status);
    f->nfd = unorm2_getNFDInstance(&status);
    f->nfc = unorm2_getNFCInstance(&status);
    if (U_FAILURE(status)) {
        talloc_free(f);
        return weft_fail(err, WEFT_EINTERNAL, "icu: no normalisation data: %s",
                         u_errorName(status));
    }
    *out = f;
    return WEFT_OK;
}

/* The character at *i (less than n), which is moved behind it; half a surrogate pair gives
 * U+FFFD. */
static uint32_t unit_char(const UChar *p, int32_t *i, int32_t n)
{
    uint32_t c = p[(*i)++];
    if (c < 0xD800 || c > 0xDFFF)
        return c;
    if (c > 0xDBFF || *i == n || p[*i] < 0xDC00 || p[*i] > 0xDFFF)
        return 0xFFFD;
    return 0x10000 + ((c - 0xD800) << 10) + (p[(*i)++] - 0xDC00u);
}

static bool is_accent(uint32_t c, uint32_t base)
{
    if (c == 0x0306)
        return base != 0x0438; /* Cyrillic short i is a letter of its own */
    if (c == 0x3099 || c == 0x309A)
        return false;
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript((UChar32)c, &status)) {
    case USCRIPT_INHERITED:
    case USCRIPT_COMMON:
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
    case USCRIPT_HEBREW:
    case USCRIPT_ARABIC:
    case USCRIPT_SYRIAC:
        return true;
    default:
        return false;
    }
}

/* What UAX #29 allows inside a word but is no part of its form. */
static bool is_noise(uint32_t c, uint32_t mask)
{
    if ((mask &
         (U_GC_CF_MASK | U_GC_CC_MASK | U_GC_Z_MASK | U_GC_SO_MASK | U_GC_SK_MASK)) != 0)
        return true;
    return c == '"' || c == 0x00B7 || c == 0x05F3 || c == 0x05F4 || c == 0x2027;
}

/* Takes accents out of NFD text in place; of a word also what is no part of a form, of a
 * text spaces become ' '. */
static int32_t strip_marks(UChar *p, int32_t n, bool is_word)
{
    uint32_t base = 0;
    int32_t to = 0;
    for (int32_t i = 0; i < n;) {
        uint32_t c = unit_char(p, &i, n);
        uint32_t mask = U_GET_GC_MASK((UChar32)c);
        if ((mask & (U_GC_MN_MASK | U_GC_ME_MASK)) != 0) {
            if (is_accent(c, base))
                continue;
        } else {
            base = c;
        }
        if (is_word ? is_noise(c, mask) : to > 0 && is_skin_tone(c))
            continue;
        if (!is_word && u_isUWhiteSpace((UChar32)c))
            c = ' ';
        U16_APPEND_UNSAFE(p, to, c);
    }
    return to;
}

/* Folds from->p into from->p, by way of to; false when a step has no room (then both are
 * spoilt) or no memory. */
static bool fold_units(const folder *f, struct units *from, struct units *to, bool is_word)
{
    UErrorCode status = U_ZERO_ERROR;
    to->n = unorm2_normalize(f->nfkc_casefold, from->p, from->n, to->p, to->size, &status);
    if (U_SUCCESS(status))
        from->n = unorm2_normalize(f->nfd, to->p, to->n, from->p, from->size, &status);
    if (U_FAILURE(status))
        return false;
    from->n = strip_marks(from->p, from->n, is_word);
    to->n = unorm2_normalize(f->nfc, from->p, from->n, to->p, to->size, &status);
    if (U_FAILURE(status))
        return false;
    struct units folded = *to;
    *to = *from;
    *from = folded;
    return true;
}

static void append_char(struct units *u, uint32_t c)
{
    if (c >= 0x10000)
        u->p[u->n++] = (UChar)(0xD7C0 + (c >> 10));
    u->p[u->n++] = (UChar)(c < 0x10000 ? c : 0xDC00 | (c & 0x3FF));
}

/* Apostrophes are gone before normalisation could make something else of them (U+00B4
 * becomes a space and a mark). */
static void append_text(struct units *u, weft_str s, bool is_word)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t c = char_at(s, i, &i);
        if (!is_apostrophe(c))
            append_char(u, c);
        else if (!is_word)
            append_char(u, '\'');
    }
}

static size_t to_utf8(const struct units *u, char *dest)
{
    size_t n = 0;
    for (int32_t i = 0; i < u->n;) {
        uint32_t c = unit_char(u->p, &i, u->n);
        U8_APPEND_UNSAFE((uint8_t *)dest, n, c);
    }
    return n;
}

size_t folder_word_slow(folder *f, weft_str word, char *dest)
{
    size_t head = weft_utf8_cut(word, FOLD_SLOW_BYTES);
    struct units from = {f->a, 0, UNITS_MAX}, to = {f->b, 0, UNITS_MAX};
    append_text(&from, weft_str_of(word.p, head), true);
    size_t n = 0;
    if (fold_units(f, &from, &to, true))
        n = to_utf8(&from, dest);
    else
        head = 0;
    memcpy(dest + n, word.p + head, word.n - head);
    return n + word.n - head;
}

static void fill_entry(folder *f, uint32_t c, struct entry *e)
{
    e->state = ENTRY_SLOW;
    if ((U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK) != 0)
        return;
    struct units from = {f->a, 0, UNITS_MAX}, to = {f->b, 0, UNITS_MAX};
    append_char(&from, c);
    char bytes[64];
    if (!fold_units(f, &from, &to, true) || from.n > ENTRY_BYTES)
        return;
    size_t n = to_utf8(&from, bytes);
    if (n > ENTRY_BYTES)
        return;
    memcpy(e->bytes, bytes, n);
    e->n = (uint8_t)n;
    e->state = ENTRY_SIMPLE;
}

/* CJK characters without case, accents or compatibility forms. */
static bool folds_to_itself(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3041 && c <= 0x3096) ||
           (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0x3400 && c <= 0x4DBF);
}

/* The folded form of c at dest; its length, or -1 when the word needs the slow way. */
static int fold_char(folder *f, uint32_t c, weft_str source, char *dest)
{
    if (is_apostrophe(c))
        return 0;
    if (c < TABLE_END) {
        struct entry *e = &f->table[c - TABLE_FIRST];
        if (e->state == ENTRY_UNKNOWN)
            fill_entry(f, c, e);
        memcpy(dest, e->bytes, ENTRY_BYTES);
        return e->state == ENTRY_SIMPLE ? e->n : -1;
    }
    if (!folds_to_itself(c))
        return -1;
    memcpy(dest, source.p, source.n);
    return (int)source.n;
}

size_t folder_word(folder *f, weft_str word, char *dest)
{
    size_t n = 0;
    for (size_t i = 0; i < word.n;) {
        char c = word.p[i];
        if ((unsigned char)c < 0x80) {
            if (c >= 'A' && c <= 'Z')
                c = (char)(c | 0x20);
            if (c != '\'' && c != '`' && c != '"')
                dest[n++] = c;
            i++;
            continue;
        }
        size_t next;
        uint32_t code_point = char_at(word, i, &next);
        int bytes =
            code_point < TABLE_FIRST
                ? -1
                : fold_char(f, code_point, weft_str_of(word.p + i, next - i), dest + n);
        if (bytes < 0)
            return folder_word_slow(f, word, dest);
        n += (size_t)bytes;
        i = next;
    }
    return n;
}

size_t fold_finish(char *word, size_t n)
{
    if (n <= WEFT_WORD_MAX)
        return n;
    size_t code_points = 0, cut = 0;
    for (size_t i = 0; i < n; i++) {
        if (((unsigned char)word[i] & 0xC0) == 0x80)
            continue;
        if (code_points == CUT_CODE_POINTS)
            cut = i;
        code_points++;
    }
    if (code_points <= WEFT_WORD_MAX && n <= FOLD_WORD_BYTES)
        return n;
    char tail[HASH_DIGITS + 2];
    snprintf(tail, sizeof tail, "~%016llx",
             (unsigned long long)weft_str_hash(weft_str_of(word, n)));
    memcpy(word + cut, tail, HASH_DIGITS + 1);
    return cut + HASH_DIGITS + 1;
}

/* White space runs to one space, ends trimmed, in place. */
static size_t squeeze_spaces(char *p, size_t n)
{
    size_t to = 0;
    for (size_t i = 0; i < n; i++) {
        bool space = is_ascii_space(p[i]);
        if (space && (to == 0 || p[to - 1] == ' '))
            continue;
        p[to++] = space ? ' ' : p[i];
    }
    return to > 0 && p[to - 1] == ' ' ? to - 1 : to;
}

static bool is_ascii(weft_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

static weft_code fold_ascii(void *mem, weft_str text, weft_str *out, weft_error *err)
{
    char *p = weft_str_dup(mem, text);
    if (p == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < text.n; i++) {
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] | 0x20);
        else if (p[i] == '`')
            p[i] = '\'';
    }
    size_t n = squeeze_spaces(p, text.n);
    p[n] = '\0';
    *out = weft_str_of(p, n);
    return WEFT_OK;
}

/* No character grows more than eighteenfold (U+FDFA, three bytes); room for that is too
 * much to ask for at once. */
static bool fold_text_units(const folder *f, void *tmp, weft_str text, struct units *from)
{
    for (int32_t times = 2; times <= 32; times *= 4) {
        int32_t size = (int32_t)text.n * times + 64;
        *from = (struct units){weft_new_array(tmp, UChar, (size_t)size), 0, size};
        struct units to = {weft_new_array(tmp, UChar, (size_t)size), 0, size};
        if (from->p == NULL || to.p == NULL)
            return false;
        append_text(from, text, false);
        if (fold_units(f, from, &to, false))
            return true;
    }
    return false;
}

weft_code folder_text(folder *f, void *mem, weft_str text, weft_str *out, weft_error *err)
{
    if (is_ascii(text))
        return fold_ascii(mem, text, out, err);
    if (text.n > WEFT_LINE_MAX)
        return weft_fail(err, WEFT_EINTERNAL, "fold: text over %d bytes", WEFT_LINE_MAX);
    weft_scope void *tmp = talloc_new(NULL);
    struct units folded;
    if (tmp == NULL || !fold_text_units(f, tmp, text, &folded))
        return weft_fail_nomem(err);
    char *p = talloc_size(mem, (size_t)folded.n * 3 + 1);
    if (p == NULL)
        return weft_fail_nomem(err);
    size_t n = squeeze_spaces(p, to_utf8(&folded, p));
    p[n] = '\0';
    *out = weft_str_of(p, n);
    return WEFT_OK;
}

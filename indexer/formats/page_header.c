/* page_header.c - the line over a comment: a name, a date, and words around them. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <strings.h>

#include "ago.h"
#include "banned.h"

enum {
    NAME_MAX_BYTES = 120,
    NAME_WORDS_MAX = 8,
    AGO_WORDS_MAX = 6,
    CJK_BYTE = 0xE3, /* first byte of Chinese and Japanese letters, or of later ones */
    TAILS_MAX = 8,   /* words behind a date */
    LONG_BY = 9,     /* bytes of words that can be nothing but "by" */
    AGO_BASE_S = 2000000000 /* any moment late enough to count back from */
};

static weft_str from(weft_str s, size_t at)
{
    return weft_str_of(s.p + at, s.n - at);
}

/* Signs that part things on one line. Length of one at the start of s; 0. */
static size_t sign_at(weft_str s)
{
    static const char *const signs[] = {"|", ",", "-", "–", "—", "·", "•", "(", ")",  "#",
                                        ":", "/", "»", "«", "¶", "∞", "[", "]", "：", "、"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (weft_str_starts(s, signs[i]))
            return strlen(signs[i]);
    return 0;
}

static bool sign_before(weft_str s, size_t *bytes)
{
    for (*bytes = 1; *bytes <= 3 && *bytes <= s.n; ++*bytes)
        if (sign_at(from(s, s.n - *bytes)) == *bytes)
            return s.p[s.n - 1] != ')' && s.p[s.n - 1] != ']';
    return false;
}

/* s without blanks and signs at its end. */
static weft_str trim_signs(weft_str s)
{
    size_t n;
    s = page_trim(s);
    while (s.n > 0 && sign_before(s, &n))
        s = page_trim(weft_str_of(s.p, s.n - n));
    return s;
}

static bool is_word_byte(char b)
{
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ||
           (b & 0x80) != 0;
}

/* Bytes of the word of the list that s ends with, a whole one; 0. */
static size_t ends_with_word(weft_str s, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t n = strlen(words[i]);
        bool is_spaced = (unsigned char)words[i][0] < CJK_BYTE; /* others have no blanks */
        if (s.n >= n && strncasecmp(s.p + s.n - n, words[i], n) == 0 &&
            (s.n == n || !is_spaced || !is_word_byte(s.p[s.n - n - 1])))
            return n;
    }
    return 0;
}

/* Bytes of the word of the list that s starts with, a whole one; 0. */
static size_t starts_with_word(weft_str s, const char *const *words)
{
    size_t best = 0;
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t n = strlen(words[i]);
        if (n > best && s.n >= n && strncasecmp(s.p, words[i], n) == 0 &&
            (s.n == n || !is_word_byte(s.p[n])))
            best = n;
    }
    return best;
}

/* Whether nothing but signs and words of the lists is left. */
static bool is_only(weft_str s, const char *const *const *lists, size_t count)
{
    for (s = page_trim(s); s.n > 0; s = page_trim(s)) {
        size_t n = sign_at(s);
        for (size_t i = 0; i < count && n == 0; i++)
            n = starts_with_word(s, lists[i]);
        if (n == 0)
            return false;
        s = from(s, n);
    }
    return true;
}

bool page_is_tail(weft_str s)
{
    const char *const *const lists[] = {page_tails, page_buttons, page_says};
    return is_only(s, lists, sizeof lists / sizeof lists[0]);
}

bool page_is_button(weft_str text)
{
    const char *const *const lists[] = {page_buttons};
    return text.n > 0 && is_word_byte(text.p[0]) &&
           is_only(text, lists, sizeof lists / sizeof lists[0]);
}

weft_str page_trim_colon(weft_str s)
{
    s = page_trim(s);
    if (s.n > 1 && s.p[s.n - 1] == ':')
        return page_trim(weft_str_of(s.p, s.n - 1));
    bool is_wide = s.n > 3 && memcmp(s.p + s.n - 3, "：", 3) == 0;
    return is_wide ? page_trim(weft_str_of(s.p, s.n - 3)) : s;
}

bool page_cut_says(weft_str *name)
{
    weft_str s = trim_signs(*name);
    size_t n = ends_with_word(s, page_says);
    if (n == 0 || n == s.n)
        return false;
    *name = trim_signs(weft_str_of(s.p, s.n - n));
    return name->n > 0;
}

/* "[alt text]" of a picture before a name. */
static weft_str cut_pictures(weft_str s)
{
    static const char *const signs[] = {"●", "○", "☆", "★", "Avatar ", NULL};
    size_t n = 1;
    while (s.n > 0 && n > 0) {
        const char *end = s.p[0] == '[' ? memchr(s.p, ']', s.n) : NULL;
        n = end == NULL ? 0 : (size_t)(end - s.p) + 1;
        for (size_t i = 0; signs[i] != NULL && n == 0; i++)
            n = weft_str_starts(s, signs[i]) ? strlen(signs[i]) : 0;
        s = page_trim(from(s, n));
    }
    return s;
}

bool page_is_pictures(weft_str text)
{
    return cut_pictures(text).n == 0;
}

weft_str page_without_pictures(weft_str text)
{
    return cut_pictures(text);
}

/* "ann avatar ann" is ann: the picture's text stands before the name. */
static weft_str cut_avatar(weft_str s)
{
    static const char mark[] = " avatar ";
    const char *at = s.n == 0 ? NULL : memmem(s.p, s.n, mark, strlen(mark));
    if (at == NULL)
        return s;
    size_t n = (size_t)(at - s.p);
    weft_str rest = page_trim(from(s, n + strlen(mark)));
    return rest.n >= n && memcmp(rest.p, s.p, n) == 0 ? rest : s;
}

/* Cut badges, "says" and what joins a name to a date from the end of a name. */
static weft_str cut_name_end(weft_str s, bool is_glued)
{
    size_t badge = is_glued ? ends_with_word(s, page_badges) : 0;
    s = trim_signs(weft_str_of(s.p, s.n - badge));
    for (int i = 0; i < TAILS_MAX; i++) {
        size_t n = ends_with_word(s, page_joints);
        if (n > 0 && n < s.n)
            s = trim_signs(weft_str_of(s.p, s.n - n));
        else if (!page_cut_says(&s))
            break;
    }
    return s;
}

bool page_name_is_fit(weft_str name)
{
    size_t words = 1;
    if (name.n == 0 || name.n > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < name.n; i++)
        words += name.p[i] == ' ';
    return words <= NAME_WORDS_MAX;
}

/* Cut "by" and what stands before it; short words count only at the beginning. */
static weft_str cut_by(weft_str s)
{
    for (size_t i = 0; page_by[i] != NULL; i++) {
        size_t n = strlen(page_by[i]);
        const char *at = n < LONG_BY || s.n == 0 ? NULL : memmem(s.p, s.n, page_by[i], n);
        if (at != NULL)
            return page_trim(from(s, (size_t)(at - s.p) + n));
        if (weft_str_starts(s, page_by[i]))
            return page_trim(from(s, n));
    }
    return s;
}

weft_str page_bare_name(weft_str text)
{
    return cut_name_end(cut_by(cut_avatar(cut_pictures(page_trim(text)))), false);
}

weft_str page_without_badge(weft_str name)
{
    size_t n = ends_with_word(name, page_badges);
    return n > 0 && n < name.n ? trim_signs(weft_str_of(name.p, name.n - n)) : name;
}

static bool read_name(weft_str text, bool is_glued, page_header *out)
{
    weft_str name = cut_avatar(cut_pictures(page_trim(text)));
    name = cut_name_end(name, is_glued);
    out->name = name;
    return page_name_is_fit(name);
}

/* "NAME DATE" with a time of day in the date; words of headers at most behind it. */
static bool read_absolute(weft_str text, page_header *out)
{
    for (size_t at = 1; at < text.n; at++) {
        bool is_digit = text.p[at] >= '0' && text.p[at] <= '9';
        bool was_digit = text.p[at - 1] >= '0' && text.p[at - 1] <= '9';
        bool starts_word = !is_word_byte(text.p[at - 1]);
        bool starts_name = text.p[at] >= 'A' && text.p[at] <= 'Z' &&
                           text.p[at - 1] >= 'a' && text.p[at - 1] <= 'z'; /* "LeeMay 3" */
        if (!is_word_byte(text.p[at]) || was_digit ||
            (!starts_word && !is_digit && !starts_name))
            continue;
        page_date date;
        size_t n = page_date_read(from(text, at), &date);
        if (n == 0 || !date.has_time || !page_is_tail(from(text, at + n)))
            continue;
        out->date = date;
        out->has_date = true;
        return read_name(weft_str_of(text.p, at), !starts_word, out);
    }
    return false;
}

bool page_name_before_date(weft_str text, page_header *out)
{
    for (size_t at = 1; at < text.n; at++) {
        if (is_word_byte(text.p[at - 1]) || !is_word_byte(text.p[at]) ||
            page_date_read(from(text, at), &out->date) == 0)
            continue;
        out->has_date = true;
        out->name = page_bare_name(weft_str_of(text.p, at));
        return page_name_is_fit(out->name);
    }
    return false;
}

/* text without words of headers at its end, but for those that a date can end in. */
static weft_str without_tail(weft_str text)
{
    const char *const *const lists[] = {page_tails, page_buttons};
    for (int i = 0; i < TAILS_MAX; i++) {
        weft_str s = trim_signs(text);
        size_t n = 0;
        for (size_t l = 0; l < sizeof lists / sizeof lists[0] && n == 0; l++)
            n = ends_with_word(s, lists[l]);
        text = n == 0 || n == s.n ? s : weft_str_of(s.p, s.n - n);
        if (n == 0)
            break;
    }
    return text;
}

static bool has_digit(weft_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

/* The most words at the end of text that are a date counted from now, in *ago. */
static bool read_ago(weft_str text, weft_str *ago)
{
    int words = 0;
    bool found = false;
    int64_t ignored;
    for (size_t at = text.n; at-- > 0 && words < AGO_WORDS_MAX;) {
        if (at > 0 && text.p[at - 1] != ' ')
            continue;
        words++;
        if (!fmt_ago(from(text, at), AGO_BASE_S, &ignored))
            continue;
        *ago = from(text, at);
        found = true;
    }
    return found;
}

bool page_ago_line(weft_str text, weft_str *ago)
{
    weft_str s = without_tail(text);
    return read_ago(s, ago) && ago->n == s.n;
}

bool page_name_and_date(weft_str text, page_header *out)
{
    if (read_absolute(text, out))
        return true;
    weft_str ago, s = without_tail(text);
    if (!read_ago(s, &ago) || !has_digit(ago) || ago.n == s.n)
        return false;
    out->ago = ago;
    out->has_date = false;
    return read_name(weft_str_of(s.p, s.n - ago.n), false, out);
}

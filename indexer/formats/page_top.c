/* page_top.c - site, title and byline of a page that states its title once, among menus.
 *
 * The title is the last line that can be a heading before the first line of prose; the site
 * is the first line that is no menu. A byline ("23.06.2016 um 16:14 Uhr - Eva Moll - 91
 * comments") names author and date.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <strings.h>

#include "banned.h"

enum {
    PROSE_BYTES = 120,       /* a line this long is prose */
    SENTENCE_BYTES = 60,     /* and one this long that ends in a full stop */
    HEADING_BYTES_MAX = 300, /* of a title */
    SITE_BYTES_MAX = 80,
    BYLINE_BYTES_MAX = 250,
    NAME_BYTES_MAX = 80,
    BUTTON_BYTES_MAX = 40 /* of a line that begins with a button */
};

static weft_str from(weft_str s, size_t at)
{
    return weft_str_of(s.p + at, s.n - at);
}

static bool ends_in(weft_str s, const char *end)
{
    size_t n = strlen(end);
    return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

static bool starts_with_any(weft_str s, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t n = strlen(words[i]);
        if (s.n >= n && memcmp(s.p, words[i], n) == 0)
            return true;
    }
    return false;
}

/* "45 comments", "91 Ergänzungen", "4 thoughts on", anywhere in a short line. */
static bool counts_comments(weft_str line)
{
    static const char *const words[] = {"comment",    "Kommentar", "kommentar", "Antworten",
                                        "Ergänzung",  "replies",   "responses", "thoughts",
                                        "Gedanken",   "коммент",   "Коммент",   "réponse",
                                        "comentario", "commenti",  "reacties",  NULL};
    bool has_digit = false;
    for (size_t i = 0; i < line.n; i++)
        has_digit = has_digit || (line.p[i] >= '0' && line.p[i] <= '9');
    for (size_t i = 0; words[i] != NULL && has_digit; i++)
        if (memmem(line.p, line.n, words[i], strlen(words[i])) != NULL)
            return true;
    return false;
}

/* Pictures, boxes of forms, dots and numbers of lists, numbers alone. */
static bool is_furniture(weft_str line)
{
    static const char *const dots[] = {"•", "□", "○", "* ", "← ", "→ ", "×", NULL};
    size_t digits = 0;
    while (digits < line.n && line.p[digits] >= '0' && line.p[digits] <= '9')
        digits++;
    bool is_number = digits > 0 && (digits == line.n || line.p[digits] == '.');
    return is_number || (line.p[0] == '[' && line.p[line.n - 1] == ']') ||
           memmem(line.p, line.n, "[   ", 4) != NULL || starts_with_any(line, dots);
}

bool page_is_byline(weft_str line)
{
    page_header ignored = {0};
    page_date date;
    if (line.n > BYLINE_BYTES_MAX)
        return false;
    bool is_dated = page_date_find(line, &date) || page_name_and_date(line, &ignored);
    return counts_comments(line) || (is_dated && starts_with_any(line, page_bylines));
}

static bool is_prose(weft_str line)
{
    return line.n >= PROSE_BYTES ||
           (line.n >= SENTENCE_BYTES && (ends_in(line, ".") || ends_in(line, ".“") ||
                                         ends_in(line, ".\"") || ends_in(line, ".”")));
}

bool page_is_end_mark(weft_str line)
{
    for (size_t i = 0; page_end_marks[i] != NULL; i++) {
        const char *mark = page_end_marks[i];
        bool may_go_on = mark[strlen(mark) - 1] == ' ';
        if (weft_str_is(line, mark) || (may_go_on && weft_str_starts(line, mark)))
            return true;
    }
    return false;
}

/* Pictures and buttons in brackets, boxes of forms, a number or a sign alone. */
bool page_is_furniture(weft_str line)
{
    bool has_box = line.n > 0 && memmem(line.p, line.n, "[   ", 4) != NULL;
    bool has_digits_only = line.n > 0, is_button = line.n > 0 && line.p[0] == '[';
    for (size_t i = 0; i < line.n; i++)
        has_digits_only = has_digits_only && line.p[i] >= '0' && line.p[i] <= '9';
    const char *end = is_button ? memchr(line.p, ']', line.n) : NULL;
    is_button = end != NULL && (end == line.p + line.n - 1 || line.n <= BUTTON_BYTES_MAX);
    return has_box || has_digits_only || is_button || weft_str_is(line, "*") ||
           weft_str_is(line, "×");
}

/* A title without the signs lobste.rs puts behind it. */
static weft_str bare_title(weft_str title)
{
    static const char sign[] = " ☶";
    const char *at = memmem(title.p, title.n, sign, strlen(sign));
    return at == NULL ? title : weft_str_of(title.p, (size_t)(at - title.p));
}

bool page_top_find(page_cursor *c, page_head *out)
{
    page_cursor ahead = *c, behind = *c;
    page_line line, title = {0};
    weft_str site = {0};
    bool found = false;
    while (page_next(&ahead, &line)) {
        if (line.text.n == 0)
            continue;
        if (is_prose(line.text)) {
            found = title.text.n > 0;
            break;
        }
        if (is_furniture(line.text) || starts_with_any(line.text, page_menus) ||
            page_is_byline(line.text) || line.text.n > HEADING_BYTES_MAX)
            continue;
        if (site.n == 0 && line.text.n <= SITE_BYTES_MAX)
            site = line.text;
        title = line;
        behind = ahead;
    }
    if (!found)
        return false;
    out->title = page_trim(bare_title(title.text));
    out->title_line = title.number;
    out->site = site.p == title.text.p ? weft_str_from(NULL) : site;
    *c = behind;
    return true;
}

/* Byline. */

/* The part of a byline that is a name: no date, no count, no digits. */
static weft_str name_part(weft_str line)
{
    static const char *const seps[] = {" - ", " – ", " — ", " | ", " · ", NULL};
    while (line.n > 0) {
        size_t n = line.n, skip = 0;
        for (size_t i = 0; seps[i] != NULL; i++) {
            const char *at = memmem(line.p, line.n, seps[i], strlen(seps[i]));
            if (at != NULL && (size_t)(at - line.p) < n) {
                n = (size_t)(at - line.p);
                skip = strlen(seps[i]);
            }
        }
        weft_str part = page_trim(weft_str_of(line.p, n));
        page_date ignored;
        bool has_digit = false;
        for (size_t i = 0; i < part.n; i++)
            has_digit = has_digit || (part.p[i] >= '0' && part.p[i] <= '9');
        if (part.n > 0 && !has_digit && part.n <= NAME_BYTES_MAX &&
            !page_date_find(part, &ignored))
            return part;
        line = from(line, n + skip);
    }
    return weft_str_from(NULL);
}

/* "... by NAME 11 hours ago", "... von NAME." */
static weft_str name_after_by(weft_str line)
{
    static const char *const words[] = {"authored by ", " by ",  " von ",
                                        " par ",        " por ", NULL};
    for (size_t i = 0; words[i] != NULL; i++) {
        const char *at = memmem(line.p, line.n, words[i], strlen(words[i]));
        if (at == NULL)
            continue;
        weft_str name = from(line, (size_t)(at - line.p) + strlen(words[i]));
        const char *sign = memchr(name.p, '|', name.n);
        if (sign != NULL)
            name.n = (size_t)(sign - name.p);
        page_header h = {0};
        if (page_name_and_date(name, &h))
            return h.name;
        name = page_trim(name);
        if (name.n > 0 && name.p[name.n - 1] == '.')
            name.n--;
        return name.n <= NAME_BYTES_MAX ? name : weft_str_from(NULL);
    }
    return weft_str_from(NULL);
}

static weft_str before_bar(weft_str line)
{
    const char *bar = memchr(line.p, '|', line.n);
    return bar == NULL ? line : page_trim(weft_str_of(line.p, (size_t)(bar - line.p)));
}

void page_read_byline(weft_str line, page_head *out)
{
    page_header h = {0};
    if (!out->has_date && page_date_find(line, &out->date))
        out->has_date = true;
    if (!out->has_date && out->ago.n == 0 && page_name_and_date(before_bar(line), &h))
        out->ago = h.ago;
    if (out->author.n == 0)
        out->author = name_after_by(line);
    if (out->author.n == 0 && out->has_date)
        out->author = name_part(line);
}

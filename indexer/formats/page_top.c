/* page_top.c - site, title and byline of a page that states its title once, among menus.
 *
 * The title is what a heading over the comments repeats (4 thoughts on “TITLE”), else the
 * last block of lines that can be a heading before the first prose; the site is the first
 * that is no menu. A byline ("23.06.2016 um 16:14 Uhr - Eva Moll - 91
 * comments") names author and date.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include "weft/mem.h"
#include "banned.h"

enum {
    PROSE_BYTES = 120,       /* a block this long that ends as a sentence does is prose */
    SENTENCE_BYTES = 60,     /* and one this long that ends in a full stop */
    LONG_BYTES = 200,        /* and one this long */
    WRAPPED_BYTES = 40,      /* of a line that another one goes on with */
    HEADING_BYTES_MAX = 300, /* of a title */
    TOP_BYTES_MAX = 256 * 1024,     /* where a title is looked for */
    HEADING_BEFORE_END = 16 * 1024, /* and a heading that repeats it, before the comments */
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
    return counts_comments(line) ||
           (starts_with_any(line, page_bylines) &&
            (page_date_find(line, &date) || page_name_and_date(line, &ignored)));
}

/* Sentences: long, or with a full stop at the end. A title can be long, too. */
static bool is_prose(weft_str text, size_t bytes)
{
    static const char *const stops[] = {".", ".“", ".\"", ".”", ":", "…", "?", "!", NULL};
    bool has_stop = ends_in(text, ".") || ends_in(text, ".“") || ends_in(text, ".”");
    if (bytes >= LONG_BYTES || (bytes >= SENTENCE_BYTES && has_stop))
        return true;
    for (size_t i = 0; stops[i] != NULL && bytes >= PROSE_BYTES; i++)
        if (ends_in(text, stops[i]))
            return true;
    return false;
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

/* Lines without a blank one between, furniture, menus and bylines left out: the last of them
 * that follow each other, of which all but the last are so long that they were wrapped. */
typedef struct block {
    weft_str text; /* with line ends and indents inside; empty */
    size_t bytes, number;
    size_t after, end; /* offsets behind its last line, and behind what was left out, too */
} block;

static bool is_heading_line(weft_str line)
{
    return !is_furniture(line) && !page_is_furniture(line) &&
           !starts_with_any(line, page_menus) && !page_is_byline(line);
}

static bool next_block(page_cursor *c, block *out)
{
    page_line line;
    size_t last_bytes = 0;
    *out = (block){0};
    while (page_next(c, &line)) {
        if (line.text.n == 0 && out->end > 0)
            return true;
        if (line.text.n == 0)
            continue;
        out->end = c->at;
        if (!is_heading_line(line.text)) {
            last_bytes = 0;
            continue;
        }
        bool goes_on = last_bytes >= WRAPPED_BYTES && out->text.n > 0;
        if (!goes_on)
            *out = (block){.text = line.text, .number = line.number};
        out->text.n = (size_t)(line.text.p - out->text.p) + line.text.n;
        out->bytes += line.text.n;
        out->after = c->at;
        out->end = c->at;
        last_bytes = line.text.n;
    }
    return out->end > 0;
}

/* A word of the notices about cookies that stand above everything. */
static bool is_cookie_notice(weft_str text)
{
    return memmem(text.p, text.n, "ookie", strlen("ookie")) != NULL;
}

/* The title that a heading over the comments repeats: 4 thoughts on “TITLE”; empty. */
static weft_str repeated_title(weft_str head)
{
    static const char *const opens[] = {"“", "„", "«", "\"", "‘", NULL};
    static const char *const closes[] = {"”", "“", "»", "\"", "’", NULL};
    size_t at = head.n > HEADING_BEFORE_END ? head.n - HEADING_BEFORE_END : 0;
    page_cursor c = {head, at, 0};
    weft_str found = {0};
    for (page_line line; page_next(&c, &line);) {
        if (line.text.n == 0 || line.text.p[0] < '0' || line.text.p[0] > '9' ||
            !counts_comments(line.text))
            continue;
        for (size_t i = 0; opens[i] != NULL; i++) {
            const char *open = memmem(line.text.p, line.text.n, opens[i], strlen(opens[i]));
            if (open == NULL || !ends_in(line.text, closes[i]))
                continue;
            const char *title = open + strlen(opens[i]);
            const char *end = line.text.p + line.text.n - strlen(closes[i]);
            if (end > title)
                found = weft_str_of(title, (size_t)(end - title));
        }
    }
    return found;
}

bool page_title_repeated(weft_str head)
{
    return repeated_title(head).n > 0;
}

/* The block that is the title: the one a heading repeats, or the last before any prose. */
static bool find_title(page_cursor *c, block *title, weft_str *site)
{
    weft_str repeated = repeated_title(c->all);
    page_cursor ahead = *c;
    block b, last = {0};
    *site = weft_str_from(NULL);
    if (ahead.all.n > TOP_BYTES_MAX)
        ahead.all.n = TOP_BYTES_MAX;
    while (next_block(&ahead, &b)) {
        bool is_it = repeated.n > 0 && weft_str_eq(b.text, repeated);
        if (b.text.n == 0 || is_cookie_notice(b.text))
            continue;
        if (!is_it && repeated.n == 0 && is_prose(b.text, b.bytes)) {
            *title = last;
            c->at = last.after;
            return last.text.n > 0;
        }
        if (site->n == 0 && b.text.n <= SITE_BYTES_MAX && !is_it)
            *site = b.text;
        if (is_it) {
            *title = b;
            c->at = b.after;
            return true;
        }
        if (b.bytes <= HEADING_BYTES_MAX)
            last = b;
    }
    return false;
}

weft_code page_top_find(void *mem, page_cursor *c, page_head *out, bool *found,
                        weft_error *err)
{
    block title = {0};
    weft_str site;
    *found = find_title(c, &title, &site);
    if (!*found)
        return WEFT_OK;
    out->title_line = title.number;
    weft_code code = WEFT_OK;
    if (site.p != title.text.p)
        code = page_fold(mem, site, &out->site, err);
    if (code == WEFT_OK)
        code = page_fold(mem, bare_title(title.text), &out->title, err);
    return code;
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

weft_code page_read_byline(void *mem, weft_str text, page_head *out, weft_error *err)
{
    page_header h = {0};
    weft_str line;
    weft_code code = page_fold(mem, text, &line, err);
    if (code != WEFT_OK)
        return code;
    if (!out->has_date && page_date_find(line, &out->date))
        out->has_date = true;
    if (!out->has_date && out->ago.n == 0 && page_name_and_date(before_bar(line), &h))
        out->ago = h.ago;
    if (out->author.n == 0)
        out->author = name_after_by(line);
    if (out->author.n == 0 && out->has_date)
        out->author = name_part(line);
    return WEFT_OK;
}

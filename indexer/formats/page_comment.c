/* page_comment.c - where a comment of a page starts, who wrote it and when.
 *
 * A body may hold a list of its own ("1. ...", "2. ..."): a number alone starts nothing.
 * Two shapes do: N. LINK                     the header repeats or extends the link's text
 * and ends in a date; its name wins NAME 3 May 2013 09: 16 New N. NAME says: the header is
 * the date alone
 *        23. Juni 2016 um 17:21 Uhr
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include "banned.h"

enum {
    HEADER_MAX = 1024,   /* bytes of a line that may be a header */
    DATE_TAIL_MAX = 120, /* bytes from where the date starts to the end of the header */
    TRAILING_MAX = 40,   /* bytes after the date, such as " New" */
    UNREAD_MAX = 64,     /* bytes of a date that is none we can read */
    NUMBER_DIGITS_MAX = 7
};

static const char *const SAYS[] = {
    " says:", " said:", " wrote:", " sagt:", " schrieb:", " a dit :", " пишет:"};
static const char *const BUTTONS[] = {"Reply",   "Antworten", "Antwort ↓",
                                      "Reply ↓", "Répondre",  "Ответить"};
/* Words of dates that name no day; with a digit they are seen without this list. */
static const char *const RELATIVE[] = {"just now", "yesterday", "today", "gestern",
                                       "heute",    "hier",      "вчера", "сегодня"};
static const char *const ELLIPSES[] = {"...", "…"};

static bool ends_with(weft_str s, const char *end)
{
    size_t n = strlen(end);
    return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

static weft_str from(weft_str s, size_t at)
{
    return weft_str_of(s.p + at, s.n - at);
}

static bool is_digit(char b)
{
    return b >= '0' && b <= '9';
}

/* "12. LINK" */
static bool read_number_line(weft_str text, weft_str *link)
{
    size_t n = 0;
    while (n < text.n && n < NUMBER_DIGITS_MAX && is_digit(text.p[n]))
        n++;
    if (n == 0 || n >= text.n || text.p[n] != '.' || page_space(from(text, n + 1)) == 0)
        return false;
    *link = page_trim(from(text, n + 1));
    return link->n > 0 && link->n <= HEADER_MAX;
}

/* Whether a header's name can belong to the link's text: the same, longer, or the link was
 * cut short. */
static bool names_agree(weft_str link, weft_str name)
{
    for (size_t i = 0; i < sizeof ELLIPSES / sizeof ELLIPSES[0]; i++) {
        if (ends_with(link, ELLIPSES[i]))
            link.n -= strlen(ELLIPSES[i]);
    }
    if (name.n >= link.n)
        return memcmp(name.p, link.p, link.n) == 0;
    return name.n > 0 && memcmp(name.p, link.p, name.n) == 0 &&
           page_space(from(link, name.n)) > 0;
}

/* The header begins with the very text of the link. */
static bool starts_with_link(weft_str header, weft_str link, weft_str *rest)
{
    if (header.n <= link.n || memcmp(header.p, link.p, link.n) != 0 ||
        page_space(from(header, link.n)) == 0)
        return false;
    *rest = page_trim(from(header, link.n));
    return true;
}

/* The last date of the header with a name that agrees before it. */
static bool read_last_date(weft_str header, weft_str link, page_header *out)
{
    size_t first = header.n > DATE_TAIL_MAX ? header.n - DATE_TAIL_MAX : 1;
    for (size_t at = header.n; at-- > first;) {
        if (header.p[at - 1] != ' ')
            continue;
        size_t n = page_date_read(from(header, at), &out->date);
        if (n == 0 || header.n - at - n > TRAILING_MAX)
            continue;
        out->name = page_trim(weft_str_of(header.p, at));
        return names_agree(link, out->name);
    }
    return false;
}

/* Whether text holds a year, a time of day or a word such as "yesterday". */
static bool looks_dated(weft_str text)
{
    size_t digits = 0;
    for (size_t i = 0; i < text.n; i++) {
        digits = is_digit(text.p[i]) ? digits + 1 : 0;
        bool year = digits == 4 && (i + 1 == text.n || !is_digit(text.p[i + 1]));
        bool hour = digits > 0 && digits <= 2 && i + 1 < text.n && text.p[i + 1] == ':';
        if (year || hour)
            return true;
    }
    for (size_t i = 0; i < sizeof RELATIVE / sizeof RELATIVE[0]; i++) {
        if (weft_str_starts(text, RELATIVE[i]))
            return true;
    }
    return text.n > 0 && is_digit(text.p[0]) && memmem(text.p, text.n, " ago", 4) != NULL;
}

/* "NAME DATE" under "LINK". */
static bool read_name_and_date(weft_str header, weft_str link, page_header *out)
{
    weft_str rest = {0};
    bool repeats = starts_with_link(header, link, &rest);
    out->name = link;
    out->has_date = true;
    if (repeats) {
        size_t n = page_date_read(rest, &out->date);
        if (n > 0 && rest.n - n <= TRAILING_MAX)
            return true;
    }
    if (read_last_date(header, link, out))
        return true;
    out->name = link;
    out->has_date = false;
    return repeats && rest.n <= UNREAD_MAX && looks_dated(rest);
}

/* A date alone under "NAME says:". */
static bool read_says(weft_str header, weft_str link, page_header *out)
{
    for (size_t i = 0; i < sizeof SAYS / sizeof SAYS[0]; i++) {
        if (!ends_with(link, SAYS[i]))
            continue;
        size_t n = page_date_read(header, &out->date);
        if (n == 0 || header.n - n > TRAILING_MAX)
            return false;
        out->name = page_trim(weft_str_of(link.p, link.n - strlen(SAYS[i])));
        out->has_date = true;
        out->has_button = true;
        return out->name.n > 0;
    }
    return false;
}

bool page_comment_starts(const page_line *line, page_cursor *after, page_header *out)
{
    weft_str link;
    page_line header;
    if (!read_number_line(line->text, &link))
        return false;
    page_cursor ahead = *after;
    if (!page_next(&ahead, &header) || header.indent <= line->indent ||
        header.text.n > HEADER_MAX)
        return false;
    page_header found = {.indent = line->indent, .content = header.indent};
    if (!read_name_and_date(header.text, link, &found) &&
        !read_says(header.text, link, &found))
        return false;
    *out = found;
    *after = ahead;
    return true;
}

bool page_is_button(weft_str text)
{
    for (size_t i = 0; i < sizeof BUTTONS / sizeof BUTTONS[0]; i++) {
        if (weft_str_is(text, BUTTONS[i]))
            return true;
    }
    return false;
}

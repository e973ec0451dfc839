/* page_comment.c - where a comment of a page starts, who wrote it and when.
 *
 * A body may hold a list of its own ("1. ...", "2. ..."): a number alone starts nothing.
 * These shapes do, after a number or the dot of a list ("NAME says:" needs neither):
 *
 *     N. LINK               the header repeats or extends the link's text and ends in a
 *        NAME 3 May 2013    date; its name wins
 *
 *     N. NAME says:         below the name stands the date alone; without "says" it must
 *        23. Juni 2016 um   have a time of day
 *        17:21 Uhr
 *
 *     N. NAME 3 May 2013    all on one line, again with a time
 *        09:16
 *
 *     N. [ ]                a form's box, perhaps a number of votes, then the header
 *        NAME 2 hours ago
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include "banned.h"

enum {
    HEADER_MAX = 1024,   /* bytes of a line that may be a header */
    DATE_TAIL_MAX = 120, /* bytes from where the date starts to the end of the header */
    TRAILING_MAX = 40,   /* bytes after the date, such as " New" */
    UNREAD_MAX = 64,     /* bytes of a date that is none we can read */
    NUMBER_DIGITS_MAX = 7,
    WRAPPED_MIN = 40,    /* columns of a line that may go on in the next one */
    WIDGET_LINES_MAX = 6 /* from a form's box to the header */
};

/* Words of dates that name no day; with a digit they are seen without this list. */
static const char *const RELATIVE[] = {"just now", "yesterday", "today", "gestern",
                                       "heute",    "hier",      "вчера", "сегодня"};
static const char *const ELLIPSES[] = {"...", "…"};
/* Dots of lists as text browsers print them. */
static const char *const DOTS[] = {"•", "□", "■", "○", "●", "◦",
                                   "▪", "☆", "★", "*", "+", "o"};

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

/* "12. LINK" or "* LINK"; of a number alone the link is empty. */
static bool read_number_line(weft_str text, weft_str *link)
{
    size_t n = 0;
    while (n < text.n && n < NUMBER_DIGITS_MAX && is_digit(text.p[n]))
        n++;
    bool is_marked = n > 0 && n < text.n && text.p[n] == '.';
    n += is_marked;
    for (size_t i = 0; i < sizeof DOTS / sizeof DOTS[0] && !is_marked; i++) {
        is_marked = weft_str_starts(text, DOTS[i]);
        n = is_marked ? strlen(DOTS[i]) : 0;
    }
    if (!is_marked || (n < text.n && page_space(from(text, n)) == 0))
        return false;
    *link = page_trim(from(text, n));
    return link->n <= HEADER_MAX;
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

/* The next line with text into *header, one blank line passed over, when it stands further
 * right than the number. */
static bool take_below(const page_line *line, page_cursor *ahead, page_line *header)
{
    bool more = page_next(ahead, header);
    if (more && header->text.n == 0)
        more = page_next(ahead, header);
    return more && header->text.n > 0 && header->indent > line->indent &&
           header->text.n <= HEADER_MAX;
}

static bool read_twice(const page_line *line, weft_str link, page_cursor *ahead,
                       page_header *out)
{
    page_line header;
    if (link.n == 0 || !take_below(line, ahead, &header) ||
        !read_name_and_date(header.text, link, out))
        return false;
    out->content = header.indent;
    return true;
}

/* A date alone under "NAME says:" or "NAME". */
static bool read_below(const page_line *line, weft_str link, page_cursor *ahead,
                       page_header *out)
{
    page_line header;
    weft_str name = page_without_pictures(link);
    bool says = page_cut_says(&name);
    name = page_trim_colon(name);
    if (name.n == 0 || !page_name_is_fit(name) || !take_below(line, ahead, &header))
        return false;
    size_t n = page_date_read(header.text, &out->date);
    out->has_date =
        n > 0 && (says || out->date.has_time) &&
        (page_is_tail(from(header.text, n)) || (says && header.text.n - n <= TRAILING_MAX));
    if (!out->has_date && !page_ago_line(header.text, &out->ago))
        return false;
    out->name = name;
    out->content = header.indent;
    out->has_button = true;
    return true;
}

/* Columns of the first line with text behind the header, when it stands further right; else
 * those of the name. */
static size_t content_of(const page_line *line, weft_str link, page_cursor ahead)
{
    page_line next;
    size_t of_name = line->indent + (size_t)(link.p - line->text.p);
    while (page_next(&ahead, &next))
        if (next.text.n > 0)
            return next.indent > line->indent && next.indent <= of_name ? next.indent
                                                                        : of_name;
    return of_name;
}

/* The header may go on in the next line, where the page was wrapped. */
static bool read_wrapped(const page_line *line, weft_str link, page_cursor *ahead,
                         page_header *out)
{
    page_line next;
    if (line->indent + line->text.n < WRAPPED_MIN || !take_below(line, ahead, &next) ||
        next.text.n == 0)
        return false;
    weft_str joined = link;
    joined.n = (size_t)(next.text.p - link.p) + next.text.n;
    return joined.n <= HEADER_MAX && page_name_and_date(joined, out) && out->ago.n == 0;
}

static bool read_inline(const page_line *line, weft_str link, page_cursor *ahead,
                        page_header *out)
{
    page_cursor before = *ahead;
    if (link.n == 0)
        return false;
    if (!page_name_and_date(link, out)) {
        *ahead = before;
        if (!read_wrapped(line, link, ahead, out))
            return false;
    }
    out->content = content_of(line, link, *ahead);
    out->has_button = true;
    return true;
}

/* "[ ]", texts of pictures, or nothing; a number may stand before it. */
static bool is_box(weft_str link)
{
    size_t n = 0;
    while (n < link.n && n < NUMBER_DIGITS_MAX && is_digit(link.p[n]))
        n++;
    return page_is_pictures(page_trim(from(link, n)));
}

/* A number of votes. */
static bool is_votes(weft_str text)
{
    size_t from_digit = text.n > 0 && (text.p[0] == '-' || text.p[0] == '+') ? 1 : 0;
    for (size_t i = from_digit; i < text.n; i++)
        if (!is_digit(text.p[i]))
            return false;
    return text.n > from_digit && text.n <= NUMBER_DIGITS_MAX;
}

/* "NAME says:", below it the date with a time, both at the same indent. Under a box, "says"
 * and time may be missing. */
static bool read_says(const page_line *line, bool is_boxed, page_cursor *ahead,
                      page_header *out)
{
    page_line header;
    weft_str name = page_without_pictures(line->text);
    if (line->text.n == 0 || line->text.n > HEADER_MAX ||
        (!page_cut_says(&name) && !is_boxed) || !page_name_is_fit(name) ||
        !page_next(ahead, &header) || header.indent != line->indent)
        return false;
    size_t n = page_date_read(header.text, &out->date);
    out->has_date =
        n > 0 && (is_boxed || out->date.has_time) && page_is_tail(from(header.text, n));
    if (!out->has_date && !page_ago_line(header.text, &out->ago))
        return false;
    out->name = name;
    out->content = header.indent;
    out->has_button = true;
    return true;
}

static bool read_widget(const page_line *line, weft_str link, page_cursor *ahead,
                        page_header *out)
{
    page_line header;
    if (!is_box(link))
        return false;
    for (int i = 0; i < WIDGET_LINES_MAX; i++) {
        if (!page_next(ahead, &header))
            return false;
        if (header.text.n == 0 || (header.indent > line->indent && is_votes(header.text)))
            continue;
        if (header.indent <= line->indent)
            return false;
        out->content = header.indent;
        out->has_button = true;
        return page_name_and_date(header.text, out) || read_says(&header, true, ahead, out);
    }
    return false;
}

static bool read_ping(const page_line *line, weft_str link, page_header *out)
{
    for (size_t i = 0; page_pings[i] != NULL; i++) {
        if (!weft_str_starts(link, page_pings[i]))
            continue;
        size_t n = strlen(page_pings[i]);
        out->name = page_trim(from(link, n));
        out->content = line->indent + (size_t)(link.p - line->text.p);
        return true;
    }
    return false;
}

bool page_comment_starts(const page_line *line, page_cursor *after, page_header *out)
{
    bool (*const shapes[PAGE_SHAPES])(const page_line *, weft_str, page_cursor *,
                                      page_header *) = {
        [PAGE_TWICE] = read_twice,
        [PAGE_BELOW] = read_below,
        [PAGE_INLINE] = read_inline,
        [PAGE_WIDGET] = read_widget,
    };
    weft_str link;
    if (line->text.n == 0)
        return false;
    if (!read_number_line(line->text, &link)) {
        page_cursor below = *after;
        page_header bare = {.shape = PAGE_BELOW, .indent = line->indent};
        if (line->text.p[line->text.n - 1] != ':' || !read_says(line, false, &below, &bare))
            return false;
        *out = bare;
        *after = below;
        return true;
    }
    for (page_shape shape = 0; shape < PAGE_SHAPES; shape++) {
        page_cursor ahead = *after;
        page_header found = {.shape = shape, .indent = line->indent};
        if (!shapes[shape](line, link, &ahead, &found))
            continue;
        *out = found;
        *after = ahead;
        return true;
    }
    page_header ping = {.shape = PAGE_PING, .indent = line->indent};
    if (!read_ping(line, link, &ping))
        return false;
    *out = ping;
    return true;
}

/* html.c - pieces of a page. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include <string.h>

#include "weft/mem.h"
#include "banned.h"

static const char *escaped(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_text(weft_buf *b, weft_str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *as = escaped(text.p[i]);
        if (as == NULL)
            continue;
        weft_buf_add(b, weft_str_of(text.p + from, i - from));
        weft_buf_add_text(b, as);
        from = i + 1;
    }
    weft_buf_add(b, weft_str_of(text.p + from, text.n - from));
}

weft_str html_string(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return weft_str_of(json_string_value(value), json_string_length(value));
}

void html_key(weft_buf *b, const json_t *object, const char *key)
{
    html_text(b, html_string(object, key));
}

/* Marks are in order, apart, and between characters; anything else is passed over. */
static void put_marked(weft_buf *b, weft_str text, const json_t *marks)
{
    size_t at = 0, i;
    const json_t *mark;
    json_array_foreach(marks, i, mark)
    {
        size_t from = (size_t)json_integer_value(json_array_get(mark, 0));
        size_t to = (size_t)json_integer_value(json_array_get(mark, 1));
        if (from < at || to < from || to > text.n)
            continue;
        html_text(b, weft_str_of(text.p + at, from - at));
        weft_buf_add_text(b, "<mark>");
        html_text(b, weft_str_of(text.p + from, to - from));
        weft_buf_add_text(b, "</mark>");
        at = to;
    }
    html_text(b, weft_str_of(text.p + at, text.n - at));
}

void html_snippet(weft_buf *b, const json_t *snippet)
{
    put_marked(b, html_string(snippet, "text"), json_object_get(snippet, "marks"));
}

void html_title(weft_buf *b, const json_t *article)
{
    weft_str title = html_string(article, "title");
    const json_t *marks = json_object_get(article, "title_marks"); /* of a hit */
    if (title.n > 0)
        put_marked(b, title, marks == NULL ? json_object_get(article, "marks") : marks);
    else
        html_key(b, article, "ref");
}

static bool is_quote_line(weft_str line)
{
    return weft_str_starts(weft_str_trim(line), ">");
}

static weft_str without_mark(weft_str line)
{
    line = weft_str_trim(line);
    line = weft_str_of(line.p + 1, line.n - 1);
    return weft_str_starts(line, " ") ? weft_str_of(line.p + 1, line.n - 1) : line;
}

/* What a text is written within at the moment. */
typedef struct body_place {
    bool in_quote, in_paragraph;
} body_place;

static void close_paragraph(weft_buf *b, body_place *at)
{
    if (at->in_paragraph)
        weft_buf_add_text(b, "</p>");
    at->in_paragraph = false;
}

static void put_line(weft_buf *b, body_place *at, weft_str line)
{
    bool quotes = is_quote_line(line);
    if (quotes != at->in_quote) {
        close_paragraph(b, at);
        weft_buf_add_text(b, quotes ? "<blockquote>" : "</blockquote>");
        at->in_quote = quotes;
    }
    line = quotes ? without_mark(line) : line;
    if (weft_str_trim(line).n == 0) {
        close_paragraph(b, at);
        return;
    }
    weft_buf_add_text(b, at->in_paragraph ? "<br>" : "<p>");
    at->in_paragraph = true;
    html_text(b, line);
}

void html_body(weft_buf *b, weft_str text)
{
    body_place at = {0};
    for (weft_str line; weft_str_next_line(&text, &line);)
        put_line(b, &at, line);
    close_paragraph(b, &at);
    if (at.in_quote)
        weft_buf_add_text(b, "</blockquote>");
}

/* As a value in a query, or a segment of a path. */
static void put_encoded(weft_buf *b, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:";
    for (const char *c = text; *c != '\0'; c++) {
        if (strchr(plain, *c) != NULL)
            weft_buf_add_char(b, *c);
        else
            weft_buf_addf(b, "%%%02X", (unsigned)(unsigned char)*c);
    }
}

void html_parameter(weft_buf *b, size_t *count, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    weft_buf_addf(b, "%s%s=", (*count)++ == 0 ? "?" : "&amp;", name);
    put_encoded(b, value);
}

void html_thread_href(weft_buf *b, const char *ref, const char *q)
{
    size_t count = 0;
    weft_buf_add_text(b, "/thread/");
    put_encoded(b, ref == NULL ? "" : ref);
    html_parameter(b, &count, "q", q);
    weft_buf_add_text(b, "#at");
}

void html_source_link(weft_buf *b, const json_t *document)
{
    weft_str url = html_string(document, "url");
    if (!weft_str_starts(url, "https://") && !weft_str_starts(url, "http://"))
        return;
    weft_buf_add_text(b, "<a class=\"source\" rel=\"nofollow noopener\" href=\"");
    html_text(b, url);
    weft_buf_add_text(b, "\">where it was published</a>");
}

/* "2013-05-03T09:16:00Z" becomes 3 May 2013, 09:16. */
void html_date(weft_buf *b, const json_t *document)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    enum { DATE_BYTES = 20, MONTH_AT = 5, DAY_AT = 8, TIME_AT = 11 };
    weft_str date = html_string(document, "date");
    uint64_t month, day;
    if (date.n < DATE_BYTES ||
        weft_parse_u64(weft_str_of(date.p + MONTH_AT, 2), 12, &month, NULL) != WEFT_OK ||
        weft_parse_u64(weft_str_of(date.p + DAY_AT, 2), 31, &day, NULL) != WEFT_OK ||
        month == 0)
        return;
    weft_buf_add_text(b, "<time datetime=\"");
    html_text(b, date);
    weft_buf_addf(b, "\">%d %s %.4s, %.5s</time>", (int)day, months[month - 1], date.p,
                  date.p + TIME_AT);
}

void html_byline(weft_buf *b, const json_t *document)
{
    weft_buf_add_text(b, "<span class=\"author\" dir=\"auto\">");
    if (html_string(document, "author").n > 0)
        html_key(b, document, "author");
    else
        weft_buf_add_text(b, "no name");
    weft_buf_add_text(b, "</span> ");
    html_date(b, document);
}

void html_count(weft_buf *b, long long n, const char *one, const char *many)
{
    weft_buf_addf(b, "%lld %s", n, n == 1 ? one : many);
}

void html_votes(weft_buf *b, const json_t *document)
{
    const json_t *votes = json_object_get(document, "votes");
    if (!json_is_integer(votes))
        return;
    weft_buf_add_text(b, " <span class=\"votes\">");
    html_count(b, json_integer_value(votes), "vote", "votes");
    weft_buf_add_text(b, "</span>");
}

json_int_t html_number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

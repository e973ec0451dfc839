/* page_line.c - the lines of a page with their indents. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include "weft/mem.h"
#include "banned.h"

enum { TAB_COLUMNS = 8 };

size_t page_space(weft_str s)
{
    if (s.n > 0 && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
        return 1;
    return weft_str_starts(s, "\xc2\xa0") ? 2 : 0;
}

static bool ends_in_space(weft_str s, size_t *bytes)
{
    *bytes = 1;
    char last = s.n > 0 ? s.p[s.n - 1] : 'x';
    if (last == ' ' || (last >= '\t' && last <= '\r'))
        return true;
    *bytes = 2;
    return s.n >= 2 && memcmp(s.p + s.n - 2, "\xc2\xa0", 2) == 0;
}

static weft_str trim_end(weft_str s)
{
    size_t bytes;
    while (ends_in_space(s, &bytes))
        s.n -= bytes;
    return s;
}

weft_str page_trim(weft_str s)
{
    for (size_t n; (n = page_space(s)) > 0;) {
        s.p += n;
        s.n -= n;
    }
    return trim_end(s);
}

/* Columns the white space at s takes when it starts in column `at`. */
static size_t columns_of(weft_str s, size_t at)
{
    return s.p[0] == '\t' ? TAB_COLUMNS - at % TAB_COLUMNS : 1;
}

weft_str page_strip(weft_str raw, size_t columns)
{
    size_t at = 0;
    for (size_t n; at < columns && (n = page_space(raw)) > 0;) {
        at += columns_of(raw, at);
        raw.p += n;
        raw.n -= n;
    }
    return trim_end(raw);
}

bool page_next(page_cursor *c, page_line *line)
{
    if (c->at >= c->all.n)
        return false;
    weft_str rest = weft_str_of(c->all.p + c->at, c->all.n - c->at);
    size_t before = rest.n;
    if (!weft_str_next_line(&rest, &line->raw))
        return false;
    line->start = c->at;
    c->at += before - rest.n;
    line->number = ++c->number;
    line->indent = 0;
    weft_str text = line->raw;
    for (size_t n; (n = page_space(text)) > 0;) {
        line->indent += columns_of(text, line->indent);
        text.p += n;
        text.n -= n;
    }
    line->text = trim_end(text);
    return true;
}

weft_code page_fold(void *mem, weft_str text, weft_str *out, weft_error *err)
{
    weft_buf line;
    weft_buf_init(&line, mem, PAGE_BYTES_MAX);
    while (text.n > 0) {
        size_t n = page_space(text);
        if (n == 0)
            weft_buf_add_char(&line, text.p[0]);
        else if (line.n > 0 && line.p[line.n - 1] != ' ')
            weft_buf_add_char(&line, ' ');
        n = n == 0 ? 1 : n;
        text = weft_str_of(text.p + n, text.n - n);
    }
    *out = page_trim(weft_buf_str(&line));
    return weft_buf_check(&line, "line", err);
}

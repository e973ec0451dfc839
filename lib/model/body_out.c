/* body_out.c - readable text as it is written: lines, paragraphs, the markers of quotes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "body_parts.h"

#include "weft/limits.h"
#include "banned.h"

/* Room past the limit for what is added to the last piece. */
enum { SLACK_BYTES = 64 * 1024 };

void body_out_init(body_out *o, void *mem)
{
    *o = (body_out){.breaks = 0};
    weft_buf_init(&o->text, mem, (size_t)WEFT_TEXT_MAX + SLACK_BYTES);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static void add_quote_marks(body_out *o, unsigned depth, bool words_follow)
{
    depth = least(depth, WEFT_QUOTE_NESTING_MAX);
    for (unsigned i = 0; i < depth; i++)
        weft_buf_add_text(&o->text, words_follow || i + 1 < depth ? "> " : ">");
}

/* "Quote: NAME", the line above a quote that names whose it is. */
static void add_quoted_name(body_out *o)
{
    add_quote_marks(o, o->quotes - 1, true);
    weft_buf_add_text(&o->text, "Quote: ");
    weft_buf_add(&o->text, o->quoted);
    weft_buf_add_char(&o->text, '\n');
}

/* End the line and begin the next. An empty line between two lines of one quote is marked as
 * part of it; one between two quotes is not. */
static void begin_line(body_out *o)
{
    unsigned common = least(o->quotes_line, least(o->quotes, o->quotes_least));
    unsigned lines = o->text.n == 0 ? 0 : o->breaks;
    if (o->quoted.n > 0 && o->quotes > 0)
        common = least(common, o->quotes - 1);
    for (unsigned i = 0; i < lines && o->text.n < WEFT_TEXT_MAX; i++) {
        weft_buf_add_char(&o->text, '\n');
        if (i + 1 < lines)
            add_quote_marks(o, common, false);
    }
    if (o->quoted.n > 0 && o->quotes > 0) {
        add_quoted_name(o);
        o->quoted.n = 0;
    }
    add_quote_marks(o, o->quotes, true);
    weft_buf_add_text(&o->text, o->marker);
    o->marker[0] = '\0';
    o->breaks = 0;
    o->space = false;
    o->quotes_line = o->quotes_least = o->quotes;
}

void body_out_add(body_out *o, weft_str piece)
{
    if (o->is_full || piece.n == 0)
        return;
    if (o->breaks > 0 || o->text.n == 0)
        begin_line(o);
    else if (o->space)
        weft_buf_add_char(&o->text, ' ');
    o->space = false;
    size_t room = o->text.n < WEFT_TEXT_MAX ? WEFT_TEXT_MAX - o->text.n : 0;
    o->is_full = piece.n > room;
    weft_buf_add(&o->text, weft_str_of(piece.p, weft_utf8_cut(piece, room)));
}

void body_out_space(body_out *o)
{
    o->space = true;
}

void body_out_break(body_out *o, unsigned lines)
{
    if (o->breaks < lines)
        o->breaks = lines;
}

void body_out_verbatim(body_out *o, weft_str text)
{
    while (text.n > 0 && !o->is_full) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end == NULL ? text.n : (size_t)(end - text.p);
        weft_str line = weft_str_of(text.p, n);
        if (n > 0 && line.p[n - 1] == '\r')
            line.n--;
        body_out_add(o, line);
        o->breaks += end != NULL && o->breaks < WEFT_TEXT_MAX;
        n += end != NULL;
        text = weft_str_of(text.p + n, text.n - n);
    }
}

void body_out_quote(body_out *o, bool enters)
{
    if (!enters && o->quotes == 0)
        return;
    body_out_break(o, 2);
    o->quotes = enters ? o->quotes + 1 : o->quotes - 1;
    o->quotes_least = least(o->quotes_least, o->quotes);
}

void body_out_cut(body_out *o, size_t start)
{
    if (start >= o->text.n || o->text.failed != WEFT_OK)
        return;
    o->text.n = start;
    o->text.p[start] = '\0';
}

/* quote.c - the quotes a body marks: tags, "Quote: NAME" with the paragraph under it, lines
 * that begin with '>'. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/quote.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "quote_parts.h"
#include "banned.h"

enum { FIRST_SIZE = 4 };

/* A language's word before the name; one more row for one more language. */
static const char *const NAME_MARKERS[] = {
    "Quote:", "Zitat:", "Цитата:", "Citation :", "Citation:", "Cita:"};

/* What directly follows '>' in an arrow, a comparison or a face: such a line is the
 * writer's own. */
static const char NOT_QUOTED[] = ":;=_<-^.,!?/\\|)";

typedef enum line_kind {
    LINE_PLAIN,
    LINE_MARKED, /* begins with '>' and words */
    LINE_MAYBE, /* begins with '>' and a number or no word: quoted only beside a marked line
                 */
    LINE_NAME   /* "Quote: NAME" */
} line_kind;

typedef struct body_line {
    size_t start, end; /* bytes of the body, without the line's end */
    weft_str text;     /* trimmed */
    weft_str who;      /* LINE_NAME */
    line_kind kind;
    bool in_tags; /* some of it is inside [quote] tags */
} body_line;

typedef struct body_scan {
    weft_str body;
    size_t at;
    const weft_quote *tags;
    size_t tag_count, tag; /* tag: the first that may still touch a line */
    void *mem;
    weft_quote *out;
    size_t count, size;
    bool out_of_memory;
} body_scan;

static bool is_ascii_space(char c)
{
    return c == ' ' || c == '\t';
}

static bool starts_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

static line_kind kind_of_angle(weft_str text)
{
    size_t i = 1;
    while (i < text.n && text.p[i] == '>')
        i++;
    if (i < text.n && strchr(NOT_QUOTED, text.p[i]) != NULL)
        return LINE_PLAIN;
    while (i < text.n && (is_ascii_space(text.p[i]) || text.p[i] == '>'))
        i++;
    if (i == text.n || (text.p[i] >= '0' && text.p[i] <= '9'))
        return LINE_MAYBE;
    for (; i < text.n; i++) {
        if (starts_word(text.p[i]))
            return LINE_MARKED;
    }
    return LINE_MAYBE;
}

static line_kind kind_of(weft_str text, weft_str *who)
{
    if (text.n > 0 && text.p[0] == '>')
        return kind_of_angle(text);
    for (size_t i = 0; i < sizeof NAME_MARKERS / sizeof NAME_MARKERS[0]; i++) {
        if (!weft_str_starts(text, NAME_MARKERS[i]))
            continue;
        size_t n = strlen(NAME_MARKERS[i]);
        *who = weft_str_trim(weft_str_of(text.p + n, text.n - n));
        return who->n > 0 && who->n <= WEFT_AUTHOR_MAX ? LINE_NAME : LINE_PLAIN;
    }
    return LINE_PLAIN;
}

/* The line at b->at, which stays; false at the end. *next is where the one below starts. */
static bool peek_line(const body_scan *b, size_t at, body_line *line, size_t *next)
{
    weft_str rest = weft_str_of(b->body.p + at, b->body.n - at);
    weft_str raw;
    size_t before = rest.n;
    if (before == 0 || !weft_str_next_line(&rest, &raw))
        return false;
    *next = at + before - rest.n;
    *line = (body_line){.start = at, .end = at + raw.n, .text = weft_str_trim(raw)};
    line->kind = kind_of(line->text, &line->who);
    line->in_tags = b->tag < b->tag_count && b->tags[b->tag].outer_start < line->end &&
                    b->tags[b->tag].outer_end > line->start;
    return true;
}

static void add_quote(body_scan *b, weft_quote q)
{
    if (b->count == WEFT_QUOTES_MAX || b->out_of_memory)
        return;
    if (b->count == b->size) {
        size_t size = b->size == 0 ? FIRST_SIZE : b->size * 2;
        weft_quote *grown = weft_grow_array(b->mem, b->out, weft_quote, size);
        b->out_of_memory = grown == NULL;
        if (grown == NULL)
            return;
        b->out = grown;
        b->size = size;
    }
    b->out[b->count++] = q;
}

/* Bytes of the markers before the words of a line. */
static size_t marker_bytes(weft_str text)
{
    size_t n = 0;
    while (n < text.n && (text.p[n] == '>' || is_ascii_space(text.p[n])))
        n++;
    return n;
}

/* The run of '>' lines that begins with first; false when none of them is surely a quote.
 */
static void take_angles(body_scan *b, const body_line *first, size_t next)
{
    body_line line, last = *first;
    bool sure = first->kind == LINE_MARKED;
    size_t after = next;
    while (peek_line(b, next, &line, &next) && !line.in_tags &&
           (line.kind == LINE_MARKED || line.kind == LINE_MAYBE)) {
        sure = sure || line.kind == LINE_MARKED;
        last = line;
        after = next;
    }
    b->at = after;
    if (!sure)
        return;
    size_t start = (size_t)(first->text.p - b->body.p) + marker_bytes(first->text);
    size_t end = (size_t)(last.text.p - b->body.p) + last.text.n;
    add_quote(b, (weft_quote){.outer_start = (uint32_t)first->start,
                              .outer_end = (uint32_t)last.end,
                              .start = (uint32_t)start,
                              .end = (uint32_t)end,
                              .node = WEFT_NO_NODE});
}

/* The paragraph under a "Quote: NAME" line: without one the line is the writer's own. */
static void take_named(body_scan *b, const body_line *name, size_t next)
{
    body_line line, first = {0}, last = {0};
    size_t lines = 0, after = next;
    while (peek_line(b, next, &line, &next) && !line.in_tags && line.text.n > 0) {
        if (line.kind == LINE_NAME && lines > 0)
            break;
        if (lines++ == 0)
            first = line;
        last = line;
        after = next;
    }
    if (lines == 0)
        return;
    b->at = after;
    size_t start = (size_t)(first.text.p - b->body.p);
    if (first.kind == LINE_MARKED || first.kind == LINE_MAYBE)
        start += marker_bytes(first.text);
    add_quote(
        b, (weft_quote){.outer_start = (uint32_t)name->start,
                        .outer_end = (uint32_t)last.end,
                        .start = (uint32_t)start,
                        .end = (uint32_t)((size_t)(last.text.p - b->body.p) + last.text.n),
                        .who = name->who,
                        .node = WEFT_NO_NODE});
}

/* Keep the quotes in tags that end in the line. */
static void pass_tags(body_scan *b, const body_line *line)
{
    while (b->tag < b->tag_count && b->tags[b->tag].outer_end <= line->end)
        add_quote(b, b->tags[b->tag++]);
}

static void scan_lines(body_scan *b)
{
    body_line line;
    size_t next;
    while (peek_line(b, b->at, &line, &next)) {
        b->at = next;
        if (!line.in_tags && (line.kind == LINE_MARKED || line.kind == LINE_MAYBE))
            take_angles(b, &line, next);
        else if (!line.in_tags && line.kind == LINE_NAME)
            take_named(b, &line, next);
        else
            pass_tags(b, &line);
    }
}

weft_code weft_quote_scan(void *mem, weft_str body, weft_quote **out, size_t *count,
                          weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_quote *tags = NULL;
    body_scan b = {.body = body, .mem = mem};
    if (tmp == NULL)
        return weft_fail_nomem(err);
    if (body.n > 0 && body.n <= UINT32_MAX) {
        weft_code code = quote_tags_scan(tmp, body, &tags, &b.tag_count, err);
        if (code != WEFT_OK)
            return code;
        b.tags = tags;
        scan_lines(&b);
    }
    if (b.out_of_memory)
        return weft_fail_nomem(err);
    *out = b.out;
    *count = b.count;
    return WEFT_OK;
}

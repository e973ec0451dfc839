/* render.c - what the replies of several commands share when a person reads them. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render.h"

#include "weft/mem.h"
#include "reply.h"
#include "banned.h"

enum { PROBLEM_INDENT = 4 };

void render_separate(paper *p)
{
    if (p->row.n > 0)
        paper_add_text(p, CELL_DIM, " \xC2\xB7 "); /* a middle dot: names may hold commas */
}

void render_more(paper *p, cell_style style, weft_str text)
{
    if (text.n == 0)
        return;
    render_separate(p);
    paper_add(p, style, text);
}

void render_count(paper *p, cell_style style, long long n, const char *one,
                  const char *many)
{
    paper_addf(p, style, "%lld %s", n, n == 1 ? one : many);
}

void render_who(paper *p, const json_t *comment)
{
    if (reply_true(comment, "removed")) {
        paper_add_text(p, CELL_DIM, "[removed]");
        return;
    }
    weft_str author = reply_text(comment, "author");
    paper_add(p, CELL_NAME, author.n > 0 ? author : weft_str_from("(no name)"));
    char date[REPLY_DATE_MAX];
    reply_date(comment, "date", date);
    render_more(p, CELL_DIM, weft_str_from(date));
}

void render_snippet(paper *p, const json_t *snippet)
{
    weft_scope void *tmp = talloc_new(NULL);
    size_t count;
    cell_mark *marks = reply_marks(tmp, snippet, "marks", &count);
    paper_add_marked(p, CELL_PLAIN, reply_text(snippet, "text"), marks, count);
}

void render_total(paper *p, const json_t *reply)
{
    const json_t *total = json_object_get(reply, "total");
    long long hits = reply_number(total, "hits"), relaxed = reply_number(total, "relaxed");
    if (json_is_false(json_object_get(total, "exact")))
        paper_add_text(p, CELL_PLAIN, "at least ");
    render_count(p, CELL_PLAIN, hits, "hit", "hits");
    paper_add_text(p, CELL_PLAIN, " in ");
    render_count(p, CELL_PLAIN, reply_number(total, "threads"), "thread", "threads");
    if (relaxed > 0)
        paper_addf(p, CELL_PLAIN, ", %lld more with only some of the words", relaxed);
    if (reply_true(reply, "partial"))
        paper_add_text(p, CELL_PLAIN, " (time ran out: there may be more)");
}

/* The query on one line with a caret under the byte `at`; of a long query the part around
 * it. */
static void add_caret(paper *p, weft_str query, size_t at)
{
    if (at > query.n)
        at = query.n;
    /* A character has at least as many bytes as columns: so many bytes always fit. */
    size_t from = at > p->columns / 2 ? at - p->columns / 2 : 0;
    while (from > 0 && from < at && ((unsigned char)query.p[from] & 0xC0) == 0x80)
        from++;
    paper_add(p, CELL_PLAIN, weft_str_of(query.p + from, at - from));
    size_t column = PROBLEM_INDENT + cells_columns(p->row.p, p->row.n);
    paper_add(p, CELL_PLAIN, weft_str_of(query.p + at, query.n - at));
    paper_cut(p, PROBLEM_INDENT);
    for (size_t i = 0; i < column; i++)
        weft_buf_add_char(&p->out, ' ');
    weft_buf_add_text(&p->out, "^\n");
}

void render_problem(paper *p, const char *kind, weft_str message, weft_str query,
                    const size_t *at)
{
    weft_str rest = weft_str_trim(message), line;
    while (weft_str_next_line(&rest, &line)) {
        paper_add_text(p, CELL_PLAIN, kind);
        paper_add(p, CELL_PLAIN, line);
        paper_long(p);
    }
    if (at != NULL && query.n > 0)
        add_caret(p, query, *at);
}

/* render_thread.c - a whole thread as an indented tree. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render.h"

#include "reply.h"
#include "banned.h"

static void put_body(paper *p, const json_t *o, size_t indent)
{
    paper_body(p, indent, reply_text(o, "body"));
    if (!reply_true(o, "cut"))
        return;
    paper_add_text(p, CELL_DIM, "(cut: weft get ");
    paper_add(p, CELL_DIM, reply_text(o, "ref"));
    paper_add_text(p, CELL_DIM, " shows all)");
    paper_wrap(p, indent);
}

void render_article(paper *p, const json_t *reply)
{
    const json_t *article = json_object_get(reply, "article");
    weft_str title = reply_text(article, "title");
    paper_add(p, CELL_TITLE, title);
    if (title.n == 0)
        paper_add_text(p, CELL_DIM,
                       reply_true(article, "stub") ? "(the article did not come)"
                                                   : "(no headline)");
    paper_wrap(p, 0);
    paper_add(p, CELL_DIM, reply_text(article, "site"));
    render_more(p, CELL_NAME, reply_text(article, "author"));
    char date[REPLY_DATE_MAX];
    reply_date(article, "date", date);
    render_more(p, CELL_DIM, weft_str_from(date));
    render_more(p, CELL_DIM, reply_text(article, "ref"));
    paper_wrap(p, 0);
    paper_add(p, CELL_DIM, reply_text(article, "url"));
    paper_wrap(p, 0);
    if (reply_text(article, "body").n > 0)
        paper_blank(p);
    put_body(p, article, 0);
    paper_blank(p);
    render_count(p, CELL_DIM, reply_number(reply, "total"), "comment", "comments");
    paper_wrap(p, 0);
}

static void put_comment(paper *p, const json_t *comment, weft_str asked)
{
    long long depth = reply_number(comment, "depth");
    size_t indent = PAPER_INDENT + paper_indent(p, depth > 0 ? (size_t)depth : 0);
    weft_str ref = reply_text(comment, "ref");
    paper_blank(p);
    p->pointed = reply_true(comment, "at") || (ref.n > 0 && weft_str_eq(ref, asked));
    render_who(p, comment);
    if (indent >= p->columns / 2) { /* the indent says no more how deep it is */
        render_separate(p);
        paper_addf(p, CELL_DIM, "depth %lld", depth);
    }
    if (!reply_true(comment, "removed"))
        render_more(p, CELL_DIM, ref);
    paper_wrap(p, indent);
    put_body(p, comment, indent);
    p->pointed = false;
}

size_t render_comments(paper *p, const json_t *reply, weft_str asked)
{
    const json_t *comments = json_object_get(reply, "comments");
    size_t n = json_array_size(comments);
    for (size_t i = 0; i < n; i++)
        put_comment(p, json_array_get(comments, i), asked);
    return n;
}

/* render_related.c - what goes on from a beginning, and what is about the same. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render.h"

#include "reply.h"
#include "banned.h"

/* What the count of a completion counts. */
static const struct {
    const char *kind, *one, *many;
    cell_style style;
} kinds[] = {{"word", "conversation", "conversations", CELL_PLAIN},
             {"author", "document", "documents", CELL_NAME},
             {"title", "comment", "comments", CELL_TITLE}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void put_suggestion(paper *p, const json_t *row)
{
    weft_str kind = reply_text(row, "kind");
    paper_add(p, CELL_DIM, kind);
    paper_add_text(p, CELL_DIM, ": ");
    size_t i = 0;
    while (i < KINDS && !weft_str_is(kind, kinds[i].kind))
        i++;
    paper_add(p, i < KINDS ? kinds[i].style : CELL_PLAIN, reply_text(row, "text"));
    if (i < KINDS) {
        render_separate(p);
        render_count(p, CELL_DIM, reply_number(row, "count"), kinds[i].one, kinds[i].many);
    }
    render_more(p, CELL_DIM, reply_text(row, "ref"));
    if (reply_true(row, "typo"))
        paper_add_text(p, CELL_DIM, " (with a slip)");
    paper_wrap(p, 0);
}

void render_suggestions(paper *p, const json_t *reply)
{
    const json_t *rows = json_object_get(reply, "suggestions");
    for (size_t i = 0; i < json_array_size(rows); i++)
        put_suggestion(p, json_array_get(rows, i));
    if (json_array_size(rows) > 0)
        return;
    paper_add_text(p, CELL_PLAIN, "nothing goes on so");
    paper_wrap(p, 0);
}

/* The words a conversation shares. */
static void put_shared(paper *p, const json_t *hit)
{
    const json_t *words = json_object_get(hit, "shared");
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        if (!json_is_string(word))
            continue;
        paper_add_text(p, CELL_DIM, p->row.n == 0 ? "shares: " : ", ");
        paper_add(p, CELL_PLAIN,
                  weft_str_of(json_string_value(word), json_string_length(word)));
    }
    if (p->row.n > 0)
        paper_wrap(p, PAPER_INDENT);
}

static void put_related(paper *p, const json_t *hit)
{
    char date[REPLY_DATE_MAX];
    weft_str title = reply_text(hit, "title");
    if (title.n > 0)
        paper_add(p, CELL_TITLE, title);
    else
        paper_add_text(p, CELL_DIM, "(no headline)");
    paper_wrap(p, 0);
    reply_date(hit, "date", date);
    paper_add(p, CELL_DIM, reply_text(hit, "site"));
    render_more(p, CELL_NAME, reply_text(hit, "author"));
    render_more(p, CELL_DIM, weft_str_from(date));
    render_separate(p);
    render_count(p, CELL_DIM, reply_number(json_object_get(hit, "thread"), "comments"),
                 "comment", "comments");
    render_more(p, CELL_DIM, reply_text(hit, "ref"));
    paper_wrap(p, PAPER_INDENT);
    put_shared(p, hit);
}

void render_similar(paper *p, const json_t *reply)
{
    const json_t *hits = json_object_get(reply, "hits");
    for (size_t i = 0; i < json_array_size(hits); i++) {
        if (i > 0)
            paper_blank(p);
        put_related(p, json_array_get(hits, i));
    }
    if (json_array_size(hits) > 0)
        return;
    paper_add_text(p, CELL_PLAIN, "no conversation is like it");
    paper_wrap(p, 0);
}

/* render_search.c - the hits of a search, each standing in its thread: headline, ancestors,
 * the hit, its replies. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render.h"

#include "weft/mem.h"
#include "reply.h"
#include "banned.h"

/* Where the hit before left off. */
typedef struct printed {
    weft_str article; /* whose headline stands above; empty for none */
    bool relaxed;     /* the line above the relaxed hits is there */
    weft_str group;   /* its key */
    bool any;
} printed;

static void add_title(paper *p, const json_t *article, const char *title_key,
                      const char *marks_key)
{
    weft_scope void *tmp = talloc_new(NULL);
    size_t count;
    cell_mark *marks = reply_marks(tmp, article, marks_key, &count);
    weft_str title = reply_text(article, title_key);
    if (title.n == 0)
        paper_add_text(p, CELL_DIM, "(no headline)");
    paper_add_marked(p, CELL_TITLE, title, marks, count);
}

static void put_headline(paper *p, const json_t *article, const json_t *thread)
{
    add_title(p, article, "title", "marks");
    paper_wrap(p, 0);
    paper_add(p, CELL_DIM, reply_text(article, "site"));
    char date[REPLY_DATE_MAX];
    reply_date(article, "date", date);
    render_more(p, CELL_DIM, weft_str_from(date));
    long long comments = reply_number(thread, "comments"),
              matched = reply_number(thread, "matched");
    if (comments > 0) {
        render_separate(p);
        render_count(p, CELL_DIM, comments, "comment", "comments");
    }
    if (matched > 0)
        paper_addf(p, CELL_DIM, ", %lld matched", matched);
    if (p->row.n > 0)
        paper_cut(p, 0);
}

/* An ancestor or a reply: who, when and how it starts, on one line. */
static void put_folded(paper *p, const json_t *comment, size_t indent)
{
    render_who(p, comment);
    const json_t *snippet = json_object_get(comment, "snippet");
    if (!reply_true(comment, "removed") && reply_text(snippet, "text").n > 0) {
        render_separate(p);
        render_snippet(p, snippet);
    }
    paper_cut(p, indent);
}

/* Returns how deep the hit itself stands below them. */
static size_t put_ancestors(paper *p, const json_t *hit)
{
    const json_t *ancestors = json_object_get(hit, "ancestors");
    long long omitted = reply_number(hit, "omitted");
    size_t n = json_array_size(ancestors);
    for (size_t i = 0; i < n; i++) {
        put_folded(p, json_array_get(ancestors, i), PAPER_INDENT + paper_indent(p, i));
        if (i == 0 && omitted > 0) {
            paper_addf(p, CELL_DIM, "(%lld more between)", omitted);
            paper_cut(p, PAPER_INDENT + paper_indent(p, 1));
        }
    }
    return n;
}

static void put_quotes(paper *p, const json_t *hit, size_t indent)
{
    const json_t *quotes = json_object_get(hit, "quotes");
    for (size_t i = 0; i < json_array_size(quotes); i++) {
        const json_t *quote = json_array_get(quotes, i);
        weft_str author = reply_text(quote, "author"), of = reply_text(quote, "of");
        paper_add_text(p, CELL_DIM, "quoting ");
        if (author.n > 0)
            paper_add(p, CELL_NAME, author);
        else
            paper_add_text(p, CELL_DIM,
                           weft_str_starts(of, "article:") ? "the article" : "somebody");
        paper_add_text(p, CELL_DIM, ": \"");
        paper_add(p, CELL_PLAIN, reply_text(quote, "text"));
        paper_add_text(p, CELL_DIM, "\"");
        paper_wrap(p, indent);
    }
}

static void put_replies(paper *p, const json_t *hit, size_t indent)
{
    const json_t *replies = json_object_get(hit, "replies");
    const json_t *first = json_object_get(replies, "first");
    size_t shown = json_array_size(first);
    for (size_t i = 0; i < shown; i++)
        put_folded(p, json_array_get(first, i), indent);
    long long left = reply_number(replies, "direct") - (long long)shown;
    if (shown > 0 && left > 0) {
        paper_addf(p, CELL_DIM, "(%lld more)", left);
        paper_cut(p, indent);
    }
}

static void add_reply_count(paper *p, const json_t *hit)
{
    const json_t *replies = json_object_get(hit, "replies");
    long long direct = reply_number(replies, "direct"), all = reply_number(replies, "all");
    if (direct <= 0)
        return;
    render_separate(p);
    render_count(p, CELL_DIM, direct, "reply", "replies");
    if (all > direct)
        paper_addf(p, CELL_DIM, " (%lld in all)", all);
}

static void put_comment_hit(paper *p, const json_t *hit)
{
    size_t indent = PAPER_INDENT + paper_indent(p, put_ancestors(p, hit));
    p->pointed = true;
    render_who(p, hit);
    add_reply_count(p, hit);
    render_more(p, CELL_DIM, reply_text(hit, "ref"));
    paper_wrap(p, indent);
    render_snippet(p, json_object_get(hit, "snippet"));
    paper_wrap(p, indent);
    put_quotes(p, hit, indent);
    p->pointed = false;
    put_replies(p, hit, indent + PAPER_INDENT);
}

static void put_article_hit(paper *p, const json_t *hit)
{
    p->pointed = true;
    add_title(p, hit, "title", "title_marks");
    paper_wrap(p, PAPER_INDENT);
    paper_add(p, CELL_DIM, reply_text(hit, "site"));
    render_more(p, CELL_NAME, reply_text(hit, "author"));
    char date[REPLY_DATE_MAX];
    reply_date(hit, "date", date);
    render_more(p, CELL_DIM, weft_str_from(date));
    long long comments = reply_number(json_object_get(hit, "thread"), "comments");
    if (comments > 0) {
        render_separate(p);
        render_count(p, CELL_DIM, comments, "comment", "comments");
    }
    render_more(p, CELL_DIM, reply_text(hit, "ref"));
    paper_wrap(p, PAPER_INDENT);
    render_snippet(p, json_object_get(hit, "snippet"));
    paper_wrap(p, PAPER_INDENT);
    p->pointed = false;
    put_replies(p, hit, PAPER_INDENT + PAPER_INDENT);
}

/* What a score is made of, with --explain. */
static void put_explanation(paper *p, const json_t *hit)
{
    static const char *const parts[] = {"bag",       "article", "thread",  "article_pairs",
                                        "own_pairs", "early",   "recency", "votes"};
    const json_t *explain = json_object_get(hit, "explain");
    if (explain == NULL)
        return;
    paper_addf(p, CELL_DIM,
               "score %.3f =", json_number_value(json_object_get(hit, "score")));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const json_t *part = json_object_get(explain, parts[i]);
        if (part != NULL)
            paper_addf(p, CELL_DIM, "%s %s %.3f", i == 0 ? "" : " +", parts[i],
                       json_number_value(part));
    }
    paper_wrap(p, PAPER_INDENT);
}

/* Whose hits follow, where they stand together by author; by thread the headline says it. */
static void put_group(paper *p, const json_t *hit, printed *before)
{
    const json_t *group = json_object_get(hit, "group");
    weft_str key = reply_text(group, "key");
    bool is_new = key.n > 0 && !weft_str_eq(key, before->group);
    before->group = key;
    if (!is_new || weft_str_starts(key, "article:"))
        return;
    paper_add_text(p, CELL_DIM, "-- ");
    paper_add(p, CELL_NAME, reply_text(hit, "author"));
    paper_add_text(p, CELL_DIM, ": ");
    render_count(p, CELL_DIM, reply_number(group, "matched"), "hit", "hits");
    paper_add_text(p, CELL_DIM, " --");
    paper_cut(p, 0);
    before->article = weft_str_of(NULL, 0);
}

/* Groups in a list of hits. */
static size_t count_groups(const json_t *hits)
{
    size_t count = 0;
    weft_str last = {0};
    for (size_t i = 0; i < json_array_size(hits); i++) {
        const json_t *group = json_object_get(json_array_get(hits, i), "group");
        weft_str key = reply_text(group, "key");
        count += group != NULL && (key.n == 0 || !weft_str_eq(key, last));
        last = key;
    }
    return count;
}

static void put_hit(paper *p, const json_t *hit, printed *before)
{
    if (before->any)
        paper_blank(p);
    bool relaxed = reply_true(hit, "relaxed");
    if (relaxed != before->relaxed) {
        paper_add_text(p, CELL_DIM,
                       relaxed ? "-- matching only some of the words --"
                               : "-- matching all of the words --");
        paper_cut(p, 0);
        paper_blank(p);
        before->relaxed = relaxed;
        before->article = weft_str_of(NULL, 0);
    }
    before->any = true;
    put_group(p, hit, before);
    const json_t *article = json_object_get(hit, "article");
    weft_str ref = reply_text(article, "ref");
    bool same = ref.n > 0 && weft_str_eq(ref, before->article);
    before->article = ref;
    if (article != NULL && !same)
        put_headline(p, article, json_object_get(hit, "thread"));
    if (weft_str_is(reply_text(hit, "type"), "article"))
        put_article_hit(p, hit);
    else
        put_comment_hit(p, hit);
    put_explanation(p, hit);
}

void render_search(paper *p, const json_t *reply, size_t offset)
{
    const json_t *hits = json_object_get(reply, "hits");
    size_t n = json_array_size(hits);
    printed before = {0};
    weft_str reading = reply_text(reply, "query");
    if (reading.n > 0) {
        paper_add_text(p, CELL_DIM, "read as: ");
        paper_add(p, CELL_DIM, reading);
        paper_wrap(p, 0);
    }
    for (size_t i = 0; i < n; i++)
        put_hit(p, json_array_get(hits, i), &before);
    if (n > 0)
        paper_blank(p);
    render_total(p, reply);
    size_t groups = count_groups(hits);
    const char *of = groups > 0 ? "groups" : "hits";
    long long all = reply_number(json_object_get(reply, "total"), of);
    size_t shown = groups > 0 ? groups : n;
    bool is_known = offset != (size_t)RENDER_OFFSET_UNKNOWN;
    if (is_known && shown > 0 && (offset > 0 || all > (long long)shown))
        paper_addf(p, CELL_PLAIN, "; shown are %s%zu to %zu", groups > 0 ? "groups " : "",
                   offset + 1, offset + shown);
    weft_str suggestion = reply_text(reply, "suggestion");
    if (suggestion.n > 0) {
        paper_wrap(p, 0);
        paper_add_text(p, CELL_PLAIN, "did you mean: ");
        paper_add(p, CELL_PLAIN, suggestion);
    }
    if (reply_true(reply, "moved"))
        paper_add_text(p, CELL_PLAIN, " (the index changed since the page before)");
    paper_wrap(p, 0);
    render_facets(p, reply);
}

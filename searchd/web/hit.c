/* hit.c - one hit of the results: headline, folded ancestors, the hit, its replies. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "results.h"

#include <string.h>

#include "html.h"
#include "banned.h"

static const char *text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));
    return value == NULL ? "" : value;
}

/* A comment beside the hit: who, when, and what. */
static void put_beside(weft_buf *b, const json_t *comment)
{
    weft_buf_add_text(b, "<li>");
    if (json_is_true(json_object_get(comment, "removed"))) {
        weft_buf_add_text(b, "<p class=\"removed\">removed</p></li>\n");
        return;
    }
    weft_buf_add_text(b, "<p class=\"who\">");
    html_byline(b, comment);
    weft_buf_add_text(b, "</p><p class=\"text\" dir=\"auto\">");
    html_snippet(b, json_object_get(comment, "snippet"));
    weft_buf_add_text(b, "</p></li>\n");
}

static void put_beside_all(weft_buf *b, const json_t *comments)
{
    const json_t *comment;
    size_t i;
    weft_buf_add_text(b, "<ol>\n");
    json_array_foreach(comments, i, comment) put_beside(b, comment);
    weft_buf_add_text(b, "</ol></details>\n");
}

/* Whose comment the hit answers, folded up to the first. */
static void put_ancestors(weft_buf *b, const json_t *hit)
{
    const json_t *ancestors = json_object_get(hit, "ancestors");
    size_t n = json_array_size(ancestors);
    if (n == 0)
        return;
    const json_t *parent = json_array_get(ancestors, n - 1);
    json_int_t others = (json_int_t)n - 1 + html_number(hit, "omitted");
    weft_buf_add_text(
        b, "<details class=\"ancestors\"><summary>in answer to <span dir=\"auto\">");
    if (*text(parent, "author") != '\0')
        html_key(b, parent, "author");
    else
        weft_buf_add_text(b, "a comment");
    weft_buf_add_text(b, "</span>");
    if (others > 0)
        weft_buf_addf(b, ", and %lld before", (long long)others);
    weft_buf_add_text(b, "</summary>");
    put_beside_all(b, ancestors);
}

static void put_replies(weft_buf *b, const json_t *hit)
{
    const json_t *replies = json_object_get(hit, "replies");
    const json_t *first = json_object_get(replies, "first");
    if (json_array_size(first) == 0)
        return;
    weft_buf_add_text(b, "<details class=\"replies\"><summary>");
    html_count(b, html_number(replies, "all"), "reply", "replies");
    weft_buf_add_text(b, "</summary>");
    put_beside_all(b, first);
}

static void put_headline(const web_page *page, const json_t *hit)
{
    weft_buf *b = page->out;
    const json_t *article = json_object_get(hit, "article");
    const json_t *thread = json_object_get(hit, "thread");
    const json_t *shown = article == NULL ? hit : article;
    weft_buf_add_text(b, "<h2 dir=\"auto\"><a href=\"");
    html_thread_href(b, text(hit, "ref"), web_value(page, "q"));
    weft_buf_add_text(b, "\">");
    html_title(b, shown);
    weft_buf_add_text(b, "</a></h2>\n<p class=\"where\">");
    const char *const keys[] = {"section", "site"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (*text(shown, keys[i]) != '\0') {
            weft_buf_add_text(b, "<span dir=\"auto\">");
            html_key(b, shown, keys[i]);
            weft_buf_add_text(b, "</span> ");
        }
    html_date(b, shown);
    if (html_number(thread, "comments") > 0) {
        weft_buf_add_text(b, " <span>");
        html_count(b, html_number(thread, "comments"), "comment", "comments");
        if (html_number(thread, "matched") > 1)
            weft_buf_addf(b, ", %lld match", (long long)html_number(thread, "matched"));
        weft_buf_add_text(b, "</span>");
    }
    weft_buf_add_text(b, "</p>\n");
}

static void put_footer(const web_page *page, const json_t *hit)
{
    weft_buf *b = page->out;
    weft_buf_add_text(b, "<p class=\"links\"><a href=\"");
    html_thread_href(b, text(hit, "ref"), web_value(page, "q"));
    weft_buf_add_text(b, "\">in its conversation</a> ");
    html_source_link(b, hit);
    if (json_is_true(json_object_get(hit, "relaxed")))
        weft_buf_add_text(b, " <span class=\"relaxed\">some of the words</span>");
    weft_buf_add_text(b, "</p>\n");
}

void web_hit_put(const web_page *page, const json_t *hit, bool goes_on)
{
    weft_buf *b = page->out;
    bool is_comment = strcmp(text(hit, "type"), "comment") == 0;
    bool is_same_thread = goes_on && strcmp(web_value(page, "group"), "thread") == 0;
    weft_buf_addf(b, "<article class=\"hit%s\" tabindex=\"-1\">\n", goes_on ? " more" : "");
    if (!is_same_thread)
        put_headline(page, hit);
    put_ancestors(b, hit);
    weft_buf_add_text(b, "<div class=\"found\">");
    if (is_comment) {
        weft_buf_add_text(b, "<p class=\"who\">");
        html_byline(b, hit);
        html_votes(b, hit);
        weft_buf_add_text(b, "</p>");
    }
    weft_buf_add_text(b, "<p class=\"text\" dir=\"auto\">");
    html_snippet(b, json_object_get(hit, "snippet"));
    weft_buf_add_text(b, "</p></div>\n");
    put_replies(b, hit);
    put_footer(page, hit);
    weft_buf_add_text(b, "</article>\n");
}

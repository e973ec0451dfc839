/* thread.c - a conversation as a page: the article, the comments below each other, the hit in its
 * place. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web.h"

#include "weft/limits.h"
#include "cmd/cmd.h"
#include "html.h"
#include "banned.h"

enum { INDENT_MAX = 8, PER_PAGE = 100 };

weft_code web_thread_run(cmd_context *c, const weft_request *request, json_t *reply,
                         weft_error *err)
{
    json_auto_t *keys = json_object();
    const json_t *offset = json_object_get(request->keys, "offset");
    weft_request inner = {.cmd = "thread", .keys = keys};
    if (json_object_set(keys, "ref", json_object_get(request->keys, "ref")) != 0 ||
        json_object_set_new(keys, "limit", json_integer(PER_PAGE)) != 0 ||
        (offset != NULL &&
         json_object_set(keys, "offset", (json_t *)(uintptr_t)offset) != 0))
        return weft_fail_nomem(err);
    return cmd_thread(c, &inner, reply, err);
}

/* What was written, as far as the reply has it. */
static void put_text(weft_buf *b, const json_t *document)
{
    weft_buf_add_text(b, "<div class=\"text\" dir=\"auto\">");
    html_body(b, html_string(document, "body"));
    if (json_is_true(json_object_get(document, "cut")))
        weft_buf_add_text(b, "<p class=\"cut\">The text goes on.</p>");
    weft_buf_add_text(b, "</div>");
}

/* Where the article was published, and by whom. */
static void put_article(const web_page *page, const json_t *article, bool is_at)
{
    weft_buf *b = page->out;
    weft_buf_addf(b, "<article class=\"article%s\"%s><h1 dir=\"auto\">", is_at ? " at" : "",
                  is_at ? " id=\"at\"" : "");
    html_title(b, article);
    weft_buf_add_text(b, "</h1>\n<p class=\"where\">");
    html_byline(b, article);
    weft_buf_add_char(b, ' ');
    html_key(b, article, "site");
    weft_buf_add_char(b, ' ');
    html_source_link(b, article);
    weft_buf_add_text(b, "</p>\n");
    put_text(b, article);
    weft_buf_add_text(b, "</article>\n");
}

static void put_comment(const web_page *page, const json_t *comment)
{
    weft_buf *b = page->out;
    json_int_t depth = json_integer_value(json_object_get(comment, "depth"));
    bool is_at = json_is_true(json_object_get(comment, "at"));
    weft_buf_addf(b, "<li class=\"comment d%d%s\"%s>",
                  (int)(depth < INDENT_MAX ? depth : INDENT_MAX), is_at ? " at" : "",
                  is_at ? " id=\"at\" tabindex=\"-1\"" : "");
    if (json_is_true(json_object_get(comment, "removed"))) {
        weft_buf_add_text(b, "<p class=\"removed\">removed</p></li>\n");
        return;
    }
    weft_buf_add_text(b, "<p class=\"who\">");
    html_byline(b, comment);
    html_votes(b, comment);
    if (depth > INDENT_MAX)
        weft_buf_addf(b, " <span class=\"deep\">%d levels deep</span>", (int)depth);
    weft_buf_add_char(b, ' ');
    html_source_link(b, comment);
    weft_buf_add_text(b, "</p>");
    put_text(b, comment);
    weft_buf_add_text(b, "</li>\n");
}

static void put_page_link(const web_page *page, json_int_t offset, const char *text)
{
    char number[24];
    size_t count = 0;
    snprintf(number, sizeof number, "%lld", (long long)offset);
    weft_buf_add_text(page->out, "<a href=\"");
    html_parameter(page->out, &count, "offset", number);
    html_parameter(page->out, &count, "q", web_value(page, "q"));
    weft_buf_addf(page->out, "\">%s</a> ", text);
}

static void put_paging(const web_page *page, size_t shown)
{
    json_int_t offset = json_integer_value(json_object_get(page->reply, "offset"));
    json_int_t total = json_integer_value(json_object_get(page->reply, "total"));
    json_int_t next = offset + (json_int_t)shown;
    if (offset <= 0 && next >= total)
        return;
    weft_buf_addf(
        page->out,
        "<nav class=\"paging\" aria-label=\"Comments\"><span>%lld to %lld of %lld</span> ",
        (long long)offset + 1, (long long)next, (long long)total);
    if (offset > 0)
        put_page_link(page, offset > PER_PAGE ? offset - PER_PAGE : 0, "earlier comments");
    if (next < total)
        put_page_link(page, next, "later comments");
    weft_buf_add_text(page->out, "</nav>\n");
}

static void put_back(const web_page *page)
{
    size_t count = 0;
    const char *q = web_value(page, "q");
    if (*q == '\0')
        return;
    weft_buf_add_text(page->out, "<p class=\"back\"><a href=\"/");
    html_parameter(page->out, &count, "q", q);
    weft_buf_add_text(page->out, "\">Back to the results of <q>");
    html_text(page->out, weft_str_from(q));
    weft_buf_add_text(page->out, "</q></a></p>\n");
}

void web_thread_render(const web_page *page)
{
    const json_t *article = json_object_get(page->reply, "article");
    const json_t *comments = json_object_get(page->reply, "comments"), *comment;
    const char *title = json_string_value(json_object_get(article, "title"));
    size_t i;
    bool is_article = strncmp(web_value(page, "ref"), "article:", strlen("article:")) == 0;
    web_begin(page, title == NULL ? "Conversation" : title);
    web_form(page);
    if (page->failure != NULL) {
        web_failure(page);
        web_end(page);
        return;
    }
    weft_buf_add_text(page->out, "<main class=\"thread\">\n");
    put_back(page);
    put_article(page, article, is_article);
    put_paging(page, json_array_size(comments));
    weft_buf_add_text(page->out, "<ol class=\"comments\">\n");
    json_array_foreach(comments, i, comment) put_comment(page, comment);
    weft_buf_add_text(page->out, "</ol>\n");
    put_paging(page, json_array_size(comments));
    weft_buf_add_text(page->out, "</main>\n");
    web_end(page);
}

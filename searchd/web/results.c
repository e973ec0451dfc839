/* results.c - the results of a search as a page: each hit in its thread. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web.h"

#include <stdio.h>
#include <string.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "cmd/cmd.h"
#include "html.h"
#include "results.h"
#include "banned.h"

enum { PER_PAGE = 10, GROUP_HITS = 3 };

/* What was typed, with the days of the form as a field of the query. */
static char *whole_query(cmd_context *c, const weft_request *request)
{
    const char *q = weft_request_text(request, "q");
    const char *from = weft_request_text(request, "from");
    const char *to = weft_request_text(request, "to");
    from = from == NULL ? "" : from;
    to = to == NULL ? "" : to;
    q = q == NULL ? "" : q;
    if (*from == '\0' && *to == '\0')
        return talloc_strdup(c->mem, q);
    return talloc_asprintf(c->mem, "%s date:%s..%s", q, from, to);
}

static bool is_asked(const weft_request *request)
{
    static const char *const keys[] = {"q", "from", "to"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = weft_request_text(request, keys[i]);
        if (text != NULL && weft_str_trim(weft_str_from(text)).n > 0)
            return true;
    }
    return false;
}

static weft_code copy_keys(const weft_request *request, json_t *to, weft_error *err)
{
    static const char *const copied[] = {"type", "sort", "group", "cursor"};
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        const char *text = weft_request_text(request, copied[i]);
        if (text != NULL && *text != '\0' &&
            json_object_set_new(to, copied[i], json_string(text)) != 0)
            return weft_fail_nomem(err);
    }
    return WEFT_OK;
}

weft_code web_results_run(cmd_context *c, const weft_request *request, json_t *reply,
                          weft_error *err)
{
    const command *search = command_find("search");
    char *q = whole_query(c, request);
    if (!is_asked(request))
        return WEFT_OK;
    json_auto_t *keys =
        json_pack("{s:s,s:i,s:s,s:s}", "q", q == NULL ? "" : q, "limit", PER_PAGE,
                  "context", "full", "facets", "author,section,site,year");
    weft_request inner = {.cmd = "search", .keys = keys};
    if (q == NULL || keys == NULL)
        return weft_fail_nomem(err);
    weft_code code = copy_keys(request, keys, err);
    if (code == WEFT_OK && json_object_get(keys, "group") != NULL &&
        json_object_set_new(keys, "group_hits", json_integer(GROUP_HITS)) != 0)
        code = weft_fail_nomem(err);
    if (code == WEFT_OK)
        code = command_check(search, &inner, err);
    return code == WEFT_OK ? search->run(c, &inner, reply, err) : code;
}

/* A link to the same search with another q, or the next page of it. */
static void put_search_href(const web_page *page, const char *q, const char *cursor)
{
    static const char *const kept[] = {"type", "sort", "group", "from", "to"};
    size_t count = 0;
    weft_buf_add_text(page->out, "/");
    html_parameter(page->out, &count, "q", q);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        html_parameter(page->out, &count, kept[i], web_value(page, kept[i]));
    html_parameter(page->out, &count, "cursor", cursor);
}

static void put_welcome(const web_page *page)
{
    static const char *const examples[][2] = {
        {"\"exact words\"", "words in this order"},
        {"ferry -sunday", "without a word"},
        {"author:\"K. Aldous\"", "what somebody wrote"},
        {"thread:(ferry timetable)", "both words anywhere in one conversation"},
        {"parent:(permit)", "answers to comments with a word"},
        {"date:2013-05", "of a month"},
    };
    weft_buf *b = page->out;
    weft_buf_add_text(
        b, "<main class=\"welcome\"><p>Articles, and what their readers said about "
           "them, each comment in its conversation.</p>\n<dl>\n");
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        weft_buf_add_text(b, "<dt><a href=\"");
        put_search_href(page, examples[i][0], NULL);
        weft_buf_add_text(b, "\"><code>");
        html_text(b, weft_str_from(examples[i][0]));
        weft_buf_addf(b, "</code></a></dt><dd>%s</dd>\n", examples[i][1]);
    }
    weft_buf_add_text(b, "</dl></main>\n");
}

static void put_totals(const web_page *page)
{
    weft_buf *b = page->out;
    const json_t *total = json_object_get(page->reply, "total");
    json_int_t hits = html_number(total, "hits"), relaxed = html_number(total, "relaxed");
    weft_buf_add_text(b, "<p class=\"totals\" role=\"status\">");
    if (!json_is_true(json_object_get(total, "exact")))
        weft_buf_add_text(b, "over ");
    html_count(b, hits, "hit", "hits");
    if (hits > 0) {
        weft_buf_add_text(b, " in ");
        html_count(b, html_number(total, "threads"), "conversation", "conversations");
    }
    if (relaxed > 0) {
        weft_buf_add_text(b, ", and ");
        html_count(b, relaxed, "document", "documents");
        weft_buf_add_text(b, " with some of the words");
    }
    if (json_is_true(json_object_get(page->reply, "partial")))
        weft_buf_add_text(b, "; time ran out, there may be more");
    weft_buf_add_text(b, "</p>\n");
}

static void put_warnings(const web_page *page)
{
    const json_t *warnings = json_object_get(page->reply, "warnings"), *warning;
    size_t i;
    json_array_foreach(warnings, i, warning)
    {
        weft_buf_add_text(page->out, "<p class=\"warning\">");
        html_key(page->out, warning, "message");
        weft_buf_add_text(page->out, "</p>\n");
    }
}

static void put_suggestion(const web_page *page)
{
    const char *q = json_string_value(json_object_get(page->reply, "suggestion"));
    if (q == NULL)
        return;
    weft_buf_add_text(page->out, "<p class=\"suggestion\">Did you mean <a href=\"");
    put_search_href(page, q, NULL);
    weft_buf_add_text(page->out, "\">");
    html_text(page->out, weft_str_from(q));
    weft_buf_add_text(page->out, "</a>?</p>\n");
}

/* The query narrowed to a value of a facet, in mem; NULL when the value cannot be said in it. */
static char *narrowed(void *mem, const char *q, const char *field, const char *value)
{
    if (strchr(value, '"') != NULL || strlen(q) + strlen(value) + 16 > WEFT_QUERY_MAX)
        return NULL;
    if (strcmp(field, "year") == 0)
        return talloc_asprintf(mem, "%s date:%s", q, value);
    return talloc_asprintf(mem, "%s %s:\"%s\"", q, field, value);
}

static void put_facet_value(const web_page *page, const char *field, const json_t *pair)
{
    weft_scope void *tmp = talloc_new(NULL);
    const char *value = json_string_value(json_array_get(pair, 0));
    char *q = value == NULL ? NULL : narrowed(tmp, web_value(page, "q"), field, value);
    if (q == NULL)
        return;
    weft_buf_add_text(page->out, "<li><a rel=\"nofollow\" dir=\"auto\" href=\"");
    put_search_href(page, q, NULL);
    weft_buf_add_text(page->out, "\">");
    html_text(page->out, weft_str_from(value));
    weft_buf_addf(page->out, "</a> <span>%lld</span></li>",
                  (long long)json_integer_value(json_array_get(pair, 1)));
}

static void put_facets(const web_page *page)
{
    static const char *const names[][2] = {
        {"author", "Author"}, {"section", "Section"}, {"site", "Site"}, {"year", "Year"}};
    const json_t *facets = json_object_get(page->reply, "facets"), *pair;
    weft_buf_add_text(page->out,
                      "<aside class=\"facets\" aria-label=\"Narrow the search\">\n");
    for (size_t f = 0; f < sizeof names / sizeof *names; f++) {
        const json_t *values = json_object_get(facets, names[f][0]);
        size_t i;
        if (json_array_size(values) < 2)
            continue;
        weft_buf_addf(page->out, "<details open><summary>%s</summary><ul>\n", names[f][1]);
        json_array_foreach(values, i, pair) put_facet_value(page, names[f][0], pair);
        weft_buf_add_text(page->out, "</ul></details>\n");
    }
    weft_buf_add_text(page->out, "</aside>\n");
}

static void put_next(const web_page *page)
{
    const char *next = json_string_value(json_object_get(page->reply, "next"));
    bool is_later = *web_value(page, "cursor") != '\0';
    if (next == NULL && !is_later)
        return;
    weft_buf_add_text(page->out, "<nav class=\"paging\" aria-label=\"Pages\">");
    if (is_later) {
        weft_buf_add_text(page->out, "<a href=\"");
        put_search_href(page, web_value(page, "q"), NULL);
        weft_buf_add_text(page->out, "\">first page</a> ");
    }
    if (next != NULL) {
        weft_buf_add_text(page->out, "<a rel=\"next\" href=\"");
        put_search_href(page, web_value(page, "q"), next);
        weft_buf_add_text(page->out, "\">next page</a>");
    }
    weft_buf_add_text(page->out, "</nav>\n");
}

static void put_hits(const web_page *page)
{
    const json_t *hits = json_object_get(page->reply, "hits"), *hit;
    const char *group = "";
    size_t i;
    weft_buf_add_text(page->out, "<div class=\"hits\">\n");
    json_array_foreach(hits, i, hit)
    {
        const char *key =
            json_string_value(json_object_get(json_object_get(hit, "group"), "key"));
        bool goes_on = key != NULL && strcmp(key, group) == 0;
        web_hit_put(page, hit, goes_on);
        group = key == NULL ? "" : key;
    }
    weft_buf_add_text(page->out, "</div>\n");
    if (json_array_size(hits) == 0)
        weft_buf_add_text(page->out, "<p class=\"nothing\">Nothing was found.</p>\n");
}

void web_results_render(const web_page *page)
{
    bool is_asked_for = json_object_get(page->reply, "hits") != NULL;
    web_begin(page, web_value(page, "q"));
    web_form(page);
    if (page->failure != NULL) {
        web_failure(page);
    } else if (!is_asked_for) {
        put_welcome(page);
    } else {
        weft_buf_add_text(page->out, "<main class=\"results\">\n");
        put_totals(page);
        put_warnings(page);
        put_suggestion(page);
        put_facets(page);
        put_hits(page);
        put_next(page);
        weft_buf_add_text(page->out, "</main>\n");
    }
    web_end(page);
}

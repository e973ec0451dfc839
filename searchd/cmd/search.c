/* search.c - the commands search and count: ranked hits, each in its conversation. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/cmd.h"

#include <time.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "facets.h"
#include "clock.h"
#include "context.h"
#include "query/parse.h"
#include "query/plan.h"
#include "rank.h"
#include "view.h"
#include "banned.h"

/* A search at work. */
typedef struct search {
    cmd_context *c;
    const weft_request *request;
    query *query;
    plan *plan;
    weft_match_options options;
    facet_set facets; /* wanted */
    ranking *ranking;
    rank_result found;
} search;

static bool request_is(const weft_request *r, const char *key, const char *value)
{
    const char *text = weft_request_text(r, key);
    return text != NULL && strcmp(text, value) == 0;
}

static weft_code read_query(search *s, weft_error *err)
{
    const weft_request *r = s->request;
    const char *tz = weft_request_text(r, "tz");
    query_options qo = {.tz = tz == NULL ? s->c->index->settings.tz : tz,
                        .now_s = time(NULL)};
    plan_options po = {.deadline_ms = s->c->soft_deadline_ms,
                       .has_type = weft_request_text(r, "type") != NULL,
                       .type =
                           request_is(r, "type", "article") ? WEFT_ARTICLE : WEFT_COMMENT};
    weft_code code = query_parse(s->c->mem, weft_str_from(weft_request_text(r, "q")), &qo,
                                 &s->query, err);
    return code == WEFT_OK ? plan_make(s->c->mem, s->c->index, s->query, &po, &s->plan, err)
                           : code;
}

static weft_code read_facets(search *s, weft_error *err)
{
    const char *list = weft_request_text(s->request, "facets");
    return list == NULL ? WEFT_OK : facets_read(list, &s->facets, err);
}

static weft_code add_facets(search *s, json_t *reply, weft_error *err)
{
    bool all = s->found.first.exact;
    return s->facets == 0 ? WEFT_OK : facets_add(s->c, s->plan, s->facets, all, reply, err);
}

static void set_options(search *s)
{
    const index_view *v = s->c->index;
    weft_match_options *o = &s->options;
    *o = (weft_match_options){.weight = rank_bag_weight(v),
                              .thread_slot = WEFT_SLOT_THREAD,
                              .order_slot = WEFT_SLOT_NEWEST,
                              .deadline_ms = s->c->soft_deadline_ms};
    o->count_to = request_is(s->request, "totals", "exact")
                      ? weft_reader_documents(v->reader)
                      : WEFT_TOTAL_EXACT + 1;
    o->by_value = weft_request_text(s->request, "sort") != NULL &&
                  !request_is(s->request, "sort", "score");
    if (request_is(s->request, "sort", "oldest"))
        o->order_slot = WEFT_SLOT_OLDEST;
    if (request_is(s->request, "sort", "votes"))
        o->order_slot = WEFT_SLOT_VOTES;
    if (request_is(s->request, "sort", "replies"))
        o->order_slot = WEFT_SLOT_ANSWERED;
}

static weft_code match(search *s, uint32_t offset, uint32_t limit, weft_error *err)
{
    if (s->plan->is_empty)
        return WEFT_OK;
    s->options.offset = offset;
    s->options.limit = limit;
    weft_code code = ranking_new(s->c->index, s->c->mem, s->plan, &s->ranking, err);
    return code == WEFT_OK ? rank_page(s->ranking, &s->options, &s->found, err) : code;
}

static weft_code add_totals(const search *s, json_t *reply, weft_error *err)
{
    bool partial = s->plan->partial || s->found.first.partial || s->found.relaxed.partial;
    bool exact = s->plan->is_empty || (s->found.first.exact && !partial);
    json_t *total =
        json_pack("{s:I,s:I,s:b,s:I}", "hits", (json_int_t)s->found.first.total, "threads",
                  (json_int_t)s->found.first.thread_count, "exact", (int)exact, "relaxed",
                  (json_int_t)(s->found.has_relaxed ? s->found.relaxed.total : 0));
    weft_code code = context_set(reply, "total", total, err);
    json_t *warnings = json_array();
    if (code == WEFT_OK)
        code = context_set(reply, "warnings", warnings, err);
    for (size_t i = 0; code == WEFT_OK && i < s->query->warning_count; i++)
        json_array_append_new(warnings, json_pack("{s:s,s:I}", "message",
                                                  s->query->warnings[i].message, "at",
                                                  (json_int_t)s->query->warnings[i].at));
    return code == WEFT_OK ? context_set(reply, "partial", json_boolean(partial), err)
                           : code;
}

/* The parts of a score, which add up to it. */
static weft_code add_explanation(json_t *hit, const rank_parts *parts, weft_error *err)
{
    json_t *explain =
        json_pack("{s:f,s:f,s:f,s:f,s:f,s:f}", "bag", parts->bag, "article", parts->article,
                  "thread", parts->thread, "article_pairs", parts->article_pairs,
                  "own_pairs", parts->own_pairs, "early", parts->early);
    return context_set(hit, "explain", explain, err);
}

static weft_code write_hits(context *c, json_t *hits, const rank_result *found,
                            weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < found->hit_count && code == WEFT_OK; i++) {
        const rank_hit *h = &found->hits[i];
        const context_hit hit = {h->docid, h->score, h->relaxed,
                                 h->relaxed ? &found->relaxed : &found->first};
        json_t *json;
        code = context_write(c, &hit, &json, err);
        if (code == WEFT_OK && c->explain)
            code = add_explanation(json, &h->parts, err);
        if (code == WEFT_OK && json_array_append_new(hits, json) != 0)
            code = weft_fail_nomem(err);
    }
    return code;
}

/* The query as it was understood. */
static weft_code add_reading(const search *s, json_t *reply, weft_error *err)
{
    weft_buf text;
    weft_buf_init(&text, s->c->mem, 16 * (size_t)WEFT_QUERY_MAX);
    weft_code code = query_print(s->c->mem, s->query, &text, err);
    return code == WEFT_OK ? context_set(reply, "query", json_stringn(text.p, text.n), err)
                           : code;
}

static weft_code add_hits(search *s, json_t *reply, weft_error *err)
{
    const weft_request *r = s->request;
    context c = {.view = s->c->index,
                 .mem = s->c->mem,
                 .wanted = &s->plan->wanted,
                 .left_bytes = WEFT_REPLY_MAX,
                 .explain = weft_request_integer(r, "explain", 0) != 0};
    c.amount = request_is(r, "context", "none")   ? CONTEXT_NONE
               : request_is(r, "context", "line") ? CONTEXT_LINE
                                                  : CONTEXT_FULL;
    c.snippet_bytes = (size_t)weft_request_integer(r, "snippet", WEFT_SNIPPET_DEFAULT);
    json_t *hits = json_array();
    weft_code code = context_set(reply, "hits", hits, err);
    return code == WEFT_OK ? write_hits(&c, hits, &s->found, err) : code;
}

static weft_code check_window(int64_t offset, int64_t limit, weft_error *err)
{
    if (offset + limit > WEFT_WINDOW_MAX)
        return weft_fail(
            err, WEFT_ELIMIT,
            "offset + limit is over the window of %d hits: narrow the query, as by date",
            WEFT_WINDOW_MAX);
    return WEFT_OK;
}

static weft_code search_body(cmd_context *c, const weft_request *request, json_t *reply,
                             weft_error *err)
{
    search s = {.c = c, .request = request};
    int64_t began_us = clock_us();
    int64_t offset = weft_request_integer(request, "offset", 0),
            limit = weft_request_integer(request, "limit", 10);
    weft_code code = check_window(offset, limit, err);
    if (code == WEFT_OK)
        code = read_facets(&s, err);
    if (code == WEFT_OK)
        code = read_query(&s, err);
    set_options(&s);
    if (code == WEFT_OK)
        code = match(&s, (uint32_t)offset, (uint32_t)limit, err);
    if (code == WEFT_OK)
        code = context_set(reply, "revision", json_integer((json_int_t)c->index->revision),
                           err);
    if (code == WEFT_OK)
        code = add_totals(&s, reply, err);
    if (code == WEFT_OK && weft_request_integer(request, "explain", 0) != 0)
        code = add_reading(&s, reply, err);
    if (code == WEFT_OK)
        code = add_hits(&s, reply, err);
    if (code == WEFT_OK)
        code = add_facets(&s, reply, err);
    if (code == WEFT_OK)
        code = context_set(reply, "took_ms",
                           json_real((double)(clock_us() - began_us) / 1000), err);
    return code;
}

weft_code cmd_search(cmd_context *c, const weft_request *request, json_t *reply,
                     weft_error *err)
{
    return view_run(c, request, reply, search_body, err);
}

static weft_code count_body(cmd_context *c, const weft_request *request, json_t *reply,
                            weft_error *err)
{
    search s = {.c = c, .request = request};
    weft_code code = read_query(&s, err);
    set_options(&s);
    if (code == WEFT_OK && !s.plan->is_empty)
        code = weft_match(s.plan->builder, s.plan->hits, &s.options, c->mem, &s.found.first,
                          err);
    if (code == WEFT_OK)
        code = context_set(reply, "revision", json_integer((json_int_t)c->index->revision),
                           err);
    return code == WEFT_OK ? add_totals(&s, reply, err) : code;
}

weft_code cmd_count(cmd_context *c, const weft_request *request, json_t *reply,
                    weft_error *err)
{
    return view_run(c, request, reply, count_body, err);
}

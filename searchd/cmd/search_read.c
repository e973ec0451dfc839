/* search_read.c - what a request asks of a search. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search.h"

#include <string.h>
#include <time.h>

#include "weft/limits.h"
#include "query/parse.h"
#include "view.h"
#include "banned.h"

enum { LIMIT_DEFAULT = 10, RECENCY_DAYS_DEFAULT = 30 };

bool search_key_is(const search *s, const char *key, const char *value)
{
    const char *text = weft_request_text(s->request, key);
    return text != NULL && strcmp(text, value) == 0;
}

bool search_is_by_value(const search *s)
{
    return weft_request_text(s->request, "sort") != NULL &&
           !search_key_is(s, "sort", "score");
}

static void lasts_at_most(cmd_context *c, note_lasting lasting)
{
    if (lasting < c->outcome.lasting)
        c->outcome.lasting = lasting;
}

/* What the log and the cache are told of a query. A day begins with a quarter of an hour, UTC,
 * in every zone there is. */
static void note_query(search *s)
{
    static const note_lasting lastings[] = {[QUERY_STANDS] = NOTE_LASTS_AT_REVISION,
                                            [QUERY_MOVES_BY_DAY] = NOTE_LASTS_QUARTER,
                                            [QUERY_MOVES_BY_SECOND] = NOTE_PASSES};
    lasts_at_most(s->c, lastings[s->query->moving]);
    if (s->c->outcome.query == NULL)
        s->c->outcome.query = s->query;
}

static void set_options(search *s)
{
    const index_view *v = s->c->index;
    weft_match_options *o = &s->options;
    o->weight = rank_bag_weight(v);
    o->thread_slot = WEFT_SLOT_THREAD;
    o->order_slot = WEFT_SLOT_NEWEST;
    o->deadline_ms = s->c->soft_deadline_ms;
    o->count_to = search_key_is(s, "totals", "exact") ? weft_reader_documents(v->reader)
                                                      : WEFT_TOTAL_EXACT + 1;
    o->by_value = search_is_by_value(s);
    if (search_key_is(s, "sort", "oldest"))
        o->order_slot = WEFT_SLOT_OLDEST;
    if (search_key_is(s, "sort", "votes"))
        o->order_slot = WEFT_SLOT_VOTES;
    if (search_key_is(s, "sort", "replies"))
        o->order_slot = WEFT_SLOT_ANSWERED;
}

weft_code search_read_query(search *s, weft_error *err)
{
    return search_read_text(s, weft_str_from(weft_request_text(s->request, "q")), err);
}

weft_code search_read_text(search *s, weft_str q, weft_error *err)
{
    const weft_request *r = s->request;
    const char *tz = weft_request_text(r, "tz");
    query_options qo = {.tz = tz == NULL ? s->c->index->settings.tz : tz,
                        .now_s = s->now_s == 0 ? time(NULL) : s->now_s};
    plan_options po = {.deadline_ms = s->c->soft_deadline_ms,
                       .has_type = weft_request_text(r, "type") != NULL,
                       .type = search_key_is(s, "type", "article") ? WEFT_ARTICLE
                                                                   : WEFT_COMMENT};
    set_options(s);
    weft_code code = query_parse(s->c->mem, q, &qo, &s->query, err);
    if (code != WEFT_OK)
        return code;
    note_query(s);
    return plan_make(s->c->mem, s->c->index, s->query, &po, &s->plan, err);
}

static weft_code read_group(search *s, weft_error *err)
{
    bool is_asked = weft_request_text(s->request, "group") != NULL;
    s->group_hits = (size_t)weft_request_integer(s->request, "group_hits", 1);
    if (!is_asked && json_object_get(s->request->keys, "group_hits") != NULL)
        return weft_fail(err, WEFT_EUSAGE, "'group_hits' goes with 'group'");
    if (!is_asked)
        return WEFT_OK;
    s->group = search_key_is(s, "group", "thread") ? GROUP_THREAD : GROUP_AUTHOR;
    if (s->options.limit * s->group_hits > WEFT_HITS_MAX)
        return weft_fail(err, WEFT_ELIMIT, "limit * group_hits is over %d hits",
                         WEFT_HITS_MAX);
    return WEFT_OK;
}

static weft_code read_priors(search *s, weft_error *err)
{
    const weft_request *r = s->request;
    rank_priors *p = &s->priors;
    p->recency = (double)weft_request_integer(r, "recency", 0);
    p->recency_days = (double)weft_request_integer(r, "recency_days", RECENCY_DAYS_DEFAULT);
    p->votes = (double)weft_request_integer(r, "votes", 0);
    if (p->recency > 0) /* from the last whole hour on */
        lasts_at_most(s->c, NOTE_LASTS_QUARTER);
    if (json_object_get(r->keys, "recency") == NULL &&
        json_object_get(r->keys, "recency_days") != NULL)
        return weft_fail(err, WEFT_EUSAGE, "'recency_days' goes with 'recency'");
    return WEFT_OK;
}

weft_code search_read_page(search *s, weft_error *err)
{
    const weft_request *r = s->request;
    const char *facets = weft_request_text(r, "facets");
    s->options.offset = (uint32_t)weft_request_integer(r, "offset", 0);
    s->options.limit = (uint32_t)weft_request_integer(r, "limit", LIMIT_DEFAULT);
    if (s->options.offset + s->options.limit > WEFT_WINDOW_MAX)
        return weft_fail(
            err, WEFT_ELIMIT,
            "offset + limit is over the window of %d hits: narrow the query, as by date",
            WEFT_WINDOW_MAX);
    weft_code code = read_group(s, err);
    if (code == WEFT_OK)
        code = read_priors(s, err);
    return code != WEFT_OK || facets == NULL ? code : facets_read(facets, &s->facets, err);
}

/* search_write.c - the reply of a search: totals, hits, what their scores are made of. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "context.h"
#include "banned.h"

static weft_code write_warnings(const search *s, json_t *reply, weft_error *err)
{
    json_t *warnings = json_array();
    weft_code code = context_set(reply, "warnings", warnings, err);
    for (size_t i = 0; code == WEFT_OK && i < s->query->warning_count; i++)
        json_array_append_new(warnings, json_pack("{s:s,s:I}", "message",
                                                  s->query->warnings[i].message, "at",
                                                  (json_int_t)s->query->warnings[i].at));
    return code;
}

weft_code search_write_totals(const search *s, json_t *reply, weft_error *err)
{
    const rank_result *found = &s->found;
    bool partial = s->plan->partial || found->first.partial || found->relaxed.partial;
    bool exact = s->plan->is_empty || (found->first.exact && !partial);
    s->c->outcome.hits = found->first.total;
    if (partial)
        s->c->outcome.lasting = NOTE_PASSES;
    json_t *total =
        json_pack("{s:I,s:I,s:b,s:I}", "hits", (json_int_t)found->first.total, "threads",
                  (json_int_t)found->first.thread_count, "exact", (int)exact, "relaxed",
                  (json_int_t)(found->has_relaxed ? found->relaxed.total : 0));
    weft_code code = context_set(reply, "revision",
                                 json_integer((json_int_t)s->c->index->revision), err);
    if (code == WEFT_OK)
        code = context_set(reply, "total", total, err);
    else
        json_decref(total);
    if (code == WEFT_OK && s->group != GROUP_NONE)
        code = context_set(total, "groups", json_integer((json_int_t)s->group_total), err);
    if (code == WEFT_OK)
        code = write_warnings(s, reply, err);
    return code == WEFT_OK ? context_set(reply, "partial", json_boolean(partial), err)
                           : code;
}

/* The parts of a score, which add up to it; those of the priors where they are asked for. */
static weft_code add_explanation(const search *s, json_t *hit, const rank_parts *parts,
                                 weft_error *err)
{
    json_t *explain =
        json_pack("{s:f,s:f,s:f,s:f,s:f,s:f}", "bag", parts->bag, "article", parts->article,
                  "thread", parts->thread, "article_pairs", parts->article_pairs,
                  "own_pairs", parts->own_pairs, "early", parts->early);
    weft_code code = context_set(hit, "explain", explain, err);
    if (code == WEFT_OK && s->priors.recency > 0)
        code = context_set(explain, "recency", json_real(parts->recency), err);
    if (code == WEFT_OK && s->priors.votes > 0)
        code = context_set(explain, "votes", json_real(parts->votes), err);
    return code;
}

/* Which group a hit stands in. */
static weft_code add_group(const search *s, json_t *hit, const group *of, weft_error *err)
{
    weft_str key = of->key;
    if (s->group == GROUP_THREAD)
        key = weft_str_from(weft_ref(s->c->mem, WEFT_ARTICLE, of->key.p));
    json_t *name = key.n == 0 ? json_null() : json_stringn(key.p, key.n);
    return context_set(
        hit, "group",
        json_pack("{s:o,s:I}", "key", name, "matched", (json_int_t)of->matched), err);
}

/* of: the group it stands in, or NULL. */
static weft_code write_hit(const search *s, context *c, const rank_hit *h, const group *of,
                           json_t *hits, weft_error *err)
{
    const context_hit hit = {h->docid, h->score, h->relaxed,
                             h->relaxed ? &s->found.relaxed : &s->found.first};
    json_t *json;
    weft_code code = context_write(c, &hit, &json, err);
    if (code != WEFT_OK)
        return code;
    if (json_array_append_new(hits, json) != 0)
        return weft_fail_nomem(err);
    if (of != NULL)
        code = add_group(s, json, of, err);
    return code == WEFT_OK && c->explain ? add_explanation(s, json, &h->parts, err) : code;
}

static weft_code write_page(const search *s, context *c, json_t *hits, weft_error *err)
{
    weft_code code = WEFT_OK;
    bool is_flat = s->group == GROUP_NONE;
    for (size_t i = 0; code == WEFT_OK && is_flat && i < s->found.hit_count; i++)
        code = write_hit(s, c, &s->found.hits[i], NULL, hits, err);
    for (size_t i = 0; code == WEFT_OK && i < s->group_count; i++) {
        const group *g = &s->groups[i];
        for (size_t k = 0; code == WEFT_OK && k < g->hit_count; k++)
            code = write_hit(s, c, &g->hits[k], g, hits, err);
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

weft_code search_write_next(const search *s, json_t *reply, weft_error *err)
{
    weft_code code = s->moved ? context_set(reply, "moved", json_true(), err) : WEFT_OK;
    return code == WEFT_OK ? context_set_text(reply, "next", s->next, err) : code;
}

weft_code search_write_hits(search *s, json_t *reply, weft_error *err)
{
    const weft_request *r = s->request;
    context c = {.view = s->c->index,
                 .mem = s->c->mem,
                 .wanted = &s->plan->wanted,
                 .left_bytes = WEFT_REPLY_MAX,
                 .explain = weft_request_integer(r, "explain", 0) != 0};
    c.amount = search_key_is(s, "context", "none")   ? CONTEXT_NONE
               : search_key_is(s, "context", "line") ? CONTEXT_LINE
                                                     : CONTEXT_FULL;
    c.snippet_bytes = (size_t)weft_request_integer(r, "snippet", WEFT_SNIPPET_DEFAULT);
    weft_code code = c.explain ? add_reading(s, reply, err) : WEFT_OK;
    json_t *hits = json_array();
    if (code == WEFT_OK)
        code = context_set(reply, "hits", hits, err);
    else
        json_decref(hits);
    return code == WEFT_OK ? write_page(s, &c, hits, err) : code;
}

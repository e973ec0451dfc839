/* group.c - hits by thread or by author: the groups in the order of their best hits.
 *
 * First the list of hits is put together by key. Where it was cut, more groups come from one
 * match of the first tier that leaves out the keys seen and collapses the rest, and what a
 * group of the page lacks from a match inside that group. Both go on in the order that the
 * list has at its end, so the groups are those of a list without an end.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "group.h"

#include <stdlib.h>

#include "weft/mem.h"
#include "../rank_parts.h"
#include "view.h"
#include "banned.h"

_Static_assert(GROUP_LIST >= 2 * (RANK_POOL + RANK_THREAD_HITS),
               "what the second stage orders is in the list");

/* A hit of the list under its key. */
typedef struct member {
    weft_str key;
    uint32_t at; /* in the list */
} member;

/* A group and its hits in the list, in order; of a group from beyond it, its best hit. */
typedef struct found_group {
    weft_str key;
    const member *members;
    size_t member_count;
    rank_hit best;
} found_group;

struct grouping {
    cmd_context *c;
    const plan *plan;
    weft_match_options options;
    group_kind kind;
    uint32_t slot;
    rank_result list;
    bool cut; /* the list was, and the first tier goes on after it */
    found_group *groups;
    size_t count;
    uint32_t *docids; /* of the list, ascending */
    weft_error *err;
};

static int by_key(const void *pa, const void *pb)
{
    const member *a = pa, *b = pb;
    int order = weft_str_cmp(a->key, b->key);
    return order != 0 ? order : a->at < b->at ? -1 : a->at > b->at;
}

static int by_best(const void *pa, const void *pb)
{
    const found_group *a = pa, *b = pb;
    return a->members->at < b->members->at ? -1 : a->members->at > b->members->at;
}

static const uint32_t *find_docid(const grouping *g, uint32_t docid)
{
    return bsearch(&docid, g->docids, g->list.hit_count, sizeof docid, rank_by_docid);
}

/* The hits of the list with their keys. */
static weft_code read_members(grouping *g, member **out)
{
    void *mem = g->c->mem;
    size_t n = g->list.hit_count;
    weft_str *keys = weft_new_array(mem, weft_str, n);
    member *members = weft_new_array(mem, member, n);
    g->docids = weft_new_array(mem, uint32_t, n);
    if (keys == NULL || members == NULL || g->docids == NULL)
        return weft_fail_nomem(g->err);
    for (size_t i = 0; i < n; i++)
        g->docids[i] = g->list.hits[i].docid;
    weft_code code = view_values(g->c->index, mem, g->slot, g->docids, n, keys, g->err);
    for (size_t i = 0; code == WEFT_OK && i < n; i++)
        members[i] = (member){keys[i], (uint32_t)i};
    qsort(g->docids, n, sizeof *g->docids, rank_by_docid);
    *out = members;
    return code;
}

/* A hit without a key is a group of its own. */
static weft_code group_list(grouping *g)
{
    member *members = NULL;
    size_t n = g->list.hit_count;
    weft_code code = read_members(g, &members);
    if (code != WEFT_OK)
        return code;
    g->groups = weft_new_array(g->c->mem, found_group, n);
    if (g->groups == NULL)
        return weft_fail_nomem(g->err);
    qsort(members, n, sizeof *members, by_key);
    for (size_t i = 0, end; i < n; i = end) {
        end = i + 1;
        while (end < n && members[i].key.n > 0 &&
               weft_str_eq(members[end].key, members[i].key))
            end++;
        g->groups[g->count++] = (found_group){
            .key = members[i].key, .members = members + i, .member_count = end - i};
    }
    qsort(g->groups, g->count, sizeof *g->groups, by_best);
    return WEFT_OK;
}

/* The first tier without the documents of the groups that are known. */
static weft_code without_known(grouping *g, weft_q *out, uint32_t *keyless)
{
    weft_builder *b = g->plan->builder;
    weft_str *keys = weft_new_array(g->c->mem, weft_str, g->count);
    size_t n = 0;
    if (keys == NULL)
        return weft_fail_nomem(g->err);
    for (size_t i = 0; i < g->count; i++) {
        if (g->groups[i].key.n > 0)
            keys[n++] = g->groups[i].key;
        else
            ++*keyless;
    }
    *out = n == 0 ? g->plan->hits
                  : weft_q_and_not(b, g->plan->hits, weft_q_in_set(b, g->slot, keys, n));
    return WEFT_OK;
}

static rank_hit hit_of(const grouping *g, const weft_match_hit *h)
{
    double score = g->options.by_value ? 0 : h->score;
    return (rank_hit){.docid = h->docid, .score = score, .parts = {.bag = score}};
}

static weft_code run(grouping *g, weft_q q, const weft_match_options *o,
                     weft_match_result *out)
{
    weft_code code = weft_match(g->plan->builder, q, o, g->c->mem, out, g->err);
    if (code == WEFT_OK && out->partial)
        g->list.first.partial = true;
    return code;
}

/* Groups that have no hit in the list, until `wanted` are known. */
static weft_code add_groups(grouping *g, size_t wanted)
{
    weft_q rest = WEFT_Q_NOTHING;
    uint32_t keyless = 0;
    weft_match_result found = {0};
    weft_match_options o = g->options;
    weft_code code = without_known(g, &rest, &keyless);
    if (code != WEFT_OK)
        return code;
    o.limit = (uint32_t)(wanted - g->count) + keyless;
    o.count_to = 0;
    o.collapse = true;
    o.collapse_slot = g->slot;
    code = run(g, rest, &o, &found);
    if (code != WEFT_OK)
        return code;
    found_group *grown =
        weft_grow_array(g->c->mem, g->groups, found_group, g->count + found.hit_count + 1);
    weft_str *keys = weft_new_array(g->c->mem, weft_str, found.hit_count);
    if (grown == NULL || keys == NULL)
        return weft_fail_nomem(g->err);
    g->groups = grown;
    for (size_t i = 0; code == WEFT_OK && i < found.hit_count && g->count < wanted; i++) {
        if (find_docid(g, found.hits[i].docid) != NULL)
            continue;
        found_group *made = &g->groups[g->count];
        *made = (found_group){.best = hit_of(g, &found.hits[i])};
        code = weft_reader_value(g->c->index->reader, g->c->mem, made->best.docid, g->slot,
                                 &made->key, g->err);
        g->count++;
    }
    return code;
}

/* The hits of the first tier in a group. */
static weft_code query_group(grouping *g, weft_str key, weft_q *out)
{
    weft_str term;
    weft_builder *b = g->plan->builder;
    const char *prefix = g->kind == GROUP_THREAD
                             ? WEFT_PREFIX_THREAD
                             : weft_field_find(weft_str_from("author"))->prefix;
    weft_code code = weft_term_make(g->c->mem, prefix, key, &term, g->err);
    if (code == WEFT_OK)
        *out = weft_q_filter(b, g->plan->hits, weft_q_term(b, term));
    return code;
}

/* What the list does not say of a group: how many hits it has, and those after the list's. */
static weft_code look_inside(grouping *g, const found_group *of, size_t each,
                             rank_hit *hits, group *to)
{
    weft_q q = WEFT_Q_NOTHING;
    weft_match_result found = {0};
    weft_match_options o = g->options;
    bool is_full = to->hit_count == each;
    weft_code code = query_group(g, of->key, &q);
    if (code != WEFT_OK)
        return code;
    o.limit = is_full ? 0 : (uint32_t)(each + of->member_count);
    o.count_to = weft_reader_documents(g->c->index->reader);
    code = run(g, q, &o, &found);
    to->matched = found.total;
    for (size_t i = 0; i < found.hit_count && to->hit_count < each; i++) {
        bool is_best = of->member_count == 0 && found.hits[i].docid == of->best.docid;
        if (!is_best && find_docid(g, found.hits[i].docid) == NULL)
            hits[to->hit_count++] = hit_of(g, &found.hits[i]);
    }
    return code;
}

/* Groups of the first tier in the list. */
static weft_code count_list(const grouping *g, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < g->count; i++) {
        const found_group *of = &g->groups[i];
        bool has = false;
        for (size_t k = 0; k < of->member_count && !has; k++)
            has = !g->list.hits[of->members[k].at].relaxed;
        *out += has;
    }
    return WEFT_OK;
}

/* Groups of the first tier, by counting the keys of its hits. */
static weft_code count_keys(grouping *g, uint32_t *out)
{
    bool exact;
    weft_tally keys = {0};
    const weft_tally_key key = {g->slot, 0};
    uint32_t all = weft_reader_documents(g->c->index->reader);
    weft_tally_options o = {&key, 1, g->list.first.exact ? all : g->options.count_to,
                            g->options.deadline_ms};
    weft_code code = weft_match_tally(g->plan->builder, g->plan->hits, &o, g->c->mem, &keys,
                                      &exact, g->err);
    *out = 0;
    for (size_t i = 0; code == WEFT_OK && i < keys.count; i++)
        *out += keys.rows[i].value.n == 0 ? keys.rows[i].count : 1;
    return code;
}

weft_code group_open(cmd_context *c, ranking *r, const plan *p,
                     const weft_match_options *options, group_kind kind, grouping **out,
                     weft_error *err)
{
    grouping *g = talloc_zero(c->mem, grouping);
    if (g == NULL)
        return weft_fail_nomem(err);
    *g = (grouping){.c = c, .plan = p, .options = *options, .kind = kind, .err = err};
    g->slot = kind == GROUP_THREAD ? WEFT_SLOT_THREAD : WEFT_SLOT_AUTHOR;
    g->options.offset = 0;
    g->options.limit = GROUP_LIST;
    weft_code code = rank_page(r, &g->options, &g->list, err);
    if (code != WEFT_OK)
        return code;
    size_t n = g->list.hit_count;
    g->cut = n == GROUP_LIST && !g->list.hits[n - 1].relaxed;
    *out = g;
    return group_list(g);
}

weft_code group_want(grouping *g, size_t wanted, weft_error *err)
{
    g->err = err;
    return g->cut && g->count < wanted ? add_groups(g, wanted) : WEFT_OK;
}

size_t group_count(const grouping *g)
{
    return g->count;
}

const rank_result *group_hits(const grouping *g)
{
    return &g->list;
}

weft_str group_key(const grouping *g, size_t i)
{
    return g->groups[i].key;
}

const rank_hit *group_best(const grouping *g, size_t i)
{
    const found_group *of = &g->groups[i];
    return of->member_count == 0 ? &of->best : &g->list.hits[of->members->at];
}

weft_code group_take(grouping *g, size_t i, size_t each, group *out, weft_error *err)
{
    const found_group *of = &g->groups[i];
    rank_hit *hits = weft_new_array(g->c->mem, rank_hit, each);
    if (hits == NULL)
        return weft_fail_nomem(err);
    g->err = err;
    *out = (group){.key = of->key, .hits = hits};
    for (size_t k = 0; k < of->member_count; k++) {
        const rank_hit *h = &g->list.hits[of->members[k].at];
        if (out->hit_count < each)
            hits[out->hit_count++] = *h;
        out->matched += !h->relaxed;
    }
    if (of->member_count == 0) {
        hits[out->hit_count++] = of->best;
        out->matched = 1;
    }
    return g->cut && of->key.n > 0 ? look_inside(g, of, each, hits, out) : WEFT_OK;
}

weft_code group_total(grouping *g, uint32_t *out, weft_error *err)
{
    g->err = err;
    return g->cut ? count_keys(g, out) : count_list(g, out);
}

/* rank.c - the order of hits: the tiers, which of their hits are scored again, the page. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rank.h"

#include <stdlib.h>

#include "weft/mem.h"
#include "rank_parts.h"
#include "banned.h"

static const weft_bag_weight bag = {
    .gain = 1.5, .k = .5, .b = .3, .own_min = .8, .headline = .8, .parent = .6};

weft_bag_weight rank_bag_weight(const index_view *v)
{
    weft_bag_weight w = bag;
    w.documents = v->articles.count + v->comments.count;
    w.average = v->comments.count > 0 ? v->comments.average : v->articles.average;
    return w;
}

static weft_code pair_idf(ranking *r, const char *prefix, double documents, double **out)
{
    const plan *p = r->plan;
    weft_scope void *tmp = talloc_new(NULL);
    *out = weft_new_array(r->mem, double, p->word_count);
    if (*out == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < p->word_count; i++) {
        uint32_t most = 0;
        for (size_t k = 0; k < p->words[i].form_count; k++) {
            weft_str term;
            uint32_t frequency = 0;
            weft_code code =
                weft_term_make(tmp, prefix, p->words[i].forms[k], &term, r->err);
            if (code == WEFT_OK)
                code = weft_reader_frequency(r->v->reader, term, &frequency, r->err);
            if (code != WEFT_OK)
                return code;
            most = frequency > most ? frequency : most;
        }
        (*out)[i] = rank_idf(documents, most);
    }
    return WEFT_OK;
}

static weft_code prepare(ranking *r)
{
    if (r->prepared)
        return WEFT_OK;
    const index_view *v = r->v;
    double bags = v->articles.count + v->comments.count;
    weft_code code =
        rank_terms_make(r, WEFT_PREFIX_ARTICLE_STEM, v->articles.count, &r->article_terms);
    if (code == WEFT_OK)
        code =
            rank_terms_make(r, WEFT_PREFIX_THREAD_STEM, v->threads.count, &r->thread_terms);
    if (code == WEFT_OK)
        code = rank_terms_make(r, "", bags, &r->bag_terms);
    if (code == WEFT_OK)
        code =
            pair_idf(r, WEFT_PREFIX_ARTICLE_STEM, v->articles.count, &r->pair_idf_article);
    if (code == WEFT_OK)
        code = pair_idf(r, "", bags, &r->pair_idf_bag);
    if (code == WEFT_OK)
        code = rank_pairs_prepare(r);
    if (code == WEFT_OK)
        code = rank_threads_find(r);
    r->prepared = code == WEFT_OK;
    return code;
}

static int by_total(const void *pa, const void *pb)
{
    const rank_thread *a = *(rank_thread *const *)pa, *b = *(rank_thread *const *)pb;
    if (a->total != b->total)
        return a->total > b->total ? -1 : 1;
    return weft_str_cmp(a->id, b->id);
}

/* How many threads stand out among all: few of many, none of a few. */
static size_t outstanding(const ranking *r)
{
    double most = r->v->threads.count / RANK_THREADS_SHARE;
    return most < RANK_THREADS ? (size_t)most : RANK_THREADS;
}

/* Documents of the best threads, at most `most` of them; marks those that stand out. */
static weft_code best_threads(ranking *r, size_t most, weft_q *out)
{
    weft_q parts[RANK_THREADS];
    rank_thread **order = weft_new_array(r->mem, rank_thread *, r->thread_count);
    if (order == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < r->thread_count; i++)
        order[i] = &r->threads[i];
    qsort(order, r->thread_count, sizeof *order, by_total);
    size_t n = most < r->thread_count ? most : r->thread_count;
    for (size_t i = 0; i < n; i++) {
        weft_str term;
        weft_code code =
            weft_term_make(r->mem, WEFT_PREFIX_THREAD, order[i]->id, &term, r->err);
        if (code != WEFT_OK)
            return code;
        order[i]->stands_out = i < outstanding(r);
        parts[i] = weft_q_term(r->plan->builder, term);
    }
    *out = weft_q_or(r->plan->builder, parts, n);
    return WEFT_OK;
}

/* Hits of a tier in some threads join the set. */
static weft_code add_inside(ranking *r, rank_set *set, weft_q tier, weft_q threads,
                            bool relaxed, uint32_t *found)
{
    weft_match_result inside = {0};
    weft_match_options o = r->first_stage;
    o.limit = RANK_THREAD_HITS;
    o.count_to = 0;
    weft_code code =
        weft_match(r->plan->builder, weft_q_filter(r->plan->builder, tier, threads), &o,
                   r->mem, &inside, r->err);
    *found = (uint32_t)inside.hit_count;
    return code == WEFT_OK ? rank_set_add(r, set, &inside, relaxed) : code;
}

/* Score the threads of the set's hits, and the best by their thread documents. */
static weft_code score_threads(ranking *r, const rank_set *set)
{
    weft_str *ids = NULL;
    size_t count = 0;
    weft_code code = prepare(r);
    if (code == WEFT_OK)
        code = rank_set_threads(r, set, &ids, &count);
    return code == WEFT_OK ? rank_threads_score(r, ids, count) : code;
}

static bool has_scored_words(const plan *p)
{
    for (size_t i = 0; i < p->word_count; i++)
        if (p->words[i].scored)
            return true;
    return false;
}

/* The hits of a tier that are scored again whatever their threads, and its totals. */
static weft_code match_pool(ranking *r, weft_q tier, weft_match_result *out)
{
    return weft_match(r->plan->builder, tier, &r->first_stage, r->mem, out, r->err);
}

/* The set of one tier. */
static weft_code tier_set(ranking *r, weft_q tier, bool relaxed,
                          const weft_match_result *pool, rank_set *set)
{
    weft_q threads;
    uint32_t found;
    r->threads = NULL;
    r->thread_count = 0;
    weft_code code = rank_set_add(r, set, pool, relaxed);
    if (code != WEFT_OK || set->count == 0)
        return code;
    if (has_scored_words(r->plan)) {
        code = score_threads(r, set);
        if (code == WEFT_OK)
            code = best_threads(r, RANK_THREADS, &threads);
        if (code == WEFT_OK)
            code = add_inside(r, set, tier, threads, relaxed, &found);
    }
    return code == WEFT_OK ? rank_set_score(r, set) : code;
}

/* The set of both tiers, with the comments of the threads that stand out, whether or not
 * they hold a word. */
static weft_code joint_set(ranking *r, rank_result *out, rank_set *set)
{
    weft_q threads;
    uint32_t found = 0;
    weft_code code = rank_set_add(r, set, &out->first, false);
    if (code == WEFT_OK)
        code = rank_set_add(r, set, &out->relaxed, true);
    if (code == WEFT_OK)
        code = score_threads(r, set);
    if (code != WEFT_OK || r->thread_count == 0)
        return code;
    code = best_threads(r, outstanding(r), &threads);
    if (code == WEFT_OK)
        code = add_inside(r, set, r->plan->relaxed, threads, true, &found);
    if (code == WEFT_OK)
        code = add_inside(r, set, r->plan->near, threads, true, &found);
    out->relaxed.total += found;
    return code == WEFT_OK && set->count > 0 ? rank_set_score(r, set) : code;
}

/* Hits of the page from the set. */
static void take_set(rank_result *out, const rank_set *set, uint32_t offset, size_t room)
{
    for (size_t i = offset; i < set->count && out->hit_count < room; i++)
        out->hits[out->hit_count++] = set->list[i].hit;
}

/* Hits of a tier after its set: in the order of the first stage. skip: of the tier's hits,
 * those in its set included. */
static weft_code take_rest(ranking *r, const rank_set *set, weft_q tier, bool relaxed,
                           uint32_t skip, size_t room, rank_result *out)
{
    weft_match_result rest = {0};
    weft_match_options o = r->first_stage;
    uint32_t position = (uint32_t)set->count;
    uint32_t *known = weft_new_array(r->mem, uint32_t, set->count);
    if (known == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < set->count; i++)
        known[i] = set->list[i].hit.docid;
    qsort(known, set->count, sizeof *known, rank_by_docid);
    o.limit = (skip > position ? skip : position) + (uint32_t)(room - out->hit_count);
    weft_code code = weft_match(r->plan->builder, tier, &o, r->mem, &rest, r->err);
    for (size_t i = 0; code == WEFT_OK && i < rest.hit_count && out->hit_count < room;
         i++) {
        const weft_match_hit *h = &rest.hits[i];
        if (bsearch(&h->docid, known, set->count, sizeof *known, rank_by_docid) == NULL &&
            position++ >= skip)
            out->hits[out->hit_count++] =
                (rank_hit){h->docid, relaxed, h->score, {.bag = h->score}};
    }
    return code;
}

/* The part of a page that one tier fills, from its hit `offset` on. The pool of the first tier
 * is there already. */
static weft_code tier_page(ranking *r, weft_q tier, bool relaxed, uint32_t offset,
                           size_t room, rank_result *out)
{
    rank_set set = {0};
    const weft_match_result *m = relaxed ? &out->relaxed : &out->first;
    weft_code code = relaxed ? match_pool(r, tier, &out->relaxed) : WEFT_OK;
    if (code == WEFT_OK)
        code = tier_set(r, tier, relaxed, m, &set);
    if (code != WEFT_OK)
        return code;
    take_set(out, &set, offset, room);
    bool more = out->hit_count < room && set.count < m->total;
    return more ? take_rest(r, &set, tier, relaxed, offset, room, out) : WEFT_OK;
}

/* As tier_page, by the value of a slot. */
static weft_code value_page(ranking *r, weft_q tier, bool relaxed, uint32_t offset,
                            size_t room, rank_result *out)
{
    weft_match_result *m = relaxed ? &out->relaxed : &out->first;
    weft_match_options o = r->first_stage;
    o.offset = offset;
    o.limit = (uint32_t)(room - out->hit_count);
    weft_code code = weft_match(r->plan->builder, tier, &o, r->mem, m, r->err);
    for (size_t i = 0; code == WEFT_OK && i < m->hit_count; i++)
        out->hits[out->hit_count++] =
            (rank_hit){.docid = m->hits[i].docid, .relaxed = relaxed};
    return code;
}

/* One tier after the other. */
static weft_code strict_page(ranking *r, const weft_match_options *options,
                             rank_result *out)
{
    weft_code (*page)(ranking *, weft_q, bool, uint32_t, size_t, rank_result *) =
        options->by_value ? value_page : tier_page;
    uint32_t offset = options->offset;
    weft_code code = page(r, r->plan->hits, false, offset, options->limit, out);
    bool room = out->first.exact && out->hit_count < options->limit;
    if (code != WEFT_OK || !room || r->plan->relaxed == WEFT_Q_NOTHING)
        return code;
    out->has_relaxed = true;
    offset = offset > out->first.total ? offset - out->first.total : 0;
    return page(r, r->plan->relaxed, true, offset, options->limit, out);
}

/* Both tiers in one order: few hits of the first, all of them in the set. */
static weft_code joint_page(ranking *r, const weft_match_options *options, rank_result *out)
{
    rank_set set = {0};
    weft_q relaxed = r->plan->relaxed;
    weft_code code = match_pool(r, relaxed, &out->relaxed);
    out->has_relaxed = true;
    if (code == WEFT_OK)
        code = joint_set(r, out, &set);
    if (code != WEFT_OK)
        return code;
    take_set(out, &set, options->offset, options->limit);
    bool more = out->hit_count < options->limit &&
                set.count < out->first.total + out->relaxed.total;
    return more ? take_rest(r, &set, relaxed, true, options->offset, options->limit, out)
                : WEFT_OK;
}

weft_code ranking_new(index_view *v, void *mem, const plan *p, ranking **out,
                      weft_error *err)
{
    ranking *r = talloc_zero(mem, ranking);
    if (r == NULL)
        return weft_fail_nomem(err);
    r->v = v;
    r->mem = mem;
    r->plan = p;
    *out = r;
    return WEFT_OK;
}

void ranking_set_priors(ranking *r, const rank_priors *priors)
{
    r->priors = *priors;
}

weft_code rank_page(ranking *r, const weft_match_options *options, rank_result *out,
                    weft_error *err)
{
    const plan *p = r->plan;
    r->err = err;
    r->deadline_ms = options->deadline_ms;
    r->first_stage = *options;
    r->first_stage.weight = rank_bag_weight(r->v);
    r->first_stage.offset = 0;
    r->first_stage.limit = RANK_POOL;
    *out = (rank_result){.hits = weft_new_array(r->mem, rank_hit, options->limit + 1)};
    if (out->hits == NULL)
        return weft_fail_nomem(err);
    weft_code code = options->by_value ? WEFT_OK : match_pool(r, p->hits, &out->first);
    if (code != WEFT_OK)
        return code;
    bool few = out->first.exact && out->first.total < RANK_ENOUGH;
    bool joins = few && !options->by_value && p->relaxed != WEFT_Q_NOTHING &&
                 has_scored_words(p) && outstanding(r) > 0;
    return joins ? joint_page(r, options, out) : strict_page(r, options, out);
}

/* rank.c - the order of hits: the first stage, the set that is scored again, the page. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rank.h"

#include <stdlib.h>

#include "weft/mem.h"
#include "rank_parts.h"
#include "banned.h"

static const double own_pairs_weight = .3;
static const weft_bag_weight bag = {
    .gain = 1.5, .k = .5, .b = .3, .own_min = .8, .headline = .8, .parent = .6};

weft_bag_weight rank_bag_weight(const index_view *v)
{
    weft_bag_weight w = bag;
    w.documents = v->articles.count + v->comments.count;
    w.average = v->comments.count > 0 ? v->comments.average : v->articles.average;
    return w;
}

/* A hit that is scored again. */
typedef struct candidate {
    rank_hit hit;
    rank_thread *thread;
    weft_str order; /* of hits of one score; read when it is needed */
} candidate;

typedef struct candidates {
    candidate *list;
    size_t count;
} candidates;

static int by_docid(const void *pa, const void *pb)
{
    const candidate *a = pa, *b = pb;
    return a->hit.docid < b->hit.docid ? -1 : a->hit.docid > b->hit.docid;
}

static int by_score(const void *pa, const void *pb)
{
    const candidate *a = pa, *b = pb;
    if (a->hit.score != b->hit.score)
        return a->hit.score > b->hit.score ? -1 : 1;
    return a->hit.docid < b->hit.docid ? -1 : a->hit.docid > b->hit.docid;
}

static int by_order(const void *a, const void *b)
{
    return weft_str_cmp(((const candidate *)a)->order, ((const candidate *)b)->order);
}

/* A value of every candidate; the list is in order of docids. */
static weft_code read_values(ranking *r, const candidates *c, uint32_t slot, weft_str *out)
{
    weft_scope void *tmp = talloc_new(NULL);
    uint32_t *docids = weft_new_array(tmp, uint32_t, c->count);
    if (docids == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < c->count; i++)
        docids[i] = c->list[i].hit.docid;
    return weft_reader_values(r->v->reader, r->mem, slot, docids, c->count, out, r->err);
}

static weft_code add_hits(ranking *r, candidates *c, const weft_match_result *m)
{
    candidate *grown =
        weft_grow_array(r->mem, c->list, candidate, c->count + m->hit_count + 1);
    if (grown == NULL)
        return weft_fail_nomem(r->err);
    c->list = grown;
    for (size_t i = 0; i < m->hit_count; i++)
        c->list[c->count++] = (candidate){
            .hit = {.docid = m->hits[i].docid, .parts = {.bag = m->hits[i].score}}};
    qsort(c->list, c->count, sizeof *c->list, by_docid);
    size_t kept = 0;
    for (size_t i = 0; i < c->count; i++)
        if (kept == 0 || c->list[kept - 1].hit.docid != c->list[i].hit.docid)
            c->list[kept++] = c->list[i];
    c->count = kept;
    return WEFT_OK;
}

static int by_bytes(const void *a, const void *b)
{
    return weft_str_cmp(*(const weft_str *)a, *(const weft_str *)b);
}

/* The threads of the pool, each once. */
static weft_code pool_threads(ranking *r, const candidates *c, weft_str **out,
                              size_t *count)
{
    weft_str *ids = weft_new_array(r->mem, weft_str, c->count);
    if (ids == NULL)
        return weft_fail_nomem(r->err);
    weft_code code = read_values(r, c, WEFT_SLOT_THREAD, ids);
    if (code != WEFT_OK)
        return code;
    qsort(ids, c->count, sizeof *ids, by_bytes);
    for (size_t i = 0; i < c->count; i++)
        if (*count == 0 || !weft_str_eq(ids[*count - 1], ids[i]))
            ids[(*count)++] = ids[i];
    *out = ids;
    return WEFT_OK;
}

static int by_total(const void *pa, const void *pb)
{
    const rank_thread *a = *(rank_thread *const *)pa, *b = *(rank_thread *const *)pb;
    if (a->total != b->total)
        return a->total > b->total ? -1 : 1;
    return weft_str_cmp(a->id, b->id);
}

/* All hits of the best threads join the pool. */
static weft_code add_best_threads(ranking *r, candidates *c, weft_q tier,
                                  const weft_match_options *options)
{
    weft_match_result found = {0};
    weft_q parts[RANK_THREADS];
    size_t n = 0;
    rank_thread **order = weft_new_array(r->mem, rank_thread *, r->thread_count);
    if (order == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < r->thread_count; i++)
        order[i] = &r->threads[i];
    qsort(order, r->thread_count, sizeof *order, by_total);
    for (size_t i = 0; i < r->thread_count && n < RANK_THREADS; i++) {
        weft_str term;
        weft_code code =
            weft_term_make(r->mem, WEFT_PREFIX_THREAD, order[i]->id, &term, r->err);
        if (code != WEFT_OK)
            return code;
        parts[n++] = weft_q_term(r->plan->builder, term);
    }
    weft_match_options o = *options;
    o.offset = 0;
    o.limit = RANK_THREAD_HITS;
    o.count_to = 0;
    weft_q inside =
        weft_q_filter(r->plan->builder, tier, weft_q_or(r->plan->builder, parts, n));
    weft_code code = weft_match(r->plan->builder, inside, &o, r->mem, &found, r->err);
    return code == WEFT_OK ? add_hits(r, c, &found) : code;
}

static weft_code join_threads(ranking *r, candidates *c)
{
    weft_str *ids = weft_new_array(r->mem, weft_str, c->count);
    if (ids == NULL)
        return weft_fail_nomem(r->err);
    weft_code code = read_values(r, c, WEFT_SLOT_THREAD, ids);
    for (size_t i = 0; code == WEFT_OK && i < c->count; i++) {
        rank_thread *t = rank_thread_find(r, ids[i]);
        rank_hit *h = &c->list[i].hit;
        c->list[i].thread = t;
        if (t != NULL) {
            h->parts.article = t->art;
            h->parts.thread = t->thread;
            h->parts.article_pairs = t->pairs;
        }
        h->score = h->parts.bag + (t == NULL ? 0 : t->total);
    }
    return code;
}

/* Neighbouring words in the best so far. */
static weft_code add_own_pairs(ranking *r, candidates *c)
{
    uint32_t docids[RANK_PAIR_COMMENTS];
    double pairs[RANK_PAIR_COMMENTS];
    qsort(c->list, c->count, sizeof *c->list, by_score);
    size_t n = c->count < RANK_PAIR_COMMENTS ? c->count : RANK_PAIR_COMMENTS;
    qsort(c->list, n, sizeof *c->list, by_docid);
    for (size_t i = 0; i < n; i++)
        docids[i] = c->list[i].hit.docid;
    weft_code code = rank_pairs(r, r->pair_idf_bag, docids, n, pairs);
    for (size_t i = 0; code == WEFT_OK && i < n; i++) {
        c->list[i].hit.parts.own_pairs = own_pairs_weight * pairs[i];
        c->list[i].hit.score += c->list[i].hit.parts.own_pairs;
    }
    return code;
}

/* Equal scores stand in the total order: newest first, unknown last, then the reference. */
static weft_code sort_equal(ranking *r, candidate *list, size_t count)
{
    candidates same = {list, count};
    weft_str *keys = weft_new_array(r->mem, weft_str, count);
    if (keys == NULL)
        return weft_fail_nomem(r->err);
    weft_code code = read_values(r, &same, WEFT_SLOT_NEWEST, keys);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        list[i].order = keys[i];
    if (code == WEFT_OK)
        qsort(list, count, sizeof *list, by_order);
    return code;
}

static weft_code sort_all(ranking *r, candidates *c)
{
    weft_code code = WEFT_OK;
    qsort(c->list, c->count, sizeof *c->list, by_score);
    for (size_t first = 0; code == WEFT_OK && first < c->count;) {
        size_t end = first + 1;
        while (end < c->count && c->list[end].hit.score == c->list[first].hit.score)
            end++;
        if (end - first > 1)
            code = sort_equal(r, c->list + first, end - first);
        first = end;
    }
    return code;
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
        code = rank_threads_find(r);
    r->prepared = code == WEFT_OK;
    return code;
}

/* The set that is scored again, in its final order. */
static weft_code second_stage(ranking *r, candidates *c, weft_q tier,
                              const weft_match_options *options)
{
    weft_str *ids = NULL;
    size_t count = 0;
    weft_code code = prepare(r);
    if (code == WEFT_OK)
        code = pool_threads(r, c, &ids, &count);
    if (code == WEFT_OK)
        code = rank_threads_score(r, ids, count);
    if (code == WEFT_OK)
        code = add_best_threads(r, c, tier, options);
    if (code == WEFT_OK)
        code = join_threads(r, c);
    if (code == WEFT_OK)
        code = add_own_pairs(r, c);
    return code == WEFT_OK ? sort_all(r, c) : code;
}

static bool has_scored_words(const plan *p)
{
    for (size_t i = 0; i < p->word_count; i++)
        if (p->words[i].scored)
            return true;
    return false;
}

static bool is_candidate(const candidates *c, uint32_t docid)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i].hit.docid == docid)
            return true;
    return false;
}

/* The hits after the set that was scored again: in the order of the first stage. */
static weft_code add_rest(ranking *r, const candidates *c, weft_q tier,
                          const weft_match_options *options, rank_result *out)
{
    uint32_t wanted = options->offset + options->limit, position = (uint32_t)c->count;
    weft_match_result rest = {0};
    weft_match_options o = *options;
    o.offset = 0;
    o.limit = wanted;
    weft_code code = weft_match(r->plan->builder, tier, &o, r->mem, &rest, r->err);
    for (size_t i = 0; code == WEFT_OK && i < rest.hit_count && position < wanted; i++) {
        if (is_candidate(c, rest.hits[i].docid))
            continue;
        if (position++ < options->offset)
            continue;
        out->hits[out->hit_count++] =
            (rank_hit){rest.hits[i].docid, rest.hits[i].score, {.bag = rest.hits[i].score}};
    }
    return code;
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

weft_code rank_page(ranking *r, weft_q tier, const weft_match_options *options,
                    rank_result *out, weft_error *err)
{
    const plan *p = r->plan;
    candidates c = {0};
    weft_match_options o = *options;
    o.weight = rank_bag_weight(r->v);
    o.offset = 0;
    o.limit = RANK_POOL;
    r->err = err;
    r->deadline_ms = options->deadline_ms;
    r->threads = NULL;
    r->thread_count = 0;
    *out = (rank_result){.hits = weft_new_array(r->mem, rank_hit, options->limit + 1)};
    if (out->hits == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_match(p->builder, tier, &o, r->mem, &out->match, err);
    if (code == WEFT_OK)
        code = add_hits(r, &c, &out->match);
    if (code != WEFT_OK || c.count == 0)
        return code;
    code = has_scored_words(p) ? second_stage(r, &c, tier, &o) : join_threads(r, &c);
    if (code == WEFT_OK && !has_scored_words(p))
        code = sort_all(r, &c);
    for (size_t i = options->offset; i < c.count && out->hit_count < options->limit; i++)
        out->hits[out->hit_count++] = c.list[i].hit;
    bool more = out->hit_count < options->limit && c.count < out->match.total;
    o.offset = options->offset;
    o.limit = options->limit;
    return code == WEFT_OK && more ? add_rest(r, &c, tier, &o, out) : code;
}

/* rank_set.c - the hits that are scored again: by their threads, and by neighbouring words of
 * the query in their own. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "rank_parts.h"
#include "banned.h"

static const double own_pairs_weight = .25;

/* The most a relaxed hit gets for standing early in its conversation: less than any word of
 * its own, enough to order the many that hold the headline's words only. */
static const double early_weight = .5;

/* An article that holds this share of the query's idf is about the query. */
static const double coverage_whole = .8;

static int by_docid(const void *pa, const void *pb)
{
    const rank_candidate *a = pa, *b = pb;
    return a->hit.docid < b->hit.docid ? -1 : a->hit.docid > b->hit.docid;
}

/* Best first; of equals the lower docid, so that the order is always the same. */
static int by_score(const void *pa, const void *pb)
{
    const rank_candidate *a = pa, *b = pb;
    if (a->leads != b->leads)
        return a->leads ? -1 : 1;
    if (a->hit.score != b->hit.score)
        return a->hit.score > b->hit.score ? -1 : 1;
    return a->hit.docid < b->hit.docid ? -1 : a->hit.docid > b->hit.docid;
}

static int by_order(const void *a, const void *b)
{
    return weft_str_cmp(((const rank_candidate *)a)->order,
                        ((const rank_candidate *)b)->order);
}

int rank_by_docid(const void *pa, const void *pb)
{
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
    return a < b ? -1 : a > b;
}

weft_code rank_set_values(ranking *r, const rank_set *set, uint32_t slot, weft_str **out)
{
    weft_scope void *tmp = talloc_new(NULL);
    uint32_t *docids = weft_new_array(tmp, uint32_t, set->count);
    *out = weft_new_array(r->mem, weft_str, set->count);
    if (docids == NULL || *out == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < set->count; i++)
        docids[i] = set->list[i].hit.docid;
    return view_values(r->v, r->mem, slot, docids, set->count, *out, r->err);
}

weft_code rank_set_add(ranking *r, rank_set *set, const weft_match_result *m, bool relaxed)
{
    rank_candidate *grown =
        weft_grow_array(r->mem, set->list, rank_candidate, set->count + m->hit_count + 1);
    if (grown == NULL)
        return weft_fail_nomem(r->err);
    set->list = grown;
    for (size_t i = 0; i < m->hit_count; i++)
        set->list[set->count++] =
            (rank_candidate){.hit = {.docid = m->hits[i].docid,
                                     .relaxed = relaxed,
                                     .parts = {.bag = m->hits[i].score}}};
    qsort(set->list, set->count, sizeof *set->list, by_docid);
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++)
        if (kept == 0 || set->list[kept - 1].hit.docid != set->list[i].hit.docid)
            set->list[kept++] = set->list[i];
    set->count = kept;
    return WEFT_OK;
}

weft_code rank_set_threads(ranking *r, const rank_set *set, weft_str **out, size_t *count)
{
    weft_str *ids = NULL;
    weft_code code = rank_set_values(r, set, WEFT_SLOT_THREAD, &ids);
    if (code != WEFT_OK)
        return code;
    *count = weft_str_sort_distinct(ids, set->count);
    *out = ids;
    return WEFT_OK;
}

static weft_code join_threads(ranking *r, rank_set *set)
{
    weft_str *ids = NULL;
    weft_code code = rank_set_values(r, set, WEFT_SLOT_THREAD, &ids);
    for (size_t i = 0; code == WEFT_OK && i < set->count; i++) {
        rank_thread *t = rank_thread_find(r, ids[i]);
        rank_hit *h = &set->list[i].hit;
        set->list[i].thread = t;
        if (t != NULL) {
            h->parts.article = t->art;
            h->parts.thread = t->thread;
            h->parts.article_pairs = t->pairs;
        }
        h->score = h->parts.bag + (t == NULL ? 0 : t->total);
        set->list[i].leads =
            !h->relaxed || (t != NULL && t->stands_out && t->coverage >= coverage_whole);
    }
    return code;
}

/* Relaxed hits that were written soon after their article: a conversation drifts. */
static weft_code add_early(ranking *r, rank_set *set)
{
    weft_str *dates = NULL;
    weft_code code = rank_set_values(r, set, WEFT_SLOT_DATE, &dates);
    for (size_t i = 0; code == WEFT_OK && i < set->count; i++) {
        rank_hit *h = &set->list[i].hit;
        const rank_thread *t = set->list[i].thread;
        int64_t date;
        if (!h->relaxed || t == NULL || !t->has_date ||
            !weft_sortable_read(dates[i], &date))
            continue;
        double hours = date > t->date ? (double)(date - t->date) / 3600 : 0;
        h->parts.early = early_weight / (1 + log1p(hours));
        h->score += h->parts.early;
    }
    return code;
}

/* Neighbouring words in the best so far. */
static weft_code add_own_pairs(ranking *r, rank_set *set)
{
    uint32_t docids[RANK_PAIR_COMMENTS];
    double pairs[RANK_PAIR_COMMENTS];
    qsort(set->list, set->count, sizeof *set->list, by_score);
    size_t n = set->count < RANK_PAIR_COMMENTS ? set->count : RANK_PAIR_COMMENTS;
    qsort(set->list, n, sizeof *set->list, by_docid);
    for (size_t i = 0; i < n; i++)
        docids[i] = set->list[i].hit.docid;
    weft_code code = rank_pairs(r, r->pair_idf_bag, RANK_RUN, docids, n, pairs);
    for (size_t i = 0; code == WEFT_OK && i < n; i++) {
        set->list[i].hit.parts.own_pairs = own_pairs_weight * pairs[i];
        set->list[i].hit.score += set->list[i].hit.parts.own_pairs;
    }
    return code;
}

/* Equal scores stand in the total order: newest first, unknown last, then the reference. */
static weft_code sort_equal(ranking *r, rank_candidate *list, size_t count)
{
    rank_set same = {list, count};
    weft_str *keys = NULL;
    weft_code code = rank_set_values(r, &same, WEFT_SLOT_NEWEST, &keys);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        list[i].order = keys[i];
    if (code == WEFT_OK)
        qsort(list, count, sizeof *list, by_order);
    return code;
}

static bool is_equal(const rank_candidate *a, const rank_candidate *b)
{
    return a->leads == b->leads && a->hit.score == b->hit.score;
}

static weft_code sort_all(ranking *r, rank_set *set)
{
    weft_code code = WEFT_OK;
    qsort(set->list, set->count, sizeof *set->list, by_score);
    for (size_t first = 0; code == WEFT_OK && first < set->count;) {
        size_t end = first + 1;
        while (end < set->count && is_equal(&set->list[end], &set->list[first]))
            end++;
        if (end - first > 1)
            code = sort_equal(r, set->list + first, end - first);
        first = end;
    }
    return code;
}

weft_code rank_set_score(ranking *r, rank_set *set)
{
    weft_code code = join_threads(r, set);
    if (code == WEFT_OK)
        code = add_early(r, set);
    if (code == WEFT_OK)
        code = add_own_pairs(r, set);
    if (code == WEFT_OK)
        code = rank_priors_add(r, set);
    return code == WEFT_OK ? sort_all(r, set) : code;
}

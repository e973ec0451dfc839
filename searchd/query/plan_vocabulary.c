/* plan_vocabulary.c - pre* and ~word: the words of the index they stand for. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "planner.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "vocabulary.h"
#include "banned.h"

/* Stems of one expansion that the second stage of ranking counts; with more it leaves it out. */
enum {
    RANKED_STEMS = 8,
    OWN_STEMS = 100 /* are asked for as own words besides, since two words of a number are
                       told apart by that; for more it would take too long */
};

static const uint32_t own_segments = 1u << WEFT_MARK_TITLE | 1u << WEFT_MARK_OWN;

static int by_number(const void *pa, const void *pb)
{
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
    return a < b ? -1 : a > b;
}

/* The distinct stems of all words. */
static weft_code stems_of(planner *p, const vocabulary_word *words, size_t count,
                          weft_str **out, size_t *out_count)
{
    weft_str *all = weft_new_array(p->mem, weft_str, count * VIEW_LANGUAGES_MAX);
    size_t n = 0;
    if (all == NULL)
        return weft_fail_nomem(p->err);
    for (size_t i = 0; i < count; i++) {
        weft_str *stems;
        size_t some = 0;
        weft_code code = plan_stems(p, words[i].text, &stems, &some);
        if (code != WEFT_OK)
            return code;
        memcpy(all + n, stems, some * sizeof *stems);
        n += some;
    }
    *out = all;
    *out_count = weft_str_sort_distinct(all, n);
    return WEFT_OK;
}

/* Documents with one of the words as their own: by the postings of the stems, which may stand
 * for other words too, and by the stream. */
static weft_code any_word(planner *p, weft_str folded, const vocabulary_word *words,
                          size_t count, weft_q *out)
{
    weft_str *stems = NULL;
    size_t stem_count = 0;
    uint32_t *hashes = weft_new_array(p->mem, uint32_t, count);
    weft_code code = stems_of(p, words, count, &stems, &stem_count);
    weft_q *parts = code == WEFT_OK ? weft_new_array(p->mem, weft_q, stem_count) : NULL;
    if (code != WEFT_OK || hashes == NULL || parts == NULL)
        return code != WEFT_OK ? code : weft_fail_nomem(p->err);
    for (size_t i = 0; i < count; i++)
        hashes[i] = weft_stream_word(words[i].text);
    qsort(hashes, count, sizeof *hashes, by_number);
    for (size_t i = 0; i < stem_count; i++) {
        parts[i] = plan_term(p, "", stems[i]);
        if (stem_count <= OWN_STEMS)
            parts[i] = weft_q_filter(p->b, parts[i],
                                     weft_q_wdf_at_least(p->b, stems[i], WEFT_WDF_OWN));
    }
    const weft_run run = {.slot = WEFT_SLOT_STREAM,
                          .words = hashes,
                          .count = count,
                          .segments = own_segments,
                          .any = true};
    *out = weft_q_filter(p->b, weft_q_max(p->b, parts, stem_count), weft_q_run(p->b, &run));
    if (stem_count <= RANKED_STEMS)
        plan_note_forms(p, folded, stems, stem_count);
    return p->code;
}

static weft_code prefix(planner *p, const query_node *node, weft_str folded, weft_q *out)
{
    vocabulary_list list;
    char *star = weft_new_array(p->mem, char, folded.n + 1);
    if (star == NULL)
        return weft_fail_nomem(p->err);
    memcpy(star, folded.p, folded.n);
    star[folded.n] = '*';
    weft_code code =
        vocabulary_prefix(p->view, p->mem, folded, p->deadline_ms, &list, p->err);
    if (code != WEFT_OK)
        return code;
    p->plan->partial = p->plan->partial || list.late;
    if (list.count == 0)
        return WEFT_OK;
    if (list.cut && !p->keep_stop_words) /* the second time round it has been said */
        query_warn(p->q, node->at,
                   "over %d words begin with '%" WEFT_STR_FMT
                   "': the most frequent are searched for",
                   WEFT_EXPANSIONS_MAX, WEFT_STR_ARG(folded));
    plan_want_word(p, weft_str_of(star, folded.n + 1));
    return any_word(p, folded, list.words, list.count, out);
}

static weft_code spelling(planner *p, weft_str folded, weft_q *out)
{
    vocabulary_list near;
    vocabulary_word *words =
        weft_new_array(p->mem, vocabulary_word, WEFT_SPELLINGS_MAX + 1);
    if (words == NULL)
        return weft_fail_nomem(p->err);
    weft_code code =
        vocabulary_near(p->view, p->mem, folded, p->deadline_ms, &near, p->err);
    if (code != WEFT_OK)
        return code;
    p->plan->partial = p->plan->partial || near.late;
    words[0] = (vocabulary_word){.text = folded};
    if (near.count > 0)
        memcpy(words + 1, near.words, near.count * sizeof *near.words);
    for (size_t i = 0; i <= near.count; i++)
        plan_want_word(p, words[i].text);
    return any_word(p, folded, words, near.count + 1, out);
}

weft_q plan_expand(planner *p, const query_node *node, weft_str folded)
{
    weft_q out = WEFT_Q_NOTHING;
    weft_code code =
        node->kind == Q_PREFIX ? prefix(p, node, folded, &out) : spelling(p, folded, &out);
    if (p->code == WEFT_OK)
        p->code = code;
    return p->code == WEFT_OK ? out : WEFT_Q_NOTHING;
}

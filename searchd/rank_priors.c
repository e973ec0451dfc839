/* rank_priors.c - how new a hit is and how many votes it has, as a bounded part of its score.
 *
 * recency = percent / 100 * s * 2^(-age / half-life), votes = percent / 100 * s * v / (v + 10)
 * with s the score without either, so that no hit gains more than the percents asked for. A
 * hit without a date, without votes or with fewer than none gains nothing; one dated later
 * than now is new.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "weft/mem.h"
#include "rank_parts.h"
#include "banned.h"

static const double votes_half = 10; /* votes that give half of what votes can give */

enum { DAY_S = 86400 };

static double freshness(const rank_priors *p, weft_str date)
{
    int64_t at;
    if (!weft_sortable_read(date, &at))
        return 0;
    double age = at < p->now_s ? (double)p->now_s - (double)at : 0;
    return exp2(-age / DAY_S / p->recency_days);
}

static double approval(weft_str score)
{
    int64_t votes;
    if (!weft_sortable_read(score, &votes) || votes <= 0)
        return 0;
    return (double)votes / ((double)votes + votes_half);
}

weft_code rank_priors_add(ranking *r, rank_set *set)
{
    const rank_priors *p = &r->priors;
    if (p->recency == 0 && p->votes == 0)
        return WEFT_OK;
    weft_str *dates = NULL, *votes = NULL;
    weft_code code = rank_set_values(r, set, WEFT_SLOT_DATE, &dates);
    if (code == WEFT_OK)
        code = rank_set_values(r, set, WEFT_SLOT_SCORE, &votes);
    for (size_t i = 0; code == WEFT_OK && i < set->count; i++) {
        rank_hit *h = &set->list[i].hit;
        h->parts.recency = p->recency / 100 * h->score * freshness(p, dates[i]);
        h->parts.votes = p->votes / 100 * h->score * approval(votes[i]);
        h->score += h->parts.recency + h->parts.votes;
    }
    return code;
}

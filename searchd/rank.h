/* rank.h - the order of hits: a comment by its own words, its headline and its parent, and by
 * the thread it stands in.
 *
 * Stage one is the weight of the bag, in the match itself. Stage two scores the best of it
 * again, with all comments of the best threads: always the same set, whatever page is asked
 * for; beyond it the order is the first stage's. doc/ranking.md has the formulas, and says
 * when hits of the relaxed tier stand among those of the first.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_RANK_H
#define SEARCHD_RANK_H

#include "query/plan.h"
#include "view.h"

/** The parts of a score; they add up to it. */
typedef struct rank_parts {
    double bag; /* own words, headline, parent */
    double
        article; /* of its thread: the article by the query's words, times their coverage */
    double thread;                   /* of its thread: all words of the conversation */
    double article_pairs, own_pairs; /* neighbouring query words found side by side */
    double early;          /* of a relaxed hit: how soon it was written after its article */
    double recency, votes; /* of the sum of the others, where they are asked for */
} rank_parts;

typedef struct rank_hit {
    uint32_t docid;
    bool relaxed; /* not of the first tier */
    double score;
    rank_parts parts;
} rank_hit;

typedef struct rank_result {
    rank_hit *hits;
    size_t hit_count;
    weft_match_result first; /* the first tier: totals, threads, partial */
    bool has_relaxed;        /* the relaxed tier was asked for */
    weft_match_result relaxed;
} rank_result;

/** What a hit may gain by its date and its votes, in percent of its score; 0 for nothing. */
typedef struct rank_priors {
    double recency, votes;
    double recency_days; /* in which the gain halves */
    int64_t now_s;
} rank_priors;

/** Constants of the first stage for the index as the view has it. */
weft_bag_weight rank_bag_weight(const index_view *v);

/** The ranking of one query: what its tiers share is looked up once. */
typedef struct ranking ranking;

/**
 * Owner:   *out is in mem; v and p are borrowed and must outlive it.
 * Errors:  WEFT_ENOMEM.
 */
weft_code ranking_new(index_view *v, void *mem, const plan *p, ranking **out,
                      weft_error *err) weft_must_check;

/** Have the second stage count the priors in. */
void ranking_set_priors(ranking *r, const rank_priors *priors);

/**
 * One page of the hits: the first tier, and of the relaxed one as much as the page has room
 * for. options says all but the weight; by_value is the order of a slot alone.
 *
 * Owner:   *out and what it points to is in the context of r.
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code rank_page(ranking *r, const weft_match_options *options, rank_result *out,
                    weft_error *err) weft_must_check;

#endif

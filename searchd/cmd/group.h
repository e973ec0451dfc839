/* group.h - hits by thread or by author: the groups in the order of their best hits. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_GROUP_H
#define SEARCHD_CMD_GROUP_H

#include "../commands.h"
#include "../rank.h"

typedef enum group_kind { GROUP_NONE, GROUP_THREAD, GROUP_AUTHOR } group_kind;

/** Some hits of one thread or author, the best first. */
typedef struct group {
    weft_str key;     /* article id, or author folded; empty for a hit without an author */
    uint32_t matched; /* its hits of the first tier */
    const rank_hit *hits;
    size_t hit_count;
} group;

/** The list of hits that a search gives, put together by key. */
typedef struct grouping grouping;

/* Hits that groups are made of before any are looked for by key. They hold all that the
 * second stage of ranking orders. */
enum { GROUP_LIST = 5000 };

/**
 * Put hits together. A group stands where its best hit does.
 *
 * Owner:   *out is in the context of the request; what is borrowed must outlive it.
 * Errors:  of the index, WEFT_ENOMEM, as all below.
 */
weft_code group_open(cmd_context *c, ranking *r, const plan *p,
                     const weft_match_options *options, group_kind kind, grouping **out,
                     weft_error *err) weft_must_check;

/** Look for more groups until so many are known or there are no more. */
weft_code group_want(grouping *g, size_t wanted, weft_error *err) weft_must_check;

/** How many are known. */
size_t group_count(const grouping *g);

/** The hits they were made of, with the totals of the search. */
const rank_result *group_hits(const grouping *g);

weft_str group_key(const grouping *g, size_t i);
const rank_hit *group_best(const grouping *g, size_t i);

/** Group i with its best `each` hits, in the order of the list. */
weft_code group_take(grouping *g, size_t i, size_t each, group *out,
                     weft_error *err) weft_must_check;

/** How many groups have a hit of the first tier, as exact as the total of hits. */
weft_code group_total(grouping *g, uint32_t *out, weft_error *err) weft_must_check;

#endif

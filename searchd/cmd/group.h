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

typedef struct group_request {
    group_kind kind;
    uint32_t offset, limit; /* groups */
    size_t each;            /* hits of a group */
} group_request;

typedef struct group_page {
    group *groups;
    size_t count;
    bool more;        /* there are groups after these */
    rank_result list; /* the hits they were made of; its totals are those of the search */
    uint32_t total;   /* groups that have a hit of the first tier, as exact as the hits */
} group_page;

/**
 * A page of groups: the list of hits that a search gives, put together by thread or author.
 * A group stands where its best hit does, and its hits in the order of the list.
 *
 * The list is the first GROUP_LIST hits, which hold all that the second stage of ranking
 * orders; beyond them the rest of the tier, by the order of the first stage or of the slot.
 *
 * Owner:   *out and what it points to is in the context of the request.
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code group_find(cmd_context *c, ranking *r, const plan *p,
                     const weft_match_options *options, const group_request *request,
                     group_page *out, weft_error *err) weft_must_check;

enum { GROUP_LIST = 5000 };

#endif

/* search.h - a search at work, as the files that answer it share it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_SEARCH_H
#define SEARCHD_CMD_SEARCH_H

#include "../commands.h"
#include "../rank.h"
#include "cursor.h"
#include "facets.h"
#include "group.h"

typedef struct search {
    cmd_context *c;
    const weft_request *request;
    query *query;
    plan *plan;
    weft_match_options options; /* with the page: offset and limit of hits, or of groups */
    facet_set facets;           /* wanted */
    group_kind group;
    size_t group_hits; /* of each */
    bool has_cursor;
    cursor cursor;
    int64_t now_s; /* of the first page; 0 for the time it is */
    rank_priors priors;
    uint64_t question; /* hash of what orders the answer */
    ranking *ranking;
    rank_result found; /* the page; of groups the list they were made of, for the totals */
    group *groups;     /* the page, when they are asked for */
    size_t group_count;
    uint32_t group_total;
    char *next; /* the cursor after the page; NULL when nothing follows */
    bool moved; /* the page goes on in an answer that has changed */
} search;

/** Whether a key of the request has a value. */
bool search_key_is(const search *s, const char *key, const char *value);

/** Whether the hits are asked for in the order of a value. */
bool search_is_by_value(const search *s);

/**
 * Read the keys of a request that say what is searched for and how it is counted, and plan
 * the query.
 *
 * Errors:  of the query and the index.
 */
weft_code search_read_query(search *s, weft_error *err) weft_must_check;

/** The same of another text than the request's q. Errors: as search_read_query. */
weft_code search_read_text(search *s, weft_str q, weft_error *err) weft_must_check;

/**
 * Read the keys that say what the answer is.
 *
 * Errors:  WEFT_EUSAGE, WEFT_ELIMIT over the window or over the hits of a reply.
 */
weft_code search_read_page(search *s, weft_error *err) weft_must_check;

/** Add revision, totals, warnings and partial to a reply. Errors: WEFT_ENOMEM. */
weft_code search_write_totals(const search *s, json_t *reply,
                              weft_error *err) weft_must_check;

/** Add the cursor after the page, and whether the answer has changed. Errors: WEFT_ENOMEM. */
weft_code search_write_next(const search *s, json_t *reply,
                            weft_error *err) weft_must_check;

/** Add the hits of the page, and with explain the query as it was read. Errors: of the
 * index, WEFT_ENOMEM. */
weft_code search_write_hits(search *s, json_t *reply, weft_error *err) weft_must_check;

#endif

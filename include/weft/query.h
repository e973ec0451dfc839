/* weft/query.h - a query built node by node, and the match that answers it (the Xapian
 * shim).
 *
 * No policy here: which words, prefixes and constants is decided by the planner
 * (searchd/query/plan.c).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_QUERY_H
#define WEFT_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/index.h"
#include "weft/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Grows a query; every failure sticks and is given once, by weft_match. */
typedef struct weft_builder weft_builder;

/** A node of a builder. */
typedef uint32_t weft_q;
enum { WEFT_Q_NOTHING = 0, WEFT_Q_EVERYTHING = 1 };

/**
 * A builder for one reader.
 *
 * Owner:   *out dies with mem; r must outlive it.
 * Errors:  WEFT_ENOMEM.
 */
weft_code weft_builder_new(void *mem, weft_reader *r, weft_builder **out,
                           weft_error *err) weft_must_check;

/** Documents that have a term, weighted. */
weft_q weft_q_term(weft_builder *b, weft_str term) weft_noexcept;
/** All of the nodes; of none, everything. Weights add up. */
weft_q weft_q_and(weft_builder *b, const weft_q *nodes, size_t count) weft_noexcept;
/** Any of the nodes; of none, nothing. Weights add up. */
weft_q weft_q_or(weft_builder *b, const weft_q *nodes, size_t count) weft_noexcept;
/** Any of the nodes, weight of the best: forms of one word. */
weft_q weft_q_max(weft_builder *b, const weft_q *nodes, size_t count) weft_noexcept;
/** Documents of `scored` that `filter` also matches; only `scored` gives weight. */
weft_q weft_q_filter(weft_builder *b, weft_q scored, weft_q filter) weft_noexcept;
/** Documents of `scored` that `without` does not match. */
weft_q weft_q_and_not(weft_builder *b, weft_q scored, weft_q without) weft_noexcept;
/** The same documents without weight. */
weft_q weft_q_unscored(weft_builder *b, weft_q node) weft_noexcept;
/** Documents whose value in slot is between lo and hi, both included; an empty hi is no
 * upper end. */
weft_q weft_q_range(weft_builder *b, uint32_t slot, weft_str lo, weft_str hi) weft_noexcept;
/** Documents in which the term has at least this wdf: a posting source, no weight. */
weft_q weft_q_wdf_at_least(weft_builder *b, weft_str term, uint32_t wdf) weft_noexcept;

/** Documents in which the term's wdf has one of some bits set, at least one of them: a posting
 * source, no weight. */
weft_q weft_q_wdf_has(weft_builder *b, weft_str term, uint32_t bits) weft_noexcept;

/** Documents whose value in slot is one of some values. Usable alone, cheap beside a node that
 * bounds it. The values are copied. */
weft_q weft_q_in_set(weft_builder *b, uint32_t slot, const weft_str *values,
                     size_t count) weft_noexcept;

/** A run of words in the stream of words of a value slot. */
typedef struct weft_run {
    uint32_t slot;
    const uint32_t *words; /* as in the stream */
    size_t count;          /* 1 to 32 */
    uint32_t segments;     /* bit m set: a segment begun by mark m may hold the run */
    size_t first;          /* with a window: how many of the words are the first part */
    uint32_t window; /* 0: all in this order, side by side; n: two parts, each so, the one
                        beginning at most n words after the other ends, either way round */
    bool any;        /* the run is one word: any of these, ascending; up to 1,000 */
} weft_run;

/**
 * Documents whose stream holds the run. Only usable beside (and) a node that bounds it. The
 * stream is little-endian u32s; a value below WEFT_STREAM_MARKS is a mark: 1 to 3 begin a
 * segment, higher ones break a run inside it.
 */
weft_q weft_q_run(weft_builder *b, const weft_run *run) weft_noexcept;
enum { WEFT_STREAM_MARKS = 16, WEFT_STREAM_SEGMENT_LAST = 3 };

/**
 * Constants of the weight of a bag of words (doc/index-format.md): wdf >> 2 own
 * occurrences, wdf & 2 in the headline, wdf & 1 in the parent. Weight of a stem = idf *
 * max(gain * own / (k * (1 - b + b * length / average) + own), own_min, headline, parent)
 * with each term only where it applies; idf = ln(1 + (n - tf + .5) / (tf + .5)).
 */
typedef struct weft_bag_weight {
    double documents; /* n: documents with a bag */
    double average;   /* average length of a bag */
    double gain, k, b, own_min, headline, parent;
    bool plain; /* wdf is a count, not a bag's: no flags, own = wdf */
} weft_bag_weight;

typedef struct weft_match_options {
    weft_bag_weight weight;
    uint32_t offset, limit;
    uint32_t count_to;    /* totals are exact up to here */
    bool by_value;        /* sort by order_slot alone, else by weight and then order_slot */
    uint32_t order_slot;  /* ascending bytes */
    uint32_t thread_slot; /* value that tells threads apart */
    bool collapse;        /* of documents with one value of collapse_slot only the best;
                             totals then say nothing */
    uint32_t collapse_slot;
    int64_t deadline_ms; /* CLOCK_MONOTONIC; 0 for none. Past it the match ends with what it
                            has */
} weft_match_options;

typedef struct weft_match_hit {
    uint32_t docid;
    double score;
} weft_match_hit;

typedef struct weft_match_thread {
    weft_str key; /* value of thread_slot */
    uint32_t matched;
} weft_match_thread;

typedef struct weft_match_result {
    weft_match_hit *hits;
    size_t hit_count;
    uint32_t total; /* documents that match, a lower bound unless exact */
    bool exact;
    weft_match_thread *threads; /* of the documents counted, ordered by key */
    size_t thread_count;
    bool partial; /* the deadline passed */
} weft_match_result;

/**
 * Run a query.
 *
 * Owner:   *out and what it points to is in mem.
 * Errors:  what the builder met; WEFT_ECHANGED (refresh the reader, build and match again),
 * WEFT_ECORRUPT, WEFT_EIO, WEFT_ENOMEM. A passed deadline is no error.
 */
weft_code weft_match(weft_builder *b, weft_q query, const weft_match_options *options,
                     void *mem, weft_match_result *out, weft_error *err) weft_must_check;

/** The distinct values of a slot, in byte order. */
typedef struct weft_value_set {
    weft_str *values;
    size_t count;
    bool partial; /* the deadline passed before all were seen */
} weft_value_set;

/**
 * The values of a slot over every document that matches, unranked; documents without one are
 * left out.
 *
 * Owner:   *out is in mem.
 * Units:   deadline_ms as in weft_match_options.
 * Errors:  as weft_match.
 */
weft_code weft_match_values(weft_builder *b, weft_q query, uint32_t slot,
                            int64_t deadline_ms, void *mem, weft_value_set *out,
                            weft_error *err) weft_must_check;

/** A slot whose values are counted. */
typedef struct weft_tally_key {
    uint32_t slot;
    int64_t
        unit; /* 0: values as they are; else numbers, by how many whole units they hold */
} weft_tally_key;

typedef struct weft_tally_options {
    const weft_tally_key *keys;
    size_t key_count;
    uint32_t count_to; /* documents: past so many the rest is not counted */
    int64_t deadline_ms;
} weft_tally_options;

/** How many documents have a value. */
typedef struct weft_tally_row {
    weft_str value; /* empty for the documents without one, and with a unit */
    int64_t number; /* with a unit: number / unit, rounded down */
    uint32_t count;
} weft_tally_row;

typedef struct weft_tally {
    weft_tally_row *rows; /* in no order */
    size_t count;
} weft_tally;

/**
 * Count the values of slots over the documents that match, each slot in its own out. With a
 * unit documents without a number are left out.
 *
 * Owner:   *out is in mem. *exact: every document was counted.
 * Units:   deadline_ms as in weft_match_options.
 * Errors:  as weft_match.
 */
weft_code weft_match_tally(weft_builder *b, weft_q query, const weft_tally_options *options,
                           void *mem, weft_tally *out, bool *exact,
                           weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

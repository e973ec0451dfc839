/* cache.h - replies kept by the event loop, to be given again while the index stands still.
 *
 * A reply is kept when the index was in one state from before its request went to a worker
 * until after the reply came, and given again only in that state: each question looks at the
 * index (index_stamp.h), so nobody is given an answer from before a commit that had ended.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CACHE_H
#define SEARCHD_CACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/error.h"
#include "job.h"

typedef struct cache cache;

/** What it has done so far, and what it holds. */
typedef struct cache_figures {
    uint64_t hits, misses;
    uint64_t evicted; /* replies that had to make room */
    uint64_t changes; /* of the index, that were seen */
    uint64_t cleared; /* times that it was emptied, as the index had changed */
    size_t replies, bytes;
} cache_figures;

/**
 * A cache of the replies over an index directory; with 0 bytes it keeps none and only follows
 * the index.
 *
 * Owner:   *out is in mem; index_dir is borrowed.
 * Limits:  cap_bytes counts replies, their keys and their tables; one reply may take an eighth.
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code cache_new(void *mem, const char *index_dir, size_t cap_bytes, cache **out,
                    weft_error *err) weft_must_check;

/**
 * Answer a job from the cache: it is done then, under its own id. When not, the job remembers
 * what to keep its reply under.
 *
 * Units:   now_s is the time, in seconds since 1970, UTC.
 */
bool cache_answer(cache *k, job *j, int64_t now_s);

/** Keep the reply of a job that a worker has answered, if it can be given again. */
void cache_keep(cache *k, job *j);

/** Look at the index: whether it has changed since the last time. The first time it has. */
bool cache_follow(cache *k);

/** Its figures, which change with it. */
const cache_figures *cache_count(const cache *k);

#endif

/* shards.h - a spool written by several processes, part by part. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SHARDS_H
#define SHARDS_H

#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/schema.h"
#include "apply.h"
#include "spool.h"
#include "target.h"

enum {
    SHARD_RECORDS = 8192, /* of a part; a build of fewer records has no parts */
    SHARDS_MAX = 256,     /* parts; they are larger then */
    JOBS_MAX = 64         /* processes */
};

typedef struct shards {
    const char *index, *dir; /* of the index; where the parts go */
    spool *spool;            /* finished */
    const weft_settings *settings;
    uint64_t revision;   /* of the live generation when the build began */
    size_t memory_bytes; /* for all processes together */
    progress *progress;  /* told of the records as they are written */
    double rate_per_s;   /* records of all processes together; 0 for any */
    int jobs;
} shards;

/** How many parts a spool is written in. */
size_t shards_count(const spool *s);

/** Records of the parts that are there, more or less. */
uint64_t shards_done(const shards *s);

/**
 * Write all parts that are not there, each by one process.
 *
 * Errors:  the first of a process; the parts that are done stay.
 */
weft_code shards_write(const shards *s, weft_error *err) weft_must_check;

/**
 * Put all parts into a bulk target, in order.
 *
 * Errors:  of target_adopt; WEFT_ECORRUPT, WEFT_EIO.
 */
weft_code shards_join(const shards *s, target *to, apply_totals *totals,
                      apply_counts *counts, weft_error *err) weft_must_check;

/** Remove the parts. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code shards_remove(const shards *s, weft_error *err) weft_must_check;

#endif

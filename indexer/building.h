/* building.h - the steps of a build: read, write, check, catch up, swap. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUILDING_H
#define BUILDING_H

#include "weft/error.h"
#include "checkpoint.h"
#include "live.h"
#include "progress.h"
#include "rate.h"
#include "spool.h"

typedef struct building {
    const char *index;
    build_request request;
    size_t memory_bytes;
    unsigned keep, shrink_max_percent;
    int jobs;             /* processes that write */
    bool restart, xapian; /* Xapian's writer */
    bool any_space;       /* the disk is not asked for its room */
    progress *progress;
    rate rate; /* of reading; in writing each process has its share */

    char *work, *made; /* DIR/build, and the generation in it */
    live *before;      /* the live generation; NULL for a first build */
    checkpoint at;
    bool resumed;
    spool *spool;
    uint64_t records_before; /* read by an earlier run */
    uint64_t loaded;         /* documents of the index, for a build from it */
    uint64_t saved_bytes;    /* of the spool at the last checkpoint */
    uint64_t replayed;       /* records of the journal */
    uint64_t revision;       /* of the new generation */
    bool gate_failed;
} building;

/**
 * Build, from wherever an unfinished build of the same request stood. LOCK_BUILD must be
 * held; what is not said otherwise below is set by the caller.
 *
 * Errors:  WEFT_ECHANGED for an unfinished build of another request; WEFT_ESYNTAX when no
 *          record could be read; WEFT_ECORRUPT with gate_failed when the generation was not
 *          let through; all of reading and writing. After them the same build can go on,
 *          but for the two last-named.
 */
weft_code building_run(building *b, void *mem, weft_error *err) weft_must_check;

#endif

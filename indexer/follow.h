/* follow.h - `weft-indexer add --follow`: a growing file or a pipe into a live index. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FOLLOW_H
#define FOLLOW_H

#include <stdint.h>

#include "weft/error.h"
#include "pace.h"
#include "reading.h"

typedef struct follow_setup {
    const char *index; /* made when it is not there */
    const char *file;  /* or "-" */
    uint64_t from;     /* bytes to pass over */
    pace pace;
    const read_options *read;
} follow_setup;

/**
 * Follow until the end of a pipe, SIGTERM or SIGINT. Each commit is one JSON line on stdout,
 * once it is durable and the lock is let go: where to begin again, and what became of the
 * records since the last one. The lock is only held while a batch is written.
 *
 * Limits:  WEFT_BATCH_RECORDS and WEFT_BATCH_BYTES of lines are held in memory.
 * Errors:  of tail_open and tail_next, of the index; WEFT_EIO when nobody reads stdout any
 *          more: what was read before is committed.
 */
weft_code follow_run(const follow_setup *setup, int *status,
                     weft_error *err) weft_must_check;

#endif

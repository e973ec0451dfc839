/* checkpoint.h - how far an unfinished build came, and what it was asked: so that the same
 * command goes on, and no other one does. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHECKPOINT_H
#define CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/schema.h"
#include "apply.h"
#include "reading.h"
#include "spool.h"

/** What shapes the outcome of a build. All of it is borrowed. */
typedef struct build_request {
    const weft_settings *settings;
    const read_options *read;
    char **files; /* none: from the index itself */
    int file_count;
    const char *writer;
    int64_t
        since_ms; /* batches of the journal to replay from then on; INT64_MAX for none */
} build_request;

typedef enum build_phase {
    PHASE_READ,  /* the input goes into the spool */
    PHASE_WRITE, /* all of it is there: documents are made */
    PHASE_DONE,  /* the generation is whole */
    PHASE_PASSED /* it passed the gate, and takes what came meanwhile */
} build_phase;

typedef struct checkpoint {
    build_phase phase;
    uint64_t revision, batch; /* of the live generation when it began */
    uint64_t shown_before;    /* public articles and comments of that */
    uint64_t tombstones;      /* records carried over from it */
    spool_place spool;
    int file; /* what to read next: so many files, and lines of the next, are done */
    uint64_t line;
    read_report report;
    uint64_t duplicates;
    apply_counts counts; /* once it is done */
    uint64_t generation; /* its number, once it is being made live; else 0 */
} checkpoint;

/**
 * The checkpoint in folder `dir`; *found is false when there is none.
 *
 * Errors:  WEFT_ECHANGED when it is of another request, naming what differs (*out is set);
 *          WEFT_ECORRUPT, WEFT_EIO, WEFT_ENOMEM.
 */
weft_code checkpoint_load(const char *dir, const build_request *request, checkpoint *out,
                          bool *found, weft_error *err) weft_must_check;

/** Keep a checkpoint, durably, in place of the one before. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code checkpoint_save(const char *dir, const build_request *request,
                          const checkpoint *c, weft_error *err) weft_must_check;

#endif

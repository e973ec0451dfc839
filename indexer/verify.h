/* verify.h - what the two kinds of `verify` share: against files, and the index against
 * itself. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_H
#define VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "batch.h"
#include "findings.h"
#include "live.h"
#include "reading.h"

typedef struct verify_options {
    const char *index;
    bool fix, wait;
    int64_t max;
    read_options read;
} verify_options;

typedef struct verify {
    const verify_options *options;
    void *mem;
    live *live;
    batch *batch;       /* NULL without --fix */
    findings found;     /* at first; the lines of standard output */
    findings left;      /* after --fix */
    read_report report; /* of the files */
    uint64_t compared;  /* records, or documents */
    uint64_t newer;     /* in the index than in the files */
    bool changed;       /* the index, while it was read */
} verify;

/**
 * The records of files against those that are stored; with a batch, mend the index.
 *
 * Limits:  some 120 bytes of memory a record, and the longest thread.
 * Errors:  of reading, the spool and the index; WEFT_ESYNTAX when no record could be read.
 */
weft_code verify_files(verify *v, char **files, int count, weft_error *err) weft_must_check;

/**
 * Every document against what its thread's stored records give, the sums kept of all, and
 * the tables; with a batch, write what differs anew.
 *
 * Errors:  of the index.
 */
weft_code verify_index(verify *v, weft_error *err) weft_must_check;

/**
 * Whether a step that ended with *code is to be taken again, on what the index is now: others
 * wrote meanwhile. Else *code is as it was, with why in err.
 *
 * Limits:  VERIFY_RETRIES_MAX times, counted in *retries.
 */
bool verify_again(verify *v, int *retries, weft_code *code, const weft_error *why,
                  weft_error *err);

#endif

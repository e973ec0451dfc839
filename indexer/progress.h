/* progress.h - how far a build is, and how long it will take: a line rewritten on a terminal, or
 * JSON objects for a program, on stderr. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"

/** In the order of --progress. */
typedef enum progress_style {
    PROGRESS_AUTO, /* a line when stderr is a terminal, else nothing */
    PROGRESS_LINE,
    PROGRESS_JSON,
    PROGRESS_NONE
} progress_style;

typedef enum progress_phase {
    PROGRESS_READ,
    PROGRESS_WRITE, /* documents are made */
    PROGRESS_MERGE, /* their tables are finished */
    PROGRESS_CHECK,
    PROGRESS_CATCH_UP,
    PROGRESS_PHASES
} progress_phase;

typedef struct progress progress;

/** What a phase has to do. */
typedef struct progress_task {
    progress_phase phase;
    uint64_t total; /* 0: nobody knows */
    uint64_t done;  /* before, by another run */
    uint64_t bytes; /* that go through it, or 0 when nobody knows: for the rate */
    const char *unit;
} progress_task;

/**
 * Nothing is told before progress_begin.
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM.
 */
weft_code progress_new(void *mem, progress_style style, progress **out,
                       weft_error *err) weft_must_check;

/**
 * One that tells another process how many records were added, as uint64_t in a pipe.
 *
 * Owner:   as progress_new; the pipe is borrowed.
 * Errors:  WEFT_ENOMEM.
 */
weft_code progress_relay(void *mem, int to, progress **out,
                         weft_error *err) weft_must_check;

/** Say that documents are made by Xapian's writer, and by how many processes: a build spends its
 * time otherwise then. */
void progress_set_writer(progress *p, bool xapian, int jobs);

/** A phase begins; the one before is over and was complete. */
void progress_begin(progress *p, const progress_task *task);

/** So much of the phase is done, less never counts; records is how many that were in this run. p
 * may be NULL. */
void progress_at(progress *p, uint64_t done, uint64_t records);

/** So many records more, in a phase that counts records. p may be NULL. */
void progress_add(progress *p, uint64_t records);

/** The last phase is complete. */
void progress_end(progress *p);

/** Nothing more is told, since the build failed: the terminal's line is left clean. */
void progress_stop(progress *p);

/** Seconds since it was made. */
double progress_elapsed(const progress *p);

/** Seconds that a phase took in this run, 0 when it had none; and its bytes. */
double progress_seconds(const progress *p, progress_phase phase);
uint64_t progress_bytes(const progress *p, progress_phase phase);

/** As in the JSON objects. */
const char *progress_name(progress_phase phase);

#endif

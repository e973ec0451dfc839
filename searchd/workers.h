/* workers.h - the worker processes as the event loop sees them: start, hand over, deadline,
 * kill, replace. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_WORKERS_H
#define SEARCHD_WORKERS_H

#include <stdbool.h>

#include "weft/error.h"
#include "job.h"
#include "options.h"

struct event_base;
typedef struct workers workers;

/** What the owner of the workers is told. */
typedef struct workers_owner {
    void *context;
    void (*done)(void *context,
                 job *j);        /* j is done: answered, timed out, or its worker died */
    void (*idle)(void *context); /* a worker is free */
} workers_owner;

/** Why a worker ended. */
typedef enum worker_end {
    WORKER_CRASH, /* it was not told to */
    WORKER_DEADLINE,
    WORKER_CLIENT_GONE,
    WORKER_MEMORY, /* it had come to hold too much */
    WORKER_RELOAD,
    WORKER_ENDS
} worker_end;

typedef struct workers_figures {
    size_t busy, idle, starting; /* now */
    uint64_t resident_kib;       /* of all, as they said with their last replies */
    uint64_t ends[WORKER_ENDS];
    uint64_t slow; /* jobs */
} workers_figures;

/** What the workers do, and what they did so far. */
void workers_count(const workers *pool, workers_figures *out);

/**
 * Start o->workers processes. Must be called in a process that never opens the index.
 *
 * Owner:   *out is in mem; workers_stop ends the processes.
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code workers_start(void *mem, struct event_base *base, const searchd_options *o,
                        workers_owner owner, workers **out,
                        weft_error *err) weft_must_check;

/** Whether workers_give would find a free worker. */
bool workers_has_idle(const workers *pool);

/** Whether any worker runs, free or not. */
bool workers_are_alive(const workers *pool);

/** The index has changed: each worker is to be asked for something, unless a request comes to it
 * before workers_catch_up does. */
void workers_fall_behind(workers *pool);

/** Have idle workers that are behind open the index as it is now, so that what was taken away is
 * let go of, and what they say of it is known. */
void workers_catch_up(workers *pool);

/** Whether any runs a job. */
bool workers_are_busy(const workers *pool);

/** Hand a job to a free worker; owner.done is called later, never from here. Needs
 * workers_has_idle. */
void workers_give(workers *pool, job *j);

/** The client of a job that runs has gone: the job ends by itself within a moment, or its worker
 * is killed. owner.done is called in either case. */
void workers_abandon(workers *pool, const job *j);

/** Do something with every job that runs and has a client; it may call workers_abandon. */
void workers_each(workers *pool, void (*act)(job *j));

/** Replace every worker by a new process, one after the other, none in the middle of a
 * request. */
void workers_reopen(workers *pool);

/** Kill every worker that runs a job: owner.done is called for each, as at the hard
 * deadline. */
void workers_expire(workers *pool);

/** Kill every worker and wait for it. Jobs they run are freed when their client has gone.
 */
void workers_stop(workers *pool);

#endif

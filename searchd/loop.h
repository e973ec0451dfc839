/* loop.h - the event loop: the one process that owns every socket and hands requests to the
 * workers. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_LOOP_H
#define SEARCHD_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/error.h"
#include "options.h"
#include "queue.h"
#include "workers.h"

struct event;
struct event_base;
struct conn;
struct acceptor;
struct cache;
struct stats;

/** What is waited for while stopping. */
typedef enum loop_drain {
    LOOP_GRACE,  /* requests of clients that are owed nothing */
    LOOP_FINISH, /* requests that run */
    LOOP_FLUSH   /* replies on their way */
} loop_drain;

typedef struct loop {
    const searchd_options *o;
    struct event_base *base;
    workers *workers;
    queue queue;
    struct cache *cache;
    struct stats *stats;
    struct conn *conns;
    size_t conn_count;    /* without the refused */
    size_t refused_count; /* told "busy" and about to be closed */
    struct conn *dead;    /* closed in this turn of the loop, freed by the reaper */
    struct event *reaper;
    struct event
        *ager; /* looks for requests that have waited too long, while there are any */
    struct event *watcher;  /* looks for clients that have gone, while requests run */
    struct event *follower; /* looks whether the index has changed */
    struct event *signals[3];
    struct event *drain; /* the end of patience while stopping */
    struct acceptor *acceptors;
    size_t acceptor_count;
    uint64_t seen; /* changes of the index that the workers were told of */
    bool is_stopping;
    loop_drain drain_phase;
} loop;

/**
 * Serve until told to stop, or with --stdio until the input ends.
 *
 * Errors:  what kept it from starting.
 */
weft_code loop_run(const searchd_options *o, weft_error *err) weft_must_check;

/** Queue a job of a connection, or answer it `busy`. */
void loop_submit(loop *l, queue_seat *seat, job *j);

/** Hand queued jobs to free workers. */
void loop_dispatch(loop *l);

/** The client of a job that a worker runs has gone; the job is the loop's now. */
void loop_abandon(loop *l, job *j);

/** A connection is gone: with --stdio, or while stopping, the loop may end. */
void loop_conn_gone(loop *l);

#endif

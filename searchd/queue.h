/* queue.h - jobs waiting for a worker, taken from one connection after the other.
 *
 * A connection has a seat; seats with waiting jobs form a ring. Whoever sends 64 requests
 * at once waits behind everybody who sent one, and when the queue is full its last ones make
 * room for others.
 *
 * One worker is kept from those who ask what is costly: connections of which one of the last
 * requests was heavy share the others among them, and none that ever asked a heavy one gets
 * all. What a request costs is known only when it is done, so the past of a connection speaks
 * for it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_QUEUE_H
#define SEARCHD_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "job.h"

typedef struct queue_seat {
    struct queue_seat *prev, *next; /* in the ring, while jobs is not NULL */
    job *jobs;                      /* oldest first */
    size_t waiting;                 /* how many they are */
    size_t running;                 /* taken and not done */
    unsigned light;  /* requests since the last heavy one, up to QUEUE_LIGHT */
    bool was_heavy;  /* one was heavy, ever */
    bool is_blocked; /* its jobs stay: the client does not take the replies it has */
} queue_seat;

enum {
    QUEUE_LIGHT = 64, /* in a row, and a connection is not among the heavy any more */
    QUEUE_HEAVY_US = 100 * 1000, /* of the processor: a heavy request */
    QUEUE_LONG_US = 500 * 1000   /* in a worker: it is heavy whatever it did there */
};

/** Zero-initialised with cap and workers set. */
typedef struct queue {
    queue_seat *ring;
    size_t count;
    size_t cap;
    size_t workers;
    size_t heavy; /* jobs that run for connections that are heavy */
} queue;

static inline bool queue_is_full(const queue *q)
{
    return q->count >= q->cap;
}

/** Put j, in state JOB_NEW, behind the other jobs of its seat. */
void queue_add(queue *q, queue_seat *seat, job *j);

/** The next job to run; NULL when there is none, or none that may have a worker now. The
 * seat moves to the end of the ring. To be followed by queue_done. */
job *queue_take(queue *q);

/** A job that was taken has been done; its note and the times in it say how heavy it was.
 * Does nothing for a job that was never queued. */
void queue_done(queue *q, const job *j, int64_t now_us);

/** The last job of the seat that has most, taken out of the queue to make room for one more
 * of this seat; NULL when no seat has at least two more waiting. */
job *queue_push_out(queue *q, const queue_seat *seat);

/** A job that has waited since before then_ms, taken out of the queue; NULL when there is
 * none. */
job *queue_take_older(queue *q, int64_t then_ms);

/** Take all jobs of a seat out of the queue; they are no longer queued, and still the
 * connection's. Those that run are to forget the seat (job.seat). */
void queue_leave(queue *q, queue_seat *seat);

#endif

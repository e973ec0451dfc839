/* queue.h - jobs waiting for a worker, taken from one connection after the other.
 *
 * A connection has a seat; seats with waiting jobs form a ring. Whoever sends 64 requests
 * at once waits behind everybody who sent one.
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
    bool is_blocked; /* its jobs stay: the client does not take the replies it has */
} queue_seat;

/** Zero-initialised with cap set. */
typedef struct queue {
    queue_seat *ring;
    size_t count;
    size_t cap;
} queue;

static inline bool queue_is_full(const queue *q)
{
    return q->count >= q->cap;
}

/** Put j, in state JOB_NEW, behind the other jobs of its seat. */
void queue_add(queue *q, queue_seat *seat, job *j);

/** The next job to run; NULL when there is none. The seat moves to the end of the ring. */
job *queue_take(queue *q);

/** A job that has waited since before then_ms, taken out of the queue; NULL when there is
 * none. */
job *queue_take_older(queue *q, int64_t then_ms);

/** Take all jobs of a seat out of the queue; they are no longer queued, and still the
 * connection's. */
void queue_leave(queue *q, queue_seat *seat);

#endif

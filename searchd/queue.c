/* queue.c - jobs waiting for a worker. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "queue.h"

#include <utlist.h>

#include "clock.h"
#include "banned.h"

void queue_add(queue *q, queue_seat *seat, job *j)
{
    if (seat->jobs == NULL)
        DL_APPEND(q->ring, seat);
    DL_APPEND2(seat->jobs, j, q_prev, q_next);
    j->state = JOB_QUEUED;
    j->queued_ms = clock_ms();
    q->count++;
}

static job *take_first(queue *q, queue_seat *seat)
{
    job *j = seat->jobs;
    DL_DELETE2(seat->jobs, j, q_prev, q_next);
    j->state = JOB_NEW;
    q->count--;
    if (seat->jobs == NULL)
        DL_DELETE(q->ring, seat);
    return j;
}

job *queue_take(queue *q)
{
    queue_seat *seat = q->ring;
    while (seat != NULL && seat->is_blocked)
        seat = seat->next;
    if (seat == NULL)
        return NULL;
    job *j = take_first(q, seat);
    if (seat->jobs != NULL) {
        DL_DELETE(q->ring, seat);
        DL_APPEND(q->ring, seat);
    }
    return j;
}

job *queue_take_older(queue *q, int64_t then_ms)
{
    for (queue_seat *seat = q->ring; seat != NULL; seat = seat->next)
        if (seat->jobs->queued_ms < then_ms)
            return take_first(q, seat);
    return NULL;
}

void queue_leave(queue *q, queue_seat *seat)
{
    while (seat->jobs != NULL)
        take_first(q, seat);
}

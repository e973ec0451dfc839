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
    seat->waiting++;
    j->seat = seat;
    j->state = JOB_QUEUED;
    j->queued_ms = clock_ms();
    q->count++;
}

static void take_out(queue *q, queue_seat *seat, job *j)
{
    DL_DELETE2(seat->jobs, j, q_prev, q_next);
    j->state = JOB_NEW;
    seat->waiting--;
    q->count--;
    if (seat->jobs == NULL)
        DL_DELETE(q->ring, seat);
}

static job *take_first(queue *q, queue_seat *seat)
{
    job *j = seat->jobs;
    take_out(q, seat, j);
    return j;
}

/* How many workers the heavy may have. */
static size_t share(const queue *q)
{
    return q->workers > 1 ? q->workers - 1 : 1;
}

static bool is_heavy(const queue_seat *seat)
{
    return seat->was_heavy && seat->light < QUEUE_LIGHT;
}

static bool may_run(const queue *q, const queue_seat *seat)
{
    if (seat->is_blocked || (is_heavy(seat) && q->heavy >= share(q)))
        return false;
    return !seat->was_heavy || seat->running < share(q);
}

job *queue_take(queue *q)
{
    queue_seat *seat = q->ring;
    while (seat != NULL && !may_run(q, seat))
        seat = seat->next;
    if (seat == NULL)
        return NULL;
    job *j = take_first(q, seat);
    seat->running++;
    j->is_heavy = is_heavy(seat);
    q->heavy += j->is_heavy;
    if (seat->jobs != NULL) {
        DL_DELETE(q->ring, seat);
        DL_APPEND(q->ring, seat);
    }
    return j;
}

static bool was_costly(const job *j, int64_t now_us)
{
    return j->note.cpu_us >= QUEUE_HEAVY_US || now_us - j->given_us >= QUEUE_LONG_US;
}

void queue_done(queue *q, const job *j, int64_t now_us)
{
    queue_seat *seat = j->seat;
    q->heavy -= j->is_heavy;
    if (seat == NULL)
        return;
    seat->running--;
    if (was_costly(j, now_us)) {
        seat->was_heavy = true;
        seat->light = 0;
    } else if (seat->light < QUEUE_LIGHT) {
        seat->light++;
    }
}

job *queue_push_out(queue *q, const queue_seat *seat)
{
    queue_seat *longest = NULL;
    for (queue_seat *s = q->ring; s != NULL; s = s->next)
        if (s->waiting >= (longest == NULL ? seat->waiting + 2 : longest->waiting + 1))
            longest = s;
    if (longest == NULL)
        return NULL;
    job *last = longest->jobs->q_prev; /* utlist keeps the tail there */
    take_out(q, longest, last);
    return last;
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

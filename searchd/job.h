/* job.h - one request on its way: read by a connection, perhaps queued, run by a worker,
 * answered in its turn. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_JOB_H
#define SEARCHD_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/proto.h"
#include "weft/str.h"
#include "commands.h"
#include "note.h"

struct cache_ticket;
struct conn;
struct evbuffer;
struct queue_seat;

typedef enum job_state { JOB_NEW, JOB_QUEUED, JOB_RUNNING, JOB_DONE } job_state;

typedef struct job {
    struct conn *conn;           /* NULL when the client has gone away while it ran */
    struct job *prev, *next;     /* the connection's jobs, in the order of the requests */
    struct job *q_prev, *q_next; /* the connection's queued jobs (queue.h) */
    struct queue_seat *seat;     /* where it waited; NULL when it has not, or it has gone */
    bool is_heavy;               /* it runs among the heavy (queue.h) */
    job_state state;
    uint64_t number;       /* tells it from all others in the log */
    weft_str line;         /* in the job; empty once it is done */
    weft_request *request; /* NULL when the line could not be read, and once it is done */
    const command *command;
    int64_t began_us;            /* of clock_us(): when it was read */
    int64_t queued_ms;           /* of clock_ms() */
    int64_t given_us;            /* when a worker got it */
    struct cache_ticket *ticket; /* what its reply may be kept under, or NULL */
    note note;                   /* when done: its code, and what the worker said of it */
    struct evbuffer *reply;      /* owned; when done, the reply line without its LF */
} job;

/** A new job holding a copy of line; NULL when out of memory. To be freed with talloc_free.
 */
job *job_new(struct conn *c, weft_str line);

/** Done, with these bytes as the reply; they are copied. */
void job_answer(job *j, weft_str reply);

/** Done, with bytes taken from the front of source, n of them. */
void job_answer_from(job *j, struct evbuffer *source, size_t n);

/** Done, with an error reply. retry_ms as in weft_reply_error. */
void job_fail(job *j, const weft_error *failure, int64_t retry_ms);

/** Bytes of the reply. */
size_t job_reply_bytes(const job *j);

#endif

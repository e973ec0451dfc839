/* job.c - one request on its way. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"

#include <event2/buffer.h>

#include "weft/mem.h"
#include "clock.h"
#include "banned.h"

static int job_done(job *j)
{
    if (j->reply != NULL)
        evbuffer_free(j->reply);
    return 0;
}

job *job_new(struct conn *c, weft_str line)
{
    static uint64_t count; /* of all so far: there is one event loop in a process */
    job *j = talloc_zero(NULL, job);
    if (j == NULL)
        return NULL;
    talloc_set_destructor(j, job_done);
    j->conn = c;
    j->number = ++count;
    j->began_us = clock_us();
    j->reply = evbuffer_new();
    char *copy = weft_str_dup(j, line);
    if (j->reply == NULL || copy == NULL) {
        talloc_free(j);
        return NULL;
    }
    j->line = weft_str_of(copy, line.n);
    return j;
}

/* A reply may wait long for its turn or its reader: what the request took is given back
 * now. */
static void finish(job *j)
{
    j->state = JOB_DONE;
    TALLOC_FREE(j->request);
    talloc_free((void *)(uintptr_t)j->line.p);
    j->line = weft_str_of(NULL, 0);
}

void job_answer(job *j, weft_str reply)
{
    evbuffer_add(j->reply, reply.p, reply.n);
    finish(j);
}

void job_answer_from(job *j, struct evbuffer *source, size_t n)
{
    evbuffer_remove_buffer(source, j->reply, n);
    finish(j);
}

void job_fail(job *j, const weft_error *failure, int64_t retry_ms)
{
    weft_scope void *tmp = talloc_new(NULL);
    json_t *id = j->request == NULL ? NULL : j->request->id;
    j->note = (note){.code = (uint32_t)failure->code};
    job_answer(j, weft_reply_error(tmp, id, failure, retry_ms));
}

size_t job_reply_bytes(const job *j)
{
    return evbuffer_get_length(j->reply);
}

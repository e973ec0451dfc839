/* conn_lines.c - a connection that sends one request a line and gets one reply a line. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "conn_private.h"
#include "lines.h"
#include "banned.h"

enum {
    HELD_MAX = 256 * 1024 /* bytes of replies not yet handed over: no more lines are read */
};

static bool open_lines(conn *c)
{
    if (!c->is_stdio)
        conn_wait(c, c->loop->o->idle_timeout_ms);
    return true;
}

static bool has_room(const conn *c)
{
    return c->state == CONN_OPEN && c->job_count < WEFT_PIPELINE_MAX &&
           c->held_bytes < HELD_MAX;
}

static void take_request(conn *c, weft_str line)
{
    job *j = conn_add_job(c, line);
    if (j == NULL)
        return;
    if (!c->is_stdio)
        conn_wait(c, c->loop->o->idle_timeout_ms);
    conn_run_job(c, j);
}

static void refuse_line(conn *c, struct evbuffer *in)
{
    char text[80];
    evbuffer_drain(in, evbuffer_get_length(in));
    snprintf(text, sizeof text, "request line over %d bytes", WEFT_REQUEST_MAX);
    conn_last(c);
    conn_add_failure(c, WEFT_ELIMIT, text, 0);
}

static bool take_line(conn *c)
{
    if (!has_room(c))
        return false;
    weft_scope void *tmp = talloc_new(NULL);
    struct evbuffer *in = bufferevent_get_input(c->in);
    weft_str line;
    switch (lines_take(tmp, in, WEFT_REQUEST_MAX, &c->scanned, &line)) {
    case LINES_NONE:
        return false;
    case LINES_ONE:
        take_request(c, line);
        return true;
    case LINES_TOO_LONG:
        refuse_line(c, in);
        return true;
    case LINES_NO_MEMORY:
        break;
    }
    conn_close(c);
    return false;
}

static void put_line(conn *c, job *j, struct evbuffer *out)
{
    (void)c;
    evbuffer_add_buffer(out, j->reply);
    evbuffer_add(out, "\n", 1);
}

static void waited(conn *c)
{
    conn_cut(c, "idle");
}

/* The span begins when the client has its answers. */
static void sent(conn *c)
{
    if (c->jobs == NULL && !c->is_stdio)
        conn_wait(c, c->loop->o->idle_timeout_ms);
}

const conn_protocol conn_lines = {
    /* One byte more than the longest line with its LF: enough to see that a line is too
     * long, and no more. */
    .read_max = WEFT_REQUEST_MAX + 2,
    .open = open_lines,
    .take = take_line,
    .has_room = has_room,
    .put = put_line,
    .waited = waited,
    .sent = sent,
};

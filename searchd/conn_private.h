/* conn_private.h - a connection from within: what the core of it and the protocols spoken over
 * it share. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CONN_PRIVATE_H
#define SEARCHD_CONN_PRIVATE_H

#include <event2/buffer.h>
#include <event2/bufferevent.h>

#include "access.h"
#include "conn.h"
#include "stats.h"

struct event;
struct http;

typedef enum conn_state {
    CONN_OPEN,
    CONN_ENDING, /* no more requests are read; closed when all is answered and sent */
    CONN_LINGER, /* all is sent; what comes in is thrown away */
    CONN_DEAD
} conn_state;

/** What a protocol does with a connection; the core (conn.c) moves bytes, keeps deadlines and
 * ends it. */
struct conn_protocol {
    size_t read_max; /* bytes of input held at most */
    bool has_pages;  /* commands that answer with a page may be asked */
    bool reads_on;   /* input is read while a request runs, so that a reset is noticed */
    /* Begin. False when out of memory. */
    bool (*open)(conn *c);
    /* One request of the input becomes a job, or a failure; false when there is none, or no
     * room for its reply. */
    bool (*take)(conn *c);
    /* Whether take would take one. */
    bool (*has_room)(const conn *c);
    /* The reply of a job that is done, into the output. */
    void (*put)(conn *c, job *j, struct evbuffer *out);
    /* The client has sent no more for the span that was set, and is owed nothing. */
    void (*waited)(conn *c);
    /* All replies are on their way: the span until the next request begins. */
    void (*sent)(conn *c);
};

struct conn {
    loop *loop;
    conn *prev, *next;
    const conn_protocol *protocol;
    struct http *http; /* of an HTTP connection */
    conn_state state;
    conn_peer peer;
    stats_way way;
    access_state access; /* whether it has shown the token it needs */
    bool is_stdio, is_refused;
    bool is_eof;      /* the client will send no more */
    bool must_linger; /* unread input is likely: closing at once could destroy the last
                         reply on its way */
    struct bufferevent *in, *out;     /* the same one for a socket */
    struct event *idle, *write_timer; /* write_timer also ends CONN_LINGER */
    size_t scanned;                   /* of lines: bytes of the input known to hold no LF */
    size_t lingered;                  /* bytes thrown away */
    job *jobs;                        /* unanswered, in the order of the requests */
    size_t job_count;
    size_t held_bytes; /* of replies that are done and not handed over */
    queue_seat seat;
};

/** Wait so long for the client. */
void conn_wait(conn *c, int64_t ms);

/** Wait no longer for it. */
void conn_wait_end(conn *c);

/** A job at the end of the connection's; NULL when out of memory: the connection is closed
 * then. */
job *conn_add_job(conn *c, weft_str line);

/** A job that has failed, at the end of the connection's. */
void conn_add_failure(conn *c, weft_code code, const char *text, int64_t retry_ms);

/** Have a job run: its line is read, answered here, queued, or refused. */
void conn_run_job(conn *c, job *j);

/** Read no more requests: what has been answered is sent, then the connection is closed. */
void conn_last(conn *c);

#endif

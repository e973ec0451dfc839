/* conn.h - one client: its unanswered requests, its replies in their order, its deadlines. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CONN_H
#define SEARCHD_CONN_H

#include <stdbool.h>
#include <sys/socket.h>

#include "job.h"
#include "loop.h"

typedef struct conn conn;
typedef struct conn_protocol conn_protocol;

/** One request a line, one reply a line (doc/protocol.md). */
extern const conn_protocol conn_lines;

/** HTTP/1.1. */
extern const conn_protocol conn_http;

/** Who connected, as the cap per address sees it. */
typedef struct conn_peer {
    sa_family_t family; /* AF_INET, AF_INET6; anything else has no address and no cap */
    unsigned char address[16];
} conn_peer;

/** Serve a connected socket, which is closed in any case, also out of memory. */
void conn_open(loop *l, int fd, const conn_peer *peer, const conn_protocol *protocol);

/** Serve standard input and output. False when out of memory. */
bool conn_open_stdio(loop *l);

/** Tell a connected socket why it is not served, then close it. */
void conn_refuse(loop *l, int fd, const conn_peer *peer, const conn_protocol *protocol,
                 const weft_error *why);

/** How many connections come from peer. */
size_t conn_count_of(const loop *l, const conn_peer *peer);

/** A job of a live connection is done: send what can be sent. */
void conn_job_done(conn *c);

/** Read no more requests; close when all is answered. */
void conn_end(conn *c);

/** The same, if there is something to be answered. While the loop stops, any other connection
 * ends with its next request. */
void conn_end_busy(conn *c);

/** Answer `busy` to all requests that no worker has begun. */
void conn_drop_queued(conn *c);

/** Whether nobody is left to read replies. A Unix socket tells a closed client from one that
 * only ended its requests; for TCP the two look alike until something is written, but a reset
 * is seen. */
bool conn_is_gone(const conn *c);

/** Log that a connection was closed by us, or its client is not there, and close it. */
void conn_cut(conn *c, const char *reason);

/** Drop the connection as it is. It is freed by conn_free_dead. Calling it twice does no
 * harm. */
void conn_close(conn *c);

/** Free the connections closed since the last call; not to be called from within a
 * connection's callback. */
void conn_free_dead(loop *l);

/** The first connection, and the one after c; NULL at the end. Ask for the next before c is
 * closed. */
conn *conn_first(const loop *l);
conn *conn_next(const conn *c);

#endif

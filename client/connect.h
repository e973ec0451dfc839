/* connect.h - a server to ask: a running one at an address, or a child of our own on an
 * index directory. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CLIENT_CONNECT_H
#define WEFT_CLIENT_CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"
#include "child.h"

typedef struct server {
    int fd;      /* -1 when there is none */
    bool is_tcp; /* it may want a token (token.h) */
    child child;
    void *mem;
    weft_buf in;    /* what has come of the replies */
    size_t used;    /* bytes of it that were handed out */
    int timeout_ms; /* for connecting with the first request, and for each later one */
    int64_t deadline_ms;
} server;

/** Where to find a server: exactly one of address and index is set. */
typedef struct server_place {
    const char *address; /* unix:PATH, a path with a slash, HOST:PORT, [IPV6]:PORT */
    const char *index;   /* a directory */
    const char *token_file;
} server_place;

/**
 * Connect, or start the child. server_close ends it, also after a failure.
 *
 * Limits:  looking up a host name is not under the time-out; the system's resolver has its
 *          own.
 * Errors:  WEFT_EUSAGE for a bad address, WEFT_EIO, WEFT_ETIMEOUT, WEFT_ENOMEM.
 */
weft_code server_open(void *mem, const server_place *place, int timeout_ms, server *out,
                      weft_error *err) weft_must_check;

/**
 * Send a request line (without its LF) and wait for the reply line.
 *
 * Owner:   *reply is borrowed until the next call.
 * Limits:  a reply is at most WEFT_REPLY_LINE_MAX bytes.
 * Errors:  WEFT_EIO (also for a reply over the limit), WEFT_ETIMEOUT, WEFT_ENOMEM: all mean
 * that there is no answer.
 */
weft_code server_ask(server *s, weft_str request, weft_str *reply,
                     weft_error *err) weft_must_check;

/** Hang up and wait for the child's end. */
void server_close(server *s);

#endif

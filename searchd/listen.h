/* listen.h - listening sockets: bound by us, or handed over by a supervisor. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_LISTEN_H
#define SEARCHD_LISTEN_H

#include <stdbool.h>
#include <sys/types.h>

#include "weft/error.h"

/** One listening socket, non-blocking. */
typedef struct listen_socket {
    int fd;
    const char
        *name; /* "unix:PATH", "HOST:PORT" with the real port, "[IPV6]:PORT"; in mem */
    const char
        *path;    /* of a Unix socket we made, to be removed at the end; NULL otherwise */
    bool is_http; /* one handed over under a name that begins with "http" */
    dev_t dev;    /* of that file, so that nobody else's is removed */
    ino_t ino;
} listen_socket;

/**
 * Bind and listen. A Unix socket that nobody answers on is replaced; mode is that of a new
 * one.
 *
 * Owner:   *out's strings are in mem; listen_close ends it.
 * Errors:  WEFT_EUSAGE for a bad address, WEFT_EBUSY when it is in use, WEFT_EIO,
 * WEFT_ENOMEM.
 */
weft_code listen_open(void *mem, const char *address, mode_t mode, listen_socket *out,
                      weft_error *err) weft_must_check;

/**
 * The sockets of LISTEN_FDS, when LISTEN_PID says they are ours; LISTEN_FDNAMES names those
 * that speak HTTP. The variables are removed from the environment.
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_EUSAGE when one is not a listening stream socket, WEFT_EIO, WEFT_ENOMEM.
 * Source:  sd_listen_fds(3).
 */
weft_code listen_inherited(void *mem, listen_socket **out, size_t *n,
                           weft_error *err) weft_must_check;

/**
 * Give the file of a Unix socket we made to an account, as root can; other sockets have
 * none.
 *
 * Errors:  WEFT_EIO, also when another file has come in its place.
 */
weft_code listen_give(const listen_socket *s, uid_t uid, gid_t gid,
                      weft_error *err) weft_must_check;

/** Close it and remove its file, when that is still the one we made. */
void listen_close(listen_socket *s);

#endif

/* worker.h - a worker process: reads requests, runs commands, sends replies. It owns the
 * index and sees no client. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_WORKER_H
#define SEARCHD_WORKER_H

#include "options.h"

/**
 * Answer the requests that come as frames on fd until its other end is gone.
 *
 * Returns the exit status of the process: 0 at the end, 1 when a frame could not be read or
 * written.
 */
int worker_run(int fd, const searchd_options *o);

/** Start of a worker process just forked by parent: keeps fd and stderr, runs, exits. Does
 * not return. */
void worker_main(int fd, pid_t parent, const searchd_options *o) __attribute__((noreturn));

#endif

/* child.h - a weft-searchd of our own, for searching an index without a running daemon. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CLIENT_CHILD_H
#define WEFT_CLIENT_CHILD_H

#include <sys/types.h>

#include "weft/error.h"
#include "weft/str.h"

typedef struct child {
    pid_t pid;     /* 0 when there is none */
    int errors_fd; /* what it wrote to its standard error; -1 for none */
} child;

/**
 * Run `weft-searchd --stdio -i DIR`, looked for beside this program, then in PATH.
 *
 * Owner:   *fd, connected to its standard input and output, is the caller's.
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code child_start(const char *index, child *out, int *fd,
                      weft_error *err) weft_must_check;

/** Wait for its end (its input is closed by then); one that does not end by itself is
 * killed after `timeout_ms`. */
void child_end(child *c, int timeout_ms);

/** What it complained about: its standard error without info and debug lines, in mem; empty
 * for nothing. */
weft_str child_complaint(void *mem, const child *c);

#endif

/* rejects.h - what was refused of a file, in a file beside it (--rejects). */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REJECTS_H
#define REJECTS_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/error.h"
#include "weft/str.h"

typedef struct rejects rejects;

/**
 * Be ready to write PATH.rejects, which is made once something is refused. One that an earlier
 * run left is removed, or gone on with when `goes_on`.
 *
 * Owner:   *out is in mem; path is borrowed.
 * Errors:  WEFT_EUSAGE when a file of that name is there that is none of ours, and for
 *          standard input; WEFT_EIO, WEFT_ENOMEM.
 */
weft_code rejects_open(void *mem, const char *path, bool goes_on, rejects **out,
                       weft_error *err) weft_must_check;

/** Where something was refused, and its bytes; raw.n is 0 when they are not at hand. */
typedef struct reject {
    const char *name; /* of the input */
    size_t line;
    const char *reason;
    weft_str raw;
} reject;

/** Write it down. A failure sticks, for rejects_close. */
void rejects_add(rejects *r, const reject *what);

/** Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code rejects_close(rejects *r, weft_error *err) weft_must_check;

#endif

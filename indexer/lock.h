/* lock.h - one writer at a time, with the name of the other. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LOCK_H
#define LOCK_H

#include <stdbool.h>

#include "weft/error.h"
#include "weft/options.h"

/** Row of an option table for --wait at `at` bytes into the command's options. */
#define LOCK_WAIT_ROW(at)                                                                  \
    {                                                                                      \
        .name = "wait", .kind = WEFT_OPTION_FLAG, .offset = (at),                          \
        .help = "wait for another writer instead of giving up"                             \
    }

/** The file that is locked: by who writes the live generation, or by who makes another one
 * and changes which is live. Who needs both takes LOCK_BUILD first. */
typedef enum lock_kind { LOCK_WRITER, LOCK_BUILD } lock_kind;

/** How long to wait for another holder. */
typedef enum lock_patience {
    LOCK_NOW,  /* not at all */
    LOCK_WAIT, /* until it lets go */
    LOCK_SOON  /* two seconds: writers that commit often let go in between */
} lock_patience;

/**
 * Take a lock of an index for as long as this process lives or until lock_release; the kernel
 * lets go of it when the process dies, so there is no stale lock.
 *
 * Errors:  WEFT_EBUSY naming the holder's pid; WEFT_EIO.
 */
weft_code lock_take(const char *dir, lock_kind kind, lock_patience patience, int *fd,
                    weft_error *err) weft_must_check;
void lock_release(int fd);

#endif

/* walk.h - the ids behind a prefix of terms, a piece at a time, also while others write. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WALK_H
#define WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/error.h"
#include "weft/index.h"
#include "weft/limits.h"

typedef struct id_walk {
    const char *prefix;
    bool (*wanted)(const void *of, weft_str id); /* NULL: all */
    const void *of;
    /* of walk_next */
    bool begun, done;
    size_t last_n;
    char last[WEFT_TERM_MAX];
} id_walk;

/**
 * The next ids that are wanted, in byte order, terminated; there may be none of them before
 * done is set. After WEFT_ECHANGED the reader can be refreshed and the walk goes on.
 *
 * Owner:   *ids is in mem.
 * Errors:  of weft_reader_walk, WEFT_ENOMEM.
 */
weft_code walk_next(id_walk *w, weft_reader *reader, void *mem, char ***ids, size_t *count,
                    weft_error *err) weft_must_check;

#endif

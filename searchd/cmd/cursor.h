/* cursor.h - where a page of a search ended, as a text that a client hands back. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_CURSOR_H
#define SEARCHD_CMD_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/limits.h"
#include "weft/str.h"

/** The end of a page. */
typedef struct cursor {
    uint64_t question; /* hash of the query and of what orders its answer */
    uint64_t revision;
    int64_t now_s;  /* when the first page was made: "yesterday" stays the same day */
    uint32_t shown; /* hits or groups before the end */
    bool by_key;    /* of an order by value: the key of the last hit says where it ended */
    bool relaxed;   /* that hit is of the relaxed tier */
    weft_str key;
    double score;  /* else: of the last hit or group, */
    uint64_t *ids; /* ... and the ids of all on the page, the last one last */
    size_t id_count;
} cursor;

#define CURSOR_NOW_MAX UINT64_C(253402300799) /* the last second of the year 9999 */

/**
 * Errors:  WEFT_ENOMEM.
 * Owner:   *out is in mem.
 */
weft_code cursor_write(void *mem, const cursor *c, char **out,
                       weft_error *err) weft_must_check;

/**
 * Bytes are not trusted.
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_EUSAGE when it is none, WEFT_ENOMEM.
 */
weft_code cursor_read(void *mem, weft_str text, cursor *out,
                      weft_error *err) weft_must_check;

#endif

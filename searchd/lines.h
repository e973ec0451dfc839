/* lines.h - lines out of a buffer of input, with a limit to their length. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_LINES_H
#define SEARCHD_LINES_H

#include <stddef.h>

#include "weft/str.h"

struct evbuffer;

typedef enum lines_result {
    LINES_NONE, /* its LF has not come */
    LINES_ONE,
    LINES_TOO_LONG, /* over max bytes, whether its LF has come or not; nothing is taken */
    LINES_NO_MEMORY
} lines_result;

/**
 * Take the first line out of in, with its LF.
 *
 * Owner:   *line is in mem, without its LF, set for LINES_ONE only.
 * Limits:  max bytes without the LF. *scanned, 0 at the start, remembers how far there is
 * no LF, so that a line that comes byte by byte is not searched again and again.
 */
lines_result lines_take(void *mem, struct evbuffer *in, size_t max, size_t *scanned,
                        weft_str *line);

#endif

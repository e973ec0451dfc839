/* empty.h - an index without a record, so that a site can begin with additions. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMPTY_H
#define EMPTY_H

#include "weft/error.h"
#include "live.h"

/**
 * Open the live generation; when there is no index, make an empty one, which is said on
 * stderr. The lock must be held.
 *
 * Owner:   *out is in mem.
 * Errors:  of live_open but for WEFT_ENOTFOUND, and of writing.
 */
weft_code empty_open_live(void *mem, const char *dir, live **out,
                          weft_error *err) weft_must_check;

#endif

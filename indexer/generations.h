/* generations.h - which generations an index has, and which of them is live. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GENERATIONS_H
#define GENERATIONS_H

#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"

/** Their numbers, ascending, in mem. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code generations_list(void *mem, const char *dir, uint64_t **out, size_t *count,
                           weft_error *err) weft_must_check;

/** A number above all of them. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code generations_next(const char *dir, uint64_t *out, weft_error *err) weft_must_check;

/**
 * Make a whole generation the live one, with the settings it was made with, at once and
 * durably; then remove all but that, the one that was live before (0 for none) and the newest
 * of the others, `keep` in all beside the live one; and what the journal holds for none of
 * them. Both locks must be held.
 *
 * Errors:  WEFT_EIO, WEFT_ECORRUPT, WEFT_ENOMEM. Those of removing come after the swap.
 */
weft_code generations_promote(const char *dir, uint64_t generation, uint64_t before,
                              unsigned keep, weft_error *err) weft_must_check;

#endif

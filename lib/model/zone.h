/* zone.h - local times of a named zone, private to lib/model. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_MODEL_ZONE_H
#define WEFT_MODEL_ZONE_H

#include <stdint.h>

#include "weft/error.h"

/**
 * UTC of a local time in a zone, both in seconds since 1970; tz NULL is UTC.
 *
 * A local time that the zone skips moves forward by the gap; of two that bear the same name
 * the earlier is meant.
 *
 * Errors:  WEFT_ESYNTAX for a zone ICU does not know, WEFT_ENOMEM.
 */
weft_code zone_to_utc(const char *tz, int64_t local_s, int64_t *out_s,
                      weft_error *err) weft_must_check;

#endif

/* ago.h - dates that count from now: "12 hours ago", "vor 3 Stunden". */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_AGO_H
#define FORMATS_AGO_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/str.h"

/**
 * What a relative date means when it was read at as_of_s: "12 hours ago", "an hour ago",
 * "3h ago", "yesterday", "just now", and the like in German, French, Russian, Spanish,
 * Italian, Portuguese, Dutch and Polish, in any case
 * of letters. A month counts 30 days and a year 365, since nothing better is known.
 *
 * Units:   as_of_s and *out_s are seconds since 1970, UTC.
 * Errors:  false when the text is no such date, or one before the year 1.
 */
bool fmt_ago(weft_str text, int64_t as_of_s, int64_t *out_s);

#endif

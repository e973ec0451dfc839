/* pace.h - how often `add` commits: --commit-every. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/options.h"

enum {
    PACE_MS = 1000,              /* with --follow, when nothing is said */
    PACE_MS_MAX = 60 * 60 * 1000 /* an hour */
};

/** A batch is due when either is reached; 0 is not asked. */
typedef struct pace {
    uint64_t records;
    int64_t ms; /* since its first record */
} pace;

/** Row of an option table for --commit-every at `at` bytes into the command's options, a
 * weft_option_list. */
#define PACE_ROW(at)                                                                       \
    {                                                                                      \
        .name = "commit-every", .kind = WEFT_OPTION_LIST, .argument = "TIME|N",            \
        .offset = (at), .help = "commit after a time, as 5s or 500ms, or N records"        \
    }

/**
 * Read what was given; of two of a kind the last one counts.
 *
 * Limits:  1 to WEFT_BATCH_RECORDS records, 1 to PACE_MS_MAX milliseconds.
 * Errors:  WEFT_EUSAGE.
 */
weft_code pace_parse(const weft_option_list *given, pace *out,
                     weft_error *err) weft_must_check;

/** Milliseconds of a clock that is never set. */
int64_t pace_clock_ms(void);

/** Milliseconds until a batch of so many records, the first at since_ms, is due: 0 when it
 * is, -1 when no time makes it so. */
int64_t pace_left_ms(const pace *p, uint64_t records, int64_t since_ms, int64_t now_ms);

#endif

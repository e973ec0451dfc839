/* report.h - what became of the records of a build or an addition, as one JSON object. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_H
#define REPORT_H

#include "weft/error.h"
#include "apply.h"
#include "progress.h"
#include "reading.h"

typedef struct report {
    const read_report *read;
    const apply_counts *counts;
    uint64_t gone; /* of a build: what the index showed and does no more */
    uint64_t superseded, replayed, revision;
    double seconds;
    const progress *progress; /* of a build, for its phases; else NULL */
} report;

/** Print it on standard output, a line. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code report_print_json(const report *r, weft_error *err) weft_must_check;

#endif

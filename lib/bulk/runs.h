/* runs.h - sorted runs of posting lists, in one temporary file, and their merge. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_RUNS_H
#define WEFT_BULK_RUNS_H

#include "table.h"

typedef struct runs runs;

/* The list of one term in one run. */
typedef struct run_list {
    weft_str term;
    uint64_t count, sum; /* documents, sum of wdfs */
    const unsigned char *pairs;
    size_t bytes;
} run_list;

/* *out is in mem. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code runs_new(void *mem, const char *dir, runs **out, weft_error *err) weft_must_check;

/* Begin a run; then its lists in term order. Docids of a term are above those of the runs
 * before. Errors: WEFT_ENOMEM; WEFT_EIO. */
weft_code runs_begin(runs *r, weft_error *err) weft_must_check;
weft_code runs_add(runs *r, const run_list *list, weft_error *err) weft_must_check;

/* Merge all runs into the postlist table. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code runs_merge(runs *r, table *t, weft_error *err) weft_must_check;

#endif

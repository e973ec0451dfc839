/* runs.h - sorted runs of posting lists, in memory and in a temporary file, and their merge.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_RUNS_H
#define WEFT_BULK_RUNS_H

#include <stdio.h>

#include "output.h"
#include "table.h"

typedef struct runs runs;

/* The list of one term in one run; the empty term is for the lengths of documents. */
typedef struct run_list {
    weft_str term;
    uint64_t count, sum;        /* documents, sum of wdfs */
    const unsigned char *pairs; /* as in chunks.h */
    size_t bytes;
} run_list;

/* Runs past so many bytes go to a file in folder dir. *out is in mem. Errors: WEFT_ENOMEM. */
weft_code runs_new(void *mem, const char *dir, size_t memory_bytes, runs **out,
                   weft_error *err) weft_must_check;

/* Of a part: all runs go to a named file, and where they lie to another (part.h). Errors:
 * WEFT_EIO, WEFT_ENOMEM. */
weft_code runs_new_part(void *mem, const char *dir, runs **out,
                        weft_error *err) weft_must_check;
weft_code runs_save(runs *r, output *index, weft_error *err) weft_must_check;
/* Take over what a part saved, its docids counted on from base; the file lies in folder dir.
 * Errors: WEFT_EIO, WEFT_ECORRUPT, WEFT_ENOMEM. */
weft_code runs_adopt(runs *r, const char *dir, FILE *index, uint32_t base,
                     weft_error *err) weft_must_check;

/* A run: lists in term order. Docids are above `before`, and those of a term above those of
 * the runs before. Errors: WEFT_ENOMEM; of runs_end WEFT_EIO too. */
weft_code runs_begin(runs *r, uint32_t before, weft_error *err) weft_must_check;
weft_code runs_add(runs *r, const run_list *list, weft_error *err) weft_must_check;
weft_code runs_end(runs *r, weft_error *err) weft_must_check;

/* Merge all runs into the postlist table. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code runs_merge(runs *r, table *t, weft_error *err) weft_must_check;

#endif

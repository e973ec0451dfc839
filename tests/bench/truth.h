/* truth.h - how many documents answer each question, counted on the words themselves. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_TRUTH_H
#define BENCH_TRUTH_H

#include "queries.h"

typedef struct counter counter;

/**
 * Owner:   *out is in mem; q is borrowed, and its counts are written.
 * Errors:  WEFT_ENOMEM.
 */
weft_code counter_new(void *mem, queries *q, counter **out,
                      weft_error *err) weft_must_check;

/** Count the thread that the archive stands at. */
void counter_thread(counter *c, const archive *a);

#endif

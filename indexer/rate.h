/* rate.h - no more than so many records a second, for a machine that also serves. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RATE_H
#define RATE_H

#include <stdint.h>

enum { RATE_MAX = 1000000000 /* records a second */ };

/** Zeroed, it limits nothing. */
typedef struct rate {
    double per_s;   /* 0: any */
    double began_s; /* of the first record; 0 before it */
    uint64_t taken; /* since then */
} rate;

/** Count records, and sleep until they are due. r may be NULL. */
void rate_take(rate *r, uint64_t records);

#endif

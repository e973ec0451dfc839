/* rate.c - no more than so many records a second. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rate.h"

#include <stddef.h>
#include <time.h>

#include "clock.h"
#include "banned.h"

static const double SLEEP_MIN_S = .01; /* less is made up for with the next records */

void rate_take(rate *r, uint64_t records)
{
    if (r == NULL || r->per_s <= 0)
        return;
    if (r->began_s <= 0)
        r->began_s = clock_s();
    r->taken += records;
    double left_s = r->began_s + (double)r->taken / r->per_s - clock_s();
    if (left_s < SLEEP_MIN_S)
        return;
    const struct timespec pause = {.tv_sec = (time_t)left_s,
                                   .tv_nsec =
                                       (long)((left_s - (double)(time_t)left_s) * 1e9)};
    nanosleep(&pause, NULL);
}

/* clock.h - the clock deadlines are measured by. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CLOCK_H
#define SEARCHD_CLOCK_H

#include <stdint.h>
#include <sys/time.h>
#include <time.h>

/** Milliseconds of CLOCK_MONOTONIC: no step of the wall clock moves it. */
static inline int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/** Microseconds of the same clock. */
static inline int64_t clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/** A span of milliseconds as libevent takes it. */
static inline struct timeval clock_span(int64_t ms)
{
    struct timeval span = {.tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000};
    return span;
}

#endif

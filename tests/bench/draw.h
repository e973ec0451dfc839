/* draw.h - numbers drawn at random, the same ones on every run. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_DRAW_H
#define BENCH_DRAW_H

#include <stdint.h>

#include "weft/error.h"

typedef struct draw {
    uint64_t s[4];
} draw;

void draw_seed(draw *d, uint64_t seed);
uint64_t draw_u64(draw *d);

/** 0 to below - 1; below is not 0. */
uint32_t draw_below(draw *d, uint32_t below);

/** At least 0, below 1. */
double draw_unit(draw *d);

/** A whole number from lo to hi, log-normal about median before it is cut to them. */
uint32_t draw_lognormal(draw *d, double median, double sigma, uint32_t lo, uint32_t hi);

/** Ranks after Zipf and Mandelbrot: rank r comes with weight 1 / (r + 1 + 2.7)^exponent. */
typedef struct zipf zipf;

/**
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM.
 */
weft_code zipf_new(void *mem, uint32_t ranks, double exponent, zipf **out,
                   weft_error *err) weft_must_check;
uint32_t zipf_draw(const zipf *z, draw *d);

#endif

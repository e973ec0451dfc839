/* draw.c - numbers drawn at random, the same ones on every run.
 *
 * xoshiro256** seeded by splitmix64 (D. Blackman and S. Vigna, prng.di.unimi.it); ranks by the alias method (M. D. Vose, "A
 * linear algorithm for generating random numbers with a given distribution", 1991).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "draw.h"

#include <math.h>

#include "weft/mem.h"

#include "banned.h"

struct zipf {
    uint32_t ranks;
    float *keep;     /* of a rank drawn evenly: how often it stands for itself */
    uint32_t *other; /* and for whom otherwise */
};

void draw_seed(draw *d, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        seed += 0x9E3779B97F4A7C15U;
        uint64_t z = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
        d->s[i] = z ^ (z >> 31);
    }
}

static inline uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

uint64_t draw_u64(draw *d)
{
    uint64_t *s = d->s;
    uint64_t drawn = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return drawn;
}

uint32_t draw_below(draw *d, uint32_t below)
{
    return (uint32_t)(((draw_u64(d) >> 32) * below) >> 32);
}

double draw_unit(draw *d)
{
    return (double)(draw_u64(d) >> 11) * 0x1p-53;
}

/* Box and Muller's transform. */
static double draw_normal(draw *d)
{
    double radius = sqrt(-2 * log(1 - draw_unit(d)));
    return radius * cos(2 * M_PI * draw_unit(d));
}

uint32_t draw_lognormal(draw *d, double median, double sigma, uint32_t lo, uint32_t hi)
{
    double drawn = median * exp(sigma * draw_normal(d));
    if (drawn <= lo)
        return lo;
    return drawn >= hi ? hi : (uint32_t)drawn;
}

/* Ranks that weigh less than the mean are filled up by those that weigh more. */
static void fill_aliases(zipf *z, double *weights, uint32_t *stack)
{
    uint32_t small = 0, large = z->ranks; /* two stacks in one array, from both ends */
    for (uint32_t i = 0; i < z->ranks; i++)
        stack[weights[i] < 1 ? small++ : --large] = i;
    while (small > 0 && large < z->ranks) {
        uint32_t poor = stack[--small], rich = stack[large++];
        z->keep[poor] = (float)weights[poor];
        z->other[poor] = rich;
        weights[rich] -= 1 - weights[poor];
        stack[weights[rich] < 1 ? small++ : --large] = rich;
    }
    while (small > 0)
        z->keep[stack[--small]] = 1;
    while (large < z->ranks)
        z->keep[stack[large++]] = 1;
}

weft_code zipf_new(void *mem, uint32_t ranks, double exponent, zipf **out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    zipf *z = talloc_zero(mem, zipf);
    double *weights = weft_new_array(tmp, double, ranks);
    uint32_t *stack = weft_new_array(tmp, uint32_t, ranks);
    if (z == NULL || weights == NULL || stack == NULL)
        return weft_fail_nomem(err);
    z->ranks = ranks;
    z->keep = weft_new_array(z, float, ranks);
    z->other = weft_new_array(z, uint32_t, ranks);
    if (z->keep == NULL || z->other == NULL)
        return weft_fail_nomem(err);
    double sum = 0;
    for (uint32_t i = 0; i < ranks; i++)
        sum += weights[i] = 1 / pow(i + 1 + 2.7, exponent);
    for (uint32_t i = 0; i < ranks; i++)
        weights[i] *= ranks / sum;
    fill_aliases(z, weights, stack);
    *out = z;
    return WEFT_OK;
}

uint32_t zipf_draw(const zipf *z, draw *d)
{
    uint32_t rank = draw_below(d, z->ranks);
    return draw_unit(d) < z->keep[rank] ? rank : z->other[rank];
}

/* facet_counts.h - how often each value of a facet stands, and which are the most frequent. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_FACET_COUNTS_H
#define SEARCHD_CMD_FACET_COUNTS_H

#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"

/** One way in which a value is spelt. */
typedef struct facet_spelling {
    weft_str text;
    uint32_t count;
    struct facet_spelling *next;
} facet_spelling;

typedef struct facet_value {
    weft_str key; /* what makes spellings one value */
    uint32_t count;
    facet_spelling first; /* the others hang on it */
} facet_value;

/** Start from `facet_counts c = {.mem = mem};`. */
typedef struct facet_counts {
    void *mem;
    facet_value *list; /* in the order in which they came */
    size_t count, size;
    uint32_t *slots; /* a table of hashed keys: places in list, from 1 */
    size_t slot_count;
} facet_counts;

/**
 * Count a value so many times more.
 *
 * Owner:   key and spelling are borrowed as long as the counts are used.
 * Errors:  WEFT_ENOMEM.
 */
weft_code facet_counts_add(facet_counts *c, weft_str key, weft_str spelling, uint32_t times,
                           weft_error *err) weft_must_check;

/** Forget all values, keep the memory. */
void facet_counts_clear(facet_counts *c);

/** The most frequent values, at most `most` of them into out, those of one count in the order
 * of their keys. Returns how many. */
size_t facet_counts_best(const facet_counts *c, const facet_value **out, size_t most);

/** The most frequent spelling of a value, the first in byte order of those of one count. */
weft_str facet_value_spelling(const facet_value *v);

#endif

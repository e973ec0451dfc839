/* sort.h - put terms into the order of their bytes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_SORT_H
#define WEFT_BULK_SORT_H

#include "weft/str.h"

/* A term with its first eight bytes as a number, which settles most comparisons. */
typedef struct sort_key {
    uint64_t head;
    const char *p; /* borrowed; without NUL */
    uint32_t n;
    uint32_t of; /* the caller's: what has this term */
} sort_key;

sort_key sort_key_of(weft_str term, uint32_t of);

/* Sort keys; equal ones stay in their order. spare has room for as many. */
void sort_keys(sort_key *keys, sort_key *spare, size_t count);

#endif

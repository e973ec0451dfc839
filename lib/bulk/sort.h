/* sort.h - put terms into the order of their bytes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_SORT_H
#define WEFT_BULK_SORT_H

#include "weft/str.h"

enum { SORT_HEAD_BYTES = 8 };

/* A term with its first eight bytes as a number, which settles most comparisons. */
typedef struct sort_key {
    uint64_t head;
    const char *p; /* borrowed; without NUL */
    uint32_t n;
    uint32_t of; /* the caller's: what has this term */
} sort_key;

/* The first bytes of a term, the first one highest, NUL where it has none: numbers order as
 * terms do. Two loads that may overlap instead of a copy of so many bytes. */
static inline uint64_t sort_head(weft_str term)
{
    const unsigned char *p = (const unsigned char *)term.p;
    uint64_t head = 0;
    uint32_t low, high;
    if (term.n >= sizeof head) {
        memcpy(&head, p, sizeof head);
    } else if (term.n >= sizeof low) {
        memcpy(&low, p, sizeof low);
        memcpy(&high, p + term.n - sizeof high, sizeof high);
        head = low | (uint64_t)high << 8 * (term.n - sizeof high);
    } else if (term.n > 0) {
        head = p[0] | (uint64_t)p[term.n / 2] << 8 * (term.n / 2) |
               (uint64_t)p[term.n - 1] << 8 * (term.n - 1);
    }
    return __builtin_bswap64(head);
}

/* Whether a is above b. Terms hold no NUL, so those that agree in eight bytes padded with
 * NULs and are not longer than that are told apart by their lengths. */
static inline bool sort_is_after(const sort_key *a, const sort_key *b)
{
    if (a->head != b->head)
        return a->head > b->head;
    if (a->n <= SORT_HEAD_BYTES || b->n <= SORT_HEAD_BYTES)
        return a->n > b->n;
    return weft_str_cmp(weft_str_of(a->p, a->n), weft_str_of(b->p, b->n)) > 0;
}

sort_key sort_key_of(weft_str term, uint32_t of);

/* Sort keys; equal ones stay in their order. spare has room for as many. */
void sort_keys(sort_key *keys, sort_key *spare, size_t count);

#endif

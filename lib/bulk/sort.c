/* sort.c - put terms into the order of their bytes: a merge sort, since qsort() calls a
 * function for each comparison and this is half the work of a build. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sort.h"

#include "banned.h"

enum { SMALL = 8 /* keys sorted by insertion before they are merged */ };

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "sort_head loads low bytes first");

sort_key sort_key_of(weft_str term, uint32_t of)
{
    return (sort_key){sort_head(term), term.p, (uint32_t)term.n, of};
}

static void insert(sort_key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        sort_key k = keys[i];
        size_t at = i;
        for (; at > 0 && sort_is_after(&keys[at - 1], &k); at--)
            keys[at] = keys[at - 1];
        keys[at] = k;
    }
}

static void merge(const sort_key *a, const sort_key *a_end, const sort_key *b,
                  const sort_key *b_end, sort_key *out)
{
    while (a < a_end && b < b_end)
        *out++ = sort_is_after(a, b) ? *b++ : *a++;
    while (a < a_end)
        *out++ = *a++;
    while (b < b_end)
        *out++ = *b++;
}

static size_t at_most(size_t at, size_t count)
{
    return at < count ? at : count;
}

void sort_keys(sort_key *keys, sort_key *spare, size_t count)
{
    sort_key *from = keys, *to = spare;
    for (size_t at = 0; at < count; at += SMALL)
        insert(keys + at, at_most(SMALL, count - at));
    for (size_t width = SMALL; width < count; width *= 2) {
        for (size_t at = 0; at < count; at += 2 * width) {
            size_t middle = at_most(at + width, count);
            size_t end = at_most(at + 2 * width, count);
            merge(from + at, from + middle, from + middle, from + end, to + at);
        }
        sort_key *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != keys)
        memcpy(keys, from, count * sizeof *keys);
}

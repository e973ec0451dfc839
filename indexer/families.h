/* families.h - who replies to whom in one input, for its summary: hashes of ids, no texts. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_H
#define FAMILIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/record.h"

typedef struct families {
    void *mem;
    struct family *members;
    size_t count, size;
    bool over; /* more came than are kept: nothing is known */
} families;

/** What the ids say. */
typedef struct family_counts {
    uint64_t levels;     /* 1 when all comments are at the top */
    uint64_t orphans;    /* comments whose parent is not in the input */
    uint64_t duplicates; /* records whose id another one has */
} family_counts;

/**
 * Keep the id of a record and of its parent.
 *
 * Owner:   f is zeroed but for mem, where all is kept.
 * Limits:  WEFT_SUMMARY_IDS_MAX records, 20 bytes each; then nothing is kept.
 * Errors:  WEFT_ENOMEM.
 */
weft_code families_add(families *f, const weft_record *r, weft_error *err) weft_must_check;

/** Count, unless f is over. A cycle is cut. Errors: WEFT_ENOMEM. */
weft_code families_count(families *f, family_counts *out, weft_error *err) weft_must_check;

#endif

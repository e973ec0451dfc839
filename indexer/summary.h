/* summary.h - what became of one input, in figures. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUMMARY_H
#define SUMMARY_H

#include <stdint.h>
#include <stdio.h>

#include "weft/error.h"
#include "weft/record.h"
#include "families.h"
#include "refusals.h"

/** read is loaded + skipped + refused, always. */
typedef struct summary {
    const char *name, *format; /* in mem; format is NULL before it is known */
    uint64_t read, loaded, skipped, refused;
    uint64_t articles, comments, deletes; /* of what was loaded */
    uint64_t deleted;                     /* comments that are only places in the tree */
    uint64_t undated;                     /* articles and comments without a date */
    weft_record_counts counts;
    refusals skipped_by, refused_by;
    families families;
    bool in_part; /* the rest was read before: families are not known */
    bool is_counted;
    family_counts kin; /* once it is counted */
} summary;

/** Count a record that is to be loaded. Errors: WEFT_ENOMEM. */
weft_code summary_load(summary *s, const weft_record *r, weft_error *err) weft_must_check;

/** Count one that was left out on purpose, or refused. */
void summary_skip(summary *s, const char *reason);
void summary_refuse(summary *s, const char *reason);

/** Count what is known only at the end. Errors: WEFT_ENOMEM. */
weft_code summary_end(summary *s, weft_error *err) weft_must_check;

/** Print it, two lines and perhaps those of the reasons; head and its name stand before each. */
void summary_print(const summary *s, FILE *to, const char *head);

#endif

/* standing.h - which record of an id stands, and what a delete is to its thread; the rules of
 * doc/record.md. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STANDING_H
#define STANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/record.h"

/** What the rule of replacing looks at. */
typedef struct standing {
    bool has_rev, is_public;
    uint64_t rev;
} standing;

/** Whether `later`, which came after `earlier` of the same id, takes its place: a lower revision
 * never replaces a higher; without a revision the later one stands, but nothing without one
 * brings back what was taken away with one. */
bool standing_replaces(standing later, standing earlier);

/** The same of two records. */
bool record_replaces(const weft_record *later, const weft_record *earlier);

/** Whether a record that a stored delete of its id keeps out tells where that stood, since the
 * delete came first and named no place. */
bool record_lends_place(const weft_record *r, const weft_record *tombstone);

/** Whether it is a delete by reference, or the memory of one: that stands where the record it
 * deletes stood. */
bool record_names_no_place(const weft_record *r);

/** Make of a delete what it is to its thread: a record that is not public and has no text. */
void record_as_status(weft_record *r);

/** Leave of an older copy of what was deleted where it stood, and nothing else. */
void record_as_tombstone(weft_record *r, const weft_record *tombstone);

/** Id of the article whose thread a record belongs to. */
const char *record_thread(const weft_record *r);

#endif

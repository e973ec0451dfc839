/* verify_source.h - a record of the source against the stored one of its id. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_SOURCE_H
#define VERIFY_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/error.h"
#include "weft/schema.h"
#include "findings.h"
#include "spool.h"

/** A thread of the files. */
typedef struct source_thread {
    void *mem;
    const char *article_id;
    spool_entry *entries;
    size_t count;
    bool gone;                  /* its article is deleted: its comments are not stored */
    const weft_record **places; /* by address; made when they are asked for */
    size_t place_count;
} source_thread;

/**
 * A record of the input as it would be stored, as apply.c has it: a delete is a record that is
 * not public, and what names no place is where the stored one is. Strings may be borrowed from
 * stored, which may be NULL.
 */
void source_as_stored(weft_record *r, bool has_place, const weft_stored *stored);

/** Whether the stored record stays, whatever the source says. */
bool source_stands_before(const weft_record *r, const weft_stored *stored);

/** Whether a comment is shown under another article than its own. */
bool source_is_elsewhere(const weft_record *r, const weft_stored *stored);

/** Whether a stored article that no file has hides comments of the files, and has no revision
 * by which it would do so in a build. */
bool source_is_hidden_by(const source_thread *t, const weft_stored *article);

/**
 * What r, the entry's record as it would be stored, and the stored record of its id (NULL for
 * none) differ in; FINDING_KINDS for nothing. What is not public matters where it holds a
 * place, hides comments, or keeps out older copies.
 *
 * Errors:  WEFT_ELIMIT, WEFT_ENOMEM.
 */
weft_code source_judge(source_thread *t, const spool_entry *entry, const weft_record *r,
                       const weft_stored *stored, finding_kind *kind,
                       weft_error *err) weft_must_check;

#endif

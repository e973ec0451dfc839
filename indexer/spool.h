/* spool.h - the records of a run, gathered by thread: only the last of each id, whatever
 * order they came in. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPOOL_H
#define SPOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/record.h"

typedef struct spool spool;

/** One record that stands after the others of its id were set aside. */
typedef struct spool_entry {
    weft_record
        *record;    /* a delete has its article here when any record of its id named one */
    uint64_t order; /* place in the input, from 1 */
    bool has_place; /* article and parent are known; not of a delete alone of its id */
} spool_entry;

/**
 * A spool in a file without a name in folder `dir`, so that nothing is left when the
 * program dies.
 *
 * Owner:   *out is in mem; its file goes with it.
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code spool_new(void *mem, const char *dir, spool **out,
                    weft_error *err) weft_must_check;

/** How far a spool with a name was saved. */
typedef struct spool_place {
    uint64_t seed;
    uint64_t bytes, text_bytes, order; /* of the records; of their texts; count of them */
    uint64_t entries, stored;
    uint64_t checksum; /* of the entries */
} spool_place;

/**
 * A spool in files of folder `dir` that stay when the program dies: a new one, or with `from`
 * one as it was last saved.
 *
 * Owner:   *out is in mem, its files are the caller's to remove.
 * Errors:  WEFT_EIO, WEFT_ENOMEM; WEFT_ECORRUPT when the files are not those that were saved.
 */
weft_code spool_named(void *mem, const char *dir, const spool_place *from, spool **out,
                      weft_error *err) weft_must_check;

/** Make all that was added durable, so that spool_named goes on from there. Errors: WEFT_EIO. */
weft_code spool_save(spool *s, spool_place *out, weft_error *err) weft_must_check;

/**
 * Add a record. Nothing of it is kept in memory but some 80 bytes.
 *
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code spool_add(spool *s, const weft_record *r, weft_error *err) weft_must_check;

/**
 * Add a delete of a comment, with the record of it that the index holds, or NULL: that says
 * where the delete belongs, unless a newer record of the input does.
 *
 * Errors:  as spool_add.
 */
weft_code spool_add_delete(spool *s, const weft_record *r, const weft_record *stored,
                           weft_error *err) weft_must_check;

/** Bytes of memory it holds. */
size_t spool_memory(const spool *s);

/** Records added so far, and bytes of their titles and bodies. */
uint64_t spool_count(const spool *s);
uint64_t spool_text_bytes(const spool *s);

/** Bytes they take on disk. */
uint64_t spool_bytes(const spool *s);

/** After spool_finish: how many records stand. */
size_t spool_standing(const spool *s);

/**
 * End of input: choose the record that stands of each id. *duplicates is how many were set
 * aside.
 *
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code spool_finish(spool *s, uint64_t *duplicates, weft_error *err) weft_must_check;

/**
 * The records of the next thread (those whose article has one id), in the order their first
 * record came; *count is 0 at the end.
 *
 * Owner:   *entries and the records are in mem.
 * Errors:  WEFT_EIO, WEFT_ECORRUPT, WEFT_ENOMEM.
 */
weft_code spool_next(spool *s, void *mem, spool_entry **entries, size_t *count,
                     weft_error *err) weft_must_check;

/** Begin again with the first thread. */
void spool_rewind(spool *s);

/** Have spool_next give the threads of part `k` of `count` parts of nearly equal size. */
void spool_take_part(spool *s, size_t k, size_t count);

/** Go on with the thread that record `i` of those that stand is in; the number of its first
 * record. */
size_t spool_go(spool *s, size_t i);

#endif

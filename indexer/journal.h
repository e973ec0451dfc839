/* journal.h - every record that `add`, `delete` and `purge` took, in batches, so that a
 * generation that did not see them can catch up. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/record.h"

enum {
    JOURNAL_SEGMENT_BYTES =
        16 * 1024 * 1024, /* a file that has these takes no more batches */
    JOURNAL_NAME_DIGITS = 20
};

typedef struct journal journal;

/**
 * Open the journal of an index for its writer, who holds the lock. A batch at its end that
 * never got into the index (`applied` is the last that did) is dropped.
 *
 * Owner:   *out is in mem; a batch that was not ended goes with it.
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code journal_open(void *mem, const char *dir, uint64_t applied, journal **out,
                       weft_error *err) weft_must_check;

/** Add a record to the batch at work. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code journal_add(journal *j, const weft_record *r, weft_error *err) weft_must_check;

enum { JOURNAL_HASH_BYTES = 16 };

/** What a purge is known by without naming anybody. */
typedef struct journal_purge {
    bool by_id; /* of an author's id; else of a name */
    unsigned char hash[JOURNAL_HASH_BYTES];
} journal_purge;

/** Add to the batch at work that an author was purged; before the records that are changed by
 * it. Errors: as journal_add. */
weft_code journal_add_purge(journal *j, const journal_purge *purge,
                            weft_error *err) weft_must_check;

/**
 * End a batch and make it durable: before the index commits it. changes says whether the
 * index will; a batch that changes nothing there may still change a generation that is being
 * built. *batch is its number, or that of the last one when the batch is empty.
 *
 * Errors:  WEFT_EIO.
 */
weft_code journal_end_batch(journal *j, bool changes, uint64_t *batch,
                            weft_error *err) weft_must_check;

/** Number of the last batch. */
uint64_t journal_last(const journal *j);

/** Which batches are read: those of a number above `after`, and those of since_ms and later
 * (milliseconds since 1970; INT64_MAX for none), up to and with `until`. */
typedef struct journal_range {
    uint64_t after, until;
    int64_t since_ms;
} journal_range;

typedef struct journal_visitor {
    weft_code (*record)(void *ctx, void *mem, weft_record *r, weft_error *err);
    weft_code (*purge)(void *ctx, const journal_purge *purge, weft_error *err);
    void *ctx;
} journal_visitor;

/**
 * Read records in the order they came. *last is the number of the last batch of the range,
 * or `after` when there is none.
 *
 * Errors:  WEFT_ECORRUPT when a file is damaged, or a batch above `after` and up to `until`
 *          (when that is not UINT64_MAX) is not there;
 *          WEFT_EIO, WEFT_ENOMEM, what the visitor returns.
 */
weft_code journal_read(const char *dir, const journal_range *range,
                       const journal_visitor *visitor, uint64_t *last,
                       weft_error *err) weft_must_check;

/** Says of a record whether the journal is to forget it. */
typedef struct journal_forget {
    weft_code (*forget)(void *ctx, void *mem, const weft_record *r, bool *out,
                        weft_error *err);
    void *ctx;
} journal_forget;

/**
 * Write all files anew without the records that `forget` says, and without the older forms of
 * those that a batch of this purge wrote anew. Nobody may have the journal open to write; who
 * reads it goes on with the old files.
 *
 * Errors:  WEFT_EIO, WEFT_ECORRUPT, WEFT_ENOMEM, what forget returns.
 */
weft_code journal_rewrite(const char *dir, const journal_purge *purge,
                          const journal_forget *forget, weft_error *err) weft_must_check;

/** Remove all of it, when no generation but the live one is there. Errors: as journal_prune. */
weft_code journal_empty(const char *dir, weft_error *err) weft_must_check;

/** Remove the files that hold no batch above `after`. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code journal_prune(const char *dir, uint64_t after, weft_error *err) weft_must_check;

#endif

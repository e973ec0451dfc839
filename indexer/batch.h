/* batch.h - records into the live index, in batches, each one commit: what `add`, `delete`
 * and `verify --fix` write through. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BATCH_H
#define BATCH_H

#include <stdint.h>

#include "weft/error.h"
#include "weft/record.h"
#include "apply.h"
#include "journal.h"
#include "live.h"

typedef struct batch batch;

/**
 * Open the live generation for writing; the lock of the index must be held. Each batch goes
 * to the journal first. What was not committed goes with the batch: free it before the lock is
 * released.
 *
 * Owner:   *out is in mem; l is borrowed, and its reader stands at the last commit.
 * Errors:  of target_open, apply_new, spool_new and journal_open.
 */
weft_code batch_open(void *mem, const char *index, live *l, batch **out,
                     weft_error *err) weft_must_check;

/** The same for a generation that nobody reads yet: without journal, and without the lock. */
weft_code batch_open_private(void *mem, const char *index, live *l, batch **out,
                             weft_error *err) weft_must_check;

/**
 * Take a record or a delete; a full batch is committed.
 *
 * Limits:  WEFT_BATCH_RECORDS and WEFT_BATCH_BYTES a batch.
 * Errors:  of the spool and the index; the batch can then only be freed.
 */
weft_code batch_take(batch *b, void *mem, weft_record *r, weft_error *err) weft_must_check;

/** Have the batch's journal say that an author is purged by what is taken next. Errors: of
 * journal_add_purge. */
weft_code batch_note_purge(batch *b, const journal_purge *purge,
                           weft_error *err) weft_must_check;

/** Apply and commit what was taken since the last time. Errors: as batch_take. */
weft_code batch_flush(batch *b, weft_error *err) weft_must_check;

/**
 * Of a private batch: flush, and commit in any case that the generation has all
 * batches of the journal to `last`, as revision `revision` at least.
 *
 * Errors:  as batch_take.
 */
weft_code batch_catch_up(batch *b, uint64_t last, uint64_t revision,
                         weft_error *err) weft_must_check;

/**
 * Have a damaged thread written anew from its stored records. What was taken is committed
 * first.
 *
 * Errors:  as batch_take.
 */
weft_code batch_mend_thread(batch *b, const char *article_id,
                            weft_error *err) weft_must_check;

/**
 * Make the article of a thread one that never came, and commit that: unlike a delete this
 * leaves the comments.
 *
 * Errors:  as batch_take.
 */
weft_code batch_forget_article(batch *b, const char *article_id,
                               weft_error *err) weft_must_check;

/** Commit the right sums in the place of damaged ones. Errors: as batch_take. */
weft_code batch_mend_totals(batch *b, const apply_totals *totals,
                            weft_error *err) weft_must_check;

/** What became of the records, and the last revision. */
const apply_counts *batch_result(const batch *b);
uint64_t batch_revision(const batch *b);
/** Records set aside for a later one of their id in the same batch. */
uint64_t batch_duplicates(const batch *b);

#endif

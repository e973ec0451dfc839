/* apply.h - bring an index up to date with a spool of records: the one path of `build`,
 * `add` and `delete`.
 *
 * A thread's documents are a pure function of its records. So a thread that a record
 * touches is read back, its records replaced, all its documents made anew, and those
 * written that differ.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APPLY_H
#define APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/index.h"
#include "weft/schema.h"
#include "progress.h"
#include "rate.h"
#include "spool.h"
#include "target.h"

typedef struct apply apply;

/** Sums of lengths, in the order of WEFT_META_LENGTHS. */
enum { APPLY_LENGTH_ARTICLES, APPLY_LENGTH_COMMENTS, APPLY_LENGTH_THREADS, APPLY_LENGTHS };

typedef struct apply_setup {
    target *target;
    weft_reader
        *reader; /* the same generation as last committed; NULL when it is new and empty */
    weft_reader *
        carry; /* generation whose unchanged records keep their changed revision; NULL for none */
    const weft_settings *settings;
    uint64_t revision;  /* before the next commit */
    uint64_t batch;     /* last batch of the journal that is in the generation */
    progress *progress; /* told of each record; NULL for none */
    rate *rate;         /* of records; NULL for any */
} apply_setup;

/** What became of the records. */
typedef struct apply_counts {
    uint64_t added, changed, same, deleted;
    uint64_t stale;    /* older than what is stored */
    uint64_t left_out; /* documents written without some of their words */
    uint64_t shown;    /* public articles and comments written */
    uint64_t dropped;  /* records that need no document: under a deleted article */
} apply_counts;

/**
 * Owner:   *out is in mem; the handles of setup are borrowed.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL, and what reading metadata can give.
 */
weft_code apply_new(void *mem, const apply_setup *setup, apply **out,
                    weft_error *err) weft_must_check;

/**
 * Apply a finished spool. Nothing is visible before apply_commit.
 *
 * Errors:  of the index and the spool; the target must then be freed.
 */
weft_code apply_spool(apply *a, spool *s, weft_error *err) weft_must_check;

/**
 * Commit what was applied since the last time, under the next revision; nothing when no
 * document differs and force is not set. The reader is refreshed.
 *
 * Errors:  as target_commit.
 */
weft_code apply_commit(apply *a, bool force, weft_error *err) weft_must_check;

/** Whether a commit is due: a document was written or removed since the last one. */
bool apply_changes(const apply *a);

/** The batch of the journal that the next commit holds. */
void apply_set_batch(apply *a, uint64_t batch);

/** Have the next commit be at least this revision. */
void apply_raise_revision(apply *a, uint64_t revision);

/**
 * Write all documents of a thread anew from its stored records, equal or not, for an index
 * that is damaged; with forget_article as if its article had never come. Visible after
 * apply_commit; no apply_spool may come between.
 *
 * Errors:  as apply_spool.
 */
weft_code apply_mend_thread(apply *a, const char *article_id, bool forget_article,
                            weft_error *err) weft_must_check;

/** What the metadata keep of all documents: the sums of lengths, and the languages. */
typedef struct apply_totals {
    uint64_t lengths[APPLY_LENGTHS];
    uint64_t languages; /* as weft_analysis_languages */
} apply_totals;

/** Put the right sums in the place of damaged ones, for the next commit. */
void apply_set_totals(apply *a, const apply_totals *totals);

/** Those of what was applied so far. */
apply_totals apply_get_totals(const apply *a);

/** Documents written or removed since the last commit. */
uint64_t apply_pending(const apply *a);

/** Revision of the last commit. */
uint64_t apply_revision(const apply *a);
const apply_counts *apply_result(const apply *a);

/** A line on stderr about words that were left out, when there were any. */
void apply_print_left_out(const apply_counts *n);

#endif

/* purge_author.h - take an author out of a generation. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PURGE_AUTHOR_H
#define PURGE_AUTHOR_H

#include "weft/error.h"
#include "weft/text.h"
#include "batch.h"
#include "journal.h"
#include "live.h"

/** An author: by a folded name, which author: finds, or by an id. */
typedef struct purge_key {
    bool by_id;
    weft_str text;
} purge_key;

typedef struct purge_counts {
    uint64_t comments; /* deleted */
    uint64_t articles; /* that lost the author's name */
    uint64_t quoting;  /* comments of others that lost what they quoted */
} purge_counts;

/** What the journal calls an author. */
journal_purge purge_hash(const purge_key *key);

/** Whether a record is by an author. Errors: WEFT_ENOMEM. */
weft_code purge_is_by(weft_tokenizer *folding, void *mem, const weft_record *r,
                      const purge_key *key, bool *out, weft_error *err) weft_must_check;

/**
 * Take into a batch: the deletes of the author's comments, the author's articles without the
 * name, and the comments of others that quote the author, each such quote replaced by
 * PURGED_QUOTE.
 *
 * Owner:   l and b are borrowed; l is the generation b writes.
 * Errors:  of the index and of batch_take.
 */
weft_code purge_author(live *l, batch *b, const purge_key *key, purge_counts *counts,
                       weft_error *err) weft_must_check;

/** The same of every author that has a hash: for the journal. Errors: as purge_author. */
weft_code purge_hashed(live *l, batch *b, const journal_purge *hash, purge_counts *counts,
                       weft_error *err) weft_must_check;

#define PURGED_QUOTE "[...]"

#endif

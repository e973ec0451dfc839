/* verify_self.h - one pass of `verify` over the index: shared by verify_index.c (threads) and
 * verify_totals.c (what is kept of all). */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_SELF_H
#define VERIFY_SELF_H

#include <stddef.h>
#include <stdint.h>

#include "weft/schema.h"
#include "verify.h"

typedef struct self {
    verify *v;
    void *mem;
    findings *found;
    weft_analysis *analysis;
    bool mend;         /* in this pass */
    uint64_t mended;   /* in this pass */
    apply_totals kept; /* at the beginning, as all documents that there were */
    uint32_t *docids;
    size_t docid_count;
    apply_totals totals; /* as the documents have them */
    unsigned char *seen; /* a bit for each docid that stands in a thread */
    size_t seen_size;    /* bytes */
} self;

/** Read what is kept of all documents. Errors: of the index. */
weft_code self_begin(self *s, weft_error *err) weft_must_check;

/** Note that a document stands in a thread. Errors: WEFT_ENOMEM. */
weft_code self_see(self *s, uint32_t docid, weft_error *err) weft_must_check;

/**
 * After all threads: documents that stand in none, the sums of lengths, the languages.
 * Nothing when the index changed meanwhile.
 *
 * Errors:  of the index.
 */
weft_code self_check_totals(self *s, weft_error *err) weft_must_check;

/**
 * The tables. Errors: of the index.
 */
weft_code self_check_tables(self *s, weft_error *err) weft_must_check;

/** "article", "comment" or "thread". */
const char *self_what(const weft_stored *stored);

#endif

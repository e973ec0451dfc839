/* batch.h - the terms of some thousand documents, turned round at once. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_BATCH_H
#define WEFT_BULK_BATCH_H

#include "weft/index.h"
#include "runs.h"
#include "table.h"

typedef struct batch batch;

/* A batch that is full once it takes about so many bytes. *out is in mem. Errors:
 * WEFT_ENOMEM. */
weft_code batch_new(void *mem, size_t bytes, batch **out, weft_error *err) weft_must_check;

/* Add a document; docids ascend. Its terms come in any order, one that comes twice has the
 * sum of its wdfs; of its values, which are sorted, only the slots are looked at. *length is
 * the sum of all wdfs, *wdf_max the largest. Errors: WEFT_ELIMIT for a term or a length that
 * cannot be stored, the batch is then as before; WEFT_ENOMEM. */
weft_code batch_add(batch *b, uint32_t docid, const weft_document *d, uint32_t *length,
                    uint32_t *wdf_max, weft_error *err) weft_must_check;

bool batch_is_full(const batch *b);

/* Add what the documents have to the termlist table and the postings as a run, and forget
 * all. Errors: of table_add and runs_add. */
weft_code batch_write(batch *b, runs *r, table *termlist, weft_error *err) weft_must_check;

#endif

/* postings.h - documents turned round: for each term, its documents; in memory, and in
 * sorted runs on disk. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_POSTINGS_H
#define WEFT_BULK_POSTINGS_H

#include "weft/index.h"
#include "table.h"

typedef struct postings postings;

/* Runs go to a file in folder dir, each time memory_bytes are used. *out is in mem. Errors:
 * WEFT_ENOMEM. */
weft_code postings_new(void *mem, const char *dir, size_t memory_bytes, postings **out,
                       weft_error *err) weft_must_check;

/* Add postings of a document. Each term is added once a document, docids ascend. The empty
 * term is for the lengths of documents. Errors: WEFT_ENOMEM. */
weft_code postings_add(postings *p, uint32_t docid, const weft_term *terms, size_t count,
                       weft_error *err) weft_must_check;

/* After each document: write a run when too much is in memory. Errors: WEFT_EIO,
 * WEFT_ENOMEM. */
weft_code postings_settle(postings *p, weft_error *err) weft_must_check;

/* Write all lists to the postlist table, in term order, and forget them. Errors: WEFT_EIO,
 * WEFT_ENOMEM. */
weft_code postings_write(postings *p, table *t, weft_error *err) weft_must_check;

#endif

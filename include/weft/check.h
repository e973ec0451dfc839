/* weft/check.h - whether a generation holds what it should, and making one small (the Xapian
 * shim). */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CHECK_H
#define WEFT_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/index.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Whether a document has the terms, wdfs and values of another, no more and no fewer. Stored
 * bytes are not looked at: the same may be packed in more than one way.
 *
 * Errors:  as weft_reader_stored.
 */
weft_code weft_reader_holds(weft_reader *r, uint32_t docid, const weft_document *document,
                            bool *holds, weft_error *err) weft_must_check;

/**
 * Whether the postings of all terms are those that the documents list as theirs, and the
 * lengths of the documents the sums of their wdfs.
 *
 * Both sides are added up as 64-bit hashes of (term, document, wdf), so that memory does not
 * grow with the index.
 *
 * Errors:  as weft_reader_find.
 */
weft_code weft_reader_postings_agree(weft_reader *r, bool *agree,
                                     weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

/* weft/check.h - whether a generation holds what it should, and all that it holds (the Xapian
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

/** A walk over everything a generation holds: metadata, then documents by docid. Views are
 * borrowed for the call; document->unique is not set. */
typedef struct weft_content_walk {
    weft_code (*metadata)(void *of, const char *key, weft_str value, weft_error *err);
    weft_code (*document)(void *of, uint32_t docid, const weft_document *document,
                          weft_error *err);
    void *of;
} weft_content_walk;

/**
 * Errors:  as weft_reader_stored; what a visit returns ends the walk.
 */
weft_code weft_reader_walk_content(weft_reader *r, const weft_content_walk *walk,
                                   weft_error *err) weft_must_check;

/**
 * Whether two generations are the same to every reader: documents, terms, values of slots
 * below `slots`, metadata and statistics.
 *
 * Errors:  WEFT_ECORRUPT names the first difference; as weft_reader_open.
 */
weft_code weft_index_compare(const char *path, const char *other, uint32_t slots,
                             weft_error *err) weft_must_check;

/**
 * Whether the tables of a generation are sound, by Xapian's own check.
 *
 * Errors:  WEFT_ECORRUPT says what is not; as weft_reader_open.
 */
weft_code weft_index_check(const char *path, weft_error *err) weft_must_check;

/**
 * Whether two generations hold the same documents under the same docids, and the same
 * metadata. Both are added up as hashes, as by weft_reader_postings_agree, which the other
 * is also asked to satisfy. Bounds that a database keeps of what it once had may differ.
 *
 * Errors:  WEFT_ECORRUPT says what differs; as weft_reader_open.
 */
weft_code weft_index_same(const char *path, const char *other,
                          weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

/* weft/bulk.h - write a whole generation at once: documents in, a Xapian glass database out.
 *
 * Xapian's own writer spends most of a large build in its maps of changes. This one inverts
 * documents in memory, in sorted runs on disk where that does not suffice, and then writes
 * every table once, from the first block to the last. What it makes, stock Xapian opens,
 * searches, changes and checks.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_H
#define WEFT_BULK_H

#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/index.h"
#include "weft/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    WEFT_BULK_MEMORY_MIN = 1024 * 1024, /* bytes; a smaller budget counts as this */
    WEFT_BULK_SLOTS = 256               /* value slots are below this */
};

typedef struct weft_bulk weft_bulk;

/**
 * Begin a database in a new directory.
 *
 * Units:   memory_bytes is what postings may take before a run of them goes to disk; all
 *          else takes about 3 MiB, and 16 bytes for each 2,000 bytes of values.
 * Owner:   *out is in mem. Freed before weft_bulk_finish it leaves a directory that no
 *          reader takes for a database: the caller removes it.
 * Errors:  WEFT_EIO (also when the directory exists), WEFT_ENOMEM.
 * Source:  doc/glass-format.md.
 */
weft_code weft_bulk_open(void *mem, const char *dir, size_t memory_bytes, weft_bulk **out,
                         weft_error *err) weft_must_check;

/**
 * Begin a part of a database in a new directory, for several processes that write one together:
 * its documents have docids from 1, and follow those of the parts before it when all are put
 * together by weft_bulk_adopt. A part takes documents, but no metadata.
 *
 * Units:   as weft_bulk_open.
 * Owner:   *out is in mem.
 * Errors:  as weft_bulk_open.
 */
weft_code weft_bulk_open_part(void *mem, const char *dir, size_t memory_bytes,
                              weft_bulk **out, weft_error *err) weft_must_check;

/** Make a part durable. *b can only be freed afterwards. Errors: as weft_bulk_finish. */
weft_code weft_bulk_close_part(weft_bulk *b, weft_error *err) weft_must_check;

/**
 * Add all documents of a closed part, behind those there are. Its directory must stay until
 * weft_bulk_finish.
 *
 * Errors:  WEFT_EIO, WEFT_ENOMEM, WEFT_ECORRUPT for a part that is none.
 */
weft_code weft_bulk_adopt(weft_bulk *b, const char *part, weft_error *err) weft_must_check;

/**
 * Add a document, with a docid above all docids before it.
 *
 * Terms and values may come in any order; a term that comes twice has the sum of its wdfs,
 * of values of one slot the last one stands, an empty one is none. document->unique is not
 * looked at: that no other document has it is the caller's to know.
 *
 * Owner:   document is borrowed for the call.
 * Limits:  terms of 1 to WEFT_TERM_MAX bytes without NUL, slots below WEFT_BULK_SLOTS, a
 *          length (sum of wdfs) that fits 32 bits: else WEFT_ELIMIT, and nothing was
 *          written of the document.
 * Errors:  WEFT_ELIMIT, WEFT_EUSAGE for a docid out of order; after WEFT_EIO and
 *          WEFT_ENOMEM *b can only be freed.
 */
weft_code weft_bulk_put(weft_bulk *b, uint32_t docid, const weft_document *document,
                        weft_error *err) weft_must_check;

/**
 * Set a metadata value; the last one of a key stands, an empty one is none.
 *
 * Limits:  keys of 1 to 250 bytes: WEFT_ELIMIT.
 * Errors:  WEFT_ELIMIT, WEFT_ENOMEM.
 */
weft_code weft_bulk_set_metadata(weft_bulk *b, const char *key, weft_str value,
                                 weft_error *err) weft_must_check;

/**
 * Write what is left and make all of it durable. The file that makes the directory a
 * database is written last. *b can only be freed afterwards.
 *
 * Errors:  WEFT_EIO, WEFT_ENOMEM: the directory is no database.
 */
weft_code weft_bulk_finish(weft_bulk *b, weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

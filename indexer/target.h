/* target.h - where documents go: into a generation through Xapian's writer, or into a new one
 * by the bulk writer. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/error.h"
#include "weft/index.h"

typedef struct target target;

/**
 * A generation that is there, or with create a new one, through Xapian's writer.
 *
 * Owner:   *out is in mem; what is not committed goes with it.
 * Errors:  of weft_writer_open, WEFT_ENOMEM.
 */
weft_code target_open(void *mem, const char *path, bool create, target **out,
                      weft_error *err) weft_must_check;

/**
 * A new generation in a directory that must not exist, written at once when it is finished.
 * memory_bytes is what it may hold of postings before they go to disk.
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code target_bulk(void *mem, const char *path, size_t memory_bytes, target **out,
                      weft_error *err) weft_must_check;

/** The same for a part, to be put together with others by target_adopt. */
weft_code target_part(void *mem, const char *path, size_t memory_bytes, target **out,
                      weft_error *err) weft_must_check;

/** Add all documents of a part to a bulk target. Errors: of weft_bulk_adopt. */
weft_code target_adopt(target *t, const char *part, weft_error *err) weft_must_check;

/** Whether nothing can be removed or replaced, and nothing is there before the end. */
bool target_is_bulk(const target *t);

/**
 * Add a document, or replace the one of its unique term; a bulk target gets each once.
 *
 * Errors:  of weft_writer_put and weft_bulk_put; the target can then only be freed, but for
 *          WEFT_ELIMIT.
 */
weft_code target_put(target *t, const weft_document *document,
                     weft_error *err) weft_must_check;

/** Remove a document; never of a bulk target. Errors: of weft_writer_remove. */
weft_code target_remove(target *t, weft_str unique, weft_error *err) weft_must_check;

/** Errors: of weft_writer_set_metadata and weft_bulk_set_metadata. */
weft_code target_set_metadata(target *t, const char *key, weft_str value,
                              weft_error *err) weft_must_check;

/**
 * Make what was written durable and visible; a bulk target can only be freed afterwards.
 *
 * Errors:  of weft_writer_commit and weft_bulk_finish.
 */
weft_code target_commit(target *t, weft_error *err) weft_must_check;

#endif

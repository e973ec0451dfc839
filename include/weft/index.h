/* weft/index.h - one generation of an index: reading and writing documents (the Xapian
 * shim).
 *
 * No policy here: terms, slots and bytes come from weft/schema.h. A handle and everything
 * got from it belong to one process. No C++ exception leaves the shim.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_INDEX_H
#define WEFT_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct weft_reader weft_reader;
typedef struct weft_writer weft_writer;

/** A term of a document; wdf 0 makes it a boolean term that does not count in the
 * document's length. */
typedef struct weft_term {
    weft_str text;
    uint32_t wdf;
} weft_term;

typedef struct weft_value {
    uint32_t slot;
    weft_str bytes;
} weft_value;

/** A document as it goes into the index. Views are borrowed for the call that takes it. */
typedef struct weft_document {
    weft_str unique; /* its unique term, also among terms */
    weft_term *terms;
    size_t term_count;
    weft_value *values;
    size_t value_count;
    weft_str stored;
} weft_document;

/**
 * Open a generation for reading.
 *
 * Owner:   *out is owned: weft_reader_free.
 * Errors:  WEFT_ENOTFOUND, WEFT_ECORRUPT, WEFT_EIO, WEFT_ENOMEM.
 */
weft_code weft_reader_open(const char *path, weft_reader **out,
                           weft_error *err) weft_must_check;
void weft_reader_free(weft_reader *r) weft_noexcept;

/**
 * Move to the newest commit of the same generation.
 *
 * Errors:  WEFT_ECHANGED, WEFT_ECORRUPT, WEFT_EIO: free the handle and open a new one.
 */
weft_code weft_reader_refresh(weft_reader *r, weft_error *err) weft_must_check;

/**
 * The document with a unique term; *docid 0 when there is none.
 *
 * Errors:  WEFT_ECHANGED (refresh and start again), WEFT_ECORRUPT, WEFT_EIO, as all
 * functions below.
 */
weft_code weft_reader_find(weft_reader *r, weft_str unique, uint32_t *docid,
                           weft_error *err) weft_must_check;

/**
 * Stored bytes of a document, in mem.
 *
 * Errors:  as weft_reader_find, and WEFT_ENOTFOUND.
 */
weft_code weft_reader_stored(weft_reader *r, void *mem, uint32_t docid, weft_str *out,
                             weft_error *err) weft_must_check;

/**
 * Bytes of a value slot, in mem, empty when unset.
 *
 * Errors:  as weft_reader_stored.
 */
weft_code weft_reader_value(weft_reader *r, void *mem, uint32_t docid, uint32_t slot,
                            weft_str *out, weft_error *err) weft_must_check;

/**
 * How many documents have a term.
 *
 * Errors:  as weft_reader_find.
 */
weft_code weft_reader_frequency(weft_reader *r, weft_str term, uint32_t *out,
                                weft_error *err) weft_must_check;

/**
 * The first `limit` documents that have a term, ascending, in mem.
 *
 * Errors:  as weft_reader_find.
 */
weft_code weft_reader_postings(weft_reader *r, void *mem, weft_str term, size_t limit,
                               uint32_t **docids, size_t *count,
                               weft_error *err) weft_must_check;

/** Some of the documents that have a term: the first `limit` from docid `from` on. */
typedef struct weft_postings_range {
    weft_str term;
    uint32_t from;
    size_t limit;
} weft_postings_range;

/**
 * Those documents, ascending, in mem.
 *
 * Errors:  as weft_reader_find.
 */
weft_code weft_reader_postings_from(weft_reader *r, void *mem,
                                    const weft_postings_range *range, uint32_t **docids,
                                    size_t *count, weft_error *err) weft_must_check;

/**
 * The first `limit` terms that begin with a prefix, without it, in byte order, in mem.
 *
 * Errors:  as weft_reader_find.
 */
weft_code weft_reader_terms(weft_reader *r, void *mem, weft_str prefix, size_t limit,
                            weft_str **terms, size_t *count,
                            weft_error *err) weft_must_check;

/** What follows a term of a walk: the one after it, the first from a place on, none. */
typedef enum weft_step { WEFT_STEP_NEXT, WEFT_STEP_TO, WEFT_STEP_END } weft_step;

/** A walk over the terms that begin with a prefix, in byte order. */
typedef struct weft_term_walk {
    weft_str prefix;
    bool with_frequency; /* else visit is told 0, which is faster */
    /* tail is the term without the prefix, borrowed for the call. For WEFT_STEP_TO *to is
     * where to go on, without the prefix: borrowed until the next call; never back. */
    weft_step (*visit)(void *of, weft_str tail, uint32_t frequency, weft_str *to);
    void *of;
} weft_term_walk;

/**
 * Walk over terms until there are no more, or visit says so.
 *
 * Errors:  as weft_reader_find; what visit fails with is its own to keep.
 */
weft_code weft_reader_walk(weft_reader *r, const weft_term_walk *walk,
                           weft_error *err) weft_must_check;

/**
 * A metadata value, in mem, empty when unset.
 *
 * Errors:  as weft_reader_find.
 */
weft_code weft_reader_metadata(weft_reader *r, void *mem, const char *key, weft_str *out,
                               weft_error *err) weft_must_check;

/**
 * How often each of some terms stands in each of some documents: wdfs[t * count + d], 0 where
 * it does not.
 *
 * docids ascend. Reads each term's postings once, in order.
 *
 * Errors:  as weft_reader_find.
 */
weft_code weft_reader_wdfs(weft_reader *r, const weft_str *terms, size_t term_count,
                           const uint32_t *docids, size_t count, uint32_t *wdfs,
                           weft_error *err) weft_must_check;

/**
 * The values of a slot in some documents, in mem, empty where unset. docids ascend.
 *
 * Errors:  as weft_reader_find.
 */
weft_code weft_reader_values(weft_reader *r, void *mem, uint32_t slot,
                             const uint32_t *docids, size_t count, weft_str *out,
                             weft_error *err) weft_must_check;

/**
 * The lengths of some documents: the sum of their wdfs.
 *
 * Errors:  as weft_reader_stored.
 */
weft_code weft_reader_lengths(weft_reader *r, const uint32_t *docids, size_t count,
                              uint32_t *out, weft_error *err) weft_must_check;

/** All documents, of every kind. */
uint32_t weft_reader_documents(const weft_reader *r) weft_noexcept;
/** The highest docid ever given. */
uint32_t weft_reader_last(const weft_reader *r) weft_noexcept;

/**
 * Open a generation for writing; create makes a new one in a directory that must not exist.
 *
 * Nothing is durable before weft_writer_commit; what is not committed when the handle is
 * freed is discarded. After any error the handle must be freed, never used again.
 *
 * Errors:  WEFT_EBUSY when another process writes, WEFT_ENOTFOUND, WEFT_ECORRUPT, WEFT_EIO,
 * WEFT_ENOMEM.
 */
weft_code weft_writer_open(const char *path, bool create, weft_writer **out,
                           weft_error *err) weft_must_check;
void weft_writer_free(weft_writer *w) weft_noexcept;

/**
 * Add a document, or replace the one that has the same unique term.
 *
 * Limits:  terms at most WEFT_TERM_MAX bytes escaped, no NUL: checked before Xapian sees
 *          the document, since a throw there would lose the batch.
 * Errors:  WEFT_ELIMIT (the document is not written, the handle is still good), WEFT_EIO,
 *          WEFT_ECORRUPT, WEFT_ENOMEM.
 */
weft_code weft_writer_put(weft_writer *w, const weft_document *document,
                          weft_error *err) weft_must_check;

/**
 * Remove the document with a unique term, if there is one.
 *
 * Errors:  WEFT_EIO, WEFT_ECORRUPT, WEFT_ENOMEM.
 */
weft_code weft_writer_remove(weft_writer *w, weft_str unique,
                             weft_error *err) weft_must_check;

/**
 * Set a metadata value.
 *
 * Errors:  as weft_writer_remove.
 */
weft_code weft_writer_set_metadata(weft_writer *w, const char *key, weft_str value,
                                   weft_error *err) weft_must_check;

/**
 * Make everything written so far durable and visible to readers, at once.
 *
 * Errors:  WEFT_EIO (disk full), WEFT_ECORRUPT: nothing of this commit is visible.
 */
weft_code weft_writer_commit(weft_writer *w, weft_error *err) weft_must_check;

/**
 * Have say called with the reason when the library below ends the process instead of giving
 * an error, as Xapian may when a commit finds no space or no memory. Nothing of that commit
 * is visible. say may leave by _exit; when it returns, the process aborts.
 */
void weft_index_on_abort(void (*say)(const char *reason)) weft_noexcept;

#ifdef __cplusplus
}
#endif
#endif

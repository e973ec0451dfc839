/* weft/indexdir.h - the directory of an index: weft.json, current -> gen-N, lock. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_INDEXDIR_H
#define WEFT_INDEXDIR_H

#include <stdint.h>

#include "weft/error.h"
#include "weft/schema.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Metadata keys of a generation. */
#define WEFT_META_REVISION "weft.revision" /* decimal */
#define WEFT_META_JOURNAL                                                                  \
    "weft.journal" /* last batch of the journal in this generation, decimal; 0 for none */
#define WEFT_META_LANGUAGES                                                                \
    "weft.languages" /* hexadecimal: weft_analysis_languages of all documents */
#define WEFT_META_LENGTHS                                                                  \
    "weft.lengths" /* "articles comments threads": total length of each kind, decimal */

/**
 * The number of the live generation, that is where `current` points to.
 *
 * Errors:  WEFT_ENOTFOUND when there is no index yet, with how to fill it; WEFT_ECORRUPT,
 * WEFT_EIO.
 */
weft_code weft_indexdir_current(const char *dir, uint64_t *generation,
                                weft_error *err) weft_must_check;

/** Path of a generation in mem: DIR/gen-N. NULL only when out of memory. */
char *weft_indexdir_generation(void *mem, const char *dir, uint64_t generation);

/**
 * Why a generation that `current` named could not be found: because another was swapped in
 * meanwhile, or because it is really gone.
 *
 * Errors:  always one: WEFT_ECHANGED, WEFT_ECORRUPT naming the generation, and those of
 *          weft_indexdir_current.
 */
weft_code weft_indexdir_missing(const char *dir, uint64_t generation,
                                weft_error *err) weft_must_check;

/** Bytes of the files of a generation; 0 when they cannot be read. */
uint64_t weft_indexdir_bytes(const char *dir, uint64_t generation);

/**
 * Read weft.json: the settings, and whether this program knows all features the index uses.
 *
 * Errors:  WEFT_ENOTFOUND, WEFT_ECORRUPT (also an unknown feature, by name), WEFT_EIO.
 */
weft_code weft_indexdir_settings(const char *dir, weft_settings *out,
                                 weft_error *err) weft_must_check;

/**
 * Write weft.json, durably, in place of the old one; dir is that of an index, or of a
 * generation, which keeps what it was made with.
 *
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code weft_indexdir_write_settings(const char *dir, const weft_settings *settings,
                                       weft_error *err) weft_must_check;

/**
 * Make the weft.json that lies in a generation, if one does, that of the index, durably.
 *
 * Errors:  WEFT_EIO, WEFT_ECORRUPT, WEFT_ENOMEM.
 */
weft_code weft_indexdir_adopt(const char *dir, uint64_t generation,
                              weft_error *err) weft_must_check;

/**
 * Make a generation the live one, durably and at once: a new `current` renamed over the
 * old.
 *
 * Errors:  WEFT_EIO.
 */
weft_code weft_indexdir_swap(const char *dir, uint64_t generation,
                             weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

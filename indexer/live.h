/* live.h - the live generation of an index, or another, opened for its writer. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIVE_H
#define LIVE_H

#include "weft/error.h"
#include "weft/index.h"
#include "weft/options.h"
#include "weft/schema.h"

/** Row of an option table for -i at `at` bytes into the command's options. */
#define LIVE_INDEX_ROW(at, text)                                                           \
    {                                                                                      \
        .name = "index", .letter = 'i', .kind = WEFT_OPTION_TEXT, .argument = "DIR",       \
        .environment = "WEFT_INDEX", .offset = (at), .help = (text)                        \
    }

/** What a command that reads the live generation holds; freed with its memory context. */
typedef struct live {
    weft_settings settings;
    weft_reader *reader;
    char *path; /* of the generation */
    uint64_t generation, revision;
    uint64_t batch; /* last one of the journal that it holds */
} live;

/**
 * Open the live generation.
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOTFOUND when there is no index, with how to fill it; WEFT_ECORRUPT,
 *          WEFT_EIO, WEFT_ENOMEM.
 */
weft_code live_open(void *mem, const char *dir, live **out,
                    weft_error *err) weft_must_check;

/** The same of an index that need not be there: *out is NULL then. Errors: of live_open, but
 * WEFT_ENOTFOUND. */
weft_code live_open_if_any(void *mem, const char *dir, live **out,
                           weft_error *err) weft_must_check;

/**
 * Open any generation in the same way, of which `generation` is not looked at; path is the
 * directory of its tables.
 *
 * Owner:   as live_open.
 * Errors:  WEFT_ENOTFOUND, and as live_open.
 */
weft_code live_open_path(void *mem, const char *dir, const char *path, live **out,
                         weft_error *err) weft_must_check;

/** Move to the newest commit; revision and batch follow. Errors: of weft_reader_refresh. */
weft_code live_refresh(live *l, weft_error *err) weft_must_check;

/** The message of a missing -i DIR. Errors: WEFT_EUSAGE when dir is NULL. */
weft_code live_check_dir(const char *dir, weft_error *err) weft_must_check;

#endif

/* fold.h - the one folded form of a word: what makes two spellings the same. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_TEXT_FOLD_H
#define WEFT_TEXT_FOLD_H

#include <stddef.h>

#include "weft/error.h"
#include "weft/str.h"

enum {
    FOLD_SLOW_BYTES = 512, /* of a word in a script without a table, folded; the rest of it
                              is kept as it stands */
    FOLD_SLACK_BYTES = 48 * 1024,
    FOLD_WORD_BYTES = 200 /* of a finished word */
};

typedef struct folder folder;

/**
 * ICU's normalisers and a table, filled as it is used, of the characters that fold by
 * themselves.
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL when ICU has no data.
 */
weft_code folder_new(void *mem, folder **out, weft_error *err) weft_must_check;

/**
 * Fold one word into dest; returns the bytes written, 0 when nothing is left of it.
 * Allocates nothing.
 *
 * Limits:  dest must hold 2 * word.n + FOLD_SLACK_BYTES.
 */
size_t folder_word(folder *f, weft_str word, char *dest);

/**
 * As folder_word, always through ICU: the yardstick the table is tested against.
 */
size_t folder_word_slow(folder *f, weft_str word, char *dest);

/** Cut a folded word that is too long, in place, and append the hash of the whole; returns
 * its length. */
size_t fold_finish(char *word, size_t n);

/**
 * Fold a whole text; see weft_fold.
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code folder_text(folder *f, void *mem, weft_str text, weft_str *out,
                      weft_error *err) weft_must_check;

#endif

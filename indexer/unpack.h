/* unpack.h - a file as the texts in it: itself, or what is packed in it, one file after the
 * other. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"

typedef struct unpack unpack;

/**
 * Open a file, or standard input for "-"; unpack_next goes to its first text.
 *
 * Owner:   *out is in mem and closes with it; path is borrowed.
 * Errors:  WEFT_EIO naming the file, WEFT_ENOMEM.
 */
weft_code unpack_open(void *mem, const char *path, unpack **out,
                      weft_error *err) weft_must_check;

/**
 * Go to the next text: the file itself unless it is packed, else what is packed in it, and in
 * that. Members that are no files, or that are hidden, are passed over.
 *
 * Limits:  WEFT_UNPACK_NESTING_MAX packings in each other, WEFT_UNPACK_MEMBERS_MAX members,
 *          and those of layer_is_bomb.
 * Errors:  WEFT_ESYNTAX for a packing that cannot be read, and an archive without files;
 *          WEFT_ELIMIT, WEFT_EIO naming file, member and byte; WEFT_ENOMEM. After an error
 *          it may go on with what stands after the damage.
 */
weft_code unpack_next(unpack *u, bool *more, weft_error *err) weft_must_check;

/** The next bytes of the text, 64 KiB at most, borrowed until the next call; empty at the end.
 * Errors: as unpack_next. */
weft_code unpack_block(unpack *u, weft_str *block, weft_error *err) weft_must_check;

/** The text's name in messages: "dump.zip:posts/a.json"; lives until the next unpack_next. */
const char *unpack_name(const unpack *u);

/** How the text is packed, "zip, gzip" from the outside in; NULL when it is not. Borrowed until
 * the next call. */
const char *unpack_packing(unpack *u);

/** Its name in the archive it is in, the innermost; NULL when it is in none. Lives until the next
 * unpack_next. */
const char *unpack_member(const unpack *u);

/** The byte from which on the file is passed over, since it is no gzip as what stands before it;
 * 0 for nowhere. Known once the text was read to its end. */
uint64_t unpack_rubbish(const unpack *u);

/** Add to *sum how many bytes were read of the file, from now on and those read so far. */
void unpack_count(unpack *u, uint64_t *sum);

#endif

/* space.h - whether the disk has room for what a build will write. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SPACE_H
#define SPACE_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"

/** Bytes that the records of files of `input_bytes` take until they are written. */
uint64_t space_of_input(uint64_t input_bytes);

/** The same of the records of a generation of so many bytes. */
uint64_t space_of_index(uint64_t generation_bytes);

/** Bytes that it takes at most to write a generation of records with so many bytes of text; in
 * parts also those, until they are put together. */
uint64_t space_of_writing(uint64_t text_bytes, uint64_t records, bool in_parts);

/**
 * Whether a user may write so many bytes more in folder `dir`.
 *
 * Errors:  WEFT_EIO saying what is needed and what is there; or that nobody knows.
 */
weft_code space_check(const char *dir, uint64_t needed_bytes,
                      weft_error *err) weft_must_check;

#endif

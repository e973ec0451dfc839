/* input.h - the bytes of an input file: opened, decoded, cut into lines, never held whole
 * unless asked. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef INPUT_H
#define INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"

typedef struct input input;

typedef struct input_line {
    weft_str text; /* without its line end; borrowed until the next call */
    size_t number; /* 1-based */
    bool too_long; /* over WEFT_LINE_MAX: read past, text is empty */
} input_line;

/**
 * Open a file, or standard input for "-". charset names the encoding of the bytes (any name
 * ICU knows), NULL is UTF-8.
 *
 * Owner:   *out is in mem and closes with it.
 * Errors:  WEFT_EIO naming the file, also for a directory; WEFT_EUSAGE for an unknown
 *          charset; WEFT_ESYNTAX for a compressed file, naming the compression.
 */
weft_code input_open(void *mem, const char *name, const char *charset, input **out,
                     weft_error *err) weft_must_check;

/** Add to *sum how many bytes were read of the file, from now on and those read so far; sum
 * outlives the input. */
void input_count(input *in, uint64_t *sum);

/** The first bytes, at most 64 KiB, without using them up; to tell the format by. Borrowed
 * until the next call. */
weft_code input_head(input *in, weft_str *head, weft_error *err) weft_must_check;

/** Whether the first bytes of a file are those of a packed one. Errors: WEFT_ESYNTAX, naming
 * the compression. */
weft_code input_check_packed(const char *name, weft_str head,
                             weft_error *err) weft_must_check;

/** The next line; *more is false at the end. A last line without a line end counts. */
weft_code input_next_line(input *in, input_line *line, bool *more,
                          weft_error *err) weft_must_check;

/** The next bytes as they come, some 64 KiB at most, cut anywhere; *more is false at the end.
 * Borrowed until the next call. Errors: WEFT_EIO. */
weft_code input_next_chunk(input *in, weft_str *chunk, bool *more,
                           weft_error *err) weft_must_check;

/**
 * All the bytes that are left, in mem.
 *
 * Errors:  WEFT_ELIMIT over limit_bytes, WEFT_EIO, WEFT_ENOMEM.
 */
weft_code input_all(input *in, void *mem, size_t limit_bytes, weft_str *out,
                    weft_error *err) weft_must_check;

#endif

/* input.h - the bytes of an input file: opened, unpacked, decoded, cut into lines, never held
 * whole unless asked. */
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
 * Open a file, or standard input for "-", unpacked when it is packed; input_next_text goes to
 * the first text in it. charset names the encoding of the bytes (any name ICU knows); NULL is
 * what the text declares (charset_declared), else UTF-8.
 *
 * Owner:   *out is in mem and closes with it.
 * Errors:  WEFT_EIO naming the file; WEFT_EUSAGE for an unknown charset.
 */
weft_code input_open_all(void *mem, const char *name, const char *charset, input **out,
                         weft_error *err) weft_must_check;

/** Go to the next text of the file: there is one, unless it is an archive. *more is false at the
 * end. Errors: as unpack_next; then the next call may find another text. */
weft_code input_next_text(input *in, bool *more, weft_error *err) weft_must_check;

/** Open a file and go to its first text. Errors: of both; WEFT_EIO for a directory. */
weft_code input_open(void *mem, const char *name, const char *charset, input **out,
                     weft_error *err) weft_must_check;

/** The text's name in messages, "dump.zip:posts/a.json"; lives until input_next_text. */
const char *input_name(const input *in);

/** The name that the text itself has, for ids: that of the member, or of the file without the
 * suffix of a packing ("a.txt" of "a.txt.gz"); "-" for standard input. In mem; NULL only when
 * out of memory. */
char *input_own_name(input *in, void *mem);

/** How it is packed, "zip, gzip"; NULL when it is not. Lives until the next call. */
const char *input_packing(input *in);

/** Whether it is one of the files of an archive. */
bool input_is_member(const input *in);

/** Its charset, and why it is taken to be in that. */
const char *input_charset(const input *in);
const char *input_charset_why(const input *in);

/** The line that input_next_line gave last; borrowed until the next call. */
weft_str input_last_line(const input *in);

/** As unpack_rubbish. */
uint64_t input_rubbish(const input *in);

/** Add to *sum how many bytes were read of the file, from now on and those read so far; sum
 * outlives the input. */
void input_count(input *in, uint64_t *sum);

/** The first bytes, at most 64 KiB, without using them up; to tell the format by. Borrowed
 * until the next call. */
weft_code input_head(input *in, weft_str *head, weft_error *err) weft_must_check;

/** The next line; *more is false at the end. A last line without a line end counts. */
weft_code input_next_line(input *in, input_line *line, bool *more,
                          weft_error *err) weft_must_check;

/** The next bytes as they come, some 64 KiB at most, cut anywhere; *more is false at the end.
 * Borrowed until the next call. Errors: WEFT_EIO, WEFT_ELIMIT. */
weft_code input_next_chunk(input *in, weft_str *chunk, bool *more,
                           weft_error *err) weft_must_check;

/** Cut the first line off a chunk that has bytes, with its line end; all of it when none ends in
 * it. */
weft_str input_take_piece(weft_str *chunk);

/**
 * All the bytes that are left, in mem.
 *
 * Errors:  WEFT_ELIMIT over limit_bytes, WEFT_EIO, WEFT_ENOMEM.
 */
weft_code input_all(input *in, void *mem, size_t limit_bytes, weft_str *out,
                    weft_error *err) weft_must_check;

#endif

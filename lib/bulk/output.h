/* output.h - a file that is written from its start to its end. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_OUTPUT_H
#define WEFT_BULK_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"

typedef struct output output;

/* A new file in mem; it must not exist. Closed with its context. Errors: WEFT_EIO,
 * WEFT_ENOMEM. */
weft_code output_create(void *mem, const char *path, output **out,
                        weft_error *err) weft_must_check;
/* A file without a name in folder dir. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code output_temporary(void *mem, const char *dir, output **out,
                           weft_error *err) weft_must_check;
/* A file that is there, for output_read alone. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code output_reopen(void *mem, const char *path, output **out,
                        weft_error *err) weft_must_check;

/* Bytes appended so far; of a reopened file, all it has. */
uint64_t output_bytes(const output *o);

/* Errors of all below: WEFT_EIO. */
weft_code output_append(output *o, const void *p, size_t n,
                        weft_error *err) weft_must_check;
/* Hand every byte to the system, so that output_read finds it. */
weft_code output_flush(output *o, weft_error *err) weft_must_check;
/* n bytes from an offset, of a temporary or reopened file; all of them must be there. */
weft_code output_read(const output *o, uint64_t offset, void *p, size_t n,
                      weft_error *err) weft_must_check;
/* Make the file durable and close it. */
weft_code output_finish(output *o, weft_error *err) weft_must_check;

#endif

/* frame.h - messages between the event loop and a worker: a length in 4 bytes, little
 * endian, then that many bytes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_FRAME_H
#define SEARCHD_FRAME_H

#include <stdbool.h>

#include "weft/error.h"
#include "weft/str.h"

enum { FRAME_HEAD = 4 };

/** The 4 bytes in front of a message of n bytes; n is at most UINT32_MAX. */
void frame_put_head(unsigned char head[FRAME_HEAD], size_t n);

/** The length a head announces. To be held against a cap before anything is done with it.
 */
size_t frame_length(const unsigned char head[FRAME_HEAD]);

/**
 * Read one message from a blocking descriptor.
 *
 * Owner:   *out is in mem. *ended is set, and nothing else, when the other end is gone
 *          before a message began.
 * Errors:  WEFT_ELIMIT when it would be over cap bytes (nothing is allocated then),
 *          WEFT_EIO, WEFT_ENOMEM.
 */
weft_code frame_read(void *mem, int fd, size_t cap, weft_str *out, bool *ended,
                     weft_error *err) weft_must_check;

/**
 * Write one message to a blocking descriptor.
 *
 * Errors:  WEFT_EIO.
 */
weft_code frame_write(int fd, weft_str message, weft_error *err) weft_must_check;

/** The same of a message in parts, one after the other. Errors: WEFT_EIO. */
weft_code frame_write_parts(int fd, const weft_str *parts, size_t count,
                            weft_error *err) weft_must_check;

#endif

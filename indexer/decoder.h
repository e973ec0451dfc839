/* decoder.h - bytes of any charset that ICU knows, to UTF-8. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODER_H
#define DECODER_H

#include <stdbool.h>

#include "weft/error.h"
#include "weft/str.h"

typedef struct decoder decoder;

/**
 * Owner:   *out is in mem.
 * Errors:  WEFT_EUSAGE for a charset that ICU does not know, WEFT_ENOMEM.
 */
weft_code decoder_open(void *mem, const char *charset, decoder **out,
                       weft_error *err) weft_must_check;

/**
 * Append the next bytes to `to`, in UTF-8; bytes that are none of the charset become U+FFFD.
 * A character may go on in the next call, but not after the last one. name is for the message.
 *
 * Errors:  WEFT_EIO; a failure of the buffer sticks to it.
 */
weft_code decoder_add(decoder *d, weft_str bytes, bool last, weft_buf *to, const char *name,
                      weft_error *err) weft_must_check;

/** Begin anew: what follows does not go on from what came before. */
void decoder_reset(decoder *d);

/** Whether a line feed is the one byte 0x0A, as in all charsets that extend ASCII: lines can be
 * cut before they are decoded. */
bool decoder_keeps_lines(const decoder *d);

#endif

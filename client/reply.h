/* reply.h - reading a reply: every key may be missing or of another type, and a newer
 * server may send more. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CLIENT_REPLY_H
#define WEFT_CLIENT_REPLY_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "weft/error.h"
#include "weft/str.h"
#include "cells.h"

enum { REPLY_DATE_MAX = 32 }; /* bytes with the terminator */

/** The string at key, borrowed from o; empty when there is none. */
weft_str reply_text(const json_t *o, const char *key);

/** The number at key; 0 when there is none. */
long long reply_number(const json_t *o, const char *key);

bool reply_true(const json_t *o, const char *key);

/** "2013-05-03 11:57" of the RFC 3339 date at key; a text of another form as far as it
 * fits; "" when there is none. */
void reply_date(const json_t *o, const char *key, char out[REPLY_DATE_MAX]);

/**
 * The pairs [start, end) of the array at key that ascend; others are left out.
 *
 * Owner:   the marks are in mem; NULL for none (or out of memory: the text then stands
 * without them).
 */
cell_mark *reply_marks(void *mem, const json_t *o, const char *key, size_t *count);

/**
 * Parse a reply line, and look whether it is an answer.
 *
 * Owner:   *out is owned (json_decref). Written also for an error the server sent, NULL
 *          otherwise.
 * Errors:  the error's own code, position and text; WEFT_EIO when it is no reply of this
 *          protocol.
 */
weft_code reply_parse(weft_str line, json_t **out, weft_error *err) weft_must_check;

#endif

/* charset.h - whether a file is in the encoding it is read as. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHARSET_H
#define CHARSET_H

#include "weft/error.h"
#include "weft/str.h"

/**
 * Refuse a file that is plainly not UTF-8, before any of it is taken: a stray bad byte is
 * replaced and counted, but text in another charset would be lost letter by letter.
 *
 * Limits:  at least WEFT_CHARSET_LINES_MIN whole lines must stand in head, and over
 *          WEFT_CHARSET_BAD_PERCENT of those that are not empty hold bytes that are not
 *          UTF-8.
 * Errors:  WEFT_ESYNTAX, with what to do.
 */
weft_code charset_check(const char *name, weft_str head, weft_error *err) weft_must_check;

#endif

/* charset.h - whether a file is in the encoding it is read as. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CHARSET_H
#define CHARSET_H

#include <stdbool.h>

#include "weft/error.h"
#include "weft/str.h"

enum { CHARSET_NAME_MAX = 40 };

/** What a text says of its own encoding. */
typedef struct charset_claim {
    char name[CHARSET_NAME_MAX]; /* for ICU; empty for UTF-8 */
    char why[120];               /* for people; empty when nothing is declared */
} charset_claim;

/**
 * The encoding a text declares in its first bytes: by a byte order mark, as XML
 * (`<?xml encoding="...">`), or as HTML (`<meta charset=...>`). Latin-1 stands for
 * windows-1252, as in browsers; a declaration that the bytes belie is not believed.
 */
void charset_declared(weft_str head, charset_claim *out);

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

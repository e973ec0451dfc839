/* plain.h - text of exports as one reads it: character references, stray bytes of
 * windows-1252, tags in headlines. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PLAIN_H
#define PLAIN_H

#include <stddef.h>

#include "weft/error.h"
#include "weft/str.h"

enum { PLAIN_REFERENCE_MAX = 40 }; /* bytes between & and ; */

/** The character that a reference stands for (the part between & and ;), as UTF-8 in out;
 * the number of its bytes, 0 when there is none of that name. HTML's names count, numbers
 * from 128 to 159 mean windows-1252 as in HTML, and what is no character is U+FFFD. */
size_t plain_reference(weft_str name, char out[4]);

/**
 * Bytes to UTF-8: those that are not are read as windows-1252, control characters become a
 * space.
 *
 * Owner:   *out is in mem and terminated; it is never s itself.
 * Errors:  WEFT_ENOMEM.
 */
weft_code plain_mend(void *mem, weft_str s, char **out, size_t *mended,
                     weft_error *err) weft_must_check;

/**
 * A headline or a name that may hold HTML: references are read, tags go.
 *
 * Owner:   *out is in mem and terminated; NULL for NULL.
 * Errors:  WEFT_ENOMEM.
 */
weft_code plain_text(void *mem, const char *text, const char **out,
                     weft_error *err) weft_must_check;

/**
 * The language of a tag such as "fr-FR": fr.
 *
 * Owner:   *out is in mem; NULL for NULL, and for what is no language of two letters.
 * Errors:  WEFT_ENOMEM.
 */
weft_code plain_language(void *mem, const char *tag, const char **out,
                         weft_error *err) weft_must_check;

#endif

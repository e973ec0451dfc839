/* language.h - what the table of languages tells the stemmer; private to lib/text. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_TEXT_LANGUAGE_H
#define WEFT_TEXT_LANGUAGE_H

#include <stddef.h>

#include "weft/str.h"

enum { LANGUAGE_COUNT = 28 };

/** libstemmer's name for a language number; NULL outside the table. */
const char *language_algorithm(int language);

/** The stop words of a language, sorted, and how many; NULL for a language without a list.
 */
const char *const *stop_words_of(int language, size_t *count);

#endif

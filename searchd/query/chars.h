/* chars.h - what kind of character stands at a place in a query. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_QUERY_CHARS_H
#define WEFT_QUERY_CHARS_H

#include "weft/str.h"

typedef enum query_char_kind {
    CHAR_SPACE, /* white space and control characters */
    CHAR_OPEN,
    CHAR_CLOSE,
    CHAR_QUOTE, /* the straight one */
    CHAR_TYPOGRAPHIC_QUOTE,
    CHAR_LETTER,     /* letter or digit */
    CHAR_MARK,       /* combining: belongs to the letter before it */
    CHAR_APOSTROPHE, /* stands inside words */
    CHAR_SYMBOL,     /* can be searched for but is no letter: emoji and the like */
    CHAR_PUNCTUATION /* everything else, bytes that are not UTF-8 among it */
} query_char_kind;

/** The character at offset i < s.n; *n is its length in bytes, at least 1. */
query_char_kind query_char(weft_str s, size_t i, size_t *n);

/** Whether a word with only such characters could be searched for. */
bool query_char_searchable(query_char_kind kind);

/** Whether white space, a bracket or a quote. */
bool query_char_parts(query_char_kind kind);

/** The part of s from its first to its last searchable character; empty when there is none.
 */
weft_str query_searchable(weft_str s);

/** Letters and digits at the end of s, after its last punctuation or symbol. */
size_t query_last_letters(weft_str s);

/** Words of s parted by white space. */
size_t query_count_words(weft_str s);

#endif

/* vocabulary.h - the words of the index: those that begin so, and those spelled nearly so.
 *
 * A word of the vocabulary is a folded own word of a public document, so nothing hidden is
 * ever named. Its frequency is the number of conversations that say it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_VOCABULARY_H
#define SEARCHD_VOCABULARY_H

#include "../view.h"

/**
 * Words that begin with a folded prefix, in byte order: at most WEFT_EXPANSIONS_MAX. *cut
 * says that there are more.
 *
 * Owner:   *words is in mem.
 * Errors:  of the index.
 */
weft_code vocabulary_prefix(index_view *v, void *mem, weft_str prefix, weft_str **words,
                            size_t *count, bool *cut, weft_error *err) weft_must_check;

/**
 * Words at most one edit from a word of up to 5 letters, two from a longer one, the word
 * itself left out: the nearest first, then the most frequent, then by bytes; at most
 * WEFT_SPELLINGS_MAX. An edit is a letter too many, too few or another one, or two that
 * stand the wrong way round (Damerau; optimal string alignment). The first letter may differ
 * only by one edit that makes the whole difference, and only among the letters a to z or
 * those of the word's own alphabet (Cyrillic, Greek).
 *
 * Owner:   *words is in mem.
 * Limits:  of the words that begin alike the first WEFT_NEIGHBOURS_MAX; words of up to 40
 *          letters.
 * Errors:  of the index.
 */
weft_code vocabulary_near(index_view *v, void *mem, weft_str word, weft_str **words,
                          size_t *count, weft_error *err) weft_must_check;

/** Conversations that say a folded word. Errors: of the index. */
weft_code vocabulary_frequency(index_view *v, weft_str word, uint32_t *out,
                               weft_error *err) weft_must_check;

/** Edits between two words of up to 40 letters; `most` + 1 when there are more than that. */
unsigned vocabulary_distance(weft_str a, weft_str b, unsigned most);

/** Whether every code point of a word is a letter, and how many there are. */
bool vocabulary_is_letters(weft_str word, size_t *letters);

#endif

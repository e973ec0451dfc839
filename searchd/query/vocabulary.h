/* vocabulary.h - the words of the index: those that begin so, and those spelled nearly so.
 *
 * A word of the vocabulary is a folded own word of a public document, so nothing hidden is
 * ever named. Its frequency is the number of conversations that say it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_VOCABULARY_H
#define SEARCHD_VOCABULARY_H

#include "../view.h"

typedef struct vocabulary_word {
    weft_str text;
    unsigned edits; /* from the word they were looked up for */
    uint32_t frequency;
} vocabulary_word;

typedef struct vocabulary_list {
    vocabulary_word *words;
    size_t count;
    bool cut;  /* there are more */
    bool late; /* the deadline passed: these are the words seen until then */
} vocabulary_list;

/**
 * Words that begin with a folded prefix, the most frequent first, then by bytes.
 *
 * Units:   deadline_ms is of clock_ms(), 0 for none.
 * Owner:   the words are in mem.
 * Limits:  the first WEFT_EXPANSIONS_MAX, of the WEFT_NEIGHBOURS_MAX that stand first in
 *          byte order.
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code vocabulary_prefix(index_view *v, void *mem, weft_str prefix, int64_t deadline_ms,
                            vocabulary_list *out, weft_error *err) weft_must_check;

/**
 * Words at most one edit (edits.h) from a word of up to 5 letters, two from a longer one, the
 * word itself left out: the nearest first, then the most frequent, then by bytes. The first
 * letter may differ only by one edit that makes the whole difference, and only among the
 * letters a to z or those of the word's own alphabet (Cyrillic, Greek).
 *
 * Units:   deadline_ms is of clock_ms(), 0 for none.
 * Owner:   the words are in mem.
 * Limits:  the first WEFT_SPELLINGS_MAX, of the WEFT_NEIGHBOURS_MAX looked at first; words
 *          that cannot be near are passed over unseen. None for a word of over
 *          EDITS_LETTERS_MAX letters.
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code vocabulary_near(index_view *v, void *mem, weft_str word, int64_t deadline_ms,
                          vocabulary_list *out, weft_error *err) weft_must_check;

/** Conversations that say a folded word. Errors: of the index. */
weft_code vocabulary_frequency(index_view *v, weft_str word, uint32_t *out,
                               weft_error *err) weft_must_check;

/** Whether every code point of a word is a letter, and how many there are. */
bool vocabulary_is_letters(weft_str word, size_t *count);

#endif

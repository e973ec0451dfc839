/* edits.h - how many slips of the finger lie between two words. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_EDITS_H
#define SEARCHD_EDITS_H

#include <stdbool.h>
#include <stddef.h>

#include <unicode/utypes.h>

#include "weft/str.h"

enum {
    EDITS_LETTERS_MAX = 40, /* of the word others are compared with */
    EDITS_MAX = 4,          /* told apart */
    EDITS_ROWS = EDITS_LETTERS_MAX + EDITS_MAX + 2
};

/** A word as code points. */
typedef struct letters {
    UChar32 of[EDITS_LETTERS_MAX];
    size_t count;
} letters;

/** A word that others are compared with, and what is known of the one before. */
typedef struct edits {
    letters word;
    unsigned most;
    size_t known; /* letters of the last word whose rows stand */
    size_t depth; /* letters of the last word that were looked at */
    size_t start; /* byte at which the last of them begins */
    UChar32 last[EDITS_ROWS];
    unsigned least[EDITS_ROWS]; /* of each row */
    unsigned rows[EDITS_ROWS][EDITS_LETTERS_MAX + 1];
} edits;

/** False when a word has over EDITS_LETTERS_MAX letters or is no UTF-8. */
bool letters_read(weft_str word, letters *out);

/** Be ready to compare a word with others, up to `most` edits, at most EDITS_MAX. */
void edits_begin(edits *e, const letters *word, unsigned most);

/**
 * Edits between the word and another; `most` + 1 when there are more than `most`.
 *
 * An edit is a letter too many, too few or another one, or two side by side that stand the
 * wrong way round; nothing is edited twice (optimal string alignment). A word that begins as
 * the one before costs only what follows, so words are best given in order. *dead says that
 * no word that begins like it, as far as it was looked at, is within `most` edits.
 */
unsigned edits_to(edits *e, weft_str other, bool *dead);

/**
 * Edits between our word and the nearest beginning of the last word, as far as that was looked
 * at; `most` + 1 when there are more than `most`.
 */
unsigned edits_to_beginning(const edits *e);

/**
 * The first string in byte order that a word after the last one, which was dead, must reach
 * to be within `most` edits: in place, which has room for the word and a letter more.
 */
weft_str edits_next(const edits *e, weft_str other, char *place);

#endif

/* words.h - the vocabulary of the made archive. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_WORDS_H
#define BENCH_WORDS_H

#include <stdint.h>

#include "draw.h"

/**
 * A *class* is all forms of one word, numbered by rank: the frequent ones first, English function words at the top. A
 * *form* is the word as it is written: `class * WORDS_FORMS + ending`, or a word that comes once, WORDS_ONCE + a number.
 *
 * Porter's and Snowball's English stemmer both take each ending of an invented word off and leave the rest as it is; no two function
 * words have one stem. So two forms have one stem, in every engine, when they are of one class.
 */
enum {
    WORDS_FUNCTION = 135,
    WORDS_CLASSES = WORDS_FUNCTION + 150000,
    WORDS_FORMS = 4, /* as it is, -s, -ed, -ing */
    WORDS_BYTES = 32 /* room for a form, with its end */
};
#define WORDS_ONCE 0x80000000U
#define WORDS_NO_CLASS UINT32_MAX

typedef struct words words;

/**
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM.
 */
weft_code words_new(void *mem, words **out, weft_error *err) weft_must_check;

/** A form, as often as its rank says; one in 250 is a word that comes once. */
uint32_t words_draw(const words *w, draw *d);

/** A form of this class. */
uint32_t words_form_of(uint32_t class, draw *d);

static inline uint32_t words_class(uint32_t form)
{
    return form & WORDS_ONCE ? WORDS_NO_CLASS : form / WORDS_FORMS;
}

/** Write a form with its end; returns its bytes. */
uint32_t words_write(uint32_t form, char out[WORDS_BYTES]);

#endif

/* tokenizer.h - the tokenizer's parts, private to lib/text.
 *
 * A text is a sequence of runs: CJK characters; ASCII between white space, cut by hand; all
 * else, cut by ICU. A run yields segments (words as UAX #29 sees them), and the splitter
 * makes one or more of our words of each.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_TEXT_TOKENIZER_H
#define WEFT_TEXT_TOKENIZER_H

#include <unicode/ubrk.h>

#include "weft/text.h"

#include "fold.h"

enum run_kind { RUN_NONE, RUN_ASCII, RUN_ICU, RUN_CJK };

struct weft_tokenizer {
    folder *folder;
    UBreakIterator *words, *graphemes;
    bool force_icu;

    weft_str text;
    weft_tokenize_mode mode;
    size_t pos; /* what comes before it is done */
    enum run_kind run;
    size_t run_end;
    size_t non_ascii; /* the first non-ASCII byte from pos on, when it is not before pos */
    bool pair_next;   /* CJK: the pair that begins at pos is due */
    int32_t unit;     /* ICU: UTF-16 units of the run up to pos */
    size_t cut, cut_end; /* of a segment: what is still to be split into words */

    char *word; /* the folded word; room for any word of the text */
    size_t word_size;
    UChar *units; /* the run in UTF-16 */
    size_t units_size;
};

/** What a run came to: nothing more, a word in *out, or a segment in cut and cut_end. */
enum step { STEP_END, STEP_WORD, STEP_SEGMENT };

/** Send ASCII through ICU too: what the fast path is tested against. */
void tokenizer_force_icu(weft_tokenizer *t, bool on);

/** The n folded bytes in t->word as a word, cut when too long; false when n is 0. */
bool tokenizer_word(weft_tokenizer *t, size_t n, size_t start, size_t end, weft_token *out);

enum step ascii_next(weft_tokenizer *t, weft_token *out);
bool cjk_next(weft_tokenizer *t, weft_token *out);

/** The next word of the segment cut..cut_end; false when it is used up. */
bool split_next(weft_tokenizer *t, weft_token *out);

/**
 * The first grapheme boundary at or before (or at or after) byte at of text. Looks at the
 * neighbourhood only.
 *
 * Owner:   uses t->graphemes; t may be in the middle of a text.
 */
size_t grapheme_before(weft_tokenizer *t, weft_str text, size_t at);
size_t grapheme_after(weft_tokenizer *t, weft_str text, size_t at);

#endif

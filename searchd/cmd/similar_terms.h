/* similar_terms.h - the words that tell a text from others. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_SIMILAR_TERMS_H
#define SEARCHD_CMD_SIMILAR_TERMS_H

#include "../view.h"

typedef struct similar_term {
    weft_str stem, word; /* word: the form of it that came first, folded */
    size_t at;           /* its place */
    double share;        /* of all words */
    double weight;       /* all of a choice add up to 1 */
    weft_str term;       /* of thread documents */
    double idf;
} similar_term;

/** Words being gathered, then the terms chosen of them. */
typedef struct similar_terms {
    index_view *v;
    void *mem;
    similar_term *rows;
    size_t count, size;
    weft_error *err;
} similar_terms;

/**
 * Add the words of a document, each with its share: of a comment its own and the title's of its
 * article, of an article those of title and body. The title counts as often as it is said
 * SIMILAR_TITLE times. article is NULL where there is none.
 *
 * Limits:  the first SIMILAR_WORDS words.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code similar_terms_add(similar_terms *t, const weft_stored *s,
                            const weft_stored *article) weft_must_check;
enum { SIMILAR_TITLE = 3, SIMILAR_WORDS = 5000 };

/**
 * Keep the terms that say most about where the words are from: by their part of the
 * Kullback-Leibler divergence between these words and those of all conversations. A word of one
 * conversation only, which relates it to no other, is not among them.
 *
 * Errors:  of the index.
 */
weft_code similar_terms_choose(similar_terms *t, size_t limit) weft_must_check;

#endif

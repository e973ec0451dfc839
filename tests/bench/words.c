/* words.c - the vocabulary of the made archive: English function words, and invented words of open syllables.
 *
 * An invented word is two or three syllables and k, m, p or b; its ending follows. No suffix that Porter's or Snowball's
 * English rules know ends so, and the word has two vowels before the ending, so that none is put back.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words.h"

#include <string.h>

#include "weft/mem.h"

#include "banned.h"

enum {
    ONSETS = 19,
    VOWELS = 5,
    SYLLABLES = ONSETS * VOWELS,
    CODAS = 4,
    SHORT_WORDS = 3000, /* so many of the frequent ones have two syllables */
    SHORT_SPACE = SYLLABLES * SYLLABLES * CODAS,
    LONG_SPACE = SHORT_SPACE * SYLLABLES,
    SCATTER =
        7919, /* a prime that divides neither: neighbours in rank share no beginning */
    ONCE_IN = 250,
    ONCE_SYLLABLES = 5
};

struct words {
    zipf *ranks;
};

static const char *const function_words[WORDS_FUNCTION] = {
    "the",   "of",      "and",     "to",      "a",       "in",     "is",      "that",
    "it",    "for",     "was",     "on",      "with",    "be",     "at",      "by",
    "this",  "had",     "not",     "are",     "but",     "from",   "or",      "have",
    "an",    "they",    "which",   "you",     "were",    "her",    "all",     "she",
    "there", "would",   "their",   "we",      "him",     "been",   "has",     "when",
    "who",   "will",    "more",    "no",      "if",      "out",    "so",      "said",
    "what",  "up",      "about",   "into",    "than",    "them",   "can",     "only",
    "other", "new",     "some",    "could",   "time",    "these",  "two",     "may",
    "then",  "do",      "first",   "any",     "my",      "now",    "such",    "like",
    "our",   "over",    "man",     "me",      "even",    "most",   "after",   "also",
    "did",   "many",    "before",  "must",    "through", "back",   "years",   "where",
    "much",  "your",    "way",     "well",    "down",    "should", "because", "each",
    "just",  "those",   "people",  "how",     "too",     "little", "state",   "good",
    "very",  "make",    "world",   "still",   "own",     "see",    "men",     "work",
    "long",  "here",    "between", "both",    "life",    "under",  "never",   "day",
    "same",  "another", "know",    "while",   "last",    "might",  "us",      "great",
    "old",   "come",    "since",   "against", "right",   "take",   "three"};
static const char *const onsets[ONSETS] = {"b",  "d",  "f",  "g",  "k", "l", "m",
                                           "n",  "p",  "r",  "s",  "t", "v", "z",
                                           "st", "tr", "pl", "br", "sh"};
static const char vowels[] = "aeiou";
static const char codas[] = "kmpb";
static const char *const endings[WORDS_FORMS] = {"", "s", "ed", "ing"};

weft_code words_new(void *mem, words **out, weft_error *err)
{
    words *w = talloc_zero(mem, words);
    if (w == NULL)
        return weft_fail_nomem(err);
    weft_code code = zipf_new(w, WORDS_CLASSES, 1.07, &w->ranks, err);
    if (code == WEFT_OK)
        *out = w;
    return code;
}

uint32_t words_form_of(uint32_t class, draw *d)
{
    uint32_t drawn = draw_below(d, 8); /* five in eight have no ending */
    uint32_t ending = class < WORDS_FUNCTION || drawn < 5 ? 0 : drawn - 4;
    return class * WORDS_FORMS + ending;
}

uint32_t words_draw(const words *w, draw *d)
{
    if (draw_below(d, ONCE_IN) == 0)
        return WORDS_ONCE | (uint32_t)(draw_u64(d) >> 33);
    return words_form_of(zipf_draw(w->ranks, d), d);
}

static uint32_t put(char *out, uint32_t at, const char *text)
{
    while (*text != '\0')
        out[at++] = *text++;
    return at;
}

static uint32_t put_syllables(char *out, uint32_t at, uint32_t number, int count)
{
    for (int i = 0; i < count; i++, number /= SYLLABLES) {
        at = put(out, at, onsets[number % SYLLABLES / VOWELS]);
        out[at++] = vowels[number % VOWELS];
    }
    return at;
}

uint32_t words_write(uint32_t form, char out[WORDS_BYTES])
{
    uint32_t at = 0;
    uint32_t class = words_class(form);
    if (class == WORDS_NO_CLASS) {
        out[at++] = 'q'; /* begins no other word */
        at = put_syllables(out, at, form & ~WORDS_ONCE, ONCE_SYLLABLES);
        out[at++] = codas[0];
    } else if (class < WORDS_FUNCTION) {
        at = put(out, at, function_words[class]);
    } else {
        uint64_t rank = class - WORDS_FUNCTION;
        bool is_short = rank < SHORT_WORDS;
        uint32_t number =
            (uint32_t)(rank * SCATTER % (is_short ? (uint64_t)SHORT_SPACE : LONG_SPACE));
        at = put_syllables(out, at, number / CODAS, is_short ? 2 : 3);
        out[at++] = codas[number % CODAS];
        at = put(out, at, endings[form % WORDS_FORMS]);
    }
    out[at] = '\0';
    return at;
}

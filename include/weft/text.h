/* weft/text.h - words, their folded forms, their stems, their language. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_TEXT_H
#define WEFT_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a text is cut up for. Only runs of CJK characters (Han, kana, Hangul) differ: they
 * have no spaces. */
typedef enum weft_tokenize_mode {
    WEFT_TOKENIZE_DOCUMENT, /* every character, then every pair of neighbours that begins
                               with it */
    WEFT_TOKENIZE_QUERY,    /* pairs, or the character when it stands alone */
    WEFT_TOKENIZE_STREAM    /* single characters: the order of words for phrases */
} weft_tokenize_mode;

typedef struct weft_token {
    weft_str folded;   /* borrowed until the next call on the tokenizer; 1 to 200 bytes */
    size_t start, end; /* [start, end) bytes in the text given */
    bool is_pair;      /* two CJK characters; not part of the stream of words */
    bool is_cjk;       /* one or two CJK characters: never stemmed */
} weft_token;

typedef struct weft_tokenizer weft_tokenizer;

/**
 * A tokenizer; costly to make, cheap to reuse for one text after another.
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL when ICU has no data.
 */
weft_code weft_tokenizer_new(void *mem, weft_tokenizer **out,
                             weft_error *err) weft_must_check;

/**
 * Begin a text. Words are found by ICU's word boundaries; a run of ASCII takes a fast path
 * with the same result. A word is folded: NFKC, case fold, accents off (but U+0439 stays,
 * and so do the marks of Indian, South East Asian and kana scripts, which are letters),
 * U+0451 = U+0435, sharp s = ss, apostrophes as one and then clitics ('s 'll 're 've 'd
 * 'm) off, n't joined, elisions (l' d' qu') apart; soft hyphens and zero-width joiners
 * out. Words are also cut at '.', ':' and '_' between letters (comments leave out the
 * space after a full stop), except that the dots of single letters go (U.S. is "us"). Over
 * WEFT_WORD_MAX code points a word is cut and a hash of the whole appended. An emoji is a
 * word.
 *
 * Owner:   text is borrowed until the last weft_tokenizer_next; it must be valid UTF-8.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 * Source:  UAX #29 (Unicode text segmentation), UAX #15 (normalisation).
 */
weft_code weft_tokenizer_start(weft_tokenizer *t, weft_str text, weft_tokenize_mode mode,
                               weft_error *err) weft_must_check;

/** The next word; false at the end of the text. */
bool weft_tokenizer_next(weft_tokenizer *t, weft_token *out);

/**
 * Fold a whole text the same way without cutting it into words: for names and exact fields.
 * White space runs become one space, ends trimmed; an apostrophe stays, as "'".
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code weft_fold(weft_tokenizer *t, void *mem, weft_str text, weft_str *out,
                    weft_error *err) weft_must_check;

/** Length of the longest prefix of s, valid UTF-8, of at most limit bytes that does not split
 * a grapheme cluster; 0 when the first is longer. */
size_t weft_grapheme_cut(weft_tokenizer *t, weft_str s, size_t limit_bytes);

/** Number of the language of an ISO 639-1 code; WEFT_LANGUAGE_OTHER when libstemmer has
 * none for it. */
int weft_language_find(weft_str code);
enum { WEFT_LANGUAGE_OTHER = -1 };

/** ISO 639-1 code of a language number. */
const char *weft_language_code(int language);

/** How many languages have a stemmer: numbers run from 0 to this less one. */
int weft_language_count(void);

/** Whether the folded word says so little in that language that a query with other words
 * need not match it. */
bool weft_stop_word(int language, weft_str folded);

typedef struct weft_stemmer weft_stemmer;

/**
 * All of libstemmer's languages, opened as they are asked for, with a bounded cache of
 * distinct words.
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM.
 */
weft_code weft_stemmer_new(void *mem, weft_stemmer **out, weft_error *err) weft_must_check;

/**
 * The stem of a folded word, folded again (a stemmer may not put an accent back); the word
 * itself for WEFT_LANGUAGE_OTHER. Borrowed until the next call on s. Out of memory also
 * gives the word itself.
 */
weft_str weft_stem(weft_stemmer *s, int language, weft_str folded);

/**
 * Have the processor fetch what weft_stem will look at for words with these weft_str_hash():
 * the table of known words is larger than its caches.
 */
void weft_stem_ahead(const weft_stemmer *s, int language, const uint64_t *hashes,
                     size_t count);

/**
 * Guess the language of a text (CLD2): an ISO 639-1 code, or NULL when the text is too
 * short or unclear.
 */
const char *weft_language_detect(weft_str text) weft_noexcept;

#ifdef __cplusplus
}
#endif
#endif

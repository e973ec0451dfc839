/* fuzz_text.c - any bytes through the tokenizer, folding, stems and snippets.
 *
 * The first four bytes choose the limit, the language, the skipped span and the mode; the
 * rest is the text. It is made valid UTF-8 first, as everything weft reads is.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/snippet.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { CHOICES = 4, WANTED = 4 };

static weft_tokenizer *tokenizer;
static weft_stemmer *stemmer;

/* Tokens lie inside the text, in order, and have a form; the first few are returned as
 * words to look for. */
static size_t check_tokens(void *mem, weft_str text, weft_tokenize_mode mode, int language,
                           weft_str *wanted)
{
    weft_token token;
    size_t start = 0, found = 0;
    weft_code code = weft_tokenizer_start(tokenizer, text, mode, NULL);
    assert(code == WEFT_OK);
    while (weft_tokenizer_next(tokenizer, &token)) {
        assert(token.folded.n >= 1 && token.folded.n <= 200);
        assert(token.start >= start && token.start < token.end && token.end <= text.n);
        start = token.start;
        weft_str stem = weft_stem(stemmer, language, token.folded);
        assert(stem.n >= 1);
        if (found < WANTED)
            wanted[found++] = weft_str_of(weft_str_dup(mem, stem), stem.n);
    }
    return found;
}

static void check_snippet(void *mem, weft_str text, int language, weft_span skip,
                          weft_wanted *wanted, size_t limit)
{
    weft_snippet s;
    weft_code code = weft_snippet_make(mem, tokenizer, stemmer, language, text, &skip, 1,
                                       wanted, limit, &s, NULL);
    assert(code == WEFT_OK && s.text.n <= limit);
    size_t repaired, at = 0;
    weft_str same;
    code = weft_utf8_repair(mem, s.text, &same, &repaired, NULL);
    assert(code == WEFT_OK && repaired == 0);
    for (size_t i = 0; i < s.mark_count; i++) {
        assert(s.marks[i].start >= at && s.marks[i].start < s.marks[i].end);
        at = s.marks[i].end;
        assert(at <= s.text.n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n < CHOICES)
        return 0;
    if (tokenizer == NULL && (weft_tokenizer_new(NULL, &tokenizer, NULL) != WEFT_OK ||
                              weft_stemmer_new(NULL, &stemmer, NULL) != WEFT_OK))
        return 0;
    weft_scope void *mem = talloc_new(NULL);
    weft_str text, folded, words[WANTED];
    size_t repaired;
    if (weft_utf8_repair(mem, weft_str_of((const char *)bytes + CHOICES, n - CHOICES),
                         &text, &repaired, NULL) != WEFT_OK)
        return 0;
    int language = bytes[1] % weft_language_count();
    size_t found =
        check_tokens(mem, text, (weft_tokenize_mode)(bytes[3] % 3), language, words);
    weft_code code = weft_fold(tokenizer, mem, text, &folded, NULL);
    assert(code == WEFT_OK);
    struct weft_wanted_phrase phrase = {words, found > 2 ? 2 : found};
    weft_wanted wanted = {words, found, words, found, &phrase, 1};
    weft_span skip = {bytes[2], (uint32_t)bytes[2] + bytes[0] / 8};
    check_snippet(mem, text, language, skip, &wanted, bytes[0]);
    weft_language_detect(text);
    return 0;
}

/* quote_source.c - the words of a text as hashes, and which runs of them another text has
 * too. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quote_parts.h"

#include "weft/mem.h"
#include "banned.h"

enum { FIRST_SIZE = 64, RUN_MULTIPLIER_SHIFT = 29 };

/* Odd constants of a multiply-and-shift hash (Fibonacci hashing; the golden ratio of 2^64).
 */
#define RUN_MULTIPLIER UINT64_C(0x9E3779B97F4A7C15)

struct quote_source {
    uint64_t *hash; /* of the words in order, 0 between pieces */
    size_t n;
    uint64_t
        *set; /* hashes of runs, open addressing, 0 is free; NULL when there are none */
    size_t mask;
};

static weft_code grow(void *mem, quote_words *w, weft_error *err)
{
    size_t size = w->size == 0 ? FIRST_SIZE : w->size * 2;
    uint64_t *hash = weft_grow_array(mem, w->hash, uint64_t, size);
    if (hash != NULL)
        w->hash = hash;
    uint32_t *start = weft_grow_array(mem, w->start, uint32_t, size);
    if (start != NULL)
        w->start = start;
    uint32_t *end = weft_grow_array(mem, w->end, uint32_t, size);
    if (end != NULL)
        w->end = end;
    if (hash == NULL || start == NULL || end == NULL)
        return weft_fail_nomem(err);
    w->size = size;
    return WEFT_OK;
}

static weft_code add(void *mem, quote_words *w, uint64_t hash, size_t start, size_t end,
                     weft_error *err)
{
    if (w->n == w->size) {
        weft_code code = grow(mem, w, err);
        if (code != WEFT_OK)
            return code;
    }
    w->hash[w->n] = hash;
    w->start[w->n] = (uint32_t)start;
    w->end[w->n] = (uint32_t)end;
    w->n++;
    return WEFT_OK;
}

weft_code quote_words_add(void *mem, weft_tokenizer *tokenizer, weft_str text, size_t start,
                          size_t end, quote_words *words, weft_error *err)
{
    if (start >= end)
        return WEFT_OK;
    weft_str piece = weft_str_of(text.p + start, end - start);
    weft_code code = weft_tokenizer_start(tokenizer, piece, WEFT_TOKENIZE_STREAM, err);
    weft_token token;
    while (code == WEFT_OK && weft_tokenizer_next(tokenizer, &token)) {
        uint64_t hash = weft_str_hash(token.folded);
        code = add(mem, words, hash == 0 ? 1 : hash, start + token.start, start + token.end,
                   err);
    }
    return code == WEFT_OK ? add(mem, words, 0, end, end, err) : code;
}

weft_code quote_words_add_own(void *mem, weft_tokenizer *tokenizer, weft_str text,
                              const weft_quote *quotes, size_t count, quote_words *words,
                              weft_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        weft_code code =
            quote_words_add(mem, tokenizer, text, at, quotes[i].outer_start, words, err);
        if (code != WEFT_OK)
            return code;
        at = quotes[i].outer_end;
    }
    return quote_words_add(mem, tokenizer, text, at, text.n, words, err);
}

/* The hash of the run of words at i; 0 when a piece ends in it. */
static uint64_t hash_run(const quote_words *w, size_t i)
{
    uint64_t hash = 0;
    if (i + QUOTE_RUN > w->n)
        return 0;
    for (size_t k = 0; k < QUOTE_RUN; k++) {
        if (w->hash[i + k] == 0)
            return 0;
        hash = (hash ^ w->hash[i + k]) * RUN_MULTIPLIER;
        hash ^= hash >> RUN_MULTIPLIER_SHIFT;
    }
    return hash == 0 ? 1 : hash;
}

/* The slot of a run, or the free one where it belongs. The set is at most half full. */
static size_t find_slot(const quote_source *s, uint64_t run)
{
    size_t slot = (size_t)(run * RUN_MULTIPLIER >> 32) & s->mask;
    while (s->set[slot] != 0 && s->set[slot] != run)
        slot = (slot + 1) & s->mask;
    return slot;
}

static bool has_run(const quote_source *s, uint64_t run)
{
    return run != 0 && s->set != NULL && s->set[find_slot(s, run)] == run;
}

weft_code quote_source_new(void *mem, const quote_words *words, quote_source **out,
                           weft_error *err)
{
    quote_source *s = talloc_zero(mem, quote_source);
    size_t size = QUOTE_RUN;
    if (s == NULL)
        return weft_fail_nomem(err);
    s->hash = talloc_steal(s, words->hash);
    s->n = words->n;
    talloc_free(words->start);
    talloc_free(words->end);
    if (words->n >= QUOTE_RUN) {
        while (size < words->n * 2)
            size *= 2;
        s->set = weft_new_array(s, uint64_t, size);
        if (s->set == NULL)
            return weft_fail_nomem(err);
        s->mask = size - 1;
    }
    for (size_t i = 0; i + QUOTE_RUN <= words->n; i++) {
        uint64_t run = hash_run(words, i);
        if (run != 0)
            s->set[find_slot(s, run)] = run;
    }
    *out = s;
    return WEFT_OK;
}

size_t quote_source_size(const quote_source *s)
{
    return s->n;
}

/* Whether fewer words than a run stand in the source in a row. */
static bool holds_few(const quote_source *s, const quote_words *w, size_t from, size_t to)
{
    size_t n = to - from;
    for (size_t i = 0; i + n <= s->n; i++) {
        if (memcmp(s->hash + i, w->hash + from, n * sizeof w->hash[0]) == 0)
            return true;
    }
    return false;
}

bool quote_source_holds(const quote_source *s, const quote_words *words, size_t from,
                        size_t to)
{
    size_t covered = 0, until = from;
    if (from >= to)
        return false;
    if (to - from < QUOTE_RUN)
        return holds_few(s, words, from, to);
    for (size_t i = from; i < to; i++) {
        if (i + QUOTE_RUN <= to && has_run(s, hash_run(words, i)))
            until = i + QUOTE_RUN;
        covered += i < until;
    }
    return quote_is_enough(covered, to - from);
}

void quote_source_cover(const quote_source *s, const quote_words *words, uint32_t bit,
                        uint32_t *covered)
{
    size_t until = 0;
    for (size_t i = 0; i < words->n; i++) {
        if (has_run(s, hash_run(words, i)))
            until = i + QUOTE_RUN;
        if (i < until)
            covered[i] |= bit;
    }
}

/* vocabulary.c - the words of the index: those that begin so, and those spelled nearly so. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vocabulary.h"

#include <stdlib.h>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { LETTERS_MAX = 40, SHORT_WORD = 5, EDITS_SHORT = 1, EDITS_LONG = 2 };

/* A word as code points. */
typedef struct letters {
    UChar32 of[LETTERS_MAX];
    size_t count;
} letters;

/* False when it has too many letters or is no UTF-8. */
static bool spell(weft_str word, letters *out)
{
    const uint8_t *bytes = (const uint8_t *)word.p;
    int32_t i = 0, n = word.n > INT32_MAX ? 0 : (int32_t)word.n;
    out->count = 0;
    while (i < n) {
        UChar32 c;
        U8_NEXT(bytes, i, n, c);
        if (c < 0 || out->count == LETTERS_MAX)
            return false;
        out->of[out->count++] = c;
    }
    return true;
}

bool vocabulary_is_letters(weft_str word, size_t *count)
{
    letters l;
    *count = 0;
    if (!spell(word, &l))
        return false;
    *count = l.count;
    for (size_t i = 0; i < l.count; i++)
        if (!u_isalpha(l.of[i]))
            return false;
    return l.count > 0;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned distance(const letters *a, const letters *b, unsigned most)
{
    unsigned rows[3][LETTERS_MAX + 1]; /* of i - 2, i - 1 and i, in turn */
    for (unsigned j = 0; j <= b->count; j++)
        rows[0][j] = j;
    for (unsigned i = 1; i <= a->count; i++) {
        unsigned *now = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];
        unsigned best = now[0] = i;
        for (unsigned j = 1; j <= b->count; j++) {
            bool same = a->of[i - 1] == b->of[j - 1];
            now[j] = least(least(up[j], now[j - 1]) + 1, up[j - 1] + !same);
            if (i > 1 && j > 1 && a->of[i - 1] == b->of[j - 2] &&
                a->of[i - 2] == b->of[j - 1])
                now[j] = least(now[j], up2[j - 2] + 1);
            best = least(best, now[j]);
        }
        if (best > most + 1) /* a swap may still take one back */
            return most + 1;
    }
    return least(rows[a->count % 3][b->count], most + 1);
}

unsigned vocabulary_distance(weft_str a, weft_str b, unsigned most)
{
    letters la, lb;
    return spell(a, &la) && spell(b, &lb) ? distance(&la, &lb, most) : most + 1;
}

weft_code vocabulary_frequency(index_view *v, weft_str word, uint32_t *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str term;
    weft_code code = weft_term_make(tmp, WEFT_PREFIX_WORD, word, &term, err);
    return code == WEFT_OK ? weft_reader_frequency(v->reader, term, out, err) : code;
}

static weft_code joined(void *mem, weft_str head, weft_str tail, weft_str *out,
                        weft_error *err)
{
    char *p = weft_new_array(mem, char, head.n + tail.n + 1);
    if (p == NULL)
        return weft_fail_nomem(err);
    memcpy(p, head.p, head.n);
    if (tail.n > 0)
        memcpy(p + head.n, tail.p, tail.n);
    *out = weft_str_of(p, head.n + tail.n);
    return WEFT_OK;
}

/* What the words that begin so go on with, in mem. */
static weft_code tails(index_view *v, void *mem, weft_str prefix, size_t limit,
                       weft_str **out, size_t *count, weft_error *err)
{
    weft_str term;
    weft_code code = joined(mem, weft_str_from(WEFT_PREFIX_WORD), prefix, &term, err);
    return code == WEFT_OK ? weft_reader_terms(v->reader, mem, term, limit, out, count, err)
                           : code;
}

weft_code vocabulary_prefix(index_view *v, void *mem, weft_str prefix, weft_str **words,
                            size_t *count, bool *cut, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str *list;
    size_t n = 0;
    weft_code code = tails(v, tmp, prefix, WEFT_EXPANSIONS_MAX + 1, &list, &n, err);
    *cut = n > WEFT_EXPANSIONS_MAX;
    *count = *cut ? WEFT_EXPANSIONS_MAX : n;
    *words = weft_new_array(mem, weft_str, *count);
    if (code == WEFT_OK && *words == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; code == WEFT_OK && i < *count; i++)
        code = joined(mem, prefix, list[i], &(*words)[i], err);
    return code;
}

/* A word near another. */
typedef struct neighbour {
    weft_str word;
    unsigned edits;
    uint32_t frequency;
} neighbour;

/* The neighbours found so far; more than are kept, so that the frequent ones can be. */
typedef struct search {
    index_view *v;
    void *mem;
    letters of;
    weft_str word;
    neighbour *list;
    size_t count, size;
    weft_error *err;
} search;

static int by_nearness(const void *pa, const void *pb)
{
    const neighbour *a = pa, *b = pb;
    if (a->edits != b->edits)
        return a->edits < b->edits ? -1 : 1;
    if (a->frequency != b->frequency)
        return a->frequency > b->frequency ? -1 : 1;
    return weft_str_cmp(a->word, b->word);
}

/* Add a word that may be in the vocabulary. */
static weft_code try_word(search *s, weft_str word, unsigned edits)
{
    uint32_t frequency = 0;
    weft_code code = vocabulary_frequency(s->v, word, &frequency, s->err);
    if (code != WEFT_OK || frequency == 0)
        return code;
    for (size_t i = 0; i < s->count; i++)
        if (weft_str_eq(s->list[i].word, word))
            return WEFT_OK;
    if (s->count == s->size) {
        size_t size = s->size == 0 ? WEFT_SPELLINGS_MAX : s->size * 2;
        neighbour *grown = weft_grow_array(s->mem, s->list, neighbour, size);
        if (grown == NULL)
            return weft_fail_nomem(s->err);
        s->list = grown;
        s->size = size;
    }
    s->list[s->count++] = (neighbour){word, edits, frequency};
    return WEFT_OK;
}

/* Words with the same first letter. */
static weft_code walk(search *s, unsigned most)
{
    const size_t first = (size_t)U8_LENGTH(s->of.of[0]);
    weft_str head = weft_str_of(s->word.p, first), *list;
    size_t n = 0;
    weft_code code = tails(s->v, s->mem, head, WEFT_NEIGHBOURS_MAX, &list, &n, s->err);
    for (size_t i = 0; code == WEFT_OK && i < n; i++) {
        letters other = {.of = {s->of.of[0]}, .count = 1}, tail;
        if (list[i].n > s->word.n + 4 * most || list[i].n + first + 4 * most < s->word.n ||
            !spell(list[i], &tail) || tail.count == LETTERS_MAX)
            continue;
        memcpy(other.of + 1, tail.of, tail.count * sizeof *tail.of);
        other.count += tail.count;
        unsigned edits = distance(&s->of, &other, most);
        weft_str word;
        if (edits == 0 || edits > most)
            continue;
        code = joined(s->mem, head, list[i], &word, s->err);
        if (code == WEFT_OK)
            code = try_word(s, word, edits);
    }
    return code;
}

static void put(char *bytes, size_t *n, UChar32 c)
{
    int32_t i = 0;
    uint8_t out[U8_MAX_LENGTH];
    bool failed = false;
    U8_APPEND(out, i, U8_MAX_LENGTH, (uint32_t)c, failed);
    memcpy(bytes + *n, out, failed ? 0 : (size_t)i);
    *n += failed ? 0 : (size_t)i;
}

/* The letters from `from` on behind one or two others, 0 for none. */
static weft_code try_letters(search *s, UChar32 first, UChar32 second, size_t from)
{
    char bytes[U8_MAX_LENGTH * (LETTERS_MAX + 2)];
    size_t n = 0;
    if (first != 0)
        put(bytes, &n, first);
    if (second != 0)
        put(bytes, &n, second);
    for (size_t i = from; i < s->of.count; i++)
        put(bytes, &n, s->of.of[i]);
    weft_str word;
    weft_code code =
        joined(s->mem, weft_str_of(bytes, n), weft_str_of(NULL, 0), &word, s->err);
    return code == WEFT_OK && n > 0 ? try_word(s, word, 1) : code;
}

/* Words one edit away at the first letter. */
static weft_code try_first_letter(search *s)
{
    static const UChar32 alphabets[][2] = {{'a', 'z'}, {0x3b1, 0x3c9}, {0x430, 0x44f}};
    UChar32 first = s->of.of[0];
    weft_code code = try_letters(s, 0, 0, 1);
    if (code == WEFT_OK && s->of.count > 1 && s->of.of[1] != first)
        code = try_letters(s, s->of.of[1], first, 2);
    for (size_t k = 0; k < sizeof alphabets / sizeof *alphabets; k++) {
        if (first < alphabets[k][0] || first > alphabets[k][1])
            continue;
        for (UChar32 c = alphabets[k][0]; code == WEFT_OK && c <= alphabets[k][1]; c++) {
            if (c == first)
                continue;
            code = try_letters(s, c, 0, 0);
            if (code == WEFT_OK)
                code = try_letters(s, c, 0, 1);
        }
    }
    return code;
}

weft_code vocabulary_near(index_view *v, void *mem, weft_str word, weft_str **words,
                          size_t *count, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    search s = {.v = v, .mem = tmp, .word = word, .err = err};
    *count = 0;
    *words = weft_new_array(mem, weft_str, WEFT_SPELLINGS_MAX);
    if (*words == NULL)
        return weft_fail_nomem(err);
    if (!spell(word, &s.of) || s.of.count == 0)
        return WEFT_OK;
    weft_code code = walk(&s, s.of.count > SHORT_WORD ? EDITS_LONG : EDITS_SHORT);
    if (code == WEFT_OK)
        code = try_first_letter(&s);
    if (s.count > 0)
        qsort(s.list, s.count, sizeof *s.list, by_nearness);
    for (size_t i = 0; code == WEFT_OK && i < s.count && *count < WEFT_SPELLINGS_MAX; i++)
        code =
            joined(mem, s.list[i].word, weft_str_of(NULL, 0), &(*words)[(*count)++], err);
    return code;
}

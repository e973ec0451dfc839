/* vocabulary.c - the words of the index: those that begin so, and those spelled nearly so. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vocabulary.h"

#include <stdlib.h>

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "../clock.h"
#include "edits.h"
#include "banned.h"

enum {
    SHORT_WORD = 5,
    EDITS_SHORT = 1,
    EDITS_LONG = 2,
    LIST_FIRST = 64,
    BETWEEN_CLOCKS = 256, /* words seen before the clock is read again */
    WORD_BYTES = WEFT_TERM_MAX + U8_MAX_LENGTH
};

/* Words being gathered. */
typedef struct gathering {
    index_view *v;
    void *mem;
    int64_t deadline_ms;
    weft_str head; /* what all words of the walk begin with */
    vocabulary_list list;
    size_t size, seen;
    edits edits;
    char bytes[WORD_BYTES], place[WORD_BYTES]; /* the word at hand, and where to go on */
    weft_code code;
    weft_error *err;
} gathering;

bool vocabulary_is_letters(weft_str word, size_t *count)
{
    letters l;
    *count = 0;
    if (!letters_read(word, &l))
        return false;
    *count = l.count;
    for (size_t i = 0; i < l.count; i++)
        if (!u_isalpha(l.of[i]))
            return false;
    return l.count > 0;
}

weft_code vocabulary_frequency(index_view *v, weft_str word, uint32_t *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str term;
    weft_code code = weft_term_make(tmp, WEFT_PREFIX_WORD, word, &term, err);
    return code == WEFT_OK ? weft_reader_frequency(v->reader, term, out, err) : code;
}

/* Whether the deadline passed; the clock is read now and then only. */
static bool is_late(gathering *g, size_t round)
{
    if (g->deadline_ms > 0 && round % BETWEEN_CLOCKS == 0 && clock_ms() >= g->deadline_ms)
        g->list.late = true;
    return g->list.late;
}

/* Add the word that is head and tail. */
static bool add(gathering *g, weft_str head, weft_str tail, unsigned word_edits,
                uint32_t frequency)
{
    vocabulary_list *l = &g->list;
    if (l->count == g->size) {
        size_t size = g->size == 0 ? LIST_FIRST : g->size * 2;
        vocabulary_word *grown = weft_grow_array(g->mem, l->words, vocabulary_word, size);
        if (grown != NULL) {
            l->words = grown;
            g->size = size;
        }
    }
    char *p =
        l->count == g->size ? NULL : weft_new_array(l->words, char, head.n + tail.n + 1);
    if (p == NULL) {
        g->code = weft_fail_nomem(g->err);
        return false;
    }
    memcpy(p, head.p, head.n);
    memcpy(p + head.n, tail.p, tail.n);
    l->words[l->count++] =
        (vocabulary_word){weft_str_of(p, head.n + tail.n), word_edits, frequency};
    return true;
}

/* Walk over the words that begin with g->head. */
static weft_code walk(gathering *g, bool with_frequency,
                      weft_step (*visit)(void *of, weft_str tail, uint32_t frequency,
                                         weft_str *to))
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf prefix;
    weft_buf_init(&prefix, tmp, WEFT_TERM_MAX * 2);
    weft_buf_add_text(&prefix, WEFT_PREFIX_WORD);
    weft_buf_add(&prefix, g->head);
    weft_code code = weft_buf_check(&prefix, "prefix", g->err);
    const weft_term_walk w = {weft_buf_str(&prefix), with_frequency, visit, g};
    if (code == WEFT_OK)
        code = weft_reader_walk(g->v->reader, &w, g->err);
    return code == WEFT_OK ? g->code : code;
}

static weft_step take_all(void *of, weft_str tail, uint32_t frequency, weft_str *to)
{
    gathering *g = of;
    (void)to;
    if (g->seen == WEFT_NEIGHBOURS_MAX)
        g->list.cut = true;
    if (is_late(g, g->seen) || g->seen++ == WEFT_NEIGHBOURS_MAX ||
        !add(g, g->head, tail, 0, frequency))
        return WEFT_STEP_END;
    return WEFT_STEP_NEXT;
}

static int by_nearness(const void *pa, const void *pb)
{
    const vocabulary_word *a = pa, *b = pb;
    if (a->edits != b->edits)
        return a->edits < b->edits ? -1 : 1;
    if (a->frequency != b->frequency)
        return a->frequency > b->frequency ? -1 : 1;
    return weft_str_cmp(a->text, b->text);
}

/* Put the best first and leave out what is too much. */
static void settle(gathering *g, size_t limit, vocabulary_list *out)
{
    if (g->list.count > 0)
        qsort(g->list.words, g->list.count, sizeof *g->list.words, by_nearness);
    if (g->list.count > limit) {
        g->list.count = limit;
        g->list.cut = true;
    }
    *out = g->list;
}

weft_code vocabulary_prefix(index_view *v, void *mem, weft_str prefix, int64_t deadline_ms,
                            vocabulary_list *out, weft_error *err)
{
    gathering g = {
        .v = v, .mem = mem, .deadline_ms = deadline_ms, .head = prefix, .err = err};
    weft_code code = walk(&g, true, take_all);
    if (code == WEFT_OK)
        settle(&g, WEFT_EXPANSIONS_MAX, out);
    return code;
}

/* Words near ours with the same first letter; their frequency is looked up afterwards. */
static weft_step take_near(void *of, weft_str tail, uint32_t frequency, weft_str *to)
{
    gathering *g = of;
    const size_t head = g->head.n;
    bool dead;
    (void)frequency;
    if (is_late(g, g->seen) || g->seen++ == WEFT_NEIGHBOURS_MAX)
        return WEFT_STEP_END;
    memcpy(g->bytes + head, tail.p, tail.n);
    const weft_str word = weft_str_of(g->bytes, head + tail.n);
    unsigned n = edits_to(&g->edits, word, &dead);
    if (n > 0 && n <= g->edits.most && !add(g, g->head, tail, n, 0))
        return WEFT_STEP_END;
    if (!dead)
        return WEFT_STEP_NEXT;
    const weft_str next = edits_next(&g->edits, word, g->place);
    if (next.n < head || memcmp(next.p, g->bytes, head) != 0)
        return WEFT_STEP_END;
    *to = weft_str_of(next.p + head, next.n - head);
    return WEFT_STEP_TO;
}

/* The frequencies of the words found by a walk; those not reached in time are left out. */
static weft_code count_all(gathering *g)
{
    weft_code code = WEFT_OK;
    vocabulary_list *l = &g->list;
    for (size_t i = 0; code == WEFT_OK && i < l->count; i++) {
        if (is_late(g, i))
            l->count = i;
        else
            code = vocabulary_frequency(g->v, l->words[i].text, &l->words[i].frequency,
                                        g->err);
    }
    return code;
}

/* Add a word one edit away if it is one of the index; walked is the number of those that the
 * walk found, which are all that begin with our first letter. */
static weft_code try_word(gathering *g, weft_str word, size_t walked)
{
    uint32_t frequency = 0;
    if (word.n >= g->head.n && memcmp(word.p, g->head.p, g->head.n) == 0)
        return WEFT_OK;
    for (size_t i = walked; i < g->list.count; i++) /* several edits may lead to it */
        if (weft_str_eq(g->list.words[i].text, word))
            return WEFT_OK;
    weft_code code = vocabulary_frequency(g->v, word, &frequency, g->err);
    if (code == WEFT_OK && frequency > 0 && !add(g, word, weft_str_of("", 0), 1, frequency))
        code = g->code;
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

/* Our letters from `from` on behind one or two others, 0 for none. */
static weft_code try_letters(gathering *g, const UChar32 first[2], size_t from,
                             size_t walked)
{
    const letters *ours = &g->edits.word;
    char bytes[U8_MAX_LENGTH * (EDITS_LETTERS_MAX + 2)];
    size_t n = 0;
    for (size_t i = 0; i < 2; i++)
        if (first[i] != 0)
            put(bytes, &n, first[i]);
    for (size_t i = from; i < ours->count; i++)
        put(bytes, &n, ours->of[i]);
    return n > 0 ? try_word(g, weft_str_of(bytes, n), walked) : WEFT_OK;
}

/* Words one edit away at the first letter. */
static weft_code try_first_letter(gathering *g)
{
    static const UChar32 alphabets[][2] = {{'a', 'z'}, {0x3b1, 0x3c9}, {0x430, 0x44f}};
    const letters *ours = &g->edits.word;
    const UChar32 first = ours->of[0], none[2] = {0, 0};
    const size_t walked = g->list.count;
    weft_code code = try_letters(g, none, 1, walked);
    if (code == WEFT_OK && ours->count > 1)
        code = try_letters(g, (const UChar32[2]){ours->of[1], first}, 2, walked);
    for (size_t k = 0; k < sizeof alphabets / sizeof *alphabets; k++) {
        if (first < alphabets[k][0] || first > alphabets[k][1])
            continue;
        for (UChar32 c = alphabets[k][0]; code == WEFT_OK && c <= alphabets[k][1]; c++) {
            const UChar32 other[2] = {c, 0};
            code = try_letters(g, other, 0, walked);
            if (code == WEFT_OK)
                code = try_letters(g, other, 1, walked);
        }
    }
    return code;
}

weft_code vocabulary_near(index_view *v, void *mem, weft_str word, int64_t deadline_ms,
                          vocabulary_list *out, weft_error *err)
{
    letters ours;
    *out = (vocabulary_list){0};
    if (!letters_read(word, &ours) || ours.count == 0)
        return WEFT_OK;
    gathering g = {.v = v, .mem = mem, .deadline_ms = deadline_ms, .err = err};
    g.head = weft_str_of(word.p, (size_t)U8_LENGTH(ours.of[0]));
    memcpy(g.bytes, g.head.p, g.head.n);
    edits_begin(&g.edits, &ours, ours.count > SHORT_WORD ? EDITS_LONG : EDITS_SHORT);
    weft_code code = walk(&g, false, take_near);
    if (code == WEFT_OK)
        code = count_all(&g);
    if (code == WEFT_OK)
        code = try_first_letter(&g);
    if (code == WEFT_OK)
        settle(&g, WEFT_SPELLINGS_MAX, out);
    return code;
}

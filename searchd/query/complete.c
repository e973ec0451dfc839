/* complete.c - the terms of the index that go on from what was typed.
 *
 * Terms lie in byte order, so those that begin so are one walk, at some 0.1 us each. Only the
 * best are kept: the list is in order all the time, and nearly all terms are rarer than its
 * last, which is seen at once.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "complete.h"

#include <unicode/utf8.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "../clock.h"
#include "edits.h"
#include "banned.h"

enum {
    BETWEEN_CLOCKS = 4096, /* terms seen before the clock is read again */
    TERM_BYTES = WEFT_TERM_MAX + U8_MAX_LENGTH
};

/* Terms being gathered. */
typedef struct gathering {
    const index_view *v;
    const complete_options *o;
    weft_str head; /* what all terms of the walk begin with */
    completion_list list;
    size_t seen;
    edits edits;
    char bytes[TERM_BYTES], place[TERM_BYTES]; /* the term at hand, and where to go on */
    weft_code code;
    weft_error *err;
} gathering;

/* Whether the walk has to end here. */
static bool is_enough(gathering *g)
{
    bool late = g->o->deadline_ms > 0 && g->seen % BETWEEN_CLOCKS == BETWEEN_CLOCKS - 1 &&
                clock_ms() >= g->o->deadline_ms;
    if (late || g->seen == WEFT_COMPLETE_TERMS)
        g->list.partial = true;
    g->seen++;
    return g->list.partial;
}

/* Terms come in byte order, so one that is as frequent as another stands after it. */
static size_t place_of(const completion_list *l, uint32_t frequency)
{
    size_t at = l->count;
    while (at > 0 && l->rows[at - 1].frequency < frequency)
        at--;
    return at;
}

/* Whether a word says nothing to who searches. */
static bool is_idle(const gathering *g, weft_str word)
{
    int language = weft_language_find(weft_str_from(g->v->settings.lang));
    return memchr(word.p, '~', word.n) != NULL ||
           (language != WEFT_LANGUAGE_OTHER && weft_stop_word(language, word));
}

/* Put the term that is head and tail where it belongs, the last one out. False when out of
 * memory. */
static bool keep(gathering *g, weft_str tail, uint32_t frequency, bool is_near)
{
    completion_list *l = &g->list;
    size_t at = place_of(l, frequency), head = g->head.n;
    if (at == g->o->limit)
        return true;
    char *p = weft_new_array(l->rows, char, head + tail.n + 1);
    if (p == NULL) {
        g->code = weft_fail_nomem(g->err);
        return false;
    }
    memcpy(p, g->head.p, head);
    memcpy(p + head, tail.p, tail.n);
    if (g->o->words && is_idle(g, weft_str_of(p, head + tail.n))) {
        talloc_free(p);
        return true;
    }
    if (l->count == g->o->limit)
        talloc_free((char *)(uintptr_t)l->rows[--l->count].text.p);
    memmove(l->rows + at + 1, l->rows + at, (l->count - at) * sizeof *l->rows);
    l->rows[at] = (completion){weft_str_of(p, head + tail.n), frequency, is_near};
    l->count++;
    return true;
}

static weft_step take(void *of, weft_str tail, uint32_t frequency, weft_str *to)
{
    gathering *g = of;
    (void)to;
    return is_enough(g) || !keep(g, tail, frequency, false) ? WEFT_STEP_END
                                                            : WEFT_STEP_NEXT;
}

/* Bytes of the first letters of a term, as many as can matter. */
static size_t cut_letters(weft_str term, size_t count)
{
    int32_t i = 0, n = (int32_t)term.n;
    const uint8_t *bytes = (const uint8_t *)term.p;
    for (; count > 0 && i < n; count--)
        U8_FWD_1(bytes, i, n);
    return (size_t)i;
}

static weft_step take_near(void *of, weft_str tail, uint32_t frequency, weft_str *to)
{
    gathering *g = of;
    const size_t head = g->head.n;
    bool dead;
    if (is_enough(g) || head + tail.n > WEFT_TERM_MAX)
        return g->list.partial ? WEFT_STEP_END : WEFT_STEP_NEXT;
    memcpy(g->bytes + head, tail.p, tail.n);
    weft_str term = weft_str_of(g->bytes, head + tail.n);
    term.n = cut_letters(term, g->edits.word.count + 1);
    edits_to(&g->edits, term, &dead);
    unsigned n = edits_to_beginning(&g->edits);
    if (n == 1)
        return keep(g, tail, frequency, true) ? WEFT_STEP_NEXT : WEFT_STEP_END;
    if (n == 0 || !dead)
        return WEFT_STEP_NEXT;
    const weft_str next = edits_next(&g->edits, term, g->place);
    if (next.n < head || memcmp(next.p, g->bytes, head) != 0)
        return WEFT_STEP_END;
    *to = weft_str_of(next.p + head, next.n - head);
    return WEFT_STEP_TO;
}

/* Walk over the terms that begin with g->head. */
static weft_code walk(index_view *v, void *mem, gathering *g,
                      weft_step (*visit)(void *of, weft_str tail, uint32_t frequency,
                                         weft_str *to))
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf start;
    weft_buf_init(&start, tmp, WEFT_TERM_MAX * 2);
    weft_buf_add_text(&start, g->o->prefix);
    weft_buf_add(&start, g->head);
    weft_code code = weft_buf_check(&start, "prefix", g->err);
    g->list.rows = weft_new_array(mem, completion, g->o->limit + 1);
    if (code == WEFT_OK && g->list.rows == NULL)
        code = weft_fail_nomem(g->err);
    const weft_term_walk w = {weft_buf_str(&start), true, visit, g};
    if (code == WEFT_OK)
        code = weft_reader_walk(v->reader, &w, g->err);
    return code == WEFT_OK ? g->code : code;
}

weft_code complete_terms(index_view *v, void *mem, const complete_options *options,
                         completion_list *out, weft_error *err)
{
    gathering g = {.v = v, .o = options, .head = options->typed, .err = err};
    *out = (completion_list){0};
    if (g.head.n == 0 || g.head.n > WEFT_TERM_MAX)
        return WEFT_OK;
    weft_code code = walk(v, mem, &g, take);
    if (code == WEFT_OK)
        *out = g.list;
    return code;
}

weft_code complete_near(index_view *v, void *mem, const complete_options *options,
                        completion_list *out, weft_error *err)
{
    letters ours;
    *out = (completion_list){0};
    if (!letters_read(options->typed, &ours) || ours.count == 0)
        return WEFT_OK;
    gathering g = {.v = v, .o = options, .err = err};
    g.head = weft_str_of(options->typed.p, (size_t)U8_LENGTH(ours.of[0]));
    memcpy(g.bytes, g.head.p, g.head.n);
    edits_begin(&g.edits, &ours, 1);
    weft_code code = walk(v, mem, &g, take_near);
    if (code == WEFT_OK)
        *out = g.list;
    return code;
}

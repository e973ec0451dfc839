/* facet_counts.c - how often each value of a facet stands, and which are the most frequent.
 *
 * An index may have half a million tags: values are found by a hash, and only the few that
 * are shown are put in order.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facet_counts.h"

#include <string.h>

#include "weft/mem.h"
#include "banned.h"

enum { FIRST_SLOTS = 256 };

/* The slot of a key: its own, or the empty one where it belongs. */
static uint32_t *find_slot(const facet_counts *c, weft_str key)
{
    size_t at = weft_str_hash(key) & (c->slot_count - 1);
    while (c->slots[at] != 0 && !weft_str_eq(c->list[c->slots[at] - 1].key, key))
        at = (at + 1) & (c->slot_count - 1);
    return &c->slots[at];
}

/* Room for one more, with half of the slots empty. */
static weft_code make_room(facet_counts *c, weft_error *err)
{
    if (c->count < c->size)
        return WEFT_OK;
    size_t slot_count = c->slot_count == 0 ? FIRST_SLOTS : c->slot_count * 2;
    uint32_t *slots = weft_new_array(c->mem, uint32_t, slot_count);
    facet_value *grown = weft_grow_array(c->mem, c->list, facet_value, slot_count / 2);
    if (grown != NULL)
        c->list = grown;
    if (slots == NULL || grown == NULL)
        return weft_fail_nomem(err);
    talloc_free(c->slots);
    c->slots = slots;
    c->slot_count = slot_count;
    c->size = slot_count / 2;
    for (size_t i = 0; i < c->count; i++)
        *find_slot(c, c->list[i].key) = (uint32_t)i + 1;
    return WEFT_OK;
}

static weft_code count_spelling(facet_counts *c, facet_value *v, weft_str text,
                                uint32_t times, weft_error *err)
{
    facet_spelling *s = &v->first;
    while (s->next != NULL && !weft_str_eq(s->text, text))
        s = s->next;
    if (!weft_str_eq(s->text, text)) {
        s->next = talloc_zero(c->mem, facet_spelling);
        if (s->next == NULL)
            return weft_fail_nomem(err);
        s = s->next;
        s->text = text;
    }
    s->count += times;
    return WEFT_OK;
}

weft_code facet_counts_add(facet_counts *c, weft_str key, weft_str spelling, uint32_t times,
                           weft_error *err)
{
    weft_code code = make_room(c, err);
    if (code != WEFT_OK)
        return code;
    uint32_t *slot = find_slot(c, key);
    if (*slot == 0) {
        c->list[c->count] = (facet_value){key, 0, {spelling, 0, NULL}};
        *slot = (uint32_t)++c->count;
    }
    facet_value *v = &c->list[*slot - 1];
    v->count += times;
    return count_spelling(c, v, spelling, times, err);
}

void facet_counts_clear(facet_counts *c)
{
    c->count = 0;
    if (c->slots != NULL)
        memset(c->slots, 0, c->slot_count * sizeof *c->slots);
}

static bool is_before(const facet_value *a, const facet_value *b)
{
    return a->count != b->count ? a->count > b->count : weft_str_cmp(a->key, b->key) < 0;
}

size_t facet_counts_best(const facet_counts *c, const facet_value **out, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++) {
        const facet_value *v = &c->list[i];
        if (count == most && !is_before(v, out[count - 1]))
            continue;
        size_t at = count < most ? count++ : count - 1;
        for (; at > 0 && is_before(v, out[at - 1]); at--)
            out[at] = out[at - 1];
        out[at] = v;
    }
    return count;
}

weft_str facet_value_spelling(const facet_value *v)
{
    const facet_spelling *best = &v->first;
    for (const facet_spelling *s = best->next; s != NULL; s = s->next)
        if (s->count > best->count ||
            (s->count == best->count && weft_str_cmp(s->text, best->text) < 0))
            best = s;
    return best->text;
}

/* names.h - a table of things by their text, for one thread: small, so that it stays in the
 * processor's caches. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_SCHEMA_NAMES_H
#define WEFT_SCHEMA_NAMES_H

#include "weft/mem.h"
#include "weft/str.h"

enum { NAMES_FIRST = 512 };

/* What has a text: the first member of what is named. */
typedef struct named {
    weft_str text;
    int kind; /* of two with the same text */
} named;

typedef struct name_slot {
    uint32_t hash;
    named *of; /* NULL when free */
} name_slot;

typedef struct names {
    name_slot *slots; /* at most half of them taken */
    size_t size, count;
} names;

/* NULL when there is none. */
static inline named *names_find(const names *t, uint32_t hash, weft_str text, int kind)
{
    if (t->count == 0)
        return NULL;
    size_t mask = t->size - 1, i = hash & mask;
    for (; t->slots[i].of != NULL; i = (i + 1) & mask)
        if (t->slots[i].hash == hash && t->slots[i].of->kind == kind &&
            weft_str_eq(t->slots[i].of->text, text))
            break;
    return t->slots[i].of;
}

static inline void names_put(name_slot *slots, size_t size, name_slot put)
{
    size_t i = put.hash & (size - 1);
    while (slots[i].of != NULL)
        i = (i + 1) & (size - 1);
    slots[i] = put;
}

/* Add what is not there; false when out of memory. */
static inline bool names_add(names *t, void *mem, uint32_t hash, named *of)
{
    if (2 * t->count >= t->size) {
        size_t size = t->size == 0 ? NAMES_FIRST : t->size * 2;
        name_slot *grown = weft_new_array(mem, name_slot, size);
        if (grown == NULL)
            return false;
        for (size_t i = 0; i < t->size; i++)
            if (t->slots[i].of != NULL)
                names_put(grown, size, t->slots[i]);
        talloc_free(t->slots);
        t->slots = grown;
        t->size = size;
    }
    names_put(t->slots, t->size, (name_slot){hash, of});
    t->count++;
    return true;
}

#endif

/* families.c - who replies to whom in one input. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "families.h"

#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum {
    IS_ARTICLE = 1, /* in the hash of an id */
    IS_MARKER =
        1, /* in that of a parent: unless a comment has the id, the top level is meant */
    FIRST_SIZE = 256
};

struct family {
    uint64_t id, parent; /* hashes, the lowest bit aside; parent 0 for none */
};

/* While they are counted. */
typedef struct count {
    const struct family *members;
    uint32_t *order;  /* indices by id, those of one id as they came */
    uint32_t *levels; /* 0: not known yet */
    size_t n;
} count;

static uint64_t hash_of(weft_type type, const char *id)
{
    uint64_t hash = weft_str_hash(weft_str_from(id));
    return ((hash | 2) & ~(uint64_t)IS_ARTICLE) | (type == WEFT_ARTICLE ? IS_ARTICLE : 0);
}

weft_code families_add(families *f, const weft_record *r, weft_error *err)
{
    if (f->over || r->is_delete)
        return WEFT_OK;
    if (f->count == WEFT_SUMMARY_IDS_MAX) {
        f->over = true;
        TALLOC_FREE(f->members);
        f->count = f->size = 0;
        return WEFT_OK;
    }
    if (f->count == f->size) {
        size_t size = f->size == 0 ? FIRST_SIZE : 2 * f->size;
        struct family *grown = weft_grow_array(f->mem, f->members, struct family, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        f->members = grown;
        f->size = size;
    }
    struct family *m = &f->members[f->count++];
    *m = (struct family){.id = hash_of(r->type, r->id)};
    if (r->type == WEFT_COMMENT && r->parent != NULL)
        m->parent =
            hash_of(WEFT_COMMENT, r->parent) | (r->parent_is_marker ? IS_MARKER : 0);
    return WEFT_OK;
}

static int compare(const void *pa, const void *pb, void *ctx)
{
    const struct family *members = ctx;
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
    if (members[a].id != members[b].id)
        return members[a].id < members[b].id ? -1 : 1;
    return a < b ? -1 : a > b;
}

/* The last member with that id; n when there is none. */
static size_t find(const count *c, uint64_t id)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->members[c->order[middle]].id <= id)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && c->members[c->order[low - 1]].id == id ? c->order[low - 1] : c->n;
}

static size_t parent_of(const count *c, size_t i)
{
    uint64_t parent = c->members[i].parent;
    return parent == 0 ? c->n : find(c, parent & ~(uint64_t)IS_MARKER);
}

/* The level of a member: up to one that is known, then down again over the same ones. */
static uint32_t level_of(count *c, size_t start)
{
    enum { UNDER_WAY = UINT32_MAX };
    uint32_t steps = 0, base = 0;
    size_t i = start;
    while (i < c->n && c->levels[i] == 0) {
        c->levels[i] = (uint32_t)UNDER_WAY;
        i = parent_of(c, i);
        steps++;
    }
    if (i < c->n && c->levels[i] != (uint32_t)UNDER_WAY)
        base = c->levels[i];
    for (i = start; steps > 0; steps--) {
        c->levels[i] = base + steps;
        i = parent_of(c, i);
    }
    return c->levels[start];
}

static void count_all(count *c, family_counts *out)
{
    for (size_t i = 0; i < c->n; i++) {
        size_t at = c->order[i];
        const struct family *m = &c->members[at];
        bool is_copy = i > 0 && c->members[c->order[i - 1]].id == m->id;
        out->duplicates += is_copy ? 1 : 0;
        if (!is_copy && m->parent != 0 && (m->parent & IS_MARKER) == 0 &&
            parent_of(c, at) == c->n)
            out->orphans++;
    }
    for (size_t i = 0; i < c->n; i++) {
        bool is_article = (c->members[i].id & IS_ARTICLE) != 0;
        uint32_t level = is_article ? 0 : level_of(c, i);
        out->levels = level > out->levels ? level : out->levels;
    }
}

weft_code families_count(families *f, family_counts *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    count c = {.members = f->members, .n = f->count};
    *out = (family_counts){0};
    if (c.n == 0)
        return WEFT_OK;
    c.order = weft_new_array(tmp, uint32_t, c.n);
    c.levels = weft_new_array(tmp, uint32_t, c.n);
    if (c.order == NULL || c.levels == NULL)
        return weft_fail_nomem(err);
    for (uint32_t i = 0; i < c.n; i++)
        c.order[i] = i;
    qsort_r(c.order, c.n, sizeof *c.order, compare, f->members);
    count_all(&c, out);
    return WEFT_OK;
}

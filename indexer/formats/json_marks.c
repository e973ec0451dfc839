/* json_marks.c - tell the layout of JSON by the keys of the objects in its first bytes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"

#include "weft/mem.h"
#include "json_feed.h"
#include "banned.h"

enum {
    OPEN_MAX = 32, /* objects one in the other that are looked at */
    KEYS_MAX = 80, /* of one of them */
    MARKS_MAX = 8, /* marks of a mapping, and sets of a mark */
};

typedef struct object {
    weft_str keys[KEYS_MAX];
    size_t count;
} object;

typedef struct looking {
    const mapping *m;
    object *open;
    bool is_object[OPEN_MAX];
    size_t depth;
    unsigned found[MARKS_MAX]; /* bits of the sets that were seen, by mark */
} looking;

static bool has_key(const weft_str *keys, size_t count, weft_str key)
{
    for (size_t i = 0; i < count; i++)
        if (weft_str_eq(keys[i], key))
            return true;
    return false;
}

static bool has_all(const weft_str *keys, size_t count, const map_keys *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (!has_key(keys, count, set->keys[i]))
            return false;
    return true;
}

bool mapping_marked_by(const mapping *m, const weft_str *keys, size_t count)
{
    for (size_t i = 0; i < m->mark_count; i++)
        if (m->marks[i].count == 1 && has_all(keys, count, &m->marks[i].sets[0]))
            return true;
    return false;
}

static void compare(looking *l, const object *o)
{
    for (size_t i = 0; i < l->m->mark_count && i < MARKS_MAX; i++)
        for (size_t k = 0; k < l->m->marks[i].count && k < MARKS_MAX; k++)
            if (has_all(o->keys, o->count, &l->m->marks[i].sets[k]))
                l->found[i] |= 1U << k;
}

static weft_code on_key(void *ctx, weft_str key, weft_error *err)
{
    looking *l = ctx;
    object *o = l->depth > 0 && l->depth <= OPEN_MAX ? &l->open[l->depth - 1] : NULL;
    if (o == NULL || o->count == KEYS_MAX)
        return WEFT_OK;
    const char *copy = weft_str_dup(l->open, key);
    if (copy == NULL)
        return weft_fail_nomem(err);
    o->keys[o->count++] = weft_str_of(copy, key.n);
    return WEFT_OK;
}

static weft_code on_value(void *ctx, tree_kind kind, weft_str text, weft_error *err)
{
    (void)ctx, (void)kind, (void)text, (void)err;
    return WEFT_OK;
}

static weft_code on_begin(void *ctx, tree_kind kind, weft_error *err)
{
    looking *l = ctx;
    (void)err;
    if (l->depth++ < OPEN_MAX) {
        l->open[l->depth - 1].count = 0;
        l->is_object[l->depth - 1] = kind == TREE_OBJECT;
    }
    return WEFT_OK;
}

static weft_code on_end(void *ctx, weft_error *err)
{
    looking *l = ctx;
    (void)err;
    if (--l->depth < OPEN_MAX && l->is_object[l->depth])
        compare(l, &l->open[l->depth]);
    return WEFT_OK;
}

static bool is_marked(const looking *l)
{
    for (size_t i = 0; i < l->m->mark_count && i < MARKS_MAX; i++)
        if (l->found[i] == (1U << l->m->marks[i].count) - 1)
            return true;
    return false;
}

bool json_has_marks(weft_str head, const mapping *m)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str text = weft_str_trim(head);
    json_feed *feed;
    looking l = {.m = m};
    const json_events events = {on_key, on_value, on_begin, on_end, &l};
    if (text.n == 0 || (text.p[0] != '{' && text.p[0] != '['))
        return false;
    l.open = weft_new_array(tmp, object, OPEN_MAX);
    if (l.open == NULL || json_feed_new(tmp, &events, &feed, NULL) != WEFT_OK)
        return false;
    /* The head is cut anywhere, and may be wrong somewhere: what was seen before counts. */
    weft_code code = json_feed_piece(feed, text, NULL);
    (void)code;
    while (l.depth > 0)
        if (on_end(&l, NULL) != WEFT_OK)
            break;
    return is_marked(&l);
}

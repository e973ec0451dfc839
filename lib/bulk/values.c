/* values.c - values by slot, in chunks, and what the slots hold.
 *
 * The table wants all chunks of a slot together, documents come one after the other: a full
 * chunk waits in a temporary file, and where it lies is remembered.
 *
 * Source: doc/glass-format.md, "Values".
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "values.h"

#include <stdlib.h>

#include "weft/bulk.h"
#include "weft/mem.h"
#include "chunks.h"
#include "output.h"
#include "banned.h"

enum { CHUNK_MAX = 32 * 1024 * 1024, KEY_STATISTICS = 0xD0, KEY_CHUNK = 0xD8 };

/* A chunk that waits. */
typedef struct waiting {
    const output *file;
    uint64_t offset;
    uint32_t slot, first;
    size_t bytes;
} waiting;

typedef struct slot {
    uint32_t number;
    uint32_t count; /* documents that have a value */
    weft_buf lowest, highest;
    weft_buf chunk; /* at work */
    uint32_t first, last;
} slot;

struct values {
    output *file;
    slot *slots[WEFT_BULK_SLOTS];
    waiting *list;
    size_t count, size;
};

weft_code values_new(void *mem, const char *dir, values **out, weft_error *err)
{
    values *v = talloc_zero(mem, values);
    if (v == NULL)
        return weft_fail_nomem(err);
    weft_code code = output_temporary(v, dir, &v->file, err);
    if (code == WEFT_OK)
        *out = v;
    return code;
}

/* NULL when out of memory. */
static slot *find_slot(values *v, uint32_t number)
{
    slot *s = v->slots[number];
    if (s != NULL || (s = talloc_zero(v, slot)) == NULL)
        return s;
    s->number = number;
    weft_buf_init(&s->lowest, s, CHUNK_MAX);
    weft_buf_init(&s->highest, s, CHUNK_MAX);
    weft_buf_init(&s->chunk, s, CHUNK_MAX);
    v->slots[number] = s;
    return s;
}

static weft_code set_bound(weft_buf *bound, weft_str bytes, weft_error *err)
{
    weft_buf_clear(bound);
    weft_buf_add(bound, bytes);
    return weft_buf_check(bound, "value", err);
}

static weft_code widen_bounds(slot *s, weft_str bytes, weft_error *err)
{
    weft_code code = WEFT_OK;
    bool is_only = s->count == 0;
    if (is_only || weft_str_cmp(bytes, weft_buf_str(&s->lowest)) < 0)
        code = set_bound(&s->lowest, bytes, err);
    if (code == WEFT_OK && (is_only || weft_str_cmp(bytes, weft_buf_str(&s->highest)) > 0))
        code = set_bound(&s->highest, bytes, err);
    return code;
}

static weft_code new_waiting(values *v, waiting **out, weft_error *err)
{
    if (v->count == v->size) {
        size_t size = v->size == 0 ? 256 : v->size * 2;
        waiting *grown = weft_grow_array(v, v->list, waiting, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        v->list = grown;
        v->size = size;
    }
    *out = &v->list[v->count++];
    return WEFT_OK;
}

static weft_code put_aside(values *v, slot *s, weft_error *err)
{
    waiting *w = NULL;
    weft_code code = new_waiting(v, &w, err);
    if (code != WEFT_OK)
        return code;
    *w = (waiting){v->file, output_bytes(v->file), s->number, s->first, s->chunk.n};
    code = output_append(v->file, s->chunk.p, s->chunk.n, err);
    weft_buf_clear(&s->chunk);
    return code;
}

weft_code values_add(values *v, uint32_t docid, const weft_value *value, weft_error *err)
{
    unsigned char head[2 * PACKED_MAX], *p = head;
    slot *s = find_slot(v, value->slot);
    if (s == NULL)
        return weft_fail_nomem(err);
    weft_code code = widen_bounds(s, value->bytes, err);
    if (code != WEFT_OK)
        return code;
    if (s->chunk.n == 0)
        s->first = docid;
    else
        p = pack_uint(p, docid - s->last - 1);
    p = pack_uint(p, value->bytes.n);
    weft_buf_add(&s->chunk, weft_str_of((const char *)head, (size_t)(p - head)));
    weft_buf_add(&s->chunk, value->bytes);
    s->last = docid;
    s->count++;
    code = weft_buf_check(&s->chunk, "value", err);
    if (code == WEFT_OK && s->chunk.n >= CHUNK_BYTES)
        code = put_aside(v, s, err);
    return code;
}

static weft_code write_statistics(const slot *s, table *t, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    unsigned char key[3] = {0, KEY_STATISTICS, (unsigned char)s->number};
    unsigned char head[2 * PACKED_MAX];
    unsigned char *p = pack_uint(pack_uint(head, s->count), s->lowest.n);
    weft_buf tag;
    weft_buf_init(&tag, tmp, 2 * (size_t)CHUNK_MAX + sizeof head);
    weft_buf_add(&tag, weft_str_of((const char *)head, (size_t)(p - head)));
    weft_buf_add(&tag, weft_buf_str(&s->lowest));
    if (weft_str_cmp(weft_buf_str(&s->lowest), weft_buf_str(&s->highest)) != 0)
        weft_buf_add(&tag, weft_buf_str(&s->highest));
    weft_code code = weft_buf_check(&tag, "value", err);
    weft_str name = weft_str_of((const char *)key, s->number == 0 ? 2 : 3);
    return code == WEFT_OK ? table_add(t, name, weft_buf_str(&tag), err) : code;
}

static int by_slot(const void *pa, const void *pb)
{
    const waiting *a = pa, *b = pb;
    if (a->slot != b->slot)
        return a->slot < b->slot ? -1 : 1;
    return a->first < b->first ? -1 : 1;
}

static weft_code write_chunk(const waiting *w, table *t, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    unsigned char key[2 + PACKED_MAX + SORTABLE_MAX] = {0, KEY_CHUNK};
    char *bytes = talloc_size(tmp, w->bytes);
    if (bytes == NULL)
        return weft_fail_nomem(err);
    unsigned char *end = pack_sortable(pack_uint(key + 2, w->slot), w->first);
    weft_code code = output_read(w->file, w->offset, bytes, w->bytes, err);
    if (code != WEFT_OK)
        return code;
    return table_add(t, weft_str_of((const char *)key, (size_t)(end - key)),
                     weft_str_of(bytes, w->bytes), err);
}

/* Every chunk at work goes to the file. */
static weft_code settle(values *v, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < WEFT_BULK_SLOTS; i++)
        if (v->slots[i] != NULL && v->slots[i]->chunk.n > 0)
            code = put_aside(v, v->slots[i], err);
    return code;
}

/* Slots are below 256, so that their numbers order as their bytes in both kinds of keys. */
weft_code values_write(values *v, table *t, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < WEFT_BULK_SLOTS; i++) {
        if (v->slots[i] == NULL)
            continue;
        code = write_statistics(v->slots[i], t, err);
    }
    if (code == WEFT_OK)
        code = settle(v, err);
    if (code == WEFT_OK)
        code = output_flush(v->file, err);
    if (v->count > 0)
        qsort(v->list, v->count, sizeof *v->list, by_slot);
    for (size_t i = 0; code == WEFT_OK && i < v->count; i++)
        code = write_chunk(&v->list[i], t, err);
    return code;
}

weft_code values_new_part(void *mem, const char *dir, values **out, weft_error *err)
{
    values *v = talloc_zero(mem, values);
    char *path = talloc_asprintf(v, "%s/values", dir);
    if (path == NULL)
        return weft_fail_nomem(err);
    *out = v;
    return output_create(v, path, &v->file, err);
}

/* What is kept of a slot, with its bounds behind it, and of a chunk. */
typedef struct saved_slot {
    uint32_t number, count;
    uint64_t lowest, highest; /* bytes */
} saved_slot;

typedef struct saved_chunk {
    uint64_t offset, bytes;
    uint32_t slot, first;
} saved_chunk;

static weft_code save_slot(const slot *s, output *index, weft_error *err)
{
    const saved_slot head = {s->number, s->count, s->lowest.n, s->highest.n};
    weft_code code = output_append(index, &head, sizeof head, err);
    if (code == WEFT_OK)
        code = output_append(index, s->lowest.p, s->lowest.n, err);
    return code == WEFT_OK ? output_append(index, s->highest.p, s->highest.n, err) : code;
}

weft_code values_save(values *v, output *index, weft_error *err)
{
    uint64_t slots = 0, count = 0;
    weft_code code = settle(v, err);
    for (size_t i = 0; i < WEFT_BULK_SLOTS; i++)
        slots += v->slots[i] != NULL;
    if (code == WEFT_OK)
        code = output_append(index, &slots, sizeof slots, err);
    for (size_t i = 0; code == WEFT_OK && i < WEFT_BULK_SLOTS; i++)
        if (v->slots[i] != NULL)
            code = save_slot(v->slots[i], index, err);
    count = v->count;
    if (code == WEFT_OK)
        code = output_append(index, &count, sizeof count, err);
    for (size_t i = 0; code == WEFT_OK && i < v->count; i++) {
        const waiting *w = &v->list[i];
        const saved_chunk c = {w->offset, w->bytes, w->slot, w->first};
        code = output_append(index, &c, sizeof c, err);
    }
    return code == WEFT_OK ? output_finish(v->file, err) : code;
}

static weft_code fail_damaged(const char *dir, weft_error *err)
{
    return weft_fail(err, WEFT_ECORRUPT, "%s: is damaged", dir);
}

/* The bounds of a slot in a part widen those there are. */
static weft_code adopt_slot(values *v, const char *dir, FILE *index, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    saved_slot head;
    if (fread(&head, sizeof head, 1, index) != 1 || head.number >= WEFT_BULK_SLOTS ||
        head.lowest > CHUNK_MAX || head.highest > CHUNK_MAX)
        return fail_damaged(dir, err);
    char *low = talloc_size(tmp, head.lowest + 1),
         *high = talloc_size(tmp, head.highest + 1);
    slot *s = find_slot(v, head.number);
    if (low == NULL || high == NULL || s == NULL)
        return weft_fail_nomem(err);
    if (fread(low, 1, head.lowest, index) != head.lowest ||
        fread(high, 1, head.highest, index) != head.highest)
        return fail_damaged(dir, err);
    weft_code code = widen_bounds(s, weft_str_of(low, head.lowest), err);
    s->count += head.count;
    return code == WEFT_OK ? widen_bounds(s, weft_str_of(high, head.highest), err) : code;
}

static weft_code adopt_chunk(values *v, const output *file, const char *dir, FILE *index,
                             uint32_t base, weft_error *err)
{
    saved_chunk c;
    waiting *w = NULL;
    if (fread(&c, sizeof c, 1, index) != 1 || c.bytes > output_bytes(file) ||
        c.offset > output_bytes(file) - c.bytes || c.slot >= WEFT_BULK_SLOTS)
        return fail_damaged(dir, err);
    weft_code code = new_waiting(v, &w, err);
    if (code == WEFT_OK)
        *w = (waiting){file, c.offset, c.slot, base + c.first, c.bytes};
    return code;
}

weft_code values_adopt(values *v, const char *dir, FILE *index, uint32_t base,
                       weft_error *err)
{
    uint64_t slots = 0, count = 0;
    output *file;
    char *path = talloc_asprintf(v, "%s/values", dir);
    if (path == NULL)
        return weft_fail_nomem(err);
    weft_code code = output_reopen(v, path, &file, err);
    if (code == WEFT_OK && fread(&slots, sizeof slots, 1, index) != 1)
        return fail_damaged(dir, err);
    for (uint64_t i = 0; code == WEFT_OK && i < slots; i++)
        code = adopt_slot(v, dir, index, err);
    if (code == WEFT_OK && fread(&count, sizeof count, 1, index) != 1)
        return fail_damaged(dir, err);
    for (uint64_t i = 0; code == WEFT_OK && i < count; i++)
        code = adopt_chunk(v, file, dir, index, base, err);
    return code;
}

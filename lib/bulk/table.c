/* table.c - one table of a glass database, written bottom-up from entries in key order.
 *
 * One block of each level is at work. An entry goes into the leaf; when that is full it is
 * written, and its number goes into the block above with the separator that stands before
 * it: the shortest beginning of its first key that is above the last key of the leaf on its
 * left. So blocks are numbered as they fill, the leaves ascend in the file, and no block is
 * touched twice. Blocks are filled; only an item that would be cut for a few bytes leaves
 * the rest of its leaf free.
 *
 * Source: doc/glass-format.md, "Blocks".
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include <assert.h>

#include "weft/mem.h"
#include "output.h"
#include "pack.h"
#include "banned.h"

enum {
    HEADER_BYTES = 11,
    OFFSET_BYTES = 2,    /* of an item, in the directory of a block */
    ITEM_HEAD_BYTES = 3, /* flags and size, length of the key */
    COMPONENT_BYTES = 2,
    CHILD_BYTES = 4,
    ITEM_MAX = (TABLE_BLOCK_BYTES - HEADER_BYTES - 4 * OFFSET_BYTES) / 4,
    CUT_MIN = 34, /* bytes of a tag that make it worth to begin it in a leaf */
    LEVELS_MAX = 10,
    COMPONENTS_MAX = 65535
};

enum { ITEM_LAST = 0x40, ITEM_FIRST = 0x20 };

/* A key with the number of its component, as branches name them. */
typedef struct place {
    unsigned char key[TABLE_KEY_MAX];
    size_t n;
    unsigned component;
} place;

typedef struct block {
    size_t directory_end, items_start;
    place before; /* separator between the block on its left and this one */
    unsigned char bytes[TABLE_BLOCK_BYTES];
} block;

struct table {
    output *file;
    bool is_stream;
    block *levels[LEVELS_MAX];
    unsigned level_count;
    uint32_t block_count;
    uint64_t entries;
    unsigned char last[TABLE_KEY_MAX]; /* key of the last entry */
    size_t last_n;
};

static void block_clear(block *b, unsigned level)
{
    memset(b->bytes, 0, sizeof b->bytes);
    pack_big32(b->bytes, TABLE_REVISION);
    b->bytes[4] = (unsigned char)level;
    b->directory_end = HEADER_BYTES;
    b->items_start = TABLE_BLOCK_BYTES;
}

/* Bytes an item may have. */
static size_t block_room(const block *b)
{
    size_t free_bytes = b->items_start - b->directory_end;
    return free_bytes < OFFSET_BYTES ? 0 : free_bytes - OFFSET_BYTES;
}

static unsigned char *block_new_item(block *b, size_t n)
{
    b->items_start -= n;
    pack_big16(b->bytes + b->directory_end, (unsigned)b->items_start);
    b->directory_end += OFFSET_BYTES;
    return b->bytes + b->items_start;
}

static weft_code block_write(table *t, block *b, uint32_t *number, weft_error *err)
{
    unsigned gap = (unsigned)(b->items_start - b->directory_end);
    pack_big16(b->bytes + 5, gap);
    pack_big16(b->bytes + 7, gap);
    pack_big16(b->bytes + 9, (unsigned)b->directory_end);
    *number = t->block_count++;
    return output_append(t->file, b->bytes, sizeof b->bytes, err);
}

static weft_code add_level(table *t, const place *before, weft_error *err)
{
    if (t->level_count == LEVELS_MAX)
        return weft_fail(err, WEFT_ELIMIT, "a table has over %d levels", LEVELS_MAX);
    block *b = talloc_zero(t, block);
    if (b == NULL)
        return weft_fail_nomem(err);
    block_clear(b, t->level_count);
    b->before = *before;
    t->levels[t->level_count++] = b;
    return WEFT_OK;
}

/* Name a child in a branch. The first child of a branch has no separator: whoever gets to
 * the branch and is not right of the second belongs there. */
static bool put_child(block *b, const place *before, uint32_t child)
{
    bool is_first = b->directory_end == HEADER_BYTES;
    size_t n = is_first ? 0 : before->n;
    if (block_room(b) < CHILD_BYTES + 1 + n + COMPONENT_BYTES)
        return false;
    unsigned char *p = block_new_item(b, CHILD_BYTES + 1 + n + COMPONENT_BYTES);
    p = pack_big32(p, child);
    *p++ = (unsigned char)n;
    memcpy(p, before->key, n);
    pack_big16(p + n, is_first ? 0 : before->component);
    return true;
}

/* Name a written block in the branch above it; a branch that is full is written itself and
 * named in its turn. */
static weft_code name_above(table *t, unsigned level, place before, uint32_t child,
                            weft_error *err)
{
    for (level++;; level++) {
        weft_code code = level < t->level_count ? WEFT_OK : add_level(t, &before, err);
        if (code != WEFT_OK)
            return code;
        block *b = t->levels[level];
        if (put_child(b, &before, child))
            return WEFT_OK;
        uint32_t number;
        place left = b->before;
        code = block_write(t, b, &number, err);
        if (code != WEFT_OK)
            return code;
        block_clear(b, level);
        b->before = before;
        put_child(b, &before, child);
        before = left;
        child = number;
    }
}

static weft_code finish_block(table *t, unsigned level, weft_error *err)
{
    uint32_t number;
    block *b = t->levels[level];
    weft_code code = block_write(t, b, &number, err);
    return code == WEFT_OK ? name_above(t, level, b->before, number, err) : code;
}

static weft_code begin_leaf(table *t, weft_str key, unsigned component, weft_error *err)
{
    block *leaf = t->levels[0];
    weft_code code = finish_block(t, 0, err);
    size_t same = 0;
    while (same < key.n && same < t->last_n && (unsigned char)key.p[same] == t->last[same])
        same++;
    block_clear(leaf, 0);
    leaf->before.n = same < key.n ? same + 1 : same;
    leaf->before.component = component;
    memcpy(leaf->before.key, key.p, leaf->before.n);
    return code;
}

/* Every table begins with an item without key and tag. */
static void put_null_item(block *leaf)
{
    unsigned char *p = block_new_item(leaf, ITEM_HEAD_BYTES);
    pack_big16(p, (ITEM_FIRST | ITEM_LAST) << 8);
    p[2] = 0;
}

weft_code table_create(void *mem, const char *path, table **out, weft_error *err)
{
    static const place leftmost;
    table *t = talloc_zero(mem, table);
    if (t == NULL)
        return weft_fail_nomem(err);
    weft_code code = output_create(t, path, &t->file, err);
    if (code == WEFT_OK)
        code = add_level(t, &leftmost, err);
    if (code != WEFT_OK)
        return code;
    put_null_item(t->levels[0]);
    *out = t;
    return WEFT_OK;
}

weft_code table_create_stream(void *mem, const char *path, table **out, weft_error *err)
{
    table *t = talloc_zero(mem, table);
    if (t == NULL)
        return weft_fail_nomem(err);
    t->is_stream = true;
    *out = t;
    return output_create(t, path, &t->file, err);
}

/* Lengths of key and tag, packed, then both. */
static weft_code stream_add(table *t, weft_str key, weft_str tag, weft_error *err)
{
    unsigned char head[2 * PACKED_MAX];
    size_t n = (size_t)(pack_uint(pack_uint(head, key.n), tag.n) - head);
    weft_code code = output_append(t->file, head, n, err);
    if (code == WEFT_OK)
        code = output_append(t->file, key.p, key.n, err);
    return code == WEFT_OK ? output_append(t->file, tag.p, tag.n, err) : code;
}

static bool is_next(const table *t, weft_str key)
{
    weft_str last = weft_str_of((const char *)t->last, t->last_n);
    return key.n > 0 && key.n <= TABLE_KEY_MAX && weft_str_cmp(last, key) < 0;
}

/* Put one component of a tag, as much as the leaf and the limit of an item let; *n is what
 * went in. */
static void put_component(block *leaf, weft_str key, unsigned component, weft_str rest,
                          size_t *n)
{
    size_t head = ITEM_HEAD_BYTES + key.n + (component > 1 ? COMPONENT_BYTES : 0);
    size_t room = block_room(leaf) < ITEM_MAX ? block_room(leaf) : ITEM_MAX;
    *n = rest.n < room - head ? rest.n : room - head;
    unsigned flags = (component == 1 ? ITEM_FIRST : 0) | (*n == rest.n ? ITEM_LAST : 0);
    unsigned char *p = block_new_item(leaf, head + *n);
    p = pack_big16(p, flags << 8 | (unsigned)(head + *n - ITEM_HEAD_BYTES));
    *p++ = (unsigned char)key.n;
    memcpy(p, key.p, key.n);
    p += key.n;
    if (component > 1)
        p = pack_big16(p, component);
    if (*n > 0)
        memcpy(p, rest.p, *n);
}

/* Whether the rest of a tag, or a part of it that is worth a cut, goes into the leaf. */
static bool fits(const block *leaf, size_t head, size_t rest)
{
    size_t room = block_room(leaf);
    bool whole = head + rest <= ITEM_MAX && head + rest <= room;
    return whole || room >= head + CUT_MIN;
}

weft_code table_add(table *t, weft_str key, weft_str tag, weft_error *err)
{
    if (t->is_stream)
        return stream_add(t, key, tag, err);
    assert(is_next(t, key));
    block *leaf = t->levels[0];
    size_t done = 0;
    unsigned component = 1;
    do {
        size_t n, head = ITEM_HEAD_BYTES + key.n + COMPONENT_BYTES;
        weft_code code = WEFT_OK;
        if (component > COMPONENTS_MAX)
            return weft_fail(err, WEFT_ELIMIT, "an entry of %zu bytes is too long", tag.n);
        if (!fits(leaf, head, tag.n - done))
            code = begin_leaf(t, key, component, err);
        if (code != WEFT_OK)
            return code;
        weft_str rest = weft_str_of(tag.p + done, tag.n - done);
        put_component(leaf, key, component, rest, &n);
        if (component++ == 1) {
            memcpy(t->last, key.p, key.n);
            t->last_n = key.n;
        }
        done += n;
    } while (done < tag.n);
    t->entries++;
    return WEFT_OK;
}

weft_code table_finish(table *t, table_root *out, weft_error *err)
{
    weft_code code = WEFT_OK;
    unsigned level = 0;
    if (t->is_stream)
        return output_finish(t->file, err);
    for (; code == WEFT_OK && level + 1 < t->level_count; level++)
        code = finish_block(t, level, err);
    table_root root = {.exists = true, .level = level, .entries = t->entries};
    if (code == WEFT_OK)
        code = block_write(t, t->levels[level], &root.block, err);
    root.blocks = t->block_count;
    if (code == WEFT_OK)
        code = output_finish(t->file, err);
    if (code == WEFT_OK)
        *out = root;
    return code;
}

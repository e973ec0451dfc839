/* chunks.c - posting lists, cut into entries of the postlist table.
 *
 * Source: doc/glass-format.md, "Posting lists".
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chunks.h"

#include "banned.h"

static const char lengths_key[] = {'\0', '\xe0'};

void chunks_begin(chunks *c, table *t, weft_str term, uint64_t count, uint64_t sum)
{
    c->is_lengths = term.n == 0;
    weft_str name = c->is_lengths ? weft_str_of(lengths_key, sizeof lengths_key) : term;
    memcpy(c->key, name.p, name.n);
    c->table = t;
    c->name_n = name.n;
    c->begun = false;
    c->count = c->is_lengths ? 0 : count;
    c->sum = c->is_lengths ? 0 : sum;
    c->first = c->last = 0;
    c->body_n = 0;
}

/* A term holds no NUL, so its later chunks come right behind its first. */
static size_t put_key(chunks *c)
{
    unsigned char *p = c->key + c->name_n;
    if (!c->begun)
        return c->name_n;
    if (!c->is_lengths)
        *p++ = 0;
    return (size_t)(pack_sortable(p, c->first) - c->key);
}

static weft_code write_chunk(chunks *c, bool is_last, weft_error *err)
{
    unsigned char tag[sizeof c->body + 4 * PACKED_MAX + 1], *p = tag;
    size_t key_n = put_key(c);
    if (!c->begun) {
        p = pack_uint(p, c->count);
        p = pack_uint(p, c->sum);
        p = pack_uint(p, c->first - 1);
    }
    *p++ = is_last ? '1' : '0';
    p = pack_uint(p, c->last - c->first);
    memcpy(p, c->body, c->body_n);
    p += c->body_n;
    c->begun = true;
    c->body_n = 0;
    return table_add(c->table, weft_str_of((const char *)c->key, key_n),
                     weft_str_of((const char *)tag, (size_t)(p - tag)), err);
}

weft_code chunks_add(chunks *c, uint32_t before, const unsigned char *pairs, size_t n,
                     weft_error *err)
{
    const unsigned char *p = pairs, *end = pairs + n;
    uint64_t docid = before, gap, wdf;
    while (p < end) {
        p = unpack_uint(p, &gap);
        p = unpack_uint(p, &wdf);
        docid += gap + 1;
        weft_code code = c->body_n < CHUNK_BYTES ? WEFT_OK : write_chunk(c, false, err);
        if (code != WEFT_OK)
            return code;
        unsigned char *out = c->body + c->body_n;
        if (c->body_n == 0)
            c->first = (uint32_t)docid;
        else
            out = pack_uint(out, docid - c->last - 1);
        out = pack_uint(out, wdf);
        c->body_n = (size_t)(out - c->body);
        c->last = (uint32_t)docid;
    }
    return WEFT_OK;
}

weft_code chunks_end(chunks *c, weft_error *err)
{
    return write_chunk(c, true, err);
}

/* old.c - what the index holds of a thread before it is brought up to date, and comments
 * that change threads. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(element) ((element)->unique.n = 0)
#include "old.h"

#include <stdint.h>

#include "weft/mem.h"
#include "spool.h"
#include "standing.h"
#include "banned.h"

weft_code old_read(void *mem, weft_reader *reader, uint32_t docid, weft_stored **out,
                   weft_error *err)
{
    weft_str bytes;
    weft_code code = weft_reader_stored(reader, mem, docid, &bytes, err);
    return code == WEFT_OK ? weft_stored_decode(mem, bytes, out, err) : code;
}

weft_code old_lookup(void *mem, weft_reader *reader, weft_str unique, weft_stored **out,
                     weft_error *err)
{
    uint32_t docid;
    *out = NULL;
    weft_code code = weft_reader_find(reader, unique, &docid, err);
    return code == WEFT_OK && docid != 0 ? old_read(mem, reader, docid, out, err) : code;
}

static weft_code unique_of(void *mem, const weft_stored *s, weft_str *out, weft_error *err)
{
    if (s->kind == WEFT_KIND_THREAD)
        return weft_term_make(mem, WEFT_PREFIX_UNIQUE "t", weft_str_from(s->record->id),
                              out, err);
    return weft_term_unique(mem, s->record->type, s->record->id, out, err);
}

static weft_code load_one(old_documents *o, weft_reader *reader, uint32_t docid,
                          weft_error *err)
{
    weft_str bytes;
    old_document *d = talloc_zero(o->mem, old_document);
    if (d == NULL)
        return weft_fail_nomem(err);
    d->docid = docid;
    weft_code code = weft_reader_stored(reader, d, docid, &bytes, err);
    if (code == WEFT_OK)
        code = weft_stored_decode(o->mem, bytes, &d->stored, err);
    if (code == WEFT_OK)
        code = unique_of(o->mem, d->stored, &d->unique, err);
    if (code != WEFT_OK)
        return code;
    HASH_ADD_KEYPTR(hh, o->table, d->unique.p, d->unique.n, d);
    return d->unique.n == 0 ? weft_fail_nomem(err) : WEFT_OK;
}

static weft_code load_term(old_documents *o, weft_reader *reader, const char *prefix,
                           const char *id, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str term;
    uint32_t *docids;
    size_t count = 0;
    weft_code code = weft_term_make(tmp, prefix, weft_str_from(id), &term, err);
    if (code == WEFT_OK)
        code = weft_reader_postings(reader, tmp, term, SIZE_MAX, &docids, &count, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        code = load_one(o, reader, docids[i], err);
    return code;
}

weft_code old_load(old_documents *o, void *mem, weft_reader *reader, const char *article_id,
                   weft_error *err)
{
    *o = (old_documents){.mem = mem};
    if (reader == NULL)
        return WEFT_OK;
    weft_code code = load_term(o, reader, WEFT_PREFIX_THREAD, article_id, err);
    return code == WEFT_OK ? load_term(o, reader, WEFT_PREFIX_UNSHOWN, article_id, err)
                           : code;
}

void old_done(old_documents *o)
{
    HASH_CLEAR(hh, o->table);
}

old_document *old_find(const old_documents *o, weft_str unique)
{
    old_document *d;
    HASH_FIND(hh, o->table, unique.p, unique.n, d);
    return d;
}

size_t old_count(const old_documents *o)
{
    return HASH_COUNT(o->table);
}

void moves_clear(moves *m, void *parent)
{
    HASH_CLEAR(hh, m->table);
    talloc_free(m->mem);
    m->mem = talloc_new(parent);
}

weft_code moves_look(moves *m, weft_reader *reader, const weft_record *r, weft_error *err)
{
    if (r->type == WEFT_ARTICLE)
        return WEFT_OK;
    moved *move = talloc_zero(m->mem, moved);
    if (move == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_term_unique(move, r->type, r->id, &move->unique, err);
    if (code == WEFT_OK)
        code = old_lookup(move, reader, move->unique, &move->stored, err);
    const char *from =
        code != WEFT_OK || move->stored == NULL ? NULL : move->stored->record->article;
    if (from == NULL || strcmp(from, r->article == NULL ? "" : r->article) == 0) {
        talloc_free(move);
        return code;
    }
    move->from = from;
    move->stale = !record_replaces(r, move->stored->record) &&
                  !record_lends_place(r, move->stored->record);
    HASH_ADD_KEYPTR(hh, m->table, move->unique.p, move->unique.n, move);
    return move->unique.n == 0 ? weft_fail_nomem(err) : WEFT_OK;
}

const moved *moves_find(const moves *m, weft_str unique)
{
    moved *move;
    HASH_FIND(hh, m->table, unique.p, unique.n, move);
    return move;
}

void moves_written(moves *m, weft_str unique)
{
    moved *move;
    HASH_FIND(hh, m->table, unique.p, unique.n, move);
    if (move != NULL)
        move->written = true;
}

void moves_mark(moves *m, old_documents *o, const char *article_id)
{
    for (moved *move = m->table; move != NULL; move = move->hh.next) {
        if (strcmp(move->from, article_id) != 0)
            continue;
        old_document *d = old_find(o, move->unique);
        if (d != NULL && !move->stale)
            d->departed = true;
        move->done = true;
    }
}

const char *moves_next_left(moves *m)
{
    for (moved *move = m->table; move != NULL; move = move->hh.next)
        if (!move->done)
            return move->from;
    return NULL;
}

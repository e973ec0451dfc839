/* journal_rewrite.c - the journal without what a purge took out of the index.
 *
 * Frames are dropped for two reasons: the caller says so, or the batch of a purge wrote the
 * same record anew, so that what came before is its older form. The second is read from the
 * journal itself: a purge that died half way is ended by the next one.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <uthash.h>

#include "weft/file.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "journal.h"
#include "journal_files.h"
#include "banned.h"

/* A record that a purge wrote anew. */
typedef struct rewritten {
    weft_str unique;
    uint64_t batch; /* the last that did */
    UT_hash_handle hh;
} rewritten;

/* One run. */
typedef struct rewriting {
    void *mem;
    const journal_purge *purge;
    const journal_forget *forget;
    rewritten *table;
    uint64_t batch; /* of the frames being read */
    bool is_purge;  /* the batch had the purge by now */
} rewriting;

static weft_code fail(const char *path, weft_error *err)
{
    return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
}

static weft_code decode(const frames *f, void *mem, weft_record **r, weft_str *unique,
                        weft_error *err)
{
    weft_stored *stored;
    weft_code code = weft_stored_decode(mem, weft_buf_str(&f->body), &stored, err);
    if (code != WEFT_OK)
        return code;
    *r = stored->record;
    return weft_term_unique(mem, (*r)->type, (*r)->id, unique, err);
}

static weft_code note_rewritten(rewriting *w, const frames *f, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record *r;
    weft_str unique;
    rewritten *known;
    weft_code code = decode(f, tmp, &r, &unique, err);
    if (code != WEFT_OK)
        return code;
    HASH_FIND(hh, w->table, unique.p, unique.n, known);
    if (known != NULL) {
        known->batch = w->batch;
        return WEFT_OK;
    }
    known = talloc_zero(w->mem, rewritten);
    char *copy = weft_str_dup(w->mem, unique);
    if (known == NULL || copy == NULL)
        return weft_fail_nomem(err);
    *known = (rewritten){.unique = weft_str_of(copy, unique.n), .batch = w->batch};
    HASH_ADD_KEYPTR(hh, w->table, known->unique.p, known->unique.n, known);
    return WEFT_OK;
}

static bool is_same_purge(const frames *f, const journal_purge *purge)
{
    return f->body.n == 1 + JOURNAL_HASH_BYTES &&
           f->body.p[0] == (purge->by_id ? 'i' : 'n') &&
           memcmp(f->body.p + 1, purge->hash, JOURNAL_HASH_BYTES) == 0;
}

/* Have w->batch be that of the next frame. */
static weft_code step_batch(rewriting *w, const frames *f, weft_error *err)
{
    batch_end end;
    if (f->kind != FRAME_END)
        return WEFT_OK;
    weft_code code = frames_end_of_batch(f, &end, err);
    if (code == WEFT_OK)
        w->batch = end.batch + 1;
    w->is_purge = false;
    return code;
}

static weft_code scan_file(rewriting *w, const segment *s, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    frames f;
    bool more = true;
    weft_code code = frames_open(&f, tmp, s->path, err);
    w->batch = s->first;
    w->is_purge = false;
    while (code == WEFT_OK) {
        code = frames_next(&f, &more, err);
        if (code != WEFT_OK || !more)
            break;
        if (f.kind == FRAME_PURGE)
            w->is_purge = w->is_purge || is_same_purge(&f, w->purge);
        else if (f.kind == FRAME_RECORD && w->is_purge)
            code = note_rewritten(w, &f, err);
        if (code == WEFT_OK)
            code = step_batch(w, &f, err);
    }
    frames_close(&f);
    return code;
}

static weft_code is_forgotten(rewriting *w, const frames *f, bool *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record *r;
    weft_str unique;
    rewritten *known;
    *out = false;
    if (f->kind != FRAME_RECORD)
        return WEFT_OK;
    weft_code code = decode(f, tmp, &r, &unique, err);
    if (code != WEFT_OK)
        return code;
    HASH_FIND(hh, w->table, unique.p, unique.n, known);
    *out = known != NULL && w->batch < known->batch;
    return *out ? WEFT_OK : w->forget->forget(w->forget->ctx, tmp, r, out, err);
}

static weft_code copy_frames(rewriting *w, frames *f, FILE *to, const char *path,
                             weft_error *err)
{
    bool more = true, forgotten;
    weft_code code = segment_begin(to, path, err);
    for (;;) {
        if (code == WEFT_OK)
            code = frames_next(f, &more, err);
        if (code != WEFT_OK || !more)
            return code;
        code = is_forgotten(w, f, &forgotten, err);
        if (code == WEFT_OK && !forgotten)
            code = put_frame(to, path, f->kind, weft_buf_str(&f->body), err);
        if (code == WEFT_OK)
            code = step_batch(w, f, err);
    }
}

static weft_code copy_file(rewriting *w, frames *f, const char *path, weft_error *err)
{
    FILE *to = fopen(path, "wbe");
    if (to == NULL)
        return fail(path, err);
    weft_code code = copy_frames(w, f, to, path, err);
    if (code == WEFT_OK && (fflush(to) != 0 || fsync(fileno(to)) != 0))
        code = fail(path, err);
    if (fclose(to) != 0 && code == WEFT_OK)
        code = fail(path, err);
    return code;
}

static weft_code rewrite_file(rewriting *w, const segment *s, const char *fresh,
                              weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    frames f;
    weft_code code = frames_open(&f, tmp, s->path, err);
    w->batch = s->first;
    if (code == WEFT_OK)
        code = copy_file(w, &f, fresh, err);
    frames_close(&f);
    if (code == WEFT_OK && rename(fresh, s->path) != 0)
        code = fail(s->path, err);
    return code;
}

weft_code journal_rewrite(const char *dir, const journal_purge *purge,
                          const journal_forget *forget, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    rewriting w = {.mem = tmp, .purge = purge, .forget = forget};
    segment *list;
    size_t count;
    char *folder = talloc_asprintf(tmp, "%s/journal", dir);
    char *fresh = talloc_asprintf(tmp, "%s/journal/new", dir);
    if (folder == NULL || fresh == NULL)
        return weft_fail_nomem(err);
    weft_code code = segments_list(tmp, dir, &list, &count, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        code = scan_file(&w, &list[i], err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        code = rewrite_file(&w, &list[i], fresh, err);
    HASH_CLEAR(hh, w.table);
    return code == WEFT_OK && count > 0 ? weft_sync_path(folder, err) : code;
}

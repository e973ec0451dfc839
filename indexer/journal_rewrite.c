/* journal_rewrite.c - the journal without some of its records. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "weft/file.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "journal.h"
#include "journal_files.h"
#include "banned.h"

typedef weft_code (*forgetting)(void *ctx, void *mem, const weft_record *r, bool *out,
                                weft_error *err);

static weft_code fail(const char *path, weft_error *err)
{
    return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
}

static weft_code is_forgotten(const frames *f, forgetting forget, void *ctx, bool *out,
                              weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_stored *stored;
    *out = false;
    if (f->kind != FRAME_RECORD)
        return WEFT_OK;
    weft_code code = weft_stored_decode(tmp, weft_buf_str(&f->body), &stored, err);
    return code == WEFT_OK ? forget(ctx, tmp, stored->record, out, err) : code;
}

static weft_code copy_frames(frames *f, FILE *to, const char *path, forgetting forget,
                             void *ctx, weft_error *err)
{
    bool more = true, forgotten;
    weft_code code = segment_begin(to, path, err);
    for (;;) {
        if (code == WEFT_OK)
            code = frames_next(f, &more, err);
        if (code != WEFT_OK || !more)
            return code;
        code = is_forgotten(f, forget, ctx, &forgotten, err);
        if (code == WEFT_OK && !forgotten)
            code = put_frame(to, path, f->kind, weft_buf_str(&f->body), err);
    }
}

static weft_code copy_file(frames *f, const char *path, forgetting forget, void *ctx,
                           weft_error *err)
{
    FILE *to = fopen(path, "wbe");
    if (to == NULL)
        return fail(path, err);
    weft_code code = copy_frames(f, to, path, forget, ctx, err);
    if (code == WEFT_OK && (fflush(to) != 0 || fsync(fileno(to)) != 0))
        code = fail(path, err);
    if (fclose(to) != 0 && code == WEFT_OK)
        code = fail(path, err);
    return code;
}

static weft_code rewrite_file(const segment *s, const char *fresh, forgetting forget,
                              void *ctx, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    frames f;
    weft_code code = frames_open(&f, tmp, s->path, err);
    if (code == WEFT_OK)
        code = copy_file(&f, fresh, forget, ctx, err);
    frames_close(&f);
    if (code == WEFT_OK && rename(fresh, s->path) != 0)
        code = fail(s->path, err);
    return code;
}

weft_code journal_rewrite(const char *dir, forgetting forget, void *ctx, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    segment *list;
    size_t count;
    char *folder = talloc_asprintf(tmp, "%s/journal", dir);
    char *fresh = talloc_asprintf(tmp, "%s/journal/new", dir);
    if (folder == NULL || fresh == NULL)
        return weft_fail_nomem(err);
    weft_code code = segments_list(tmp, dir, &list, &count, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        code = rewrite_file(&list[i], fresh, forget, ctx, err);
    return code == WEFT_OK && count > 0 ? weft_sync_path(folder, err) : code;
}

/* building_index.c - the first step of a build that has no files: all records from the index. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "building_index.h"

#include "weft/index.h"
#include "weft/mem.h"
#include "old.h"
#include "walk.h"
#include "banned.h"

static weft_code spool_thread(building *b, const old_documents *old, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (const old_document *o = old->table; code == WEFT_OK && o != NULL; o = o->hh.next) {
        if (o->stored->kind == WEFT_KIND_STUB || o->stored->kind == WEFT_KIND_THREAD)
            continue;
        b->at.report.records++;
        code = spool_add(b->spool, o->stored->record, err);
    }
    b->loaded += old_count(old);
    progress_at(b->progress, b->loaded, b->at.report.records);
    rate_take(&b->rate, old_count(old));
    return code;
}

static weft_code load_thread(building *b, void *mem, const char *id, old_documents *old,
                             weft_error *err)
{
    for (;;) {
        weft_error why = {0};
        weft_code code = old_load(old, mem, b->before->reader, id, &why);
        if (code == WEFT_OK)
            return WEFT_OK;
        old_done(old);
        if (code != WEFT_ECHANGED)
            return weft_fail(err, code, "%s", why.text);
        code = live_refresh(b->before, err);
        if (code != WEFT_OK)
            return code;
    }
}

static weft_code read_thread(building *b, const char *id, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    old_documents old;
    weft_code code = load_thread(b, tmp, id, &old, err);
    if (code != WEFT_OK)
        return code;
    code = spool_thread(b, &old, err);
    old_done(&old);
    return code;
}

static weft_code read_piece(building *b, id_walk *w, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_error why = {0};
    char **ids;
    size_t count = 0;
    weft_code code = walk_next(w, b->before->reader, tmp, &ids, &count, &why);
    if (code == WEFT_ECHANGED)
        return live_refresh(b->before, err);
    if (code != WEFT_OK)
        return weft_fail(err, code, "%s", why.text);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        code = read_thread(b, ids[i], err);
    return code;
}

/* A thread with a public record is read whole by its own term, so that of those with others
 * only the rest is left. */
static bool is_unshown_only(const void *of, weft_str id)
{
    const building *b = of;
    weft_scope void *tmp = talloc_new(NULL);
    weft_error why = {0};
    weft_str term;
    uint32_t n = 0;
    if (weft_term_make(tmp, WEFT_PREFIX_THREAD, id, &term, &why) != WEFT_OK ||
        weft_reader_frequency(b->before->reader, term, &n, &why) != WEFT_OK)
        return true; /* read twice is no harm: one of them stands */
    return n == 0;
}

weft_code building_read_index(building *b, weft_error *err)
{
    id_walk walks[] = {{.prefix = WEFT_PREFIX_THREAD},
                       {.prefix = WEFT_PREFIX_UNSHOWN, .wanted = is_unshown_only, .of = b}};
    weft_code code = WEFT_OK;
    b->loaded = 0;
    progress_begin(b->progress,
                   &(progress_task){.phase = PROGRESS_READ,
                                    .total = weft_reader_documents(b->before->reader),
                                    .unit = "documents"});
    for (size_t i = 0; i < sizeof walks / sizeof walks[0]; i++)
        while (code == WEFT_OK && !walks[i].done)
            code = read_piece(b, &walks[i], err);
    return code;
}

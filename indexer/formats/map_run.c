/* map_run.c - one input on its way through a mapping: what its records share. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "map_run.h"

#include <uthash.h>

#include "weft/mem.h"
#include "banned.h"

typedef struct seen {
    uint64_t key;
    UT_hash_handle hh;
} seen;

struct map_run {
    const mapping *mapping;
    const fmt_source *source;
    const fmt_sink *sink;
    const char *file;
    map_rows *rows;
    map_roots *roots;
    seen *articles; /* given out, or made up from comments */
    bool failed;
};

static int run_done(map_run *run)
{
    HASH_CLEAR(hh, run->articles); /* the entries are talloc's */
    return 0;
}

/* --id, or the name of the file without folders and endings; NULL for standard input. */
static weft_code name_of(map_run *run, weft_error *err)
{
    const char *name = run->source->name, *slash = name == NULL ? NULL : strrchr(name, '/');
    weft_str own = weft_str_from(run->source->id);
    if (own.p == NULL && name != NULL && strcmp(name, "-") != 0) {
        name = slash == NULL ? name : slash + 1;
        own = weft_str_of(name, strcspn(name, "."));
    }
    if (own.p == NULL)
        return WEFT_OK;
    run->file = weft_str_dup(run, own);
    return run->file == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

static weft_code give(void *ctx, const weft_record *r, size_t line, weft_error *err)
{
    map_run *run = ctx;
    weft_code code = fmt_put(run->source, run->sink, r, line, err);
    run->failed = code != WEFT_OK;
    return code;
}

void map_run_skip(const map_run *run, size_t line, const char *reason)
{
    fmt_skip(run->sink, line, reason);
}

bool map_run_failed(const map_run *run)
{
    return run->failed;
}

weft_code map_run_new(void *mem, const mapping *m, const fmt_source *source,
                      const fmt_sink *sink, map_run **out, weft_error *err)
{
    map_run *run = talloc_zero(mem, map_run);
    if (run == NULL)
        return weft_fail_nomem(err);
    run->mapping = m;
    run->source = source;
    run->sink = sink;
    talloc_set_destructor(run, run_done);
    weft_code code = name_of(run, err);
    if (code == WEFT_OK)
        code = map_rows_new(run, &run->rows, err);
    if (code == WEFT_OK && m->uses_root)
        code = map_roots_new(run, give, run, &run->roots, err);
    *out = run;
    return code;
}

map_place map_run_place(const map_run *run, const tree_node *record)
{
    return (map_place){.mapping = run->mapping,
                       .source = run->source,
                       .record = record,
                       .file = run->file,
                       .rows = run->rows};
}

map_rows *map_run_rows(map_run *run)
{
    return run->rows;
}

weft_code map_run_forget_rows(map_run *run, weft_error *err)
{
    talloc_free(run->rows);
    run->rows = NULL;
    return map_rows_new(run, &run->rows, err);
}

static weft_code is_new(map_run *run, const char *id, bool *out, weft_error *err)
{
    seen *found;
    uint64_t key = weft_str_hash(weft_str_from(id));
    HASH_FIND(hh, run->articles, &key, sizeof key, found);
    *out = found == NULL;
    if (found != NULL)
        return WEFT_OK;
    found = talloc_zero(run, seen);
    if (found == NULL)
        return weft_fail_nomem(err);
    found->key = key;
    HASH_ADD(hh, run->articles, key, sizeof key, found);
    return WEFT_OK;
}

/* The article a comment tells of, once for each. */
static weft_code put_stub(map_run *run, const map_place *place, size_t line,
                          weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record stub;
    bool fresh = false;
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_code code = map_make_stub(tmp, place, &stub, err);
    if (code == WEFT_OK && stub.id != NULL)
        code = is_new(run, stub.id, &fresh, err);
    return code == WEFT_OK && fresh ? give(run, &stub, line, err) : code;
}

static weft_code put_comment(map_run *run, const map_place *place, const map_made *made,
                             size_t line, weft_error *err)
{
    const weft_record *r = &made->record;
    weft_code code = run->mapping->stub.given ? put_stub(run, place, line, err) : WEFT_OK;
    if (code == WEFT_OK && made->by_root)
        return map_roots_put(run->roots, r, line, err);
    if (code == WEFT_OK)
        code = give(run, r, line, err);
    if (code == WEFT_OK && run->roots != NULL && r->id != NULL && r->article != NULL)
        code = map_roots_know(run->roots, r->id, r->article, err);
    return code;
}

static weft_code put_article(map_run *run, const map_made *made, size_t line,
                             weft_error *err)
{
    bool fresh;
    const weft_record *r = &made->record;
    weft_code code = give(run, r, line, err);
    if (code == WEFT_OK && run->mapping->stub.given && r->id != NULL)
        code = is_new(run, r->id, &fresh, err);
    if (code == WEFT_OK && run->roots != NULL && r->id != NULL)
        code = map_roots_know(run->roots, r->id, r->id, err);
    return code;
}

weft_code map_run_put(map_run *run, const map_place *place, const map_made *made,
                      size_t line, weft_error *err)
{
    switch (made->outcome) {
    case MAP_IS_ARTICLE:
        return put_article(run, made, line, err);
    case MAP_IS_COMMENT:
        return put_comment(run, place, made, line, err);
    case MAP_REFUSED:
        run->sink->refuse(run->sink->ctx, line, made->reason);
        return WEFT_OK;
    case MAP_SKIPPED:
        fmt_skip(run->sink, line, made->reason);
        return WEFT_OK;
    default:
        return WEFT_OK;
    }
}

weft_code map_run_end(map_run *run, weft_error *err)
{
    return run->roots == NULL ? WEFT_OK : map_roots_end(run->roots, err);
}

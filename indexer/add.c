/* add.c - `weft-indexer add` and `delete`: records of a live index, in batches, each one
 * commit. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "apply.h"
#include "batch.h"
#include "subcommands.h"
#include "files.h"
#include "live.h"
#include "lock.h"
#include "old.h"
#include "reading.h"
#include "banned.h"

typedef struct add_options {
    const char *index;
    bool wait;
    read_options read;
} add_options;

typedef struct add {
    const add_options *options;
    void *mem;
    live *live;
    batch *batch;
    read_report report;
} add;

static const weft_option add_rows[] = {
    LIVE_INDEX_ROW(offsetof(add_options, index), "directory of the index"),
    LOCK_WAIT_ROW(offsetof(add_options, wait)),
    READ_OPTION_ROWS(offsetof(add_options, read)),
    {0}};

static const weft_option delete_rows[] = {
    LIVE_INDEX_ROW(offsetof(add_options, index), "directory of the index"),
    LOCK_WAIT_ROW(offsetof(add_options, wait)),
    {.name = "quiet",
     .letter = 'q',
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(add_options, read.quiet),
     .help = "say only what went wrong"},
    {0}};

static const weft_usage add_usage = {.program = "weft-indexer add",
                                     .operands = "FILE...|-",
                                     .about =
                                         "Add, change and delete records of a live index.",
                                     .options = add_rows};

static const weft_usage delete_usage = {
    .program = "weft-indexer delete",
    .operands = "REF...",
    .about = "Delete documents, as article:ID or comment:ID; an article with its thread.",
    .options = delete_rows};

/* An index without a record, so that a site can begin with additions. */
static weft_code make_empty(add *a, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    const char *dir = a->options->index;
    weft_settings settings = {"en", "UTC"};
    target *to = NULL;
    apply *first;
    char *path = weft_indexdir_generation(tmp, dir, 1);
    if (path == NULL)
        return weft_fail_nomem(err);
    weft_code code = files_remove_dir(path, err);
    if (code == WEFT_OK)
        code = target_open(tmp, path, true, &to, err);
    apply_setup setup = {.target = to, .settings = &settings};
    if (code == WEFT_OK)
        code = apply_new(tmp, &setup, &first, err);
    if (code == WEFT_OK)
        code = apply_commit(first, true, err);
    talloc_free(to);
    if (code == WEFT_OK)
        code = weft_indexdir_write_settings(dir, &settings, err);
    if (code == WEFT_OK)
        code = weft_indexdir_swap(dir, 1, err);
    if (code == WEFT_OK)
        fprintf(stderr, "weft-indexer: made a new index in '%s'\n", dir);
    return code;
}

static weft_code open_live(add *a, bool create, weft_error *err)
{
    weft_error why = {0};
    weft_code code = live_open(a->mem, a->options->index, &a->live, &why);
    if (code == WEFT_ENOTFOUND && create) {
        code = make_empty(a, err);
        return code == WEFT_OK ? live_open(a->mem, a->options->index, &a->live, err) : code;
    }
    return code == WEFT_OK ? WEFT_OK : weft_fail(err, code, "%s", why.text);
}

static weft_code start(add *a, bool create, weft_error *err)
{
    weft_code code = open_live(a, create, err);
    return code == WEFT_OK ? batch_open(a->mem, a->options->index, a->live, &a->batch, err)
                           : code;
}

static weft_code take(void *ctx, void *mem, weft_record *r, weft_error *err)
{
    add *a = ctx;
    return batch_take(a->batch, mem, r, err);
}

static void report(const add *a)
{
    if (a->options->read.quiet)
        return;
    const apply_counts *n = batch_result(a->batch);
    uint64_t duplicates = batch_duplicates(a->batch);
    apply_print_left_out(n);
    read_report_print(&a->report);
    printf("%" PRIu64 " added, %" PRIu64 " changed, %" PRIu64 " same, %" PRIu64
           " deleted, %" PRIu64 " refused",
           n->added, n->changed, n->same, n->deleted, a->report.refused);
    if (n->stale > 0)
        printf(", %" PRIu64 " older than what is stored", n->stale);
    if (duplicates > 0)
        printf(", %" PRIu64 " superseded by a later one of their id", duplicates);
    printf(" (revision %" PRIu64 ")\n", batch_revision(a->batch));
}

static weft_code feed_files(add *a, char **files, int count, weft_error *err)
{
    weft_code code = start(a, true, err);
    read_options read = a->options->read;
    if (code == WEFT_OK && read.tz == NULL)
        read.tz = a->live->settings.tz;
    if (code == WEFT_OK)
        code = read_files(&read, files, count, take, a, &a->report, err);
    return code == WEFT_OK ? batch_flush(a->batch, err) : code;
}

/* A reference typed by hand that names nothing is a slip, and nothing to remember. */
static weft_code take_ref(add *a, void *mem, const char *ref, weft_record *r,
                          weft_error *err)
{
    weft_str unique;
    weft_stored *stored;
    a->report.records++;
    weft_code code = weft_term_unique(mem, r->type, r->id, &unique, err);
    if (code == WEFT_OK)
        code = old_lookup(mem, a->live->reader, unique, &stored, err);
    if (code != WEFT_OK)
        return code;
    if (stored == NULL) {
        fprintf(stderr, "weft-indexer: no document '%s': nothing to delete\n", ref);
        a->report.refused++;
        return WEFT_OK;
    }
    return take(a, mem, r, err);
}

static weft_code feed_refs(add *a, char **refs, int count, weft_error *err)
{
    weft_code code = start(a, false, err);
    for (int i = 0; i < count && code == WEFT_OK; i++) {
        weft_scope void *tmp = talloc_new(NULL);
        weft_str id;
        weft_record r = {.is_delete = true, .published_s = WEFT_DATE_UNKNOWN};
        code = weft_ref_parse(weft_str_from(refs[i]), &r.type, &id, err);
        if (code == WEFT_OK && (r.id = weft_str_dup(tmp, id)) == NULL)
            code = weft_fail_nomem(err);
        if (code == WEFT_OK)
            code = take_ref(a, tmp, refs[i], &r, err);
    }
    return code == WEFT_OK ? batch_flush(a->batch, err) : code;
}

static weft_code run(const weft_usage *usage,
                     weft_code (*feed)(add *, char **, int, weft_error *), int argc,
                     char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    add_options options = {0};
    add a = {.options = &options, .mem = mem};
    int first, lock = -1;
    bool shown = false;
    uint64_t generation;
    weft_code code =
        weft_options_parse(mem, usage, argc, argv, &options, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    if (first >= argc)
        return weft_fail(err, WEFT_EUSAGE, "%s: name at least one %s", argv[0],
                         feed == feed_refs ? "REF" : "FILE, or -");
    code = live_check_dir(options.index, err);
    if (code == WEFT_OK && feed == feed_files)
        code = files_make_dir(options.index, err);
    else if (code == WEFT_OK)
        code = weft_indexdir_current(options.index, &generation, err);
    if (code == WEFT_OK)
        code = lock_take(options.index, LOCK_WRITER, options.wait ? LOCK_WAIT : LOCK_NOW,
                         &lock, err);
    if (code == WEFT_OK)
        code = feed(&a, argv + first, argc - first, err);
    if (code == WEFT_OK)
        report(&a);
    talloc_free(a.batch); /* before another may take the lock */
    lock_release(lock);
    if (code != WEFT_OK)
        return code;
    if (a.report.records == 0)
        return weft_fail(err, WEFT_ESYNTAX,
                         "no record could be read (%" PRIu64 " refused, %" PRIu64
                         " files failed)",
                         a.report.refused, a.report.files_failed);
    *status = a.report.refused + a.report.files_failed > 0 ? EXIT_SOME_REFUSED : EXIT_ALL;
    return WEFT_OK;
}

weft_code subcommand_add(int argc, char **argv, int *status, weft_error *err)
{
    return run(&add_usage, feed_files, argc, argv, status, err);
}

weft_code subcommand_delete(int argc, char **argv, int *status, weft_error *err)
{
    return run(&delete_usage, feed_refs, argc, argv, status, err);
}

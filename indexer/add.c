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
#include "empty.h"
#include "files.h"
#include "follow.h"
#include "live.h"
#include "lock.h"
#include "old.h"
#include "pace.h"
#include "reading.h"
#include "report.h"
#include "banned.h"

typedef struct add_options {
    bool json;
    const char *index;
    bool wait, follow;
    weft_option_list commit_every;
    const char *from_offset;
    read_options read;
} add_options;

typedef struct add {
    const add_options *options;
    void *mem;
    live *live;
    batch *batch;
    read_report report;
    pace pace;
    uint64_t taken;   /* since the last commit that --commit-every asked for */
    int64_t since_ms; /* the first of them */
    int64_t began_ms;
} add;

static const weft_option add_rows[] = {
    LIVE_INDEX_ROW(offsetof(add_options, index), "directory of the index"),
    LOCK_WAIT_ROW(offsetof(add_options, wait)),
    {.name = "follow",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(add_options, follow),
     .help = "go on with what one FILE gets, or a pipe; each commit is told"},
    PACE_ROW(offsetof(add_options, commit_every)),
    {.name = "from-offset",
     .kind = WEFT_OPTION_TEXT,
     .argument = "BYTES",
     .offset = offsetof(add_options, from_offset),
     .help = "with --follow: begin there, at the offset of a commit"},
    {.name = "json",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(add_options, json),
     .help = "print what became of the records as one JSON object"},
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

static weft_code start(add *a, bool create, weft_error *err)
{
    weft_code code = create ? empty_open_live(a->mem, a->options->index, &a->live, err)
                            : live_open(a->mem, a->options->index, &a->live, err);
    return code == WEFT_OK ? batch_open(a->mem, a->options->index, a->live, &a->batch, err)
                           : code;
}

static weft_code take(void *ctx, void *mem, weft_record *r, weft_error *err)
{
    add *a = ctx;
    if (a->taken++ == 0)
        a->since_ms = pace_clock_ms();
    weft_code code = batch_take(a->batch, mem, r, err);
    if (code != WEFT_OK ||
        pace_left_ms(&a->pace, a->taken, a->since_ms, pace_clock_ms()) != 0)
        return code;
    a->taken = 0;
    return batch_flush(a->batch, err);
}

static weft_code tell_json(const add *a, weft_error *err)
{
    const report r = {.read = &a->report,
                      .counts = batch_result(a->batch),
                      .superseded = batch_duplicates(a->batch),
                      .revision = batch_revision(a->batch),
                      .seconds = (double)(pace_clock_ms() - a->began_ms) / 1e3};
    return report_print_json(&r, err);
}

static void tell(const add *a)
{
    if (a->options->read.quiet)
        return;
    const apply_counts *n = batch_result(a->batch);
    uint64_t duplicates = batch_duplicates(a->batch);
    read_report_print_inputs(&a->report);
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
    read.summary = true;
    a->report.mem = a->mem;
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

static weft_code run_follow(const add *a, char **files, int count, int *status,
                            weft_error *err)
{
    const add_options *o = a->options;
    follow_setup setup = {
        .index = o->index, .file = files[0], .pace = a->pace, .read = &o->read};
    if (count > 1)
        return weft_fail(err, WEFT_EUSAGE, "--follow: one FILE, or -; '%s' is one too many",
                         files[1]);
    if (o->from_offset != NULL &&
        weft_parse_u64(weft_str_from(o->from_offset), INT64_MAX, &setup.from, NULL) != 0)
        return weft_fail(err, WEFT_EUSAGE, "--from-offset: '%s' is no number of bytes",
                         o->from_offset);
    if (o->commit_every.n == 0)
        setup.pace.ms = PACE_MS;
    return follow_run(&setup, status, err);
}

static weft_code check_pace(add *a, weft_error *err)
{
    if (a->options->from_offset != NULL && !a->options->follow)
        return weft_fail(err, WEFT_EUSAGE, "--from-offset: only with --follow");
    return pace_parse(&a->options->commit_every, &a->pace, err);
}

static weft_code run(const weft_usage *usage,
                     weft_code (*feed)(add *, char **, int, weft_error *), int argc,
                     char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    add_options options = {0};
    add a = {.options = &options, .mem = mem, .began_ms = pace_clock_ms()};
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
    if (code == WEFT_OK)
        code = check_pace(&a, err);
    if (code == WEFT_OK && options.follow)
        return run_follow(&a, argv + first, argc - first, status, err);
    if (code == WEFT_OK && feed == feed_files)
        code = files_make_dir(options.index, err);
    else if (code == WEFT_OK)
        code = weft_indexdir_current(options.index, &generation, err);
    if (code == WEFT_OK)
        code = lock_take(options.index, LOCK_WRITER, options.wait ? LOCK_WAIT : LOCK_NOW,
                         &lock, err);
    if (code == WEFT_OK)
        code = feed(&a, argv + first, argc - first, err);
    if (code == WEFT_OK && options.json)
        code = tell_json(&a, err);
    else if (code == WEFT_OK)
        tell(&a);
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

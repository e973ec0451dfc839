/* build.c - `weft-indexer build`: a whole new generation from files, swapped in when it is
 * complete. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "apply.h"
#include "subcommands.h"
#include "files.h"
#include "live.h"
#include "lock.h"
#include "reading.h"
#include "banned.h"

enum { GENERATIONS_KEPT = 1 /* besides the live one, for readers that still hold it */ };

typedef struct build_options {
    const char *index, *lang;
    bool wait;
    read_options read;
} build_options;

typedef struct build {
    const build_options *options;
    weft_settings settings;
    live *before; /* NULL for a first build */
    uint64_t generation;
    char *path; /* of the generation being built */
    spool *spool;
    read_report report;
    uint64_t duplicates, tombstones;
    apply *apply;
} build;

static const weft_option build_rows[] = {
    {.name = "index",
     .letter = 'i',
     .kind = WEFT_OPTION_TEXT,
     .argument = "DIR",
     .environment = "WEFT_INDEX",
     .offset = offsetof(build_options, index),
     .help = "directory of the index, made when it is not there"},
    {.name = "lang",
     .kind = WEFT_OPTION_TEXT,
     .argument = "CODE",
     .fallback = "en",
     .offset = offsetof(build_options, lang),
     .help = "language of texts that name none, ISO 639-1, or auto to guess it"},
    {.name = "wait",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(build_options, wait),
     .help = "wait for another writer instead of giving up"},
    READ_OPTION_ROWS(offsetof(build_options, read)),
    {0}};

static const weft_usage build_usage = {
    .program = "weft-indexer build",
    .operands = "FILE...",
    .about = "Make a whole new generation from files and swap it in.",
    .options = build_rows};

static weft_code check_settings(build *b, weft_error *err)
{
    const char *lang = b->options->lang;
    bool automatic = strcmp(lang, "auto") == 0;
    if (!automatic && (strlen(lang) != 2 || lang[0] < 'a' || lang[0] > 'z' ||
                       lang[1] < 'a' || lang[1] > 'z'))
        return weft_fail(err, WEFT_EUSAGE,
                         "--lang: '%s' is no ISO 639-1 code such as en or de, nor auto",
                         lang);
    const char *tz = b->options->read.tz == NULL ? "UTC" : b->options->read.tz;
    if (strlen(tz) >= sizeof b->settings.tz)
        return weft_fail(err, WEFT_EUSAGE, "--tz: '%s' is no time zone", tz);
    snprintf(b->settings.lang, sizeof b->settings.lang, "%s", lang);
    snprintf(b->settings.tz, sizeof b->settings.tz, "%s", tz);
    return weft_tz_check(tz, err);
}

/* The live generation, if there is one: its revision goes on, and what was taken away with
 * a revision stays away. */
static weft_code open_before(build *b, void *mem, weft_error *err)
{
    weft_error none = {0};
    weft_code code = live_open(mem, b->options->index, &b->before, &none);
    if (code == WEFT_ENOTFOUND)
        return WEFT_OK;
    if (code != WEFT_OK)
        return weft_fail(err, code, "%s", none.text);
    b->generation = b->before->generation + 1;
    return WEFT_OK;
}

static weft_code spool_record(void *ctx, void *mem, weft_record *r, weft_error *err)
{
    build *b = ctx;
    (void)mem;
    return spool_add(b->spool, r, err);
}

static weft_code carry_term(build *b, const char *is, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str term;
    uint32_t *docids;
    size_t count = 0;
    weft_reader *r = b->before->reader;
    weft_code code = weft_term_make(tmp, WEFT_PREFIX_IS, weft_str_from(is), &term, err);
    if (code == WEFT_OK)
        code = weft_reader_postings(r, tmp, term, SIZE_MAX, &docids, &count, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++) {
        weft_scope void *one = talloc_new(NULL);
        weft_str bytes;
        weft_stored *s;
        code = weft_reader_stored(r, one, docids[i], &bytes, err);
        if (code == WEFT_OK)
            code = weft_stored_decode(one, bytes, &s, err);
        if (code != WEFT_OK || s->record->status == WEFT_PUBLIC || !s->record->has_rev)
            continue;
        code = spool_add(b->spool, s->record, err);
        b->tombstones++;
    }
    return code;
}

/* Deletes and hidden records remembered with a revision come first, so that older copies
 * in the files do not stand. */
static weft_code carry_tombstones(build *b, weft_error *err)
{
    if (b->before == NULL)
        return WEFT_OK;
    weft_code code = carry_term(b, "gone", err);
    return code == WEFT_OK ? carry_term(b, "place", err) : code;
}

static weft_code write_generation(build *b, void *mem, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *unfinished = talloc_asprintf(tmp, "%s/build", b->options->index);
    weft_writer *writer = NULL;
    if (unfinished == NULL)
        return weft_fail_nomem(err);
    weft_code code = files_remove_dir(unfinished, err);
    if (code == WEFT_OK)
        code = weft_writer_open(unfinished, true, &writer, err);
    apply_setup setup = {.writer = writer,
                         .carry = b->before == NULL ? NULL : b->before->reader,
                         .settings = &b->settings,
                         .revision = b->before == NULL ? 0 : b->before->revision};
    if (code == WEFT_OK)
        code = apply_new(mem, &setup, &b->apply, err);
    if (code == WEFT_OK)
        code = apply_spool(b->apply, b->spool, err);
    if (code == WEFT_OK)
        code = apply_commit(b->apply, true, err);
    weft_writer_free(writer);
    if (code == WEFT_OK && rename(unfinished, b->path) != 0)
        code = weft_fail(err, WEFT_EIO, "%s: cannot be renamed", unfinished);
    return code;
}

static weft_code swap_in(build *b, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_code code = weft_indexdir_write_settings(b->options->index, &b->settings, err);
    if (code == WEFT_OK)
        code = weft_indexdir_swap(b->options->index, b->generation, err);
    for (uint64_t old = b->generation; code == WEFT_OK && old-- > 1;) {
        char *path = weft_indexdir_generation(tmp, b->options->index, old);
        if (path == NULL || access(path, F_OK) != 0)
            break;
        if (b->generation - old > GENERATIONS_KEPT)
            code = files_remove_dir(path, err);
    }
    return code;
}

static void report(const build *b)
{
    if (b->options->read.quiet)
        return;
    const apply_counts *n = apply_result(b->apply);
    apply_print_left_out(n);
    read_report_print(&b->report);
    printf("read %" PRIu64 " records, %" PRIu64 " refused, %" PRIu64
           " superseded by a later one of their id\n",
           b->report.records, b->report.refused, b->duplicates);
    printf("indexed %" PRIu64 " articles and comments in '%s' (revision %" PRIu64
           "); now try: weft search -i %s WORDS\n",
           n->added, b->options->index, apply_revision(b->apply), b->options->index);
}

static weft_code fail_empty(const build *b, weft_error *err)
{
    return weft_fail(err, WEFT_ESYNTAX,
                     "no record could be read (%" PRIu64 " refused, %" PRIu64
                     " files failed): '%s' is unchanged",
                     b->report.refused, b->report.files_failed, b->options->index);
}

static weft_code run_locked(build *b, void *mem, char **files, int file_count,
                            weft_error *err)
{
    b->generation = 1;
    weft_code code = open_before(b, mem, err);
    b->path = weft_indexdir_generation(mem, b->options->index, b->generation);
    if (code == WEFT_OK && b->path == NULL)
        code = weft_fail_nomem(err);
    if (code == WEFT_OK)
        code = files_remove_dir(b->path, err);
    if (code == WEFT_OK)
        code = spool_new(mem, b->options->index, &b->spool, err);
    if (code == WEFT_OK)
        code = carry_tombstones(b, err);
    if (code == WEFT_OK)
        code = read_files(&b->options->read, files, file_count, spool_record, b, &b->report,
                          err);
    if (code == WEFT_OK && b->report.records == 0)
        return fail_empty(b, err);
    if (code == WEFT_OK)
        code = spool_finish(b->spool, &b->duplicates, err);
    if (code == WEFT_OK)
        code = write_generation(b, mem, err);
    return code == WEFT_OK ? swap_in(b, err) : code;
}

weft_code subcommand_build(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    build_options options = {0};
    build b = {.options = &options};
    int first, lock = -1;
    bool shown = false;
    weft_code code =
        weft_options_parse(mem, &build_usage, argc, argv, &options, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    if (first >= argc)
        return weft_fail(err, WEFT_EUSAGE,
                         "build: name at least one FILE, or - for standard input");
    code = live_check_dir(options.index, err);
    if (code == WEFT_OK)
        code = check_settings(&b, err);
    if (code == WEFT_OK)
        code = files_make_dir(options.index, err);
    if (code == WEFT_OK)
        code = lock_take(options.index, options.wait, &lock, err);
    if (code == WEFT_OK)
        code = run_locked(&b, mem, argv + first, argc - first, err);
    lock_release(lock);
    if (code != WEFT_OK)
        return code;
    report(&b);
    *status = b.report.refused + b.report.files_failed > 0 ? EXIT_SOME_REFUSED : EXIT_ALL;
    return WEFT_OK;
}

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
#include "selftest.h"
#include "banned.h"

enum { GENERATIONS_KEPT = 1 /* besides the live one, for readers that still hold it */ };

enum { WRITER_BULK, WRITER_XAPIAN };

/* Bytes of --memory: what the program itself takes, and the least it can do with. */
enum { MEMORY_BASE = 64 * 1024 * 1024, MEMORY_MIN = 128 * 1024 * 1024 };

typedef struct build_options {
    const char *index, *lang, *memory;
    int writer; /* WRITER_ */
    bool wait;
    read_options read;
} build_options;

typedef struct build {
    const build_options *options;
    weft_settings settings;
    live *before; /* NULL for a first build */
    size_t memory_bytes;
    uint64_t generation;
    char *path; /* of the generation being built */
    spool *spool;
    read_report report;
    uint64_t duplicates, tombstones;
    apply *apply;
} build;

static const weft_option build_rows[] = {
    LIVE_INDEX_ROW(offsetof(build_options, index),
                   "directory of the index, made when it is not there"),
    {.name = "lang",
     .kind = WEFT_OPTION_TEXT,
     .argument = "CODE",
     .fallback = "en",
     .offset = offsetof(build_options, lang),
     .help = "language of texts that name none, ISO 639-1, or auto to guess it"},
    {.name = "memory",
     .kind = WEFT_OPTION_TEXT,
     .argument = "SIZE",
     .fallback = "1G",
     .offset = offsetof(build_options, memory),
     .help = "memory to use, as 512M or 4G; the rest goes through temporary files"},
    {.name = "writer",
     .kind = WEFT_OPTION_WORD,
     .argument = "bulk|xapian",
     .fallback = "bulk",
     .words = (const char *const[]){"bulk", "xapian", NULL},
     .offset = offsetof(build_options, writer),
     .help = "who writes the tables: weft itself, or Xapian, which takes far longer"},
    LOCK_WAIT_ROW(offsetof(build_options, wait)),
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

/* A number of bytes with K, M or G for their powers of 1,024. */
static weft_code check_memory(build *b, weft_error *err)
{
    static const char units[] = "KMG";
    weft_str text = weft_str_from(b->options->memory);
    uint64_t number;
    unsigned shift = 0;
    const char *unit = text.n == 0 ? NULL : strchr(units, text.p[text.n - 1]);
    if (unit != NULL) {
        shift = 10 * (unsigned)(unit - units + 1);
        text.n--;
    }
    if (weft_parse_u64(text, SIZE_MAX >> shift, &number, NULL) != WEFT_OK)
        return weft_fail(err, WEFT_EUSAGE, "--memory: '%s' is no size such as 512M or 4G",
                         b->options->memory);
    b->memory_bytes = (size_t)number << shift;
    if (b->memory_bytes < MEMORY_MIN)
        return weft_fail(err, WEFT_EUSAGE, "--memory: '%s' is less than 128M",
                         b->options->memory);
    return WEFT_OK;
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

/* The bulk writer, unless it fails its test; then Xapian's, as with --writer xapian. */
static weft_code open_target(const build *b, void *mem, const char *path, target **out,
                             weft_error *err)
{
    weft_error why = {0};
    size_t taken = MEMORY_BASE + spool_memory(b->spool), half = b->memory_bytes / 2;
    size_t left = taken < half ? b->memory_bytes - taken : half;
    if (b->options->writer == WRITER_XAPIAN)
        return target_open(mem, path, true, out, err);
    weft_code code = selftest_bulk(b->options->index, &why);
    if (code == WEFT_ENOMEM)
        return weft_fail_nomem(err);
    if (code == WEFT_OK)
        return target_bulk(mem, path, left, out, err);
    fprintf(stderr,
            "weft-indexer: the bulk writer failed its test (%s): taking Xapian's, "
            "which is slower\n",
            why.text);
    return target_open(mem, path, true, out, err);
}

static weft_code write_generation(build *b, void *mem, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *unfinished = talloc_asprintf(tmp, "%s/build", b->options->index);
    target *to = NULL;
    if (unfinished == NULL)
        return weft_fail_nomem(err);
    weft_code code = files_remove_dir(unfinished, err);
    if (code == WEFT_OK)
        code = open_target(b, tmp, unfinished, &to, err);
    apply_setup setup = {.target = to,
                         .carry = b->before == NULL ? NULL : b->before->reader,
                         .settings = &b->settings,
                         .revision = b->before == NULL ? 0 : b->before->revision};
    if (code == WEFT_OK)
        code = apply_new(mem, &setup, &b->apply, err);
    if (code == WEFT_OK)
        code = apply_spool(b->apply, b->spool, err);
    if (code == WEFT_OK)
        code = apply_commit(b->apply, true, err);
    talloc_free(to);
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
        code = check_memory(&b, err);
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

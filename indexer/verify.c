/* verify.c - `weft-indexer verify`: what of an index is not as its source, or not as its own
 * records, have it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "weft/options.h"
#include "lock.h"
#include "subcommands.h"
#include "banned.h"

enum { VERIFY_RETRIES_MAX = 20 /* of one thread, each after two commits of others */ };

static const weft_option verify_rows[] = {
    LIVE_INDEX_ROW(offsetof(verify_options, index), "directory of the index"),
    {.name = "fix",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(verify_options, fix),
     .help = "mend what is found, and nothing else"},
    {.name = "max",
     .kind = WEFT_OPTION_NUMBER,
     .argument = "N",
     .fallback = "1000",
     .min = 0,
     .max = INT64_MAX,
     .offset = offsetof(verify_options, max),
     .help = "findings to print; all are counted"},
    LOCK_WAIT_ROW(offsetof(verify_options, wait)),
    READ_OPTION_ROWS(offsetof(verify_options, read)),
    {0}};

static const weft_usage verify_usage = {
    .program = "weft-indexer verify",
    .operands = "[FILE...]",
    .about = "Compare an index with files that are its whole source; without files, with\n"
             "its own records.",
    .options = verify_rows};

/* Move the reader on: to the newest commit, or to another generation, never with a batch
 * under the lock. */
static weft_code follow(verify *v, weft_error *err)
{
    weft_error ignored = {0};
    if (live_refresh(v->live, &ignored) == WEFT_OK)
        return WEFT_OK;
    talloc_free(v->live);
    v->live = NULL;
    return live_open(v->mem, v->options->index, &v->live, err);
}

bool verify_again(verify *v, int *retries, weft_code *code, const weft_error *why,
                  weft_error *err)
{
    if (*code == WEFT_OK)
        return false;
    if (*code != WEFT_ECHANGED) {
        weft_fail(err, *code, "%s", why->text);
        return false;
    }
    v->changed = true;
    if (++*retries > VERIFY_RETRIES_MAX) {
        weft_fail(err, *code,
                  "the index changes faster than it can be read: try again when less is "
                  "written");
        return false;
    }
    *code = follow(v, err);
    return *code == WEFT_OK;
}

static bool has_input_faults(const verify *v)
{
    return v->report.refused + v->report.files_failed > 0;
}

/* The last line on standard output. */
static void print_summary(const verify *v, bool of_files)
{
    static const finding_kind files[] = {FINDING_MISSING, FINDING_EXTRA, FINDING_STALE,
                                         FINDING_MISPLACED};
    static const finding_kind own[] = {FINDING_MISSING, FINDING_EXTRA, FINDING_WRONG};
    uint64_t total = findings_total(&v->found), left = findings_total(&v->left);
    if (v->options->read.quiet && total == 0)
        return;
    if (of_files)
        findings_print_counts(&v->found, files, sizeof files / sizeof *files);
    else
        findings_print_counts(&v->found, own, sizeof own / sizeof *own);
    if (of_files)
        printf(", %" PRIu64 " newer in the index", v->newer);
    printf(" (of %" PRIu64 " %s)", v->compared, of_files ? "records" : "documents");
    if (v->options->fix && total > 0)
        printf("; %" PRIu64 " mended", total > left ? total - left : 0);
    putchar('\n');
}

static weft_code open_index(verify *v, weft_error *err)
{
    weft_code code = live_open(v->mem, v->options->index, &v->live, err);
    if (code == WEFT_OK && v->options->fix)
        code = batch_open(v->mem, v->options->index, v->live, &v->batch, err);
    return code;
}

static weft_code run(verify *v, char **files, int count, weft_error *err)
{
    int lock = -1;
    uint64_t generation;
    weft_code code = live_check_dir(v->options->index, err);
    if (code == WEFT_OK)
        code = weft_indexdir_current(v->options->index, &generation, err);
    if (code == WEFT_OK && v->options->fix)
        code = lock_take(v->options->index, LOCK_WRITER,
                         v->options->wait ? LOCK_WAIT : LOCK_NOW, &lock, err);
    if (code == WEFT_OK)
        code = open_index(v, err);
    if (code == WEFT_OK)
        code = count > 0 ? verify_files(v, files, count, err) : verify_index(v, err);
    talloc_free(v->batch); /* before another may take the lock */
    lock_release(lock);
    return code;
}

weft_code subcommand_verify(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    verify_options options = {0};
    verify v = {.options = &options, .mem = mem};
    int first;
    bool shown = false;
    weft_code code =
        weft_options_parse(mem, &verify_usage, argc, argv, &options, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    v.found.lines_max = (uint64_t)options.max;
    v.left.silent = true;
    code = run(&v, argv + first, argc - first, err);
    if (code != WEFT_OK)
        return code;
    if (!options.read.quiet)
        read_report_print(&v.report);
    findings_print_left_out(&v.found);
    print_summary(&v, first < argc);
    if (fflush(stdout) != 0)
        return weft_fail(err, WEFT_EIO, "standard output: %s", strerror(errno));
    bool good = findings_total(options.fix ? &v.left : &v.found) == 0;
    *status = !good ? EXIT_DAMAGED : has_input_faults(&v) ? EXIT_SOME_REFUSED : EXIT_ALL;
    return WEFT_OK;
}

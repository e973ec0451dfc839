/* convert.c - `weft-indexer convert`: the records of any input as weft NDJSON, touching no
 * index. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "subcommands.h"
#include "reading.h"
#include "banned.h"

typedef struct convert_options {
    read_options read;
} convert_options;

static const weft_option convert_rows[] = {
    READ_OPTION_ROWS(offsetof(convert_options, read)),
    {.name = "explain",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(convert_options, read.explain),
     .help = "print what is recognised and why, and the figures, but no records"},
    {0}};

static const weft_usage convert_usage = {
    .program = "weft-indexer convert",
    .operands = "FILE...",
    .about = "Print the records of files as weft NDJSON; no index is touched.",
    .options = convert_rows};

static weft_code print_record(void *ctx, void *mem, weft_record *r, weft_error *err)
{
    (void)ctx;
    weft_buf line;
    weft_buf_init(&line, mem, 2 * (size_t)WEFT_LINE_MAX);
    weft_code code = weft_record_render(r, &line, err);
    if (code == WEFT_OK && fwrite(line.p, 1, line.n, stdout) != line.n)
        code = weft_fail(err, WEFT_EIO, "standard output: %s", strerror(errno));
    return code;
}

weft_code subcommand_convert(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    convert_options options = {0};
    read_report report = {0};
    int first;
    bool shown = false;
    weft_code code =
        weft_options_parse(mem, &convert_usage, argc, argv, &options, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    if (first >= argc)
        return weft_fail(err, WEFT_EUSAGE,
                         "convert: name at least one FILE, or - for standard input");
    options.read.summary = options.read.tell = true;
    code = read_files(&options.read, argv + first, argc - first, print_record, NULL,
                      &report, err);
    if (code == WEFT_OK && fflush(stdout) != 0)
        code = weft_fail(err, WEFT_EIO, "standard output: %s", strerror(errno));
    if (code != WEFT_OK)
        return code;
    if (!options.read.quiet)
        read_report_print(&report);
    if (report.records == 0)
        return weft_fail(err, WEFT_ESYNTAX,
                         "no record could be read (%" PRIu64 " refused, %" PRIu64
                         " files failed)",
                         report.refused, report.files_failed);
    *status = report.refused + report.files_failed > 0 ? EXIT_SOME_REFUSED : EXIT_ALL;
    return WEFT_OK;
}

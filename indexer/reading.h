/* reading.h - read every input of a command into one sink, saying what is refused and
 * counting. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef READING_H
#define READING_H

#include <stdint.h>

#include "weft/error.h"
#include "weft/options.h"
#include "weft/record.h"
#include "formats.h"
#include "refusals.h"
#include "summary.h"

/** How inputs are read: options that build, add and convert share. */
typedef struct read_options {
    const char *format; /* NULL or "auto": by the first bytes */
    const char *tz, *id, *id_prefix, *charset;
    const char *include, *as_of, *articles, *mapping, *comment_url;
    int epoch; /* 0 seconds, 1 milliseconds */
    bool fix_mojibake, quiet, rejects;
    bool summary;        /* make one of each input, for the report */
    bool tell;           /* and print it at once, to stderr */
    bool explain;        /* print what was recognised and the summaries, to stdout */
    int skip_files;      /* the first ones were read before */
    uint64_t skip_lines; /* and so many lines of the one after them */
} read_options;

/** Rows of the option table for read_options at `base` bytes into the command's options. */
#define READ_OPTION_ROWS(base)                                                             \
    {.name = "format",                                                                     \
     .kind = WEFT_OPTION_TEXT,                                                             \
     .argument = "NAME",                                                                   \
     .offset = (base) + offsetof(read_options, format),                                    \
     .help = "input format, instead of what its first bytes tell (auto)"},                 \
        {.name = "tz",                                                                     \
         .kind = WEFT_OPTION_TEXT,                                                         \
         .argument = "ZONE",                                                               \
         .offset = (base) + offsetof(read_options, tz),                                    \
         .help = "zone of dates without an offset, as Europe/Berlin (UTC)"},               \
        {.name = "id",                                                                     \
         .kind = WEFT_OPTION_TEXT,                                                         \
         .argument = "ID",                                                                 \
         .offset = (base) + offsetof(read_options, id),                                    \
         .help = "id of a page's article, instead of the file's name"},                    \
        {.name = "id-prefix",                                                              \
         .kind = WEFT_OPTION_TEXT,                                                         \
         .argument = "P",                                                                  \
         .offset = (base) + offsetof(read_options, id_prefix),                             \
         .help = "put before every id, to keep two sites apart"},                          \
        {.name = "charset",                                                                \
         .kind = WEFT_OPTION_TEXT,                                                         \
         .argument = "NAME",                                                               \
         .offset = (base) + offsetof(read_options, charset),                               \
         .help = "encoding of the input, as windows-1251 (UTF-8)"},                        \
        {.name = "epoch",                                                                  \
         .kind = WEFT_OPTION_WORD,                                                         \
         .argument = "s|ms",                                                               \
         .fallback = "s",                                                                  \
         .words = (const char *const[]){"s", "ms", NULL},                                  \
         .offset = (base) + offsetof(read_options, epoch),                                 \
         .help = "unit of dates given as a number"},                                       \
        {.name = "include",                                                                \
         .kind = WEFT_OPTION_TEXT,                                                         \
         .argument = "LIST",                                                               \
         .offset = (base) + offsetof(read_options, include),                               \
         .help = "also read pingback,draft,private,pending,spam,trash,page or all"},       \
        {.name = "as-of",                                                                  \
         .kind = WEFT_OPTION_TEXT,                                                         \
         .argument = "DATE",                                                               \
         .offset = (base) + offsetof(read_options, as_of),                                 \
         .help = "when the input was saved: \"2 hours ago\" counts from there"},           \
        {.name = "articles",                                                               \
         .kind = WEFT_OPTION_TEXT,                                                         \
         .argument = "FILE",                                                               \
         .offset = (base) + offsetof(read_options, articles),                              \
         .help = "weft NDJSON whose articles are joined to comments by URL"},              \
        {.name = "mapping",                                                                \
         .kind = WEFT_OPTION_TEXT,                                                         \
         .argument = "FILE",                                                               \
         .offset = (base) + offsetof(read_options, mapping),                               \
         .help = "names of the fields of a JSON export"},                                  \
        {.name = "comment-url",                                                            \
         .kind = WEFT_OPTION_TEXT,                                                         \
         .argument = "PATTERN",                                                            \
         .offset = (base) + offsetof(read_options, comment_url),                           \
         .help = "URL of comments without one, as {url}#comment-{id}"},                    \
        {.name = "rejects",                                                                \
         .kind = WEFT_OPTION_FLAG,                                                         \
         .offset = (base) + offsetof(read_options, rejects),                               \
         .help = "write what is refused of a file to FILE.rejects"},                       \
        {.name = "fix-mojibake",                                                           \
         .kind = WEFT_OPTION_FLAG,                                                         \
         .offset = (base) + offsetof(read_options, fix_mojibake),                          \
         .help = "mend text that was encoded as UTF-8 twice"},                             \
    {                                                                                      \
        .name = "quiet", .letter = 'q', .kind = WEFT_OPTION_FLAG,                          \
        .offset = (base) + offsetof(read_options, quiet),                                  \
        .help = "say only what went wrong"                                                 \
    }

/** What was read. */
typedef struct read_report {
    uint64_t records, refused, skipped, files_failed;
    weft_record_counts counts;
    refusals refusals; /* in this run */
    uint64_t bytes;    /* of the files, as far as they were read in this run */
    int file;          /* the record at work: index of its file */
    uint64_t line;     /* and line; 0 where reading cannot go on from */
    void *mem;         /* where summaries of single inputs are kept; NULL for nowhere */
    summary **inputs;  /* in mem: the first READ_SUMMARIES_MAX of this run */
    size_t input_count;
    uint64_t inputs_left; /* those after them */
} read_report;

enum { READ_SUMMARIES_MAX = 100 };

/** The options in the form that readers take. Texts are borrowed from the options. */
typedef struct read_setup {
    const fmt_format *format; /* NULL for one to be told by the first bytes */
    fmt_choices choices;
} read_setup;

/** Check the options. Errors: WEFT_EUSAGE. */
weft_code read_options_check(const read_options *o, read_setup *out,
                             weft_error *err) weft_must_check;

typedef weft_code (*read_emit)(void *ctx, void *mem, weft_record *r, weft_error *err);

/**
 * Read files in order ("-" is standard input). A refused record or an unreadable file is
 * one line on stderr and counted; the rest goes on.
 *
 * Errors:  WEFT_EUSAGE for an unknown format, zone or charset; what emit returns.
 */
weft_code read_files(const read_options *options, char **files, int file_count,
                     read_emit emit, void *ctx, read_report *report,
                     weft_error *err) weft_must_check;

/** Where what is read goes. */
typedef struct read_to {
    read_emit emit;
    void *ctx;
    read_report *report;
} read_to;

/**
 * Read one line of weft NDJSON of a file that is not read as a whole. name is as in messages.
 *
 * Errors:  WEFT_ENOMEM; what emit returns.
 */
weft_code read_line(const read_options *options, const char *name, const input_line *line,
                    const read_to *to, weft_error *err) weft_must_check;

/** The summaries of the inputs, and of all together when they are many; on stdout. */
void read_report_print_inputs(const read_report *report);

/** Lines on stderr about what was dropped or repaired, when there was any. */
void read_report_print(const read_report *report);

#endif

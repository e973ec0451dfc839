/* build.c - `weft-indexer build`: a whole new generation from files, swapped in when it is
 * complete. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "weft/record.h"
#include "building.h"
#include "subcommands.h"
#include "files.h"
#include "live.h"
#include "lock.h"
#include "reading.h"
#include "report.h"
#include "shards.h"
#include "banned.h"

enum { WRITER_BULK, WRITER_XAPIAN };

enum {
    MEMORY_MIN = 128 * 1024 * 1024 /* bytes of --memory */,
    KEEP_MAX = 1000,
    NICE_MAX = 19
};

typedef struct build_options {
    const char *index, *lang, *memory, *since;
    int writer;   /* WRITER_ */
    int progress; /* progress_style */
    int64_t keep, max_shrink, jobs, nice, rate;
    bool wait, restart, resume, from_index, any_space, json;
    read_options read;
} build_options;

static const char *const writers[] = {"bulk", "xapian", NULL};
static const char *const styles[] = {"auto", "line", "json", "none", NULL};

static const weft_option build_rows[] = {
    LIVE_INDEX_ROW(offsetof(build_options, index),
                   "directory of the index, made when it is not there"),
    {.name = "lang",
     .kind = WEFT_OPTION_TEXT,
     .argument = "CODE",
     .offset = offsetof(build_options, lang),
     .help = "language of texts that name none, ISO 639-1, or auto to guess it (en)"},
    {.name = "from-index",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(build_options, from_index),
     .help = "no FILE: make the new one from the records in the index"},
    {.name = "memory",
     .kind = WEFT_OPTION_TEXT,
     .argument = "SIZE",
     .fallback = "1G",
     .offset = offsetof(build_options, memory),
     .help = "memory to use, as 512M or 4G; the rest goes through temporary files"},
    {.name = "jobs",
     .letter = 'j',
     .kind = WEFT_OPTION_NUMBER,
     .argument = "N",
     .fallback = "0",
     .min = 0,
     .max = JOBS_MAX,
     .offset = offsetof(build_options, jobs),
     .help = "processes that write; 0 is one for each processor"},
    {.name = "writer",
     .kind = WEFT_OPTION_WORD,
     .argument = "bulk|xapian",
     .fallback = "bulk",
     .words = writers,
     .offset = offsetof(build_options, writer),
     .help = "who writes the tables: weft itself, or Xapian, which takes far longer"},
    {.name = "keep",
     .kind = WEFT_OPTION_NUMBER,
     .argument = "N",
     .fallback = "1",
     .min = 0,
     .max = KEEP_MAX,
     .offset = offsetof(build_options, keep),
     .help = "old generations to keep, for weft-indexer rollback"},
    {.name = "max-shrink",
     .kind = WEFT_OPTION_NUMBER,
     .argument = "PERCENT",
     .fallback = "100",
     .min = 0,
     .max = 100,
     .offset = offsetof(build_options, max_shrink),
     .help = "how much less than the live index a new one may hold"},
    {.name = "replay-since",
     .kind = WEFT_OPTION_TEXT,
     .argument = "TIME",
     .offset = offsetof(build_options, since),
     .help = "take additions and deletes since then again: when the files were written"},
    {.name = "resume",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(build_options, resume),
     .help = "go on with an unfinished build, as without it"},
    {.name = "restart",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(build_options, restart),
     .help = "begin anew instead of going on with an unfinished build"},
    {.name = "progress",
     .kind = WEFT_OPTION_WORD,
     .argument = "auto|line|json|none",
     .fallback = "auto",
     .words = styles,
     .offset = offsetof(build_options, progress),
     .help = "how far it is, on stderr: a line on a terminal, or JSON each second"},
    {.name = "nice",
     .kind = WEFT_OPTION_NUMBER,
     .argument = "N",
     .fallback = "0",
     .min = 0,
     .max = NICE_MAX,
     .offset = offsetof(build_options, nice),
     .help = "leave the processor to others, as nice(1) does"},
    {.name = "rate",
     .kind = WEFT_OPTION_NUMBER,
     .argument = "N",
     .fallback = "0",
     .min = 0,
     .max = RATE_MAX,
     .offset = offsetof(build_options, rate),
     .help = "records a second at most, in reading and in writing; 0 is any number"},
    {.name = "json",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(build_options, json),
     .help = "print what became of the records as one JSON object"},
    {.name = "no-space-check",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(build_options, any_space),
     .help = "go on where the disk seems too small"},
    LOCK_WAIT_ROW(offsetof(build_options, wait)),
    READ_OPTION_ROWS(offsetof(build_options, read)),
    {0}};

static const weft_usage build_usage = {
    .program = "weft-indexer build",
    .operands = "FILE...",
    .about = "Make a whole new generation from files and swap it in.",
    .options = build_rows};

static weft_code check_settings(const build_options *o, weft_settings *out, weft_error *err)
{
    const char *lang = o->lang == NULL ? "en" : o->lang;
    const char *tz = o->read.tz == NULL ? "UTC" : o->read.tz;
    bool automatic = strcmp(lang, "auto") == 0;
    if (!automatic && (strlen(lang) != 2 || lang[0] < 'a' || lang[0] > 'z' ||
                       lang[1] < 'a' || lang[1] > 'z'))
        return weft_fail(err, WEFT_EUSAGE,
                         "--lang: '%s' is no ISO 639-1 code such as en or de, nor auto",
                         lang);
    if (strlen(tz) >= sizeof out->tz)
        return weft_fail(err, WEFT_EUSAGE, "--tz: '%s' is no time zone", tz);
    snprintf(out->lang, sizeof out->lang, "%s", lang);
    snprintf(out->tz, sizeof out->tz, "%s", tz);
    return weft_tz_check(tz, err);
}

/* A number of bytes with K, M or G for their powers of 1,024. */
static weft_code check_memory(const char *memory, size_t *out, weft_error *err)
{
    static const char units[] = "KMG";
    weft_str text = weft_str_from(memory);
    uint64_t number;
    unsigned shift = 0;
    const char *unit = text.n == 0 ? NULL : strchr(units, text.p[text.n - 1]);
    if (unit != NULL) {
        shift = 10 * (unsigned)(unit - units + 1);
        text.n--;
    }
    if (weft_parse_u64(text, SIZE_MAX >> shift, &number, NULL) != WEFT_OK)
        return weft_fail(err, WEFT_EUSAGE, "--memory: '%s' is no size such as 512M or 4G",
                         memory);
    *out = (size_t)number << shift;
    if (*out < MEMORY_MIN)
        return weft_fail(err, WEFT_EUSAGE, "--memory: '%s' is less than 128M", memory);
    return WEFT_OK;
}

static weft_code check_since(const build_options *o, int64_t *out_ms, weft_error *err)
{
    int64_t s;
    weft_error why = {0};
    *out_ms = INT64_MAX;
    if (o->since == NULL)
        return WEFT_OK;
    if (weft_date_parse(weft_str_from(o->since), o->read.tz, &s, &why) != WEFT_OK)
        return weft_fail(err, WEFT_EUSAGE,
                         "--replay-since: '%s' is no time such as 2013-05-03T08:00:00Z",
                         o->since);
    *out_ms = s * 1000;
    return WEFT_OK;
}

/* Either files, or an index that is there. */
static weft_code check_source(const build_options *o, int file_count, weft_error *err)
{
    uint64_t generation;
    if (!o->from_index && file_count == 0)
        return weft_fail(err, WEFT_EUSAGE,
                         "build: name at least one FILE, or - for standard input");
    if (!o->from_index)
        return WEFT_OK;
    if (file_count > 0)
        return weft_fail(err, WEFT_EUSAGE, "build: --from-index takes no FILE");
    weft_code code = live_check_dir(o->index, err);
    return code == WEFT_OK ? weft_indexdir_current(o->index, &generation, err) : code;
}

static uint64_t count_gone(const building *b)
{
    uint64_t kept = b->at.counts.changed + b->at.counts.same;
    return b->at.shown_before > kept ? b->at.shown_before - kept : 0;
}

static weft_code tell_json(const building *b, weft_error *err)
{
    const report r = {.read = &b->at.report,
                      .counts = &b->at.counts,
                      .gone = count_gone(b),
                      .superseded = b->at.duplicates,
                      .replayed = b->replayed,
                      .revision = b->revision,
                      .seconds = progress_elapsed(b->progress),
                      .progress = b->progress};
    return report_print_json(&r, err);
}

static void tell(const building *b)
{
    const apply_counts *n = &b->at.counts;
    const read_report *read = &b->at.report;
    if (b->request.read->quiet)
        return;
    read_report_print_inputs(read);
    apply_print_left_out(n);
    read_report_print(read);
    printf("read %" PRIu64 " records, %" PRIu64 " refused, %" PRIu64
           " superseded by a later one of their id\n",
           read->records, read->refused, b->at.duplicates);
    if (b->at.shown_before > 0)
        printf("%" PRIu64 " added, %" PRIu64 " changed, %" PRIu64 " same, %" PRIu64
               " no longer there\n",
               n->added, n->changed, n->same, count_gone(b));
    if (b->replayed > 0)
        printf("replayed %" PRIu64 " records that came meanwhile\n", b->replayed);
    printf("indexed %" PRIu64 " articles and comments in '%s' (revision %" PRIu64
           "); now try: weft search -i %s WORDS\n",
           n->shown, b->index, b->revision, b->index);
}

static int count_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > JOBS_MAX ? JOBS_MAX : (int)n;
}

static weft_code prepare(const build_options *o, building *b, weft_settings *settings,
                         weft_error *err)
{
    b->index = o->index;
    b->keep = (unsigned)o->keep;
    b->shrink_max_percent = (unsigned)o->max_shrink;
    b->jobs = o->jobs > 0 ? (int)o->jobs : count_processors();
    b->rate.per_s = (double)o->rate;
    b->restart = o->restart;
    b->any_space = o->any_space;
    b->xapian = o->writer == WRITER_XAPIAN;
    b->request.settings = settings;
    b->request.read = &o->read;
    b->request.writer = writers[o->writer];
    if (o->resume && o->restart)
        return weft_fail(err, WEFT_EUSAGE, "build: --resume or --restart, not both");
    weft_code code = live_check_dir(o->index, err);
    if (code == WEFT_OK)
        code = check_settings(o, settings, err);
    if (code == WEFT_OK)
        code = check_memory(o->memory, &b->memory_bytes, err);
    return code == WEFT_OK ? check_since(o, &b->request.since_ms, err) : code;
}

static weft_code lower_priority(const build_options *o, weft_error *err)
{
    if (getpriority(PRIO_PROCESS, 0) >= o->nice ||
        setpriority(PRIO_PROCESS, 0, (int)o->nice) == 0)
        return WEFT_OK;
    return weft_fail(err, WEFT_EIO, "--nice %d: %s", (int)o->nice, strerror(errno));
}

/* Somebody who writes for long is told of before a long build, not after it. */
static weft_code check_writer(const build_options *o, weft_error *err)
{
    int lock;
    weft_code code =
        lock_take(o->index, LOCK_WRITER, o->wait ? LOCK_WAIT : LOCK_SOON, &lock, err);
    if (code == WEFT_OK)
        lock_release(lock);
    return code;
}

/* A build from the index keeps the settings that are not given. */
static weft_code keep_settings(const build_options *o, weft_settings *settings,
                               weft_error *err)
{
    weft_settings kept;
    weft_code code = weft_indexdir_settings(o->index, &kept, err);
    if (code == WEFT_OK && o->lang == NULL)
        memcpy(settings->lang, kept.lang, sizeof kept.lang);
    if (code == WEFT_OK && o->read.tz == NULL)
        memcpy(settings->tz, kept.tz, sizeof kept.tz);
    return code;
}

static weft_code run_locked(const build_options *o, building *b, weft_settings *settings,
                            void *mem, weft_error *err)
{
    int lock;
    weft_code code =
        lock_take(o->index, LOCK_BUILD, o->wait ? LOCK_WAIT : LOCK_NOW, &lock, err);
    if (code != WEFT_OK)
        return code;
    code = check_writer(o, err);
    if (code == WEFT_OK && o->from_index)
        code = keep_settings(o, settings, err);
    if (code == WEFT_OK)
        code = building_run(b, mem, err);
    lock_release(lock);
    return code;
}

weft_code subcommand_build(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    build_options options = {0};
    building b = {0};
    weft_settings settings;
    int first;
    bool shown = false;
    weft_code code =
        weft_options_parse(mem, &build_usage, argc, argv, &options, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    code = check_source(&options, argc - first, err);
    if (code != WEFT_OK)
        return code;
    b.request.files = argv + first;
    b.request.file_count = argc - first;
    code = prepare(&options, &b, &settings, err);
    if (code == WEFT_OK)
        code = lower_priority(&options, err);
    if (code == WEFT_OK)
        code = progress_new(
            mem, options.read.quiet ? PROGRESS_NONE : (progress_style)options.progress,
            &b.progress, err);
    if (code == WEFT_OK)
        code = files_make_dir(options.index, err);
    if (code == WEFT_OK)
        code = run_locked(&options, &b, &settings, mem, err);
    *status = EXIT_GATE;
    if (b.gate_failed) {
        fprintf(stderr, "weft-indexer: %s\n", err->text);
        return WEFT_OK;
    }
    if (code != WEFT_OK)
        return code;
    if (options.json)
        code = tell_json(&b, err);
    else
        tell(&b);
    if (code != WEFT_OK)
        return code;
    *status =
        b.at.report.refused + b.at.report.files_failed > 0 ? EXIT_SOME_REFUSED : EXIT_ALL;
    return WEFT_OK;
}

/* reading.c - read every input of a command into one sink. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <inttypes.h>
#include <stdio.h>

#include "weft/mem.h"
#include "charset.h"
#include "mojibake.h"
#include "banned.h"

/* So many lines about refused records are not read one by one. */
enum { REFUSED_MANY = 20 };

/* Where a record of a file goes on its way to emit. */
typedef struct file_sink {
    const char *name;
    void *mem;
    bool fix_mojibake, by_line;
    read_emit emit;
    void *ctx;
    read_report *report;
    weft_code failed; /* of emit: nothing more can be done */
} file_sink;

static void refuse(void *ctx, size_t line, const char *reason)
{
    file_sink *s = ctx;
    fprintf(stderr, "weft-indexer: %s:%zu: %s\n", s->name, line, reason);
    s->report->refused++;
    refusals_add(&s->report->refusals, reason);
}

static weft_code pass_on(void *ctx, weft_record *r, size_t line, weft_error *err)
{
    file_sink *s = ctx;
    weft_scope void *tmp = talloc_new(NULL);
    s->report->records++;
    s->report->line = s->by_line ? line : 0;
    weft_code code = s->fix_mojibake ? mojibake_mend_record(tmp, r, err) : WEFT_OK;
    if (code == WEFT_OK)
        code = s->emit(s->ctx, tmp, r, err);
    s->failed = code;
    return code;
}

weft_code read_options_check(const read_options *o, const fmt_format **format,
                             weft_error *err)
{
    *format =
        o->format == NULL || strcmp(o->format, "auto") == 0 ? NULL : fmt_find(o->format);
    if (o->format != NULL && *format == NULL && strcmp(o->format, "auto") != 0)
        return weft_fail(err, WEFT_EUSAGE,
                         "--format: no format '%s' (ndjson, page or auto)", o->format);
    return o->tz == NULL ? WEFT_OK : weft_tz_check(o->tz, err);
}

weft_code read_line(const read_options *o, const char *name, const input_line *line,
                    const read_to *to, weft_error *err)
{
    file_sink s = {.name = name,
                   .fix_mojibake = o->fix_mojibake,
                   .emit = to->emit,
                   .ctx = to->ctx,
                   .report = to->report};
    weft_record_options options = {
        .tz = o->tz, .id_prefix = o->id_prefix, .epoch_ms = o->epoch == 1};
    const fmt_source source = {
        .name = name, .options = &options, .counts = &to->report->counts};
    const fmt_sink sink = {.emit = pass_on, .refuse = refuse, .ctx = &s};
    return fmt_ndjson_line(&source, line, &sink, err);
}

/* Read one text of a file. */
static weft_code read_text(const read_options *o, const fmt_format *format, void *mem,
                           input *in, file_sink *s, weft_error *err)
{
    weft_record_options options = {
        .tz = o->tz, .id_prefix = o->id_prefix, .epoch_ms = o->epoch == 1};
    fmt_source source = {.name = input_own_name(in, mem),
                         .id = o->id,
                         .options = &options,
                         .counts = &s->report->counts,
                         .skip_lines =
                             s->report->file == o->skip_files ? o->skip_lines : 0};
    const fmt_sink sink = {.emit = pass_on, .refuse = refuse, .ctx = s};
    weft_str head;
    if (source.name == NULL)
        return weft_fail_nomem(err);
    weft_code code = input_head(in, &head, err);
    if (code == WEFT_OK)
        code = charset_check(s->name, head, err);
    if (code == WEFT_OK)
        code = format == NULL ? fmt_sniff(in, s->name, &format, err)
                              : fmt_check_named(in, s->name, format, err);
    if (code != WEFT_OK)
        return code;
    s->by_line = format->by_line && !input_is_member(in);
    return format->read(mem, in, &source, &sink, err);
}

/* One that cannot be read is told, and those after it are read; unless no other could be. */
static weft_code judge(file_sink *s, weft_code code, const weft_error *why, weft_error *err)
{
    if (code == WEFT_OK)
        return WEFT_OK;
    if (s->failed != WEFT_OK || code == WEFT_EUSAGE || code == WEFT_ENOMEM)
        return weft_fail(err, code, "%s", why->text);
    fprintf(stderr, "weft-indexer: %s\n", why->text);
    s->report->files_failed++;
    return WEFT_OK;
}

static weft_code read_file(const read_options *o, const fmt_format *format,
                           const char *path, file_sink *s, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    input *in;
    bool more = true;
    weft_error why = {0};
    weft_code code = input_open_all(tmp, path, o->charset, &in, &why);
    if (code != WEFT_OK)
        return judge(s, code, &why, err);
    input_count(in, &s->report->bytes);
    while (more) {
        weft_scope void *mem = talloc_new(tmp);
        why = (weft_error){0};
        code = input_next_text(in, &more, &why);
        s->name = input_name(in);
        if (code == WEFT_OK && more)
            code = read_text(o, format, mem, in, s, &why);
        code = judge(s, code, &why, err);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

weft_code read_files(const read_options *options, char **files, int file_count,
                     read_emit emit, void *ctx, read_report *report, weft_error *err)
{
    const fmt_format *format;
    weft_code code = read_options_check(options, &format, err);
    for (int i = options->skip_files; i < file_count && code == WEFT_OK; i++) {
        report->file = i;
        file_sink s = {.fix_mojibake = options->fix_mojibake,
                       .emit = emit,
                       .ctx = ctx,
                       .report = report};
        code = read_file(options, format, files[i], &s, err);
    }
    return code;
}

static void print_count(uint64_t n, const char *what)
{
    if (n > 0)
        fprintf(stderr, "weft-indexer: %" PRIu64 " %s\n", n, what);
}

void read_report_print(const read_report *report)
{
    const refusals *r = &report->refusals;
    for (size_t i = 0; report->refused >= REFUSED_MANY && i < r->kinds; i++)
        fprintf(stderr, "weft-indexer: %" PRIu64 " refused: %s\n", r->count[i], r->text[i]);
    print_count(r->others, "refused for other reasons");
    print_count(
        report->counts.repaired,
        "records had bytes that are not UTF-8, or control characters: replaced (see --charset)");
    print_count(
        report->counts.suspicious,
        "records look like UTF-8 encoded twice: kept as they are (see --fix-mojibake)");
    print_count(report->counts.bad_dates, "dates were not understood: taken as unknown");
    print_count(report->counts.unknown_keys, "unknown keys were dropped");
}

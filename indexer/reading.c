/* reading.c - read every input of a command into one sink. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reading.h"

#include <inttypes.h>
#include <stdio.h>

#include "weft/mem.h"
#include "charset.h"
#include "formats/json.h"
#include "comment_url.h"
#include "mojibake.h"
#include "rejects.h"
#include "banned.h"

/* So many lines about refused records are not read one by one. */
enum { REFUSED_MANY = 20 };

/* Where what a file gives goes on its way to emit. */
typedef struct file_sink {
    const read_options *options;
    const read_setup *setup;
    const char *name;
    input *in;
    bool by_line;
    read_emit emit;
    void *ctx;
    read_report *report;
    summary *summary;   /* NULL where none is made */
    rejects *rejects;   /* NULL unless asked for */
    comment_urls *urls; /* likewise */
    weft_code failed;   /* of emit: nothing more can be done */
} file_sink;

static void refuse(void *ctx, size_t line, const char *reason)
{
    file_sink *s = ctx;
    fprintf(stderr, "weft-indexer: %s:%zu: %s\n", s->name, line, reason);
    s->report->refused++;
    refusals_add(&s->report->refusals, reason);
    if (s->summary != NULL)
        summary_refuse(s->summary, reason);
    const reject what = {s->name, line, reason,
                         s->by_line ? input_last_line(s->in) : weft_str_of(NULL, 0)};
    if (s->rejects != NULL)
        rejects_add(s->rejects, &what);
}

static void skip(void *ctx, size_t line, const char *reason)
{
    file_sink *s = ctx;
    (void)line;
    s->report->skipped++;
    if (s->summary != NULL)
        summary_skip(s->summary, reason);
}

static void note(void *ctx, const char *text)
{
    const file_sink *s = ctx;
    if (s->options->explain)
        printf("%s: %s\n", s->name, text);
}

static weft_code pass_on(void *ctx, weft_record *r, size_t line, weft_error *err)
{
    file_sink *s = ctx;
    weft_scope void *tmp = talloc_new(NULL);
    s->report->records++;
    s->report->line = s->by_line && !input_is_member(s->in) ? line : 0;
    weft_code code = s->options->fix_mojibake ? mojibake_mend_record(tmp, r, err) : WEFT_OK;
    if (code == WEFT_OK && s->urls != NULL)
        code = comment_url_fill(s->urls, tmp, r, err);
    if (code == WEFT_OK && s->summary != NULL)
        code = summary_load(s->summary, r, err);
    if (code == WEFT_OK && !s->options->explain)
        code = s->emit(s->ctx, tmp, r, err);
    s->failed = code;
    return code;
}

weft_code read_line(const read_options *o, const char *name, const input_line *line,
                    const read_to *to, weft_error *err)
{
    file_sink s = {
        .options = o, .name = name, .emit = to->emit, .ctx = to->ctx, .report = to->report};
    weft_record_options options = {
        .tz = o->tz, .id_prefix = o->id_prefix, .epoch_ms = o->epoch == 1};
    const fmt_source source = {
        .name = name, .options = &options, .counts = &to->report->counts};
    const fmt_sink sink = {.emit = pass_on, .refuse = refuse, .ctx = &s};
    return fmt_ndjson_line(&source, line, &sink, err);
}

static void explain(file_sink *s, weft_str head, const fmt_format *format)
{
    fmt_guess g = fmt_guess_head(head);
    const char *packing = input_packing(s->in);
    printf("%s: packed: %s\n", s->name, packing == NULL ? "no" : packing);
    printf("%s: charset: %s, %s\n", s->name, input_charset(s->in),
           input_charset_why(s->in));
    if (s->setup->format != NULL)
        printf("%s: format: %s, as asked", s->name, format->name);
    else
        printf("%s: format: %s, with %d of 100", s->name, format->name, g.sure);
    if (g.best != NULL && g.best != format)
        printf("; its first bytes are taken for %s, with %d", g.best->name, g.sure);
    else if (g.second != NULL)
        printf("; next is %s, with %d", g.second->name, g.second_sure);
    printf(" (%s)\n", format->help);
}

/* What --mapping is for, unless the text says itself that it is weft's own; then NULL. */
static const fmt_format *format_for_mapping(weft_str head)
{
    if (fmt_ndjson_sniff(head) >= FMT_CERTAIN)
        return NULL;
    return fmt_find(fmt_json_sniff(head) > 0 ? "json" : "csv");
}

static weft_code find_format(file_sink *s, const fmt_format **format, weft_error *err)
{
    weft_str head;
    *format = s->setup->format;
    weft_code code = input_head(s->in, &head, err);
    if (code == WEFT_OK && *format == NULL && s->options->mapping != NULL)
        *format = format_for_mapping(head);
    if (code == WEFT_OK && *format == NULL)
        code = fmt_sniff_head(head, s->name, format, err);
    else if (code == WEFT_OK && s->setup->format != NULL)
        code = fmt_check_named(s->in, s->name, *format, err);
    if (code == WEFT_OK && ((*format)->traits & FMT_OWN_CHARSETS) == 0)
        code = charset_check(s->name, head, err);
    if (code == WEFT_OK && s->options->explain)
        explain(s, head, *format);
    return code;
}

static weft_record_counts counts_since(weft_record_counts now, weft_record_counts then)
{
    return (weft_record_counts){.unknown_keys = now.unknown_keys - then.unknown_keys,
                                .bad_dates = now.bad_dates - then.bad_dates,
                                .repaired = now.repaired - then.repaired,
                                .suspicious = now.suspicious - then.suspicious};
}

/* Read one text of a file. */
static weft_code read_text(file_sink *s, void *mem, weft_error *err)
{
    const read_options *o = s->options;
    weft_record_options options = {
        .tz = o->tz, .id_prefix = o->id_prefix, .epoch_ms = o->epoch == 1};
    bool goes_on = s->report->file == o->skip_files && o->skip_lines > 0;
    fmt_source source = {.name = input_own_name(s->in, mem),
                         .id = o->id,
                         .options = &options,
                         .counts = &s->report->counts,
                         .skip_lines = goes_on ? o->skip_lines : 0,
                         .choices = &s->setup->choices};
    const fmt_sink sink = {pass_on, refuse, skip, note, s};
    const fmt_format *format;
    const weft_record_counts before = s->report->counts;
    if (source.name == NULL)
        return weft_fail_nomem(err);
    weft_code code = find_format(s, &format, err);
    if (code != WEFT_OK)
        return code;
    s->by_line = (format->traits & FMT_BY_LINE) != 0;
    if (s->summary != NULL) {
        s->summary->format = format->name;
        s->summary->in_part = goes_on;
    }
    code = format->read(mem, s->in, &source, &sink, err);
    if (s->summary != NULL)
        s->summary->counts = counts_since(s->report->counts, before);
    return code;
}

/* Keep a summary for the report, or let it go. */
static weft_code keep_summary(read_report *report, summary *sum, weft_error *err)
{
    if (report->mem == NULL || report->input_count == READ_SUMMARIES_MAX) {
        report->inputs_left++;
        talloc_free(sum);
        return WEFT_OK;
    }
    if (report->inputs == NULL)
        report->inputs = weft_new_array(report->mem, summary *, READ_SUMMARIES_MAX);
    if (report->inputs == NULL)
        return weft_fail_nomem(err);
    report->inputs[report->input_count++] = talloc_steal(report->inputs, sum);
    return WEFT_OK;
}

/* The end of a text's summary, which is told unless the text could not be read at all. */
static weft_code end_summary(file_sink *s, weft_error *err)
{
    summary *sum = s->summary;
    s->summary = NULL;
    if (sum == NULL || sum->format == NULL) {
        talloc_free(sum);
        return WEFT_OK;
    }
    weft_code code = summary_end(sum, err);
    if (code != WEFT_OK)
        return code;
    const read_report *report = s->report;
    bool is_told = s->options->explain || (s->options->tell && !s->options->quiet);
    if (is_told && report->input_count + report->inputs_left < READ_SUMMARIES_MAX)
        summary_print(sum, s->options->explain ? stdout : stderr,
                      s->options->explain ? "" : "weft-indexer: ");
    return keep_summary(s->report, sum, err);
}

static weft_code begin_summary(file_sink *s, void *mem, weft_error *err)
{
    if (!s->options->summary && !s->options->explain)
        return WEFT_OK;
    s->summary = talloc_zero(mem, summary);
    if (s->summary == NULL)
        return weft_fail_nomem(err);
    s->summary->families.mem = s->summary;
    s->summary->name = talloc_strdup(s->summary, s->name);
    return s->summary->name == NULL ? weft_fail_nomem(err) : WEFT_OK;
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

static weft_code read_texts(file_sink *s, void *mem, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (bool more = true; code == WEFT_OK && more;) {
        weft_scope void *tmp = talloc_new(mem);
        weft_error why = {0};
        code = input_next_text(s->in, &more, &why);
        s->name = input_name(s->in);
        if (code == WEFT_OK && more)
            code = begin_summary(s, tmp, &why);
        if (code == WEFT_OK && more && s->options->comment_url != NULL)
            code = comment_urls_new(tmp, s->options->comment_url, s->options->id_prefix,
                                    &s->urls, &why);
        if (code == WEFT_OK && more)
            code = read_text(s, tmp, &why);
        code = judge(s, code, &why, err);
        if (code == WEFT_OK)
            code = end_summary(s, err);
    }
    return code;
}

static weft_code read_file(file_sink *s, const char *path, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_error why = {0};
    weft_code code = input_open_all(mem, path, s->options->charset, &s->in, &why);
    if (code != WEFT_OK)
        return judge(s, code, &why, err);
    input_count(s->in, &s->report->bytes);
    bool goes_on = s->report->file == s->options->skip_files && s->options->skip_lines > 0;
    if (s->options->rejects)
        code = rejects_open(mem, path, goes_on, &s->rejects, err);
    if (code == WEFT_OK)
        code = read_texts(s, mem, err);
    if (code == WEFT_OK && input_rubbish(s->in) > 0)
        fprintf(stderr,
                "weft-indexer: %s: what stands from byte %" PRIu64
                " on is no gzip: passed over\n",
                s->name, input_rubbish(s->in));
    return code == WEFT_OK && s->rejects != NULL ? rejects_close(s->rejects, err) : code;
}

static void print_all(const read_report *report, FILE *to, const char *head)
{
    uint64_t inputs = report->input_count + report->inputs_left;
    if (inputs > 1)
        fprintf(to,
                "%s%" PRIu64 " inputs: read %" PRIu64 ": loaded %" PRIu64
                ", skipped %" PRIu64 ", refused %" PRIu64 "\n",
                head, inputs, report->records + report->skipped + report->refused,
                report->records, report->skipped, report->refused);
}

weft_code read_files(const read_options *options, char **files, int file_count,
                     read_emit emit, void *ctx, read_report *report, weft_error *err)
{
    read_setup setup;
    weft_code code = read_options_check(options, &setup, err);
    for (int i = options->skip_files; i < file_count && code == WEFT_OK; i++) {
        report->file = i;
        file_sink s = {.options = options,
                       .setup = &setup,
                       .emit = emit,
                       .ctx = ctx,
                       .report = report};
        code = read_file(&s, files[i], err);
    }
    if (options->explain)
        print_all(report, stdout, "");
    else if (options->tell && !options->quiet)
        print_all(report, stderr, "weft-indexer: ");
    return code;
}

static void print_count(uint64_t n, const char *what)
{
    if (n > 0)
        fprintf(stderr, "weft-indexer: %" PRIu64 " %s\n", n, what);
}

void read_report_print_inputs(const read_report *report)
{
    for (size_t i = 0; i < report->input_count; i++)
        summary_print(report->inputs[i], stdout, "");
    print_all(report, stdout, "");
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

/* report.c - what became of the records of a build or an addition, as one JSON object. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "banned.h"

static json_t *render_reasons(const refusals *r)
{
    json_t *by_kind = json_object();
    for (size_t i = 0; i < r->kinds; i++)
        json_object_set_new(by_kind, r->text[i], json_integer((json_int_t)r->count[i]));
    if (r->others > 0)
        json_object_set_new(by_kind, "others", json_integer((json_int_t)r->others));
    return by_kind;
}

/* A figure that is not known is null. */
static json_t *figure(const summary *s, uint64_t n)
{
    return s->is_counted ? json_integer((json_int_t)n) : json_null();
}

static json_t *render_input(const summary *s)
{
    return json_pack(
        "{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:I,s:I,s:I,s:I,s:o,s:o}", "name",
        s->name, "format", s->format, "read", (json_int_t)s->read, "loaded",
        (json_int_t)s->loaded, "skipped", (json_int_t)s->skipped, "refused",
        (json_int_t)s->refused, "articles", (json_int_t)s->articles, "comments",
        (json_int_t)s->comments, "levels", figure(s, s->kin.levels), "orphans",
        figure(s, s->kin.orphans), "duplicates", figure(s, s->kin.duplicates), "deleted",
        (json_int_t)s->deleted, "deletes", (json_int_t)s->deletes, "undated",
        (json_int_t)s->undated, "repaired", (json_int_t)s->counts.repaired,
        "skipped_by_reason", render_reasons(&s->skipped_by), "refused_by_reason",
        render_reasons(&s->refused_by));
}

static json_t *render_inputs(const read_report *read)
{
    json_t *list = json_array();
    for (size_t i = 0; i < read->input_count; i++)
        json_array_append_new(list, render_input(read->inputs[i]));
    return list;
}

static json_t *render_phases(const progress *p)
{
    json_t *phases = json_object();
    for (int i = 0; i < PROGRESS_PHASES; i++) {
        double s = progress_seconds(p, (progress_phase)i);
        double mb = (double)progress_bytes(p, (progress_phase)i) / 1e6;
        json_object_set_new(phases, progress_name((progress_phase)i),
                            json_pack("{s:f,s:f}", "seconds", s, "mb", mb));
    }
    return phases;
}

static json_t *render(const report *r)
{
    const apply_counts *n = r->counts;
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:I,s:I,s:I,s:I,s:I,s:f,s:o*,s:o}",
                     "records", (json_int_t)r->read->records, "added", (json_int_t)n->added,
                     "changed", (json_int_t)n->changed, "same", (json_int_t)n->same,
                     "deleted", (json_int_t)(n->deleted + r->gone), "older",
                     (json_int_t)n->stale, "refused", (json_int_t)r->read->refused,
                     "refused_by_reason", render_reasons(&r->read->refusals), "skipped",
                     (json_int_t)r->read->skipped, "files_failed",
                     (json_int_t)r->read->files_failed, "superseded",
                     (json_int_t)r->superseded, "replayed", (json_int_t)r->replayed,
                     "revision", (json_int_t)r->revision, "seconds", r->seconds, "phases",
                     r->progress == NULL ? NULL : render_phases(r->progress), "inputs",
                     render_inputs(r->read));
}

weft_code report_print_json(const report *r, weft_error *err)
{
    json_t *root = render(r);
    if (root == NULL)
        return weft_fail_nomem(err);
    int failed = json_dumpf(root, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
    json_decref(root);
    if (failed != 0 || putchar('\n') == EOF || fflush(stdout) != 0)
        return weft_fail(err, WEFT_EIO, "standard output: %s", strerror(errno));
    return WEFT_OK;
}

/* summary.c - what became of one input, in figures. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "summary.h"

#include <inttypes.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

weft_code summary_load(summary *s, const weft_record *r, weft_error *err)
{
    s->read++;
    s->loaded++;
    if (r->is_delete) {
        s->deletes++;
        return WEFT_OK;
    }
    bool is_article = r->type == WEFT_ARTICLE;
    s->articles += is_article ? 1 : 0;
    s->comments += is_article ? 0 : 1;
    s->deleted += r->status == WEFT_DELETED ? 1 : 0;
    s->undated += r->published_s == WEFT_DATE_UNKNOWN && r->status != WEFT_DELETED ? 1 : 0;
    return s->in_part ? WEFT_OK : families_add(&s->families, r, err);
}

void summary_skip(summary *s, const char *reason)
{
    s->read++;
    s->skipped++;
    refusals_add(&s->skipped_by, reason);
}

void summary_refuse(summary *s, const char *reason)
{
    s->read++;
    s->refused++;
    refusals_add(&s->refused_by, reason);
}

weft_code summary_end(summary *s, weft_error *err)
{
    if (s->in_part || s->families.over)
        return WEFT_OK;
    weft_code code = families_count(&s->families, &s->kin, err);
    s->is_counted = code == WEFT_OK;
    TALLOC_FREE(s->families.members);
    return code;
}

static void print_some(FILE *to, uint64_t n, const char *one, const char *many)
{
    if (n > 0)
        fprintf(to, ", %" PRIu64 " %s", n, n == 1 ? one : many);
}

static void print_reasons(const summary *s, FILE *to, const char *head, bool refused)
{
    const refusals *r = refused ? &s->refused_by : &s->skipped_by;
    if (r->kinds == 0)
        return;
    fprintf(to, "%s%s: %s: ", head, s->name, refused ? "refused" : "skipped");
    for (size_t i = 0; i < r->kinds; i++)
        fprintf(to, "%s%" PRIu64 " %s", i == 0 ? "" : "; ", r->count[i], r->text[i]);
    if (r->others > 0)
        fprintf(to, "; %" PRIu64 " for other reasons", r->others);
    fputc('\n', to);
}

static void print_kin(const summary *s, FILE *to)
{
    if (s->is_counted) {
        print_some(to, s->kin.levels, "level", "levels");
        print_some(to, s->kin.orphans, "orphan", "orphans");
        print_some(to, s->kin.duplicates, "duplicate", "duplicates");
    }
}

void summary_print(const summary *s, FILE *to, const char *head)
{
    fprintf(to,
            "%s%s: %s: read %" PRIu64 ": loaded %" PRIu64 ", skipped %" PRIu64
            ", refused %" PRIu64 "\n",
            head, s->name, s->format == NULL ? "all" : s->format, s->read, s->loaded,
            s->skipped, s->refused);
    fprintf(to, "%s%s: %" PRIu64 " article%s, %" PRIu64 " comment%s", head, s->name,
            s->articles, s->articles == 1 ? "" : "s", s->comments,
            s->comments == 1 ? "" : "s");
    print_kin(s, to);
    print_some(to, s->deleted, "deleted", "deleted");
    print_some(to, s->deletes, "delete", "deletes");
    print_some(to, s->undated, "without a date", "without a date");
    print_some(to, s->counts.repaired, "repaired", "repaired");
    if (s->families.over)
        fprintf(to, " (over %d records: levels, orphans and duplicates are not counted)",
                WEFT_SUMMARY_IDS_MAX);
    if (s->in_part)
        fputs(" (since it went on)", to);
    fputc('\n', to);
    print_reasons(s, to, head, false);
    print_reasons(s, to, head, true);
}

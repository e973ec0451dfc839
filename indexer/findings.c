/* findings.c - what `verify` finds: one line each, counted past the limit of lines. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "findings.h"

#include <inttypes.h>
#include <stdio.h>

#include "banned.h"

static const char *const words[] = {
    [FINDING_MISSING] = "missing",     [FINDING_EXTRA] = "extra",
    [FINDING_STALE] = "stale",         [FINDING_MISPLACED] = "misplaced",
    [FINDING_WRONG] = "wrong",         [FINDING_UNREADABLE] = "unreadable",
    [FINDING_TOTALS] = "wrong totals", [FINDING_TABLES] = "damaged tables",
};

void findings_add(findings *f, finding_kind kind, const char *what, const char *id)
{
    f->counts[kind]++;
    if (f->silent || f->lines++ >= f->lines_max)
        return;
    printf("%s %s%s%s\n", words[kind], what, id == NULL ? "" : ":", id == NULL ? "" : id);
}

uint64_t findings_total(const findings *f)
{
    uint64_t total = 0;
    for (int k = 0; k < FINDING_KINDS; k++)
        total += f->counts[k];
    return total;
}

void findings_clear(findings *f)
{
    for (int k = 0; k < FINDING_KINDS; k++)
        f->counts[k] = 0;
}

void findings_print_counts(const findings *f, const finding_kind *always, size_t count)
{
    const char *before = "";
    for (int k = 0; k < FINDING_KINDS; k++) {
        bool shown = f->counts[k] > 0;
        for (size_t i = 0; i < count; i++)
            shown |= (int)always[i] == k;
        if (!shown)
            continue;
        printf("%s%" PRIu64 " %s", before, f->counts[k], words[k]);
        before = ", ";
    }
}

void findings_print_left_out(const findings *f)
{
    if (f->lines > f->lines_max)
        fprintf(stderr,
                "weft-indexer: %" PRIu64 " more findings are not printed: see --max\n",
                f->lines - f->lines_max);
}

/* findings.h - what `verify` finds: one line each, counted past the limit of lines. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FINDINGS_H
#define FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"

/* Kinds of difference; the table of their words is in findings.c. */
typedef enum finding_kind {
    FINDING_MISSING,    /* should be in the index and is not */
    FINDING_EXTRA,      /* is in the index and should not be */
    FINDING_STALE,      /* another content than the source's */
    FINDING_MISPLACED,  /* another parent or article than the source's, nothing else */
    FINDING_WRONG,      /* another document than its stored records give */
    FINDING_UNREADABLE, /* its stored records cannot be read */
    FINDING_TOTALS,     /* sums that the index keeps of all documents */
    FINDING_TABLES,     /* the database itself */
    FINDING_KINDS
} finding_kind;

typedef struct findings {
    uint64_t counts[FINDING_KINDS];
    uint64_t lines_max, lines; /* on standard output */
    bool silent;               /* count only */
} findings;

/** Count a difference and print "KIND WHAT:ID", or "KIND WHAT" without an id. */
void findings_add(findings *f, finding_kind kind, const char *what, const char *id);

uint64_t findings_total(const findings *f);

/** Forget the counts; lines already printed still count for the limit. */
void findings_clear(findings *f);

/** "N missing, N extra", some kinds always and others where there are any, no line end. */
void findings_print_counts(const findings *f, const finding_kind *always, size_t count);

/** A line on stderr about findings that were counted and not printed, if there were any. */
void findings_print_left_out(const findings *f);

#endif

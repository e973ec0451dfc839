/* note.h - what a worker tells the event loop beside each reply.
 *
 * The reply frame of a worker is this struct as it lies in memory (both ends are one program
 * on one machine), plan_bytes of text, then the reply line. The loop trusts no length in it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_NOTE_H
#define SEARCHD_NOTE_H

#include <stdint.h>

enum { NOTE_PLAN_MAX = 1024 };

/** How long a reply holds. */
typedef enum note_lasting {
    NOTE_PASSES = 0,       /* not beyond this request */
    NOTE_LASTS_QUARTER,    /* at its revision, until the next quarter of an hour, UTC */
    NOTE_LASTS_AT_REVISION /* at its revision, for ever */
} note_lasting;

typedef struct note {
    uint32_t code;       /* weft_code of the reply */
    uint32_t lasting;    /* note_lasting */
    uint64_t sequence;   /* of the request among those the worker has had, from 1 */
    uint64_t plan_bytes; /* the query as it was understood; 0 unless it was slow */
    uint64_t generation, revision; /* it was computed at; 0 when the index was not asked */
    uint64_t articles, comments;   /* of that revision */
    uint64_t hits;                 /* found, not shown */
    uint64_t cpu_us;               /* of the processor */
    uint64_t disk_reads;           /* blocks that were not in memory */
    uint64_t resident_kib;         /* memory of the worker now, without what it shares */
} note;

#endif

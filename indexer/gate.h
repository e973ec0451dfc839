/* gate.h - whether a generation that was built may become the live one. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef GATE_H
#define GATE_H

#include "weft/error.h"
#include "apply.h"
#include "live.h"
#include "spool.h"

enum {
    GATE_THREADS = 50,   /* compared word by word */
    GATE_DOCUMENTS = 20, /* of each of them, at most */
    GATE_WORDS = 8       /* of each of these documents that are searched for */
};

/** Public articles and comments of a generation. Errors: of weft_reader_frequency. */
weft_code gate_count_shown(weft_reader *r, uint64_t *out, weft_error *err) weft_must_check;

typedef struct gate {
    const live *before;         /* the live generation, or NULL */
    const apply_counts *counts; /* of writing it */
    unsigned
        shrink_max_percent; /* how much smaller than the live one it may be; 100: any */
} gate;

/**
 * Compare a generation as it was written with the spool it was made from: how many records of
 * each kind, every word of some threads spread over it, and the tables by Xapian's check.
 *
 * Errors:  WEFT_ECORRUPT says what is wrong; WEFT_EIO, WEFT_ENOMEM.
 */
weft_code gate_check(const gate *g, live *generation, spool *s,
                     weft_error *err) weft_must_check;

#endif

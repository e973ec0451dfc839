/* building_read.h - the first step of a build: all records into the spool. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUILDING_READ_H
#define BUILDING_READ_H

#include "building.h"

enum { CHECKPOINT_BYTES = 64 * 1024 * 1024 /* of records, between two checkpoints */ };

/**
 * Have all records in b->spool, finished: read what was not read yet, which takes it to
 * PHASE_WRITE. An input without a record leaves nothing behind.
 *
 * Errors:  WEFT_ESYNTAX when no record could be read; of reading and the spool.
 */
weft_code building_read(building *b, void *mem, weft_error *err) weft_must_check;

#endif

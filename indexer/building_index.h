/* building_index.h - the first step of a build that has no files: all records from the index. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BUILDING_INDEX_H
#define BUILDING_INDEX_H

#include "building.h"

/**
 * Add every record of the live generation to b->spool, public or not, and count them in the
 * report. Additions go on meanwhile: of what changes while it is read some is read as it was
 * before and some as it is after, and the journal brings the rest.
 *
 * Errors:  WEFT_ECORRUPT for a record that cannot be read; of the index and the spool.
 */
weft_code building_read_index(building *b, weft_error *err) weft_must_check;

#endif

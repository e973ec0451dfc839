/* values.h - values by slot, in chunks, and what the slots hold. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_VALUES_H
#define WEFT_BULK_VALUES_H

#include "weft/index.h"
#include "table.h"

typedef struct values values;

/* Chunks wait in a file in folder dir. *out is in mem. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code values_new(void *mem, const char *dir, values **out,
                     weft_error *err) weft_must_check;

/* Add a value that is not empty, in a slot below WEFT_BULK_SLOTS. Docids of a slot ascend.
 * Errors: WEFT_EIO, WEFT_ENOMEM, WEFT_ELIMIT for a value over 32 MiB. */
weft_code values_add(values *v, uint32_t docid, const weft_value *value,
                     weft_error *err) weft_must_check;

/* Write statistics and chunks to the postlist table. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code values_write(values *v, table *t, weft_error *err) weft_must_check;

#endif

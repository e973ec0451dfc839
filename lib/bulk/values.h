/* values.h - values by slot, in chunks, and what the slots hold. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_VALUES_H
#define WEFT_BULK_VALUES_H

#include <stdio.h>

#include "weft/index.h"
#include "output.h"
#include "table.h"

typedef struct values values;

/* Chunks wait in a file in folder dir. *out is in mem. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code values_new(void *mem, const char *dir, values **out,
                     weft_error *err) weft_must_check;

/* Of a part, as in runs.h. */
weft_code values_new_part(void *mem, const char *dir, values **out,
                          weft_error *err) weft_must_check;
weft_code values_save(values *v, output *index, weft_error *err) weft_must_check;
weft_code values_adopt(values *v, const char *dir, FILE *index, uint32_t base,
                       weft_error *err) weft_must_check;

/* Add a value that is not empty, in a slot below WEFT_BULK_SLOTS. Docids of a slot ascend.
 * Errors: WEFT_EIO, WEFT_ENOMEM, WEFT_ELIMIT for a value over 32 MiB. */
weft_code values_add(values *v, uint32_t docid, const weft_value *value,
                     weft_error *err) weft_must_check;

/* Write statistics and chunks to the postlist table. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code values_write(values *v, table *t, weft_error *err) weft_must_check;

#endif

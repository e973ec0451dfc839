/* stream.h - the entries of a part go into a table. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_STREAM_H
#define WEFT_BULK_STREAM_H

#include <stdint.h>

#include "table.h"

/* Add the entries of file dir/name, whose keys begin with a docid: it counts on from base.
 * Errors: WEFT_EIO, WEFT_ENOMEM, WEFT_ECORRUPT, of table_add. */
weft_code stream_append(table *t, const char *dir, const char *name, uint32_t base,
                        weft_error *err) weft_must_check;

#endif

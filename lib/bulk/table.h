/* table.h - one table of a glass database, written bottom-up from entries in key order. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_TABLE_H
#define WEFT_BULK_TABLE_H

#include <stdbool.h>

#include "weft/str.h"

enum {
    TABLE_BLOCK_BYTES = 8192,
    TABLE_KEY_MAX = 255, /* bytes */
    TABLE_REVISION = 1   /* of every block: a new database has been committed once */
};

typedef struct table table;

/* What the version file says of a table. */
typedef struct table_root {
    bool exists;
    uint32_t block; /* number of the root */
    unsigned level; /* of the root; leaves are 0 */
    uint64_t entries;
    uint32_t blocks;
} table_root;

/* A table in a new file; *out is in mem. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code table_create(void *mem, const char *path, table **out,
                       weft_error *err) weft_must_check;

/* No table, but its entries one after the other, for a part of a database (part.h). *out is in
 * mem. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code table_create_stream(void *mem, const char *path, table **out,
                              weft_error *err) weft_must_check;

/* Add an entry. Keys ascend, which is asserted. Errors: WEFT_EIO, WEFT_ENOMEM, WEFT_ELIMIT
 * for a tag that is too long to be cut (130 MB). */
weft_code table_add(table *t, weft_str key, weft_str tag, weft_error *err) weft_must_check;

/* Write the branches, make the file durable, say where the root is. Errors: WEFT_EIO. */
weft_code table_finish(table *t, table_root *out, weft_error *err) weft_must_check;

#endif

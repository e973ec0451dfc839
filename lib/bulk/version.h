/* version.h - the file that makes a directory of tables a database. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_BULK_VERSION_H
#define WEFT_BULK_VERSION_H

#include "table.h"

/* Tables in the order of the version file. */
enum {
    TABLE_POSTLIST,
    TABLE_DOCDATA,
    TABLE_TERMLIST,
    TABLE_POSITION,
    TABLE_SPELLING,
    TABLE_SYNONYM,
    TABLE_COUNT
};

typedef struct statistics {
    uint32_t documents, last_docid;
    uint32_t shortest, longest; /* lengths of documents; the shortest above 0, or 0 */
    uint32_t wdf_max;
    uint64_t total_length;
} statistics;

/* Write the version file into dir, durably and at once. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code version_write(const char *dir, const table_root roots[TABLE_COUNT],
                        const statistics *s, weft_error *err) weft_must_check;

#endif

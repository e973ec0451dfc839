/* index_stamp.h - which state an index directory is in, as its directory entries tell without
 * opening it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_INDEX_STAMP_H
#define SEARCHD_INDEX_STAMP_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Two equal stamps are of one state: a swap renames a new link over `current`, a commit
 * renames a new version file over the generation's, so each changes a number of an inode or
 * its times.
 */
typedef struct index_stamp {
    bool is_known; /* false when there is no index to be seen */
    uint64_t of_link[4], of_version[4];
} index_stamp;

/** The stamp of an index directory now: two system calls. */
index_stamp index_stamp_read(const char *dir);

/** Whether both are known and of one state. */
bool index_stamp_is_same(const index_stamp *a, const index_stamp *b);

#endif

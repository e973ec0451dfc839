/* space.c - whether the disk has room for what a build will write.
 *
 * The factors are measured over 200,000 records with 97 MB of text in 125 MB of NDJSON: 124 MB
 * until they are written, 670 MB at most while one process writes 587 MB of tables, 1,270 MB with
 * parts; and over short comments, for what a record takes besides its text.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "space.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>

#include "banned.h"

enum {
    TENTHS_OF_TEXT = 64, /* bytes written for ten bytes of text */
    RECORD_BYTES = 350,  /* and for a record of any length */
    INDEX_SHARE = 5,     /* a generation is so many times its records */
    MB = 1000 * 1000
};

uint64_t space_of_input(uint64_t input_bytes)
{
    return input_bytes;
}

uint64_t space_of_index(uint64_t generation_bytes)
{
    return generation_bytes / INDEX_SHARE;
}

uint64_t space_of_writing(uint64_t text_bytes, uint64_t records, bool in_parts)
{
    uint64_t tables = text_bytes * TENTHS_OF_TEXT / 10 + records * RECORD_BYTES;
    return in_parts ? 2 * tables : tables;
}

weft_code space_check(const char *dir, uint64_t needed_bytes, weft_error *err)
{
    struct statvfs st;
    if (statvfs(dir, &st) != 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", dir, strerror(errno));
    uint64_t there = (uint64_t)st.f_bavail * st.f_frsize;
    if (needed_bytes <= there)
        return WEFT_OK;
    return weft_fail(err, WEFT_EIO,
                     "it needs about %" PRIu64 " MB in '%s', which has %" PRIu64
                     " MB: make room, then give the same command, or use --no-space-check",
                     (needed_bytes + MB - 1) / MB, dir, there / MB);
}

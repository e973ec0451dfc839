/* version.c - the file that makes a directory of tables a database.
 *
 * Source: doc/glass-format.md, "The version file".
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "version.h"

#include <errno.h>
#include <stdio.h>
#include <sys/random.h>

#include "weft/file.h"
#include "weft/mem.h"
#include "output.h"
#include "pack.h"
#include "banned.h"

enum {
    FORMAT_VERSION = (2016 - 2014) << 9 | 3 << 5 | 14, /* 2016-03-14 */
    UUID_BYTES = 16,
    VERSION_BYTES_MAX = 512,
    COMPRESS_MIN =
        18, /* bytes of a tag that stock Xapian compresses when it adds it later */
    FLAG_FAKE = 1,
    FLAG_SEQUENTIAL = 2
};

static const char magic[] = "\x0f\x0dXapian Glass";

static unsigned char *put_root(unsigned char *p, unsigned number, const table_root *root)
{
    unsigned char free_list[2 * PACKED_MAX + 4], *f = free_list;
    bool packs = number != TABLE_POSTLIST && number != TABLE_POSITION;
    unsigned flags = FLAG_SEQUENTIAL | (root->exists ? 0 : FLAG_FAKE);
    if (root->exists) {
        f = pack_uint(f, TABLE_REVISION);
        f = pack_uint(f, root->blocks);
        for (int i = 0; i < 4; i++)
            f = pack_uint(f, 0); /* where the free list is read and written: it is empty */
    }
    p = pack_uint(p, root->block);
    p = pack_uint(p, root->level << 2 | flags);
    p = pack_uint(p, root->entries);
    p = pack_uint(p, TABLE_BLOCK_BYTES >> 11);
    p = pack_uint(p, packs ? COMPRESS_MIN : 0);
    size_t n = (size_t)(f - free_list);
    p = pack_uint(p, n);
    memcpy(p, free_list, n);
    return p + n;
}

static unsigned char *put_statistics(unsigned char *p, const statistics *s)
{
    p = pack_uint(p, s->documents);
    p = pack_uint(p, s->last_docid - s->documents);
    p = pack_uint(p, s->shortest);
    p = pack_uint(p, s->wdf_max);
    p = pack_uint(p, s->longest - s->wdf_max);
    p = pack_uint(p, 0); /* oldest changeset: there is none */
    p = pack_uint(p, s->total_length);
    return pack_uint(p, 0); /* the highest frequency of a word to spell by */
}

static weft_code put_uuid(unsigned char *p, weft_error *err)
{
    if (getrandom(p, UUID_BYTES, 0) != UUID_BYTES)
        return weft_fail(err, WEFT_EIO, "no random bytes: %s", strerror(errno));
    p[6] = (unsigned char)((p[6] & 0x0F) | 0x40);
    p[8] = (unsigned char)((p[8] & 0x3F) | 0x80);
    return WEFT_OK;
}

static weft_code write_file(void *mem, const char *path, const unsigned char *p, size_t n,
                            weft_error *err)
{
    output *file;
    weft_code code = output_create(mem, path, &file, err);
    if (code == WEFT_OK)
        code = output_append(file, p, n, err);
    return code == WEFT_OK ? output_finish(file, err) : code;
}

weft_code version_write(const char *dir, const table_root roots[TABLE_COUNT],
                        const statistics *s, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    unsigned char bytes[VERSION_BYTES_MAX], *p = bytes;
    char *path = talloc_asprintf(tmp, "%s/iamglass", dir);
    char *fresh = talloc_asprintf(tmp, "%s/v.tmp", dir);
    if (path == NULL || fresh == NULL)
        return weft_fail_nomem(err);
    memcpy(p, magic, sizeof magic - 1);
    p = pack_big16(p + sizeof magic - 1, FORMAT_VERSION);
    weft_code code = put_uuid(p, err);
    p = pack_uint(p + UUID_BYTES, TABLE_REVISION);
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        p = put_root(p, i, &roots[i]);
    p = put_statistics(p, s);
    if (code == WEFT_OK)
        code = weft_sync_path(dir, err); /* the tables have their names before this */
    if (code == WEFT_OK)
        code = write_file(tmp, fresh, bytes, (size_t)(p - bytes), err);
    if (code == WEFT_OK && rename(fresh, path) != 0)
        code = weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    return code == WEFT_OK ? weft_sync_path(dir, err) : code;
}

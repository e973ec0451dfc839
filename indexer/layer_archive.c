/* layer_archive.c - what libarchive reads: zip and tar, and single files packed with bzip2, xz or
 * zstd.
 *
 * libarchive stops at the last file of an archive, and takes a zip without its directory for a
 * whole one: what stands behind is read here, so that one cut short is told. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layer.h"

#include <errno.h>

#include <archive.h>
#include <archive_entry.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

typedef struct archive_layer {
    layer base;
    struct archive *archive;
    const char *rest; /* of a block of libarchive's, not yet given */
    size_t rest_n;
    int64_t at;       /* bytes of the member given */
    size_t end_seen;  /* of a zip: bytes of the record at its end that were seen */
    weft_error fault; /* of the layer below, met in a callback */
    bool ended, seeks;
} archive_layer;

enum { ZIP_END_BYTES = 22, ZIP_END_MAX = ZIP_END_BYTES + 65535, ZIP_MARK_BYTES = 4 };

/* Look for the record at the end of a zip, which may begin in one block and end in the next. */
static void watch_end(archive_layer *a, weft_str block)
{
    static const char mark[] = "PK\5\6";
    if (a->end_seen < ZIP_MARK_BYTES) {
        size_t at = 0;
        while (at < block.n && a->end_seen < ZIP_MARK_BYTES) {
            bool fits = block.p[at] == mark[a->end_seen];
            a->end_seen = fits ? a->end_seen + 1 : (size_t)(block.p[at] == mark[0]);
            at++;
        }
        block = weft_str_of(block.p + at, block.n - at);
    }
    if (a->end_seen >= ZIP_MARK_BYTES)
        a->end_seen += block.n;
}

static la_ssize_t read_below(struct archive *archive, void *ctx, const void **block)
{
    archive_layer *a = ctx;
    weft_str s = {0};
    weft_error why = {0};
    if (layer_take(a->base.below, &s, &why) != WEFT_OK) {
        a->fault = why;
        archive_set_error(archive, EIO, "cannot be read");
        return ARCHIVE_FATAL;
    }
    watch_end(a, s);
    *block = s.p;
    return (la_ssize_t)s.n;
}

static la_int64_t seek_below(struct archive *archive, void *ctx, la_int64_t offset,
                             int whence)
{
    archive_layer *a = ctx;
    int64_t at = 0;
    bool moved = false;
    weft_error why = {0};
    (void)archive;
    if (layer_file_seek(a->base.below, offset, whence, &at, &moved, &why) != WEFT_OK)
        a->fault = why;
    return moved ? at : ARCHIVE_FATAL;
}

/* What libarchive says of its last fault, or the layer below. */
static weft_code fail(archive_layer *a, weft_error *err)
{
    const char *why = archive_error_string(a->archive);
    a->base.broken = true;
    if (a->fault.code != WEFT_OK)
        return weft_fail(err, a->fault.code, "%s", a->fault.text);
    return layer_fail(&a->base, why == NULL ? "corrupt" : why, err);
}

/* The next block of libarchive's; *more is false at the end of the member. */
static weft_code next_block(archive_layer *a, bool *more, weft_error *err)
{
    const void *p;
    la_int64_t offset;
    int got = archive_read_data_block(a->archive, &p, &a->rest_n, &offset);
    a->rest = p;
    *more = got != ARCHIVE_EOF;
    if (got == ARCHIVE_EOF)
        a->rest_n = 0;
    if (got != ARCHIVE_EOF && got != ARCHIVE_OK) /* a warning is a wrong checksum */
        return fail(a, err);
    if (*more && a->rest_n > 0 && offset != a->at)
        return layer_fail(&a->base, "a file with holes", err);
    a->at += (int64_t)a->rest_n;
    return WEFT_OK;
}

static weft_code archive_fill(layer *l, char *to, size_t size, size_t *n, weft_error *err)
{
    archive_layer *a = (archive_layer *)l;
    bool more = !a->ended;
    *n = 0;
    while (*n < size && more) {
        size_t take = a->rest_n < size - *n ? a->rest_n : size - *n;
        if (take > 0) { /* there may be no block yet */
            memcpy(to + *n, a->rest, take);
            a->rest += take;
        }
        *n += take;
        a->rest_n -= take;
        if (a->rest_n > 0)
            continue;
        weft_code code = next_block(a, &more, err);
        if (code != WEFT_OK)
            return code;
    }
    a->ended = !more;
    return WEFT_OK;
}

/* Where a zip was read here and there, only its end is looked at. */
static weft_code go_to_end(archive_layer *a, weft_error *err)
{
    int64_t at;
    bool moved;
    weft_code code = layer_file_seek(a->base.below, 0, SEEK_END, &at, &moved, err);
    a->end_seen = 0;
    if (code == WEFT_OK)
        code = layer_file_seek(a->base.below, at > ZIP_END_MAX ? at - ZIP_END_MAX : 0,
                               SEEK_SET, &at, &moved, err);
    return code;
}

/* Read what stands behind the last file. */
static weft_code finish(archive_layer *a, weft_error *err)
{
    bool is_zip = strcmp(a->base.packing, "zip") == 0;
    weft_code code = is_zip && a->seeks ? go_to_end(a, err) : WEFT_OK;
    weft_str block = {NULL, 1};
    while (code == WEFT_OK && block.n > 0) {
        code = layer_take(a->base.below, &block, err);
        if (code == WEFT_OK)
            watch_end(a, block);
    }
    a->base.broken = code != WEFT_OK;
    if (code == WEFT_OK && is_zip && a->end_seen < ZIP_END_BYTES)
        return layer_fail(&a->base, "truncated", err);
    return code;
}

static weft_code archive_next(layer *l, void *mem, const char **name, bool *more,
                              weft_error *err)
{
    archive_layer *a = (archive_layer *)l;
    struct archive_entry *entry;
    int got;
    do {
        got = archive_read_next_header(a->archive, &entry);
    } while ((got == ARCHIVE_OK || got == ARCHIVE_WARN) &&
             archive_entry_filetype(entry) != AE_IFREG &&
             archive_format(a->archive) != ARCHIVE_FORMAT_RAW);
    *more = got != ARCHIVE_EOF;
    l->held = false;
    a->rest_n = 0;
    a->at = 0;
    a->ended = false;
    if (!*more)
        return finish(a, err);
    if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
        return fail(a, err);
    *name = NULL;
    if (archive_format(a->archive) == ARCHIVE_FORMAT_RAW)
        return WEFT_OK;
    const char *path = archive_entry_pathname_utf8(entry);
    path = path == NULL ? archive_entry_pathname(entry) : path;
    *name = talloc_strdup(mem, path == NULL ? "?" : path);
    return *name == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

static int archive_close(archive_layer *a)
{
    if (a->archive != NULL)
        archive_read_free(a->archive);
    return 0;
}

/* Only what is expected is looked for: a text is not to be taken for an archive of some other
 * kind. */
static int support(struct archive *a, const char *packing)
{
    if (strcmp(packing, "zip") == 0)
        return archive_read_support_format_zip(a);
    if (strcmp(packing, "tar") == 0)
        return archive_read_support_format_tar(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_empty(a);
    return archive_read_support_format_raw(a);
}

weft_code layer_archive_open(void *mem, layer *below, const char *packing, layer **out,
                             weft_error *err)
{
    archive_layer *a = talloc_zero(mem, archive_layer);
    if (a == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(a, archive_close);
    a->base.below = below;
    a->base.file = below->file;
    a->base.where = below->where;
    a->base.packing = packing;
    a->base.fill = archive_fill;
    a->base.next = archive_next;
    a->archive = archive_read_new();
    if (a->archive == NULL)
        return weft_fail_nomem(err);
    if (support(a->archive, packing) == ARCHIVE_FATAL)
        return fail(a, err);
    archive_read_set_read_callback(a->archive, read_below);
    archive_read_set_callback_data(a->archive, a);
    int64_t at;
    weft_code code = layer_file_seek(below, 0, SEEK_SET, &at, &a->seeks, err);
    if (code != WEFT_OK)
        return code;
    if (a->seeks)
        archive_read_set_seek_callback(a->archive, seek_below);
    if (archive_read_open1(a->archive) != ARCHIVE_OK)
        return fail(a, err);
    *out = &a->base;
    return WEFT_OK;
}

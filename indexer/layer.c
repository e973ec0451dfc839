/* layer.c - what a file may be packed in: the file itself, gzip by zlib, how a packing is told.
 *
 * gzip is read by zlib and not by libarchive (3.6), which does not compare its checksums. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "layer.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>

#include <zlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum {
    TAR_MAGIC_AT = 257,
    GZIP_FIRST = 0x1f, /* byte of each part */

    WINDOW_GZIP = 15 + 16 /* zlib: gzip alone, the largest window */
};

typedef struct file_layer {
    layer base;
    FILE *file;
    uint64_t at; /* bytes */
} file_layer;

typedef struct gzip_layer {
    layer base;
    z_stream z;
    bool open, ended;
    char fault[64]; /* to be told once what came before it was given */
} gzip_layer;

static const struct {
    size_t at;
    const char *magic;
    size_t n;
    const char *name;
    bool known;
} packings[] = {
    {0, "\x1f\x8b", 2, "gzip", true},
    {0, "\x28\xb5\x2f\xfd", 4, "zstd", true},
    {0, "BZh", 3, "bzip2", true},
    {0,
     "\xfd"
     "7zXZ",
     5, "xz", true},
    {0, "PK\x03\x04", 4, "zip", true},
    {0, "PK\x05\x06", 4, "zip", true},
    {TAR_MAGIC_AT, "ustar", 5, "tar", true},
    {0, "7z\xbc\xaf\x27\x1c", 6, "7-zip", false},
    {0, "Rar!\x1a\x07", 6, "rar", false},
    {0, "\x1f\x9d", 2, "compress", false},
    {0, "\x04\x22\x4d\x18", 4, "lz4", false},
    {0, "LZIP", 4, "lzip", false},
};

const char *layer_packing(weft_str head, bool *known)
{
    for (size_t i = 0; i < sizeof packings / sizeof packings[0]; i++) {
        *known = packings[i].known;
        if (head.n >= packings[i].at + packings[i].n &&
            memcmp(head.p + packings[i].at, packings[i].magic, packings[i].n) == 0)
            return packings[i].name;
    }
    return NULL;
}

bool layer_is_bomb(uint64_t packed, uint64_t unpacked)
{
    if (unpacked > (uint64_t)WEFT_UNPACK_MIB_MAX * 1024 * 1024)
        return true;
    return unpacked > WEFT_UNPACK_FREE_BYTES && unpacked / WEFT_UNPACK_RATIO_MAX > packed;
}

weft_code layer_fail(layer *l, const char *why, weft_error *err)
{
    l->broken = true;
    return weft_fail(err, WEFT_EIO,
                     "%s: cannot be unpacked at byte %" PRIu64 "%s%s: %s: %s", l->where,
                     l->file->taken, l->where == l->file->name ? "" : " of ",
                     l->where == l->file->name ? "" : l->file->name, l->packing, why);
}

weft_code layer_take(layer *l, weft_str *block, weft_error *err)
{
    if (!l->held) {
        l->n = 0;
        weft_code code = l->fill(l, l->block, sizeof l->block, &l->n, err);
        if (code != WEFT_OK)
            return code;
        l->given += l->n;
    }
    l->held = false;
    *block = weft_str_of(l->block, l->n);
    if (l->below == NULL || !layer_is_bomb(l->file->taken, l->given))
        return WEFT_OK;
    l->broken = true;
    return weft_fail(err, WEFT_ELIMIT,
                     "%s: unpacks to over %" PRIu64 " bytes at byte %" PRIu64
                     ": more than is taken from one file",
                     l->where, l->given - 1, l->file->taken);
}

weft_code layer_peek(layer *l, weft_str *block, weft_error *err)
{
    weft_code code = layer_take(l, block, err);
    l->held = code == WEFT_OK;
    return code;
}

static weft_code file_fill(layer *l, char *to, size_t size, size_t *n, weft_error *err)
{
    file_layer *f = (file_layer *)l;
    *n = fread(to, 1, size, f->file);
    if (*n < size && ferror(f->file) && errno == EISDIR)
        return weft_fail(err, WEFT_EIO, "%s: is a directory: name the files in it",
                         l->file->name);
    if (*n < size && ferror(f->file))
        return weft_fail(err, WEFT_EIO, "%s: %s", l->file->name, strerror(errno));
    f->at += *n;
    uint64_t more = f->at > l->file->taken ? f->at - l->file->taken : 0;
    l->file->taken += more;
    if (l->file->sum != NULL)
        *l->file->sum += more;
    return WEFT_OK;
}

static int file_close(file_layer *f)
{
    if (f->file != NULL && f->file != stdin)
        fclose(f->file);
    return 0;
}

weft_code layer_file_open(void *mem, const char *path, layer_file *file, layer **out,
                          weft_error *err)
{
    file_layer *f = talloc_zero(mem, file_layer);
    if (f == NULL)
        return weft_fail_nomem(err);
    f->base.file = file;
    f->base.where = file->name;
    f->base.fill = file_fill;
    f->file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
    talloc_set_destructor(f, file_close);
    if (f->file == NULL && errno == ENOMEM)
        return weft_fail_nomem(err);
    if (f->file == NULL)
        return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    setvbuf(f->file, NULL, _IONBF, 0); /* it is read by whole blocks */
    *out = &f->base;
    return WEFT_OK;
}

weft_code layer_file_seek(layer *l, int64_t offset, int whence, int64_t *at, bool *moved,
                          weft_error *err)
{
    file_layer *f = (file_layer *)l;
    struct stat st;
    *moved = false;
    if (l->below != NULL || fstat(fileno(f->file), &st) != 0 || !S_ISREG(st.st_mode))
        return WEFT_OK;
    if (fseeko(f->file, offset, whence) != 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", l->file->name, strerror(errno));
    l->held = false;
    *at = ftello(f->file);
    f->at = (uint64_t)*at;
    *moved = true;
    return WEFT_OK;
}

static weft_code gzip_feed(gzip_layer *g, bool *more, weft_error *err)
{
    weft_str block = weft_str_of((const char *)g->z.next_in, g->z.avail_in);
    weft_code code = WEFT_OK;
    if (block.n == 0)
        code = layer_take(g->base.below, &block, err);
    g->z.next_in = (z_const Bytef *)(uintptr_t)block.p;
    g->z.avail_in = (uInt)block.n;
    *more = block.n > 0;
    return code;
}

/* Between two parts: zeros that fill a tape or a block are passed over. What cannot be another
 * part ends it, and is told. */
static weft_code gzip_next_part(gzip_layer *g, weft_error *err)
{
    bool more = true;
    g->ended = false;
    for (;;) {
        weft_code code = gzip_feed(g, &more, err);
        if (code != WEFT_OK)
            return code;
        while (g->z.avail_in > 0 && *g->z.next_in == 0) {
            g->z.next_in++;
            g->z.avail_in--;
        }
        if (g->z.avail_in > 0 || !more)
            break;
    }
    bool is_rubbish = more && *g->z.next_in != GZIP_FIRST;
    if (is_rubbish && g->base.file->rubbish_at == 0)
        g->base.file->rubbish_at = g->base.file->taken - g->z.avail_in;
    g->ended = !more || is_rubbish;
    if (!g->ended && inflateReset(&g->z) != Z_OK)
        return weft_fail_nomem(err);
    return WEFT_OK;
}

/* One step; a fault of the packing goes to g->fault. */
static weft_code gzip_step(gzip_layer *g, weft_error *err)
{
    bool more;
    weft_code code = gzip_feed(g, &more, err);
    if (code != WEFT_OK)
        return code;
    if (!more) {
        snprintf(g->fault, sizeof g->fault, "truncated");
        return WEFT_OK;
    }
    int got = inflate(&g->z, Z_NO_FLUSH);
    if (got == Z_STREAM_END)
        return gzip_next_part(g, err);
    if (got == Z_MEM_ERROR)
        return weft_fail_nomem(err);
    if (got != Z_OK)
        snprintf(g->fault, sizeof g->fault, "corrupt: %.48s",
                 g->z.msg == NULL ? "no gzip" : g->z.msg);
    return WEFT_OK;
}

static weft_code gzip_fill(layer *l, char *to, size_t size, size_t *n, weft_error *err)
{
    gzip_layer *g = (gzip_layer *)l;
    weft_code code = WEFT_OK;
    g->z.next_out = (Bytef *)to;
    g->z.avail_out = (uInt)size;
    while (code == WEFT_OK && g->z.avail_out > 0 && !g->ended && g->fault[0] == '\0')
        code = gzip_step(g, err);
    *n = size - g->z.avail_out;
    if (code == WEFT_OK && g->fault[0] != '\0' && *n == 0)
        return layer_fail(l, g->fault, err);
    l->broken = code != WEFT_OK;
    return code;
}

static int gzip_close(gzip_layer *g)
{
    if (g->open)
        inflateEnd(&g->z);
    return 0;
}

weft_code layer_gzip_open(void *mem, layer *below, layer **out, weft_error *err)
{
    gzip_layer *g = talloc_zero(mem, gzip_layer);
    if (g == NULL)
        return weft_fail_nomem(err);
    g->base.below = below;
    g->base.file = below->file;
    g->base.where = below->where;
    g->base.packing = "gzip";
    g->base.fill = gzip_fill;
    talloc_set_destructor(g, gzip_close);
    if (inflateInit2(&g->z, WINDOW_GZIP) != Z_OK)
        return weft_fail_nomem(err);
    g->open = true;
    *out = &g->base;
    return WEFT_OK;
}

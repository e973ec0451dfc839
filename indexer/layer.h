/* layer.h - a stack of what a file is packed in: each layer gives the bytes that stand in the one
 * below it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LAYER_H
#define LAYER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "weft/error.h"
#include "weft/str.h"

enum { LAYER_BLOCK = 64 * 1024 };

/** What the file as a whole gave so far; shared by the layers over it. */
typedef struct layer_file {
    const char *name;     /* in messages; borrowed */
    uint64_t taken, *sum; /* bytes of it that were read; and where else they are counted */
    uint64_t rubbish_at;  /* byte where what is no gzip stands behind one; 0 for nowhere */
} layer_file;

typedef struct layer layer;

struct layer {
    layer *below; /* NULL for the file itself */
    layer_file *file;
    const char *packing; /* "gzip", "zip": NULL for the file itself */
    const char *where;   /* name of what it gives, in messages; its own or borrowed */
    char *member;        /* of an archive: that name, when the member has one */
    /* Fill `to` with the next bytes; fewer than size only at the end, and *n 0 only there. */
    weft_code (*fill)(layer *l, char *to, size_t size, size_t *n, weft_error *err);
    /* The next file in an archive, its name in mem; NULL for a layer of one file. *name is NULL
     * for a file without a name of its own. */
    weft_code (*next)(layer *l, void *mem, const char **name, bool *more, weft_error *err);
    uint64_t given; /* bytes */
    bool broken, held;
    size_t n;
    char block[LAYER_BLOCK];
};

/** Whether so much cannot have been packed in so little by anyone who meant well: over
 * WEFT_UNPACK_RATIO_MAX times as much, past the first WEFT_UNPACK_FREE_BYTES; or over
 * WEFT_UNPACK_MIB_MAX in all. */
bool layer_is_bomb(uint64_t packed, uint64_t unpacked);

/** The packing that the first bytes are of: "gzip", "tar"; NULL for none. Those that are not
 * `known` cannot be read. */
const char *layer_packing(weft_str head, bool *known);

/** The next block, borrowed until the next call; empty at the end. Errors: WEFT_EIO and
 * WEFT_ELIMIT, naming file, member and byte; then the layer is broken. */
weft_code layer_take(layer *l, weft_str *block, weft_error *err) weft_must_check;

/** The next block without using it up. */
weft_code layer_peek(layer *l, weft_str *block, weft_error *err) weft_must_check;

/** "NAME: byte N: WHY", naming the member at work; the layer is broken. Returns WEFT_EIO. */
weft_code layer_fail(layer *l, const char *why, weft_error *err);

/** A file, or standard input for "-". Owner: *out is in mem. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code layer_file_open(void *mem, const char *path, layer_file *file, layer **out,
                          weft_error *err) weft_must_check;

/** gzip, of one or many parts, over another layer. */
weft_code layer_gzip_open(void *mem, layer *below, layer **out,
                          weft_error *err) weft_must_check;

/** What libarchive reads of the packing, over another layer: an archive, or one packed file. */
weft_code layer_archive_open(void *mem, layer *below, const char *packing, layer **out,
                             weft_error *err) weft_must_check;

/** Move in the file itself. *moved is false when it cannot, as in a pipe. */
weft_code layer_file_seek(layer *l, int64_t offset, int whence, int64_t *at, bool *moved,
                          weft_error *err) weft_must_check;

#endif

/* stream.c - the entries of a part go into a table. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "weft/mem.h"
#include "pack.h"
#include "banned.h"

enum { READ_BYTES = 1024 * 1024, TAG_MAX = 256 * 1024 * 1024 };

typedef struct stream {
    FILE *file;
    const char *path;
    void *mem;
    char *tag;
    size_t tag_size;
} stream;

static weft_code fail_damaged(const stream *s, weft_error *err)
{
    return ferror(s->file) ? weft_fail(err, WEFT_EIO, "%s: %s", s->path, strerror(errno))
                           : weft_fail(err, WEFT_ECORRUPT, "%s: is damaged", s->path);
}

/* A packed number; false at the end of the file or when it is no number. */
static bool read_number(stream *s, uint64_t *out)
{
    *out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        int c = getc_unlocked(s->file);
        if (c == EOF)
            return false;
        *out |= (uint64_t)(c & 0x7F) << shift;
        if (c < 0x80)
            return true;
    }
    return false;
}

static weft_code hold(stream *s, uint64_t n, weft_error *err)
{
    if (n <= s->tag_size)
        return WEFT_OK;
    char *grown = weft_grow_array(s->mem, s->tag, char, n * 2);
    if (grown == NULL)
        return weft_fail_nomem(err);
    s->tag = grown;
    s->tag_size = n * 2;
    return WEFT_OK;
}

static weft_code add_entry(stream *s, uint64_t key_n, table *t, uint32_t base,
                           weft_error *err)
{
    unsigned char key[DOCID_KEY_MAX], moved[DOCID_KEY_MAX];
    uint64_t tag_n;
    uint32_t docid;
    if (key_n < 2 || key_n > sizeof key || !read_number(s, &tag_n) || tag_n > TAG_MAX)
        return fail_damaged(s, err);
    weft_code code = hold(s, tag_n, err);
    if (code != WEFT_OK)
        return code;
    memset(key, 0, sizeof key);
    if (fread(key, 1, key_n, s->file) != key_n || fread(s->tag, 1, tag_n, s->file) != tag_n)
        return fail_damaged(s, err);
    const unsigned char *rest = unpack_sortable(key, &docid);
    size_t rest_n = key_n - (size_t)(rest - key);
    if ((size_t)(rest - key) > key_n || rest_n > 1 || docid > UINT32_MAX - base)
        return fail_damaged(s, err);
    unsigned char *end = pack_sortable(moved, base + docid);
    memcpy(end, rest, rest_n);
    return table_add(t, weft_str_of((const char *)moved, (size_t)(end - moved) + rest_n),
                     weft_str_of(s->tag, tag_n), err);
}

static weft_code append_all(stream *s, table *t, uint32_t base, weft_error *err)
{
    uint64_t key_n;
    weft_code code = hold(s, 1, err);
    while (code == WEFT_OK && read_number(s, &key_n))
        code = add_entry(s, key_n, t, base, err);
    return code == WEFT_OK && ferror(s->file) ? fail_damaged(s, err) : code;
}

weft_code stream_append(table *t, const char *dir, const char *name, uint32_t base,
                        weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    stream s = {.mem = tmp, .path = talloc_asprintf(tmp, "%s/%s", dir, name)};
    char *buffer = talloc_size(tmp, READ_BYTES);
    if (s.path == NULL || buffer == NULL)
        return weft_fail_nomem(err);
    s.file = fopen(s.path, "rbe");
    if (s.file == NULL)
        return weft_fail(err, WEFT_EIO, "%s: %s", s.path, strerror(errno));
    setvbuf(s.file, buffer, _IOFBF, READ_BYTES);
    weft_code code = append_all(&s, t, base, err);
    fclose(s.file);
    return code;
}

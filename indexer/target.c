/* target.c - where documents go: into a generation through Xapian's writer, or into a new one
 * by the bulk writer. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "target.h"

#include <assert.h>

#include "weft/bulk.h"
#include "weft/mem.h"
#include "banned.h"

struct target {
    weft_writer *writer; /* one of the two is NULL */
    weft_bulk *bulk;
    bool is_part;
    uint32_t docid; /* of the last document of bulk */
};

static int target_destroy(target *t)
{
    weft_writer_free(t->writer);
    return 0;
}

weft_code target_open(void *mem, const char *path, bool create, target **out,
                      weft_error *err)
{
    target *t = talloc_zero(mem, target);
    if (t == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(t, target_destroy);
    weft_code code = weft_writer_open(path, create, &t->writer, err);
    if (code == WEFT_OK)
        *out = t;
    return code;
}

static weft_code open_bulk(void *mem, const char *path, size_t memory_bytes, bool is_part,
                           target **out, weft_error *err)
{
    target *t = talloc_zero(mem, target);
    if (t == NULL)
        return weft_fail_nomem(err);
    t->is_part = is_part;
    weft_code code = is_part ? weft_bulk_open_part(t, path, memory_bytes, &t->bulk, err)
                             : weft_bulk_open(t, path, memory_bytes, &t->bulk, err);
    if (code == WEFT_OK)
        *out = t;
    return code;
}

weft_code target_bulk(void *mem, const char *path, size_t memory_bytes, target **out,
                      weft_error *err)
{
    return open_bulk(mem, path, memory_bytes, false, out, err);
}

weft_code target_part(void *mem, const char *path, size_t memory_bytes, target **out,
                      weft_error *err)
{
    return open_bulk(mem, path, memory_bytes, true, out, err);
}

weft_code target_adopt(target *t, const char *part, weft_error *err)
{
    return weft_bulk_adopt(t->bulk, part, err);
}

bool target_is_bulk(const target *t)
{
    return t->bulk != NULL;
}

weft_code target_put(target *t, const weft_document *document, weft_error *err)
{
    if (t->bulk == NULL)
        return weft_writer_put(t->writer, document, err);
    weft_code code = weft_bulk_put(t->bulk, t->docid + 1, document, err);
    if (code == WEFT_OK)
        t->docid++;
    return code;
}

weft_code target_remove(target *t, weft_str unique, weft_error *err)
{
    assert(t->bulk == NULL);
    return weft_writer_remove(t->writer, unique, err);
}

weft_code target_set_metadata(target *t, const char *key, weft_str value, weft_error *err)
{
    return t->bulk == NULL ? weft_writer_set_metadata(t->writer, key, value, err)
                           : weft_bulk_set_metadata(t->bulk, key, value, err);
}

weft_code target_commit(target *t, weft_error *err)
{
    if (t->bulk == NULL)
        return weft_writer_commit(t->writer, err);
    return t->is_part ? weft_bulk_close_part(t->bulk, err) : weft_bulk_finish(t->bulk, err);
}

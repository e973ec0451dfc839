/* bulk.c - write a whole generation at once: documents in, a Xapian glass database out. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/bulk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "weft/file.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "batch.h"
#include "pack.h"
#include "runs.h"
#include "stream.h"
#include "values.h"
#include "version.h"
#include "banned.h"

enum {
    METADATA_KEY_MAX = 250,
    VALUE_MAX = 16 * 1024 * 1024,
    BATCH_SHARE = 8,            /* of the memory, for documents not yet turned round */
    BATCH_MAX = 8 * 1024 * 1024 /* more than the caches hold gains nothing */
};

typedef struct metadata {
    weft_str key, value;
} metadata;

struct weft_bulk {
    const char *dir;
    table *termlist, *docdata;
    batch *batch;
    runs *runs;
    values *values;
    metadata *metadata;
    size_t metadata_count;
    statistics statistics;
    weft_value slots[WEFT_BULK_SLOTS]; /* values of the document at work */
};

static weft_code create_table(void *mem, const char *dir, const char *name, table **out,
                              weft_error *err)
{
    char *path = talloc_asprintf(mem, "%s/%s.glass", dir, name);
    return path == NULL ? weft_fail_nomem(err) : table_create(mem, path, out, err);
}

static weft_code create_stream(void *mem, const char *dir, const char *name, table **out,
                               weft_error *err)
{
    char *path = talloc_asprintf(mem, "%s/%s", dir, name);
    return path == NULL ? weft_fail_nomem(err) : table_create_stream(mem, path, out, err);
}

/* What a database and a part have in common. */
static weft_code new_bulk(void *mem, const char *dir, size_t *memory_bytes, weft_bulk **out,
                          weft_error *err)
{
    weft_bulk *b = talloc_zero(mem, weft_bulk);
    if (b == NULL || (b->dir = talloc_strdup(b, dir)) == NULL)
        return weft_fail_nomem(err);
    if (*memory_bytes < WEFT_BULK_MEMORY_MIN)
        *memory_bytes = WEFT_BULK_MEMORY_MIN;
    if (mkdir(dir, 0777) != 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", dir, strerror(errno));
    size_t batch_bytes = *memory_bytes / BATCH_SHARE;
    if (batch_bytes > BATCH_MAX)
        batch_bytes = BATCH_MAX;
    *memory_bytes -= 2 * batch_bytes;
    *out = b;
    return batch_new(b, batch_bytes, &b->batch, err);
}

weft_code weft_bulk_open(void *mem, const char *dir, size_t memory_bytes, weft_bulk **out,
                         weft_error *err)
{
    weft_bulk *b;
    weft_code code = new_bulk(mem, dir, &memory_bytes, &b, err);
    if (code == WEFT_OK)
        code = create_table(b, dir, "termlist", &b->termlist, err);
    if (code == WEFT_OK)
        code = runs_new(b, b->dir, memory_bytes, &b->runs, err);
    if (code == WEFT_OK)
        code = values_new(b, b->dir, &b->values, err);
    if (code == WEFT_OK)
        *out = b;
    return code;
}

weft_code weft_bulk_open_part(void *mem, const char *dir, size_t memory_bytes,
                              weft_bulk **out, weft_error *err)
{
    weft_bulk *b;
    weft_code code = new_bulk(mem, dir, &memory_bytes, &b, err);
    if (code == WEFT_OK)
        code = create_stream(b, dir, "termlist", &b->termlist, err);
    if (code == WEFT_OK)
        code = create_stream(b, dir, "docdata", &b->docdata, err);
    if (code == WEFT_OK)
        code = runs_new_part(b, b->dir, &b->runs, err);
    if (code == WEFT_OK)
        code = values_new_part(b, b->dir, &b->values, err);
    if (code == WEFT_OK)
        *out = b;
    return code;
}

static weft_code check(const weft_bulk *b, uint32_t docid, const weft_document *d,
                       weft_error *err)
{
    if (docid <= b->statistics.last_docid)
        return weft_fail(err, WEFT_EUSAGE, "document %u comes after document %u", docid,
                         b->statistics.last_docid);
    for (size_t i = 0; i < d->value_count; i++) {
        if (d->values[i].slot >= WEFT_BULK_SLOTS || d->values[i].bytes.n > VALUE_MAX)
            return weft_fail(err, WEFT_ELIMIT,
                             "a value of %zu bytes in slot %u cannot be stored",
                             d->values[i].bytes.n, d->values[i].slot);
    }
    return WEFT_OK;
}

/* The values in order of their slots, the last one of each; none that is empty. */
static void sort_values(weft_bulk *b, const weft_document *d, weft_document *out)
{
    size_t n = 0;
    for (size_t i = d->value_count; i-- > 0;) {
        size_t at = 0;
        while (at < n && b->slots[at].slot < d->values[i].slot)
            at++;
        if (at < n && b->slots[at].slot == d->values[i].slot)
            continue;
        memmove(&b->slots[at + 1], &b->slots[at], (n - at) * sizeof b->slots[0]);
        b->slots[at] = d->values[i];
        n++;
    }
    out->values = b->slots;
    out->value_count = 0;
    for (size_t i = 0; i < n; i++)
        if (b->slots[i].bytes.n > 0)
            b->slots[out->value_count++] = b->slots[i];
}

/* The docdata table, which is there only when a document has stored bytes. */
static weft_code need_docdata(weft_bulk *b, weft_error *err)
{
    return b->docdata != NULL ? WEFT_OK
                              : create_table(b, b->dir, "docdata", &b->docdata, err);
}

static weft_code add_data(weft_bulk *b, uint32_t docid, weft_str stored, weft_error *err)
{
    unsigned char key[DOCID_KEY_MAX];
    if (stored.n == 0)
        return WEFT_OK;
    weft_code code = need_docdata(b, err);
    size_t n = (size_t)(pack_sortable(key, docid) - key);
    return code == WEFT_OK
               ? table_add(b->docdata, weft_str_of((const char *)key, n), stored, err)
               : code;
}

static void count(statistics *s, uint32_t docid, uint32_t length, uint32_t wdf_max)
{
    s->documents++;
    s->last_docid = docid;
    s->total_length += length;
    if (length > 0 && (s->shortest == 0 || length < s->shortest))
        s->shortest = length;
    if (length > s->longest)
        s->longest = length;
    if (wdf_max > s->wdf_max)
        s->wdf_max = wdf_max;
}

weft_code weft_bulk_put(weft_bulk *b, uint32_t docid, const weft_document *document,
                        weft_error *err)
{
    weft_document d = *document;
    uint32_t length, wdf_max;
    weft_code code = check(b, docid, document, err);
    if (code != WEFT_OK)
        return code;
    sort_values(b, document, &d);
    code = batch_add(b->batch, docid, &d, &length, &wdf_max, err);
    for (size_t i = 0; code == WEFT_OK && i < d.value_count; i++)
        code = values_add(b->values, docid, &d.values[i], err);
    if (code == WEFT_OK)
        code = add_data(b, docid, document->stored, err);
    if (code == WEFT_OK && batch_is_full(b->batch))
        code = batch_write(b->batch, b->runs, b->termlist, err);
    if (code == WEFT_OK)
        count(&b->statistics, docid, length, wdf_max);
    return code;
}

weft_code weft_bulk_set_metadata(weft_bulk *b, const char *key, weft_str value,
                                 weft_error *err)
{
    size_t n = strlen(key), i = 0;
    if (n == 0 || n > METADATA_KEY_MAX)
        return weft_fail(err, WEFT_ELIMIT, "a metadata key of %zu bytes cannot be stored",
                         n);
    while (i < b->metadata_count && !weft_str_is(b->metadata[i].key, key))
        i++;
    if (i == b->metadata_count) {
        metadata *grown = weft_grow_array(b, b->metadata, metadata, i + 1);
        char *copy = weft_str_dup(b, weft_str_from(key));
        if (grown != NULL)
            b->metadata = grown;
        if (grown == NULL || copy == NULL)
            return weft_fail_nomem(err);
        b->metadata[b->metadata_count++] = (metadata){{copy, n}, {NULL, 0}};
    }
    char *bytes = weft_str_dup(b, value);
    if (bytes == NULL)
        return weft_fail_nomem(err);
    b->metadata[i].value = weft_str_of(bytes, value.n);
    return WEFT_OK;
}

static int by_key(const void *a, const void *b)
{
    return weft_str_cmp(((const metadata *)a)->key, ((const metadata *)b)->key);
}

static weft_code write_metadata(weft_bulk *b, table *t, weft_error *err)
{
    char name[2 + METADATA_KEY_MAX] = {'\0', '\xc0'};
    weft_code code = WEFT_OK;
    if (b->metadata_count > 0)
        qsort(b->metadata, b->metadata_count, sizeof *b->metadata, by_key);
    for (size_t i = 0; code == WEFT_OK && i < b->metadata_count; i++) {
        const metadata *m = &b->metadata[i];
        memcpy(name + 2, m->key.p, m->key.n);
        if (m->value.n > 0)
            code = table_add(t, weft_str_of(name, 2 + m->key.n), m->value, err);
    }
    return code;
}

static weft_code write_postlist(weft_bulk *b, table_root *root, weft_error *err)
{
    table *t;
    weft_code code = create_table(b, b->dir, "postlist", &t, err);
    if (code == WEFT_OK)
        code = write_metadata(b, t, err);
    if (code == WEFT_OK)
        code = values_write(b->values, t, err);
    if (code == WEFT_OK)
        code = runs_merge(b->runs, t, err);
    return code == WEFT_OK ? table_finish(t, root, err) : code;
}

weft_code weft_bulk_finish(weft_bulk *b, weft_error *err)
{
    table_root roots[TABLE_COUNT] = {{0}};
    weft_code code = batch_write(b->batch, b->runs, b->termlist, err);
    talloc_free(b->batch);
    b->batch = NULL;
    if (code == WEFT_OK)
        code = table_finish(b->termlist, &roots[TABLE_TERMLIST], err);
    if (code == WEFT_OK && b->docdata != NULL)
        code = table_finish(b->docdata, &roots[TABLE_DOCDATA], err);
    if (code == WEFT_OK)
        code = write_postlist(b, &roots[TABLE_POSTLIST], err);
    return code == WEFT_OK ? version_write(b->dir, roots, &b->statistics, err) : code;
}

weft_code weft_bulk_close_part(weft_bulk *b, weft_error *err)
{
    table_root none;
    output *index;
    char *path = talloc_asprintf(b, "%s/index", b->dir);
    if (path == NULL)
        return weft_fail_nomem(err);
    weft_code code = batch_write(b->batch, b->runs, b->termlist, err);
    if (code == WEFT_OK)
        code = table_finish(b->termlist, &none, err);
    if (code == WEFT_OK)
        code = table_finish(b->docdata, &none, err);
    if (code == WEFT_OK)
        code = output_create(b, path, &index, err);
    if (code == WEFT_OK)
        code = output_append(index, &b->statistics, sizeof b->statistics, err);
    if (code == WEFT_OK)
        code = runs_save(b->runs, index, err);
    if (code == WEFT_OK)
        code = values_save(b->values, index, err);
    if (code == WEFT_OK)
        code = output_finish(index, err);
    return code == WEFT_OK ? weft_sync_path(b->dir, err) : code;
}

static void add_statistics(statistics *s, const statistics *part)
{
    s->documents += part->documents;
    s->last_docid += part->last_docid;
    s->total_length += part->total_length;
    if (part->shortest > 0 && (s->shortest == 0 || part->shortest < s->shortest))
        s->shortest = part->shortest;
    s->longest = part->longest > s->longest ? part->longest : s->longest;
    s->wdf_max = part->wdf_max > s->wdf_max ? part->wdf_max : s->wdf_max;
}

static weft_code adopt_index(weft_bulk *b, const char *part, FILE *index, weft_error *err)
{
    statistics s;
    uint32_t base = b->statistics.last_docid;
    if (fread(&s, sizeof s, 1, index) != 1)
        return weft_fail(err, WEFT_ECORRUPT, "%s: is no part of a build", part);
    weft_code code = batch_write(b->batch, b->runs, b->termlist, err);
    if (code == WEFT_OK)
        code = runs_adopt(b->runs, part, index, base, err);
    if (code == WEFT_OK)
        code = values_adopt(b->values, part, index, base, err);
    if (code == WEFT_OK)
        code = stream_append(b->termlist, part, "termlist", base, err);
    if (code == WEFT_OK)
        code = need_docdata(b, err);
    if (code == WEFT_OK)
        code = stream_append(b->docdata, part, "docdata", base, err);
    if (code == WEFT_OK)
        add_statistics(&b->statistics, &s);
    return code;
}

weft_code weft_bulk_adopt(weft_bulk *b, const char *part, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = talloc_asprintf(tmp, "%s/index", part);
    FILE *index = path == NULL ? NULL : fopen(path, "rbe");
    if (path == NULL)
        return weft_fail_nomem(err);
    if (index == NULL)
        return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    weft_code code = adopt_index(b, part, index, err);
    fclose(index);
    return code;
}

/* bulk.c - write a whole generation at once: documents in, a Xapian glass database out. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/bulk.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "pack.h"
#include "postings.h"
#include "sort.h"
#include "termlists.h"
#include "values.h"
#include "version.h"
#include "banned.h"

enum { METADATA_KEY_MAX = 250, VALUE_MAX = 16 * 1024 * 1024, SORTED_FIRST = 256 };

typedef struct metadata {
    weft_str key, value;
} metadata;

struct weft_bulk {
    const char *dir;
    table *termlist, *docdata;
    postings *postings;
    values *values;
    metadata *metadata;
    size_t metadata_count;
    statistics statistics;
    weft_term *sorted; /* terms of the document at work */
    sort_key *keys;    /* and room to sort them, twice as many */
    size_t sorted_size;
    weft_value slots[WEFT_BULK_SLOTS]; /* its values */
    unsigned char *buffer;             /* its termlist */
    size_t buffer_size;
};

static weft_code create_table(void *mem, const char *dir, const char *name, table **out,
                              weft_error *err)
{
    char *path = talloc_asprintf(mem, "%s/%s.glass", dir, name);
    return path == NULL ? weft_fail_nomem(err) : table_create(mem, path, out, err);
}

weft_code weft_bulk_open(void *mem, const char *dir, size_t memory_bytes, weft_bulk **out,
                         weft_error *err)
{
    weft_bulk *b = talloc_zero(mem, weft_bulk);
    if (b == NULL || (b->dir = talloc_strdup(b, dir)) == NULL)
        return weft_fail_nomem(err);
    if (memory_bytes < WEFT_BULK_MEMORY_MIN)
        memory_bytes = WEFT_BULK_MEMORY_MIN;
    if (mkdir(dir, 0777) != 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", dir, strerror(errno));
    weft_code code = create_table(b, dir, "termlist", &b->termlist, err);
    if (code == WEFT_OK)
        code = postings_new(b, b->dir, memory_bytes, &b->postings, err);
    if (code == WEFT_OK)
        code = values_new(b, b->dir, &b->values, err);
    if (code == WEFT_OK)
        *out = b;
    return code;
}

static weft_code check(const weft_bulk *b, uint32_t docid, const weft_document *d,
                       weft_error *err)
{
    uint64_t length = 0;
    if (docid <= b->statistics.last_docid)
        return weft_fail(err, WEFT_EUSAGE, "document %u comes after document %u", docid,
                         b->statistics.last_docid);
    for (size_t i = 0; i < d->term_count; i++) {
        weft_str t = d->terms[i].text;
        if (t.n == 0 || t.n > WEFT_TERM_MAX || memchr(t.p, '\0', t.n) != NULL)
            return weft_fail(err, WEFT_ELIMIT,
                             "a term of %zu bytes (or with a NUL) cannot be stored", t.n);
        length += d->terms[i].wdf;
    }
    if (length > UINT32_MAX)
        return weft_fail(err, WEFT_ELIMIT, "a document is too long to be counted");
    for (size_t i = 0; i < d->value_count; i++) {
        if (d->values[i].slot >= WEFT_BULK_SLOTS || d->values[i].bytes.n > VALUE_MAX)
            return weft_fail(err, WEFT_ELIMIT,
                             "a value of %zu bytes in slot %u cannot be stored",
                             d->values[i].bytes.n, d->values[i].slot);
    }
    return WEFT_OK;
}

static weft_code make_room(weft_bulk *b, size_t terms, weft_error *err)
{
    if (terms <= b->sorted_size)
        return WEFT_OK;
    size_t size = terms < SORTED_FIRST ? SORTED_FIRST : terms * 2;
    weft_term *sorted = weft_grow_array(b, b->sorted, weft_term, size);
    if (sorted != NULL)
        b->sorted = sorted;
    sort_key *keys = weft_grow_array(b, b->keys, sort_key, size * 2);
    if (keys != NULL)
        b->keys = keys;
    if (sorted == NULL || keys == NULL)
        return weft_fail_nomem(err);
    b->sorted_size = size;
    return WEFT_OK;
}

/* The terms in order, each once. */
static weft_code sort_terms(weft_bulk *b, const weft_document *d, weft_document *out,
                            weft_error *err)
{
    weft_code code = make_room(b, d->term_count, err);
    if (code != WEFT_OK)
        return code;
    for (size_t i = 0; i < d->term_count; i++)
        b->keys[i] = sort_key_of(d->terms[i].text, (uint32_t)i);
    sort_keys(b->keys, b->keys + d->term_count, d->term_count);
    size_t n = 0;
    for (size_t i = 0; i < d->term_count; i++) {
        const weft_term *t = &d->terms[b->keys[i].of];
        if (n > 0 && weft_str_eq(b->sorted[n - 1].text, t->text))
            b->sorted[n - 1].wdf += t->wdf;
        else
            b->sorted[n++] = *t;
    }
    out->terms = b->sorted;
    out->term_count = n;
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

static weft_code add_terms(weft_bulk *b, uint32_t docid, const weft_document *d,
                           uint32_t *length, weft_error *err)
{
    statistics *s = &b->statistics;
    for (size_t i = 0; i < d->term_count; i++) {
        *length += d->terms[i].wdf;
        s->wdf_max = d->terms[i].wdf > s->wdf_max ? d->terms[i].wdf : s->wdf_max;
    }
    const weft_term whole = {{NULL, 0}, *length};
    weft_code code = postings_add(b->postings, docid, d->terms, d->term_count, err);
    return code == WEFT_OK ? postings_add(b->postings, docid, &whole, 1, err) : code;
}

static weft_code add_termlist(weft_bulk *b, uint32_t docid, const weft_document *d,
                              uint32_t length, weft_error *err)
{
    size_t bound = termlists_bound(d);
    if (bound > b->buffer_size) {
        unsigned char *grown = weft_grow_array(b, b->buffer, unsigned char, bound * 2);
        if (grown == NULL)
            return weft_fail_nomem(err);
        b->buffer = grown;
        b->buffer_size = bound * 2;
    }
    return termlists_add(b->termlist, docid, d, length, b->buffer, err);
}

static weft_code add_data(weft_bulk *b, uint32_t docid, weft_str stored, weft_error *err)
{
    unsigned char key[DOCID_KEY_MAX];
    weft_code code = WEFT_OK;
    if (stored.n == 0)
        return WEFT_OK;
    if (b->docdata == NULL)
        code = create_table(b, b->dir, "docdata", &b->docdata, err);
    size_t n = (size_t)(pack_sortable(key, docid) - key);
    return code == WEFT_OK
               ? table_add(b->docdata, weft_str_of((const char *)key, n), stored, err)
               : code;
}

static void count(statistics *s, uint32_t docid, uint32_t length)
{
    s->documents++;
    s->last_docid = docid;
    s->total_length += length;
    if (length > 0 && (s->shortest == 0 || length < s->shortest))
        s->shortest = length;
    if (length > s->longest)
        s->longest = length;
}

weft_code weft_bulk_put(weft_bulk *b, uint32_t docid, const weft_document *document,
                        weft_error *err)
{
    weft_document d = {0};
    uint32_t length = 0;
    weft_code code = check(b, docid, document, err);
    if (code == WEFT_OK)
        code = sort_terms(b, document, &d, err);
    if (code != WEFT_OK)
        return code;
    sort_values(b, document, &d);
    code = add_terms(b, docid, &d, &length, err);
    if (code == WEFT_OK)
        code = add_termlist(b, docid, &d, length, err);
    for (size_t i = 0; code == WEFT_OK && i < d.value_count; i++)
        code = values_add(b->values, docid, &d.values[i], err);
    if (code == WEFT_OK)
        code = add_data(b, docid, document->stored, err);
    if (code == WEFT_OK)
        code = postings_settle(b->postings, err);
    if (code == WEFT_OK)
        count(&b->statistics, docid, length);
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
        code = postings_write(b->postings, t, err);
    return code == WEFT_OK ? table_finish(t, root, err) : code;
}

weft_code weft_bulk_finish(weft_bulk *b, weft_error *err)
{
    table_root roots[TABLE_COUNT] = {{0}};
    weft_code code = table_finish(b->termlist, &roots[TABLE_TERMLIST], err);
    if (code == WEFT_OK && b->docdata != NULL)
        code = table_finish(b->docdata, &roots[TABLE_DOCDATA], err);
    if (code == WEFT_OK)
        code = write_postlist(b, &roots[TABLE_POSTLIST], err);
    return code == WEFT_OK ? version_write(b->dir, roots, &b->statistics, err) : code;
}

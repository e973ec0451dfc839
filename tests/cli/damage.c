/* damage.c - spoil one document of a generation by hand, for verify.t: never installed.
 *
 *   weft-damage GENERATION remove UNIQUE
 *   weft-damage GENERATION bare UNIQUE            its terms and values but those of its thread
 *   weft-damage GENERATION thread UNIQUE ARTICLE  under another thread, stored as it was
 *   weft-damage GENERATION stray UNIQUE           under no thread
 *   weft-damage GENERATION parent UNIQUE PARENT   stored with another parent
 *   weft-damage GENERATION garbage UNIQUE ARTICLE stored bytes that are none
 *   weft-damage GENERATION lengths "1 2 3"        the sums kept of all documents
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "weft/index.h"
#include "weft/indexdir.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "banned.h"

typedef struct damage {
    const char *path, *how, *unique, *value;
} damage;

static weft_code read_stored(const damage *d, void *mem, weft_stored **out, weft_error *err)
{
    weft_reader *r = NULL;
    uint32_t docid = 0;
    weft_str bytes;
    weft_code code = weft_reader_open(d->path, &r, err);
    if (code == WEFT_OK)
        code = weft_reader_find(r, weft_str_from(d->unique), &docid, err);
    if (code == WEFT_OK && docid == 0)
        code = weft_fail(err, WEFT_ENOTFOUND, "no document '%s'", d->unique);
    if (code == WEFT_OK)
        code = weft_reader_stored(r, mem, docid, &bytes, err);
    if (code == WEFT_OK)
        code = weft_stored_decode(mem, bytes, out, err);
    weft_reader_free(r);
    return code;
}

/* The document with nothing but its unique term and that of a thread. */
static weft_code put(const damage *d, void *mem, weft_writer *w, weft_error *err)
{
    weft_stored *s;
    weft_term terms[2] = {{weft_str_from(d->unique), 0}};
    weft_document doc = {
        .unique = terms[0].text, .terms = terms, .term_count = 2, .stored = {"?", 1}};
    weft_code code = read_stored(d, mem, &s, err);
    if (code != WEFT_OK)
        return code;
    const char *article =
        s->record->type == WEFT_ARTICLE ? s->record->id : s->record->article;
    if (strcmp(d->how, "thread") == 0)
        article = d->value;
    if (strcmp(d->how, "parent") == 0)
        s->record->parent = d->value;
    if (strcmp(d->how, "stray") == 0)
        doc.term_count = 1;
    code = weft_term_make(mem, WEFT_PREFIX_THREAD, weft_str_from(article), &terms[1].text,
                          err);
    if (code == WEFT_OK && strcmp(d->how, "garbage") != 0)
        code = weft_stored_encode(mem, s, &doc.stored, err);
    return code == WEFT_OK ? weft_writer_put(w, &doc, err) : code;
}

static weft_code spoil(const damage *d, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_writer *w = NULL;
    weft_code code = weft_writer_open(d->path, false, &w, err);
    if (code == WEFT_OK && strcmp(d->how, "remove") == 0)
        code = weft_writer_remove(w, weft_str_from(d->unique), err);
    else if (code == WEFT_OK && strcmp(d->how, "lengths") == 0)
        code =
            weft_writer_set_metadata(w, WEFT_META_LENGTHS, weft_str_from(d->unique), err);
    else if (code == WEFT_OK)
        code = put(d, mem, w, err);
    if (code == WEFT_OK)
        code = weft_writer_commit(w, err);
    weft_writer_free(w);
    return code;
}

int main(int argc, char **argv)
{
    weft_error err = {0};
    if (argc < 4) {
        fprintf(stderr, "usage: weft-damage GENERATION HOW UNIQUE [VALUE]\n");
        return 2;
    }
    damage d = {argv[1], argv[2], argv[3], argc > 4 ? argv[4] : ""};
    if (spoil(&d, &err) == WEFT_OK)
        return 0;
    fprintf(stderr, "weft-damage: %s\n", err.text);
    return 1;
}

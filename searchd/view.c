/* view.c - the index as a worker sees it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "view.h"

#include <stdlib.h>

#include "weft/indexdir.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

static int view_close(index_view *v)
{
    weft_reader_free(v->reader);
    return 0;
}

weft_code view_new(void *mem, const char *dir, index_view **out, weft_error *err)
{
    index_view *v = talloc_zero(mem, index_view);
    if (v == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(v, view_close);
    v->dir = dir;
    weft_code code = weft_tokenizer_new(v, &v->tokenizer, err);
    if (code == WEFT_OK)
        code = weft_stemmer_new(v, &v->stemmer, err);
    if (code == WEFT_OK)
        *out = v;
    return code;
}

static void set_languages(index_view *v, uint64_t bits)
{
    v->language_count = 0;
    for (int i = 0; i < 63; i++)
        if ((bits >> i & 1) != 0)
            v->languages[v->language_count++] = i;
    if ((bits >> 63 & 1) != 0 || v->language_count == 0)
        v->languages[v->language_count++] = WEFT_LANGUAGE_OTHER;
}

static weft_code read_metadata(index_view *v, const char *key, int base, size_t count,
                               uint64_t *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str text;
    weft_code code = weft_reader_metadata(v->reader, tmp, key, &text, err);
    if (code != WEFT_OK)
        return code;
    char *at = (char *)(uintptr_t)text.p;
    for (size_t i = 0; i < count; i++)
        out[i] = strtoull(at, &at, base);
    return WEFT_OK;
}

static weft_code read_kind(index_view *v, const char *is, uint64_t length, view_kind *out,
                           weft_error *err)
{
    uint32_t count = 0;
    weft_code code = view_count(v, WEFT_PREFIX_IS, is, &count, err);
    out->count = count;
    out->average = count == 0 || length < count ? 1 : (double)length / count;
    return code;
}

/* What changes with a revision. */
static weft_code read_totals(index_view *v, weft_error *err)
{
    uint64_t revision = 0, languages = 0, lengths[3] = {0};
    weft_code code = read_metadata(v, WEFT_META_REVISION, 10, 1, &revision, err);
    if (code == WEFT_OK)
        code = read_metadata(v, WEFT_META_LANGUAGES, 16, 1, &languages, err);
    if (code == WEFT_OK)
        code = read_metadata(v, WEFT_META_LENGTHS, 10, 3, lengths, err);
    if (code == WEFT_OK)
        code = read_kind(v, "article", lengths[0], &v->articles, err);
    if (code == WEFT_OK)
        code = read_kind(v, "comment", lengths[1], &v->comments, err);
    if (code == WEFT_OK)
        code = read_kind(v, "thread", lengths[2], &v->threads, err);
    if (code != WEFT_OK)
        return code;
    v->revision = revision;
    set_languages(v, languages);
    return WEFT_OK;
}

/* A generation that was swapped away may be gone before it is opened: the link then says
 * what to open. */
static weft_code open_generation(index_view *v, uint64_t generation, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_error why = {0};
    weft_reader *reader;
    char *path = weft_indexdir_generation(tmp, v->dir, generation);
    if (path == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_indexdir_settings(v->dir, &v->settings, err);
    if (code != WEFT_OK)
        return code;
    code = weft_reader_open(path, &reader, &why);
    if (code == WEFT_ENOTFOUND)
        return weft_indexdir_missing(v->dir, generation, err);
    if (code != WEFT_OK)
        return weft_fail(err, code, "%s", why.text);
    weft_reader_free(v->reader);
    v->reader = reader;
    v->generation = generation;
    return WEFT_OK;
}

/* The directory may be another one of the same number, or gone: open what is there now. */
static weft_code refresh_reader(index_view *v, weft_error *err)
{
    weft_code code = weft_reader_refresh(v->reader, err);
    return code == WEFT_ENOTFOUND ? WEFT_ECHANGED : code;
}

/* Never reopen() across a swap: a handle of the old generation would mix the two. */
static weft_code refresh(index_view *v, weft_error *err)
{
    uint64_t generation = 0;
    weft_code code = weft_indexdir_current(v->dir, &generation, err);
    if (code == WEFT_OK && (v->reader == NULL || generation != v->generation))
        code = open_generation(v, generation, err);
    else if (code == WEFT_OK)
        code = refresh_reader(v, err);
    if (code == WEFT_OK)
        code = read_totals(v, err);
    if (code != WEFT_OK && v->reader != NULL) {
        weft_reader_free(v->reader);
        v->reader = NULL;
    }
    return code;
}

/* What the last try ran at, to tell an index that keeps changing from a damaged one. */
typedef struct tried {
    bool is_known;
    uint64_t generation, revision;
} tried;

/* A document that a posting names and that is not there, in the same state twice, is no
 * change but damage. */
static weft_code judge(tried *last, const index_view *v, weft_error *why)
{
    bool is_same = last->is_known && v->reader != NULL &&
                   last->generation == v->generation && last->revision == v->revision;
    *last = (tried){v->reader != NULL, v->generation, v->revision};
    if (!is_same)
        return WEFT_ECHANGED;
    weft_error damaged = {0};
    weft_code code = weft_fail(&damaged, WEFT_ECORRUPT, "%s/gen-%llu is damaged: %s",
                               v->dir, (unsigned long long)v->generation, why->text);
    *why = damaged;
    return code;
}

/* What holds of a reply of this revision unless the body says otherwise. */
static void set_outcome(cmd_context *c)
{
    const index_view *v = c->index;
    c->outcome = (cmd_outcome){.lasting = NOTE_LASTS_AT_REVISION,
                               .generation = v->generation,
                               .revision = v->revision,
                               .articles = (uint64_t)v->articles.count,
                               .comments = (uint64_t)v->comments.count};
}

weft_code view_run(cmd_context *c, const weft_request *request, json_t *reply, cmd_run body,
                   weft_error *err)
{
    tried last = {0};
    for (int tries = 0;; tries++) {
        weft_error why = {0};
        json_t *keys = json_object();
        if (keys == NULL)
            return weft_fail_nomem(err);
        weft_code code = refresh(c->index, &why);
        if (code == WEFT_OK) {
            set_outcome(c);
            code = body(c, request, keys, &why);
        }
        if (code == WEFT_OK && json_object_update(reply, keys) != 0)
            code = weft_fail_nomem(&why);
        json_decref(keys);
        if (code == WEFT_OK)
            return WEFT_OK;
        if (code == WEFT_ECHANGED)
            code = judge(&last, c->index, &why);
        if (code != WEFT_ECHANGED || tries >= WEFT_CHANGED_RETRIES) {
            if (err != NULL)
                *err = why;
            return code;
        }
    }
}

weft_code view_read(index_view *v, void *mem, uint32_t docid, weft_stored **out,
                    weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str bytes;
    weft_code code = weft_reader_stored(v->reader, tmp, docid, &bytes, err);
    return code == WEFT_OK ? weft_stored_decode(mem, bytes, out, err) : code;
}

weft_code view_find(index_view *v, void *mem, weft_type type, const char *id,
                    weft_stored **out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str unique;
    uint32_t docid = 0;
    *out = NULL;
    weft_code code = weft_term_unique(tmp, type, id, &unique, err);
    if (code == WEFT_OK)
        code = weft_reader_find(v->reader, unique, &docid, err);
    if (code != WEFT_OK || docid == 0)
        return code;
    return view_read(v, mem, docid, out, err);
}

static int by_docid(const void *pa, const void *pb)
{
    const uint32_t *a = *(const uint32_t *const *)pa, *b = *(const uint32_t *const *)pb;
    return *a < *b ? -1 : *a > *b;
}

weft_code view_values(index_view *v, void *mem, uint32_t slot, const uint32_t *docids,
                      size_t count, weft_str *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    const uint32_t **order = weft_new_array(tmp, const uint32_t *, count);
    uint32_t *sorted = weft_new_array(tmp, uint32_t, count);
    weft_str *values = weft_new_array(tmp, weft_str, count);
    if (order == NULL || sorted == NULL || values == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < count; i++)
        order[i] = &docids[i];
    qsort(order, count, sizeof *order, by_docid);
    for (size_t i = 0; i < count; i++)
        sorted[i] = *order[i];
    weft_code code = weft_reader_values(v->reader, mem, slot, sorted, count, values, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        out[order[i] - docids] = values[i];
    return code;
}

bool view_is_stop_word(const index_view *v, weft_str folded)
{
    for (size_t i = 0; i < v->language_count; i++)
        if (weft_stop_word(v->languages[i], folded))
            return true;
    return false;
}

weft_code view_count(index_view *v, const char *prefix, const char *value, uint32_t *out,
                     weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str term;
    weft_code code = weft_term_make(tmp, prefix, weft_str_from(value), &term, err);
    return code == WEFT_OK ? weft_reader_frequency(v->reader, term, out, err) : code;
}

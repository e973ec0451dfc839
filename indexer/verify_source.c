/* verify_source.c - a record of the source against the stored one of its id. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify_source.h"

#include <stdlib.h>
#include <string.h>

#include "weft/mem.h"
#include "weft/thread.h"
#include "standing.h"
#include "banned.h"

void source_as_stored(weft_record *r, bool has_place, const weft_stored *stored)
{
    if (r->is_delete) {
        r->is_delete = false;
        r->status = WEFT_DELETED;
        r->published_s = WEFT_DATE_UNKNOWN;
    }
    if (r->type == WEFT_ARTICLE || r->status == WEFT_PUBLIC)
        return;
    if (r->article == NULL || r->article[0] == '\0')
        r->article = stored == NULL ? "" : stored->record->article;
    bool has_parent = has_place && (r->status != WEFT_DELETED || r->parent != NULL);
    if (stored == NULL || has_parent)
        return;
    r->parent = stored->record->parent;
    r->parent_is_marker = stored->record->parent_is_marker;
}

bool source_stands_before(const weft_record *r, const weft_stored *stored)
{
    return stored != NULL && !record_replaces(r, stored->record);
}

bool source_is_elsewhere(const weft_record *r, const weft_stored *stored)
{
    return stored != NULL && stored->record->status == WEFT_PUBLIC &&
           strcmp(stored->record->article, r->article) != 0;
}

static bool has_public_comments(const source_thread *t)
{
    for (size_t i = 0; i < t->count; i++) {
        const weft_record *r = t->entries[i].record;
        if (r->type == WEFT_COMMENT && !r->is_delete && r->status == WEFT_PUBLIC)
            return true;
    }
    return false;
}

bool source_is_hidden_by(const source_thread *t, const weft_stored *article)
{
    return article != NULL && article->record->status != WEFT_PUBLIC &&
           !article->record->has_rev && has_public_comments(t);
}

static int compare_addresses(const void *pa, const void *pb)
{
    const weft_record *a = *(const weft_record *const *)pa;
    const weft_record *b = *(const weft_record *const *)pb;
    return a < b ? -1 : a > b;
}

static weft_code find_places(source_thread *t, weft_error *err)
{
    weft_thread *tree;
    weft_record **records = weft_new_array(t->mem, weft_record *, t->count);
    t->places = weft_new_array(t->mem, const weft_record *, t->count);
    if (records == NULL || t->places == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < t->count; i++) {
        records[i] = t->entries[i].record;
        source_as_stored(records[i], t->entries[i].has_place, NULL);
    }
    weft_code code =
        weft_thread_build(t->mem, t->article_id, records, t->count, &tree, err);
    for (uint32_t i = 0; code == WEFT_OK && !tree->hidden && i < tree->node_count; i++)
        if (tree->nodes[i].place)
            t->places[t->place_count++] = tree->nodes[i].record;
    if (t->place_count > 0)
        qsort(t->places, t->place_count, sizeof *t->places, compare_addresses);
    return code;
}

/* Whether a comment that is not public holds the place of public ones under it. */
static weft_code is_place(source_thread *t, const weft_record *r, bool *place,
                          weft_error *err)
{
    weft_code code = t->places == NULL ? find_places(t, err) : WEFT_OK;
    *place = t->place_count > 0 && bsearch(&r, t->places, t->place_count, sizeof *t->places,
                                           compare_addresses) != NULL;
    return code;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Of two that are not public: a parent counts where it is seen. */
static weft_code judge_unshown(source_thread *t, const spool_entry *entry,
                               const weft_record *r, const weft_record *stored,
                               finding_kind *kind, weft_error *err)
{
    bool place = false;
    const char *parent = r->parent_is_marker ? NULL : r->parent;
    const char *stored_parent = stored->parent_is_marker ? NULL : stored->parent;
    if (r->status != stored->status || r->has_rev != stored->has_rev ||
        (r->has_rev && r->rev != stored->rev)) {
        *kind = FINDING_STALE;
        return WEFT_OK;
    }
    if (same_text(r->article, stored->article) && same_text(parent, stored_parent))
        return WEFT_OK;
    weft_code code = is_place(t, entry->record, &place, err);
    if (place)
        *kind = FINDING_MISPLACED;
    return code;
}

static weft_code judge_absent(source_thread *t, const spool_entry *entry,
                              finding_kind *kind, weft_error *err)
{
    const weft_record *r = entry->record;
    weft_code code = WEFT_OK;
    bool shows = r->has_rev || (r->type == WEFT_ARTICLE && has_public_comments(t));
    if (!shows && r->type == WEFT_COMMENT)
        code = is_place(t, r, &shows, err);
    if (shows)
        *kind = FINDING_MISSING;
    return code;
}

weft_code source_judge(source_thread *t, const spool_entry *entry, const weft_record *r,
                       const weft_stored *stored, finding_kind *kind, weft_error *err)
{
    bool is_public = r->status == WEFT_PUBLIC;
    bool was_public = stored != NULL && stored->record->status == WEFT_PUBLIC;
    *kind = FINDING_KINDS;
    if (is_public && !was_public) {
        *kind = FINDING_MISSING;
    } else if (!is_public && was_public) {
        *kind = FINDING_EXTRA;
    } else if (stored == NULL) {
        return judge_absent(t, entry, kind, err);
    } else if (!is_public) {
        return judge_unshown(t, entry, r, stored->record, kind, err);
    } else if (!weft_record_equal(r, stored->record)) {
        weft_record there = *r;
        there.article = stored->record->article;
        there.parent = stored->record->parent;
        there.parent_is_marker = stored->record->parent_is_marker;
        *kind =
            weft_record_equal(&there, stored->record) ? FINDING_MISPLACED : FINDING_STALE;
    }
    return WEFT_OK;
}

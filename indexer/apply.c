/* apply.c - bring an index up to date with a spool of records, thread by thread. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/indexdir.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/thread.h"
#include "old.h"
#include "standing.h"
#include "banned.h"

/* Terms written to a generation that nobody reads yet before they are flushed: Xapian keeps some
 * 100 bytes for each until then. */
enum { FLUSH_TERMS = 250000 };

enum { THREAD_POOL_BYTES = 256 * 1024 /* the records of most threads */ };

struct apply {
    apply_setup setup;
    weft_analysis *analysis;
    uint64_t lengths[APPLY_LENGTHS], languages;
    uint64_t wrote;   /* documents written or removed since the last commit */
    uint64_t pending; /* terms written since Xapian last flushed */
    bool mending;     /* equal documents are written too */
    bool forgetting;  /* the article of the thread */
    apply_counts counts;
    moves moves;
};

/* A thread being brought up to date. */
typedef struct thread_update {
    apply *a;
    const char *article_id;
    old_documents old;
    weft_record **records;
    size_t record_count;
    size_t made_count; /* documents of records, not of the thread or a missing article */
} thread_update;

static weft_code read_number(weft_reader *r, const char *key, int base, uint64_t *out,
                             weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str text;
    weft_code code = weft_reader_metadata(r, tmp, key, &text, err);
    if (code == WEFT_OK && text.n > 0)
        *out = strtoull(text.p, NULL, base);
    return code;
}

static weft_code read_totals(apply *a, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str text;
    weft_code code =
        read_number(a->setup.reader, WEFT_META_LANGUAGES, 16, &a->languages, err);
    if (code == WEFT_OK)
        code = weft_reader_metadata(a->setup.reader, tmp, WEFT_META_LENGTHS, &text, err);
    if (code != WEFT_OK)
        return code;
    char *at = (char *)(uintptr_t)text.p;
    for (int i = 0; i < APPLY_LENGTHS && text.n > 0; i++)
        a->lengths[i] = strtoull(at, &at, 10);
    return WEFT_OK;
}

static int apply_destroy(apply *a)
{
    moves_clear(&a->moves, a);
    return 0;
}

weft_code apply_new(void *mem, const apply_setup *setup, apply **out, weft_error *err)
{
    apply *a = talloc_zero(mem, apply);
    if (a == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(a, apply_destroy);
    a->setup = *setup;
    weft_code code = weft_analysis_new(a, setup->settings, &a->analysis, err);
    if (code == WEFT_OK && setup->reader != NULL)
        code = read_totals(a, err);
    if (code == WEFT_OK)
        *out = a;
    return code;
}

uint64_t apply_revision(const apply *a)
{
    return a->setup.revision;
}

bool apply_changes(const apply *a)
{
    return a->wrote > 0;
}

void apply_set_batch(apply *a, uint64_t batch)
{
    a->setup.batch = batch;
}

void apply_raise_revision(apply *a, uint64_t revision)
{
    if (a->setup.revision + 1 < revision)
        a->setup.revision = revision - 1;
}

const apply_counts *apply_result(const apply *a)
{
    return &a->counts;
}

/* The sum a document's length goes into; NULL for one that has no words. */
static uint64_t *length_of(apply *a, const weft_stored *s)
{
    if (s->kind == WEFT_KIND_THREAD)
        return &a->lengths[APPLY_LENGTH_THREADS];
    if (s->kind != WEFT_KIND_PUBLIC)
        return NULL;
    return &a->lengths[s->record->type == WEFT_ARTICLE ? APPLY_LENGTH_ARTICLES
                                                       : APPLY_LENGTH_COMMENTS];
}

static void forget_length(apply *a, const weft_stored *s)
{
    uint64_t *sum = length_of(a, s);
    if (sum != NULL)
        *sum -= s->length <= *sum ? s->length : *sum;
}

/* Additions to the live generation go on meanwhile. */
static weft_code look_up_carried(apply *a, void *mem, weft_str unique, weft_stored **out,
                                 weft_error *err)
{
    for (;;) {
        weft_error why = {0};
        weft_code code = old_lookup(mem, a->setup.carry, unique, out, &why);
        if (code == WEFT_ECHANGED)
            code = weft_reader_refresh(a->setup.carry, &why);
        else if (code == WEFT_OK)
            return WEFT_OK;
        if (code != WEFT_OK)
            return weft_fail(err, code, "%s", why.text);
    }
}

/* The stored form of the same record before this run, wherever it was: here, in another
 * thread, in the old generation. */
static weft_code find_before(thread_update *t, void *mem, weft_str unique,
                             weft_stored **out, weft_error *err)
{
    apply *a = t->a;
    const old_document *old = old_find(&t->old, unique);
    *out = NULL;
    if (old != NULL)
        *out = old->stored;
    else if (moves_find(&a->moves, unique) != NULL)
        *out = moves_find(&a->moves, unique)->stored;
    else if (a->setup.carry != NULL)
        return look_up_carried(a, mem, unique, out, err);
    return WEFT_OK;
}

/* Of a new generation: what a document of it is to the one that is live. */
static void count_made(apply *a, const weft_made *made, const weft_stored *before,
                       bool unchanged)
{
    if (made->stored.kind != WEFT_KIND_PUBLIC)
        return;
    a->counts.shown++;
    if (a->setup.reader != NULL)
        return;
    bool was_public = before != NULL && before->kind == WEFT_KIND_PUBLIC;
    *(!was_public ? &a->counts.added
      : unchanged ? &a->counts.same
                  : &a->counts.changed) += 1;
}

static bool is_of_record(const weft_stored *s)
{
    return s->kind != WEFT_KIND_STUB && s->kind != WEFT_KIND_THREAD;
}

/* A document of the thread: write it unless the one stored is equal. */
static weft_code write_made(void *ctx, void *mem, weft_made *made, weft_error *err)
{
    thread_update *t = ctx;
    apply *a = t->a;
    weft_stored *before;
    weft_str unique = made->document.unique;
    old_document *old = old_find(&t->old, unique);
    t->made_count += is_of_record(&made->stored) ? 1 : 0;
    if (old != NULL) {
        old->made_again = true;
        if (old->stored->fingerprint == made->stored.fingerprint && !a->mending)
            return WEFT_OK;
    }
    weft_code code = find_before(t, mem, unique, &before, err);
    if (code != WEFT_OK)
        return code;
    bool unchanged = before != NULL && before->kind == made->stored.kind &&
                     weft_record_equal(before->record, made->stored.record);
    code = weft_made_finish(mem, made, unchanged ? before->changed : a->setup.revision + 1,
                            err);
    if (code == WEFT_OK)
        code = target_put(a->setup.target, &made->document, err);
    if (code != WEFT_OK)
        return code;
    if (old != NULL || moves_find(&a->moves, unique) != NULL)
        forget_length(a, before);
    moves_written(&a->moves, unique);
    uint64_t *sum = length_of(a, &made->stored);
    if (sum != NULL)
        *sum += made->stored.length;
    a->wrote++;
    count_made(a, made, before, unchanged);
    a->counts.left_out += made->left_out ? 1 : 0;
    a->pending += made->document.term_count;
    return WEFT_OK;
}

/* Count what a record of the input does to what was stored of it. */
static void count(apply *a, const weft_record *r, const weft_record *before)
{
    if (a->setup.reader == NULL)
        return; /* count_made does */
    bool now_public = r->status == WEFT_PUBLIC,
         was_public = before != NULL && before->status == WEFT_PUBLIC;
    if (!now_public && was_public)
        a->counts.deleted++;
    else if (now_public && !was_public)
        a->counts.added++;
    else if (now_public && !weft_record_equal(r, before))
        a->counts.changed++;
    else
        a->counts.same++;
}

static weft_code take_entry(thread_update *t, const spool_entry *entry, weft_error *err)
{
    weft_str unique;
    weft_record *r = entry->record;
    record_as_status(r);
    weft_code code = weft_term_unique(t->old.mem, r->type, r->id, &unique, err);
    if (code != WEFT_OK)
        return code;
    old_document *old = old_find(&t->old, unique);
    const moved *move = moves_find(&t->a->moves, unique);
    const weft_stored *stored = old != NULL    ? old->stored
                                : move != NULL ? move->stored
                                               : NULL;
    bool known = stored != NULL && stored->kind != WEFT_KIND_STUB;
    if (known && !record_replaces(r, stored->record)) {
        t->a->counts.stale++;
        if (!record_lends_place(r, stored->record))
            return WEFT_OK;
        record_as_tombstone(r, stored->record);
    } else {
        count(t->a, r, known ? stored->record : NULL);
    }
    if (known && !entry->has_place && r->type == WEFT_COMMENT) {
        r->parent = stored->record->parent; /* the place stays where it was */
        r->parent_is_marker = stored->record->parent_is_marker;
    }
    if (old != NULL)
        old->replaced = true;
    t->records[t->record_count++] = r;
    return WEFT_OK;
}

/* The records of the thread: those of the input, and the stored ones they do not replace.
 */
static weft_code gather_records(thread_update *t, const spool_entry *entries, size_t count,
                                weft_error *err)
{
    t->records = weft_new_array(t->old.mem, weft_record *, count + old_count(&t->old) + 1);
    if (t->records == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < count; i++) {
        weft_code code = take_entry(t, &entries[i], err);
        if (code != WEFT_OK)
            return code;
    }
    for (old_document *o = t->old.table; o != NULL; o = o->hh.next) {
        if (is_of_record(o->stored) && !o->replaced && !o->departed)
            t->records[t->record_count++] = o->stored->record;
    }
    return WEFT_OK;
}

static weft_code remove_gone(thread_update *t, weft_error *err)
{
    for (old_document *o = t->old.table; o != NULL; o = o->hh.next) {
        if (o->made_again || o->departed)
            continue;
        weft_code code = target_remove(t->a->setup.target, o->unique, err);
        if (code != WEFT_OK)
            return code;
        forget_length(t->a, o->stored);
        t->a->wrote++;
    }
    return WEFT_OK;
}

/* The record of the article is in the place of nothing. */
static void forget_article(thread_update *t)
{
    for (old_document *o = t->old.table; o != NULL; o = o->hh.next)
        if (o->stored->kind != WEFT_KIND_THREAD && o->stored->record->type == WEFT_ARTICLE)
            o->replaced = true;
}

static weft_code update_thread(apply *a, void *mem, const char *article_id,
                               const spool_entry *entries, size_t count, weft_error *err)
{
    thread_update t = {.a = a, .article_id = article_id};
    weft_thread *thread;
    weft_code code = old_load(&t.old, mem, a->setup.reader, article_id, err);
    moves_mark(&a->moves, &t.old, article_id);
    if (a->forgetting)
        forget_article(&t);
    if (code == WEFT_OK)
        code = gather_records(&t, entries, count, err);
    if (code == WEFT_OK)
        code = weft_thread_build(mem, article_id, t.records, t.record_count, &thread, err);
    if (code == WEFT_OK)
        code = weft_thread_documents(a->analysis, thread, write_made, &t, err);
    if (code == WEFT_OK)
        code = remove_gone(&t, err);
    a->counts.dropped += t.record_count - t.made_count;
    old_done(&t.old);
    return code;
}

/* The comments of the input that hung under another article. */
static weft_code find_moves(apply *a, spool *s, weft_error *err)
{
    weft_code code = WEFT_OK;
    size_t n = 1;
    moves_clear(&a->moves, a);
    if (a->setup.reader == NULL)
        return WEFT_OK;
    while (code == WEFT_OK && n > 0) {
        weft_scope void *tmp = talloc_new(NULL);
        spool_entry *entries;
        code = spool_next(s, tmp, &entries, &n, err);
        for (size_t i = 0; code == WEFT_OK && i < n; i++)
            code = moves_look(&a->moves, a->setup.reader, entries[i].record, err);
    }
    spool_rewind(s);
    return code;
}

/* A build by Xapian's writer commits whenever much is pending, since its generation is not
 * live: memory stays bounded. Additions are one commit, all or nothing. */
static weft_code flush_private(apply *a, weft_error *err)
{
    if (a->setup.reader != NULL || target_is_bulk(a->setup.target) ||
        a->pending < FLUSH_TERMS)
        return WEFT_OK;
    a->pending = 0;
    return target_commit(a->setup.target, err);
}

/* A comment that moved to a thread which does not keep it, since its article is deleted. */
static weft_code remove_lost(apply *a, weft_error *err)
{
    for (const moved *m = a->moves.table; m != NULL; m = m->hh.next) {
        if (m->stale || m->written)
            continue;
        weft_code code = target_remove(a->setup.target, m->unique, err);
        if (code != WEFT_OK)
            return code;
        forget_length(a, m->stored);
        a->wrote++;
    }
    return WEFT_OK;
}

weft_code apply_spool(apply *a, spool *s, weft_error *err)
{
    weft_code code = find_moves(a, s, err);
    for (size_t n = 1; code == WEFT_OK && n > 0;) {
        weft_scope void *tmp = talloc_pool(NULL, THREAD_POOL_BYTES);
        spool_entry *entries;
        code = spool_next(s, tmp, &entries, &n, err);
        if (code == WEFT_OK && n > 0)
            code = update_thread(a, tmp, record_thread(entries[0].record), entries, n, err);
        progress_add(a->setup.progress, n);
        rate_take(a->setup.rate, n);
        if (code == WEFT_OK)
            code = flush_private(a, err);
    }
    for (const char *left;
         code == WEFT_OK && (left = moves_next_left(&a->moves)) != NULL;) {
        weft_scope void *tmp = talloc_new(NULL);
        code = update_thread(a, tmp, left, NULL, 0, err);
    }
    return code == WEFT_OK ? remove_lost(a, err) : code;
}

weft_code apply_mend_thread(apply *a, const char *article_id, bool forget_article,
                            weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    moves_clear(&a->moves, a);
    a->mending = true;
    a->forgetting = forget_article;
    weft_code code = update_thread(a, tmp, article_id, NULL, 0, err);
    a->mending = a->forgetting = false;
    return code;
}

apply_totals apply_get_totals(const apply *a)
{
    apply_totals totals = {.languages =
                               a->languages | weft_analysis_languages(a->analysis)};
    memcpy(totals.lengths, a->lengths, sizeof totals.lengths);
    return totals;
}

void apply_set_totals(apply *a, const apply_totals *totals)
{
    memcpy(a->lengths, totals->lengths, sizeof a->lengths);
    a->languages = totals->languages;
}

uint64_t apply_pending(const apply *a)
{
    return a->wrote;
}

static weft_code write_metadata(apply *a, uint64_t revision, weft_error *err)
{
    char text[96];
    target *to = a->setup.target;
    snprintf(text, sizeof text, "%" PRIu64, revision);
    weft_code code = target_set_metadata(to, WEFT_META_REVISION, weft_str_from(text), err);
    snprintf(text, sizeof text, "%" PRIu64, a->setup.batch);
    if (code == WEFT_OK)
        code = target_set_metadata(to, WEFT_META_JOURNAL, weft_str_from(text), err);
    snprintf(text, sizeof text, "%" PRIx64,
             a->languages | weft_analysis_languages(a->analysis));
    if (code == WEFT_OK)
        code = target_set_metadata(to, WEFT_META_LANGUAGES, weft_str_from(text), err);
    snprintf(text, sizeof text, "%" PRIu64 " %" PRIu64 " %" PRIu64,
             a->lengths[APPLY_LENGTH_ARTICLES], a->lengths[APPLY_LENGTH_COMMENTS],
             a->lengths[APPLY_LENGTH_THREADS]);
    if (code == WEFT_OK)
        code = target_set_metadata(to, WEFT_META_LENGTHS, weft_str_from(text), err);
    return code;
}

weft_code apply_commit(apply *a, bool force, weft_error *err)
{
    if (a->wrote == 0 && !force)
        return WEFT_OK;
    weft_code code = write_metadata(a, a->setup.revision + 1, err);
    if (code == WEFT_OK)
        code = target_commit(a->setup.target, err);
    if (code == WEFT_OK && a->setup.reader != NULL)
        code = weft_reader_refresh(a->setup.reader, err);
    if (code != WEFT_OK)
        return code;
    a->setup.revision++;
    a->wrote = 0;
    return WEFT_OK;
}

void apply_print_left_out(const apply_counts *n)
{
    if (n->left_out > 0)
        fprintf(stderr,
                "weft-indexer: %" PRIu64
                " documents have over %d distinct words: the later ones cannot be found\n",
                n->left_out, WEFT_DOCUMENT_TERMS_MAX);
}

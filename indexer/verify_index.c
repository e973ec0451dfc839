/* verify_index.c - the index against itself: the documents of each thread against those that
 * its stored records give, the sums kept of all documents, the tables.
 *
 * The records of a thread give its documents, whatever made them, so whatever is not as they
 * have it is damage: a parent or a stub that is gone, a count of replies that is wrong, a
 * term too many. A comment that is gone without a trace cannot be named; the documents that
 * speak of it are, and so is the sum of lengths.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify_self.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "weft/check.h"
#include "weft/indexdir.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "weft/thread.h"
#include "old.h"
#include "walk.h"
#include "banned.h"

enum { PASSES_MAX = 4 /* of --fix: what is damaged may hide other damage */ };

/* A finding of a thread that is not known to be read whole yet. */
typedef struct pending {
    finding_kind kind;
    const char *what, *id;
} pending;

/* A thread being looked at. */
typedef struct self_thread {
    self *s;
    void *mem;
    const char *id;
    old_documents old;
    weft_record **records;
    size_t record_count;
    pending *pending;
    size_t pending_count, pending_size;
    uint64_t lengths[APPLY_LENGTHS];
} self_thread;

const char *self_what(const weft_stored *stored)
{
    if (stored->kind == WEFT_KIND_THREAD)
        return "thread";
    return stored->record->type == WEFT_ARTICLE ? "article" : "comment";
}

static weft_code note(self_thread *t, finding_kind kind, const weft_stored *of,
                      weft_error *err)
{
    if (t->pending_count == t->pending_size) {
        size_t size = t->pending_size == 0 ? 16 : t->pending_size * 2;
        pending *grown = weft_grow_array(t->mem, t->pending, pending, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        t->pending = grown;
        t->pending_size = size;
    }
    const char *id = talloc_strdup(t->mem, of->record->id);
    t->pending[t->pending_count++] = (pending){kind, self_what(of), id};
    return id == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

static weft_code same_stored(void *mem, const weft_stored *a, const weft_stored *b,
                             bool *same, weft_error *err)
{
    weft_str bytes_a, bytes_b;
    weft_code code = weft_stored_encode_plain(mem, a, &bytes_a, err);
    if (code == WEFT_OK)
        code = weft_stored_encode_plain(mem, b, &bytes_b, err);
    if (code == WEFT_OK)
        *same = weft_str_eq(bytes_a, bytes_b);
    return code;
}

/* Whether the document in the index is the one that was made. */
static weft_code same_document(self_thread *t, void *mem, weft_made *made,
                               const old_document *old, bool *same, weft_error *err)
{
    uint32_t docid = 0;
    weft_reader *reader = t->s->v->live->reader;
    weft_code code = weft_made_finish(mem, made, old->stored->changed, err);
    if (code == WEFT_OK)
        code = same_stored(mem, &made->stored, old->stored, same, err);
    if (code != WEFT_OK || !*same)
        return code;
    code = weft_reader_find(reader, made->document.unique, &docid, err);
    *same = docid == old->docid;
    return code == WEFT_OK && *same
               ? weft_reader_holds(reader, docid, &made->document, same, err)
               : code;
}

static void count_length(self_thread *t, const weft_stored *stored)
{
    if (stored->kind == WEFT_KIND_THREAD)
        t->lengths[APPLY_LENGTH_THREADS] += stored->length;
    else if (stored->kind == WEFT_KIND_PUBLIC && stored->record->type == WEFT_ARTICLE)
        t->lengths[APPLY_LENGTH_ARTICLES] += stored->length;
    else if (stored->kind == WEFT_KIND_PUBLIC)
        t->lengths[APPLY_LENGTH_COMMENTS] += stored->length;
}

static weft_code check_made(void *ctx, void *mem, weft_made *made, weft_error *err)
{
    self_thread *t = ctx;
    bool same = false;
    old_document *old = old_find(&t->old, made->document.unique);
    count_length(t, &made->stored);
    if (old == NULL)
        return note(t, FINDING_MISSING, &made->stored, err);
    old->made_again = true;
    weft_code code = same_document(t, mem, made, old, &same, err);
    return code == WEFT_OK && !same ? note(t, FINDING_WRONG, &made->stored, err) : code;
}

/* Whether a stored document says that it is of this thread. */
static bool belongs(const self_thread *t, const weft_stored *stored)
{
    const weft_record *r = stored->record;
    if (stored->kind == WEFT_KIND_THREAD || r->type == WEFT_ARTICLE)
        return strcmp(r->id, t->id) == 0;
    return strcmp(r->article == NULL ? "" : r->article, t->id) == 0;
}

static bool is_record(const weft_stored *stored)
{
    return stored->kind != WEFT_KIND_STUB && stored->kind != WEFT_KIND_THREAD;
}

static weft_code gather(self_thread *t, weft_error *err)
{
    t->records = weft_new_array(t->mem, weft_record *, old_count(&t->old) + 1);
    if (t->records == NULL)
        return weft_fail_nomem(err);
    for (old_document *o = t->old.table; o != NULL; o = o->hh.next) {
        o->departed = !belongs(t, o->stored);
        if (is_record(o->stored) && !o->departed)
            t->records[t->record_count++] = o->stored->record;
    }
    return WEFT_OK;
}

static weft_code note_extras(self_thread *t, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (old_document *o = t->old.table; code == WEFT_OK && o != NULL; o = o->hh.next)
        if (!o->made_again)
            code = note(t, o->departed ? FINDING_WRONG : FINDING_EXTRA, o->stored, err);
    return code;
}

static weft_code look(self_thread *t, weft_error *err)
{
    weft_thread *thread;
    weft_code code = old_load(&t->old, t->mem, t->s->v->live->reader, t->id, err);
    if (code == WEFT_OK)
        code = gather(t, err);
    if (code == WEFT_OK)
        code = weft_thread_build(t->mem, t->id, t->records, t->record_count, &thread, err);
    if (code == WEFT_OK)
        code = weft_thread_documents(t->s->analysis, thread, check_made, t, err);
    return code == WEFT_OK ? note_extras(t, err) : code;
}

/* Have the thread written anew. Records of another thread that stand in it go to theirs, and
 * the rest is left to the next pass. */
static weft_code mend(self_thread *t, weft_error *err)
{
    weft_code code = WEFT_OK;
    size_t sent = 0;
    t->s->mended++;
    for (old_document *o = t->old.table; code == WEFT_OK && o != NULL; o = o->hh.next) {
        if (!o->departed || !is_record(o->stored))
            continue;
        code = batch_take(t->s->v->batch, t->mem, o->stored->record, err);
        sent++;
    }
    return code == WEFT_OK && sent == 0 ? batch_mend_thread(t->s->v->batch, t->id, err)
                                        : code;
}

/* What was found of a thread that was read whole. */
static weft_code close_thread(self_thread *t, weft_error *err)
{
    self *s = t->s;
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < t->pending_count; i++)
        findings_add(s->found, t->pending[i].kind, t->pending[i].what, t->pending[i].id);
    for (int i = 0; i < APPLY_LENGTHS; i++)
        s->totals.lengths[i] += t->lengths[i];
    s->v->compared += old_count(&t->old);
    for (old_document *o = t->old.table; code == WEFT_OK && o != NULL; o = o->hh.next)
        code = self_see(s, o->docid, err);
    return code == WEFT_OK && t->pending_count > 0 && s->mend ? mend(t, err) : code;
}

static bool is_damage(weft_code code)
{
    return code == WEFT_ECORRUPT || code == WEFT_EDUPLICATE || code == WEFT_ELIMIT;
}

static weft_code check_thread(self *s, const char *id, weft_error *err)
{
    weft_code code;
    weft_error why;
    int retries = 0;
    do {
        weft_scope void *mem = talloc_new(NULL);
        self_thread t = {.s = s, .mem = mem, .id = id};
        why = (weft_error){0};
        code = look(&t, &why);
        if (code == WEFT_OK)
            code = close_thread(&t, &why);
        old_done(&t.old);
    } while (!is_damage(code) && verify_again(s->v, &retries, &code, &why, err));
    if (!is_damage(code))
        return code;
    fprintf(stderr, "weft-indexer: thread '%s': %s\n", id, why.text);
    findings_add(s->found, FINDING_UNREADABLE, "thread", id);
    return WEFT_OK;
}

/* Whether a thread has documents under the first prefix, by which it was already checked. */
static weft_code is_shown(self *s, const char *id, bool *shown, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str term;
    uint32_t frequency = 0;
    weft_error why;
    int retries = 0;
    weft_code code = weft_term_make(tmp, WEFT_PREFIX_THREAD, weft_str_from(id), &term, err);
    if (code != WEFT_OK)
        return code;
    do {
        why = (weft_error){0};
        code = weft_reader_frequency(s->v->live->reader, term, &frequency, &why);
    } while (verify_again(s->v, &retries, &code, &why, err));
    *shown = frequency > 0;
    return code;
}

static weft_code check_id(self *s, const char *prefix, const char *id, weft_error *err)
{
    bool shown = false;
    weft_code code =
        strcmp(prefix, WEFT_PREFIX_THREAD) == 0 ? WEFT_OK : is_shown(s, id, &shown, err);
    return code == WEFT_OK && !shown ? check_thread(s, id, err) : code;
}

static weft_code check_threads(self *s, const char *prefix, weft_error *err)
{
    weft_code code = WEFT_OK;
    id_walk walk = {.prefix = prefix};
    for (int retries = 0; code == WEFT_OK && !walk.done;) {
        weft_scope void *tmp = talloc_new(NULL);
        weft_error why = {0};
        char **ids;
        size_t count = 0;
        code = walk_next(&walk, s->v->live->reader, tmp, &ids, &count, &why);
        if (verify_again(s->v, &retries, &code, &why, err))
            continue;
        for (size_t i = 0; code == WEFT_OK && i < count; i++)
            code = check_id(s, prefix, ids[i], err);
    }
    return code;
}

static weft_code check_all(self *s, weft_error *err)
{
    s->v->compared = 0;
    weft_code code = self_begin(s, err);
    if (code == WEFT_OK)
        code = weft_analysis_new(s->mem, &s->v->live->settings, &s->analysis, err);
    if (code == WEFT_OK)
        code = check_threads(s, WEFT_PREFIX_THREAD, err);
    if (code == WEFT_OK)
        code = check_threads(s, WEFT_PREFIX_UNSHOWN, err);
    if (code == WEFT_OK)
        s->totals.languages = weft_analysis_languages(s->analysis);
    if (code == WEFT_OK)
        code = self_check_totals(s, err);
    if (code == WEFT_OK)
        code = self_check_tables(s, err);
    return code == WEFT_OK && s->mend ? batch_flush(s->v->batch, err) : code;
}

weft_code verify_index(verify *v, weft_error *err)
{
    bool again = true;
    weft_code code = WEFT_OK;
    for (int pass = 0; code == WEFT_OK && again; pass++) {
        weft_scope void *mem = talloc_new(NULL);
        self s = {.v = v,
                  .mem = mem,
                  .found = pass == 0 ? &v->found : &v->left,
                  .mend = v->batch != NULL && pass < PASSES_MAX};
        findings_clear(&v->left);
        code = check_all(&s, err);
        again = s.mended > 0;
        if (pass == 0 && !again)
            memcpy(v->left.counts, v->found.counts, sizeof v->left.counts);
    }
    return code;
}

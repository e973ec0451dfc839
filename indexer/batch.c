/* batch.c - records into the live index, in batches, each one commit. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include <assert.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "journal.h"
#include "old.h"
#include "spool.h"
#include "target.h"
#include "banned.h"

struct batch {
    const char *index;
    live *live;
    journal *journal; /* NULL for none */
    target *target;
    apply *apply;
    spool *spool; /* of what was taken since the last commit */
    uint64_t duplicates;
};

weft_code batch_open_private(void *mem, const char *index, live *l, batch **out,
                             weft_error *err)
{
    batch *b = talloc_zero(mem, batch);
    if (b == NULL)
        return weft_fail_nomem(err);
    b->index = index;
    b->live = l;
    weft_code code = target_open(b, l->path, false, &b->target, err);
    apply_setup setup = {.target = b->target,
                         .reader = l->reader,
                         .settings = &l->settings,
                         .revision = l->revision,
                         .batch = l->batch};
    if (code == WEFT_OK)
        code = apply_new(b, &setup, &b->apply, err);
    if (code == WEFT_OK)
        code = spool_new(b, index, &b->spool, err);
    if (code == WEFT_OK)
        *out = b;
    else
        talloc_free(b);
    return code;
}

weft_code batch_open(void *mem, const char *index, live *l, batch **out, weft_error *err)
{
    weft_code code = batch_open_private(mem, index, l, out, err);
    if (code == WEFT_OK)
        code = journal_open(*out, index, l->batch, &(*out)->journal, err);
    return code;
}

static weft_code apply_taken(batch *b, weft_error *err)
{
    uint64_t duplicates = 0, number;
    weft_code code = spool_finish(b->spool, &duplicates, err);
    b->duplicates += duplicates;
    if (code == WEFT_OK)
        code = apply_spool(b->apply, b->spool, err);
    if (code != WEFT_OK || b->journal == NULL)
        return code;
    code = journal_end_batch(b->journal, apply_changes(b->apply), &number, err);
    if (code == WEFT_OK)
        apply_set_batch(b->apply, number);
    return code;
}

static weft_code finish(batch *b, bool force, weft_error *err)
{
    weft_code code = apply_commit(b->apply, force, err);
    talloc_free(b->spool);
    b->spool = NULL;
    return code == WEFT_OK ? spool_new(b, b->index, &b->spool, err) : code;
}

weft_code batch_flush(batch *b, weft_error *err)
{
    weft_code code = apply_taken(b, err);
    return code == WEFT_OK ? finish(b, false, err) : code;
}

weft_code batch_note_purge(batch *b, const journal_purge *purge, weft_error *err)
{
    return b->journal == NULL ? WEFT_OK : journal_add_purge(b->journal, purge, err);
}

weft_code batch_catch_up(batch *b, uint64_t last, uint64_t revision, weft_error *err)
{
    assert(b->journal == NULL);
    weft_code code = apply_taken(b, err);
    apply_set_batch(b->apply, last);
    apply_raise_revision(b->apply, revision);
    return code == WEFT_OK ? finish(b, true, err) : code;
}

/* A delete belongs to the thread its comment is stored in. */
static weft_code take_delete(batch *b, void *mem, weft_record *r, weft_error *err)
{
    weft_str unique;
    weft_stored *stored;
    weft_code code = weft_term_unique(mem, r->type, r->id, &unique, err);
    if (code == WEFT_OK)
        code = old_lookup(mem, b->live->reader, unique, &stored, err);
    if (code != WEFT_OK)
        return code;
    if (stored != NULL)
        r->article = stored->record->article;
    return spool_add_delete(b->spool, r, stored == NULL ? NULL : stored->record, err);
}

weft_code batch_take(batch *b, void *mem, weft_record *r, weft_error *err)
{
    weft_code code =
        apply_pending(b->apply) > 0 ? apply_commit(b->apply, false, err) : WEFT_OK;
    if (code == WEFT_OK && b->journal != NULL)
        code = journal_add(b->journal, r, err);
    if (code == WEFT_OK)
        code = r->is_delete && r->type == WEFT_COMMENT ? take_delete(b, mem, r, err)
                                                       : spool_add(b->spool, r, err);
    if (code == WEFT_OK && (spool_count(b->spool) >= WEFT_BATCH_RECORDS ||
                            spool_text_bytes(b->spool) >= WEFT_BATCH_BYTES))
        code = batch_flush(b, err);
    return code;
}

weft_code batch_mend_thread(batch *b, const char *article_id, weft_error *err)
{
    weft_code code = spool_count(b->spool) > 0 ? batch_flush(b, err) : WEFT_OK;
    if (code == WEFT_OK)
        code = apply_mend_thread(b->apply, article_id, false, err);
    if (code == WEFT_OK && apply_pending(b->apply) >= WEFT_BATCH_RECORDS)
        code = apply_commit(b->apply, false, err);
    return code;
}

weft_code batch_forget_article(batch *b, const char *article_id, weft_error *err)
{
    weft_code code = batch_flush(b, err);
    if (code == WEFT_OK)
        code = apply_mend_thread(b->apply, article_id, true, err);
    return code == WEFT_OK ? apply_commit(b->apply, false, err) : code;
}

weft_code batch_mend_totals(batch *b, const apply_totals *totals, weft_error *err)
{
    apply_set_totals(b->apply, totals);
    return apply_commit(b->apply, true, err);
}

const apply_counts *batch_result(const batch *b)
{
    return apply_result(b->apply);
}

uint64_t batch_revision(const batch *b)
{
    return apply_revision(b->apply);
}

uint64_t batch_duplicates(const batch *b)
{
    return b->duplicates;
}

/* replay.c - bring a generation that is not live up to date from the journal. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "replay.h"

#include "weft/mem.h"
#include "batch.h"
#include "journal.h"
#include "live.h"
#include "purge_author.h"
#include "banned.h"

/* One pass over the journal. */
typedef struct pass {
    replay *replay;
    void *mem;
    live *generation;
    batch *batch; /* opened by the first record */
} pass;

static weft_code open_batch(pass *p, weft_error *err)
{
    return p->batch != NULL ? WEFT_OK
                            : batch_open_private(p->mem, p->replay->index, p->generation,
                                                 &p->batch, err);
}

static weft_code take(void *ctx, void *mem, weft_record *r, weft_error *err)
{
    pass *p = ctx;
    weft_code code = open_batch(p, err);
    p->replay->records++;
    return code == WEFT_OK ? batch_take(p->batch, mem, r, err) : code;
}

/* Of what is in the generation by now. */
static weft_code take_purge(void *ctx, const journal_purge *purge, weft_error *err)
{
    pass *p = ctx;
    purge_counts counts = {0};
    weft_code code = open_batch(p, err);
    p->replay->records++;
    if (code == WEFT_OK)
        code = batch_flush(p->batch, err);
    return code == WEFT_OK ? purge_hashed(p->generation, p->batch, purge, &counts, err)
                           : code;
}

/* Up to `until`, and have the generation be at least of a revision. */
static weft_code catch_up(replay *r, uint64_t until, uint64_t revision, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    pass p = {.replay = r, .mem = mem};
    uint64_t last;
    weft_code code = live_open_path(mem, r->index, r->path, &p.generation, err);
    if (code != WEFT_OK)
        return code;
    const journal_range range = {p.generation->batch, until, r->since_ms};
    const journal_visitor visitor = {take, take_purge, &p};
    code = journal_read(r->index, &range, &visitor, &last, err);
    bool is_behind = last > p.generation->batch || p.generation->revision < revision;
    if (code == WEFT_OK && is_behind)
        code = open_batch(&p, err);
    if (code == WEFT_OK && p.batch != NULL)
        code = batch_catch_up(p.batch, last, revision, err);
    r->since_ms = INT64_MAX;
    talloc_free(p.batch); /* its writer holds the generation */
    return code;
}

weft_code replay_until(replay *r, uint64_t until, weft_error *err)
{
    return catch_up(r, until, 0, err);
}

weft_code replay_rest(replay *r, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    live *l;
    journal *j;
    weft_code code = live_open_if_any(mem, r->index, &l, err);
    if (code != WEFT_OK || l == NULL)
        return code;
    code = journal_open(mem, r->index, l->batch, &j, err);
    return code == WEFT_OK ? catch_up(r, journal_last(j), l->revision + 1, err) : code;
}

/* building.c - the steps of a build: read, write, check, catch up, swap.
 *
 * All of an unfinished build lies in DIR/build: the records read (spool.h), the generation
 * being written, and a checkpoint that says how far it is. Searches and additions go on all
 * the while; only the end needs the lock of the writer.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "building.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "weft/check.h"
#include "weft/indexdir.h"
#include "weft/mem.h"
#include "apply.h"
#include "building_read.h"
#include "files.h"
#include "gate.h"
#include "generations.h"
#include "lock.h"
#include "replay.h"
#include "selftest.h"
#include "shards.h"
#include "space.h"
#include "target.h"
#include "banned.h"

enum {
    MEMORY_BASE = 64 * 1024 * 1024, /* what the program itself takes */
    PASSES_MAX = 5,                 /* over the journal before the lock is taken */
    FEW_RECORDS = 1000              /* for the last of them */
};

static weft_code save(building *b, weft_error *err)
{
    return checkpoint_save(b->work, &b->request, &b->at, err);
}

static weft_code begin_anew(building *b, weft_error *err)
{
    b->at = (checkpoint){.phase = PHASE_READ};
    weft_code code = files_remove_tree(b->work, err);
    if (code == WEFT_OK)
        code = files_make_dir(b->work, err);
    if (code == WEFT_OK && b->before != NULL) {
        b->at.revision = b->before->revision;
        b->at.batch = b->before->batch;
        code = gate_count_shown(b->before->reader, &b->at.shown_before, err);
    }
    return code;
}

static bool reads_standard_input(const building *b)
{
    for (int i = 0; i < b->request.file_count; i++)
        if (strcmp(b->request.files[i], "-") == 0)
            return true;
    return false;
}

static bool is_live(const building *b)
{
    return b->before != NULL && b->at.generation == b->before->generation;
}

/* Go on where an unfinished build stood. What came by standard input cannot be compared with
 * what comes now. */
static weft_code begin(building *b, weft_error *err)
{
    if (b->restart || reads_standard_input(b))
        return begin_anew(b, err);
    weft_code code = checkpoint_load(b->work, &b->request, &b->at, &b->resumed, err);
    if (code == WEFT_ECHANGED && is_live(b))
        return begin_anew(b, err); /* that one was finished but for clearing away */
    return code != WEFT_OK || b->resumed ? code : begin_anew(b, err);
}

/* Whether the bulk writer passes its test; if not Xapian's takes over, as with --writer
 * xapian. */
static weft_code test_writer(building *b, weft_error *err)
{
    weft_error why = {0};
    if (b->xapian)
        return WEFT_OK;
    weft_code code = selftest_bulk(b->index, &why);
    if (code == WEFT_ENOMEM)
        return weft_fail_nomem(err);
    b->xapian = code != WEFT_OK;
    if (b->xapian)
        fprintf(stderr,
                "weft-indexer: the bulk writer failed its test (%s): taking Xapian's, "
                "which is slower\n",
                why.text);
    return WEFT_OK;
}

static size_t writer_memory(const building *b)
{
    size_t taken = MEMORY_BASE + spool_memory(b->spool), half = b->memory_bytes / 2;
    return taken < half ? b->memory_bytes - taken : half;
}

/* A phase that nothing is counted of. */
static void begin_step(building *b, progress_phase phase)
{
    progress_begin(b->progress,
                   &(progress_task){.phase = phase, .total = 1, .unit = "steps"});
}

static void tell_writing(building *b, int jobs, uint64_t done)
{
    progress_set_writer(b->progress, b->xapian, jobs);
    progress_begin(b->progress, &(progress_task){.phase = PROGRESS_WRITE,
                                                 .total = spool_standing(b->spool),
                                                 .done = done,
                                                 .bytes = spool_text_bytes(b->spool),
                                                 .unit = "records"});
}

/* All in this process, which a small build and Xapian's writer are content with. */
static weft_code write_alone(building *b, apply_setup *setup, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    apply *a;
    tell_writing(b, 1, 0);
    weft_code code = b->xapian
                         ? target_open(tmp, b->made, true, &setup->target, err)
                         : target_bulk(tmp, b->made, writer_memory(b), &setup->target, err);
    if (code == WEFT_OK)
        code = apply_new(tmp, setup, &a, err);
    if (code == WEFT_OK)
        code = apply_spool(a, b->spool, err);
    if (code == WEFT_OK)
        begin_step(b, PROGRESS_MERGE);
    if (code == WEFT_OK)
        code = apply_commit(a, true, err);
    if (code == WEFT_OK)
        b->at.counts = *apply_result(a);
    talloc_free(setup->target);
    return code;
}

static weft_code join_parts(building *b, const shards *s, apply_setup *setup,
                            weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    apply *a;
    apply_totals totals;
    begin_step(b, PROGRESS_MERGE);
    weft_code code = target_bulk(tmp, b->made, writer_memory(b), &setup->target, err);
    if (code == WEFT_OK)
        code = shards_join(s, setup->target, &totals, &b->at.counts, err);
    if (code == WEFT_OK)
        code = apply_new(tmp, setup, &a, err);
    if (code != WEFT_OK)
        return code;
    apply_set_totals(a, &totals);
    code = apply_commit(a, true, err);
    return code == WEFT_OK ? shards_remove(s, err) : code;
}

static weft_code write_parts(building *b, apply_setup *setup, weft_error *err)
{
    const shards s = {.index = b->index,
                      .dir = b->work,
                      .spool = b->spool,
                      .settings = b->request.settings,
                      .revision = b->at.revision,
                      .memory_bytes = writer_memory(b),
                      .progress = b->progress,
                      .jobs = b->jobs,
                      .rate_per_s = b->rate.per_s};
    tell_writing(b, s.jobs, shards_done(&s));
    weft_code code = shards_write(&s, err);
    return code == WEFT_OK ? join_parts(b, &s, setup, err) : code;
}

/* Room for the tables; what is left of an interrupted run is gone or counts. */
static weft_code check_space(const building *b, weft_error *err)
{
    bool in_parts = !b->xapian && shards_count(b->spool) > 1;
    uint64_t read = spool_count(b->spool), standing = spool_standing(b->spool);
    double share = read == 0 ? 0 : (double)standing / (double)read;
    const shards s = {.dir = b->work, .spool = b->spool};
    uint64_t text = (uint64_t)((double)spool_text_bytes(b->spool) * share);
    uint64_t needed = space_of_writing(text, standing, in_parts);
    if (in_parts && standing > 0)
        needed -=
            (uint64_t)((double)needed / 2 * (double)shards_done(&s) / (double)standing);
    return b->any_space ? WEFT_OK : space_check(b->index, needed, err);
}

static weft_code write_generation(building *b, weft_error *err)
{
    rate pace = {.per_s = b->rate.per_s};
    apply_setup setup = {.carry = b->before == NULL ? NULL : b->before->reader,
                         .settings = b->request.settings,
                         .revision = b->at.revision,
                         .batch = b->at.batch,
                         .progress = b->progress,
                         .rate = &pace};
    weft_code code = files_remove_dir(b->made, err);
    if (code == WEFT_OK)
        code = test_writer(b, err);
    if (code == WEFT_OK)
        code = check_space(b, err);
    if (code != WEFT_OK)
        return code;
    code = b->xapian || shards_count(b->spool) < 2 ? write_alone(b, &setup, err)
                                                   : write_parts(b, &setup, err);
    if (code == WEFT_OK)
        code = weft_indexdir_write_settings(b->made, b->request.settings, err);
    b->at.phase = PHASE_DONE;
    return code == WEFT_OK ? save(b, err) : code;
}

/* A generation that did not get through is kept for a look, where nobody takes it for one. */
static weft_code set_aside(building *b, const char *why, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *aside = talloc_asprintf(tmp, "%s/failed", b->index);
    weft_code code = aside == NULL ? weft_fail_nomem(err) : files_remove_dir(aside, err);
    if (code == WEFT_OK && rename(b->made, aside) != 0)
        code = weft_fail(err, WEFT_EIO, "%s: %s", aside, strerror(errno));
    if (code == WEFT_OK)
        code = files_remove_tree(b->work, err);
    if (code != WEFT_OK)
        return code;
    b->gate_failed = true;
    return weft_fail(err, WEFT_ECORRUPT,
                     "the new generation is not made live: %s; it is kept in '%s', and the "
                     "index is as it was",
                     why, aside);
}

/* Once the journal is being replayed its counts are others; its tables must be sound still. */
static weft_code check(building *b, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    live *made;
    const gate g = {b->before, &b->at.counts, b->shrink_max_percent};
    if (b->at.phase == PHASE_PASSED)
        return weft_index_check(b->made, err);
    weft_code code = live_open_path(tmp, b->made, b->made, &made, err);
    return code == WEFT_OK ? gate_check(&g, made, b->spool, err) : code;
}

static weft_code pass_gate(building *b, weft_error *err)
{
    weft_error why = {0};
    begin_step(b, PROGRESS_CHECK);
    weft_code code = check(b, &why);
    if (code == WEFT_ECORRUPT || code == WEFT_ENOTFOUND || code == WEFT_ECHANGED)
        return set_aside(b, why.text, err);
    if (code != WEFT_OK)
        return weft_fail(err, code, "%s", why.text);
    b->at.phase = PHASE_PASSED;
    return save(b, err);
}

/* Most of the journal, while additions go on. */
static weft_code catch_up(building *b, replay *r, weft_error *err)
{
    weft_code code = WEFT_OK;
    uint64_t before;
    for (int i = 0; code == WEFT_OK && b->before != NULL && i < PASSES_MAX; i++) {
        before = r->records;
        code = live_refresh(b->before, err);
        if (code == WEFT_OK)
            code = replay_until(r, b->before->batch, err);
        if (r->records - before < FEW_RECORDS)
            break;
    }
    return code;
}

/* What was renamed but not made live when the last run ended takes its old place. */
static weft_code find_renamed(building *b, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    if (b->at.generation == 0 || access(b->made, F_OK) == 0)
        return WEFT_OK;
    char *path = weft_indexdir_generation(tmp, b->index, b->at.generation);
    if (path == NULL)
        return weft_fail_nomem(err);
    return rename(path, b->made) == 0
               ? WEFT_OK
               : weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
}

static weft_code make_live(building *b, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_code code = generations_next(b->index, &b->at.generation, err);
    if (code == WEFT_OK)
        code = save(b, err);
    char *path = weft_indexdir_generation(tmp, b->index, b->at.generation);
    if (code == WEFT_OK && path == NULL)
        code = weft_fail_nomem(err);
    if (code == WEFT_OK && rename(b->made, path) != 0)
        code = weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    uint64_t before = 0;
    if (code == WEFT_OK && weft_indexdir_current(b->index, &before, NULL) != WEFT_OK)
        before = 0;
    return code == WEFT_OK
               ? generations_promote(b->index, b->at.generation, before, b->keep, err)
               : code;
}

static weft_code read_revision(building *b, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    live *l;
    weft_code code = live_open(tmp, b->index, &l, err);
    if (code == WEFT_OK)
        b->revision = l->revision;
    return code;
}

static weft_code finish(building *b, weft_error *err)
{
    int lock = -1;
    replay r = {.index = b->index, .path = b->made, .since_ms = b->request.since_ms};
    begin_step(b, PROGRESS_CATCH_UP);
    weft_code code = catch_up(b, &r, err);
    if (code == WEFT_OK)
        code = lock_take(b->index, LOCK_WRITER, LOCK_WAIT, &lock, err);
    if (code == WEFT_OK)
        code = replay_rest(&r, err);
    if (code == WEFT_OK)
        code = make_live(b, err);
    if (code == WEFT_OK)
        code = read_revision(b, err);
    lock_release(lock);
    b->replayed = r.records;
    return code;
}

static weft_code build_rest(building *b, void *mem, weft_error *err)
{
    progress_set_writer(b->progress, b->xapian, b->jobs);
    weft_code code = building_read(b, mem, err);
    if (code == WEFT_OK && b->at.phase == PHASE_WRITE)
        code = write_generation(b, err);
    if (code == WEFT_OK)
        code = pass_gate(b, err);
    if (code == WEFT_OK)
        code = finish(b, err);
    if (code == WEFT_OK)
        progress_end(b->progress);
    else
        progress_stop(b->progress);
    return code;
}

weft_code building_run(building *b, void *mem, weft_error *err)
{
    b->work = talloc_asprintf(mem, "%s/build", b->index);
    b->made = talloc_asprintf(mem, "%s/build/made", b->index);
    if (b->work == NULL || b->made == NULL)
        return weft_fail_nomem(err);
    weft_code code = live_open_if_any(mem, b->index, &b->before, err);
    if (code == WEFT_OK)
        code = begin(b, err);
    if (code == WEFT_OK && is_live(b))
        code = read_revision(b, err);
    else if (code == WEFT_OK)
        code = find_renamed(b, err);
    if (code == WEFT_OK && !is_live(b))
        code = build_rest(b, mem, err);
    return code == WEFT_OK ? files_remove_tree(b->work, err) : code;
}

/* rollback.c - `weft-indexer rollback`: an older generation becomes the live one again, with
 * all that was added and deleted since. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "subcommands.h"
#include "generations.h"
#include "live.h"
#include "lock.h"
#include "replay.h"
#include "banned.h"

typedef struct rollback_options {
    const char *index;
    int64_t to;
    bool wait, quiet;
} rollback_options;

static const weft_option rollback_rows[] = {
    LIVE_INDEX_ROW(offsetof(rollback_options, index), "directory of the index"),
    {.name = "to",
     .kind = WEFT_OPTION_NUMBER,
     .argument = "N",
     .fallback = "0",
     .min = 0,
     .max = INT64_MAX,
     .offset = offsetof(rollback_options, to),
     .help = "number of the generation; 0 is the newest one before the live one"},
    LOCK_WAIT_ROW(offsetof(rollback_options, wait)),
    {.name = "quiet",
     .letter = 'q',
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(rollback_options, quiet),
     .help = "print errors only"},
    {0}};

static const weft_usage rollback_usage = {
    .program = "weft-indexer rollback",
    .operands = "",
    .about = "Make an older generation live again, with what was added and deleted since.",
    .options = rollback_rows};

/* The others there are, for a message; "none" when there are none. */
static const char *name_others(void *mem, const uint64_t *list, size_t count,
                               uint64_t current)
{
    weft_buf b;
    weft_buf_init(&b, mem, 4096);
    for (size_t i = 0; i < count; i++)
        if (list[i] != current)
            weft_buf_addf(&b, "%s%" PRIu64, b.n == 0 ? "" : ", ", list[i]);
    return b.n == 0 ? "none" : b.p;
}

static weft_code choose(const rollback_options *o, uint64_t current, uint64_t *out,
                        weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    uint64_t *list;
    size_t count;
    weft_code code = generations_list(tmp, o->index, &list, &count, err);
    *out = 0;
    for (size_t i = 0; code == WEFT_OK && i < count; i++) {
        bool fits = o->to == 0 ? list[i] < current : list[i] == (uint64_t)o->to;
        if (fits && list[i] != current)
            *out = list[i];
    }
    if (code != WEFT_OK || *out != 0)
        return code;
    return weft_fail(
        err, WEFT_EUSAGE,
        "there is no %s generation to go back to; besides the live one, %" PRIu64
        ", there are: %s",
        o->to == 0 ? "older" : "such", current, name_others(tmp, list, count, current));
}

static weft_code replay_and_swap(const rollback_options *o, uint64_t to, replay *r,
                                 weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    live *before;
    int lock = -1;
    weft_code code = live_open(tmp, o->index, &before, err);
    if (code == WEFT_OK)
        code = replay_until(r, before->batch, err);
    if (code == WEFT_OK)
        code = lock_take(o->index, LOCK_WRITER, LOCK_WAIT, &lock, err);
    if (code == WEFT_OK)
        code = replay_rest(r, err);
    if (code == WEFT_OK)
        code = generations_promote(o->index, to, before->generation, UINT_MAX, err);
    lock_release(lock);
    return code;
}

static weft_code roll_back(const rollback_options *o, void *mem, weft_error *err)
{
    uint64_t current, to;
    weft_code code = weft_indexdir_current(o->index, &current, err);
    if (code == WEFT_OK && (uint64_t)o->to == current) {
        if (!o->quiet)
            printf("generation %" PRIu64 " is live already\n", current);
        return WEFT_OK;
    }
    if (code == WEFT_OK)
        code = choose(o, current, &to, err);
    if (code != WEFT_OK)
        return code;
    replay r = {.index = o->index,
                .path = weft_indexdir_generation(mem, o->index, to),
                .since_ms = INT64_MAX};
    live *l;
    code = r.path == NULL ? weft_fail_nomem(err) : replay_and_swap(o, to, &r, err);
    if (code == WEFT_OK)
        code = live_open(mem, o->index, &l, err);
    if (code == WEFT_OK && !o->quiet)
        printf("generation %" PRIu64 " is live again, as revision %" PRIu64
               ", with %" PRIu64 " records replayed; generation %" PRIu64 " is kept\n",
               to, l->revision, r.records, current);
    return code;
}

weft_code subcommand_rollback(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    rollback_options o = {0};
    int first, lock = -1;
    bool shown = false;
    uint64_t current;
    *status = EXIT_ALL;
    weft_code code =
        weft_options_parse(mem, &rollback_usage, argc, argv, &o, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    if (first < argc)
        return weft_fail(err, WEFT_EUSAGE, "rollback: unexpected argument '%s'",
                         argv[first]);
    code = live_check_dir(o.index, err);
    if (code == WEFT_OK)
        code = weft_indexdir_current(o.index, &current, err); /* an index, before a lock */
    if (code == WEFT_OK)
        code = lock_take(o.index, LOCK_BUILD, o.wait ? LOCK_WAIT : LOCK_NOW, &lock, err);
    if (code == WEFT_OK)
        code = roll_back(&o, mem, err);
    lock_release(lock);
    return code;
}

/* compact.c - `weft-indexer compact`: the live generation written anew, small, and the old one
 * removed.
 *
 * The bulk writer makes the new tables from the documents that are there, so nothing of what
 * was deleted is in them. (Xapian's own compaction leaves a trace: the bounds of values, among
 * them names, stay what they once were.)
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "weft/bulk.h"
#include "weft/check.h"
#include "weft/indexdir.h"
#include "weft/mem.h"
#include "weft/options.h"
#include "files.h"
#include "generations.h"
#include "journal.h"
#include "live.h"
#include "lock.h"
#include "selftest.h"
#include "subcommands.h"
#include "banned.h"

enum { MEMORY_BYTES = 256 * 1024 * 1024 /* of postings, before they go to disk */ };

typedef struct compact_options {
    const char *index;
    bool wait, quiet;
} compact_options;

/* One run. */
typedef struct compact {
    const compact_options *options;
    live *live;
    uint64_t generation; /* the new one */
    char *path;
    uint64_t bytes_before, bytes_after;
    bool failed; /* its checks */
} compact;

static const weft_option compact_rows[] = {
    LIVE_INDEX_ROW(offsetof(compact_options, index), "directory of the index"),
    {.name = "quiet",
     .letter = 'q',
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(compact_options, quiet),
     .help = "print errors only"},
    LOCK_WAIT_ROW(offsetof(compact_options, wait)),
    {0}};

static const weft_usage compact_usage = {
    .program = "weft-indexer compact",
    .operands = "",
    .about = "Write the index anew, small and without a trace of what was deleted.",
    .options = compact_rows};

static weft_code put_metadata(void *of, const char *key, weft_str value, weft_error *err)
{
    return weft_bulk_set_metadata(of, key, value, err);
}

static weft_code put_document(void *of, uint32_t docid, const weft_document *document,
                              weft_error *err)
{
    return weft_bulk_put(of, docid, document, err);
}

static weft_code write_new(compact *c, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_bulk *bulk = NULL;
    weft_code code = files_remove_dir(c->path, err);
    if (code == WEFT_OK)
        code = weft_bulk_open(tmp, c->path, MEMORY_BYTES, &bulk, err);
    weft_content_walk walk = {put_metadata, put_document, bulk};
    if (code == WEFT_OK)
        code = weft_reader_walk_content(c->live->reader, &walk, err);
    return code == WEFT_OK ? weft_bulk_finish(bulk, err) : code;
}

/* Whether the new generation is sound and holds what the old one holds. */
static weft_code check_new(compact *c, weft_error *err)
{
    weft_code code = weft_index_check(c->path, err);
    if (code == WEFT_OK)
        code = weft_index_same(c->path, c->live->path, err);
    c->failed = code == WEFT_ECORRUPT;
    return code;
}

static weft_code run_locked(compact *c, void *mem, weft_error *err)
{
    const char *dir = c->options->index;
    weft_code code = live_open(mem, dir, &c->live, err);
    if (code != WEFT_OK)
        return code;
    code = generations_next(dir, &c->generation, err);
    if (code != WEFT_OK)
        return code;
    c->path = weft_indexdir_generation(mem, dir, c->generation);
    if (c->path == NULL)
        return weft_fail_nomem(err);
    c->bytes_before = weft_indexdir_bytes(dir, c->live->generation);
    code = selftest_bulk(dir, err);
    if (code == WEFT_OK)
        code = write_new(c, err);
    if (code == WEFT_OK)
        code = check_new(c, err);
    if (code == WEFT_OK)
        code = weft_indexdir_write_settings(c->path, &c->live->settings, err);
    if (code != WEFT_OK) {
        weft_error ignored = {0};
        (void)!files_remove_dir(c->path, &ignored);
        return code;
    }
    c->bytes_after = weft_indexdir_bytes(dir, c->generation);
    /* none is kept: every older generation has what was deleted, and so has the journal */
    code = generations_promote(dir, c->generation, c->live->generation, 0, err);
    return code == WEFT_OK ? journal_empty(dir, err) : code;
}

weft_code subcommand_compact(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    compact_options options = {0};
    compact c = {.options = &options};
    weft_error why = {0};
    uint64_t generation;
    int first, build_lock = -1, lock = -1;
    bool shown = false;
    weft_code code =
        weft_options_parse(mem, &compact_usage, argc, argv, &options, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    if (first < argc)
        return weft_fail(err, WEFT_EUSAGE, "compact: unexpected argument '%s'",
                         argv[first]);
    code = live_check_dir(options.index, err);
    if (code == WEFT_OK)
        code = weft_indexdir_current(options.index, &generation, err);
    if (code == WEFT_OK)
        code = lock_take(options.index, LOCK_BUILD, options.wait ? LOCK_WAIT : LOCK_NOW,
                         &build_lock, err);
    if (code == WEFT_OK)
        code = lock_take(options.index, LOCK_WRITER, options.wait ? LOCK_WAIT : LOCK_SOON,
                         &lock, err);
    if (code == WEFT_OK)
        code = run_locked(&c, mem, &why);
    else
        why = *err;
    lock_release(lock);
    lock_release(build_lock);
    *status = c.failed ? EXIT_GATE : EXIT_ALL;
    if (c.failed)
        fprintf(stderr, "weft-indexer: the index stays as it was: %s\n", why.text);
    else if (code != WEFT_OK)
        return weft_fail(err, code, "%s", why.text);
    else if (!options.quiet)
        printf("%" PRIu64 " bytes before, %" PRIu64 " after (generation %" PRIu64 ")\n",
               c.bytes_before, c.bytes_after, c.generation);
    return WEFT_OK;
}

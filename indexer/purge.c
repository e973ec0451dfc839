/* purge.c - `weft-indexer purge`: an author, out of everything that the index keeps. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "subcommands.h"
#include "files.h"
#include "generations.h"
#include "lock.h"
#include "purge_author.h"
#include "banned.h"

typedef struct purge_options {
    const char *index, *author, *author_id;
    bool wait, quiet;
} purge_options;

typedef struct purge {
    const purge_options *options;
    weft_tokenizer *folding;
    purge_key key;
    purge_counts counts;
    uint64_t revision;
} purge;

static const weft_option purge_rows[] = {
    LIVE_INDEX_ROW(offsetof(purge_options, index), "directory of the index"),
    {.name = "author",
     .kind = WEFT_OPTION_TEXT,
     .argument = "NAME",
     .offset = offsetof(purge_options, author),
     .help = "everybody that author:NAME finds"},
    {.name = "author-id",
     .kind = WEFT_OPTION_TEXT,
     .argument = "ID",
     .offset = offsetof(purge_options, author_id),
     .help = "the author of that id"},
    LOCK_WAIT_ROW(offsetof(purge_options, wait)),
    {.name = "quiet",
     .letter = 'q',
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(purge_options, quiet),
     .help = "print errors only"},
    {0}};

static const weft_usage purge_usage = {
    .program = "weft-indexer purge",
    .operands = "",
    .about = "Take an author's comments, and what others quoted of them, out of an index.",
    .options = purge_rows};

static weft_code make_key(purge *p, void *mem, weft_error *err)
{
    const purge_options *o = p->options;
    if ((o->author == NULL) == (o->author_id == NULL))
        return weft_fail(err, WEFT_EUSAGE, "purge: give --author NAME or --author-id ID");
    weft_code code = weft_tokenizer_new(mem, &p->folding, err);
    p->key.by_id = o->author_id != NULL;
    if (code == WEFT_OK && p->key.by_id)
        p->key.text = weft_str_from(o->author_id);
    else if (code == WEFT_OK)
        code = weft_fold(p->folding, mem, weft_str_from(o->author), &p->key.text, err);
    if (code == WEFT_OK && p->key.text.n == 0)
        return weft_fail(err, WEFT_EUSAGE, "purge: the author is empty");
    return code;
}

static weft_code purge_live(purge *p, live *l, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    batch *b = NULL;
    const journal_purge hash = purge_hash(&p->key);
    weft_code code = batch_open(mem, p->options->index, l, &b, err);
    if (code == WEFT_OK)
        code = batch_note_purge(b, &hash, err);
    if (code == WEFT_OK)
        code = purge_author(l, b, &p->key, &p->counts, err);
    if (code == WEFT_OK)
        code = batch_flush(b, err);
    if (code == WEFT_OK)
        p->revision = batch_revision(b);
    talloc_free(b);
    return code;
}

/* What the author wrote; older forms of what quoted them the journal knows by itself. */
static weft_code is_forgotten(void *ctx, void *mem, const weft_record *r, bool *out,
                              weft_error *err)
{
    purge *p = ctx;
    return purge_is_by(p->folding, mem, r, &p->key, out, err);
}

/* Say what is about to be removed. */
static weft_code say_removed(const purge *p, void *mem, uint64_t kept, weft_error *err)
{
    static const struct {
        const char *name, *what;
    } leavings[] = {{"failed", "failed build"}, {"build", "unfinished build"}};
    uint64_t *list;
    size_t count;
    weft_code code = generations_list(mem, p->options->index, &list, &count, err);
    if (code != WEFT_OK || p->options->quiet)
        return code;
    for (size_t i = 0; i < count; i++)
        if (list[i] != kept)
            printf("generation %" PRIu64 " removed\n", list[i]);
    for (size_t i = 0; i < sizeof leavings / sizeof leavings[0]; i++) {
        char *path = talloc_asprintf(mem, "%s/%s", p->options->index, leavings[i].name);
        if (path == NULL)
            return weft_fail_nomem(err);
        if (access(path, F_OK) == 0)
            printf("%s removed\n", leavings[i].what);
    }
    return WEFT_OK;
}

/* Older generations hold what was purged, and so do the leavings of builds. A build that runs
 * purges in its turn. */
static weft_code clear_away(const purge *p, void *mem, uint64_t generation, weft_error *err)
{
    const char *index = p->options->index;
    int lock;
    char *failed = talloc_asprintf(mem, "%s/failed", index);
    char *build = talloc_asprintf(mem, "%s/build", index);
    if (failed == NULL || build == NULL)
        return weft_fail_nomem(err);
    if (lock_take(index, LOCK_BUILD, LOCK_NOW, &lock, NULL) != WEFT_OK) {
        fprintf(stderr, "weft-indexer: a build runs: it will purge what it makes; older "
                        "generations stay until the next purge or compact\n");
        return WEFT_OK;
    }
    weft_code code = say_removed(p, mem, generation, err);
    if (code == WEFT_OK)
        code = generations_promote(index, generation, 0, 0, err);
    if (code == WEFT_OK)
        code = files_remove_dir(failed, err);
    if (code == WEFT_OK)
        code = files_remove_tree(build, err);
    lock_release(lock);
    return code;
}

static weft_code run_locked(purge *p, void *mem, weft_error *err)
{
    live *l;
    weft_code code = live_open(mem, p->options->index, &l, err);
    if (code == WEFT_OK)
        code = purge_live(p, l, err);
    const journal_purge hash = purge_hash(&p->key);
    const journal_forget forget = {is_forgotten, p};
    if (code == WEFT_OK)
        code = journal_rewrite(p->options->index, &hash, &forget, err);
    return code == WEFT_OK ? clear_away(p, mem, l->generation, err) : code;
}

static void report(const purge *p)
{
    const purge_counts *n = &p->counts;
    if (p->options->quiet)
        return;
    printf("%" PRIu64 " comments deleted, %" PRIu64 " articles without their author, "
           "%" PRIu64 " comments without what they quoted (revision %" PRIu64 "); "
           "'weft-indexer compact' takes the last bytes out of the files\n",
           n->comments, n->articles, n->quoting, p->revision);
}

weft_code subcommand_purge(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    purge_options o = {0};
    purge p = {.options = &o};
    uint64_t generation;
    int first, lock = -1;
    bool shown = false;
    weft_code code =
        weft_options_parse(mem, &purge_usage, argc, argv, &o, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    if (first < argc)
        return weft_fail(err, WEFT_EUSAGE, "purge: unexpected argument '%s'", argv[first]);
    code = live_check_dir(o.index, err);
    if (code == WEFT_OK)
        code = make_key(&p, mem, err);
    if (code == WEFT_OK)
        code = weft_indexdir_current(o.index, &generation, err);
    if (code == WEFT_OK)
        code = lock_take(o.index, LOCK_WRITER, o.wait ? LOCK_WAIT : LOCK_NOW, &lock, err);
    if (code == WEFT_OK)
        code = run_locked(&p, mem, err);
    lock_release(lock);
    if (code != WEFT_OK)
        return code;
    report(&p);
    bool found = p.counts.comments + p.counts.articles + p.counts.quoting > 0;
    if (!found)
        fprintf(stderr, "weft-indexer: nothing by '%s'\n",
                o.author != NULL ? o.author : o.author_id);
    *status = found ? EXIT_ALL : EXIT_SOME_REFUSED;
    return WEFT_OK;
}

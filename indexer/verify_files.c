/* verify_files.c - the records of files, which are the whole source, against those stored.
 *
 * What stands of each id is chosen by the spool, as for a build, and held against the stored
 * record of its id. Then the ids of the index are walked over for those that no file has. Of
 * the files only the hashes of their ids stay in memory.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <xxhash.h>

#include "weft/mem.h"
#include "weft/schema.h"
#include "old.h"
#include "spool.h"
#include "verify_source.h"
#include "walk.h"
#include "banned.h"

enum { PASSES_MAX = 3 /* of --fix: an article that goes may take newer comments along */ };

/* The ids of the files, by hashes of a random seed: that two of an archive share one is less
 * likely than that the disk lies. */
typedef struct id_set {
    uint64_t seed;
    uint64_t *hashes; /* malloc: may pass talloc's 256 MiB */
    size_t count, size;
} id_set;

typedef struct compare {
    verify *v;
    findings *found; /* of this pass */
    bool mend;       /* in this pass */
    spool *spool;
    id_set ids;
} compare;

/* What an id is of: an article, a comment, or the article that comments name. */
enum { OF_ARTICLE = WEFT_ARTICLE, OF_COMMENT = WEFT_COMMENT, OF_THREAD };

static uint64_t hash_id(const id_set *set, int of, weft_str id)
{
    return XXH3_64bits_withSeed(id.p, id.n, set->seed + (uint64_t)of);
}

static weft_code ids_add(id_set *set, int of, const char *id, weft_error *err)
{
    if (set->count == set->size) {
        size_t size = set->size == 0 ? 1024 : set->size * 2;
        uint64_t *grown = realloc(set->hashes, size * sizeof *grown);
        if (grown == NULL)
            return weft_fail_nomem(err);
        set->hashes = grown;
        set->size = size;
    }
    set->hashes[set->count++] = hash_id(set, of, weft_str_from(id));
    return WEFT_OK;
}

static int compare_u64(const void *pa, const void *pb)
{
    uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;
    return a < b ? -1 : a > b;
}

static bool ids_hold(const id_set *set, int of, weft_str id)
{
    uint64_t hash = hash_id(set, of, id);
    return set->count > 0 &&
           bsearch(&hash, set->hashes, set->count, sizeof hash, compare_u64) != NULL;
}

/* The stored document of a reference, whatever others write meanwhile. WEFT_ECORRUPT for one
 * that cannot be read has no text: it is a finding, not the end. */
static weft_code find(compare *c, void *mem, weft_type type, const char *id,
                      weft_stored **out, weft_error *err)
{
    weft_str unique;
    weft_error why;
    int retries = 0;
    weft_code code = weft_term_unique(mem, type, id, &unique, err);
    if (code != WEFT_OK)
        return code;
    do {
        why = (weft_error){0};
        code = old_lookup(mem, c->v->live->reader, unique, out, &why);
    } while (code != WEFT_ECORRUPT && verify_again(c->v, &retries, &code, &why, err));
    if (code == WEFT_OK && *out != NULL && (*out)->kind == WEFT_KIND_STUB)
        *out = NULL; /* stands for what never came */
    return code;
}

static const char *type_word(weft_type type)
{
    return type == WEFT_ARTICLE ? "article" : "comment";
}

/* Ids are noted in the first pass. */
static bool is_noted(const compare *c)
{
    return c->found != &c->v->found;
}

static weft_code note_thread(compare *c, const weft_record *r, weft_error *err)
{
    bool has = r->type == WEFT_COMMENT && r->status == WEFT_PUBLIC && !r->is_delete;
    return has && !is_noted(c) ? ids_add(&c->ids, OF_THREAD, r->article, err) : WEFT_OK;
}

static weft_code note_ids(compare *c, const weft_record *r, weft_error *err)
{
    weft_code code = is_noted(c) ? WEFT_OK : ids_add(&c->ids, (int)r->type, r->id, err);
    return code == WEFT_OK ? note_thread(c, r, err) : code;
}

static weft_code report_unreadable(compare *c, weft_type type, const char *id)
{
    findings_add(c->found, FINDING_UNREADABLE, type_word(type), id);
    return WEFT_OK;
}

static weft_code compare_record(compare *c, source_thread *t, const spool_entry *entry,
                                weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record r = *entry->record;
    weft_stored *stored;
    finding_kind kind;
    c->v->compared++;
    weft_code code = note_ids(c, &r, err);
    if (code == WEFT_OK)
        code = find(c, tmp, r.type, r.id, &stored, err);
    if (code == WEFT_ECORRUPT)
        return report_unreadable(c, r.type, r.id);
    if (code != WEFT_OK)
        return code;
    source_as_stored(&r, entry->has_place, stored);
    if (source_stands_before(&r, stored)) {
        c->v->newer++;
        return note_thread(c, stored->record, err);
    }
    bool goes = t->gone && r.type == WEFT_COMMENT && r.status == WEFT_PUBLIC;
    if (goes && !source_is_elsewhere(&r, stored))
        return WEFT_OK; /* its article is what is missing or extra, if anything is */
    kind = FINDING_EXTRA;
    code = goes ? WEFT_OK : source_judge(t, entry, &r, stored, &kind, err);
    if (code != WEFT_OK || kind == FINDING_KINDS)
        return code;
    findings_add(c->found, kind, type_word(r.type), r.id);
    return c->mend ? batch_take(c->v->batch, tmp, &r, err) : WEFT_OK;
}

static weft_code report_hiding(compare *c, const source_thread *t, weft_error *err)
{
    findings_add(c->found, FINDING_EXTRA, type_word(WEFT_ARTICLE), t->article_id);
    return c->mend ? batch_forget_article(c->v->batch, t->article_id, err) : WEFT_OK;
}

/* Whether the comments of a thread are not kept, since its article is deleted: in the files,
 * or in the index where that stands. */
static weft_code look_for_article(compare *c, source_thread *t, weft_error *err)
{
    const weft_record *article = NULL;
    weft_stored *stored;
    for (size_t i = 0; i < t->count; i++)
        if (t->entries[i].record->type == WEFT_ARTICLE)
            article = t->entries[i].record;
    weft_code code = find(c, t->mem, WEFT_ARTICLE, t->article_id, &stored, err);
    if (code == WEFT_ECORRUPT)
        return WEFT_OK; /* reported with its own record */
    if (code != WEFT_OK)
        return code;
    if (article == NULL && source_is_hidden_by(t, stored))
        return report_hiding(c, t, err);
    if (article == NULL || source_stands_before(article, stored))
        t->gone = stored != NULL && stored->record->status == WEFT_DELETED;
    else
        t->gone = article->is_delete || article->status == WEFT_DELETED;
    return WEFT_OK;
}

static const char *thread_of(const weft_record *r)
{
    if (r->type == WEFT_ARTICLE)
        return r->id;
    return r->article == NULL ? "" : r->article;
}

static weft_code compare_threads(compare *c, weft_error *err)
{
    weft_code code = WEFT_OK;
    spool_rewind(c->spool);
    for (size_t n = 1; code == WEFT_OK && n > 0;) {
        weft_scope void *tmp = talloc_new(NULL);
        source_thread t = {.mem = tmp};
        code = spool_next(c->spool, tmp, &t.entries, &n, err);
        if (code != WEFT_OK || n == 0)
            break;
        t.count = n;
        t.article_id = thread_of(t.entries[0].record);
        code = look_for_article(c, &t, err);
        for (size_t i = 0; code == WEFT_OK && i < n; i++)
            code = compare_record(c, &t, &t.entries[i], err);
    }
    return code;
}

static bool no_file_has_article(const void *of, weft_str id)
{
    return !ids_hold(of, OF_ARTICLE, id);
}

static bool no_file_has_comment(const void *of, weft_str id)
{
    return !ids_hold(of, OF_COMMENT, id);
}

/* An article that comments of the files, or newer ones, name leaves those under a stub. */
static bool has_comments(const compare *c, const char *id)
{
    return ids_hold(&c->ids, OF_THREAD, weft_str_from(id));
}

/* Whether the article of a comment is deleted as extra too: the comment then goes with it. */
static weft_code article_goes(compare *c, void *mem, const char *id, bool *goes,
                              weft_error *err)
{
    weft_stored *stored = NULL;
    weft_code code = WEFT_OK;
    if (no_file_has_article(&c->ids, weft_str_from(id)) && !has_comments(c, id))
        code = find(c, mem, WEFT_ARTICLE, id, &stored, err);
    if (code == WEFT_ECORRUPT)
        code = WEFT_OK;
    *goes = stored != NULL && stored->record->status == WEFT_PUBLIC;
    return code;
}

static weft_code judge_extra(compare *c, weft_type type, const char *id, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_stored *stored;
    bool goes = false;
    weft_record gone = {
        .type = type, .is_delete = true, .id = id, .published_s = WEFT_DATE_UNKNOWN};
    weft_code code = find(c, tmp, type, id, &stored, err);
    if (code == WEFT_ECORRUPT)
        return report_unreadable(c, type, id);
    if (code != WEFT_OK || stored == NULL || stored->record->status != WEFT_PUBLIC)
        return code;
    findings_add(c->found, FINDING_EXTRA, type_word(type), id);
    if (!c->mend || c->v->report.refused + c->v->report.files_failed > 0)
        return WEFT_OK;
    if (type == WEFT_ARTICLE && has_comments(c, id))
        return batch_forget_article(c->v->batch, id, err);
    if (type == WEFT_COMMENT)
        code = article_goes(c, tmp, stored->record->article, &goes, err);
    return code == WEFT_OK && !goes ? batch_take(c->v->batch, tmp, &gone, err) : code;
}

static weft_code compare_index(compare *c, weft_type type, weft_error *err)
{
    weft_code code = WEFT_OK;
    id_walk walk = {
        .prefix = type == WEFT_ARTICLE ? WEFT_PREFIX_UNIQUE "a" : WEFT_PREFIX_UNIQUE "c",
        .wanted = type == WEFT_ARTICLE ? no_file_has_article : no_file_has_comment,
        .of = &c->ids};
    for (int retries = 0; code == WEFT_OK && !walk.done;) {
        weft_scope void *tmp = talloc_new(NULL);
        weft_error why = {0};
        char **ids;
        size_t count = 0;
        code = walk_next(&walk, c->v->live->reader, tmp, &ids, &count, &why);
        if (verify_again(c->v, &retries, &code, &why, err))
            continue;
        for (size_t i = 0; code == WEFT_OK && i < count; i++)
            code = judge_extra(c, type, ids[i], err);
    }
    return code;
}

/* Comments come first, as long as their articles are there. */
static weft_code pass(compare *c, weft_error *err)
{
    c->v->compared = c->v->newer = 0;
    weft_code code = compare_threads(c, err);
    if (c->ids.count > 0)
        qsort(c->ids.hashes, c->ids.count, sizeof *c->ids.hashes, compare_u64);
    if (code == WEFT_OK)
        code = compare_index(c, WEFT_COMMENT, err);
    return code == WEFT_OK ? compare_index(c, WEFT_ARTICLE, err) : code;
}

static weft_code spool_record(void *ctx, void *mem, weft_record *r, weft_error *err)
{
    compare *c = ctx;
    (void)mem;
    return spool_add(c->spool, r, err);
}

static weft_code read_source(compare *c, char **files, int count, weft_error *err)
{
    verify *v = c->v;
    uint64_t duplicates;
    read_options read = v->options->read;
    if (read.tz == NULL)
        read.tz = v->live->settings.tz;
    if (getrandom(&c->ids.seed, sizeof c->ids.seed, 0) != (ssize_t)sizeof c->ids.seed)
        return weft_fail(err, WEFT_EIO, "no random bytes: %s", strerror(errno));
    weft_code code = spool_new(v->mem, v->options->index, &c->spool, err);
    if (code == WEFT_OK)
        code = read_files(&read, files, count, spool_record, c, &v->report, err);
    if (code == WEFT_OK && v->report.records == 0)
        return weft_fail(err, WEFT_ESYNTAX,
                         "no record could be read (%" PRIu64 " refused, %" PRIu64
                         " files failed): nothing is compared",
                         v->report.refused, v->report.files_failed);
    return code == WEFT_OK ? spool_finish(c->spool, &duplicates, err) : code;
}

static void say_extras_stay(const verify *v)
{
    if (v->found.counts[FINDING_EXTRA] > 0 &&
        v->report.refused + v->report.files_failed > 0)
        fprintf(stderr,
                "weft-indexer: what is extra stays, since not all of the source could be "
                "read\n");
}

weft_code verify_files(verify *v, char **files, int count, weft_error *err)
{
    compare c = {.v = v, .found = &v->found, .mend = v->batch != NULL};
    weft_code code = read_source(&c, files, count, err);
    if (code == WEFT_OK)
        code = pass(&c, err);
    bool mended = c.mend && findings_total(&v->found) > 0;
    if (code == WEFT_OK && mended)
        say_extras_stay(v);
    for (int i = 1; code == WEFT_OK && mended; i++) {
        c.found = &v->left;
        c.mend = i < PASSES_MAX;
        findings_clear(&v->left);
        code = batch_flush(v->batch, err);
        if (code == WEFT_OK)
            code = pass(&c, err);
        mended = c.mend && findings_total(&v->left) > 0;
    }
    free(c.ids.hashes);
    return code;
}

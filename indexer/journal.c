/* journal.c - every record that `add`, `delete` and `purge` took, in batches.
 *
 * A batch is written before the index commits it, so that nothing acknowledged is missing
 * here. One that is whole but that the index never saw, because the writer died in between,
 * was acknowledged to nobody: the next writer drops it. doc/index-format.md has the bytes.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "weft/file.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "files.h"
#include "journal_files.h"
#include "banned.h"

struct journal {
    char *dir, *path; /* of the index, of the file at work */
    FILE *file;       /* NULL before the first record */
    uint64_t last;    /* batch */
    uint64_t records; /* of the batch at work */
};

/* Where the batches of a file end. */
typedef struct batches {
    uint64_t end,
        before; /* offset behind the last whole batch, and behind the one before it */
    uint64_t count;
    batch_end last;
} batches;

static weft_code fail(const char *path, weft_error *err)
{
    return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
}

static int journal_close(journal *j)
{
    if (j->file != NULL)
        fclose(j->file);
    return 0;
}

static weft_code find_batches(const segment *s, batches *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    frames f;
    bool more = true;
    weft_code code = frames_open(&f, tmp, s->path, err);
    *out = (batches){.end = f.at, .before = f.at, .last.batch = s->first - 1};
    while (code == WEFT_OK && more) {
        code = frames_next(&f, &more, err);
        if (code != WEFT_OK || !more || f.kind != FRAME_END)
            continue;
        code = frames_end_of_batch(&f, &out->last, err);
        out->before = out->end;
        out->end = f.at;
        out->count++;
    }
    frames_close(&f);
    return code;
}

/* Have the file end with the last batch that the index has. */
static weft_code drop_unapplied(journal *j, const segment *s, const batches *b,
                                uint64_t applied, weft_error *err)
{
    bool is_unapplied = b->count > 0 && b->last.changes && b->last.batch > applied;
    uint64_t end = is_unapplied ? b->before : b->end;
    j->last = is_unapplied ? b->last.batch - 1 : b->last.batch;
    if (truncate(s->path, (off_t)end) != 0)
        return fail(s->path, err);
    if (end >= JOURNAL_SEGMENT_BYTES)
        return WEFT_OK;
    j->path = talloc_strdup(j, s->path);
    if (j->path == NULL)
        return weft_fail_nomem(err);
    j->file = fopen(s->path, "abe");
    if (j->file == NULL)
        return fail(s->path, err);
    return end == 0 ? segment_begin(j->file, s->path, err) : WEFT_OK;
}

/* The index has batches that the journal lost: damage, which nothing may be written behind. */
static void go_on_behind(journal *j, const char *path, uint64_t applied)
{
    fprintf(stderr,
            "weft-indexer: %s: is damaged: a build that runs now, and a rollback, cannot "
            "catch up\n",
            path);
    j->last = applied;
}

static weft_code open_last(journal *j, const segment *s, uint64_t applied, weft_error *err)
{
    batches b;
    weft_code code = find_batches(s, &b, err);
    if (code == WEFT_ECORRUPT || (code == WEFT_OK && b.last.batch < applied)) {
        go_on_behind(j, s->path, applied);
        return WEFT_OK;
    }
    return code == WEFT_OK ? drop_unapplied(j, s, &b, applied, err) : code;
}

weft_code journal_open(void *mem, const char *dir, uint64_t applied, journal **out,
                       weft_error *err)
{
    segment *list;
    size_t count;
    weft_scope void *tmp = talloc_new(NULL);
    journal *j = talloc_zero(mem, journal);
    if (j == NULL || (j->dir = talloc_strdup(j, dir)) == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(j, journal_close);
    j->last = applied;
    weft_code code = segments_list(tmp, dir, &list, &count, err);
    if (code == WEFT_OK && count > 0)
        code = open_last(j, &list[count - 1], applied, err);
    if (code == WEFT_OK)
        *out = j;
    return code;
}

/* A new file that begins with the next batch. */
static weft_code begin_file(journal *j, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *dir = talloc_asprintf(tmp, "%s/journal", j->dir);
    talloc_free(j->path);
    j->path = segment_path(j, j->dir, j->last + 1);
    if (dir == NULL || j->path == NULL)
        return weft_fail_nomem(err);
    weft_code code = files_make_dir(dir, err);
    if (code != WEFT_OK)
        return code;
    j->file = fopen(j->path, "wbe");
    if (j->file == NULL)
        return fail(j->path, err);
    code = segment_begin(j->file, j->path, err);
    if (code == WEFT_OK)
        code = weft_sync_path(dir, err);
    return code == WEFT_OK ? weft_sync_path(j->dir, err) : code;
}

weft_code journal_add(journal *j, const weft_record *r, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_stored stored = {.record = (weft_record *)(uintptr_t)r};
    weft_str bytes;
    weft_code code = j->file == NULL ? begin_file(j, err) : WEFT_OK;
    if (code == WEFT_OK)
        code = weft_stored_encode(tmp, &stored, &bytes, err);
    if (code == WEFT_OK)
        code = put_frame(j->file, j->path, FRAME_RECORD, bytes, err);
    j->records++;
    return code;
}

weft_code journal_add_purge(journal *j, const journal_purge *purge, weft_error *err)
{
    char body[1 + JOURNAL_HASH_BYTES] = {purge->by_id ? 'i' : 'n'};
    memcpy(body + 1, purge->hash, JOURNAL_HASH_BYTES);
    weft_code code = j->file == NULL ? begin_file(j, err) : WEFT_OK;
    if (code == WEFT_OK)
        code =
            put_frame(j->file, j->path, FRAME_PURGE, weft_str_of(body, sizeof body), err);
    j->records++;
    return code;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

weft_code journal_end_batch(journal *j, bool changes, uint64_t *batch, weft_error *err)
{
    *batch = j->last;
    if (j->records == 0)
        return WEFT_OK;
    const batch_end end = {j->last + 1, now_ms(), j->records, changes};
    weft_code code = put_batch_end(j->file, j->path, &end, err);
    if (code == WEFT_OK && (fflush(j->file) != 0 || fsync(fileno(j->file)) != 0))
        code = fail(j->path, err);
    if (code != WEFT_OK)
        return code;
    *batch = ++j->last;
    j->records = 0;
    if (ftello(j->file) >= JOURNAL_SEGMENT_BYTES) {
        fclose(j->file);
        j->file = NULL;
    }
    return WEFT_OK;
}

uint64_t journal_last(const journal *j)
{
    return j->last;
}

/* A reading of several files. */
typedef struct reading {
    const journal_range *range;
    const journal_visitor *visitor;
    uint64_t expected; /* number of the next batch above range->after */
    uint64_t last;
} reading;

static bool is_in(const journal_range *r, const batch_end *b)
{
    return b->batch <= r->until && (b->batch > r->after || b->time_ms >= r->since_ms);
}

static weft_code visit_purge(const reading *r, const frames *f, weft_error *err)
{
    journal_purge purge;
    if (f->body.n != 1 + JOURNAL_HASH_BYTES)
        return weft_fail(err, WEFT_ECORRUPT, "%s: a purge is damaged", f->path);
    purge.by_id = f->body.p[0] == 'i';
    memcpy(purge.hash, f->body.p + 1, JOURNAL_HASH_BYTES);
    return r->visitor->purge(r->visitor->ctx, &purge, err);
}

static weft_code decode(const frames *f, void *mem, weft_record **out, weft_error *err)
{
    weft_stored *stored;
    weft_code code = weft_stored_decode(mem, weft_buf_str(&f->body), &stored, err);
    if (code == WEFT_ECORRUPT)
        return weft_fail(err, code, "%s: a record is damaged", f->path);
    if (code == WEFT_OK)
        *out = stored->record;
    return code;
}

static weft_code visit_frame(const reading *r, const frames *f, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record *record = NULL;
    if (f->kind == FRAME_PURGE)
        return visit_purge(r, f, err);
    weft_code code = decode(f, tmp, &record, err);
    return code == WEFT_OK ? r->visitor->record(r->visitor->ctx, tmp, record, err) : code;
}

/* The records of a batch that begins at `start`. */
static weft_code visit_batch(const reading *r, frames *f, uint64_t start, weft_error *err)
{
    bool more = true;
    weft_code code = frames_go(f, start, err);
    for (;;) {
        if (code == WEFT_OK)
            code = frames_next(f, &more, err);
        if (code != WEFT_OK)
            return code;
        if (!more)
            return weft_fail(err, WEFT_EIO, "%s: changed while it was read", f->path);
        if (f->kind == FRAME_END)
            return WEFT_OK;
        code = visit_frame(r, f, err);
    }
}

static weft_code check_number(reading *r, const batch_end *b, const char *path,
                              weft_error *err)
{
    if (b->batch <= r->range->after || b->batch > r->range->until)
        return WEFT_OK;
    if (b->batch != r->expected)
        return weft_fail(err, WEFT_ECORRUPT, "%s: batch %llu comes where %llu should be",
                         path, (unsigned long long)b->batch,
                         (unsigned long long)r->expected);
    r->expected++;
    r->last = b->batch;
    return WEFT_OK;
}

static weft_code read_file(reading *r, const segment *s, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    frames f;
    bool more = true;
    weft_code code = frames_open(&f, tmp, s->path, err);
    for (uint64_t start = f.at; code == WEFT_OK;) {
        batch_end end;
        code = frames_next(&f, &more, err);
        if (code != WEFT_OK || !more)
            break;
        if (f.kind != FRAME_END)
            continue;
        code = frames_end_of_batch(&f, &end, err);
        if (code == WEFT_OK)
            code = check_number(r, &end, s->path, err);
        if (code == WEFT_OK && is_in(r->range, &end))
            code = visit_batch(r, &f, start, err);
        start = f.at;
    }
    frames_close(&f);
    return code;
}

weft_code journal_read(const char *dir, const journal_range *range,
                       const journal_visitor *visitor, uint64_t *last, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    segment *list;
    size_t count;
    reading r = {range, visitor, range->after + 1, range->after};
    weft_code code = segments_list(tmp, dir, &list, &count, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++) {
        bool is_before = i + 1 < count && list[i + 1].first <= range->after + 1;
        if (!is_before || range->since_ms != INT64_MAX)
            code = read_file(&r, &list[i], err);
    }
    *last = r.last;
    if (code == WEFT_OK && range->until != UINT64_MAX && r.last < range->until)
        code = weft_fail(err, WEFT_ECORRUPT,
                         "%s/journal: batches %llu to %llu are not there any more", dir,
                         (unsigned long long)r.expected, (unsigned long long)range->until);
    return code;
}

weft_code journal_prune(const char *dir, uint64_t after, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    segment *list;
    size_t count;
    weft_code code = segments_list(tmp, dir, &list, &count, err);
    for (size_t i = 0; code == WEFT_OK && i + 1 < count; i++)
        if (list[i + 1].first <= after + 1 && unlink(list[i].path) != 0)
            code = fail(list[i].path, err);
    return code;
}

weft_code journal_empty(const char *dir, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    segment *list;
    size_t count;
    weft_code code = segments_list(tmp, dir, &list, &count, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        if (unlink(list[i].path) != 0)
            code = fail(list[i].path, err);
    return code;
}

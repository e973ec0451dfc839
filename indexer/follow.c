/* follow.c - `weft-indexer add --follow`: a growing file or a pipe into a live index.
 *
 * The records of a batch are held in memory until it is due; only then is the lock taken, the
 * live generation opened as it is at that moment, and all let go again. So a build may swap,
 * and others may write, between any two batches.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "follow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jansson.h>

#include "weft/file.h"
#include "weft/indexdir.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "batch.h"
#include "empty.h"
#include "files.h"
#include "live.h"
#include "lock.h"
#include "stopping.h"
#include "subcommands.h"
#include "tail.h"
#include "banned.h"

enum { TOLD_MAX = 64 * 1024 /* bytes of a line on stdout; a path has at most 4,096 */ };

/* What was read and is not committed. */
typedef struct pending {
    void *mem;
    weft_record **records;
    size_t count, size;
    uint64_t bytes; /* of the lines */
    uint64_t refused;
    int64_t since_ms; /* when its first line came */
} pending;

typedef struct follow {
    const follow_setup *setup;
    void *mem;
    read_options read;
    weft_settings settings; /* as they were when the batch began */
    tail *tail;
    pending pending;
    read_report report;
    apply_counts left_out;
    uint64_t revision;
    bool unheard; /* nobody reads stdout */
} follow;

/* What became of the records of one batch. */
typedef struct outcome {
    apply_counts n;
    uint64_t superseded;
} outcome;

static weft_code keep_record(void *ctx, void *mem, weft_record *r, weft_error *err)
{
    (void)mem;
    pending *p = &((follow *)ctx)->pending;
    if (p->count == p->size) {
        size_t size = p->size == 0 ? 64 : 2 * p->size;
        weft_record **grown = weft_grow_array(p->mem, p->records, weft_record *, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        p->records = grown;
        p->size = size;
    }
    weft_code code = weft_record_copy(p->mem, r, &p->records[p->count], err);
    p->count += code == WEFT_OK ? 1 : 0;
    return code;
}

static weft_code begin_batch(follow *f, weft_error *err)
{
    talloc_free(f->pending.mem);
    f->pending = (pending){.mem = talloc_new(f->mem)};
    return f->pending.mem == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* A line; a batch begins with the first one that is a record, or is refused. */
static weft_code take_line(follow *f, const input_line *line, weft_error *err)
{
    pending *p = &f->pending;
    uint64_t refused = f->report.refused;
    bool begins = p->count + p->refused == 0;
    weft_code code = begins && f->setup->read->tz == NULL
                         ? weft_indexdir_settings(f->setup->index, &f->settings, err)
                         : WEFT_OK;
    const read_to to = {keep_record, f, &f->report};
    if (code == WEFT_OK)
        code = read_line(&f->read, tail_name(f->tail), line, &to, err);
    p->refused += f->report.refused - refused;
    p->bytes += line->text.n;
    if (begins)
        p->since_ms = pace_clock_ms();
    return code;
}

static weft_code write_batch(follow *f, outcome *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    const pending *p = &f->pending;
    const char *index = f->setup->index;
    live *l;
    batch *b;
    weft_code code = live_open(tmp, index, &l, err);
    if (code == WEFT_OK)
        code = batch_open(tmp, index, l, &b, err);
    for (size_t i = 0; code == WEFT_OK && i < p->count; i++) {
        weft_scope void *each = talloc_new(NULL);
        code = batch_take(b, each, p->records[i], err);
    }
    if (code == WEFT_OK)
        code = batch_flush(b, err);
    if (code != WEFT_OK)
        return code;
    *out = (outcome){*batch_result(b), batch_duplicates(b)};
    f->revision = batch_revision(b);
    f->left_out.left_out += out->n.left_out;
    return WEFT_OK;
}

/* A file's name as a JSON string, in mem. */
static weft_code quote(void *mem, const char *name, char **out, weft_error *err)
{
    weft_str text;
    size_t repaired;
    weft_code code = weft_utf8_repair(mem, weft_str_from(name), &text, &repaired, err);
    if (code != WEFT_OK)
        return code;
    json_t *string = json_stringn(text.p, text.n);
    char *quoted = json_dumps(string, JSON_ENCODE_ANY);
    json_decref(string);
    *out = quoted == NULL ? NULL : talloc_strdup(mem, quoted);
    free(quoted);
    return *out == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

static void render(weft_buf *to, const follow *f, const char *name, const outcome *o)
{
    const tail_place at = tail_at(f->tail);
    const apply_counts *n = &o->n;
    weft_buf_addf(to,
                  "{\"committed\":{\"file\":%s,\"offset\":%" PRIu64 ",\"line\":%" PRIu64,
                  name, at.offset, at.line);
    if (at.inode != 0)
        weft_buf_addf(to, ",\"inode\":%" PRIu64, at.inode);
    weft_buf_addf(to, ",\"records\":%zu,\"revision\":%" PRIu64, f->pending.count,
                  f->revision);
    weft_buf_addf(to,
                  ",\"added\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"same\":%" PRIu64
                  ",\"deleted\":%" PRIu64,
                  n->added, n->changed, n->same, n->deleted);
    weft_buf_addf(
        to, ",\"older\":%" PRIu64 ",\"superseded\":%" PRIu64 ",\"refused\":%" PRIu64 "}}\n",
        n->stale, o->superseded, f->pending.refused);
}

static weft_code acknowledge(follow *f, const outcome *o, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf line;
    char *name;
    if (f->unheard)
        return WEFT_OK;
    weft_code code = quote(tmp, f->setup->file, &name, err);
    if (code != WEFT_OK)
        return code;
    weft_buf_init(&line, tmp, TOLD_MAX);
    render(&line, f, name, o);
    code = weft_buf_check(&line, "a commit, told", err);
    if (code != WEFT_OK)
        return code;
    return weft_write_all(STDOUT_FILENO, line.p, line.n, "standard output", err);
}

/* Commit what is pending, and say so. */
static weft_code flush(follow *f, weft_error *err)
{
    outcome o = {0};
    int lock = -1;
    weft_code code = WEFT_OK;
    if (f->pending.count > 0) {
        code = lock_take(f->setup->index, LOCK_WRITER, LOCK_WAIT, &lock, err);
        if (code == WEFT_OK)
            code = write_batch(f, &o, err);
        lock_release(lock);
    }
    if (code == WEFT_OK)
        code = acknowledge(f, &o, err);
    return code == WEFT_OK ? begin_batch(f, err) : code;
}

/* Milliseconds until the batch is due, -1 for no such time; 0 also when it is full. */
static int64_t left_ms(const follow *f)
{
    const pending *p = &f->pending;
    if (p->count + p->refused == 0)
        return -1;
    if (p->count >= WEFT_BATCH_RECORDS || p->bytes >= WEFT_BATCH_BYTES)
        return 0;
    return pace_left_ms(&f->setup->pace, p->count, p->since_ms, pace_clock_ms());
}

/* Wait for more, until the batch is due or somebody asks for an end. */
static weft_code wait_for_more(follow *f, weft_error *err)
{
    struct pollfd fds[] = {{.fd = stopping_fd(), .events = POLLIN},
                           {.fd = tail_fd(f->tail), .events = POLLIN},
                           {.fd = STDOUT_FILENO, .events = 0}};
    int64_t left = left_ms(f);
    int patience = tail_patience_ms(f->tail);
    int timeout = left >= 0 && (patience < 0 || left < patience) ? (int)left : patience;
    if (poll(fds, sizeof fds / sizeof fds[0], timeout) < 0 && errno != EINTR)
        return weft_fail(err, WEFT_EIO, "poll: %s", strerror(errno));
    f->unheard = (fds[2].revents & (POLLERR | POLLHUP)) != 0;
    tail_awake(f->tail);
    return WEFT_OK;
}

/* One step: a line, a turn, or a wait. */
static weft_code step(follow *f, bool *over, weft_error *err)
{
    input_line line;
    tail_news news;
    bool stop = f->unheard || stopping_asked();
    if (stop)
        tail_stop(f->tail);
    weft_code code = tail_next(f->tail, &line, &news, err);
    if (code != WEFT_OK)
        return code;
    *over = news == TAIL_END || (news == TAIL_NONE && stop);
    if (news == TAIL_LINE)
        code = take_line(f, &line, err);
    else if (news == TAIL_TURN)
        code = flush(f, err);
    else if (!*over)
        code = wait_for_more(f, err);
    if (code == WEFT_OK && left_ms(f) == 0)
        code = flush(f, err);
    return code;
}

static weft_code follow_all(follow *f, weft_error *err)
{
    bool over = false;
    weft_code code = WEFT_OK;
    while (code == WEFT_OK && !over)
        code = step(f, &over, err);
    if (code == WEFT_OK && f->pending.count + f->pending.refused > 0)
        code = flush(f, err);
    if (code == WEFT_OK && f->unheard)
        code = weft_fail(err, WEFT_EIO,
                         "standard output: nobody reads what is committed any more");
    return code;
}

/* The index; an empty one when there is none. */
static weft_code open_index(follow *f, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    const char *index = f->setup->index;
    live *l = NULL;
    int lock = -1;
    weft_error why = {0};
    weft_code code = files_make_dir(index, &why);
    if (code == WEFT_OK)
        code = live_open(tmp, index, &l, &why);
    if (code == WEFT_ENOTFOUND) {
        code = lock_take(index, LOCK_WRITER, LOCK_WAIT, &lock, err);
        if (code == WEFT_OK)
            code = empty_open_live(tmp, index, &l, err);
        lock_release(lock);
    }
    if (code != WEFT_OK)
        return weft_fail(err, code, "%s", why.text);
    f->revision = l->revision;
    f->settings = l->settings;
    return WEFT_OK;
}

static weft_code prepare(follow *f, weft_error *err)
{
    const read_options *read = f->setup->read;
    read_setup setup;
    weft_code code = read_options_check(read, &setup, err);
    const fmt_format *format = setup.format;
    if (code == WEFT_OK && (read->comment_url != NULL || read->rejects))
        return weft_fail(err, WEFT_EUSAGE, "--follow: not with --comment-url or --rejects");
    if (code == WEFT_OK && format != NULL && strcmp(format->name, "ndjson") != 0)
        return weft_fail(err, WEFT_EUSAGE, "--follow reads only ndjson, not --format %s",
                         format->name);
    if (code == WEFT_OK && fcntl(STDOUT_FILENO, F_GETFD) < 0)
        code = weft_fail(err, WEFT_EUSAGE,
                         "--follow: standard output is closed: say >/dev/null when nobody "
                         "wants to know what is committed");
    const tail_options options = {.name = f->setup->file,
                                  .charset = f->setup->read->charset,
                                  .from = f->setup->from,
                                  .named_format = format != NULL};
    if (code == WEFT_OK)
        code = stopping_begin(err);
    if (code == WEFT_OK)
        code = tail_open(f->mem, &options, &f->tail, err);
    if (code == WEFT_OK)
        code = open_index(f, err);
    return code == WEFT_OK ? begin_batch(f, err) : code;
}

weft_code follow_run(const follow_setup *setup, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    follow f = {.setup = setup, .mem = mem, .read = *setup->read};
    signal(SIGPIPE, SIG_IGN); /* the write says it */
    if (f.read.tz == NULL)
        f.read.tz = f.settings.tz;
    weft_code code = prepare(&f, err);
    if (code == WEFT_OK)
        code = follow_all(&f, err);
    if (code != WEFT_OK)
        return code;
    if (!f.read.quiet) {
        apply_print_left_out(&f.left_out);
        read_report_print(&f.report);
    }
    *status = f.report.refused > 0 && !stopping_asked() ? EXIT_SOME_REFUSED : EXIT_ALL;
    return WEFT_OK;
}

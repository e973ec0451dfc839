/* shards.c - a spool written by several processes, part by part.
 *
 * A part is a run of threads, so that no process needs anything of another. The numbers of
 * the parts to write wait in a pipe that all processes take from. A part gets its name when it
 * is whole; one that has its name is not written again.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shards.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "weft/file.h"
#include "weft/mem.h"
#include "files.h"
#include "live.h"
#include "banned.h"

/* What a process has to tell of a part besides its documents. */
typedef struct result {
    apply_totals totals;
    apply_counts counts;
} result;

/* A process at work, and the pipe by which it says how it ended. */
typedef struct worker {
    pid_t pid;
    int from;
} worker;

/* What all processes have: where the numbers of their parts come from, and where they tell of
 * each thread how many records it had. */
typedef struct queue {
    int numbers, told;
} queue;

/* How it ended. */
typedef struct outcome {
    weft_code code;
    char text[512];
} outcome;

size_t shards_count(const spool *s)
{
    size_t count = (spool_standing(s) + SHARD_RECORDS - 1) / SHARD_RECORDS;
    return count > SHARDS_MAX ? SHARDS_MAX : count;
}

static char *part_path(void *mem, const shards *s, size_t k)
{
    return talloc_asprintf(mem, "%s/part-%zu", s->dir, k);
}

uint64_t shards_done(const shards *s)
{
    weft_scope void *tmp = talloc_new(NULL);
    size_t count = shards_count(s->spool);
    uint64_t done = 0;
    for (size_t k = 0; k < count; k++) {
        char *path = part_path(tmp, s, k);
        done +=
            path != NULL && access(path, F_OK) == 0 ? spool_standing(s->spool) / count : 0;
    }
    return done;
}

static weft_code fail(const char *path, weft_error *err)
{
    return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
}

static weft_code write_result(const char *part, const result *r, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = talloc_asprintf(tmp, "%s/result", part);
    if (path == NULL)
        return weft_fail_nomem(err);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail(path, err);
    weft_code code = weft_write_all(fd, r, sizeof *r, path, err);
    if (code == WEFT_OK && fsync(fd) != 0)
        code = fail(path, err);
    close(fd);
    return code;
}

static weft_code read_result(const char *part, result *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = talloc_asprintf(tmp, "%s/result", part);
    FILE *f = path == NULL ? NULL : fopen(path, "rbe");
    if (path == NULL)
        return weft_fail_nomem(err);
    if (f == NULL)
        return fail(path, err);
    bool good = fread(out, sizeof *out, 1, f) == 1;
    fclose(f);
    return good ? WEFT_OK : weft_fail(err, WEFT_ECORRUPT, "%s: is damaged", path);
}

/* The records of one part into a new directory. */
static weft_code fill_part(const shards *s, weft_reader *carry, size_t k, const char *path,
                           weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    target *to;
    apply *a;
    rate pace = {.per_s = s->rate_per_s / s->jobs};
    apply_setup setup = {.carry = carry,
                         .settings = s->settings,
                         .revision = s->revision,
                         .progress = s->progress,
                         .rate = &pace};
    weft_code code = target_part(tmp, path, s->memory_bytes / (size_t)s->jobs, &to, err);
    setup.target = to;
    if (code == WEFT_OK)
        code = apply_new(tmp, &setup, &a, err);
    if (code != WEFT_OK)
        return code;
    spool_take_part(s->spool, k, shards_count(s->spool));
    code = apply_spool(a, s->spool, err);
    if (code == WEFT_OK)
        code = apply_commit(a, true, err);
    const result r = {apply_get_totals(a), *apply_result(a)};
    return code == WEFT_OK ? write_result(path, &r, err) : code;
}

static weft_code write_part(const shards *s, weft_reader *carry, size_t k, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path = part_path(tmp, s, k);
    char *unfinished = talloc_asprintf(tmp, "%s.new", path);
    if (path == NULL || unfinished == NULL)
        return weft_fail_nomem(err);
    weft_code code = files_remove_dir(unfinished, err);
    if (code == WEFT_OK)
        code = fill_part(s, carry, k, unfinished, err);
    if (code == WEFT_OK)
        code = weft_sync_path(unfinished, err);
    if (code == WEFT_OK && rename(unfinished, path) != 0)
        code = fail(path, err);
    return code == WEFT_OK ? weft_sync_path(s->dir, err) : code;
}

/* What is left in the pipe is nobody's work any more. */
static void drain(int numbers)
{
    uint32_t k;
    while (read(numbers, &k, sizeof k) > 0)
        ;
}

/* Parts, as long as there are any in the pipe. */
static weft_code work(const shards *s, int numbers, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    live *before;
    uint32_t k;
    /* a handle of the index belongs to one process: each has its own */
    weft_code code = live_open_if_any(mem, s->index, &before, err);
    while (code == WEFT_OK && read(numbers, &k, sizeof k) == (ssize_t)sizeof k)
        code = write_part(s, before == NULL ? NULL : before->reader, k, err);
    if (code != WEFT_OK)
        drain(numbers);
    return code;
}

/* The whole life of a process. It does not outlive the one that made it. */
static void run_worker(const shards *s, const queue *q, int to, pid_t parent)
{
    weft_error err = {0};
    outcome o = {0};
    shards own = *s;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(1);
    o.code = progress_relay(NULL, q->told, &own.progress, &err);
    if (o.code == WEFT_OK)
        o.code = work(&own, q->numbers, &err);
    snprintf(o.text, sizeof o.text, "%s", err.text);
    _exit(weft_write_all(to, &o, sizeof o, "pipe", &err) == WEFT_OK ? 0 : 1);
}

static weft_code start(const shards *s, const queue *q, worker *w, weft_error *err)
{
    int ends[2];
    pid_t parent = getpid();
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail("pipe", err);
    fflush(NULL);
    w->from = ends[0];
    w->pid = fork();
    if (w->pid == 0)
        run_worker(s, q, ends[1], parent);
    int fault = errno;
    close(ends[1]);
    if (w->pid > 0)
        return WEFT_OK;
    close(ends[0]);
    return weft_fail(err, WEFT_EIO, "no process for a part: %s", strerror(fault));
}

/* Wait until a process says how it ended. */
static weft_code finish(const worker *w, weft_error *err)
{
    outcome o;
    size_t got = 0;
    for (ssize_t n = 1; got < sizeof o && n != 0;) {
        n = read(w->from, (char *)&o + got, sizeof o - got);
        if (n < 0 && errno != EINTR)
            break;
        got += n > 0 ? (size_t)n : 0;
    }
    close(w->from);
    while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    if (got < sizeof o)
        return weft_fail(err, WEFT_EIO, "a process that writes a part was killed");
    return o.code == WEFT_OK ? WEFT_OK : weft_fail(err, o.code, "%s", o.text);
}

/* The numbers of the parts that are not there. */
static weft_code queue_parts(const shards *s, int to, size_t *count, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    *count = 0;
    for (size_t k = 0; k < shards_count(s->spool); k++) {
        const uint32_t number = (uint32_t)k;
        char *path = part_path(tmp, s, k);
        if (path == NULL)
            return weft_fail_nomem(err);
        if (access(path, F_OK) == 0)
            continue;
        weft_code code = weft_write_all(to, &number, sizeof number, "pipe", err);
        if (code != WEFT_OK)
            return code;
        ++*count;
    }
    return WEFT_OK;
}

/* Until the last process ends. */
static void follow_workers(const shards *s, int told)
{
    uint64_t records;
    for (ssize_t n = 1; n > 0 || (n < 0 && errno == EINTR);) {
        n = read(told, &records, sizeof records);
        if (n == (ssize_t)sizeof records)
            progress_add(s->progress, records);
    }
}

static weft_code finish_workers(const worker *workers, int count, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (int i = 0; i < count; i++) {
        weft_error why = {0};
        weft_code ended = finish(&workers[i], &why);
        if (ended != WEFT_OK && code == WEFT_OK)
            code = weft_fail(err, ended, "%s", why.text);
    }
    return code;
}

/* Takes q->told; told is its other end. */
static weft_code run_workers(const shards *s, const queue *q, int told, size_t count,
                             weft_error *err)
{
    worker workers[JOBS_MAX];
    weft_error why = {0};
    int wanted = count < (size_t)s->jobs ? (int)count : s->jobs, started = 0;
    weft_code code = WEFT_OK;
    while (code == WEFT_OK && started < wanted) {
        code = start(s, q, &workers[started], err);
        started += code == WEFT_OK;
    }
    if (code != WEFT_OK)
        drain(q->numbers);
    close(q->told);
    follow_workers(s, told);
    weft_code ended = finish_workers(workers, started, code == WEFT_OK ? err : &why);
    return code == WEFT_OK ? ended : code;
}

static weft_code run_queue(const shards *s, int numbers, size_t count, weft_error *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail("pipe", err);
    const queue q = {numbers, ends[1]};
    weft_code code = run_workers(s, &q, ends[0], count, err);
    close(ends[0]);
    return code;
}

weft_code shards_write(const shards *s, weft_error *err)
{
    int ends[2];
    size_t count;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail("pipe", err);
    weft_code code = queue_parts(s, ends[1], &count, err);
    close(ends[1]);
    if (code == WEFT_OK)
        code = run_queue(s, ends[0], count, err);
    close(ends[0]);
    return code;
}

static void add_result(const result *r, apply_totals *totals, apply_counts *counts)
{
    for (int i = 0; i < APPLY_LENGTHS; i++)
        totals->lengths[i] += r->totals.lengths[i];
    totals->languages |= r->totals.languages;
    counts->added += r->counts.added;
    counts->changed += r->counts.changed;
    counts->same += r->counts.same;
    counts->deleted += r->counts.deleted;
    counts->stale += r->counts.stale;
    counts->left_out += r->counts.left_out;
    counts->shown += r->counts.shown;
    counts->dropped += r->counts.dropped;
}

weft_code shards_join(const shards *s, target *to, apply_totals *totals,
                      apply_counts *counts, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_code code = WEFT_OK;
    *totals = (apply_totals){0};
    *counts = (apply_counts){0};
    for (size_t k = 0; code == WEFT_OK && k < shards_count(s->spool); k++) {
        result r;
        char *path = part_path(tmp, s, k);
        code = path == NULL ? weft_fail_nomem(err) : read_result(path, &r, err);
        if (code == WEFT_OK)
            code = target_adopt(to, path, err);
        if (code == WEFT_OK)
            add_result(&r, totals, counts);
    }
    return code;
}

weft_code shards_remove(const shards *s, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_code code = WEFT_OK;
    for (size_t k = 0; code == WEFT_OK && k < shards_count(s->spool); k++) {
        char *path = part_path(tmp, s, k);
        code = path == NULL ? weft_fail_nomem(err) : files_remove_dir(path, err);
    }
    return code;
}

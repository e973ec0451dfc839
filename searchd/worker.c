/* worker.c - a worker process.
 *
 * It is killed without warning when a request passes its hard deadline, so it holds nothing
 * that must be put in order.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/log.h"
#include "weft/mem.h"
#include "weft/proto.h"
#include "access.h"
#include "clock.h"
#include "commands.h"
#include "frame.h"
#include "sandbox.h"
#include "memory.h"
#include "query/ast.h"
#include "view.h"
#include "banned.h"

enum {
    WORKER_FD = 3,
    HARD_SHARE = 2 /* of --worker-memory is the most it gets */
};

/* The loop has read the line before; reading it again here spares a second form of the
 * request on the wire. */
static weft_str answer(cmd_context *c, weft_str line)
{
    weft_error failure = {0};
    weft_request *request = NULL;
    const command *row = NULL;
    c->outcome.code = command_read(c->mem, line, &request, &row, &failure);
    if (c->outcome.code != WEFT_OK)
        return weft_reply_error(c->mem, request == NULL ? NULL : request->id, &failure, 0);
    c->soft_deadline_ms =
        clock_ms() + weft_request_integer(request, "timeout_ms", WEFT_SOFT_DEADLINE_MS);
    return command_answer(c, row, request);
}

/* What the process has used so far. */
typedef struct used {
    int64_t us;
    uint64_t cpu_us, disk_reads;
} used;

static uint64_t microseconds(struct timeval t)
{
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

static used use_so_far(void)
{
    struct rusage u = {0};
    getrusage(RUSAGE_SELF, &u);
    return (used){.us = clock_us(),
                  .cpu_us = microseconds(u.ru_utime) + microseconds(u.ru_stime),
                  .disk_reads = (uint64_t)(u.ru_inblock < 0 ? 0 : u.ru_inblock)};
}

/* The query as it was understood, for the log; empty when there is none, or it must not be
 * written there. */
static weft_str plan_of(cmd_context *c)
{
    weft_buf text;
    weft_error err = {0};
    weft_str none = weft_str_of(NULL, 0);
    if (c->outcome.query == NULL || c->options->no_log_queries)
        return none;
    weft_buf_init(&text, c->mem, 16 * (size_t)WEFT_QUERY_MAX);
    if (query_print(c->mem, c->outcome.query, &text, &err) != WEFT_OK)
        return none;
    return weft_str_of(text.p, weft_utf8_cut(weft_buf_str(&text), NOTE_PLAN_MAX));
}

/* A reply that came late may lack what there was no time for, and does not last. */
static note make_note(const cmd_context *c, used before, used after)
{
    const cmd_outcome *o = &c->outcome;
    bool is_late = after.us >= c->soft_deadline_ms * 1000;
    return (note){.code = (uint32_t)o->code,
                  .sequence = c->sequence,
                  .lasting = is_late ? NOTE_PASSES : (uint32_t)o->lasting,
                  .generation = o->generation,
                  .revision = o->revision,
                  .articles = o->articles,
                  .comments = o->comments,
                  .hits = o->hits,
                  .cpu_us = after.cpu_us - before.cpu_us,
                  .disk_reads = after.disk_reads - before.disk_reads};
}

static weft_code send_reply(int fd, cmd_context *c, weft_str reply, used before,
                            weft_error *err)
{
    used after = use_so_far();
    weft_str plan = weft_str_of(NULL, 0);
    if (after.us - before.us > c->options->slow_ms * 1000)
        plan = plan_of(c);
    note n = make_note(c, before, after);
    n.plan_bytes = plan.n;
    n.resident_kib = memory_now().own_kib;
    weft_str parts[] = {weft_str_of((const char *)&n, sizeof n), plan, reply};
    return frame_write_parts(fd, parts, sizeof parts / sizeof *parts, err);
}

/* One request; *ended when there will be no more. */
static weft_code serve_one(int fd, cmd_context *c, bool *ended, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    if (mem == NULL)
        return weft_fail_nomem(err);
    weft_str line;
    weft_code code = frame_read(mem, fd, WEFT_REQUEST_MAX, &line, ended, err);
    if (code != WEFT_OK || *ended)
        return code;
    used before = use_so_far();
    c->mem = mem;
    c->outcome = (cmd_outcome){0};
    c->sequence++;
    code = send_reply(fd, c, answer(c, line), before, err);
    c->mem = NULL;
    return code;
}

int worker_run(int fd, const searchd_options *o)
{
    weft_scope void *mem = talloc_new(NULL);
    cmd_context c = {.options = o};
    weft_error err = {0};
    weft_code code =
        o->index_dir == NULL ? WEFT_OK : view_new(mem, o->index_dir, &c.index, &err);
    for (bool ended = false; code == WEFT_OK && !ended;)
        code = serve_one(fd, &c, &ended, &err);
    if (code != WEFT_OK)
        weft_log(WEFT_LOG_ERROR, "worker_stops", "reason=\"%s\"", err.text);
    return code == WEFT_OK ? 0 : 1;
}

/* A worker ends when its socket does. A signal sent to the whole group (Ctrl-C, a
 * supervisor's SIGTERM) is for the loop, which lets running requests finish, so it must not
 * take the workers away. */
static void set_signals(void)
{
    static const int ignored[] = {SIGTERM, SIGINT, SIGHUP};
    sigset_t none;
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_DFL);
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        signal(ignored[i], SIG_IGN);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Nothing of the parent's stays open but stderr: no client's socket, no other worker's. */
static bool keep_only(int fd)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
        return false;
    if (fd != WORKER_FD && dup2(fd, WORKER_FD) < 0)
        return false;
    return close_range(WORKER_FD + 1, ~0U, 0) == 0;
}

/* A request that would take far too much gets no memory, and fails for that. A sanitizer's own
 * memory is beyond any such limit. */
static bool limit_memory(const searchd_options *o)
{
#ifdef __SANITIZE_ADDRESS__
    (void)o;
    return true;
#else
    rlim_t bytes = (rlim_t)o->worker_memory * HARD_SHARE * 1024 * 1024;
    struct rlimit limit = {bytes, bytes};
    return bytes == 0 || setrlimit(RLIMIT_DATA, &limit) == 0;
#endif
}

void worker_main(int fd, pid_t parent, const searchd_options *o)
{
    set_signals();
    access_forget(o);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(1); /* the parent died before the kernel was told to watch it */
    if (!keep_only(fd) || !limit_memory(o)) {
        weft_log(WEFT_LOG_ERROR, "worker_stops",
                 "reason=\"descriptors or limits could not be set up\"");
        _exit(1);
    }
    if (!sandbox_enter(o->sandbox)) {
        weft_log(WEFT_LOG_ERROR, "worker_stops",
                 "reason=\"the kernel refuses the sandbox\"");
        _exit(1);
    }
    _exit(worker_run(WORKER_FD, o));
}

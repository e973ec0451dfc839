/* workers.c - the worker processes as the event loop sees them.
 *
 * A worker is ended in one way only: its socket reports the end (it exited, crashed, or was
 * killed), then it is waited for and a new one takes its place. Killing at the deadline
 * answers the request at once and leaves the rest to that.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workers.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/log.h"
#include "weft/mem.h"
#include "clock.h"
#include "frame.h"
#include "job_log.h"
#include "worker.h"
#include "banned.h"

enum {
    QUICK_MS = 1000,      /* a worker that lives less is a quick death */
    QUICK_DEATHS_MAX = 5, /* in a row; more are waited for */
    BACKOFF_MS = 100,     /* the first wait, doubled each time */
    BACKOFF_MAX_MS = 5000,
    ABANDONED_MS = 40,   /* for a job nobody waits for: most end sooner than a new worker is
                          as quick as the old one */
    READ_BYTES = 1 << 20 /* of a reply at a time */
};

typedef struct worker {
    workers *pool;
    pid_t pid; /* 0 while none runs */
    struct bufferevent *link;
    struct event *timer; /* the deadline of the job; without a process, the wait before the
                            next start */
    job *job;
    int64_t started_ms;
    bool is_condemned; /* killed, or told to leave: gets no more jobs */
    bool was_told;     /* it ends because we said so: no crash */
    bool is_stale;     /* to be replaced when it is idle */
    bool is_behind;    /* the index has changed since it got its last job */
    bool is_abandoned; /* the client of its job has gone */
    worker_end end;    /* why, when it was told to end */
    uint64_t resident_kib;
    uint64_t sequence; /* of the job among those the process has had, from 1 */
} worker;

struct workers {
    struct event_base *base;
    const searchd_options *o;
    workers_owner owner;
    worker *all;
    size_t n;
    unsigned quick_deaths;
    uint64_t ends[WORKER_ENDS], slow;
};

static void on_reply(struct bufferevent *link, void *context);
static void on_link_event(struct bufferevent *link, short what, void *context);

static void set_timer(worker *w, int64_t ms)
{
    struct timeval span = clock_span(ms);
    event_add(w->timer, &span);
}

static weft_code fork_worker(worker *w, int ends[2], weft_error *err)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        worker_main(ends[1], parent, w->pool->o);
    close(ends[1]);
    if (pid < 0)
        return weft_fail(err, WEFT_EIO, "fork: %s", strerror(errno));
    w->pid = pid;
    return WEFT_OK;
}

static weft_code start_worker(worker *w, weft_error *err)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return weft_fail(err, WEFT_EIO, "socketpair: %s", strerror(errno));
    evutil_make_socket_nonblocking(ends[0]);
    w->link = bufferevent_socket_new(w->pool->base, ends[0], BEV_OPT_CLOSE_ON_FREE);
    if (w->link == NULL) {
        close(ends[0]);
        close(ends[1]);
        return weft_fail_nomem(err);
    }
    weft_code code = fork_worker(w, ends, err);
    if (code != WEFT_OK) {
        bufferevent_free(w->link);
        w->link = NULL;
        return code;
    }
    w->started_ms = clock_ms();
    w->is_condemned = w->was_told = w->is_stale = false;
    w->resident_kib = w->sequence = 0;
    bufferevent_set_max_single_read(w->link, READ_BYTES);
    bufferevent_setcb(w->link, on_reply, NULL, on_link_event, w);
    bufferevent_enable(w->link, EV_READ | EV_WRITE);
    weft_log(WEFT_LOG_DEBUG, "worker_started", "pid=%d", (int)w->pid);
    return WEFT_OK;
}

static int64_t backoff_ms(unsigned quick_deaths)
{
    int64_t ms = BACKOFF_MS;
    for (unsigned i = QUICK_DEATHS_MAX; i < quick_deaths && ms < BACKOFF_MAX_MS; i++)
        ms *= 2;
    return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

/* A new process in w's place, now or after a wait when they die one after the other. */
static void restart_worker(worker *w, bool may_wait)
{
    weft_error err = {0};
    unsigned deaths = w->pool->quick_deaths;
    if (may_wait && deaths >= QUICK_DEATHS_MAX) {
        int64_t ms = backoff_ms(deaths);
        weft_log(WEFT_LOG_ERROR, "workers_keep_dying", "deaths=%u wait_ms=%lld", deaths,
                 (long long)ms);
        set_timer(w, ms);
    } else if (start_worker(w, &err) != WEFT_OK) {
        weft_log(WEFT_LOG_ERROR, "worker_not_started", "reason=\"%s\" wait_ms=%d", err.text,
                 BACKOFF_MAX_MS);
        set_timer(w, BACKOFF_MAX_MS);
    }
}

static void tell_to_leave(worker *w)
{
    w->is_condemned = w->was_told = true;
    shutdown(bufferevent_getfd(w->link), SHUT_WR);
    set_timer(w, w->pool->o->timeout_ms);
}

static bool is_idle(const worker *w)
{
    return w->pid != 0 && w->job == NULL && !w->is_condemned;
}

/* The next stale worker leaves, unless one is on its way out: the others go on answering
 * meanwhile. */
static void replace_next(workers *pool)
{
    for (size_t i = 0; i < pool->n; i++)
        if (pool->all[i].pid == 0 || pool->all[i].is_condemned)
            return;
    for (size_t i = 0; i < pool->n; i++)
        if (pool->all[i].is_stale && is_idle(&pool->all[i])) {
            tell_to_leave(&pool->all[i]);
            return;
        }
}

static void condemn(worker *w)
{
    w->is_condemned = true;
    kill(w->pid, SIGKILL);
}

static job *take_job(worker *w)
{
    job *j = w->job;
    w->pool->slow += job_is_slow(j, w->pool->o);
    w->job = NULL;
    w->is_abandoned = false;
    event_del(w->timer);
    return j;
}

static void fail_job(worker *w, weft_code code, const char *text)
{
    weft_error err = {0};
    job *j = take_job(w);
    weft_fail(&err, code, "%s", text);
    j->note = (note){.code = (uint32_t)code};
    job_log(j, w->pool->o, weft_str_of(NULL, 0));
    job_fail(j, &err, 0);
    w->pool->owner.done(w->pool->owner.context, j);
}

/* A worker that has come to hold too much is replaced once it is idle: what it holds is a leak, or
 * memory in too small pieces to be given back. */
static void weigh(worker *w, uint64_t resident_kib)
{
    uint64_t cap_kib = (uint64_t)w->pool->o->worker_memory * 1024;
    w->resident_kib = resident_kib;
    if (cap_kib == 0 || resident_kib <= cap_kib || w->is_stale)
        return;
    w->is_stale = true;
    w->end = WORKER_MEMORY;
    weft_log(WEFT_LOG_WARN, "worker_large", "pid=%d resident_mib=%llu action=replacing",
             (int)w->pid, (unsigned long long)resident_kib / 1024);
}

/* A frame of n bytes has come in whole, and its note has been read into the job. */
static void finish_job(worker *w, struct evbuffer *in, size_t n)
{
    char plan[NOTE_PLAN_MAX];
    job *j = take_job(w);
    evbuffer_drain(in, FRAME_HEAD + sizeof(note));
    evbuffer_remove(in, plan, j->note.plan_bytes);
    job_log(j, w->pool->o, weft_str_of(plan, j->note.plan_bytes));
    job_answer_from(j, in, n - sizeof(note) - j->note.plan_bytes);
    w->pool->quick_deaths = 0;
    weigh(w, j->note.resident_kib);
    if (evbuffer_get_length(in) > 0)
        condemn(w);
    replace_next(
        w->pool); /* before the next job is handed out: a busy worker has its turn too */
    w->pool->owner.done(w->pool->owner.context, j);
    w->pool->owner.idle(w->pool->owner.context);
}

/* Whether the note at the front of a frame can be true, and is of the job that runs. */
static bool is_sound(const worker *w, const note *n, size_t frame_bytes)
{
    return n->sequence == w->sequence && n->code < WEFT_CODE_COUNT &&
           n->plan_bytes <= NOTE_PLAN_MAX && n->plan_bytes <= frame_bytes - sizeof *n &&
           frame_bytes - sizeof *n - n->plan_bytes <= WEFT_REPLY_LINE_MAX;
}

static void on_reply(struct bufferevent *link, void *context)
{
    worker *w = context;
    struct {
        unsigned char head[FRAME_HEAD];
        unsigned char note[sizeof(note)];
    } front;
    struct evbuffer *in = bufferevent_get_input(link);
    if (w->job ==
        NULL) { /* killed a moment ago, or out of step: whatever it says, nobody asked */
        evbuffer_drain(in, evbuffer_get_length(in));
        if (!w->is_condemned)
            condemn(w);
        return;
    }
    ev_ssize_t got = evbuffer_copyout(in, &front, sizeof front);
    if (got < FRAME_HEAD)
        return;
    size_t n = frame_length(front.head);
    if (n < sizeof(note) || n > sizeof(note) + NOTE_PLAN_MAX + WEFT_REPLY_LINE_MAX) {
        condemn(w);
    } else if (evbuffer_get_length(in) >= n + FRAME_HEAD) {
        memcpy(&w->job->note, front.note, sizeof front.note);
        if (is_sound(w, &w->job->note, n))
            finish_job(w, in, n);
        else
            condemn(w);
    }
}

/* ` req=N` of the job it runs; empty when it runs none. */
static const char *name_job(const worker *w, char out[32])
{
    out[0] = '\0';
    if (w->job != NULL)
        snprintf(out, 32, " req=%llu", (unsigned long long)w->job->number);
    return out;
}

static void log_death(const worker *w, int status)
{
    char req[32];
    if (w->was_told)
        weft_log(WEFT_LOG_DEBUG, "worker_replaced", "pid=%d", (int)w->pid);
    else if (WIFSIGNALED(status))
        weft_log(WEFT_LOG_WARN, "worker_died", "pid=%d%s signal=%d action=replaced",
                 (int)w->pid, name_job(w, req), WTERMSIG(status));
    else
        weft_log(WEFT_LOG_WARN, "worker_died", "pid=%d%s status=%d action=replaced",
                 (int)w->pid, name_job(w, req), WEXITSTATUS(status));
}

static int reap(pid_t pid)
{
    int status = 0;
    kill(pid, SIGKILL); /* it has closed its socket: should it live on, it is of no use */
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static void on_link_event(struct bufferevent *link, short what, void *context)
{
    worker *w = context;
    if ((what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) == 0)
        return;
    log_death(w, reap(w->pid));
    bufferevent_free(link);
    w->link = NULL;
    w->pid = 0;
    event_del(w->timer);
    w->pool->ends[w->was_told ? w->end : WORKER_CRASH]++;
    bool is_quick = !w->was_told && clock_ms() - w->started_ms < QUICK_MS;
    w->pool->quick_deaths = is_quick ? w->pool->quick_deaths + 1 : 0;
    if (w->job != NULL)
        fail_job(w, WEFT_EINTERNAL, "the worker died");
    restart_worker(w, true);
    replace_next(w->pool);
    w->pool->owner.idle(w->pool->owner.context);
}

static void expire(worker *w)
{
    char text[80];
    snprintf(text, sizeof text, "stopped at the hard deadline of %lld ms",
             (long long)w->pool->o->timeout_ms);
    w->was_told = true;
    w->end = w->is_abandoned ? WORKER_CLIENT_GONE : WORKER_DEADLINE;
    condemn(w);
    fail_job(w, WEFT_ETIMEOUT, text);
}

static void on_timer(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    worker *w = context;
    char req[32];
    if (w->job != NULL) {
        weft_log(w->is_abandoned ? WEFT_LOG_INFO : WEFT_LOG_WARN, "worker_killed",
                 "pid=%d%s reason=%s action=replaced", (int)w->pid, name_job(w, req),
                 w->is_abandoned ? "client_gone" : "deadline");
        expire(w);
    } else if (w->pid != 0) {
        condemn(w); /* told to leave, and did not */
    } else {
        restart_worker(w, false);
        w->pool->owner.idle(w->pool->owner.context);
    }
}

weft_code workers_start(void *mem, struct event_base *base, const searchd_options *o,
                        workers_owner owner, workers **out, weft_error *err)
{
    workers *pool = talloc_zero(mem, workers);
    if (pool == NULL)
        return weft_fail_nomem(err);
    *pool = (workers){.base = base, .o = o, .owner = owner};
    pool->all = weft_new_array(pool, worker, (size_t)o->workers);
    if (pool->all == NULL)
        return weft_fail_nomem(err);
    for (int64_t i = 0; i < o->workers; i++) {
        worker *w = &pool->all[pool->n];
        w->pool = pool;
        w->timer = evtimer_new(base, on_timer, w);
        weft_code code = w->timer == NULL ? weft_fail_nomem(err) : start_worker(w, err);
        pool->n++;
        if (code != WEFT_OK) {
            workers_stop(pool);
            return code;
        }
    }
    *out = pool;
    return WEFT_OK;
}

bool workers_has_idle(const workers *pool)
{
    for (size_t i = 0; i < pool->n; i++)
        if (is_idle(&pool->all[i]))
            return true;
    return false;
}

bool workers_are_alive(const workers *pool)
{
    for (size_t i = 0; i < pool->n; i++)
        if (pool->all[i].pid != 0)
            return true;
    return false;
}

bool workers_are_busy(const workers *pool)
{
    for (size_t i = 0; i < pool->n; i++)
        if (pool->all[i].job != NULL)
            return true;
    return false;
}

static void give(worker *w, job *j)
{
    unsigned char head[FRAME_HEAD];
    frame_put_head(head, j->line.n);
    struct evbuffer *out = bufferevent_get_output(w->link);
    w->job = j;
    w->sequence++;
    w->is_behind = false;
    j->state = JOB_RUNNING;
    j->given_us = clock_us();
    set_timer(w, w->pool->o->timeout_ms);
    if (evbuffer_add(out, head, sizeof head) != 0 ||
        evbuffer_add(out, j->line.p, j->line.n) != 0)
        condemn(w); /* out of memory: half a frame may be on its way, the job ends with the
                       worker */
}

void workers_give(workers *pool, job *j)
{
    worker *w = pool->all;
    while (!is_idle(w))
        w++;
    give(w, j);
}

void workers_fall_behind(workers *pool)
{
    for (size_t i = 0; i < pool->n; i++)
        pool->all[i].is_behind = true;
}

void workers_catch_up(workers *pool)
{
    for (size_t i = 0; i < pool->n; i++) {
        worker *w = &pool->all[i];
        job *j = w->is_behind && is_idle(w) ? job_new(NULL, weft_str_from("status")) : NULL;
        if (j != NULL)
            give(w, j);
    }
}

void workers_abandon(workers *pool, const job *j)
{
    for (size_t i = 0; i < pool->n; i++) {
        worker *w = &pool->all[i];
        if (w->job != j)
            continue;
        w->is_abandoned = true;
        if (clock_us() / 1000 + ABANDONED_MS < j->given_us / 1000 + pool->o->timeout_ms)
            set_timer(w, ABANDONED_MS);
    }
}

void workers_each(workers *pool, void (*act)(job *j))
{
    for (size_t i = 0; i < pool->n; i++)
        if (pool->all[i].job != NULL && pool->all[i].job->conn != NULL)
            act(pool->all[i].job);
}

void workers_reopen(workers *pool)
{
    for (size_t i = 0; i < pool->n; i++) {
        pool->all[i].is_stale = pool->all[i].pid != 0;
        pool->all[i].end = WORKER_RELOAD;
    }
    replace_next(pool);
}

void workers_count(const workers *pool, workers_figures *out)
{
    *out = (workers_figures){.slow = pool->slow};
    memcpy(out->ends, pool->ends, sizeof out->ends);
    for (size_t i = 0; i < pool->n; i++) {
        const worker *w = &pool->all[i];
        out->busy += w->job != NULL;
        out->idle += is_idle(w);
        out->starting += w->job == NULL && !is_idle(w);
        out->resident_kib += w->resident_kib;
    }
}

void workers_expire(workers *pool)
{
    for (size_t i = 0; i < pool->n; i++)
        if (pool->all[i].job != NULL)
            expire(&pool->all[i]);
}

void workers_stop(workers *pool)
{
    for (size_t i = 0; i < pool->n; i++) {
        worker *w = &pool->all[i];
        if (w->pid != 0)
            reap(w->pid);
        if (w->link != NULL)
            bufferevent_free(w->link);
        if (w->timer != NULL)
            event_free(w->timer);
        if (w->job != NULL && w->job->conn == NULL)
            talloc_free(w->job);
    }
    talloc_free(pool);
}

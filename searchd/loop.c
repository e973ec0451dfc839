/* loop.c - the event loop: signals, the queue between connections and workers, the end. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "loop.h"

#include <event2/event.h>
#include <signal.h>

#include "weft/log.h"
#include "weft/mem.h"
#include "accept.h"
#include "access.h"
#include "cache.h"
#include "clock.h"
#include "conn.h"
#include "job_log.h"
#include "notify.h"
#include "user.h"
#include "stats.h"
#include "banned.h"

enum {
    QUEUE_WAIT_MS = 10000, /* a request that has waited this long is answered `busy` */
    AGE_MS = 500,          /* how often that is looked for */
    FOLLOW_MS = 500,       /* how often an idle daemon looks at the index */
    WATCH_MS = 25,         /* how often the clients of running requests are looked for */
    RETRY_MS = 500,        /* what a client is told to wait when the queue is full */
    GRACE_MS = 500, /* while stopping, for a client that is here to send its request */
    FLUSH_MS = 1000 /* for the last replies, after the hard deadline, while stopping */
};

static const char full[] = "no worker is free and the queue is full";

static void on_done(void *context, job *j)
{
    loop *l = context;
    cache_keep(l->cache, j);
    stats_note(l->stats, &j->note);
    queue_done(&l->queue, j, clock_us());
    if (j->conn == NULL) {
        talloc_free(j);
        return;
    }
    stats_done(l->stats, j);
    conn_job_done(j->conn);
}

static void on_idle_worker(void *context)
{
    loop_dispatch(context);
}

static void fail_busy(job *j, const char *text)
{
    weft_error err = {0};
    weft_fail(&err, WEFT_EBUSY, "%s", text);
    job_fail(j, &err, RETRY_MS);
}

/* The reply of the job that makes room waits for those before it, so its connection need not
 * be told. */
static bool make_room(loop *l, const queue_seat *seat)
{
    job *out = queue_push_out(&l->queue, seat);
    if (out == NULL)
        return false;
    fail_busy(out, full);
    stats_done(l->stats, out);
    return true;
}

void loop_submit(loop *l, queue_seat *seat, job *j)
{
    struct timeval span = clock_span(AGE_MS);
    if (cache_answer(l->cache, j, time(NULL))) {
        job_log_cached(j);
        return;
    }
    if (queue_is_full(&l->queue) && !make_room(l, seat)) {
        fail_busy(j, full);
        return;
    }
    queue_add(&l->queue, seat, j);
    loop_dispatch(l);
    if (!event_pending(l->ager, EV_TIMEOUT, NULL))
        event_add(l->ager, &span);
}

static void watch(loop *l)
{
    struct timeval span = clock_span(WATCH_MS);
    if (!event_pending(l->watcher, EV_TIMEOUT, NULL))
        event_add(l->watcher, &span);
}

void loop_dispatch(loop *l)
{
    while (workers_has_idle(l->workers)) {
        job *j = queue_take(&l->queue);
        if (j == NULL)
            return;
        workers_give(l->workers, j);
        stats_given(l->stats, j);
        watch(l);
    }
}

void loop_abandon(loop *l, job *j)
{
    j->conn = NULL;
    j->seat = NULL;
    l->stats->abandoned++;
    workers_abandon(l->workers, j);
}

static void drop_if_gone(job *j)
{
    if (conn_is_gone(j->conn))
        conn_cut(j->conn, "client_gone");
}

/* A client that is not read from, as it has sent all or too much, can go unnoticed. */
static void on_watch(evutil_socket_t fd, short what, void *context)
{
    loop *l = context;
    (void)fd;
    (void)what;
    workers_each(l->workers, drop_if_gone);
    if (workers_are_busy(l->workers))
        watch(l);
}

static void on_age(evutil_socket_t fd, short what, void *context)
{
    loop *l = context;
    struct timeval span = clock_span(AGE_MS);
    (void)fd;
    (void)what;
    int64_t then_ms = clock_ms() - QUEUE_WAIT_MS;
    for (job *j; (j = queue_take_older(&l->queue, then_ms)) != NULL;) {
        fail_busy(j, "no worker was free for too long");
        stats_done(l->stats, j);
        conn_job_done(j->conn);
    }
    if (l->queue.count > 0)
        event_add(l->ager, &span);
}

void loop_conn_gone(loop *l)
{
    if ((l->is_stopping || l->o->stdio) && l->conn_count + l->refused_count == 0)
        event_base_loopbreak(l->base);
}

static void on_reap(evutil_socket_t fd, short what, void *context)
{
    (void)fd;
    (void)what;
    conn_free_dead(context);
}

static void for_all_conns(loop *l, void (*act)(conn *c))
{
    for (conn *c = conn_first(l), *next; c != NULL; c = next) {
        next = conn_next(c);
        act(c);
    }
}

static void set_drain(loop *l, loop_drain phase, int64_t ms)
{
    struct timeval span = clock_span(ms);
    l->drain_phase = phase;
    event_add(l->drain, &span);
}

/* While stopping: a client that is owed nothing has a moment to send the request it is here
 * for, so that one accepted just before is not turned away; then what still runs is cut off
 * at the hard deadline and answered; then the loop ends with what could be sent. */
static void on_drain(evutil_socket_t fd, short what, void *context)
{
    loop *l = context;
    (void)fd;
    (void)what;
    switch (l->drain_phase) {
    case LOOP_GRACE:
        set_drain(l, LOOP_FINISH, l->o->timeout_ms);
        for_all_conns(l, conn_end);
        return;
    case LOOP_FINISH:
        set_drain(l, LOOP_FLUSH, FLUSH_MS);
        for_all_conns(l, conn_drop_queued);
        workers_expire(l->workers);
        return;
    case LOOP_FLUSH:
        event_base_loopbreak(l->base);
    }
}

static void stop(loop *l)
{
    if (l->is_stopping) { /* asked twice: at once */
        event_base_loopbreak(l->base);
        return;
    }
    l->is_stopping = true;
    weft_log(WEFT_LOG_INFO, "stopping", "connections=%zu", l->conn_count);
    notify_supervisor("STOPPING=1");
    accept_close(l);
    set_drain(l, LOOP_GRACE, l->o->timeout_ms < GRACE_MS ? l->o->timeout_ms : GRACE_MS);
    for_all_conns(l, l->o->stdio ? conn_end : conn_end_busy);
    loop_conn_gone(l);
}

static void on_signal(evutil_socket_t number, short what, void *context)
{
    loop *l = context;
    (void)what;
    if (number != SIGHUP) {
        stop(l);
        return;
    }
    weft_log(WEFT_LOG_INFO, "reopening", "workers=%lld", (long long)l->o->workers);
    notify_reloading();
    access_reload(l->o);
    workers_reopen(l->workers);
    notify_supervisor("READY=1");
}

/* epoll refuses plain files, which standard input and output may be; poll does not. */
static struct event_base *new_base(bool with_files)
{
    struct event_config *config = event_config_new();
    if (config == NULL)
        return NULL;
    if (with_files)
        event_config_require_features(config, EV_FEATURE_FDS);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

/* What holds no longer is not kept until somebody asks: it may be what was taken down. */
static void on_follow(evutil_socket_t fd, short what, void *context)
{
    loop *l = context;
    (void)fd;
    (void)what;
    cache_follow(l->cache);
    if (l->seen != cache_count(l->cache)->changes)
        workers_fall_behind(l->workers);
    l->seen = cache_count(l->cache)->changes;
    if (!l->o->stdio)
        workers_catch_up(l->workers);
}

static weft_code make_events(loop *l, weft_error *err)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    l->base = new_base(l->o->stdio);
    if (l->base == NULL)
        return weft_fail(err, WEFT_EIO, "the event loop could not be set up");
    l->reaper = event_new(l->base, -1, 0, on_reap, l);
    l->ager = evtimer_new(l->base, on_age, l);
    l->drain = evtimer_new(l->base, on_drain, l);
    l->watcher = evtimer_new(l->base, on_watch, l);
    l->follower = event_new(l->base, -1, EV_PERSIST, on_follow, l);
    if (l->watcher == NULL || l->follower == NULL || l->reaper == NULL || l->ager == NULL ||
        l->drain == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        l->signals[i] = evsignal_new(l->base, numbers[i], on_signal, l);
        if (l->signals[i] == NULL || event_add(l->signals[i], NULL) != 0)
            return weft_fail_nomem(err);
    }
    return WEFT_OK;
}

static void free_event(struct event *e)
{
    if (e != NULL)
        event_free(e);
}

static int loop_done(loop *l)
{
    accept_close(l);
    for_all_conns(l, conn_close);
    conn_free_dead(l);
    if (l->workers != NULL)
        workers_stop(l->workers);
    for (size_t i = 0; i < sizeof l->signals / sizeof *l->signals; i++)
        free_event(l->signals[i]);
    free_event(l->reaper);
    free_event(l->ager);
    free_event(l->drain);
    free_event(l->watcher);
    free_event(l->follower);
    if (l->base != NULL)
        event_base_free(l->base);
    return 0;
}

/* The sockets, as root where that is needed, then no root any more. */
static weft_code take_up_post(loop *l, weft_error *err)
{
    user_account account;
    weft_code code = user_find(l->o, &account, err);
    if (code == WEFT_OK)
        code = accept_open(l, &account, err);
    if (code == WEFT_OK)
        code = user_become(&account, err);
    return code == WEFT_OK ? user_check_index(l->o->index_dir, err) : code;
}

/* Everything up to the first request. */
static weft_code start(loop *l, weft_error *err)
{
    workers_owner owner = {l, on_done, on_idle_worker};
    weft_code code = make_events(l, err);
    if (code == WEFT_OK)
        code = cache_new(l, l->o->index_dir, (size_t)l->o->cache_bytes, &l->cache, err);
    if (code == WEFT_OK && !l->o->stdio)
        code = take_up_post(l, err);
    if (code == WEFT_OK)
        code = workers_start(l, l->base, l->o, owner, &l->workers, err);
    if (code != WEFT_OK)
        return code;
    struct timeval span = clock_span(FOLLOW_MS);
    event_add(l->follower, &span);
    event_active(l->follower, EV_TIMEOUT, 0);
    if (l->o->stdio)
        return conn_open_stdio(l) ? WEFT_OK : weft_fail_nomem(err);
    accept_start(l);
    notify_supervisor("READY=1");
    return WEFT_OK;
}

weft_code loop_run(const searchd_options *o, weft_error *err)
{
    loop *l = talloc_zero(NULL, loop);
    if (l == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(l, loop_done);
    l->o = o;
    l->queue.cap = (size_t)o->queue;
    l->queue.workers = (size_t)o->workers;
    l->stats = talloc(l, stats);
    if (l->stats == NULL) {
        talloc_free(l);
        return weft_fail_nomem(err);
    }
    stats_init(l->stats);
    signal(SIGPIPE, SIG_IGN);
    weft_code code = start(l, err);
    if (code == WEFT_OK && event_base_dispatch(l->base) < 0)
        code = weft_fail(err, WEFT_EIO, "the event loop failed");
    if (code == WEFT_OK && !o->stdio)
        weft_log(WEFT_LOG_INFO, "stopped", "unanswered=%zu", l->conn_count);
    talloc_free(l);
    return code;
}

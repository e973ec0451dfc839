/* conn.c - one client.
 *
 * Everything moves in conn_pump: requests become jobs while the protocol has room, finished
 * jobs at the head of the line become output while the output is empty. Output is handed
 * over in batches, each with its own deadline, so a client that takes a byte now and then
 * is not served for ever. Callbacks may close the connection they are in: it is only marked
 * then and freed in a later turn of the loop.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conn.h"

#include <event2/event.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utlist.h>

#include "weft/log.h"
#include "weft/mem.h"
#include "clock.h"
#include "cmd/cmd.h"
#include "conn_private.h"
#include "stats.h"
#include "banned.h"

enum {
    BATCH_BYTES = 256 * 1024, /* of replies handed to the socket at a time, or one reply */
    BLOCKED_MAX =
        8 * 1024 * 1024, /* of replies not yet handed over: no more jobs are run */
    LINGER_MS =
        2000, /* for the client to read the last reply before the socket is closed */
    LINGER_BYTES = 4 * 1024 * 1024, /* of input thrown away meanwhile */
    RETRY_CONNECT_MS = 1000
};

static void conn_pump(conn *c);

static void log_closed(const conn *c, const char *reason)
{
    weft_log(WEFT_LOG_INFO, "closed", "reason=%s unanswered=%zu", reason, c->job_count);
}

static void set_timer(struct event *timer, int64_t ms)
{
    struct timeval span = clock_span(ms);
    event_add(timer, &span);
}

void conn_wait(conn *c, int64_t ms)
{
    set_timer(c->idle, ms);
}

void conn_wait_end(conn *c)
{
    event_del(c->idle);
}

void conn_last(conn *c)
{
    c->state = CONN_ENDING;
    c->must_linger = true;
}

void conn_cut(conn *c, const char *reason)
{
    log_closed(c, reason);
    conn_close(c);
}

job *conn_add_job(conn *c, weft_str line)
{
    job *j = job_new(c, line);
    if (j == NULL) {
        conn_close(c);
        return NULL;
    }
    DL_APPEND(c->jobs, j);
    c->job_count++;
    return j;
}

void conn_add_failure(conn *c, weft_code code, const char *text, int64_t retry_ms)
{
    weft_error err = {0};
    job *j = conn_add_job(c, weft_str_of(NULL, 0));
    if (j == NULL)
        return;
    weft_fail(&err, code, "%s", text);
    job_fail(j, &err, retry_ms);
    stats_done(c->loop->stats, j);
    c->held_bytes += job_reply_bytes(j);
}

static void answer_here(conn *c, job *j)
{
    weft_scope void *mem = talloc_new(NULL);
    cmd_context context = {.mem = mem,
                           .soft_deadline_ms = clock_ms(),
                           .options = c->loop->o,
                           .access = &c->access};
    job_answer(j, command_answer(&context, j->command, j->request));
}

void conn_run_job(conn *c, job *j)
{
    weft_error err = {0};
    weft_code code = command_read(j, j->line, &j->request, &j->command, &err);
    if (code == WEFT_OK && j->command->render != NULL && !c->protocol->has_pages)
        code = weft_fail(&err, WEFT_EUSAGE, "'%s' is a page, for HTTP", j->command->name);
    if (code == WEFT_OK)
        code = access_check(&c->access, j->command->run == cmd_auth, &err);
    if (code != WEFT_OK)
        job_fail(j, &err, 0);
    else if (j->command->in_loop)
        answer_here(c, j);
    else
        loop_submit(c->loop, &c->seat, j);
    if (j->state == JOB_DONE) {
        stats_done(c->loop->stats, j);
        c->held_bytes += job_reply_bytes(j);
    }
    if (access_is_over(&c->access) || c->loop->is_stopping)
        conn_last(c);
}

/* The replies whose turn it is go out, once those before are on their way; false when none
 * did. */
static bool put_replies(conn *c)
{
    struct evbuffer *out = bufferevent_get_output(c->out);
    if (evbuffer_get_length(out) > 0)
        return false;
    while (c->jobs != NULL && c->jobs->state == JOB_DONE &&
           evbuffer_get_length(out) < BATCH_BYTES) {
        job *j = c->jobs;
        c->held_bytes -= job_reply_bytes(j);
        c->protocol->put(c, j, out);
        DL_DELETE(c->jobs, j);
        c->job_count--;
        talloc_free(j);
    }
    if (evbuffer_get_length(out) == 0)
        return false;
    set_timer(c->write_timer, c->loop->o->write_timeout_ms);
    return true;
}

/* All is sent. */
static void finish(conn *c)
{
    if (!c->must_linger || c->is_eof || c->is_stdio) {
        conn_close(c);
        return;
    }
    c->state = CONN_LINGER;
    shutdown(bufferevent_getfd(c->out), SHUT_WR);
    event_del(c->idle);
    set_timer(c->write_timer, LINGER_MS);
    bufferevent_enable(c->in, EV_READ);
}

static void conn_pump(conn *c)
{
    for (bool moved = true; moved && c->state < CONN_LINGER;) {
        moved = false;
        while (c->protocol->take(c))
            moved = true;
        if (c->state < CONN_LINGER && put_replies(c))
            moved = true;
    }
    if (c->state >= CONN_LINGER)
        return;
    if (!c->is_eof && (c->protocol->reads_on || c->protocol->has_room(c)))
        bufferevent_enable(c->in, EV_READ);
    else
        bufferevent_disable(c->in, EV_READ);
    c->seat.is_blocked = c->held_bytes > BLOCKED_MAX;
    bool is_ending = c->is_eof || c->state == CONN_ENDING;
    if (is_ending && c->jobs == NULL &&
        evbuffer_get_length(bufferevent_get_output(c->out)) == 0)
        finish(c);
    loop_dispatch(c->loop);
}

static void throw_away(conn *c, struct evbuffer *in)
{
    c->lingered += evbuffer_get_length(in);
    evbuffer_drain(in, evbuffer_get_length(in));
    if (c->lingered > LINGER_BYTES)
        conn_close(c);
}

static void on_read(struct bufferevent *bev, void *context)
{
    conn *c = context;
    if (c->state == CONN_LINGER)
        throw_away(c, bufferevent_get_input(bev));
    else
        conn_pump(c);
}

static void on_written(struct bufferevent *bev, void *context)
{
    conn *c = context;
    (void)bev;
    if (c->state >= CONN_LINGER)
        return;
    event_del(c->write_timer);
    c->protocol->sent(c);
    conn_pump(c);
}

bool conn_is_gone(const conn *c)
{
    struct pollfd p = {.fd = bufferevent_getfd(c->out), .events = 0};
    return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

static void on_event(struct bufferevent *bev, short what, void *context)
{
    conn *c = context;
    (void)bev;
    if (c->state == CONN_DEAD || (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR)) == 0)
        return;
    c->is_eof = true;
    if ((what & BEV_EVENT_ERROR) != 0 || c->state == CONN_LINGER || conn_is_gone(c)) {
        if (c->job_count > 0)
            log_closed(c, "client_gone");
        conn_close(c);
        return;
    }
    conn_pump(c);
}

static void on_idle(evutil_socket_t fd, short what, void *context)
{
    conn *c = context;
    (void)fd;
    (void)what;
    if (c->state >= CONN_LINGER)
        return;
    if (c->jobs != NULL ||
        evbuffer_get_length(bufferevent_get_output(c->out)) > 0) { /* it waits for us */
        conn_wait(c, c->loop->o->idle_timeout_ms);
        return;
    }
    c->protocol->waited(c);
}

/* What the client does not take is dropped with the connection, not kept for it by the
 * kernel. */
static void reset(const conn *c)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(bufferevent_getfd(c->out), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

static void on_write_timer(evutil_socket_t fd, short what, void *context)
{
    conn *c = context;
    (void)fd;
    (void)what;
    if (c->state < CONN_LINGER) {
        log_closed(c, "not_reading");
        reset(c);
    }
    conn_close(c);
}

static int conn_done(conn *c)
{
    if (c->out != NULL && c->out != c->in)
        bufferevent_free(c->out);
    if (c->in != NULL)
        bufferevent_free(c->in);
    if (c->idle != NULL)
        event_free(c->idle);
    if (c->write_timer != NULL)
        event_free(c->write_timer);
    return 0;
}

/* A connection without its bufferevents; NULL when out of memory. */
static conn *new_conn(loop *l, const conn_peer *peer, const conn_protocol *protocol)
{
    conn *c = talloc_zero(l, conn);
    if (c == NULL)
        return NULL;
    talloc_set_destructor(c, conn_done);
    c->loop = l;
    c->peer = *peer;
    c->access.is_needed = access_needs_token(l->o, peer->family);
    c->protocol = protocol;
    c->way = stats_way_of(peer->family, protocol != &conn_lines);
    c->idle = evtimer_new(l->base, on_idle, c);
    c->write_timer = evtimer_new(l->base, on_write_timer, c);
    if (c->idle == NULL || c->write_timer == NULL) {
        talloc_free(c);
        return NULL;
    }
    return c;
}

static conn *open_socket(loop *l, int fd, const conn_peer *peer,
                         const conn_protocol *protocol)
{
    conn *c = new_conn(l, peer, protocol);
    if (c != NULL)
        c->in = c->out = bufferevent_socket_new(l->base, fd, BEV_OPT_CLOSE_ON_FREE);
    if (c == NULL || c->in == NULL) {
        close(fd);
        talloc_free(c);
        return NULL;
    }
    if (!protocol->open(c)) {
        talloc_free(c);
        return NULL;
    }
    bufferevent_setcb(c->in, on_read, on_written, on_event, c);
    bufferevent_setwatermark(c->in, EV_READ, 0, protocol->read_max);
    bufferevent_enable(c->in, EV_WRITE);
    DL_APPEND(l->conns, c);
    return c;
}

static void count_opened(conn *c)
{
    c->loop->conn_count++;
    c->loop->stats->opened[c->way]++;
    stats_watch(c->loop->stats, bufferevent_get_input(c->in),
                bufferevent_get_output(c->out));
}

void conn_open(loop *l, int fd, const conn_peer *peer, const conn_protocol *protocol)
{
    conn *c = open_socket(l, fd, peer, protocol);
    if (c == NULL)
        return;
    count_opened(c);
    bufferevent_enable(c->in, EV_READ);
}

void conn_refuse(loop *l, int fd, const conn_peer *peer, const conn_protocol *protocol,
                 const weft_error *why)
{
    conn *c = open_socket(l, fd, peer, protocol);
    if (c == NULL)
        return;
    l->refused_count++;
    c->is_refused = true;
    conn_last(c);
    conn_add_failure(c, why->code, why->text,
                     why->code == WEFT_EBUSY ? RETRY_CONNECT_MS : 0);
    conn_pump(c);
}

/* A terminal or a file does not block for long; a pipe or a socket must not block at all.
 */
static void set_nonblocking(int fd)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)))
        evutil_make_socket_nonblocking(fd);
}

bool conn_open_stdio(loop *l)
{
    conn_peer nobody = {0};
    conn *c = new_conn(l, &nobody, &conn_lines);
    if (c == NULL)
        return false;
    c->is_stdio = true;
    c->way = STATS_LINES_STDIO;
    c->in = bufferevent_socket_new(l->base, STDIN_FILENO, 0);
    c->out = bufferevent_socket_new(l->base, STDOUT_FILENO, 0);
    if (c->in == NULL || c->out == NULL) {
        talloc_free(c);
        return false;
    }
    set_nonblocking(STDIN_FILENO);
    set_nonblocking(STDOUT_FILENO);
    bufferevent_setcb(c->in, on_read, NULL, on_event, c);
    bufferevent_setcb(c->out, NULL, on_written, on_event, c);
    bufferevent_setwatermark(c->in, EV_READ, 0, conn_lines.read_max);
    bufferevent_enable(c->out, EV_WRITE);
    bufferevent_disable(c->out, EV_READ);
    bufferevent_enable(c->in, EV_READ);
    DL_APPEND(l->conns, c);
    count_opened(c);
    return true;
}

void conn_job_done(conn *c)
{
    c->held_bytes = 0;
    for (const job *j = c->jobs; j != NULL; j = j->next)
        c->held_bytes += j->state == JOB_DONE ? job_reply_bytes(j) : 0;
    conn_pump(c);
}

void conn_end(conn *c)
{
    if (c->state != CONN_OPEN)
        return;
    c->state = CONN_ENDING;
    c->must_linger = c->jobs != NULL;
    conn_pump(c);
}

void conn_end_busy(conn *c)
{
    if (c->jobs != NULL || evbuffer_get_length(bufferevent_get_output(c->out)) > 0)
        conn_end(c);
}

void conn_drop_queued(conn *c)
{
    weft_error err = {0};
    weft_fail(&err, WEFT_EBUSY, "the server is stopping");
    queue_leave(&c->loop->queue, &c->seat);
    for (job *j = c->jobs; j != NULL; j = j->next)
        if (j->state == JOB_NEW) {
            job_fail(j, &err, RETRY_CONNECT_MS);
            stats_done(c->loop->stats, j);
        }
    if (c->state < CONN_LINGER)
        conn_job_done(c);
}

static void drop_jobs(conn *c)
{
    queue_leave(&c->loop->queue, &c->seat);
    while (c->jobs != NULL) {
        job *j = c->jobs;
        DL_DELETE(c->jobs, j);
        if (j->state == JOB_RUNNING)
            loop_abandon(c->loop, j);
        else
            talloc_free(j);
    }
    c->job_count = 0;
    c->held_bytes = 0;
}

void conn_close(conn *c)
{
    loop *l = c->loop;
    if (c->state == CONN_DEAD)
        return;
    c->state = CONN_DEAD;
    drop_jobs(c);
    event_del(c->idle);
    event_del(c->write_timer);
    bufferevent_disable(c->in, EV_READ | EV_WRITE);
    bufferevent_disable(c->out, EV_READ | EV_WRITE);
    DL_DELETE(l->conns, c);
    c->next = l->dead;
    l->dead = c;
    if (c->is_refused) {
        l->refused_count--;
    } else {
        l->conn_count--;
        l->stats->closed[c->way]++;
    }
    event_active(l->reaper, 0, 0);
    loop_conn_gone(l);
}

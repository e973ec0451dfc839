/* accept.c - new connections. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "accept.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "weft/log.h"
#include "weft/mem.h"
#include "access.h"
#include "clock.h"
#include "conn.h"
#include "listen.h"
#include "stats.h"
#include "banned.h"

enum {
    PAUSE_MS = 100,  /* out of descriptors: a listener that stays readable would spin */
    REFUSED_MAX = 64 /* clients being told that there are too many; more are just closed */
};

typedef struct acceptor {
    loop *loop;
    listen_socket socket;
    const conn_protocol *protocol;
    struct evconnlistener *listener;
    struct event *resume;
    bool is_short; /* out of descriptors, and that was logged */
} acceptor;

static conn_peer peer_of(const struct sockaddr *a)
{
    conn_peer peer = {.family = a->sa_family};
    if (a->sa_family == AF_INET)
        memcpy(peer.address, &((const struct sockaddr_in *)(const void *)a)->sin_addr, 4);
    else if (a->sa_family == AF_INET6)
        memcpy(peer.address, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr,
               16);
    return peer;
}

static bool is_over(size_t count, int64_t cap)
{
    return cap > 0 && count >= (size_t)cap;
}

/* Why this client is not served: there are too many, or it may not ask. */
static weft_code check_client(const loop *l, int fd, const conn_peer *peer, weft_error *err)
{
    bool is_tcp = peer->family == AF_INET || peer->family == AF_INET6;
    if (!access_peer_ok(l->o, fd))
        return weft_fail(err, WEFT_EDENIED, "this account may not ask here");
    if (is_over(l->conn_count, l->o->max_connections))
        return weft_fail(err, WEFT_EBUSY, "too many connections");
    if (is_tcp && l->o->max_per_address > 0 &&
        is_over(conn_count_of(l, peer), l->o->max_per_address))
        return weft_fail(err, WEFT_EBUSY, "too many connections from this address");
    return WEFT_OK;
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd,
                      struct sockaddr *from, int size, void *context)
{
    acceptor *a = context;
    (void)listener;
    (void)size;
    int one = 1;
    conn_peer peer = peer_of(from);
    weft_error why = {0};
    weft_code code = check_client(a->loop, fd, &peer, &why);
    a->is_short = false;
    a->loop->stats->refused += code != WEFT_OK;
    if (peer.family == AF_INET || peer.family == AF_INET6)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (code == WEFT_OK)
        conn_open(a->loop, fd, &peer, a->protocol);
    else if (a->loop->refused_count < REFUSED_MAX)
        conn_refuse(a->loop, fd, &peer, a->protocol, &why);
    else
        close(fd);
}

static void on_accept_error(struct evconnlistener *listener, void *context)
{
    acceptor *a = context;
    int why = errno;
    struct timeval span = clock_span(PAUSE_MS);
    if (!a->is_short)
        weft_log(WEFT_LOG_WARN, "accept_failed", "address=%s reason=\"%s\" action=pausing",
                 a->socket.name, strerror(why));
    a->is_short = true;
    evconnlistener_disable(listener);
    event_add(a->resume, &span);
}

static void on_resume(evutil_socket_t fd, short what, void *context)
{
    acceptor *a = context;
    (void)fd;
    (void)what;
    if (a->listener != NULL)
        evconnlistener_enable(a->listener);
}

static weft_code add_acceptor(loop *l, const listen_socket *s,
                              const conn_protocol *protocol, weft_error *err)
{
    acceptor *a = &l->acceptors[l->acceptor_count++];
    *a = (acceptor){.loop = l, .socket = *s, .protocol = protocol};
    a->resume = evtimer_new(l->base, on_resume, a);
    a->listener = evconnlistener_new(l->base, on_accept, a,
                                     LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_DISABLED, 0, s->fd);
    if (a->resume == NULL || a->listener == NULL)
        return weft_fail_nomem(err);
    evconnlistener_set_error_cb(a->listener, on_accept_error);
    return access_check_listener(l->o, s->fd, s->name, err);
}

static weft_code add_addresses(loop *l, const weft_option_list *addresses,
                               const conn_protocol *protocol, const user_account *owner,
                               weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < addresses->n && code == WEFT_OK; i++) {
        listen_socket s;
        code = listen_open(l, addresses->values[i], l->o->socket_mode, &s, err);
        if (code == WEFT_OK)
            code = add_acceptor(l, &s, protocol, err);
        if (code == WEFT_OK && owner->name != NULL)
            code = listen_give(&s, owner->uid, owner->gid, err);
    }
    return code;
}

weft_code accept_open(loop *l, const user_account *owner, weft_error *err)
{
    listen_socket *inherited = NULL;
    size_t n = 0;
    weft_code code = listen_inherited(l, &inherited, &n, err);
    if (code != WEFT_OK)
        return code;
    size_t all = n + l->o->listen.n + l->o->http.n;
    if (all == 0)
        return weft_fail(
            err, WEFT_EUSAGE,
            "LISTEN_FDS hands over no socket to this process, and '--listen' is missing");
    l->acceptors = weft_new_array(l, acceptor, all);
    if (l->acceptors == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < n && code == WEFT_OK; i++)
        code = add_acceptor(l, &inherited[i],
                            inherited[i].is_http ? &conn_http : &conn_lines, err);
    if (code == WEFT_OK)
        code = add_addresses(l, &l->o->listen, &conn_lines, owner, err);
    return code == WEFT_OK ? add_addresses(l, &l->o->http, &conn_http, owner, err) : code;
}

void accept_start(loop *l)
{
    for (size_t i = 0; i < l->acceptor_count; i++) {
        evconnlistener_enable(l->acceptors[i].listener);
        weft_log(WEFT_LOG_INFO, "listening", "%s=%s",
                 l->acceptors[i].protocol == &conn_http ? "http" : "address",
                 l->acceptors[i].socket.name);
    }
}

void accept_close(loop *l)
{
    for (size_t i = 0; i < l->acceptor_count; i++) {
        acceptor *a = &l->acceptors[i];
        if (a->listener != NULL)
            evconnlistener_free(a->listener);
        if (a->resume != NULL)
            event_free(a->resume);
        listen_close(&a->socket);
    }
    l->acceptor_count = 0;
}

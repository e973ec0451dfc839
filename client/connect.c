/* connect.c - a server to ask. Every wait ends at one absolute deadline. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "connect.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/proto.h"
#include "banned.h"

#define SAY_HOW "; start weft-searchd there, or search an index with -i DIR"

enum { READ_BYTES = 64 * 1024, CHILD_END_MS = 5000 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait until fd is ready; WEFT_ETIMEOUT at the deadline. */
static weft_code await(const server *s, int fd, short events, weft_error *err)
{
    for (;;) {
        int64_t left = s->deadline_ms - now_ms();
        struct pollfd ready = {.fd = fd, .events = events};
        int n = left <= 0 ? 0 : poll(&ready, 1, (int)left);
        if (n > 0)
            return WEFT_OK;
        if (n == 0)
            return weft_fail(err, WEFT_ETIMEOUT, "no reply within %d s",
                             s->timeout_ms / 1000);
        if (errno != EINTR)
            return weft_fail(err, WEFT_EIO, "wait for the server: %s", strerror(errno));
    }
}

/* Connect a fresh non-blocking socket; *failed is the errno of a refusal that another
 * address might not give. */
static weft_code connect_one(server *s, const struct sockaddr *to, socklen_t size,
                             int *failed, weft_error *err)
{
    *failed = 0;
    int fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        *failed = errno;
        return WEFT_OK;
    }
    if (connect(fd, to, size) != 0)
        *failed = errno;
    if (*failed == EINPROGRESS || *failed == EINTR) {
        weft_code code = await(s, fd, POLLOUT, err);
        socklen_t length = sizeof *failed;
        if (code != WEFT_OK || getsockopt(fd, SOL_SOCKET, SO_ERROR, failed, &length) != 0) {
            close(fd);
            return code != WEFT_OK
                       ? code
                       : weft_fail(err, WEFT_EIO, "connect: %s", strerror(errno));
        }
    }
    if (*failed != 0)
        close(fd);
    else
        s->fd = fd;
    return WEFT_OK;
}

static weft_code connect_unix(server *s, const char *path, weft_error *err)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t n = strlen(path);
    if (n >= sizeof to.sun_path)
        return weft_fail(err, WEFT_EUSAGE, "socket path over %zu bytes: '%s'",
                         sizeof to.sun_path - 1, path);
    memcpy(to.sun_path, path, n + 1);
    int failed;
    weft_code code = connect_one(s, (const struct sockaddr *)&to, sizeof to, &failed, err);
    if (code == WEFT_OK && failed != 0)
        return weft_fail(err, WEFT_EIO, "no server at 'unix:%s': %s" SAY_HOW, path,
                         strerror(failed));
    return code;
}

static weft_code connect_tcp(server *s, const weft_address *a, const char *text,
                             weft_error *err)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV},
                    *found = NULL;
    int problem = getaddrinfo(a->host, a->port, &wanted, &found);
    if (problem != 0)
        return weft_fail(err, WEFT_EIO, "no server at '%s': %s", text,
                         gai_strerror(problem));
    weft_code code = WEFT_OK;
    int failed = 0;
    for (struct addrinfo *i = found; i != NULL && code == WEFT_OK && s->fd < 0;
         i = i->ai_next)
        code = connect_one(s, i->ai_addr, i->ai_addrlen, &failed, err);
    freeaddrinfo(found);
    if (code == WEFT_OK && s->fd < 0)
        return weft_fail(err, WEFT_EIO, "no server at '%s': %s" SAY_HOW, text,
                         strerror(failed));
    return code;
}

/* A path with a slash needs no "unix:" before it. */
static weft_code connect_to(server *s, const char *text, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_address a;
    bool bare = strchr(text, '/') != NULL && !weft_str_starts(weft_str_from(text), "unix:");
    const char *full = bare ? talloc_asprintf(tmp, "unix:%s", text) : text;
    if (full == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_address_parse(tmp, full, &a, err);
    if (code != WEFT_OK)
        return code;
    s->is_tcp = a.path == NULL;
    return a.path != NULL ? connect_unix(s, a.path, err) : connect_tcp(s, &a, text, err);
}

weft_code server_open(void *mem, const server_place *place, int timeout_ms, server *out,
                      weft_error *err)
{
    *out = (server){
        .fd = -1, .mem = mem, .timeout_ms = timeout_ms, .child = {.errors_fd = -1}};
    out->deadline_ms = now_ms() + timeout_ms;
    weft_buf_init(&out->in, mem, WEFT_REPLY_LINE_MAX + READ_BYTES);
    if (place->index != NULL)
        return child_start(place->index, &out->child, &out->fd, err);
    return connect_to(out, place->address, err);
}

/* The server hung up. A child has a reason, which stands in its complaints. */
static weft_code hung_up(server *s, const char *how, weft_error *err)
{
    if (s->child.pid > 0) {
        close(s->fd);
        s->fd = -1;
        child_end(&s->child, CHILD_END_MS);
        weft_str complaint = child_complaint(s->mem, &s->child);
        if (complaint.n > 0)
            return weft_fail(err, WEFT_EIO, "%" WEFT_STR_FMT, WEFT_STR_ARG(complaint));
    }
    return weft_fail(err, WEFT_EIO, "the server hung up before it answered%s%s",
                     how[0] != '\0' ? ": " : "", how);
}

static weft_code send_all(server *s, weft_str bytes, weft_error *err)
{
    while (bytes.n > 0) {
        weft_code code = await(s, s->fd, POLLOUT, err);
        if (code != WEFT_OK)
            return code;
        ssize_t n = send(s->fd, bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
            return WEFT_OK; /* it may have said why before: read that */
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return weft_fail(err, WEFT_EIO, "send to the server: %s", strerror(errno));
        if (n > 0)
            bytes = weft_str_of(bytes.p + n, bytes.n - (size_t)n);
    }
    return WEFT_OK;
}

/* Read once into s->in. */
static weft_code receive(server *s, weft_error *err)
{
    char bytes[READ_BYTES];
    weft_code code = await(s, s->fd, POLLIN, err);
    if (code != WEFT_OK)
        return code;
    ssize_t n = recv(s->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return WEFT_OK;
    if (n < 0)
        return hung_up(s, strerror(errno), err);
    if (n == 0)
        return hung_up(s, "", err);
    weft_buf_add(&s->in, weft_str_of(bytes, (size_t)n));
    return weft_buf_check(&s->in, "the server's reply", err);
}

/* The LF at or after from in what has come; NULL for none yet. */
static const char *line_end(const server *s, size_t from)
{
    return from < s->in.n ? memchr(s->in.p + from, '\n', s->in.n - from) : NULL;
}

/* Forget the line handed out before; what came after it stays. */
static void drop_used(server *s)
{
    if (s->used == 0)
        return;
    memmove(s->in.p, s->in.p + s->used, s->in.n - s->used);
    s->in.n -= s->used;
    s->in.p[s->in.n] = '\0';
    s->used = 0;
}

static weft_code receive_line(server *s, weft_str *reply, weft_error *err)
{
    drop_used(s);
    size_t seen = 0;
    const char *end;
    while ((end = line_end(s, seen)) == NULL) {
        seen = s->in.n;
        if (seen > WEFT_REPLY_LINE_MAX)
            return weft_fail(err, WEFT_EIO, "the server's reply is over %d bytes",
                             WEFT_REPLY_LINE_MAX);
        weft_code code = receive(s, err);
        if (code != WEFT_OK)
            return code;
    }
    size_t n = (size_t)(end - s->in.p);
    if (n > WEFT_REPLY_LINE_MAX)
        return weft_fail(err, WEFT_EIO, "the server's reply is over %d bytes",
                         WEFT_REPLY_LINE_MAX);
    s->used = n + 1;
    *reply = weft_str_of(s->in.p, n);
    return WEFT_OK;
}

weft_code server_ask(server *s, weft_str request, weft_str *reply, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    if (s->used >
        0) /* not the first: the one that came with the connection has its deadline */
        s->deadline_ms = now_ms() + s->timeout_ms;
    char *line = talloc_asprintf(tmp, "%" WEFT_STR_FMT "\n", WEFT_STR_ARG(request));
    if (line == NULL)
        return weft_fail_nomem(err);
    weft_code code = send_all(s, weft_str_from(line), err);
    return code != WEFT_OK ? code : receive_line(s, reply, err);
}

void server_close(server *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    child_end(&s->child, CHILD_END_MS);
    if (s->child.errors_fd >= 0)
        close(s->child.errors_fd);
    s->child.errors_fd = -1;
}

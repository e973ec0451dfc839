/* listen.c - listening sockets. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "weft/mem.h"
#include "weft/proto.h"
#include "banned.h"

enum { FIRST_INHERITED = 3, INHERITED_MAX = 64, BACKLOG = 128 };
enum { STREAM = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK };

typedef union any_address {
    struct sockaddr any;
    struct sockaddr_un local;
    struct sockaddr_in6 six;
    struct sockaddr_storage storage;
} any_address;

/* The address a socket really has, as a client would write it. */
static const char *name_of(void *mem, int fd)
{
    any_address a = {0};
    socklen_t size = sizeof a;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getsockname(fd, &a.any, &size) != 0)
        return NULL;
    if (a.any.sa_family == AF_UNIX)
        return talloc_asprintf(mem, "unix:%s", a.local.sun_path);
    if (getnameinfo(&a.any, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return NULL;
    return talloc_asprintf(mem, a.any.sa_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
                           port);
}

/* Whether somebody accepts on the socket file: anything but a refusal counts, so that no
 * live one is taken away. */
static bool is_answered(const struct sockaddr_un *a)
{
    int fd = socket(AF_UNIX, STREAM, 0);
    if (fd < 0)
        return true;
    bool refused =
        connect(fd, (const struct sockaddr *)a, sizeof *a) != 0 && errno == ECONNREFUSED;
    close(fd);
    return !refused;
}

/* Take away what stands at the path, when it is a socket that nobody answers on. */
static weft_code remove_stale(const struct sockaddr_un *a, weft_error *err)
{
    struct stat st;
    if (lstat(a->sun_path, &st) != 0)
        return errno == ENOENT ? WEFT_OK
                               : weft_fail(err, WEFT_EIO, "listen on 'unix:%s': %s",
                                           a->sun_path, strerror(errno));
    if (!S_ISSOCK(st.st_mode))
        return weft_fail(err, WEFT_EBUSY,
                         "listen on 'unix:%s': a file that is no socket stands there",
                         a->sun_path);
    if (is_answered(a))
        return weft_fail(err, WEFT_EBUSY, "listen on 'unix:%s': in use", a->sun_path);
    unlink(a->sun_path);
    return WEFT_OK;
}

static weft_code bind_unix(const weft_address *address, mode_t mode, listen_socket *s,
                           weft_error *err)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    memcpy(a.sun_path, address->path, strlen(address->path));
    weft_code code = remove_stale(&a, err);
    if (code != WEFT_OK)
        return code;
    s->fd = socket(AF_UNIX, STREAM, 0);
    if (s->fd < 0)
        return weft_fail(err, WEFT_EIO, "socket: %s", strerror(errno));
    mode_t saved = umask(0777 & ~mode); /* the right mode from the first moment */
    int status = bind(s->fd, (const struct sockaddr *)&a, sizeof a);
    umask(saved);
    struct stat st;
    if (status != 0 || stat(address->path, &st) != 0)
        return weft_fail(err, errno == EADDRINUSE ? WEFT_EBUSY : WEFT_EIO,
                         "listen on 'unix:%s': %s", address->path, strerror(errno));
    s->path = address->path;
    s->dev = st.st_dev;
    s->ino = st.st_ino;
    return WEFT_OK;
}

static weft_code bind_tcp(const weft_address *address, const char *text, listen_socket *s,
                          weft_error *err)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int status = getaddrinfo(address->host, address->port, &hints, &found);
    if (status != 0)
        return weft_fail(err, WEFT_EIO, "listen on '%s': %s", text, gai_strerror(status));
    int one = 1;
    s->fd = socket(found->ai_family, STREAM, 0);
    bool held =
        s->fd >= 0 && setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0;
    if (held && found->ai_family == AF_INET6)
        held = setsockopt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one) == 0;
    held = held && bind(s->fd, found->ai_addr, found->ai_addrlen) == 0;
    int why = errno;
    freeaddrinfo(found);
    if (!held)
        return weft_fail(err, why == EADDRINUSE ? WEFT_EBUSY : WEFT_EIO,
                         "listen on '%s': %s", text,
                         why == EADDRINUSE ? "in use" : strerror(why));
    return WEFT_OK;
}

weft_code listen_open(void *mem, const char *address, mode_t mode, listen_socket *out,
                      weft_error *err)
{
    listen_socket s = {.fd = -1};
    weft_address a = {0};
    weft_code code = weft_address_parse(mem, address, &a, err);
    if (code == WEFT_OK)
        code =
            a.path != NULL ? bind_unix(&a, mode, &s, err) : bind_tcp(&a, address, &s, err);
    if (code == WEFT_OK && listen(s.fd, BACKLOG) != 0)
        code = weft_fail(err, WEFT_EIO, "listen on '%s': %s", address, strerror(errno));
    if (code == WEFT_OK && (s.name = name_of(mem, s.fd)) == NULL)
        code = weft_fail_nomem(err);
    if (code == WEFT_OK)
        *out = s;
    else
        listen_close(&s);
    return code;
}

/* By a descriptor of the very file, so that nothing put in its place is given away. */
weft_code listen_give(const listen_socket *s, uid_t uid, gid_t gid, weft_error *err)
{
    struct stat st;
    if (s->path == NULL)
        return WEFT_OK;
    int fd = open(s->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    bool held = fd >= 0 && fstat(fd, &st) == 0;
    if (held && (st.st_dev != s->dev || st.st_ino != s->ino)) {
        held = false;
        errno = ESTALE;
    }
    held = held && fchownat(fd, "", uid, gid, AT_EMPTY_PATH) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    return held ? WEFT_OK
                : weft_fail(err, WEFT_EIO, "'unix:%s': change its owner: %s", s->path,
                            strerror(why));
}

static weft_code take_over(void *mem, int fd, listen_socket *out, weft_error *err)
{
    int listens = 0, type = 0;
    socklen_t size = sizeof listens, type_size = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0 ||
        getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_size) != 0 || type != SOCK_STREAM)
        return weft_fail(err, WEFT_EUSAGE,
                         "LISTEN_FDS: descriptor %d is not a listening stream socket", fd);
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
        return weft_fail(err, WEFT_EIO, "LISTEN_FDS: descriptor %d: %s", fd,
                         strerror(errno));
    *out = (listen_socket){.fd = fd, .name = name_of(mem, fd)};
    return out->name == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* How many sockets the environment hands to this very process. */
static size_t count_inherited(void)
{
    uint64_t pid, n;
    const char *pid_text = getenv("LISTEN_PID"), *n_text = getenv("LISTEN_FDS");
    if (pid_text == NULL || n_text == NULL)
        return 0;
    if (weft_parse_u64(weft_str_from(pid_text), INT32_MAX, &pid, NULL) != WEFT_OK ||
        (pid_t)pid != getpid() ||
        weft_parse_u64(weft_str_from(n_text), INHERITED_MAX, &n, NULL) != WEFT_OK)
        return 0;
    return n;
}

weft_code listen_inherited(void *mem, listen_socket **out, size_t *n, weft_error *err)
{
    size_t count = count_inherited();
    const char *names = getenv("LISTEN_FDNAMES");
    names = names == NULL ? "" : talloc_strdup(mem, names);
    if (names == NULL)
        return weft_fail_nomem(err);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    listen_socket *sockets = weft_new_array(mem, listen_socket, count);
    if (sockets == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < count; i++) {
        weft_code code = take_over(mem, FIRST_INHERITED + (int)i, &sockets[i], err);
        if (code != WEFT_OK)
            return code;
        sockets[i].is_http = strncmp(names, "http", strlen("http")) == 0;
        names += strcspn(names, ":");
        names += *names == ':' ? 1 : 0;
    }
    *out = sockets;
    *n = count;
    return WEFT_OK;
}

void listen_close(listen_socket *s)
{
    struct stat st;
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    if (s->path != NULL && stat(s->path, &st) == 0 && st.st_dev == s->dev &&
        st.st_ino == s->ino)
        unlink(s->path);
    s->path = NULL;
}

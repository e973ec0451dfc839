/* access.c - who may ask. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "access.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weft/log.h"
#include "weft/mem.h"
#include "banned.h"

enum {
    FILE_MAX = 64 * 1024, /* bytes of a token file, comments included */
    GROUPS_MAX = 65536    /* of a peer: the kernel's own limit */
};

/* Padded with zeroes, so that a comparison always runs over all of it. */
typedef struct token {
    unsigned char bytes[ACCESS_TOKEN_MAX];
    size_t n;
} token;

typedef struct token_list {
    token all[ACCESS_TOKENS_MAX];
    size_t n;
} token_list;

/* What the options say, read. Group ids are as wide as user ids. */
typedef struct id_list {
    uint32_t all[ACCESS_IDS_MAX];
    size_t n;
} id_list;

struct access_rules {
    token_list tokens;
    id_list uids, gids;
};

static weft_code add_token(token_list *list, weft_str line, size_t at, const char *path,
                           weft_error *err)
{
    if (line.n < ACCESS_TOKEN_MIN || line.n > ACCESS_TOKEN_MAX)
        return weft_fail(err, WEFT_EUSAGE,
                         "token file '%s', line %zu: a token has %d to %d bytes", path, at,
                         ACCESS_TOKEN_MIN, ACCESS_TOKEN_MAX);
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] <= ' ' || line.p[i] > '~')
            return weft_fail(err, WEFT_EUSAGE,
                             "token file '%s', line %zu: only printable ASCII without "
                             "spaces",
                             path, at);
    if (list->n == ACCESS_TOKENS_MAX)
        return weft_fail(err, WEFT_ELIMIT, "token file '%s': over %d tokens", path,
                         ACCESS_TOKENS_MAX);
    token *t = &list->all[list->n++];
    memcpy(t->bytes, line.p, line.n);
    t->n = line.n;
    return WEFT_OK;
}

static weft_code add_tokens(token_list *list, weft_str rest, const char *path,
                            weft_error *err)
{
    weft_str line;
    weft_code code = WEFT_OK;
    for (size_t at = 1; code == WEFT_OK && weft_str_next_line(&rest, &line); at++) {
        line = weft_str_trim(line);
        if (line.n > 0 && line.p[0] != '#')
            code = add_token(list, line, at, path, err);
    }
    if (code == WEFT_OK && list->n == 0)
        code = weft_fail(err, WEFT_EUSAGE, "token file '%s': no token in it", path);
    return code;
}

/* All of the file into text, which holds FILE_MAX + 1 bytes. */
static weft_code read_file(const char *path, char *text, size_t *n, weft_error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        return weft_fail(err, WEFT_EIO, "token file '%s': %s", path, strerror(why));
    }
    if ((st.st_mode & S_IRWXO) != 0)
        weft_log(WEFT_LOG_WARN, "token_file_open",
                 "path=%s action=used hint=\"chmod o= keeps others out\"", path);
    ssize_t got = 1;
    for (*n = 0; got > 0 && *n <= FILE_MAX; *n += got > 0 ? (size_t)got : 0)
        got = read(fd, text + *n, FILE_MAX + 1 - *n);
    int why = errno;
    close(fd);
    if (got < 0)
        return weft_fail(err, WEFT_EIO, "token file '%s': %s", path, strerror(why));
    return *n > FILE_MAX ? weft_fail(err, WEFT_ELIMIT, "token file '%s': over %d bytes",
                                     path, FILE_MAX)
                         : WEFT_OK;
}

static weft_code read_tokens(const char *path, token_list *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    token_list *list = talloc_zero(tmp, token_list);
    char *text = talloc_zero_size(tmp, FILE_MAX + 1);
    size_t n = 0;
    if (list == NULL || text == NULL)
        return weft_fail_nomem(err);
    weft_code code = read_file(path, text, &n, err);
    if (code == WEFT_OK)
        code = add_tokens(list, weft_str_of(text, n), path, err);
    if (code == WEFT_OK)
        *out = *list;
    explicit_bzero(text, FILE_MAX + 1);
    explicit_bzero(list, sizeof *list);
    return code;
}

static bool find_uid(const char *name, uint32_t *out)
{
    const struct passwd *found = getpwnam(name);
    if (found != NULL)
        *out = found->pw_uid;
    return found != NULL;
}

static bool find_gid(const char *name, uint32_t *out)
{
    const struct group *found = getgrnam(name);
    if (found != NULL)
        *out = found->gr_gid;
    return found != NULL;
}

/* Names or numbers. The highest number means "nobody in particular" to the kernel. */
static weft_code read_ids(const weft_option_list *from, const char *option,
                          bool (*find)(const char *name, uint32_t *out), id_list *out,
                          weft_error *err)
{
    if (from->n > ACCESS_IDS_MAX)
        return weft_fail(err, WEFT_EUSAGE, "%s: over %d of them", option, ACCESS_IDS_MAX);
    for (size_t i = 0; i < from->n; i++) {
        uint64_t number;
        uint32_t *id = &out->all[out->n++];
        if (weft_parse_u64(weft_str_from(from->values[i]), UINT32_MAX - 1, &number, NULL) ==
            WEFT_OK)
            *id = (uint32_t)number;
        else if (!find(from->values[i], id))
            return weft_fail(err, WEFT_EUSAGE, "%s: '%s' is neither a name nor a number",
                             option, from->values[i]);
    }
    return WEFT_OK;
}

static int wipe_rules(access_rules *rules)
{
    explicit_bzero(&rules->tokens, sizeof rules->tokens);
    return 0;
}

weft_code access_open(searchd_options *o, weft_error *err)
{
    o->access = talloc_zero(o, access_rules);
    if (o->access == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(o->access, wipe_rules);
    weft_code code =
        read_ids(&o->allow_uid, "--allow-uid", find_uid, &o->access->uids, err);
    if (code == WEFT_OK)
        code = read_ids(&o->allow_gid, "--allow-gid", find_gid, &o->access->gids, err);
    if (code == WEFT_OK && o->token_file != NULL)
        code = read_tokens(o->token_file, &o->access->tokens, err);
    return code;
}

void access_reload(const searchd_options *o)
{
    weft_error err = {0};
    if (o->token_file == NULL)
        return;
    if (read_tokens(o->token_file, &o->access->tokens, &err) != WEFT_OK)
        weft_log(WEFT_LOG_WARN, "tokens_not_read", "reason=\"%s\" action=kept", err.text);
    else
        weft_log(WEFT_LOG_INFO, "tokens_read", "tokens=%zu", o->access->tokens.n);
}

void access_forget(const searchd_options *o)
{
    if (o->access != NULL)
        wipe_rules(o->access);
}

static bool is_loopback(const struct sockaddr_storage *a)
{
    const struct sockaddr_in6 *six = (const void *)a;
    const struct sockaddr_in *four = (const void *)a;
    if (a->ss_family == AF_UNIX)
        return true;
    if (a->ss_family == AF_INET)
        return (ntohl(four->sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
    if (a->ss_family != AF_INET6)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
        return six->sin6_addr.s6_addr[12] == IN_LOOPBACKNET;
    return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

weft_code access_check_listener(const searchd_options *o, int fd, const char *name,
                                weft_error *err)
{
    struct sockaddr_storage a = {0};
    socklen_t size = sizeof a;
    if (o->token_file != NULL)
        return WEFT_OK;
    if (getsockname(fd, (struct sockaddr *)&a, &size) == 0 && is_loopback(&a))
        return WEFT_OK;
    return weft_fail(err, WEFT_EUSAGE,
                     "listen on '%s': more than this machine could ask there: give "
                     "'--token-file FILE', or a loopback address",
                     name);
}

static bool has_id(const id_list *list, uint32_t id)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->all[i] == id)
            return true;
    return false;
}

/* Whether one of the peer's further groups is in the list. */
static bool has_group(const id_list *list, int fd)
{
    gid_t few[64], *groups = few;
    socklen_t size = sizeof few;
    weft_scope void *tmp = NULL;
    int status = getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, few, &size);
    if (status != 0 && errno == ERANGE && size <= GROUPS_MAX * sizeof *few) {
        tmp = talloc_new(NULL);
        groups = talloc_size(tmp, size);
        status =
            groups == NULL ? -1 : getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size);
    }
    for (size_t i = 0; status == 0 && i < size / sizeof *groups; i++)
        if (has_id(list, groups[i]))
            return true;
    return false;
}

bool access_peer_ok(const searchd_options *o, int fd)
{
    const access_rules *rules = o->access;
    struct ucred peer;
    int family = 0;
    socklen_t size = sizeof family, peer_size = sizeof peer;
    if (rules == NULL || rules->uids.n + rules->gids.n == 0)
        return true;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) != 0)
        return false;
    if (family != AF_UNIX)
        return true;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &peer_size) != 0)
        return false;
    bool may = has_id(&rules->uids, peer.uid) || has_id(&rules->gids, peer.gid) ||
               (rules->gids.n > 0 && has_group(&rules->gids, fd));
    if (!may)
        weft_log(WEFT_LOG_WARN, "denied", "pid=%d uid=%lld gid=%lld", (int)peer.pid,
                 (long long)peer.uid, (long long)peer.gid);
    return may;
}

bool access_needs_token(const searchd_options *o, int family)
{
    return o->token_file != NULL && (family == AF_INET || family == AF_INET6);
}

/* Every byte of every token is looked at, whatever differs first. */
static unsigned differs(const token *a, const token *b)
{
    volatile unsigned seen = a->n == b->n ? 0 : 1;
    for (size_t i = 0; i < ACCESS_TOKEN_MAX; i++)
        seen |= (unsigned)(a->bytes[i] ^ b->bytes[i]);
    return seen;
}

bool access_token_ok(const searchd_options *o, weft_str given)
{
    token shown = {.n = given.n};
    unsigned found = 0;
    if (o->access == NULL || given.n > ACCESS_TOKEN_MAX || given.n == 0)
        return false;
    memcpy(shown.bytes, given.p, given.n);
    for (size_t i = 0; i < o->access->tokens.n; i++)
        found |= differs(&shown, &o->access->tokens.all[i]) == 0;
    explicit_bzero(&shown, sizeof shown);
    return found != 0;
}

weft_code access_show(const searchd_options *o, access_state *state, weft_str given,
                      weft_error *err)
{
    if (!state->is_needed)
        return WEFT_OK;
    state->is_shown = access_token_ok(o, given);
    if (state->is_shown)
        return WEFT_OK;
    state->wrong_count++;
    weft_log(WEFT_LOG_WARN, "denied", "reason=token wrong=%d", state->wrong_count);
    return weft_fail(err, WEFT_EDENIED, "the token is not a right one");
}

weft_code access_check(const access_state *state, bool is_auth, weft_error *err)
{
    if (is_auth || !state->is_needed || state->is_shown)
        return WEFT_OK;
    return weft_fail(err, WEFT_EDENIED, "a token is needed first: auth token=TOKEN");
}

weft_code access_bearer(const searchd_options *o, access_state *state,
                        weft_str authorization, weft_error *err)
{
    static const char scheme[] = "Bearer ";
    const size_t n = sizeof scheme - 1;
    state->is_shown = false;
    if (!state->is_needed)
        return WEFT_OK;
    if (authorization.n < n || strncasecmp(authorization.p, scheme, n) != 0)
        return weft_fail(err, WEFT_EDENIED,
                         "a token is needed: Authorization: Bearer TOKEN");
    return access_show(o, state,
                       weft_str_trim(weft_str_of(authorization.p + n, authorization.n - n)),
                       err);
}

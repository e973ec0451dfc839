/* address.c - "unix:PATH", "HOST:PORT" and "[IPV6]:PORT" taken apart. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/proto.h"

#include <sys/un.h>

#include "weft/mem.h"
#include "banned.h"

enum { PATH_BYTES_MAX = sizeof(((struct sockaddr_un *)0)->sun_path) - 1, PORT_MAX = 65535 };

static weft_code parse_unix(void *mem, const char *path, weft_address *out, weft_error *err)
{
    size_t n = strlen(path);
    if (n == 0)
        return weft_fail(err, WEFT_EUSAGE, "'unix:' needs a path");
    if (n > PATH_BYTES_MAX)
        return weft_fail(err, WEFT_ELIMIT, "socket path '%s' is over %d bytes", path,
                         PATH_BYTES_MAX);
    char *copy = talloc_strdup(mem, path);
    if (copy == NULL)
        return weft_fail_nomem(err);
    *out = (weft_address){.path = copy};
    return WEFT_OK;
}

/* The host before the last colon, out of its brackets; empty when that is not a host. */
static weft_str host_of(const char *text, const char *colon)
{
    weft_str host = weft_str_of(text, (size_t)(colon - text));
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        return weft_str_of(host.p + 1, host.n - 2);
    if (host.n > 0 &&
        (memchr(host.p, ':', host.n) != NULL || memchr(host.p, '[', host.n) != NULL))
        return weft_str_of(NULL,
                           0); /* IPv6 without brackets: where the port begins is a guess */
    return host;
}

weft_code weft_address_parse(void *mem, const char *text, weft_address *out,
                             weft_error *err)
{
    if (strncmp(text, "unix:", 5) == 0)
        return parse_unix(mem, text + 5, out, err);
    const char *colon = strrchr(text, ':');
    weft_str host = colon == NULL ? weft_str_of(NULL, 0) : host_of(text, colon);
    uint64_t port;
    if (host.n == 0 ||
        weft_parse_u64(weft_str_from(colon + 1), PORT_MAX, &port, NULL) != WEFT_OK)
        return weft_fail(err, WEFT_EUSAGE,
                         "'%s' is no address: unix:PATH, HOST:PORT or [IPV6]:PORT", text);
    char *host_copy = weft_str_dup(mem, host);
    char *port_copy = talloc_asprintf(mem, "%u", (unsigned)port);
    if (host_copy == NULL || port_copy == NULL)
        return weft_fail_nomem(err);
    *out = (weft_address){.host = host_copy, .port = port_copy};
    return WEFT_OK;
}

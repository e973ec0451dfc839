/* urls.c - whether two addresses are of one page. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "urls.h"

#include <inttypes.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

/* Parameters that say where a reader came from, or how the page is shown; one that ends in _
 * stands for all that start so. */
static const char *const passing[] = {
    "utm_",   "fbclid", "gclid",      "dclid", "msclkid", "yclid", "twclid", "igshid",
    "mc_cid", "mc_eid", "replytocom", "share", "_ga",     "wt_mc", "amp",    "disqus_"};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The part behind "https://"; addresses without a host begin with a slash. */
static weft_str without_scheme(weft_str url)
{
    size_t n = 0;
    while (n < url.n && ((lower(url.p[n]) >= 'a' && lower(url.p[n]) <= 'z')))
        n++;
    weft_str rest = weft_str_of(url.p + n, url.n - n);
    if (weft_str_starts(rest, "://"))
        return weft_str_of(rest.p + 3, rest.n - 3);
    if (weft_str_starts(url, "//"))
        return weft_str_of(url.p + 2, url.n - 2);
    return url;
}

static void add_host(weft_buf *b, weft_str host)
{
    static const char *const ports[] = {":80", ":443"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(ports[i]);
        if (host.n > n && weft_str_is(weft_str_of(host.p + host.n - n, n), ports[i]))
            host.n -= n;
    }
    host.n -= host.n > 0 && host.p[host.n - 1] == '.' ? 1 : 0;
    bool is_www = host.n > 4 && lower(host.p[0]) == 'w' && lower(host.p[1]) == 'w' &&
                  lower(host.p[2]) == 'w' && host.p[3] == '.';
    for (size_t i = is_www ? 4 : 0; i < host.n; i++)
        weft_buf_add_char(b, lower(host.p[i]));
}

/* Letters, digits and what is not ASCII stand for themselves, escaped or not; other escapes
 * get capital digits. */
static size_t add_character(weft_buf *b, weft_str s)
{
    int high = s.n > 2 && s.p[0] == '%' ? hex(s.p[1]) : -1;
    int low = high >= 0 ? hex(s.p[2]) : -1;
    if (low < 0) {
        weft_buf_add_char(b, s.p[0]);
        return 1;
    }
    int c = high * 16 + low;
    bool is_plain = c >= 0x80 || (c >= '0' && c <= '9') || strchr("-._~", c) != NULL ||
                    ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    if (is_plain && c != 0)
        weft_buf_add_char(b, (char)(unsigned char)c);
    else
        weft_buf_addf(b, "%%%02X", (unsigned)c);
    return 3;
}

static void add_path(weft_buf *b, weft_str path)
{
    static const char *const indexes[] = {"/index.html", "/index.htm", "/index.php"};
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++) {
        size_t n = strlen(indexes[i]);
        if (path.n >= n && weft_str_is(weft_str_of(path.p + path.n - n, n), indexes[i]))
            path.n -= n;
    }
    while (path.n > 0 && path.p[path.n - 1] == '/')
        path.n--;
    for (size_t i = 0; i < path.n;) {
        bool is_doubled = path.p[i] == '/' && i > 0 && path.p[i - 1] == '/';
        i += is_doubled ? 1 : add_character(b, weft_str_of(path.p + i, path.n - i));
    }
}

static bool is_passing(weft_str parameter)
{
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
        size_t n = strlen(passing[i]);
        if (!weft_str_starts(parameter, passing[i]))
            continue;
        if (passing[i][n - 1] == '_' || parameter.n == n || parameter.p[n] == '=')
            return true;
    }
    return parameter.n == 0;
}

static void add_query(weft_buf *b, weft_str query)
{
    char before = '?';
    while (query.n > 0) {
        const char *end = memchr(query.p, '&', query.n);
        weft_str parameter = query;
        parameter.n = end == NULL ? query.n : (size_t)(end - query.p);
        size_t used = parameter.n + (end == NULL ? 0 : 1);
        query = weft_str_of(query.p + used, query.n - used);
        if (is_passing(parameter))
            continue;
        weft_buf_add_char(b, before);
        before = '&';
        for (size_t i = 0; i < parameter.n;)
            i += add_character(b, weft_str_of(parameter.p + i, parameter.n - i));
    }
}

/* s up to the first of the bytes of ends; *rest is what follows. */
static weft_str cut_at(weft_str s, const char *ends, weft_str *rest)
{
    size_t n = 0;
    while (n < s.n && (s.p[n] == '\0' || strchr(ends, s.p[n]) == NULL))
        n++;
    *rest = weft_str_of(s.p + n, s.n - n);
    return weft_str_of(s.p, n);
}

weft_code fmt_url_fold(void *mem, const char *url, fmt_url *out, weft_error *err)
{
    enum { GROWTH = 3 };
    weft_str rest, query;
    weft_str text = weft_str_trim(weft_str_from(url));
    text = cut_at(text, "#", &rest);
    weft_str host = cut_at(without_scheme(text), "/?", &rest);
    weft_str path = cut_at(rest, "?", &query);
    weft_buf b;
    weft_buf_init(&b, mem, GROWTH * text.n + 1);
    add_host(&b, host);
    size_t host_n = b.n;
    add_path(&b, path);
    add_query(&b, query.n == 0 ? query : weft_str_of(query.p + 1, query.n - 1));
    weft_code code = weft_buf_check(&b, "URL", err);
    if (code == WEFT_OK)
        *out = (fmt_url){.whole = b.p, .path = b.p + host_n};
    return code;
}

weft_code fmt_fit_id(void *mem, const char *text, const char **out, weft_error *err)
{
    enum { HASH_DIGITS = 17 }; /* with a hyphen */
    weft_str s = weft_str_from(text);
    if (s.n <= WEFT_ID_MAX) {
        *out = text;
        return WEFT_OK;
    }
    size_t n = weft_utf8_cut(s, WEFT_ID_MAX - HASH_DIGITS);
    *out = talloc_asprintf(mem, "%.*s-%016" PRIx64, (int)n, text, weft_str_hash(s));
    return *out == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

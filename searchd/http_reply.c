/* http_reply.c - an HTTP/1.1 reply. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http_reply.h"

#include <event2/buffer.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <xxhash.h>

#include "weft/version.h"
#include "banned.h"

static const char *reason_of(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {{200, "OK"},
                   {204, "No Content"},
                   {304, "Not Modified"},
                   {400, "Bad Request"},
                   {401, "Unauthorized"},
                   {404, "Not Found"},
                   {405, "Method Not Allowed"},
                   {408, "Request Timeout"},
                   {409, "Conflict"},
                   {411, "Length Required"},
                   {413, "Content Too Large"},
                   {414, "URI Too Long"},
                   {417, "Expectation Failed"},
                   {431, "Request Header Fields Too Large"},
                   {500, "Internal Server Error"},
                   {501, "Not Implemented"},
                   {503, "Service Unavailable"},
                   {504, "Gateway Timeout"},
                   {505, "HTTP Version Not Supported"}};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Error";
}

static void put_date(struct evbuffer *out)
{
    char text[64];
    struct tm now;
    time_t s = time(NULL);
    if (gmtime_r(&s, &now) != NULL &&
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &now) > 0)
        evbuffer_add_printf(out, "Date: %s\r\n", text);
}

static void put_access(const http_reply *r, struct evbuffer *out)
{
    if (r->origin == NULL)
        return;
    evbuffer_add_printf(out, "Access-Control-Allow-Origin: %s\r\nVary: Origin\r\n",
                        r->origin);
    if (r->is_preflight)
        evbuffer_add_printf(out,
                            "Access-Control-Allow-Methods: GET, POST\r\n"
                            "Access-Control-Allow-Headers: content-type, authorization\r\n"
                            "Access-Control-Max-Age: 600\r\n");
}

static void put_policy(const http_reply *r, struct evbuffer *out)
{
    evbuffer_add_printf(out, "X-Content-Type-Options: nosniff\r\n");
    if (r->policy != NULL)
        evbuffer_add_printf(
            out,
            "Content-Security-Policy: %s\r\nReferrer-Policy: same-origin\r\n"
            "X-Frame-Options: DENY\r\n",
            r->policy);
}

void http_reply_put(const http_reply *r, struct evbuffer *body, struct evbuffer *out)
{
    evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\n", r->status, reason_of(r->status));
    put_date(out);
    evbuffer_add_printf(out, "Server: weft/%s\r\n", WEFT_VERSION);
    if (r->content_type != NULL)
        evbuffer_add_printf(out, "Content-Type: %s\r\n", r->content_type);
    if (r->status != 204 && r->status != 304)
        evbuffer_add_printf(out, "Content-Length: %zu\r\n", evbuffer_get_length(body));
    if (r->tag != NULL)
        evbuffer_add_printf(out, "ETag: %s\r\n", r->tag);
    evbuffer_add_printf(out, "Cache-Control: %s\r\n",
                        r->tag == NULL ? "no-store" : "no-cache");
    if (r->allow != NULL)
        evbuffer_add_printf(out, "Allow: %s\r\n", r->allow);
    if (r->status == 401)
        evbuffer_add_printf(out, "WWW-Authenticate: Bearer realm=\"weft\"\r\n");
    if (r->retry_ms > 0)
        evbuffer_add_printf(out, "Retry-After: %" PRId64 "\r\n",
                            (r->retry_ms + 999) / 1000);
    put_access(r, out);
    put_policy(r, out);
    if (r->closes || r->is_old)
        evbuffer_add_printf(out, "Connection: %s\r\n", r->closes ? "close" : "keep-alive");
    evbuffer_add_printf(out, "\r\n");
    if (r->is_head || r->status == 204 || r->status == 304)
        evbuffer_drain(body, evbuffer_get_length(body));
    evbuffer_add_buffer(out, body);
}

/* What follows a text in s; empty when it does not stand there. */
static weft_str behind(weft_str s, const char *text)
{
    const char *at = memmem(s.p, s.n, text, strlen(text));
    if (at == NULL)
        return weft_str_of(s.p, 0);
    at += strlen(text);
    return weft_str_of(at, s.n - (size_t)(at - s.p));
}

/* In a line of JSON a text with quotes can stand for nothing else: within a string they are
 * escaped. "ok" is the first key, or follows the id. */
int http_reply_status(weft_str line, int64_t *retry_ms)
{
    char name[32] = "";
    weft_str error = behind(line, "\"ok\":");
    *retry_ms = 0;
    if (weft_str_starts(error, "true"))
        return 200;
    weft_str code = behind(error, "\"code\":\"");
    for (size_t i = 0; i < code.n && code.p[i] != '"' && i + 1 < sizeof name; i++)
        name[i] = code.p[i];
    weft_str retry = behind(code, "\"retry_ms\":");
    for (size_t i = 0; i < retry.n && retry.p[i] >= '0' && retry.p[i] <= '9' && i < 9; i++)
        *retry_ms = *retry_ms * 10 + (retry.p[i] - '0');
    return weft_code_http(weft_code_from_name(name));
}

void http_reply_tag(weft_str line, char tag[HTTP_TAG_BYTES])
{
    static const char took[] = ",\"took_ms\":";
    enum { TAIL = 64 }; /* it is the last key, and a number */
    weft_str tail = line.n <= TAIL ? line : weft_str_of(line.p + line.n - TAIL, TAIL);
    const char *at = memmem(tail.p, tail.n, took, strlen(took));
    size_t n = at == NULL ? line.n : (size_t)(at - line.p);
    snprintf(tag, HTTP_TAG_BYTES, "W/\"%016" PRIx64 "\"", XXH3_64bits(line.p, n));
}

bool http_tag_matches(weft_str list, const char *tag)
{
    const char *opaque = strchr(tag, '"'); /* weak comparison: W/ does not count */
    return weft_str_is(list, "*") ||
           (list.n > 0 && memmem(list.p, list.n, opaque, strlen(opaque)) != NULL);
}

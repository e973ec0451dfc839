/* http.c - a connection that speaks HTTP/1.1.
 *
 * One request at a time: the next is read when the reply to the last is on its way. Each phase
 * of a request has a deadline that bytes do not put off: from accept or the first byte to the
 * head's end, from there to the body's. After a refusal nothing more of the connection is
 * understood: the reply is sent, what still comes is thrown away, and it is closed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <event2/buffer.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "conn_private.h"
#include "http_body.h"
#include "http_chunk.h"
#include "http_head.h"
#include "http_reply.h"
#include "http_route.h"
#include "stats.h"
#include "web/web.h"
#include "banned.h"

enum {
    READ_MAX = WEFT_HTTP_LINE_MAX + WEFT_HTTP_HEAD_MAX + WEFT_HTTP_BODY_MAX,
    BODY_MAX = WEFT_HTTP_BODY_MAX + 1 /* room for a NUL */
};

typedef enum http_phase {
    HTTP_WAITING,
    HTTP_IN_HEAD,
    HTTP_IN_BODY,
    HTTP_ANSWERING
} http_phase;

struct http {
    http_phase phase;
    bool had_request; /* one has begun: the deadline of the first runs from accept */
    void *mem;        /* of the request at work */
    http_scan scan;
    http_head head; /* views into mem */
    weft_buf body;
    http_chunks chunks;
    int status; /* of a refusal, 0 for none */
    const char *allow;
    const char *content_type; /* of what is neither JSON nor a page */
    weft_str asset;           /* of the page, in the program */
    bool is_page;
};

static bool open_http(conn *c)
{
    c->http = talloc_zero(c, struct http);
    conn_wait(c, c->loop->o->head_timeout_ms);
    return c->http != NULL;
}

static bool has_room(const conn *c)
{
    return c->state == CONN_OPEN && c->http->phase != HTTP_ANSWERING &&
           (c->http->phase != HTTP_WAITING ||
            evbuffer_get_length(bufferevent_get_output(c->out)) == 0);
}

static void begin(struct http *h)
{
    TALLOC_FREE(h->mem);
    *h = (struct http){.had_request = h->had_request};
}

/* Answer with an error reply of that status, and hear no more. */
static bool refuse(conn *c, int status, weft_code code, const char *why)
{
    struct evbuffer *in = bufferevent_get_input(c->in);
    evbuffer_drain(in, evbuffer_get_length(in));
    c->http->phase = HTTP_ANSWERING;
    c->http->status = status;
    conn_wait_end(c);
    conn_last(c);
    conn_add_failure(c, code, why, 0);
    return true;
}

static bool refuse_syntax(conn *c, int status, const char *why)
{
    bool is_limit = status == 413 || status == 414 || status == 431;
    return refuse(c, status, is_limit ? WEFT_ELIMIT : WEFT_EUSAGE, why);
}

static bool out_of_memory(conn *c)
{
    conn_close(c);
    return false;
}

/* Answered without a command: these bytes. */
static bool answer_here(conn *c, int status, const char *content_type, weft_str bytes)
{
    job *j = conn_add_job(c, weft_str_of(NULL, 0));
    if (j == NULL)
        return false;
    c->http->status = status;
    c->http->content_type = content_type;
    job_answer(j, bytes);
    c->held_bytes += job_reply_bytes(j);
    return true;
}

static bool answer_failure(conn *c, int status, weft_code code, const char *text)
{
    c->http->status = status;
    conn_add_failure(c, code, text, 0);
    return c->state != CONN_DEAD;
}

static bool answer_health(conn *c)
{
    bool is_well = !c->loop->is_stopping && workers_are_alive(c->loop->workers);
    return answer_here(c, is_well ? 200 : 503, "text/plain; charset=utf-8",
                       weft_str_from(is_well ? "ok\n" : "no worker\n"));
}

static bool answer_metrics(conn *c)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf text;
    weft_error err = {0};
    weft_buf_init(&text, tmp, STATS_TEXT_MAX);
    stats_render(c->loop, &text);
    weft_code code = weft_buf_check(&text, "metrics", &err);
    if (code != WEFT_OK)
        return answer_failure(c, weft_code_http(code), code, err.text);
    return answer_here(c, 200, "text/plain; version=0.0.4; charset=utf-8",
                       weft_buf_str(&text));
}

static bool run_command(conn *c, const http_route *route, weft_str rest, weft_str query)
{
    struct http *h = c->http;
    weft_error err = {0};
    weft_str line;
    weft_code code = http_route_line(h->mem, route, &h->head, rest, query,
                                     weft_buf_str(&h->body), &line, &err);
    if (code != WEFT_OK)
        return answer_failure(c, weft_code_http(code), code, err.text);
    job *j = conn_add_job(c, line);
    if (j == NULL)
        return false;
    conn_run_job(c, j);
    return true;
}

static bool answer_denied(conn *c, const weft_error *why)
{
    if (access_is_over(&c->access))
        conn_last(c);
    c->http->is_page = false;
    return answer_failure(c, weft_code_http(why->code), why->code, why->text);
}

static bool answer_options(conn *c, const http_route *route)
{
    c->http->allow = route != NULL && !route->takes_post ? "GET, HEAD, OPTIONS"
                                                         : "GET, HEAD, POST, OPTIONS";
    return answer_here(c, 204, NULL, weft_str_of(NULL, 0));
}

/* The request has come whole. */
static bool answer(conn *c)
{
    struct http *h = c->http;
    weft_str rest, query;
    web_asset asset;
    h->phase = HTTP_ANSWERING;
    conn_wait_end(c);
    if (weft_str_is(h->head.target, "*"))
        return answer_options(c, NULL);
    if (web_asset_find(h->head.target, &asset)) {
        h->asset = asset.bytes;
        return answer_here(c, 200, asset.content_type, asset.bytes);
    }
    const http_route *route = http_route_find(h->head.target, &rest, &query);
    if (route == NULL)
        return answer_failure(c, 404, WEFT_ENOTFOUND, "no such path; see doc/protocol.md");
    if (h->head.method == METHOD_OPTIONS)
        return answer_options(c, route);
    if (h->head.method == METHOD_POST && !route->takes_post) {
        h->allow = "GET, HEAD, OPTIONS";
        return answer_failure(c, 405, WEFT_EUSAGE, "this path takes no POST");
    }
    h->is_page = route->is_page;
    if (strcmp(route->path, HTTP_HEALTH) == 0)
        return answer_health(c);
    weft_error err = {0};
    if (access_bearer(c->loop->o, &c->access, h->head.authorization, &err) != WEFT_OK)
        return answer_denied(c, &err);
    return route->command == NULL ? answer_metrics(c) : run_command(c, route, rest, query);
}

/* Bytes of the input have been used up; the head and the body keep their own. */
static bool take_length(conn *c, struct evbuffer *in)
{
    struct http *h = c->http;
    size_t n = h->head.length;
    if (evbuffer_get_length(in) < n)
        return false;
    const unsigned char *bytes = evbuffer_pullup(in, (ev_ssize_t)n);
    if (bytes == NULL)
        return out_of_memory(c);
    weft_buf_add(&h->body, weft_str_of((const char *)bytes, n));
    evbuffer_drain(in, n);
    return h->body.failed == WEFT_OK ? answer(c) : out_of_memory(c);
}

static bool take_chunks(conn *c, struct evbuffer *in)
{
    struct http *h = c->http;
    size_t n = evbuffer_get_length(in), taken;
    const unsigned char *bytes = evbuffer_pullup(in, -1);
    if (n == 0)
        return false;
    if (bytes == NULL)
        return out_of_memory(c);
    int status =
        http_chunks_take(&h->chunks, weft_str_of((const char *)bytes, n), &h->body, &taken);
    evbuffer_drain(in, taken);
    if (h->body.failed != WEFT_OK)
        return out_of_memory(c);
    if (status != HTTP_OK)
        return refuse_syntax(c, status, "bad chunked body");
    if (h->chunks.is_whole)
        return answer(c);
    return taken > 0;
}

/* The head has been read. */
static bool begin_body(conn *c, struct evbuffer *in)
{
    struct http *h = c->http;
    weft_buf_init(&h->body, h->mem, BODY_MAX);
    if (!h->head.is_chunked && h->head.length == 0)
        return answer(c);
    h->phase = HTTP_IN_BODY;
    conn_wait(c, c->loop->o->body_timeout_ms);
    if (h->head.expects_continue && evbuffer_get_length(in) == 0)
        evbuffer_add_printf(bufferevent_get_output(c->out),
                            "HTTP/1.1 100 Continue\r\n\r\n");
    return true;
}

static bool take_head(conn *c, struct evbuffer *in)
{
    struct http *h = c->http;
    size_t n = evbuffer_get_length(in), head_bytes;
    const char *why = NULL, *bytes = (const char *)evbuffer_pullup(in, -1);
    if (bytes == NULL)
        return out_of_memory(c);
    int status = http_head_scan(weft_str_of(bytes, n), &h->scan, &head_bytes);
    if (status != HTTP_OK)
        return refuse_syntax(c, status,
                             status == 400   ? "a line must end in CR LF"
                             : status == 414 ? "request line over 8192 bytes"
                                             : "headers over 16384 bytes");
    if (head_bytes == 0)
        return false;
    h->mem = talloc_new(c);
    char *copy = h->mem == NULL ? NULL : talloc_memdup(h->mem, bytes, head_bytes);
    if (copy == NULL)
        return out_of_memory(c);
    evbuffer_drain(in, head_bytes);
    status = http_head_read(weft_str_of(copy, head_bytes), &h->head, &why);
    return status == HTTP_OK ? begin_body(c, in) : refuse_syntax(c, status, why);
}

/* Empty lines before a request are passed over. */
static bool take_first(conn *c, struct evbuffer *in)
{
    struct http *h = c->http;
    char two[2];
    while (evbuffer_copyout(in, two, sizeof two) == (ev_ssize_t)sizeof two &&
           two[0] == '\r' && two[1] == '\n')
        evbuffer_drain(in, sizeof two);
    if (evbuffer_get_length(in) == 0 || (evbuffer_get_length(in) == 1 && two[0] == '\r'))
        return false;
    if (h->had_request)
        conn_wait(c, c->loop->o->head_timeout_ms);
    h->had_request = true;
    h->phase = HTTP_IN_HEAD;
    return true;
}

static bool take(conn *c)
{
    struct evbuffer *in = bufferevent_get_input(c->in);
    if (!has_room(c))
        return false;
    switch (c->http->phase) {
    case HTTP_WAITING:
        return take_first(c, in);
    case HTTP_IN_HEAD:
        return take_head(c, in);
    case HTTP_IN_BODY:
        return c->http->head.is_chunked ? take_chunks(c, in) : take_length(c, in);
    case HTTP_ANSWERING:
        break;
    }
    return false;
}

/* The origin that may read the reply: as it was asked for, or any. */
static const char *allowed_origin(const conn *c)
{
    const weft_option_list *allowed = &c->loop->o->cors;
    for (size_t i = 0; i < allowed->n && c->http->head.origin.n > 0; i++)
        if (strcmp(allowed->values[i], "*") == 0 ||
            weft_str_is(c->http->head.origin, allowed->values[i]))
            return allowed->values[i];
    return NULL;
}

static void fill_body(conn *c, job *j, http_reply *r, char tag[HTTP_TAG_BYTES])
{
    const struct http *h = c->http;
    if (h->asset.n > 0) {
        http_reply_tag(h->asset, tag);
        r->tag = tag;
    } else if (h->content_type != NULL) {
        r->tag = NULL; /* what it says now is not what it says next */
    } else if (h->is_page) {
        http_body_page(j, c->loop->o, r, tag);
    } else {
        http_body_json(j, r, tag);
    }
    if (h->head.method != METHOD_POST && r->tag != NULL &&
        http_tag_matches(h->head.if_none_match, tag)) {
        r->status = 304;
        r->content_type = NULL;
    }
}

static void put(conn *c, job *j, struct evbuffer *out)
{
    struct http *h = c->http;
    char tag[HTTP_TAG_BYTES];
    const bool is_here = h->status != 0 && evbuffer_get_length(j->reply) == 0;
    http_reply r = {.status = h->status,
                    .content_type = h->content_type,
                    .allow = h->allow,
                    .origin = allowed_origin(c),
                    .is_preflight = h->head.request_method.n > 0,
                    .is_head = h->head.method == METHOD_HEAD,
                    .closes = c->state != CONN_OPEN || !h->head.keeps_alive ||
                              c->loop->is_stopping,
                    .is_old = h->head.minor == 0};
    if (!is_here)
        fill_body(c, j, &r, tag);
    http_reply_put(&r, j->reply, out);
    if (r.closes)
        conn_last(c);
    begin(h);
}

static void waited(conn *c)
{
    http_phase phase = c->http->phase;
    if (phase == HTTP_WAITING) {
        conn_cut(c, "idle");
        return;
    }
    refuse(c, 408, WEFT_ETIMEOUT,
           phase == HTTP_IN_HEAD ? "the head took too long" : "the body took too long");
    conn_job_done(c);
}

static void sent(conn *c)
{
    if (c->http->phase == HTTP_WAITING && c->http->had_request)
        conn_wait(c, c->loop->o->idle_timeout_ms);
}

const conn_protocol conn_http = {
    .read_max = READ_MAX,
    .has_pages = true,
    .reads_on = true,
    .open = open_http,
    .take = take,
    .has_room = has_room,
    .put = put,
    .waited = waited,
    .sent = sent,
};

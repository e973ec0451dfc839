/* fuzz_http.c - a request's head and chunked body, whatever their bytes: read the same in one
 * piece and byte by byte, and, where llhttp is at hand (Debian's node-llhttp), whatever we
 * accept it understands alike. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdint.h>
#include <string.h>
#ifdef WEFT_LLHTTP
#include <llhttp.h>
#endif

#include "weft/limits.h"
#include "weft/mem.h"
#include "http_chunk.h"
#include "http_head.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* What one reader made of a request. */
typedef struct understood {
    http_head head;
    bool is_whole;
    weft_buf body;
    size_t used; /* bytes of the request */
} understood;

#ifdef WEFT_LLHTTP
typedef struct other {
    weft_buf url, body;
    bool has_head, is_whole, keeps_alive;
} other;

static int on_url(llhttp_t *p, const char *at, size_t n)
{
    weft_buf_add(&((other *)p->data)->url, weft_str_of(at, n));
    return 0;
}

static int on_body(llhttp_t *p, const char *at, size_t n)
{
    weft_buf_add(&((other *)p->data)->body, weft_str_of(at, n));
    return 0;
}

static int on_head(llhttp_t *p)
{
    other *o = p->data;
    o->has_head = true;
    o->keeps_alive = llhttp_should_keep_alive(p) != 0;
    return 0;
}

static int on_whole(llhttp_t *p)
{
    ((other *)p->data)->is_whole = true;
    return HPE_PAUSED;
}

static bool ends_with(weft_str s, weft_str tail)
{
    return s.n >= tail.n && memcmp(s.p + s.n - tail.n, tail.p, tail.n) == 0;
}

static void compare(void *mem, weft_str all, const understood *ours)
{
    static const uint8_t methods[] = {[METHOD_GET] = 1,
                                      [METHOD_HEAD] = 2,
                                      [METHOD_POST] = 3,
                                      [METHOD_OPTIONS] = 6}; /* as llhttp numbers them */
    llhttp_settings_t settings;
    llhttp_t p;
    other o = {0};
    weft_buf_init(&o.url, mem, all.n + 1);
    weft_buf_init(&o.body, mem, all.n + 1);
    llhttp_settings_init(&settings);
    settings.on_url = on_url;
    settings.on_body = on_body;
    settings.on_headers_complete = on_head;
    settings.on_message_complete = on_whole;
    llhttp_init(&p, HTTP_REQUEST, &settings);
    p.data = &o;
    llhttp_errno_t status = llhttp_execute(&p, all.p, all.n);
    assert(o.has_head); /* a chunk's bad line it refuses before its end has come */
    if (ours->is_whole)
        assert(o.is_whole && (status == HPE_OK || status == HPE_PAUSED));
    assert(p.method == methods[ours->head.method]);
    bool is_root = weft_str_is(ours->head.target, "/"); /* of http://host */
    assert(is_root || ends_with(weft_buf_str(&o.url), ours->head.target));
    assert(o.keeps_alive || !ours->head.keeps_alive); /* to close is always right */
    if (!ours->is_whole)
        return;
    assert(o.body.n == ours->body.n);
    assert(o.body.n == 0 || memcmp(o.body.p, ours->body.p, o.body.n) == 0);
    assert((size_t)(llhttp_get_error_pos(&p) - all.p) == ours->used);
}
#else
static void compare(void *mem, weft_str all, const understood *ours)
{
    (void)mem;
    (void)all;
    (void)ours;
}
#endif

/* The body behind the head; false when it is refused. */
static bool read_body(weft_str rest, size_t step, understood *u)
{
    if (!u->head.is_chunked) {
        u->is_whole = rest.n >= u->head.length;
        size_t length = u->is_whole ? (size_t)u->head.length : rest.n;
        weft_buf_add(&u->body, weft_str_of(rest.p, length));
        u->used += length;
        return true;
    }
    http_chunks chunks = {0};
    size_t from = 0;
    for (size_t to = 0; to < rest.n && !chunks.is_whole;) {
        size_t taken;
        to = to + step < rest.n ? to + step : rest.n;
        if (http_chunks_take(&chunks, weft_str_of(rest.p + from, to - from), &u->body,
                             &taken) != HTTP_OK)
            return false;
        from += taken;
        assert(from <= to);
    }
    u->is_whole = chunks.is_whole;
    u->used += from;
    return true;
}

/* Read in pieces of `step` bytes; false when refused or not whole. */
static bool read_request(void *mem, weft_str all, size_t step, understood *u)
{
    http_scan scan = {0};
    size_t head_bytes = 0;
    const char *why = NULL;
    *u = (understood){.is_whole = false};
    for (size_t to = 0; to < all.n && head_bytes == 0;) {
        to = to + step < all.n ? to + step : all.n;
        if (http_head_scan(weft_str_of(all.p, to), &scan, &head_bytes) != HTTP_OK)
            return false;
    }
    if (head_bytes == 0)
        return false;
    int status = http_head_read(weft_str_of(all.p, head_bytes), &u->head, &why);
    assert(status == HTTP_OK || (status >= 400 && status <= 599 && why != NULL));
    if (status != HTTP_OK)
        return false;
    weft_buf_init(&u->body, mem, WEFT_HTTP_BODY_MAX + 1);
    u->used = head_bytes;
    return read_body(weft_str_of(all.p + head_bytes, all.n - head_bytes), step, u);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_str all = weft_str_of((const char *)bytes, n);
    understood whole, pieces;
    bool accepted = read_request(mem, all, n == 0 ? 1 : n, &whole);
    bool accepted_pieces = read_request(mem, all, 1, &pieces);
    assert(accepted == accepted_pieces);
    if (!accepted)
        return 0;
    assert(whole.is_whole == pieces.is_whole && whole.used == pieces.used);
    assert(whole.body.n == pieces.body.n &&
           (whole.body.n == 0 || memcmp(whole.body.p, pieces.body.p, whole.body.n) == 0));
    compare(mem, all, &whole);
    return 0;
}

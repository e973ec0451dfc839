/* json_feed.c - JSON text in pieces to events, by yajl.
 *
 * yajl (2.1.0) does not look at what its allocator returns, and grows without bound while a
 * text goes on. So its memory is a talloc context of ours, left by a jump when there is none,
 * and a token that goes on for too many bytes is an error here.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_feed.h"

#include <setjmp.h>

#include <yajl/yajl_parse.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

struct json_feed {
    json_events events;
    yajl_handle yajl;
    jmp_buf no_memory;
    size_t token_bytes; /* fed since the last event */
    weft_code code;     /* of an event that stopped it */
    weft_error *err;
};

static void *leave(json_feed *f)
{
    longjmp(f->no_memory, 1);
}

static void *take(void *ctx, size_t bytes)
{
    void *p = talloc_size(ctx, bytes);
    return p == NULL ? leave(ctx) : p;
}

static void *take_again(void *ctx, void *old, size_t bytes)
{
    void *p = talloc_realloc_size(ctx, old, bytes);
    return p == NULL ? leave(ctx) : p;
}

static void give_back(void *ctx, void *p)
{
    (void)ctx;
    talloc_free(p);
}

static int go_on(json_feed *f, weft_code code)
{
    f->token_bytes = 0;
    f->code = code;
    return code == WEFT_OK;
}

static int on_value(void *ctx, tree_kind kind, const char *p, size_t n)
{
    json_feed *f = ctx;
    return go_on(f, f->events.value(f->events.ctx, kind, weft_str_of(p, n), f->err));
}

static int on_null(void *ctx)
{
    return on_value(ctx, TREE_NULL, "", 0);
}

static int on_boolean(void *ctx, int is_true)
{
    return on_value(ctx, is_true ? TREE_TRUE : TREE_FALSE, "", 0);
}

static int on_number(void *ctx, const char *p, size_t n)
{
    return on_value(ctx, TREE_NUMBER, p, n);
}

static int on_string(void *ctx, const unsigned char *p, size_t n)
{
    return on_value(ctx, TREE_TEXT, (const char *)p, n);
}

static int on_key(void *ctx, const unsigned char *p, size_t n)
{
    json_feed *f = ctx;
    return go_on(f, f->events.key(f->events.ctx, weft_str_of((const char *)p, n), f->err));
}

static int on_begin_object(void *ctx)
{
    json_feed *f = ctx;
    return go_on(f, f->events.begin(f->events.ctx, TREE_OBJECT, f->err));
}

static int on_begin_array(void *ctx)
{
    json_feed *f = ctx;
    return go_on(f, f->events.begin(f->events.ctx, TREE_ARRAY, f->err));
}

static int on_end(void *ctx)
{
    json_feed *f = ctx;
    return go_on(f, f->events.end(f->events.ctx, f->err));
}

static const yajl_callbacks callbacks = {.yajl_null = on_null,
                                         .yajl_boolean = on_boolean,
                                         .yajl_number = on_number,
                                         .yajl_string = on_string,
                                         .yajl_start_map = on_begin_object,
                                         .yajl_map_key = on_key,
                                         .yajl_end_map = on_end,
                                         .yajl_start_array = on_begin_array,
                                         .yajl_end_array = on_end};

weft_code json_feed_new(void *mem, const json_events *events, json_feed **out,
                        weft_error *err)
{
    json_feed *f = talloc_zero(mem, json_feed);
    if (f == NULL)
        return weft_fail_nomem(err);
    yajl_alloc_funcs memory = {take, take_again, give_back, f};
    f->events = *events;
    if (setjmp(f->no_memory) != 0) {
        talloc_free(f);
        return weft_fail_nomem(err);
    }
    f->yajl = yajl_alloc(&callbacks, &memory, f);
    yajl_config(f->yajl, yajl_allow_multiple_values, 1);
    yajl_config(f->yajl, yajl_dont_validate_strings, 1); /* repaired later, and counted */
    *out = f;
    return WEFT_OK;
}

/* yajl's "parse error: premature EOF\n" as one of our reasons. */
static weft_code fail_syntax(json_feed *f, weft_error *err)
{
    size_t at = yajl_get_bytes_consumed(f->yajl);
    unsigned char *said = yajl_get_error(f->yajl, 0, NULL, 0);
    weft_str text = weft_str_trim(weft_str_from((const char *)said));
    text.n -= text.n > 0 && text.p[text.n - 1] == '.' ? 1 : 0;
    weft_code code =
        weft_fail_at(err, WEFT_ESYNTAX, at, "not JSON: %" WEFT_STR_FMT, WEFT_STR_ARG(text));
    yajl_free_error(f->yajl, said);
    return code;
}

static weft_code outcome(json_feed *f, yajl_status status, weft_error *err)
{
    if (status == yajl_status_client_canceled)
        return f->code;
    if (status == yajl_status_error)
        return fail_syntax(f, err);
    if (f->token_bytes > WEFT_LINE_MAX)
        return weft_fail(err, WEFT_ELIMIT, "a text over %d bytes", WEFT_LINE_MAX);
    return WEFT_OK;
}

weft_code json_feed_piece(json_feed *f, weft_str piece, weft_error *err)
{
    f->err = err;
    f->token_bytes += piece.n;
    if (setjmp(f->no_memory) != 0)
        return weft_fail_nomem(err);
    return outcome(f, yajl_parse(f->yajl, (const unsigned char *)piece.p, piece.n), err);
}

weft_code json_feed_end(json_feed *f, weft_error *err)
{
    f->err = err;
    if (setjmp(f->no_memory) != 0)
        return weft_fail_nomem(err);
    return outcome(f, yajl_complete_parse(f->yajl), err);
}

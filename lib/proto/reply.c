/* reply.c - reply objects and error replies as lines. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/proto.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

/* Digits of a score or a time: enough to order by, and 2.1 is written 2.1. */
enum { REAL_DIGITS = 9 };

static const char no_memory_reply[] =
    "{\"ok\":false,\"error\":{\"code\":\"no_memory\",\"message\":\"out of memory\"}}";

static json_t *new_reply(json_t *id, bool ok)
{
    json_t *reply = json_object();
    if (reply == NULL)
        return NULL;
    if ((id != NULL && json_object_set(reply, "id", id) != 0) ||
        json_object_set_new(reply, "ok", json_boolean(ok)) != 0) {
        json_decref(reply);
        return NULL;
    }
    return reply;
}

json_t *weft_reply_new(json_t *id)
{
    return new_reply(id, true);
}

static int add_bytes(const char *p, size_t n, void *context)
{
    weft_buf *out = context;
    weft_buf_add(out, weft_str_of(p, n));
    return out->failed == WEFT_OK ? 0 : -1;
}

weft_code weft_reply_render(const json_t *reply, weft_buf *out, weft_error *err)
{
    int status = json_dump_callback(reply, add_bytes, out,
                                    JSON_COMPACT | JSON_REAL_PRECISION(REAL_DIGITS));
    weft_code code = weft_buf_check(out, "reply", err);
    if (code != WEFT_OK)
        return code;
    return status == 0
               ? WEFT_OK
               : weft_fail(err, WEFT_EINTERNAL, "the reply cannot be written as JSON");
}

/* The error object of a failure; NULL when out of memory. The text may repeat bytes of a
 * client, so it is repaired. */
static json_t *new_error(void *mem, const weft_error *failure, int64_t retry_ms)
{
    weft_code code = failure->code == WEFT_OK ? WEFT_EINTERNAL : failure->code;
    weft_str text = weft_str_from(failure->text);
    size_t repaired;
    if (weft_utf8_repair(mem, text, &text, &repaired, NULL) != WEFT_OK)
        return NULL;
    json_t *error = json_object();
    bool held =
        json_object_set_new(error, "code", json_string(weft_code_name(code))) == 0 &&
        json_object_set_new(error, "message", json_stringn(text.p, text.n)) == 0;
    if (held && failure->has_at)
        held = json_object_set_new(error, "at", json_integer((json_int_t)failure->at)) == 0;
    if (held && retry_ms > 0)
        held = json_object_set_new(error, "retry_ms", json_integer(retry_ms)) == 0;
    if (!held) {
        json_decref(error);
        return NULL;
    }
    return error;
}

weft_str weft_reply_error(void *mem, json_t *id, const weft_error *failure,
                          int64_t retry_ms)
{
    weft_buf line;
    weft_buf_init(&line, mem, WEFT_REPLY_LINE_MAX);
    json_t *reply = new_reply(id, false);
    bool held =
        json_object_set_new(reply, "error", new_error(mem, failure, retry_ms)) == 0 &&
        weft_reply_render(reply, &line, NULL) == WEFT_OK;
    json_decref(reply);
    return held ? weft_buf_str(&line) : weft_str_from(no_memory_reply);
}

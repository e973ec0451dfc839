/* reply.c - reading a reply. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reply.h"

#include <ctype.h>
#include <string.h>

#include "weft/mem.h"
#include "banned.h"

weft_str reply_text(const json_t *o, const char *key)
{
    const json_t *value = json_object_get(o, key);
    return weft_str_of(json_string_value(value), json_string_length(value));
}

long long reply_number(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

bool reply_true(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

/* Whether text starts as "2013-05-03T11:57". */
static bool is_rfc3339(weft_str text)
{
    static const char form[] = "9999-99-99T99:99";
    if (text.n < sizeof form - 1)
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == '9' ? !isdigit((unsigned char)text.p[i]) : text.p[i] != form[i])
            return false;
    return true;
}

void reply_date(const json_t *o, const char *key, char out[REPLY_DATE_MAX])
{
    weft_str text = reply_text(o, key);
    bool known = is_rfc3339(text);
    size_t n =
        known ? sizeof "9999-99-99T99:99" - 1 : weft_utf8_cut(text, REPLY_DATE_MAX - 1);
    if (n > 0)
        memcpy(out, text.p, n);
    out[n] = '\0';
    if (known)
        out[sizeof "9999-99-99" - 1] = ' ';
}

cell_mark *reply_marks(void *mem, const json_t *o, const char *key, size_t *count)
{
    *count = 0;
    const json_t *pairs = json_object_get(o, key);
    size_t n = json_array_size(pairs);
    cell_mark *marks = n == 0 ? NULL : weft_new_array(mem, cell_mark, n);
    if (marks == NULL)
        return NULL;
    json_int_t after = 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *pair = json_array_get(pairs, i);
        json_int_t start = json_integer_value(json_array_get(pair, 0));
        json_int_t end = json_integer_value(json_array_get(pair, 1));
        if (start < after || end <= start)
            continue;
        marks[(*count)++] = (cell_mark){(size_t)start, (size_t)end};
        after = end;
    }
    return marks;
}

/* The error the server sent, as ours. */
static weft_code server_error(const json_t *reply, weft_error *err)
{
    const json_t *error = json_object_get(reply, "error");
    const char *name = json_string_value(json_object_get(error, "code"));
    if (name == NULL)
        return weft_fail(err, WEFT_EIO, "the server's reply has no 'ok' and no error code");
    weft_code code = weft_code_from_name(name);
    if (code == WEFT_OK)
        code = WEFT_EINTERNAL;
    weft_str message = reply_text(error, "message");
    if (message.n == 0)
        message = weft_str_from(name);
    const json_t *at = json_object_get(error, "at");
    if (json_is_integer(at) && json_integer_value(at) >= 0)
        return weft_fail_at(err, code, (size_t)json_integer_value(at), "%" WEFT_STR_FMT,
                            WEFT_STR_ARG(message));
    return weft_fail(err, code, "%" WEFT_STR_FMT, WEFT_STR_ARG(message));
}

weft_code reply_parse(weft_str line, json_t **out, weft_error *err)
{
    json_error_t problem;
    weft_json_watch();
    *out = json_loadb(line.p, line.n, JSON_ALLOW_NUL, &problem);
    if (weft_json_lost()) {
        json_decref(*out);
        *out = NULL;
        return weft_fail_nomem(err);
    }
    if (!json_is_object(*out)) {
        json_decref(*out);
        *out = NULL;
        return weft_fail(err, WEFT_EIO, "the server's reply is not a JSON object%s",
                         weft_str_starts(line, "HTTP/")
                             ? ": it speaks HTTP there, and weft asks by lines (--listen)"
                             : "");
    }
    return reply_true(*out, "ok") ? WEFT_OK : server_error(*out, err);
}

/* http_route.c - from an HTTP request to the request line of a command. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http_route.h"

#include <jansson.h>
#include <strings.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "commands.h"
#include "banned.h"

/* THE TABLE of paths; doc/protocol.md lists them. */
static const http_route routes[] = {
    {"/", "results", false, true},           {"/thread/", "conversation", false, true},
    {"/v1/search", "search", true, false},   {"/v1/count", "count", true, false},
    {"/v1/thread/", "thread", true, false},  {"/v1/doc/", "get", true, false},
    {"/v1/suggest", "suggest", true, false}, {"/v1/similar/", "similar", true, false},
    {"/v1/status", "status", false, false},  {"/v1/hello", "hello", false, false},
    {HTTP_HEALTH, NULL, false, false},       {HTTP_METRICS, NULL, false, false},
};

static bool leads(const char *path)
{
    return path[strlen(path) - 1] == '/' && path[1] != '\0';
}

const http_route *http_route_find(weft_str target, weft_str *rest, weft_str *query)
{
    const char *mark = memchr(target.p, '?', target.n);
    size_t n = mark == NULL ? target.n : (size_t)(mark - target.p);
    weft_str path = weft_str_of(target.p, n);
    *query = mark == NULL ? weft_str_of(NULL, 0) : weft_str_of(mark + 1, target.n - n - 1);
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        size_t m = strlen(routes[i].path);
        *rest =
            weft_str_of(path.p + (path.n < m ? path.n : m), path.n < m ? 0 : path.n - m);
        if (weft_str_starts(path, routes[i].path) && leads(routes[i].path) == (rest->n > 0))
            return &routes[i];
    }
    return NULL;
}

/* The byte of a %-escape at s; -1 when it is none, or a NUL. */
static int escaped(weft_str s)
{
    int high = s.n > 2 ? http_hex_digit(s.p[1]) : -1,
        low = s.n > 2 ? http_hex_digit(s.p[2]) : -1;
    return high < 0 || low < 0 || high + low == 0 ? -1 : high * 16 + low;
}

/* A JSON string of percent-encoded text, in which a plus is a space when is_form. */
static weft_code decode(weft_str text, bool is_form, json_t **out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *bytes = talloc_size(tmp, text.n + 1);
    size_t n = 0;
    if (bytes == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < text.n; i++) {
        int byte = (unsigned char)text.p[i];
        if (byte == '%') {
            byte = escaped(weft_str_of(text.p + i, text.n - i));
            i += 2;
        } else if (byte == '+' && is_form) {
            byte = ' ';
        }
        if (byte < 0)
            return weft_fail(err, WEFT_EUSAGE, "bad %%-escape");
        bytes[n++] = (char)byte;
    }
    *out = json_stringn(bytes, n);
    return *out == NULL ? weft_fail(err, WEFT_EUSAGE, "a parameter is not valid UTF-8")
                        : WEFT_OK;
}

/* value becomes a number where the command wants one and it is written as one. Takes the
 * reference. */
static json_t *as_wanted(const http_route *route, const char *name, json_t *value)
{
    int64_t number;
    const cmd_key *key = command_key(command_find(route->command), name);
    weft_str text = weft_str_of(json_string_value(value), json_string_length(value));
    if (key == NULL || key->type != CMD_KEY_INTEGER ||
        weft_parse_i64(text, &number, NULL) != WEFT_OK)
        return value;
    json_decref(value);
    return json_integer(number);
}

static weft_code add_pair(const http_route *route, weft_str pair, json_t *to,
                          weft_error *err)
{
    const char *mark = memchr(pair.p, '=', pair.n);
    size_t n = mark == NULL ? pair.n : (size_t)(mark - pair.p);
    weft_str value_text = weft_str_of(pair.p + n, pair.n - n);
    json_auto_t *name = NULL;
    json_t *value = NULL;
    if (value_text.n > 0)
        value_text = weft_str_of(value_text.p + 1, value_text.n - 1);
    weft_code code = decode(weft_str_of(pair.p, n), true, &name, err);
    if (code == WEFT_OK && strlen(json_string_value(name)) == 0)
        code = weft_fail(err, WEFT_EUSAGE, "a parameter without a name");
    if (code == WEFT_OK && json_object_get(to, json_string_value(name)) != NULL)
        code = weft_fail(err, WEFT_EUSAGE, "key '%.64s' is given twice",
                         json_string_value(name));
    if (code == WEFT_OK)
        code = decode(value_text, true, &value, err);
    if (code != WEFT_OK)
        return code;
    value = as_wanted(route, json_string_value(name), value);
    return json_object_set_new(to, json_string_value(name), value) == 0
               ? WEFT_OK
               : weft_fail_nomem(err);
}

static weft_code add_pairs(const http_route *route, weft_str form, json_t *to,
                           weft_error *err)
{
    weft_code code = WEFT_OK;
    while (code == WEFT_OK && form.n > 0) {
        const char *mark = memchr(form.p, '&', form.n);
        size_t n = mark == NULL ? form.n : (size_t)(mark - form.p);
        if (n > 0)
            code = add_pair(route, weft_str_of(form.p, n), to, err);
        n += mark == NULL ? 0 : 1;
        form = weft_str_of(form.p + n, form.n - n);
    }
    return code;
}

static weft_code add_body(const http_route *route, const http_head *head, weft_str body,
                          json_t *to, weft_error *err)
{
    static const char form[] = "application/x-www-form-urlencoded";
    bool is_form = head->content_type.n >= strlen(form) &&
                   strncasecmp(head->content_type.p, form, strlen(form)) == 0 &&
                   !weft_str_starts(weft_str_trim(body), "{"); /* as curl -d sends JSON */
    const char *name;
    json_t *value;
    json_error_t why;
    if (is_form)
        return add_pairs(route, body, to, err);
    json_auto_t *object =
        json_loadb(body.p == NULL ? "" : body.p, body.n, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(object))
        return weft_fail(err, WEFT_EUSAGE, "the body is no JSON object%s%.120s",
                         object == NULL ? ": " : "", object == NULL ? why.text : "");
    json_object_foreach(object, name, value)
    {
        if (json_object_get(to, name) != NULL)
            return weft_fail(err, WEFT_EUSAGE, "key '%.64s' is given twice", name);
        if (json_object_set(to, name, value) != 0)
            return weft_fail_nomem(err);
    }
    return WEFT_OK;
}

static weft_code write_line(void *mem, const json_t *request, weft_str *line,
                            weft_error *err)
{
    weft_buf b;
    weft_buf_init(&b, mem, WEFT_REQUEST_MAX);
    weft_code code = weft_reply_render(request, &b, err);
    *line = weft_buf_str(&b);
    return code;
}

weft_code http_route_line(void *mem, const http_route *route, const http_head *head,
                          weft_str rest, weft_str query, weft_str body, weft_str *line,
                          weft_error *err)
{
    json_t *ref = NULL;
    json_auto_t *request = json_object();
    if (json_object_set_new(request, "cmd", json_string(route->command)) != 0)
        return weft_fail_nomem(err);
    weft_code code = rest.n > 0 ? decode(rest, false, &ref, err) : WEFT_OK;
    if (code == WEFT_OK && ref != NULL && json_object_set_new(request, "ref", ref) != 0)
        code = weft_fail_nomem(err);
    if (code == WEFT_OK)
        code = add_pairs(route, query, request, err);
    if (code == WEFT_OK && head->method == METHOD_POST)
        code = add_body(route, head, body, request, err);
    return code == WEFT_OK ? write_line(mem, request, line, err) : code;
}

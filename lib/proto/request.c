/* request.c - a request line of either form becomes a weft_request.
 *
 * The line comes from anybody: its depth is counted before jansson, which recurses, sees
 * it, and every step is linear.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/proto.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { SHOWN_MAX = 64 }; /* bytes of a client's own words repeated in a message */

static weft_str shown(weft_str s)
{
    return weft_str_of(s.p, weft_utf8_cut(s, SHOWN_MAX));
}

static int request_done(weft_request *r)
{
    json_decref(r->id);
    json_decref(r->keys);
    return 0;
}

/* Whether brackets outside strings nest deeper than max. */
static bool is_deeper(weft_str line, size_t max)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < line.n; i++) {
        char c = line.p[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > max)
                return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return false;
}

/* Moves the id out of the keys into the request. */
static weft_code take_id(weft_request *r, weft_error *err)
{
    json_t *id = json_object_get(r->keys, "id");
    if (id == NULL)
        return WEFT_OK;
    if (!json_is_string(id) && !json_is_integer(id))
        return weft_fail(err, WEFT_EUSAGE, "'id' must be a string or an integer");
    r->id = json_incref(id);
    json_object_del(r->keys, "id");
    return WEFT_OK;
}

static weft_code take_cmd(weft_request *r, weft_error *err)
{
    json_t *cmd = json_object_get(r->keys, "cmd");
    if (cmd == NULL)
        return weft_fail(err, WEFT_EUSAGE, "'cmd' is missing");
    if (!json_is_string(cmd))
        return weft_fail(err, WEFT_EUSAGE, "'cmd' must be a string");
    r->cmd = talloc_strdup(r, json_string_value(cmd));
    if (r->cmd == NULL)
        return weft_fail_nomem(err);
    json_object_del(r->keys, "cmd");
    return WEFT_OK;
}

static weft_code parse_json(weft_request *r, weft_str line, weft_error *err)
{
    if (is_deeper(line, WEFT_JSON_DEPTH_MAX))
        return weft_fail(err, WEFT_ELIMIT, "JSON nested over %d levels",
                         WEFT_JSON_DEPTH_MAX);
    json_error_t failure;
    weft_json_watch();
    r->keys = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &failure);
    if (weft_json_lost())
        return weft_fail_nomem(err);
    if (r->keys == NULL)
        return weft_fail(err, WEFT_EUSAGE, "bad JSON at byte %d: %s", failure.position,
                         failure.text);
    weft_code code = take_id(r, err);
    return code != WEFT_OK ? code : take_cmd(r, err);
}

/* A JSON string of s; WEFT_EUSAGE when s is not valid UTF-8. */
static weft_code new_string(weft_str s, json_t **out, weft_error *err)
{
    const char *p = s.n == 0 ? "" : s.p;
    json_t *value = json_stringn(p, s.n);
    if (value == NULL) {
        json_t *unchecked = json_stringn_nocheck(p, s.n);
        if (unchecked == NULL)
            return weft_fail_nomem(err);
        json_decref(unchecked);
        return weft_fail(err, WEFT_EUSAGE, "the line is not valid UTF-8");
    }
    *out = value;
    return WEFT_OK;
}

static bool is_name(weft_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '_')
            return false;
    return s.n > 0;
}

/* An id written as the decimal form of an integer is an integer; anything else ("007",
 * "+1") stays a string, so that what comes back is what was sent. */
static json_t *new_id(weft_str value, json_t *as_string)
{
    int64_t number;
    char text[32];
    if (weft_parse_i64(value, &number, NULL) != WEFT_OK)
        return json_incref(as_string);
    int n = snprintf(text, sizeof text, "%" PRId64, number);
    if (!weft_str_eq(value, weft_str_of(text, (size_t)n)))
        return json_incref(as_string);
    return json_integer(number);
}

static weft_code add_key(weft_request *r, weft_str key, weft_str value, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    const char *name = weft_str_dup(tmp, key);
    if (name == NULL)
        return weft_fail_nomem(err);
    bool is_id = strcmp(name, "id") == 0;
    if (is_id ? r->id != NULL : json_object_get(r->keys, name) != NULL)
        return weft_fail(err, WEFT_EUSAGE, "key '%s' is given twice", name);
    json_t *string = NULL;
    weft_code code = new_string(value, &string, err);
    if (code != WEFT_OK)
        return code;
    if (!is_id)
        return json_object_set_new(r->keys, name, string) == 0 ? WEFT_OK
                                                               : weft_fail_nomem(err);
    r->id = new_id(value, string);
    json_decref(string);
    return r->id == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* The next run of bytes up to a space; false at the end of the line. */
static bool next_token(weft_str *rest, weft_str *token)
{
    while (rest->n > 0 && rest->p[0] == ' ')
        *rest = weft_str_of(rest->p + 1, rest->n - 1);
    if (rest->n == 0)
        return false;
    const char *space = memchr(rest->p, ' ', rest->n);
    size_t n = space == NULL ? rest->n : (size_t)(space - rest->p);
    *token = weft_str_of(rest->p, n);
    *rest = weft_str_of(rest->p + n, rest->n - n);
    return true;
}

static weft_code take_text(weft_request *r, weft_str rest, weft_error *err)
{
    if (rest.n > 0)
        rest = weft_str_of(rest.p + 1, rest.n - 1); /* the space after the dashes */
    char *copy = weft_str_dup(r, rest);
    if (copy == NULL)
        return weft_fail_nomem(err);
    r->text = weft_str_of(copy, rest.n);
    r->has_text = true;
    return WEFT_OK;
}

static weft_code add_token(weft_request *r, weft_str token, weft_error *err)
{
    const char *equals = memchr(token.p, '=', token.n);
    weft_str key = weft_str_of(token.p, equals == NULL ? 0 : (size_t)(equals - token.p));
    if (!is_name(key))
        return weft_fail(err, WEFT_EUSAGE,
                         "'%" WEFT_STR_FMT "' is not key=value; text goes after ' -- '",
                         WEFT_STR_ARG(shown(token)));
    return add_key(r, key, weft_str_of(equals + 1, token.n - key.n - 1), err);
}

/* All tokens are read even after a fault, so that an id behind it is found; the first fault
 * is the one told. */
static weft_code parse_tokens(weft_request *r, weft_str rest, weft_error *err)
{
    weft_code first = WEFT_OK;
    for (weft_str token; next_token(&rest, &token);) {
        bool is_dashes = weft_str_is(token, "--");
        weft_code code = is_dashes ? take_text(r, rest, err) : add_token(r, token, err);
        if (first == WEFT_OK)
            first = code;
        if (is_dashes)
            break;
    }
    return first;
}

static weft_code parse_line(weft_request *r, weft_str line, weft_error *err)
{
    json_t *whole = NULL;
    weft_code code = new_string(line, &whole, err);
    if (code != WEFT_OK)
        return code;
    json_decref(whole);
    const char *space = memchr(line.p, ' ', line.n);
    weft_str verb = weft_str_of(line.p, space == NULL ? line.n : (size_t)(space - line.p));
    if (!is_name(verb))
        return weft_fail(
            err, WEFT_EUSAGE,
            "the line starts with no command: VERB key=value ... -- text, or JSON");
    r->is_line = true;
    r->cmd = weft_str_dup(r, verb);
    r->keys = json_object();
    if (r->cmd == NULL || r->keys == NULL)
        return weft_fail_nomem(err);
    return parse_tokens(r, weft_str_of(line.p + verb.n, line.n - verb.n), err);
}

weft_code weft_request_parse(void *mem, weft_str line, weft_request **out, weft_error *err)
{
    *out = NULL;
    if (line.n > WEFT_REQUEST_MAX)
        return weft_fail(err, WEFT_ELIMIT, "request line over %d bytes", WEFT_REQUEST_MAX);
    if (line.n > 0 && line.p[line.n - 1] == '\r')
        line.n--;
    if (line.n == 0)
        return weft_fail(err, WEFT_EUSAGE, "the line is empty");
    if (memchr(line.p, '\0', line.n) != NULL)
        return weft_fail(err, WEFT_EUSAGE, "NUL byte in the line");
    weft_request *r = talloc_zero(mem, weft_request);
    if (r == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(r, request_done);
    weft_code code = line.p[0] == '{' ? parse_json(r, line, err) : parse_line(r, line, err);
    if (code != WEFT_OK && r->id == NULL)
        talloc_free(r);
    else
        *out = r;
    return code;
}

const char *weft_request_text(const weft_request *r, const char *key)
{
    return json_string_value(json_object_get(r->keys, key));
}

int64_t weft_request_integer(const weft_request *r, const char *key, int64_t fallback)
{
    const json_t *value = json_object_get(r->keys, key);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

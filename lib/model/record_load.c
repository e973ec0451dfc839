/* record_load.c - one line of weft NDJSON to a JSON object, the line's bytes being
 * anybody's.
 *
 * A scan before jansson sees what jansson does not tell: the nesting, and NUL bytes between
 * tokens, which the repair of the text would turn into harmless blanks (an interrupted
 * writer leaves such a run behind a record).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record_private.h"

#include "weft/limits.h"
#include "weft/mem.h"

#include "banned.h"

typedef struct scan {
    int depth;
    bool in_string, escaped;
} scan;

static weft_code fail_nul(weft_error *err, size_t at)
{
    return weft_fail_at(err, WEFT_ESYNTAX, at, "line holds NUL bytes from byte %zu", at);
}

static void scan_string(scan *s, char c)
{
    if (s->escaped)
        s->escaped = false;
    else if (c == '\\')
        s->escaped = true;
    else if (c == '"')
        s->in_string = false;
}

static weft_code scan_line(weft_str line, weft_error *err)
{
    scan s = {0};
    for (size_t i = 0; i < line.n; i++) {
        char c = line.p[i];
        if (s.in_string)
            scan_string(&s, c);
        else if (c == '\0')
            return fail_nul(err, i);
        else if (c == '"')
            s.in_string = true;
        else if (c == '{' || c == '[')
            s.depth++;
        else if ((c == '}' || c == ']') && s.depth > 0)
            s.depth--;
        if (s.depth > WEFT_JSON_DEPTH_MAX)
            return weft_fail_at(err, WEFT_ELIMIT, i, "JSON nested over %d deep",
                                WEFT_JSON_DEPTH_MAX);
    }
    return WEFT_OK;
}

static const char *fault_of(const json_error_t *fault)
{
    switch (json_error_code(fault)) {
    case json_error_premature_end_of_input:
        return "JSON ends too early";
    case json_error_end_of_input_expected:
        return "something after the JSON object";
    case json_error_duplicate_key:
        return "key given twice";
    case json_error_null_byte_in_key:
        return "NUL in a key";
    case json_error_numeric_overflow:
        return "number out of range";
    default:
        return "not JSON";
    }
}

/* A line whose string never ends may hide a run of NULs in it: that is then the better
 * reason. */
static weft_code fail_json(weft_str line, const json_error_t *fault, weft_error *err)
{
    const char *nul = memchr(line.p, '\0', line.n);
    if (nul != NULL)
        return fail_nul(err, (size_t)(nul - line.p));
    return weft_fail(err, WEFT_ESYNTAX, "%s at column %d", fault_of(fault), fault->column);
}

weft_code record_load(weft_str line, json_t **out, size_t *repaired, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str clean;
    json_error_t fault;
    if (tmp == NULL)
        return weft_fail_nomem(err);
    if (line.n > WEFT_LINE_MAX)
        return weft_fail(err, WEFT_ELIMIT, "line over %d bytes", WEFT_LINE_MAX);
    if (weft_str_trim(line).n == 0)
        return weft_fail(err, WEFT_ESYNTAX, "empty line");
    weft_code code = scan_line(line, err);
    if (code == WEFT_OK)
        code = weft_utf8_repair(tmp, line, &clean, repaired, err);
    if (code != WEFT_OK)
        return code;
    weft_json_watch();
    json_t *json =
        json_loadb(clean.p, clean.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &fault);
    if (weft_json_lost()) {
        json_decref(json);
        return weft_fail_nomem(err);
    }
    if (json == NULL)
        return fail_json(line, &fault, err);
    if (!json_is_object(json)) {
        json_decref(json);
        return weft_fail(err, WEFT_ESYNTAX, "not a JSON object");
    }
    *out = json;
    return WEFT_OK;
}

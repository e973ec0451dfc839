/* mapping_value.c - read the values of a mapping: paths, conditions, ways to a field. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mapping_private.h"

#include <stdarg.h>
#include <stdio.h>

#include "weft/mem.h"
#include "banned.h"

enum { MESSAGE_MAX = 400 };

weft_code load_fail(loading *l, const char *where, const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    return weft_fail(l->err, WEFT_EUSAGE, "%s: %s%s%s", l->file, where,
                     *where == '\0' ? "" : ": ", text);
}

const char *load_where(loading *l, const char *where, const char *key)
{
    const char *text =
        talloc_asprintf(l->m, "%s%s%.80s", where, *where == '\0' ? "" : ".", key);
    return text == NULL ? key : text; /* the message is the poorer for it, nothing else */
}

weft_code load_check_keys(loading *l, const char *where, const json_t *object,
                          const char *const *names)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return load_fail(l, where, "is no object");
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, key) != 0)
            name++;
        if (*name == NULL)
            return load_fail(l, load_where(l, where, key), "is no key of a mapping");
    }
    return WEFT_OK;
}

weft_code load_text(loading *l, const char *where, const json_t *json, weft_str *out)
{
    if (!json_is_string(json))
        return load_fail(l, where, "is no text");
    weft_str text = weft_str_of(json_string_value(json), json_string_length(json));
    if (text.n > 0 && memchr(text.p, '\0', text.n) != NULL)
        return load_fail(l, where, "holds a NUL");
    out->p = weft_str_dup(l->m, text);
    out->n = text.n;
    return out->p == NULL ? weft_fail_nomem(l->err) : WEFT_OK;
}

weft_code load_texts(loading *l, const char *where, const json_t *json, weft_str **out,
                     size_t *count)
{
    size_t n = json_is_array(json) ? json_array_size(json) : 1;
    weft_str *texts = weft_new_array(l->m, weft_str, n);
    weft_code code = texts == NULL ? weft_fail_nomem(l->err) : WEFT_OK;
    for (size_t i = 0; i < n && code == WEFT_OK; i++)
        code = load_text(l, where, json_is_array(json) ? json_array_get(json, i) : json,
                         &texts[i]);
    *out = texts;
    *count = n;
    return code;
}

static weft_code want(loading *l, weft_str key)
{
    mapping *m = l->m;
    if (mapping_wants(m, key))
        return WEFT_OK;
    weft_str *grown = weft_grow_array(m, m->wanted, weft_str, m->wanted_count + 1);
    if (grown == NULL)
        return weft_fail_nomem(l->err);
    m->wanted = grown;
    m->wanted[m->wanted_count++] = key;
    return WEFT_OK;
}

weft_code load_path(loading *l, const char *where, weft_str text, tree_path *out)
{
    weft_error why = {0};
    if (l->m->for_csv && text.n > 0) { /* a column's name, whatever is in it */
        out->steps = weft_new_array(l->m, tree_step, 1);
        if (out->steps == NULL)
            return weft_fail_nomem(l->err);
        out->steps[out->count++].key = text;
        return want(l, text);
    }
    weft_code code = tree_path_parse(l->m, text, out, &why);
    if (code == WEFT_ENOMEM)
        return weft_fail_nomem(l->err);
    if (code != WEFT_OK || out->steps[0].is_element)
        return load_fail(l, where, "'%" WEFT_STR_FMT "' is no path", WEFT_STR_ARG(text));
    return want(l, out->steps[0].key);
}

static weft_code load_part(loading *l, const char *where, weft_str text, map_part *out)
{
    static const struct {
        const char *name;
        map_base base;
    } names[] = {{"@article", MAP_ARTICLE},
                 {"@parent", MAP_PARENT},
                 {"@root", MAP_ROOT},
                 {"@file", MAP_FILENAME}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (weft_str_is(text, names[i].name)) {
            out->base = names[i].base;
            l->m->uses_root = l->m->uses_root || out->base == MAP_ROOT;
            return WEFT_OK;
        }
    if (weft_str_starts(text, "@"))
        return load_fail(l, where,
                         "'%" WEFT_STR_FMT "' is no name (@article, @parent, @root, @file)",
                         WEFT_STR_ARG(text));
    out->base = weft_str_starts(text, "^") ? MAP_OUTER : MAP_HERE;
    if (out->base == MAP_OUTER)
        text = weft_str_of(text.p + 1, text.n - 1);
    return load_path(l, where, text, &out->path);
}

/* "{a.b}-{c}": parts in braces, the rest as it stands. A text without braces is one part. */
static weft_code load_parts(loading *l, const char *where, weft_str text, map_way *way)
{
    weft_code code = WEFT_OK;
    way->parts = weft_new_array(l->m, map_part, text.n + 1);
    if (way->parts == NULL)
        return weft_fail_nomem(l->err);
    if (text.n == 0 || memchr(text.p, '{', text.n) == NULL)
        return load_part(l, where, text, &way->parts[way->count++]);
    while (text.n > 0 && code == WEFT_OK) {
        const char *open = memchr(text.p, '{', text.n);
        const char *end = open == text.p ? memchr(text.p, '}', text.n) : open;
        if (open == text.p && end == NULL)
            return load_fail(l, where, "a '{' without its '}'");
        size_t n = end == NULL ? text.n : (size_t)(end - text.p);
        map_part *part = &way->parts[way->count++];
        if (open == text.p)
            code = load_part(l, where, weft_str_of(text.p + 1, n - 1), part);
        else
            part->literal = weft_str_of(text.p, n);
        n += open == text.p ? 1 : 0;
        text = weft_str_of(text.p + n, text.n - n);
    }
    return code;
}

static weft_code load_wanted(loading *l, const char *where, const json_t *json,
                             map_wanted *out)
{
    static const tree_kind kinds[] = {
        [JSON_STRING] = TREE_TEXT, [JSON_INTEGER] = TREE_NUMBER, [JSON_REAL] = TREE_NUMBER,
        [JSON_TRUE] = TREE_TRUE,   [JSON_FALSE] = TREE_FALSE,    [JSON_NULL] = TREE_NULL};
    if (json_is_object(json) || json_is_array(json) || json_is_real(json))
        return load_fail(l, where, "compare with a text, an integer, true, false or null");
    out->kind = kinds[json_typeof(json)];
    if (json_is_integer(json)) {
        char *digits =
            talloc_asprintf(l->m, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
        out->text = weft_str_from(digits);
        return digits == NULL ? weft_fail_nomem(l->err) : WEFT_OK;
    }
    if (!json_is_string(json))
        return WEFT_OK;
    weft_code code = load_text(l, where, json, &out->text);
    out->any = code == WEFT_OK && weft_str_is(out->text, "*");
    return code;
}

static weft_code load_condition(loading *l, const char *where, const json_t *json,
                                map_condition *c)
{
    size_t n = json_is_array(json) ? json_array_size(json) : 1;
    c->wanted = weft_new_array(l->m, map_wanted, n);
    weft_code code = c->wanted == NULL ? weft_fail_nomem(l->err) : WEFT_OK;
    for (; c->count < n && code == WEFT_OK; c->count++)
        code = load_wanted(l, where,
                           json_is_array(json) ? json_array_get(json, c->count) : json,
                           &c->wanted[c->count]);
    return code;
}

weft_code load_when(loading *l, const char *where, const json_t *json, map_when *out)
{
    const char *key;
    json_t *value;
    if (!json_is_object(json) || json_object_size(json) == 0)
        return load_fail(l, where, "is no object of conditions");
    out->conditions = weft_new_array(l->m, map_condition, json_object_size(json));
    if (out->conditions == NULL)
        return weft_fail_nomem(l->err);
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        map_condition *c = &out->conditions[out->count++];
        const char *place = load_where(l, where, key);
        weft_str path = weft_str_of(weft_str_dup(l->m, weft_str_from(key)), strlen(key));
        if (path.p == NULL)
            return weft_fail_nomem(l->err);
        weft_code code = load_part(l, place, path, &c->where);
        if (code == WEFT_OK)
            code = load_condition(l, place, value, c);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

static weft_code load_table_use(loading *l, const char *where, const json_t *json,
                                map_way *way)
{
    weft_str name, take;
    const json_t *in = json_object_get(json, "in");
    if (in == NULL)
        return WEFT_OK;
    weft_code code = load_text(l, where, in, &name);
    if (code == WEFT_OK)
        code = load_text(l, load_where(l, where, "take"), json_object_get(json, "take"),
                         &take);
    for (size_t i = 0; i < l->m->table_count && code == WEFT_OK; i++)
        if (weft_str_eq(l->m->tables[i].name, name)) {
            way->table = (int)i;
            return load_path(l, where, take, &way->take);
        }
    return code == WEFT_OK
               ? load_fail(l, where, "no table '%" WEFT_STR_FMT "'", WEFT_STR_ARG(name))
               : code;
}

static weft_code load_climb(loading *l, const char *where, const json_t *json, map_way *way)
{
    const json_t *top = json_object_get(json, "top");
    weft_code code = load_text(l, load_where(l, where, "climb"),
                               json_object_get(json, "climb"), &way->climb);
    if (code != WEFT_OK)
        return code;
    if (way->climb.n != 1)
        return load_fail(l, load_where(l, where, "climb"), "is not one character");
    if (!json_is_integer(top) || json_integer_value(top) < 1)
        return load_fail(l, load_where(l, where, "top"), "is no number of parts");
    way->top = (uint64_t)json_integer_value(top);
    return WEFT_OK;
}

static weft_code load_as(loading *l, const char *where, const json_t *json, map_as *out)
{
    static const char *const names[] = {[MAP_DATE] = "date",
                                        [MAP_SECONDS] = "seconds",
                                        [MAP_MILLISECONDS] = "milliseconds",
                                        [MAP_EPOCH] = "epoch",
                                        [MAP_AGO] = "ago"};
    const char *name = json_string_value(json);
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (map_as)i;
            return WEFT_OK;
        }
    return load_fail(l, where, "is none of date, seconds, milliseconds, epoch, ago");
}

static weft_code load_way_keys(loading *l, const char *where, const json_t *json,
                               map_way *way)
{
    weft_str text;
    weft_code code = WEFT_OK;
    const json_t *value;
    way->entities = json_is_true(json_object_get(json, "entities"));
    if ((value = json_object_get(json, "when")) != NULL)
        code = load_when(l, load_where(l, where, "when"), value, &way->when);
    if (code == WEFT_OK && (value = json_object_get(json, "strip")) != NULL)
        code = load_texts(l, load_where(l, where, "strip"), value, &way->strip,
                          &way->strip_count);
    if (code == WEFT_OK && (value = json_object_get(json, "nothing")) != NULL)
        code = load_texts(l, load_where(l, where, "nothing"), value, &way->nothing,
                          &way->nothing_count);
    if (code == WEFT_OK && (value = json_object_get(json, "prefix")) != NULL)
        code = load_text(l, load_where(l, where, "prefix"), value, &way->prefix);
    if (code == WEFT_OK && json_object_get(json, "climb") != NULL)
        code = load_climb(l, where, json, way);
    if (code == WEFT_OK && (value = json_object_get(json, "as")) != NULL)
        code = load_as(l, load_where(l, where, "as"), value, &way->as);
    if (code == WEFT_OK)
        code = load_table_use(l, load_where(l, where, "in"), json, way);
    if (code != WEFT_OK)
        return code;
    if ((value = json_object_get(json, "const")) == NULL) {
        code = load_text(l, load_where(l, where, "path"), json_object_get(json, "path"),
                         &text);
        return code == WEFT_OK ? load_parts(l, where, text, way) : code;
    }
    way->parts = weft_new_array(l->m, map_part, 1);
    way->count = 1;
    return way->parts == NULL
               ? weft_fail_nomem(l->err)
               : load_text(l, load_where(l, where, "const"), value, &way->parts[0].literal);
}

static weft_code load_way(loading *l, const char *where, const json_t *json, map_way *way)
{
    static const char *const keys[] = {"path",   "const", "when", "strip", "nothing",
                                       "prefix", "climb", "top",  "as",    "entities",
                                       "in",     "take",  NULL};
    weft_str text;
    way->table = -1;
    if (!json_is_string(json)) {
        weft_code code = json_is_object(json) ? load_check_keys(l, where, json, keys)
                                              : load_fail(l, where, "is no path");
        return code == WEFT_OK ? load_way_keys(l, where, json, way) : code;
    }
    weft_code code = load_text(l, where, json, &text);
    return code == WEFT_OK ? load_parts(l, where, text, way) : code;
}

weft_code load_field(loading *l, const char *where, const json_t *json, map_field *out)
{
    weft_code code = WEFT_OK;
    size_t n = json_is_array(json) ? json_array_size(json) : json_is_null(json) ? 0 : 1;
    out->given = true;
    out->ways = weft_new_array(l->m, map_way, n);
    if (out->ways == NULL)
        return weft_fail_nomem(l->err);
    for (; out->count < n && code == WEFT_OK; out->count++)
        code = load_way(l, where,
                        json_is_array(json) ? json_array_get(json, out->count) : json,
                        &out->ways[out->count]);
    return code;
}

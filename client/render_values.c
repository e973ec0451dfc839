/* render_values.c - "key: value" lines: a record with its body, the status of a server. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render.h"

#include <stdlib.h>
#include <string.h>

#include "reply.h"
#include "banned.h"

/* A scalar as it reads; an array or object as JSON. */
static void add_value(paper *p, const json_t *value)
{
    if (json_is_string(value)) {
        paper_add(p, CELL_PLAIN,
                  weft_str_of(json_string_value(value), json_string_length(value)));
        return;
    }
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    paper_add_text(p, CELL_PLAIN, text == NULL ? "" : text);
    free(text);
}

static bool is_plain_list(const json_t *value)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!json_is_string(json_array_get(value, i)))
            return false;
    return json_array_size(value) > 0;
}

static void put_value(paper *p, const char *prefix, const char *key, const json_t *value)
{
    paper_add_text(p, CELL_NAME, prefix);
    paper_add_text(p, CELL_NAME, key);
    paper_add_text(p, CELL_DIM, ": ");
    size_t n = is_plain_list(value) ? json_array_size(value) : 0;
    if (n == 0)
        add_value(p, value);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            paper_add_text(p, CELL_DIM, ", ");
        add_value(p, json_array_get(value, i));
    }
    paper_long(p);
}

/* The pairs of an object, those of objects in it as "key.key". */
static void put_pairs(paper *p, const json_t *o, const char *skip, const char *skip_too)
{
    const char *key, *inner_key;
    json_t *value, *inner;
    json_object_foreach((json_t *)o, key, value)
    {
        if (strcmp(key, skip) == 0 || strcmp(key, skip_too) == 0)
            continue;
        if (!json_is_object(value) || json_object_size(value) == 0) {
            put_value(p, "", key, value);
            continue;
        }
        json_object_foreach(value, inner_key, inner)
        {
            paper_add_text(p, CELL_NAME, key);
            put_value(p, ".", inner_key, inner);
        }
    }
}

void render_record(paper *p, const json_t *reply)
{
    static const char *const also[] = {"depth", "parent_ref", "replies"};
    const json_t *doc = json_object_get(reply, "doc");
    put_pairs(p, doc, "body", "text");
    for (size_t i = 0; i < sizeof also / sizeof also[0]; i++)
        if (json_object_get(reply, also[i]) != NULL &&
            !json_is_null(json_object_get(reply, also[i])))
            put_value(p, "", also[i], json_object_get(reply, also[i]));
    bool is_made = json_object_get(doc, "text") != NULL; /* of HTML or Markdown */
    weft_str text = reply_text(doc, is_made ? "text" : "body");
    if (text.n == 0)
        return;
    paper_blank(p);
    paper_body(p, 0, text);
}

void render_values(paper *p, const json_t *reply)
{
    put_pairs(p, reply, "id", "ok");
}

/* record_render.c - a record as one line of weft NDJSON. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/record.h"

#include <jansson.h>

#include "weft/mem.h"

#include "record_private.h"
#include "banned.h"

/* A JSON object under construction; a failure sticks, as in weft_buf. */
typedef struct rendering {
    json_t *object;
    void *mem;
    bool failed;
} rendering;

/* value is taken; NULL is a failure. */
static void add(rendering *w, const char *key, json_t *value)
{
    if (json_object_set_new(w->object, key, value) != 0)
        w->failed = true;
}

static void add_text(rendering *w, const char *key, const char *text)
{
    if (text != NULL)
        add(w, key, json_string(text));
}

static void add_date(rendering *w, int64_t published_s)
{
    if (published_s == WEFT_DATE_UNKNOWN)
        return;
    char *text = weft_date_render(w->mem, published_s);
    add(w, "date", text == NULL ? NULL : json_string(text));
}

static void add_tags(rendering *w, const weft_record *r)
{
    if (r->tag_count == 0)
        return;
    json_t *tags = json_array();
    for (size_t i = 0; i < r->tag_count; i++)
        if (json_array_append_new(tags, json_string(r->tags[i])) != 0)
            w->failed = true;
    add(w, "tags", tags);
}

/* "0", "root" and the article's id are markers by themselves; others only because a prefix
 * was put before them. */
static void add_parent(rendering *w, const weft_record *r)
{
    add_text(w, "parent", r->parent);
    if (r->parent != NULL && r->parent_is_marker &&
        !record_is_marker(r->parent, r->article))
        add(w, "parent_is_marker", json_true());
}

static void add_status(rendering *w, weft_status status)
{
    if (status == WEFT_DELETED)
        add(w, "deleted", json_true());
    else if (status != WEFT_PUBLIC)
        add_text(w, "status", record_status_names[status]);
}

static void add_rev(rendering *w, const weft_record *r)
{
    if (r->has_rev)
        add(w, "rev", json_integer((json_int_t)r->rev));
}

static void add_rest(rendering *w, const weft_record *r)
{
    if (r->has_score)
        add(w, "score", json_integer(r->score));
    add_text(w, "kind", r->kind);
    if (r->format != WEFT_TEXT)
        add_text(w, "format", record_format_names[r->format]);
    add_status(w, r->status);
    add_rev(w, r);
}

static void add_article(rendering *w, const weft_record *r)
{
    add_text(w, "type", "article");
    add_text(w, "id", r->id);
    add_text(w, "title", r->title);
    add_text(w, "body", r->body);
    add_text(w, "author", r->author);
    add_text(w, "author_id", r->author_id);
    add_date(w, r->published_s);
    add_text(w, "url", r->url);
    add_text(w, "section", r->section);
    add_tags(w, r);
    add_text(w, "lang", r->lang);
    add_text(w, "site", r->site);
    add_rest(w, r);
}

/* The last four are rare in a comment, yet nothing a record holds is lost. */
static void add_comment(rendering *w, const weft_record *r)
{
    add_text(w, "type", "comment");
    add_text(w, "id", r->id);
    add_text(w, "article", r->article);
    add_parent(w, r);
    add_text(w, "author", r->author);
    add_text(w, "author_id", r->author_id);
    add_date(w, r->published_s);
    add_text(w, "body", r->body);
    add_text(w, "url", r->url);
    add_rest(w, r);
    add_text(w, "lang", r->lang);
    add_text(w, "title", r->title);
    add_text(w, "section", r->section);
    add_tags(w, r);
    add_text(w, "site", r->site);
}

static void add_delete(rendering *w, const weft_record *r)
{
    char *ref = weft_ref(w->mem, r->type, r->id);
    add_text(w, "type", "delete");
    add(w, "ref", ref == NULL ? NULL : json_string(ref));
    add_rev(w, r);
}

static int add_bytes(const char *bytes, size_t n, void *out)
{
    weft_buf_add(out, weft_str_of(bytes, n));
    return 0;
}

weft_code weft_record_render(const weft_record *r, weft_buf *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    json_auto_t *object = json_object();
    rendering w = {object, tmp, tmp == NULL || object == NULL};
    if (w.failed)
        return weft_fail_nomem(err);
    if (r->is_delete)
        add_delete(&w, r);
    else if (r->type == WEFT_ARTICLE)
        add_article(&w, r);
    else
        add_comment(&w, r);
    if (w.failed || json_dump_callback(object, add_bytes, out, JSON_COMPACT) != 0)
        return weft_fail_nomem(err);
    weft_buf_add_char(out, '\n');
    return weft_buf_check(out, "record", err);
}

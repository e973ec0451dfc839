/* get.c - the command get: one public document as it is stored. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/cmd.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "context.h"
#include "view.h"
#include "banned.h"

/* The record in the form of weft NDJSON, as an object. */
static weft_code load_record(void *mem, const weft_record *r, json_t **out, weft_error *err)
{
    weft_buf line;
    weft_buf_init(&line, mem, 2 * (size_t)WEFT_LINE_MAX);
    weft_code code = weft_record_render(r, &line, err);
    if (code != WEFT_OK)
        return code;
    json_error_t why;
    weft_json_watch();
    *out = json_loadb(line.p, line.n, 0, &why);
    if (weft_json_lost()) {
        json_decref(*out);
        return weft_fail_nomem(err);
    }
    return *out == NULL ? weft_fail(err, WEFT_EINTERNAL, "record: %s", why.text) : WEFT_OK;
}

static weft_code add_place(cmd_context *c, json_t *doc, const weft_stored *s,
                           weft_error *err)
{
    uint32_t replies = 0;
    weft_code code = context_set(doc, "depth", json_integer(s->depth), err);
    if (code == WEFT_OK && s->ancestor_count > 0)
        code = context_set_text(
            doc, "parent_ref",
            weft_ref(c->mem, WEFT_COMMENT, s->ancestors[s->ancestor_count - 1]), err);
    if (code == WEFT_OK)
        code = view_count(c->index, WEFT_PREFIX_PARENT, s->record->id, &replies, err);
    return code == WEFT_OK ? context_set(doc, "replies", json_integer(replies), err) : code;
}

static weft_code get_body(cmd_context *c, const weft_request *request, json_t *reply,
                          weft_error *err)
{
    weft_type type;
    weft_str id;
    weft_stored *s;
    json_t *doc;
    const char *ref = weft_request_text(request, "ref");
    weft_code code = weft_ref_parse(weft_str_from(ref), &type, &id, err);
    if (code == WEFT_OK)
        code = view_find(c->index, c->mem, type, id.p, &s, err);
    if (code != WEFT_OK)
        return code;
    if (s == NULL || s->kind != WEFT_KIND_PUBLIC)
        return weft_fail(err, WEFT_ENOTFOUND, "no document '%s'", ref);
    code = load_record(c->mem, s->record, &doc, err);
    if (code == WEFT_OK)
        code = context_set(reply, "revision", json_integer((json_int_t)c->index->revision),
                           err);
    if (code == WEFT_OK)
        code = context_set(reply, "doc", doc, err);
    weft_str text = weft_record_text(s->record);
    if (code == WEFT_OK && s->record->format != WEFT_TEXT && text.p != NULL)
        code = context_set(doc, "text", json_stringn(text.p, text.n), err);
    return code == WEFT_OK && type == WEFT_COMMENT ? add_place(c, doc, s, err) : code;
}

weft_code cmd_get(cmd_context *c, const weft_request *request, json_t *reply,
                  weft_error *err)
{
    return view_run(c, request, reply, get_body, err);
}

/* status.c - the command status: what the index holds and where it stands. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/cmd.h"

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "context.h"
#include "view.h"
#include "banned.h"

static const struct {
    const char *name, *is;
} figures[] = {{"articles", "article"}, {"comments", "comment"}, {"threads", "thread"},
               {"orphans", "orphan"},   {"stubs", "stub"},       {"places", "place"}};

static weft_code add_figures(cmd_context *c, json_t *reply, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < sizeof figures / sizeof figures[0] && code == WEFT_OK; i++) {
        uint32_t n = 0;
        code = view_count(c->index, WEFT_PREFIX_IS, figures[i].is, &n, err);
        if (code == WEFT_OK)
            code = context_set(reply, figures[i].name, json_integer(n), err);
    }
    return code;
}

static weft_code add_languages(cmd_context *c, json_t *reply, weft_error *err)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < c->index->language_count; i++)
        if (c->index->languages[i] != WEFT_LANGUAGE_OTHER)
            json_array_append_new(list,
                                  json_string(weft_language_code(c->index->languages[i])));
    return context_set(reply, "languages", list, err);
}

static weft_code status_body(cmd_context *c, const weft_request *request, json_t *reply,
                             weft_error *err)
{
    (void)request;
    const index_view *v = c->index;
    c->outcome.lasting = NOTE_PASSES; /* asked to see how things are now */
    weft_code code =
        context_set(reply, "revision", json_integer((json_int_t)v->revision), err);
    if (code == WEFT_OK)
        code =
            context_set(reply, "generation", json_integer((json_int_t)v->generation), err);
    if (code == WEFT_OK)
        code = add_figures(c, reply, err);
    if (code == WEFT_OK)
        code = add_languages(c, reply, err);
    if (code == WEFT_OK)
        code = context_set(
            reply, "bytes",
            json_integer((json_int_t)weft_indexdir_bytes(v->dir, v->generation)), err);
    return code == WEFT_OK ? context_set(reply, "workers",
                                         json_integer((json_int_t)c->options->workers), err)
                           : code;
}

weft_code cmd_status(cmd_context *c, const weft_request *request, json_t *reply,
                     weft_error *err)
{
    return view_run(c, request, reply, status_body, err);
}

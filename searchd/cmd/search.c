/* search.c - the commands search and count: ranked hits, each in its conversation. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search.h"

#include "cmd.h"
#include "clock.h"
#include "context.h"
#include "did_you_mean.h"
#include "page.h"
#include "view.h"
#include "banned.h"

static weft_code add_facets(search *s, json_t *reply, weft_error *err)
{
    bool all = s->found.first.exact;
    return s->facets == 0 ? WEFT_OK : facets_add(s->c, s->plan, s->facets, all, reply, err);
}

static weft_code search_body(cmd_context *c, const weft_request *request, json_t *reply,
                             weft_error *err)
{
    search s = {.c = c, .request = request};
    int64_t began_us = clock_us();
    weft_code code = search_read_page(&s, err);
    if (code == WEFT_OK)
        code = page_read_cursor(&s, err);
    if (code == WEFT_OK)
        code = search_read_query(&s, err);
    if (code == WEFT_OK)
        code = page_find(&s, err);
    if (code == WEFT_OK)
        code = search_write_totals(&s, reply, err);
    if (code == WEFT_OK)
        code = did_you_mean_write(&s, reply, err);
    if (code == WEFT_OK)
        code = search_write_next(&s, reply, err);
    if (code == WEFT_OK)
        code = search_write_hits(&s, reply, err);
    if (code == WEFT_OK)
        code = add_facets(&s, reply, err);
    if (code == WEFT_OK)
        code = context_set(reply, "took_ms",
                           json_real((double)(clock_us() - began_us) / 1000), err);
    return code;
}

weft_code cmd_search(cmd_context *c, const weft_request *request, json_t *reply,
                     weft_error *err)
{
    return view_run(c, request, reply, search_body, err);
}

static weft_code count_body(cmd_context *c, const weft_request *request, json_t *reply,
                            weft_error *err)
{
    search s = {.c = c, .request = request};
    weft_code code = search_read_query(&s, err);
    if (code == WEFT_OK && !s.plan->is_empty)
        code = weft_match(s.plan->builder, s.plan->hits, &s.options, c->mem, &s.found.first,
                          err);
    return code == WEFT_OK ? search_write_totals(&s, reply, err) : code;
}

weft_code cmd_count(cmd_context *c, const weft_request *request, json_t *reply,
                    weft_error *err)
{
    return view_run(c, request, reply, count_body, err);
}

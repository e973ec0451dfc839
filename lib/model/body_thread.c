/* body_thread.c - the readable texts of a thread's bodies. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/body.h"

#include "weft/mem.h"
#include "banned.h"

static bool is_as_it_is(const weft_record *r)
{
    return r == NULL || (r->text == NULL && (r->format == WEFT_TEXT || r->body == NULL));
}

/* A copy of a record with its readable text, when that is not its body. */
static weft_code read_record(void *mem, const weft_record **r, weft_error *err)
{
    if (is_as_it_is(*r))
        return WEFT_OK;
    weft_record *copy = talloc_memdup(mem, *r, sizeof **r);
    if (copy == NULL)
        return weft_fail_nomem(err);
    weft_str body = weft_str_from(copy->body), text;
    weft_code code = weft_body_text(mem, body, copy->format, &text, err);
    if (code != WEFT_OK)
        return code;
    copy->text = weft_str_eq(text, body) ? NULL : text.p == NULL ? "" : text.p;
    *r = copy;
    return WEFT_OK;
}

weft_code weft_body_thread(void *mem, const weft_thread *thread, const weft_thread **out,
                           weft_error *err)
{
    bool same = is_as_it_is(thread->article);
    for (uint32_t i = 0; same && i < thread->node_count; i++)
        same = is_as_it_is(thread->nodes[i].record);
    if (same) {
        *out = thread;
        return WEFT_OK;
    }
    weft_thread *copy = talloc_memdup(mem, thread, sizeof *thread);
    if (copy == NULL)
        return weft_fail_nomem(err);
    copy->nodes = weft_new_array(mem, weft_node, thread->node_count);
    if (copy->nodes == NULL)
        return weft_fail_nomem(err);
    if (thread->node_count > 0)
        memcpy(copy->nodes, thread->nodes, thread->node_count * sizeof *thread->nodes);
    weft_code code = read_record(mem, &copy->article, err);
    for (uint32_t i = 0; code == WEFT_OK && i < thread->node_count; i++)
        code = read_record(mem, &copy->nodes[i].record, err);
    if (code == WEFT_OK)
        *out = copy;
    return code;
}

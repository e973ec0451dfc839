/* thread.c - the command thread: an article and its comments in thread order, page by
 * page. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/cmd.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/thread.h"
#include "context.h"
#include "view.h"
#include "banned.h"

enum { COMMENT_COST = 144 /* bytes of a comment as JSON besides its texts */ };

/* A thread being written. */
typedef struct thread_page {
    cmd_context *c;
    const weft_thread *thread;
    const char *at; /* id of the comment asked for, or NULL */
    uint32_t shown; /* comments and places */
    size_t left_bytes;
} thread_page;

static weft_code load_term(cmd_context *c, const char *prefix, const char *id,
                           weft_record **records, size_t room, size_t *count,
                           weft_error *err)
{
    weft_str term;
    uint32_t *docids;
    size_t n = 0;
    weft_code code = weft_term_make(c->mem, prefix, weft_str_from(id), &term, err);
    if (code == WEFT_OK)
        code = weft_reader_postings(c->index->reader, c->mem, term, room, &docids, &n, err);
    for (size_t i = 0; i < n && code == WEFT_OK; i++) {
        weft_stored *s;
        code = view_read(c->index, c->mem, docids[i], &s, err);
        if (code == WEFT_OK && (s->kind == WEFT_KIND_PUBLIC || s->kind == WEFT_KIND_PLACE))
            records[(*count)++] = s->record;
    }
    return code;
}

static weft_code load_thread(cmd_context *c, const char *id, weft_thread **out,
                             weft_error *err)
{
    uint32_t shown = 0, unshown = 0;
    size_t count = 0;
    weft_code code = view_count(c->index, WEFT_PREFIX_THREAD, id, &shown, err);
    if (code == WEFT_OK)
        code = view_count(c->index, WEFT_PREFIX_UNSHOWN, id, &unshown, err);
    weft_record **records = weft_new_array(c->mem, weft_record *, (size_t)shown + unshown);
    if (code == WEFT_OK && records == NULL)
        code = weft_fail_nomem(err);
    if (code == WEFT_OK)
        code = load_term(c, WEFT_PREFIX_THREAD, id, records, shown, &count, err);
    if (code == WEFT_OK)
        code = load_term(c, WEFT_PREFIX_UNSHOWN, id, records, unshown, &count, err);
    return code == WEFT_OK ? weft_thread_build(c->mem, id, records, count, out, err) : code;
}

/* The id of the article whose thread a reference stands in. */
static weft_code find_thread(cmd_context *c, const char *ref, const char **article,
                             const char **at, weft_error *err)
{
    weft_type type;
    weft_str id;
    weft_stored *s;
    weft_code code = weft_ref_parse(weft_str_from(ref), &type, &id, err);
    if (code == WEFT_OK)
        code = view_find(c->index, c->mem, type, id.p, &s, err);
    if (code != WEFT_OK)
        return code;
    bool stub = s != NULL && s->kind == WEFT_KIND_STUB,
         place = s != NULL && s->kind == WEFT_KIND_PLACE;
    if (s == NULL || (s->kind != WEFT_KIND_PUBLIC && !stub && !place))
        return weft_fail(err, WEFT_ENOTFOUND, "no document '%s'", ref);
    *at = type == WEFT_COMMENT ? s->record->id : NULL;
    *article = type == WEFT_COMMENT ? s->record->article : s->record->id;
    return WEFT_OK;
}

static weft_str shown_body(const weft_record *r)
{
    weft_str text = weft_record_text(r);
    return weft_str_of(text.p == NULL ? "" : text.p,
                       weft_utf8_cut(text, WEFT_CONTEXT_ITEM_MAX));
}

static weft_code set_body(json_t *to, const weft_record *r, weft_error *err)
{
    weft_str shown = shown_body(r);
    weft_code code = context_set(to, "body", json_stringn(shown.p, shown.n), err);
    bool is_cut = shown.n < weft_record_text(r).n;
    return code == WEFT_OK && is_cut ? context_set(to, "cut", json_true(), err) : code;
}

static size_t json_bytes(const char *text)
{
    return context_json_bytes(weft_str_from(text));
}

static size_t article_cost(const weft_record *r)
{
    return r == NULL ? COMMENT_COST
                     : COMMENT_COST + json_bytes(r->id) + json_bytes(r->author) +
                           json_bytes(r->title) + json_bytes(r->url) + json_bytes(r->site) +
                           context_json_bytes(shown_body(r));
}

static size_t comment_cost(const thread_page *t, const weft_node *node)
{
    const weft_record *r = node->record;
    size_t parent = node->parent == WEFT_NO_NODE
                        ? 0
                        : json_bytes(t->thread->nodes[node->parent].record->id);
    return COMMENT_COST + parent + json_bytes(r->id) + json_bytes(r->author) +
           context_json_bytes(shown_body(r));
}

static weft_code add_article(const thread_page *t, json_t *reply, weft_error *err)
{
    void *mem = t->c->mem;
    const weft_record *r = t->thread->article;
    json_t *article = json_object();
    weft_code code = context_set(reply, "article", article, err);
    if (code == WEFT_OK && r == NULL) {
        code = context_set_text(article, "ref",
                                weft_ref(mem, WEFT_ARTICLE, t->thread->article_id), err);
        return code == WEFT_OK ? context_set(article, "stub", json_true(), err) : code;
    }
    if (code == WEFT_OK)
        code = context_add_heading(mem, article, r, err);
    if (code == WEFT_OK)
        code = context_set_text(article, "title", r->title, err);
    if (code == WEFT_OK)
        code = context_set_text(article, "url", r->url, err);
    if (code == WEFT_OK)
        code = context_set_text(article, "site", r->site, err);
    return code == WEFT_OK ? set_body(article, r, err) : code;
}

static weft_code write_comment(const thread_page *t, const weft_node *node, json_t *to,
                               weft_error *err)
{
    const weft_record *r = node->record;
    void *mem = t->c->mem;
    bool is_public = r->status == WEFT_PUBLIC;
    weft_code code =
        is_public ? context_add_heading(mem, to, r, err)
                  : context_set_text(to, "ref", weft_ref(mem, WEFT_COMMENT, r->id), err);
    if (code == WEFT_OK && !is_public)
        code = context_set(to, "removed", json_true(), err);
    if (code == WEFT_OK)
        code = context_set(to, "depth", json_integer(node->depth), err);
    json_t *parent = node->parent == WEFT_NO_NODE
                         ? json_null()
                         : json_string(weft_ref(mem, WEFT_COMMENT,
                                                t->thread->nodes[node->parent].record->id));
    if (code == WEFT_OK)
        code = context_set(to, "parent", parent, err);
    if (code == WEFT_OK && is_public)
        code = set_body(to, r, err);
    if (code == WEFT_OK && is_public)
        code = context_set(to, "replies", json_integer(node->direct), err);
    if (code == WEFT_OK && t->at != NULL && strcmp(t->at, r->id) == 0)
        code = context_set(to, "at", json_true(), err);
    return code;
}

static weft_code add_comments(thread_page *t, json_t *reply, uint32_t offset,
                              uint32_t limit, weft_error *err)
{
    json_t *list = json_array();
    weft_code code = context_set(reply, "comments", list, err);
    bool truncated = false;
    for (uint32_t i = offset; i < t->shown && i - offset < limit && code == WEFT_OK; i++) {
        const weft_node *node = &t->thread->nodes[i];
        size_t cost = comment_cost(t, node);
        truncated = cost > t->left_bytes;
        if (truncated)
            break;
        t->left_bytes -= cost;
        json_t *comment = json_object();
        json_array_append_new(list, comment);
        code =
            comment == NULL ? weft_fail_nomem(err) : write_comment(t, node, comment, err);
    }
    if (code == WEFT_OK)
        code = context_set(reply, "total", json_integer(t->shown), err);
    if (code == WEFT_OK)
        code = context_set(reply, "offset", json_integer(offset), err);
    return code == WEFT_OK ? context_set(reply, "truncated", json_boolean(truncated), err)
                           : code;
}

/* Without an offset, the page that holds the comment asked for. */
static uint32_t page_offset(const thread_page *t, const weft_request *request,
                            uint32_t limit)
{
    int64_t given = weft_request_integer(request, "offset", -1);
    if (given >= 0)
        return (uint32_t)given;
    for (uint32_t i = 0; t->at != NULL && i < t->shown; i++)
        if (strcmp(t->thread->nodes[i].record->id, t->at) == 0)
            return i - i % limit;
    return 0;
}

static weft_code thread_body(cmd_context *c, const weft_request *request, json_t *reply,
                             weft_error *err)
{
    thread_page t = {.c = c, .left_bytes = WEFT_REPLY_MAX};
    const char *article_id = NULL;
    weft_thread *thread = NULL;
    uint32_t limit = (uint32_t)weft_request_integer(request, "limit", WEFT_HITS_MAX);
    weft_code code =
        find_thread(c, weft_request_text(request, "ref"), &article_id, &t.at, err);
    if (code == WEFT_OK)
        code = load_thread(c, article_id, &thread, err);
    if (code != WEFT_OK)
        return code;
    t.thread = thread;
    t.left_bytes -= article_cost(thread->article);
    while (t.shown < thread->node_count && !thread->nodes[t.shown].gone)
        t.shown++;
    code =
        context_set(reply, "revision", json_integer((json_int_t)c->index->revision), err);
    if (code == WEFT_OK)
        code = add_article(&t, reply, err);
    return code == WEFT_OK
               ? add_comments(&t, reply, page_offset(&t, request, limit), limit, err)
               : code;
}

weft_code cmd_thread(cmd_context *c, const weft_request *request, json_t *reply,
                     weft_error *err)
{
    return view_run(c, request, reply, thread_body, err);
}

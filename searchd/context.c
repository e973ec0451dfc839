/* context.c - a hit as it stands in its conversation, as JSON. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "context.h"

#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum {
    REPLIES_LOOKED_AT = 1000,
    ITEM_COST = 112, /* bytes of a context item as JSON besides its texts and marks */
    MARK_COST = 12
};

weft_code context_set(json_t *to, const char *key, json_t *value, weft_error *err)
{
    return json_object_set_new(to, key, value) == 0 ? WEFT_OK : weft_fail_nomem(err);
}

size_t context_json_bytes(weft_str text)
{
    size_t n = text.n;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool is_short = c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v');
        n += is_short ? 1 : c < ' ' ? 5 : 0; /* as \n, or as \u001f */
    }
    return n;
}

weft_code context_set_text(json_t *to, const char *key, const char *text, weft_error *err)
{
    return text == NULL ? WEFT_OK : context_set(to, key, json_string(text), err);
}

weft_code context_add_heading(void *mem, json_t *to, const weft_record *r, weft_error *err)
{
    weft_code code = context_set_text(to, "ref", weft_ref(mem, r->type, r->id), err);
    if (code == WEFT_OK)
        code = context_set_text(to, "author", r->author, err);
    if (code == WEFT_OK && r->published_s != WEFT_DATE_UNKNOWN)
        code = context_set_text(to, "date", weft_date_render(mem, r->published_s), err);
    return code;
}

static json_t *new_marks(const weft_snippet *s)
{
    json_t *marks = json_array();
    for (size_t i = 0; marks != NULL && i < s->mark_count; i++)
        json_array_append_new(
            marks, json_pack("[i,i]", (int)s->marks[i].start, (int)s->marks[i].end));
    return marks;
}

/* The best window of a document's own words; of all its words when it has none of its own.
 */
static weft_code make_snippet(context *c, const weft_stored *s, weft_snippet *out,
                              weft_error *err)
{
    weft_span skip[WEFT_QUOTES_MAX];
    size_t count = 0;
    int language = s->language == NULL ? WEFT_LANGUAGE_OTHER
                                       : weft_language_find(weft_str_from(s->language));
    weft_str body = weft_record_text(s->record);
    for (; count < s->quote_count && count < WEFT_QUOTES_MAX; count++)
        skip[count] = (weft_span){s->quotes[count].outer_start, s->quotes[count].outer_end};
    weft_code code =
        weft_snippet_make(c->mem, c->view->tokenizer, c->view->stemmer, language, body,
                          skip, count, c->wanted, c->snippet_bytes, out, err);
    if (code == WEFT_OK && out->text.n == 0 && count > 0)
        code = weft_snippet_make(c->mem, c->view->tokenizer, c->view->stemmer, language,
                                 body, NULL, 0, c->wanted, c->snippet_bytes, out, err);
    return code;
}

static weft_code add_snippet(context *c, json_t *to, const weft_stored *s, size_t *bytes,
                             weft_error *err)
{
    weft_snippet made;
    weft_code code = make_snippet(c, s, &made, err);
    if (code != WEFT_OK)
        return code;
    *bytes = context_json_bytes(made.text) + made.mark_count * MARK_COST;
    json_t *snippet = json_object();
    if (context_set(to, "snippet", snippet, err) != WEFT_OK)
        return WEFT_ENOMEM;
    code = context_set(snippet, "text", json_stringn(made.text.p, made.text.n), err);
    return code == WEFT_OK ? context_set(snippet, "marks", new_marks(&made), err) : code;
}

static weft_code add_title(context *c, json_t *to, const weft_stored *article,
                           const char *marks_key, weft_error *err)
{
    weft_snippet title;
    int language = article->language == NULL
                       ? WEFT_LANGUAGE_OTHER
                       : weft_language_find(weft_str_from(article->language));
    weft_code code = weft_snippet_make(c->mem, c->view->tokenizer, c->view->stemmer,
                                       language, weft_str_from(article->record->title),
                                       NULL, 0, c->wanted, WEFT_SNIPPET_MAX, &title, err);
    if (code == WEFT_OK)
        code = context_set(to, "title", json_stringn(title.text.p, title.text.n), err);
    return code == WEFT_OK ? context_set(to, marks_key, new_marks(&title), err) : code;
}

/* The article of a thread, kept from the last hit when that was in the same thread. */
static weft_code find_article(context *c, const char *id, weft_error *err)
{
    if (c->article_id != NULL && strcmp(c->article_id, id) == 0)
        return WEFT_OK;
    c->article_id = id;
    return view_find(c->view, c->mem, WEFT_ARTICLE, id, &c->article, err);
}

static weft_code add_headline(context *c, json_t *hit, const char *article_id,
                              weft_error *err)
{
    json_t *headline = json_object();
    if (context_set(hit, "article", headline, err) != WEFT_OK)
        return WEFT_ENOMEM;
    const weft_stored *a = c->article;
    if (a == NULL || a->kind != WEFT_KIND_PUBLIC) {
        weft_code code = context_set_text(headline, "ref",
                                          weft_ref(c->mem, WEFT_ARTICLE, article_id), err);
        return code == WEFT_OK ? context_set(headline, "stub", json_true(), err) : code;
    }
    weft_code code = context_add_heading(c->mem, headline, a->record, err);
    if (code == WEFT_OK)
        code = add_title(c, headline, a, "marks", err);
    if (code == WEFT_OK)
        code = context_set_text(headline, "url", a->record->url, err);
    if (code == WEFT_OK)
        code = context_set_text(headline, "site", a->record->site, err);
    return code;
}

/* A comment above or below a hit; *out is NULL when the reply has no room for it. */
static weft_code write_item(context *c, const char *id, const weft_stored *s,
                            uint32_t depth, json_t **out, weft_error *err)
{
    size_t bytes = 0;
    *out = NULL;
    if (c->left_bytes < ITEM_COST + c->snippet_bytes)
        return WEFT_OK;
    json_t *item = json_object();
    if (item == NULL)
        return weft_fail_nomem(err);
    bool shown = s != NULL && s->kind == WEFT_KIND_PUBLIC;
    weft_code code =
        shown ? context_add_heading(c->mem, item, s->record, err)
              : context_set_text(item, "ref", weft_ref(c->mem, WEFT_COMMENT, id), err);
    if (code == WEFT_OK && !shown)
        code = context_set(item, "removed", json_true(), err);
    if (code == WEFT_OK)
        code = context_set(item, "depth", json_integer(depth), err);
    if (code == WEFT_OK && shown)
        code = add_snippet(c, item, s, &bytes, err);
    if (code != WEFT_OK) {
        json_decref(item);
        return code;
    }
    bytes += ITEM_COST + context_json_bytes(weft_str_from(id));
    bytes += shown ? context_json_bytes(weft_str_from(s->record->author)) : 0;
    if (bytes > c->left_bytes) {
        json_decref(item);
        return WEFT_OK;
    }
    c->left_bytes -= bytes;
    *out = item;
    return WEFT_OK;
}

/* The root and the nearest, in order; the ones between are counted. */
static weft_code add_ancestors(context *c, json_t *hit, const weft_stored *s,
                               weft_error *err)
{
    json_t *list = json_array();
    size_t total = s->ancestor_count, omitted = 0;
    size_t between = total > WEFT_ANCESTORS_MAX ? total - WEFT_ANCESTORS_MAX : 0;
    weft_code code = context_set(hit, "ancestors", list, err);
    for (size_t i = 0; i < total && code == WEFT_OK; i++) {
        weft_scope void *tmp = talloc_new(c->mem);
        weft_stored *above;
        json_t *item = NULL;
        if (i >= 1 && i < 1 + between) {
            omitted++;
            continue;
        }
        code = view_find(c->view, tmp, WEFT_COMMENT, s->ancestors[i], &above, err);
        if (code == WEFT_OK)
            code = write_item(c, s->ancestors[i], above, (uint32_t)i, &item, err);
        if (code == WEFT_OK && item == NULL)
            omitted++;
        else if (code == WEFT_OK)
            json_array_append_new(list, item);
    }
    return code == WEFT_OK
               ? context_set(hit, "omitted", json_integer((json_int_t)omitted), err)
               : code;
}

typedef struct dated {
    uint32_t docid;
    int64_t at;
} dated;

static int by_date(const void *pa, const void *pb)
{
    const dated *a = pa, *b = pb;
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return a->docid < b->docid ? -1 : a->docid > b->docid;
}

/* The direct replies looked at, oldest first, those without a date last. */
static weft_code list_replies(context *c, void *tmp, const char *id, dated **out,
                              size_t *count, weft_error *err)
{
    weft_str term;
    uint32_t *docids;
    weft_code code = weft_term_make(tmp, WEFT_PREFIX_PARENT, weft_str_from(id), &term, err);
    if (code == WEFT_OK)
        code = weft_reader_postings(c->view->reader, tmp, term, REPLIES_LOOKED_AT, &docids,
                                    count, err);
    if (code != WEFT_OK)
        return code;
    dated *list = weft_new_array(tmp, dated, *count);
    if (list == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < *count && code == WEFT_OK; i++) {
        weft_str bytes;
        list[i] = (dated){docids[i], INT64_MAX};
        code =
            weft_reader_value(c->view->reader, tmp, docids[i], WEFT_SLOT_DATE, &bytes, err);
        if (code == WEFT_OK && !weft_sortable_read(bytes, &list[i].at))
            list[i].at = INT64_MAX;
    }
    qsort(list, *count, sizeof *list, by_date);
    *out = list;
    return code;
}

static weft_code add_first_replies(context *c, json_t *replies, const weft_stored *s,
                                   weft_error *err)
{
    weft_scope void *tmp = talloc_new(c->mem);
    dated *list = NULL;
    size_t count = 0;
    json_t *first = json_array();
    weft_code code = context_set(replies, "first", first, err);
    if (code == WEFT_OK)
        code = list_replies(c, tmp, s->record->id, &list, &count, err);
    for (size_t i = 0; i < count && i < WEFT_REPLIES_SHOWN && code == WEFT_OK; i++) {
        weft_stored *below;
        json_t *item = NULL;
        code = view_read(c->view, tmp, list[i].docid, &below, err);
        if (code == WEFT_OK)
            code = write_item(c, below->record->id, below, below->depth, &item, err);
        if (code == WEFT_OK && item != NULL)
            json_array_append_new(first, item);
    }
    return code;
}

static weft_code add_replies(context *c, json_t *hit, const weft_stored *s, weft_error *err)
{
    uint32_t direct = 0, all = 0;
    weft_code code = view_count(c->view, WEFT_PREFIX_PARENT, s->record->id, &direct, err);
    if (code == WEFT_OK)
        code = view_count(c->view, WEFT_PREFIX_UNDER, s->record->id, &all, err);
    json_t *replies =
        json_pack("{s:I,s:I}", "direct", (json_int_t)direct, "all", (json_int_t)all);
    if (code == WEFT_OK)
        code = context_set(hit, "replies", replies, err);
    return code == WEFT_OK ? add_first_replies(c, replies, s, err) : code;
}

/* A quote of a hit; nothing when the reply has no room for it. */
static weft_code add_quote(context *c, json_t *list, const weft_stored_quote *q,
                           weft_str body, weft_error *err)
{
    weft_str text = weft_str_trim(weft_str_of(body.p + q->start, q->end - q->start));
    text.n = weft_grapheme_cut(c->view->tokenizer, text, c->snippet_bytes);
    size_t bytes = ITEM_COST + context_json_bytes(text) +
                   context_json_bytes(weft_str_from(q->of)) +
                   context_json_bytes(weft_str_from(q->author));
    if (bytes > c->left_bytes)
        return WEFT_OK;
    c->left_bytes -= bytes;
    json_t *quote = json_object();
    if (json_array_append_new(list, quote) != 0)
        return weft_fail_nomem(err);
    weft_code code = context_set_text(quote, "of", q->of, err);
    if (code == WEFT_OK)
        code = context_set_text(quote, "author", q->author, err);
    return code == WEFT_OK ? context_set(quote, "text", json_stringn(text.p, text.n), err)
                           : code;
}

static weft_code add_quotes(context *c, json_t *hit, const weft_stored *s, weft_error *err)
{
    json_t *list = json_array();
    weft_code code = context_set(hit, "quotes", list, err);
    weft_str body = weft_record_text(s->record);
    for (size_t i = 0; i < s->quote_count && i < WEFT_REPLIES_MAX && code == WEFT_OK; i++) {
        const weft_stored_quote *q = &s->quotes[i];
        if (q->end <= body.n && q->start <= q->end)
            code = add_quote(c, list, q, body, err);
    }
    size_t shown = json_array_size(list);
    if (code != WEFT_OK || shown == s->quote_count)
        return code;
    return context_set(hit, "quotes_omitted",
                       json_integer((json_int_t)(s->quote_count - shown)), err);
}

static int by_key(const void *key, const void *thread)
{
    return weft_str_cmp(*(const weft_str *)key, ((const weft_match_thread *)thread)->key);
}

/* How large the thread is and how much of it matches. */
static weft_code add_thread(context *c, json_t *hit, const char *article_id,
                            const weft_match_result *of, weft_error *err)
{
    uint32_t documents = 0;
    weft_code code = view_count(c->view, WEFT_PREFIX_THREAD, article_id, &documents, err);
    if (code != WEFT_OK)
        return code;
    if (c->article != NULL && c->article->kind == WEFT_KIND_PUBLIC && documents > 0)
        documents--;
    weft_str key = weft_str_from(article_id);
    const weft_match_thread *t =
        bsearch(&key, of->threads, of->thread_count, sizeof *of->threads, by_key);
    return context_set(hit, "thread",
                       json_pack("{s:I,s:I}", "comments", (json_int_t)documents, "matched",
                                 (json_int_t)(t == NULL ? 1 : t->matched)),
                       err);
}

static weft_code add_surroundings(context *c, json_t *hit, const weft_stored *s,
                                  const context_hit *h, weft_error *err)
{
    const char *article_id =
        s->record->type == WEFT_ARTICLE ? s->record->id : s->record->article;
    bool is_comment = s->record->type == WEFT_COMMENT, full = c->amount == CONTEXT_FULL;
    weft_code code = find_article(c, article_id, err);
    if (code == WEFT_OK && is_comment)
        code = add_headline(c, hit, article_id, err);
    if (code == WEFT_OK && is_comment && full)
        code = add_ancestors(c, hit, s, err);
    if (code == WEFT_OK && is_comment && full)
        code = add_replies(c, hit, s, err);
    if (code == WEFT_OK && full)
        code = add_quotes(c, hit, s, err);
    return code == WEFT_OK ? add_thread(c, hit, article_id, h->of, err) : code;
}

static weft_code write_hit(context *c, json_t *hit, const weft_stored *s,
                           const context_hit *h, weft_error *err)
{
    size_t bytes;
    bool is_comment = s->record->type == WEFT_COMMENT;
    weft_code code = context_add_heading(c->mem, hit, s->record, err);
    if (code == WEFT_OK)
        code =
            context_set(hit, "type", json_string(is_comment ? "comment" : "article"), err);
    if (code == WEFT_OK)
        code = context_set(hit, "score", json_real(h->score), err);
    if (code == WEFT_OK)
        code = context_set(hit, "relaxed", json_boolean(h->relaxed), err);
    if (code == WEFT_OK)
        code = context_set_text(hit, "url", s->record->url, err);
    if (code == WEFT_OK && s->record->has_score)
        code = context_set(hit, "votes", json_integer(s->record->score), err);
    if (code == WEFT_OK && is_comment)
        code = context_set(hit, "depth", json_integer(s->depth), err);
    if (code == WEFT_OK && s->orphan)
        code = context_set(hit, "orphan", json_true(), err);
    if (code == WEFT_OK && !is_comment)
        code = add_title(c, hit, s, "title_marks", err);
    if (code == WEFT_OK)
        code = add_snippet(c, hit, s, &bytes, err);
    return code == WEFT_OK && c->amount != CONTEXT_NONE
               ? add_surroundings(c, hit, s, h, err)
               : code;
}

weft_code context_write(context *c, const context_hit *hit, json_t **out, weft_error *err)
{
    weft_stored *s;
    weft_code code = view_read(c->view, c->mem, hit->docid, &s, err);
    if (code != WEFT_OK)
        return code;
    json_t *json = json_object();
    code = json == NULL ? weft_fail_nomem(err) : write_hit(c, json, s, hit, err);
    if (code != WEFT_OK) {
        json_decref(json);
        return code;
    }
    *out = json;
    return WEFT_OK;
}

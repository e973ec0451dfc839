/* analysis.c - every document of a thread, made from its records and their places in the
 * tree.
 *
 * The result depends on nothing else, so that the order in which records came, and whether
 * by a build or by additions, never shows in the index.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/schema.h"

#include "weft/body.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "document.h"
#include "banned.h"

enum {
    OTHER_LANGUAGE_BIT = 63,
    THREAD_POOL_BYTES =
        256 * 1024, /* what most threads take: many small allocations that */
    DOCUMENT_POOL_BYTES = 64 * 1024, /* go together */
    ABOUT_MAX = 64 * 1024,           /* bytes of section, site and tags */
    DETECT_FROM = 80 /* bytes; a shorter comment has its article's language */
};

struct weft_analysis {
    words words;
    weft_settings settings;
    uint64_t languages;
};

/* Own stems of a comment, kept while its subtree is made. */
typedef struct ancestor {
    uint32_t node;
    void *mem;
    stem_list own;
} ancestor;

/* A thread at work. */
typedef struct thread_work {
    weft_analysis *a;
    const weft_thread *thread;
    void *mem; /* of the thread */
    void *tmp; /* of the document being made */
    const char *article_language;
    stem_list headline;
    weft_quote_finder *finder;
    ancestor stack[WEFT_DEPTH_MAX + 1];
    weft_emit emit;
    void *ctx;
    weft_error *err;
} thread_work;

weft_code weft_analysis_new(void *mem, const weft_settings *settings, weft_analysis **out,
                            weft_error *err)
{
    weft_analysis *a = talloc_zero(mem, weft_analysis);
    if (a == NULL)
        return weft_fail_nomem(err);
    a->settings = *settings;
    weft_code code = weft_tokenizer_new(a, &a->words.tokenizer, err);
    if (code == WEFT_OK)
        code = weft_stemmer_new(a, &a->words.stemmer, err);
    if (code == WEFT_OK)
        *out = a;
    return code;
}

uint64_t weft_analysis_languages(const weft_analysis *a)
{
    return a->languages;
}

/* The language of a text: named by its record, inherited, or guessed. */
static const char *language_of(const thread_work *t, const weft_record *r,
                               const char *inherited)
{
    if (r->lang != NULL)
        return r->lang;
    bool automatic = strcmp(t->a->settings.lang, "auto") == 0;
    const char *guess = NULL;
    weft_str text = weft_record_text(r);
    if (automatic && text.n > 0 && (inherited == NULL || text.n >= DETECT_FROM))
        guess = weft_language_detect(text);
    if (guess != NULL)
        return guess;
    if (inherited != NULL)
        return inherited;
    return automatic ? "en" : t->a->settings.lang;
}

static int language_number(thread_work *t, const char *code)
{
    int number = weft_language_find(weft_str_from(code));
    t->a->languages |= UINT64_C(1) << (number < 0 ? OTHER_LANGUAGE_BIT : number);
    return number;
}

/* Section, site and tags as they were given, for counts that show them so. */
static void add_about(document_draft *d, const weft_record *article)
{
    weft_buf b;
    if (article->section == NULL && article->site == NULL && article->tag_count == 0)
        return;
    weft_buf_init(&b, d->mem, ABOUT_MAX);
    weft_buf_add_text(&b, article->section == NULL ? "" : article->section);
    weft_buf_add_char(&b, '\0');
    weft_buf_add_text(&b, article->site == NULL ? "" : article->site);
    for (size_t i = 0; i < article->tag_count; i++) {
        weft_buf_add_char(&b, '\0');
        weft_buf_add_text(&b, article->tags[i]);
    }
    d->code = weft_buf_check(&b, "section, site and tags", d->err);
    draft_add_value(d, WEFT_SLOT_ABOUT, weft_buf_str(&b));
}

/* Terms that an article and its comments share. */
static void add_article_fields(document_draft *d, const weft_thread *thread)
{
    const weft_record *article = thread->article;
    draft_add_term(d, WEFT_PREFIX_THREAD, thread->article_id);
    draft_add_value(d, WEFT_SLOT_THREAD, weft_str_from(thread->article_id));
    if (article == NULL)
        return;
    draft_add_folded(d, weft_field_find(weft_str_from("section"))->prefix,
                     article->section);
    draft_add_folded(d, weft_field_find(weft_str_from("site"))->prefix, article->site);
    for (size_t i = 0; i < article->tag_count; i++)
        draft_add_folded(d, weft_field_find(weft_str_from("tag"))->prefix,
                         article->tags[i]);
    if (d->code == WEFT_OK)
        add_about(d, article);
}

/* Terms that every public record has of its own. */
static void add_record_fields(document_draft *d, const weft_record *r, const char *language)
{
    draft_add_term(d, WEFT_PREFIX_IS, r->type == WEFT_ARTICLE ? "article" : "comment");
    draft_add_folded(d, weft_field_find(weft_str_from("author"))->prefix, r->author);
    draft_add_term(d, WEFT_PREFIX_AUTHOR_ID, r->author_id);
    draft_add_folded(d, weft_field_find(weft_str_from("kind"))->prefix, r->kind);
    draft_add_folded(d, weft_field_find(weft_str_from("lang"))->prefix, language);
    draft_add_folded_value(d, WEFT_SLOT_AUTHOR, r->author);
    if (language != NULL)
        draft_add_value(d, WEFT_SLOT_LANGUAGE, weft_str_from(language));
    draft_add_date(d, r->published_s);
    draft_add_order(d, r);
    if (r->has_score)
        draft_add_number(d, WEFT_SLOT_SCORE, r->score);
}

/* A record that is not public is remembered by its place and revision, never by its words.
 */
static weft_code without_text(void *mem, const weft_record *r, weft_record **out,
                              weft_error *err)
{
    weft_record *bare = talloc_zero(mem, weft_record);
    if (bare == NULL)
        return weft_fail_nomem(err);
    bare->type = r->type;
    bare->status = r->status;
    bare->id = r->id;
    bare->article = r->article;
    bare->parent = r->parent;
    bare->parent_is_marker = r->parent_is_marker;
    bare->has_rev = r->has_rev;
    bare->rev = r->rev;
    bare->published_s = WEFT_DATE_UNKNOWN;
    *out = bare;
    return WEFT_OK;
}

static weft_code emit_draft(thread_work *t, document_draft *d, weft_str unique,
                            weft_made *made)
{
    weft_code code = draft_take(d, unique, made);
    return code == WEFT_OK ? t->emit(t->ctx, t->tmp, made, t->err) : code;
}

/* A document that no search finds: a place, a tombstone, a stub, a record of a hidden
 * thread. */
static weft_code emit_unshown(thread_work *t, weft_kind kind, weft_record *r,
                              const char *is)
{
    document_draft d;
    weft_str unique;
    weft_made made = {.stored = {.kind = kind, .record = r}};
    draft_begin(&d, t->tmp, t->a->words.tokenizer, t->err);
    draft_add_term(&d, WEFT_PREFIX_UNSHOWN, t->thread->article_id);
    draft_add_term(&d, WEFT_PREFIX_IS, is);
    weft_code code = weft_term_unique(t->tmp, r->type, r->id, &unique, t->err);
    return code == WEFT_OK ? emit_draft(t, &d, unique, &made) : code;
}

static weft_code make_article(thread_work *t)
{
    words *w = &t->a->words;
    weft_record *r = (weft_record *)(uintptr_t)t->thread->article;
    int language = language_number(t, t->article_language);
    words_begin_document(w);
    words_use title = {language, 1, STEM_TITLE, WEFT_MARK_TITLE};
    words_use body = {language, 1, STEM_BODY, WEFT_MARK_OWN};
    weft_code code = words_add_text(w, weft_str_from(r->title), &title, t->err);
    if (code == WEFT_OK)
        code = words_own(w, t->mem, &t->headline, t->err);
    if (code == WEFT_OK)
        code = words_add_text(w, weft_record_text(r), &body, t->err);
    document_draft d;
    weft_str unique;
    weft_made made = {
        .stored = {.kind = WEFT_KIND_PUBLIC, .record = r, .language = t->article_language}};
    draft_begin(&d, t->tmp, w->tokenizer, t->err);
    add_article_fields(&d, t->thread);
    add_record_fields(&d, r, t->article_language);
    draft_add_answered(&d, r, -1);
    draft_add_words(&d, w);
    if (code == WEFT_OK)
        code = weft_term_unique(t->tmp, WEFT_ARTICLE, r->id, &unique, t->err);
    return code == WEFT_OK ? emit_draft(t, &d, unique, &made) : code;
}

static weft_code make_stub(thread_work *t)
{
    weft_record *r = talloc_zero(t->tmp, weft_record);
    if (r == NULL)
        return weft_fail_nomem(t->err);
    r->type = WEFT_ARTICLE;
    r->id = t->thread->article_id;
    r->published_s = WEFT_DATE_UNKNOWN;
    return emit_unshown(t, WEFT_KIND_STUB, r, "stub");
}

/* Ids of the comments above a node, root first. */
static weft_code ancestor_ids(thread_work *t, const weft_node *node, weft_stored *stored)
{
    const weft_node *nodes = t->thread->nodes;
    size_t count = node->depth;
    stored->ancestors = weft_new_array(t->tmp, const char *, count);
    if (stored->ancestors == NULL)
        return weft_fail_nomem(t->err);
    stored->ancestor_count = count;
    for (uint32_t p = node->parent; p != WEFT_NO_NODE && count > 0; p = nodes[p].parent)
        stored->ancestors[--count] = nodes[p].record->id;
    return WEFT_OK;
}

/* What is stored of the quotes of a comment, with the reference and author of each source.
 */
static weft_code store_quotes(thread_work *t, const weft_quote *quotes, size_t count,
                              weft_stored *stored)
{
    stored->quotes = weft_new_array(t->tmp, weft_stored_quote, count);
    if (stored->quotes == NULL)
        return weft_fail_nomem(t->err);
    stored->quote_count = count;
    for (size_t i = 0; i < count; i++) {
        const weft_quote *q = &quotes[i];
        weft_stored_quote *out = &stored->quotes[i];
        *out =
            (weft_stored_quote){q->outer_start, q->outer_end, q->start, q->end, NULL, NULL};
        const weft_node *source =
            q->node == WEFT_NO_NODE ? NULL : &t->thread->nodes[q->node];
        if (source != NULL && source->record->status != WEFT_PUBLIC)
            source = NULL;
        if (source != NULL)
            out->of = weft_ref(t->tmp, WEFT_COMMENT, source->record->id);
        else if (q->from_article)
            out->of = weft_ref(t->tmp, WEFT_ARTICLE, t->thread->article_id);
        if (source != NULL)
            out->author = source->record->author;
        else if (q->who.n > 0)
            out->author = weft_str_dup(t->tmp, q->who);
        else if (q->from_article)
            out->author = t->thread->article->author;
    }
    return WEFT_OK;
}

static void add_tree_terms(document_draft *d, const thread_work *t, const weft_node *node,
                           const weft_stored *stored)
{
    bool is_root = node->parent == WEFT_NO_NODE;
    draft_add_term(d, WEFT_PREFIX_IS, is_root ? "root" : "reply");
    draft_add_term(d, WEFT_PREFIX_IS, node->direct == 0 ? "leaf" : NULL);
    draft_add_term(d, WEFT_PREFIX_IS, node->orphan ? "orphan" : NULL);
    if (!is_root)
        draft_add_term(d, WEFT_PREFIX_PARENT, t->thread->nodes[node->parent].record->id);
    for (size_t i = 0; i < stored->ancestor_count; i++)
        draft_add_term(d, WEFT_PREFIX_UNDER, stored->ancestors[i]);
    for (size_t i = 0; i < stored->quote_count; i++) {
        draft_add_term(d, WEFT_PREFIX_QUOTES, stored->quotes[i].of);
        draft_add_folded(d, WEFT_PREFIX_QUOTED_AUTHOR, stored->quotes[i].author);
    }
    draft_add_value(d, WEFT_SLOT_SELF, weft_str_from(node->record->id));
    if (!is_root)
        draft_add_value(d, WEFT_SLOT_PARENT,
                        weft_str_from(t->thread->nodes[node->parent].record->id));
    draft_add_number(d, WEFT_SLOT_DEPTH, node->depth);
    draft_add_number(d, WEFT_SLOT_REPLIES, node->direct);
    draft_add_answered(d, node->record, node->direct);
}

/* Words of the headline and of the parent, as flags in the bag; then keep the own words for
 * the replies. */
static weft_code add_context_words(thread_work *t, uint32_t index)
{
    words *w = &t->a->words;
    const weft_node *node = &t->thread->nodes[index];
    for (size_t i = 0; i < t->headline.count; i++)
        words_touch(w, t->headline.items[i], 0, STEM_HEADLINE);
    if (node->parent != WEFT_NO_NODE) {
        const ancestor *parent = &t->stack[t->thread->nodes[node->parent].depth];
        for (size_t i = 0; parent->node == node->parent && i < parent->own.count; i++)
            words_touch(w, parent->own.items[i], 0, STEM_PARENT);
    }
    ancestor *self = &t->stack[node->depth];
    talloc_free(self->mem);
    *self = (ancestor){index, talloc_new(t->mem), {0}};
    if (self->mem == NULL)
        return weft_fail_nomem(t->err);
    return words_own(w, self->mem, &self->own, t->err);
}

static weft_code make_comment(thread_work *t, uint32_t index)
{
    words *w = &t->a->words;
    const weft_node *node = &t->thread->nodes[index];
    weft_record *r = (weft_record *)(uintptr_t)node->record;
    const char *code_text = language_of(t, r, t->article_language);
    weft_made made = {.stored = {.kind = WEFT_KIND_PUBLIC,
                                 .record = r,
                                 .orphan = node->orphan,
                                 .depth = node->depth,
                                 .language = code_text}};
    weft_quote *quotes = NULL;
    size_t quote_count = 0;
    document_draft d;
    weft_str unique;
    draft_begin(&d, t->tmp, w->tokenizer, t->err);
    words_begin_document(w);
    weft_code code =
        weft_quote_finder_find(t->finder, t->tmp, index, &quotes, &quote_count, t->err);
    if (code == WEFT_OK)
        code = words_add_body(w, weft_record_text(r), quotes, quote_count,
                              language_number(t, code_text), t->err);
    if (code == WEFT_OK)
        code = add_context_words(t, index);
    if (code == WEFT_OK)
        code = ancestor_ids(t, node, &made.stored);
    if (code == WEFT_OK)
        code = store_quotes(t, quotes, quote_count, &made.stored);
    if (code == WEFT_OK)
        code = weft_term_unique(t->tmp, WEFT_COMMENT, r->id, &unique, t->err);
    if (code != WEFT_OK)
        return code;
    add_article_fields(&d, t->thread);
    add_record_fields(&d, r, code_text);
    add_tree_terms(&d, t, node, &made.stored);
    draft_add_words(&d, w);
    return emit_draft(t, &d, unique, &made);
}

/* A comment that is not shown: kept whole in a hidden thread, gone with a deleted article,
 * else without its text. */
static weft_code make_unshown_comment(thread_work *t, const weft_node *node)
{
    const weft_thread *thread = t->thread;
    weft_record *r = (weft_record *)(uintptr_t)node->record;
    bool is_public = r->status == WEFT_PUBLIC;
    if (is_public && thread->hidden && thread->article->status == WEFT_DELETED)
        return WEFT_OK;
    weft_code code = is_public ? WEFT_OK : without_text(t->tmp, r, &r, t->err);
    if (code != WEFT_OK)
        return code;
    bool place = node->place && !thread->hidden;
    const char *is = place ? "place" : is_public ? NULL : "gone";
    return emit_unshown(t, place ? WEFT_KIND_PLACE : WEFT_KIND_UNSHOWN, r, is);
}

static weft_code make_thread_document(thread_work *t)
{
    document_draft d;
    weft_str unique;
    weft_made made = {.stored = {.kind = WEFT_KIND_THREAD}};
    weft_record *r = talloc_zero(t->tmp, weft_record);
    if (r == NULL)
        return weft_fail_nomem(t->err);
    r->id = t->thread->article_id;
    r->published_s = WEFT_DATE_UNKNOWN;
    made.stored.record = r;
    draft_begin(&d, t->tmp, t->a->words.tokenizer, t->err);
    draft_add_term(&d, WEFT_PREFIX_UNSHOWN, t->thread->article_id);
    draft_add_term(&d, WEFT_PREFIX_IS, "thread");
    draft_add_value(&d, WEFT_SLOT_THREAD, weft_str_from(t->thread->article_id));
    draft_add_thread_words(&d, &t->a->words);
    weft_code code = weft_term_make(t->tmp, WEFT_PREFIX_UNIQUE "t", weft_str_from(r->id),
                                    &unique, t->err);
    return code == WEFT_OK ? emit_draft(t, &d, unique, &made) : code;
}

static weft_code make_article_or_stub(thread_work *t)
{
    const weft_thread *thread = t->thread;
    weft_record *bare;
    if (thread->article == NULL)
        return thread->public_count > 0 ? make_stub(t) : WEFT_OK;
    if (!thread->hidden)
        return make_article(t);
    weft_code code = without_text(t->tmp, thread->article, &bare, t->err);
    return code == WEFT_OK ? emit_unshown(t, WEFT_KIND_UNSHOWN, bare, "gone") : code;
}

static weft_code make_all(thread_work *t)
{
    const weft_thread *thread = t->thread;
    t->tmp = talloc_pool(t->mem, DOCUMENT_POOL_BYTES);
    weft_code code = t->tmp == NULL ? weft_fail_nomem(t->err) : make_article_or_stub(t);
    if (code == WEFT_OK)
        code = weft_quote_finder_new(t->mem, t->a->words.tokenizer, thread, &t->finder,
                                     t->err);
    for (uint32_t i = 0; i < thread->node_count && code == WEFT_OK; i++) {
        talloc_free_children(t->tmp);
        bool shown = !thread->hidden && thread->nodes[i].record->status == WEFT_PUBLIC;
        code = shown ? make_comment(t, i) : make_unshown_comment(t, &thread->nodes[i]);
    }
    talloc_free_children(t->tmp);
    if (code == WEFT_OK && !thread->hidden &&
        (thread->article != NULL || thread->public_count > 0))
        code = make_thread_document(t);
    return code;
}

weft_code weft_thread_documents(weft_analysis *a, const weft_thread *thread, weft_emit emit,
                                void *ctx, weft_error *err)
{
    weft_scope void *mem = talloc_pool(NULL, THREAD_POOL_BYTES);
    thread_work *t = talloc_zero(mem, thread_work);
    if (t == NULL)
        return weft_fail_nomem(err);
    *t = (thread_work){
        .a = a, .thread = thread, .mem = mem, .emit = emit, .ctx = ctx, .err = err};
    static const weft_record nothing = {.published_s = WEFT_DATE_UNKNOWN};
    weft_code code = weft_body_thread(mem, thread, &t->thread, err);
    if (code != WEFT_OK)
        return code;
    thread = t->thread;
    t->article_language =
        language_of(t, thread->article == NULL ? &nothing : thread->article, NULL);
    words_begin_thread(&a->words, mem);
    return make_all(t);
}

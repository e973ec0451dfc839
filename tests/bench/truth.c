/* truth.c - how many documents answer each question, counted on the words themselves.
 *
 * Every document is asked every question that it could answer: those whose rarest word stands in it, in its headline or in
 * its parent. Which words stand where is marked in tables by class, with the number of the document instead of a flag, so
 * that they are never cleared.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "truth.h"

#include <string.h>

#include "weft/mem.h"

#include "banned.h"

enum { PREFIXED_MAX = 400000 };

/* Where words stand: the number of the last document, or thread, that has a class so. */
typedef struct places {
    uint32_t *own, *all, *near;
} places;

/* A question in the list of a class. */
typedef struct asked {
    uint32_t number, next; /* next: 1 + the place of another; 0 for none */
} asked;

struct counter {
    queries *queries;
    uint32_t *first; /* of each class: 1 + the place of its list in asked */
    asked *asked;
    uint32_t asked_count;
    uint32_t (*prefixed)[2]; /* of a prefix: its classes are listed[from, to) */
    uint32_t *listed;
    uint32_t listed_count;
    places of_document, of_thread;
    uint32_t document, thread; /* numbers from 1 */
    uint32_t *last_document,
        *last_thread; /* of each question: asked for this one already */
};

/* What is asked of: a record in its thread. */
typedef struct asking {
    const archive *a;
    const made *r;
    const made *article, *parent; /* NULL: none */
} asking;

static bool places_new(void *mem, places *p)
{
    p->own = weft_new_array(mem, uint32_t, WORDS_CLASSES);
    p->all = weft_new_array(mem, uint32_t, WORDS_CLASSES);
    p->near = weft_new_array(mem, uint32_t, WORDS_CLASSES);
    return p->own != NULL && p->all != NULL && p->near != NULL;
}

static void list_under(counter *c, uint32_t class, uint32_t number)
{
    c->asked[c->asked_count] = (asked){number, c->first[class]};
    c->first[class] = ++c->asked_count;
}

/* The word that a document must have itself, or that is the rarest. */
static uint32_t key_of(const query *q)
{
    if (q->kind == QUERY_PARENT || q->kind == QUERY_ARTICLE)
        return words_class(q->forms[1]);
    uint32_t key = 0;
    for (uint32_t i = 0; i < q->count; i++)
        if (words_class(q->forms[i]) > key)
            key = words_class(q->forms[i]);
    return key;
}

static void list_prefix(counter *c, uint32_t number)
{
    char prefix[WORDS_BYTES], word[WORDS_BYTES];
    words_write(c->queries->list[number].forms[0], prefix);
    c->prefixed[number][0] = c->listed_count;
    for (uint32_t class = 0; class < WORDS_CLASSES; class ++) {
        words_write(class * WORDS_FORMS, word);
        if (memcmp(word, prefix, PREFIX_LETTERS) != 0 || c->listed_count == PREFIXED_MAX)
            continue;
        c->listed[c->listed_count++] = class;
        list_under(c, class, number);
    }
    c->prefixed[number][1] = c->listed_count;
}

weft_code counter_new(void *mem, queries *q, counter **out, weft_error *err)
{
    counter *c = talloc_zero(mem, counter);
    if (c == NULL)
        return weft_fail_nomem(err);
    c->queries = q;
    c->first = weft_new_array(c, uint32_t, WORDS_CLASSES);
    c->asked = weft_new_array(c, asked, QUERIES + PREFIXED_MAX);
    c->listed = weft_new_array(c, uint32_t, PREFIXED_MAX);
    c->prefixed = talloc_zero_size(c, QUERIES * sizeof *c->prefixed);
    c->last_document = weft_new_array(c, uint32_t, QUERIES);
    c->last_thread = weft_new_array(c, uint32_t, QUERIES);
    if (c->first == NULL || c->asked == NULL || c->listed == NULL || c->prefixed == NULL ||
        c->last_document == NULL || c->last_thread == NULL ||
        !places_new(c, &c->of_document) || !places_new(c, &c->of_thread))
        return weft_fail_nomem(err);
    for (uint32_t i = 0; i < q->count; i++) {
        if (q->list[i].kind == QUERY_PREFIX)
            list_prefix(c, i);
        else
            list_under(c, key_of(&q->list[i]), i);
    }
    *out = c;
    return WEFT_OK;
}

/* Mark the words of a span: the document's own, those it quotes, or words near it. */
static void mark(counter *c, const archive *a, span s, bool near)
{
    for (uint32_t i = s.from; i < s.to; i++) {
        const written *w = &a->words[i];
        uint32_t class = words_class(w->form);
        if (class == WORDS_NO_CLASS)
            continue;
        bool own = (w->marks & WORD_QUOTED) == 0;
        if (near) {
            if (own)
                c->of_document.near[class] = c->document;
            continue;
        }
        c->of_document.all[class] = c->document;
        c->of_thread.all[class] = c->thread;
        if (own) {
            c->of_document.own[class] = c->document;
            c->of_thread.own[class] = c->thread;
        }
    }
}

static void judge_words(const counter *c, const query *q, truth *t)
{
    bool near = true, own = true, all = true, any_own = false;
    for (uint32_t i = 0; i < q->count; i++) {
        uint32_t class = words_class(q->forms[i]);
        bool said = c->of_document.own[class] == c->document;
        any_own = any_own || said;
        own = own && said;
        near = near && (said || c->of_document.near[class] == c->document);
        all = all && c->of_document.all[class] == c->document;
    }
    t->weft = near && any_own;
    t->own = own;
    t->all = all;
}

static void judge_prefix(const counter *c, uint32_t number, truth *t)
{
    for (uint32_t i = c->prefixed[number][0]; i < c->prefixed[number][1]; i++) {
        if (c->of_document.own[c->listed[i]] == c->document)
            t->own = t->weft = 1;
        if (c->of_document.all[c->listed[i]] == c->document)
            t->all = 1;
    }
}

/* Whether the phrase stands at this word: as it is written in one own paragraph, or by classes and across all. */
static bool stands_at(const written *w, const query *q, bool own)
{
    for (uint32_t i = 0; i < q->count; i++) {
        if (!own && words_class(w[i].form) != words_class(q->forms[i]))
            return false;
        if (own && (w[i].form != q->forms[i] || w[i].marks & WORD_QUOTED))
            return false;
        if (own && i > 0 && w[i].marks & WORD_PARAGRAPH)
            return false;
    }
    return true;
}

static void judge_phrase(const archive *a, const query *q, span s, truth *t)
{
    for (uint32_t at = s.from; at + q->count <= s.to; at++) {
        if (stands_at(&a->words[at], q, true))
            t->own = t->weft = 1;
        if (stands_at(&a->words[at], q, false))
            t->all = 1;
    }
}

/* Keep of t only what holds when the span has the class. */
static void need_class(const archive *a, span s, uint32_t class, truth *t)
{
    bool own = false, all = false;
    for (uint32_t i = s.from; i < s.to; i++) {
        if (words_class(a->words[i].form) != class)
            continue;
        all = true;
        own = own || (a->words[i].marks & WORD_QUOTED) == 0;
    }
    t->own = t->own && own;
    t->all = t->all && all;
    t->weft = t->own;
}

static void judge_join(const counter *c, const asking *of, const query *q, truth *t)
{
    uint32_t class = words_class(q->forms[1]);
    t->own = c->of_document.own[class] == c->document;
    t->all = c->of_document.all[class] == c->document;
    const made *above = q->kind == QUERY_PARENT ? of->parent : of->article;
    span s = {0, 0};
    if (above != NULL)
        s = q->kind == QUERY_PARENT ? above->body : above->title;
    need_class(of->a, s, words_class(q->forms[0]), t);
}

static void judge(counter *c, const asking *of, uint32_t number)
{
    query *q = &c->queries->list[number];
    const made *r = of->r;
    truth t = {0};
    if (q->kind == QUERY_DATE && (r->date_s < q->from_s || r->date_s > q->to_s))
        return;
    if (q->kind == QUERY_AUTHOR &&
        (q->author != r->author || q->editor != (of->article == NULL)))
        return;
    if (q->kind == QUERY_PREFIX) {
        judge_prefix(c, number, &t);
    } else if (q->kind == QUERY_PARENT || q->kind == QUERY_ARTICLE) {
        judge_join(c, of, q, &t);
    } else if (q->kind == QUERY_PHRASE) {
        judge_phrase(of->a, q, r->title, &t);
        judge_phrase(of->a, q, r->body, &t);
    } else {
        judge_words(c, q, &t);
    }
    q->truth.weft += t.weft;
    q->truth.own += t.own;
    q->truth.all += t.all;
}

static void judge_thread(counter *c, const archive *a, uint32_t number)
{
    query *q = &c->queries->list[number];
    bool own = true, all = true;
    for (uint32_t i = 0; i < q->count; i++) {
        own = own && c->of_thread.own[words_class(q->forms[i])] == c->thread;
        all = all && c->of_thread.all[words_class(q->forms[i])] == c->thread;
    }
    q->truth.weft += own ? a->count : 0;
    q->truth.own += own ? a->count : 0;
    q->truth.all += all ? a->count : 0;
}

/* Ask the questions listed under the words of a span, each once a document; of a conversation once a thread. */
static void ask(counter *c, const asking *of, span s, bool whole_thread)
{
    for (uint32_t i = s.from; i < s.to; i++) {
        uint32_t class = words_class(of->a->words[i].form);
        uint32_t at = class == WORDS_NO_CLASS ? 0 : c->first[class];
        for (; at != 0; at = c->asked[at - 1].next) {
            uint32_t number = c->asked[at - 1].number;
            bool of_thread = c->queries->list[number].kind == QUERY_THREAD;
            uint32_t *last = of_thread ? c->last_thread : c->last_document;
            uint32_t now = of_thread ? c->thread : c->document;
            if (of_thread != whole_thread || last[number] == now)
                continue;
            last[number] = now;
            if (of_thread)
                judge_thread(c, of->a, number);
            else
                judge(c, of, number);
        }
    }
}

static void count_document(counter *c, const asking *of)
{
    span none = {0, 0};
    span headline = of->article == NULL ? none : of->article->title;
    span above = of->parent == NULL ? none : of->parent->body;
    c->document++;
    mark(c, of->a, of->r->title, false);
    mark(c, of->a, of->r->body, false);
    mark(c, of->a, headline, true);
    mark(c, of->a, above, true);
    ask(c, of, of->r->title, false);
    ask(c, of, of->r->body, false);
    ask(c, of, headline, false);
    ask(c, of, above, false);
}

void counter_thread(counter *c, const archive *a)
{
    c->thread++;
    for (uint32_t i = 0; i < a->count; i++) {
        const made *r = &a->list[i];
        asking of = {a, r, i == 0 ? NULL : &a->list[0], NULL};
        if (r->parent != 0)
            of.parent = &a->list[r->parent];
        count_document(c, &of);
    }
    span whole = {0, a->list[a->count - 1].body.to};
    asking of = {a, &a->list[0], NULL, NULL};
    ask(c, &of, whole, true);
}

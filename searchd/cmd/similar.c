/* similar.c - the command similar: conversations about what an article or a comment is about.
 *
 * The 20 words that tell it most from all conversations are looked for in the thread documents.
 * The articles of the ten best are read for 20 words of theirs in the same way, and the best 60
 * are scored again by both lists, the second with 0.3 of the weight. Weight of a word in a
 * conversation is BM25 (k1 1.2, b .9), as in rank_threads.c.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/query.h"
#include "clock.h"
#include "context.h"
#include "similar_terms.h"
#include "view.h"
#include "banned.h"

enum {
    LIMIT_DEFAULT = 10,
    TERMS = 20,     /* of the document, and of those like it */
    FOUND = 60,     /* conversations scored again */
    ALIKE = 10,     /* of which the articles are read */
    TERMS_FEW = 3,  /* words of a document of which one is enough to be related */
    SHARED_MIN = 2, /* else */
    SHARED_SHOWN = 5
};

static const double bm25_k1 = 1.2, bm25_b = .9, alike_weight = .3;

/* A conversation that may be related. */
typedef struct related {
    uint32_t docid; /* of its thread document */
    const char *id; /* of its article */
    double score;
    size_t shared;
    uint32_t *wdfs; /* of the terms, own first, FOUND apart */
} related;

/* An answer being made. */
typedef struct finding {
    cmd_context *c;
    index_view *v;
    const weft_stored *of;
    const char *article; /* id of the article of its conversation */
    similar_terms own, alike;
    related *list;
    size_t count;
    bool partial;
    weft_error *err;
} finding;

static weft_code find_document(finding *f, const char *ref)
{
    weft_type type;
    weft_str id;
    weft_stored *s = NULL;
    weft_code code = weft_ref_parse(weft_str_from(ref), &type, &id, f->err);
    if (code == WEFT_OK)
        code = view_find(f->v, f->c->mem, type, id.p, &s, f->err);
    if (code != WEFT_OK)
        return code;
    if (s == NULL || s->kind != WEFT_KIND_PUBLIC)
        return weft_fail(f->err, WEFT_ENOTFOUND, "no document '%s'", ref);
    f->of = s;
    f->article = type == WEFT_ARTICLE ? s->record->id : s->record->article;
    return WEFT_OK;
}

static weft_code choose_own(finding *f)
{
    weft_stored *article = NULL;
    weft_code code = WEFT_OK;
    if (f->of->record->type == WEFT_COMMENT)
        code = view_find(f->v, f->c->mem, WEFT_ARTICLE, f->article, &article, f->err);
    if (code == WEFT_OK)
        code = similar_terms_add(&f->own, f->of, article);
    return code == WEFT_OK ? similar_terms_choose(&f->own, TERMS) : code;
}

static int by_docid(const void *pa, const void *pb)
{
    const related *a = pa, *b = pb;
    return a->docid < b->docid ? -1 : a->docid > b->docid;
}

/* Best first. */
static int by_score(const void *pa, const void *pb)
{
    const related *a = pa, *b = pb;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return strcmp(a->id, b->id);
}

/* Take the conversations of a match, but for the document's own. */
static weft_code take_found(finding *f, const weft_match_result *found)
{
    uint32_t docids[FOUND + 1];
    weft_str ids[FOUND + 1];
    f->list = weft_new_array(f->c->mem, related, found->hit_count + 1);
    if (f->list == NULL)
        return weft_fail_nomem(f->err);
    for (size_t i = 0; i < found->hit_count; i++)
        docids[i] = found->hits[i].docid;
    weft_code code = view_values(f->v, f->c->mem, WEFT_SLOT_THREAD, docids,
                                 found->hit_count, ids, f->err);
    for (size_t i = 0; code == WEFT_OK && i < found->hit_count; i++) {
        const char *id = weft_str_dup(f->c->mem, ids[i]);
        if (id == NULL)
            return weft_fail_nomem(f->err);
        if (strcmp(id, f->article) != 0)
            f->list[f->count++] = (related){.docid = docids[i], .id = id};
    }
    f->partial = found->partial;
    return code;
}

static weft_code match(finding *f)
{
    weft_q nodes[TERMS];
    weft_builder *b;
    weft_match_result found = {0};
    weft_code code = weft_builder_new(f->c->mem, f->v->reader, &b, f->err);
    if (code != WEFT_OK)
        return code;
    for (size_t i = 0; i < f->own.count; i++)
        nodes[i] = weft_q_term(b, f->own.rows[i].term);
    const weft_match_options o = {.weight = {.documents = f->v->threads.count,
                                             .average = f->v->threads.average,
                                             .gain = bm25_k1 + 1,
                                             .k = bm25_k1,
                                             .b = bm25_b,
                                             .plain = true},
                                  .limit = FOUND + 1,
                                  .order_slot = WEFT_SLOT_THREAD,
                                  .thread_slot = WEFT_SLOT_THREAD,
                                  .deadline_ms = f->c->soft_deadline_ms};
    code = weft_match(b, weft_q_or(b, nodes, f->own.count), &o, f->c->mem, &found, f->err);
    return code == WEFT_OK ? take_found(f, &found) : code;
}

/* Words of the articles of the best so far. */
static weft_code choose_alike(finding *f)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < f->count && i < ALIKE; i++) {
        weft_stored *s = NULL;
        code = view_find(f->v, f->c->mem, WEFT_ARTICLE, f->list[i].id, &s, f->err);
        if (code == WEFT_OK && s != NULL && s->kind == WEFT_KIND_PUBLIC)
            code = similar_terms_add(&f->alike, s, NULL);
    }
    return code == WEFT_OK ? similar_terms_choose(&f->alike, TERMS) : code;
}

/* Sum of the weights of some terms in a conversation; *held is how many it says. */
static double weigh(const finding *f, const similar_terms *t, const uint32_t *wdfs,
                    uint32_t length, size_t *held)
{
    double sum = 0, norm = bm25_k1 * (1 - bm25_b + bm25_b * length / f->v->threads.average);
    *held = 0;
    for (size_t i = 0; i < t->count; i++) {
        double said = wdfs[i * f->count];
        sum += t->rows[i].weight * t->rows[i].idf * (bm25_k1 + 1) * said / (norm + said);
        *held += said > 0;
    }
    return sum;
}

static weft_code score(finding *f)
{
    uint32_t docids[FOUND + 1], lengths[FOUND + 1];
    weft_str terms[2 * TERMS];
    size_t own = f->own.count, count = own + f->alike.count;
    uint32_t *wdfs = weft_new_array(f->c->mem, uint32_t, count * (f->count + 1));
    if (wdfs == NULL)
        return weft_fail_nomem(f->err);
    qsort(f->list, f->count, sizeof *f->list, by_docid);
    for (size_t i = 0; i < f->count; i++)
        docids[i] = f->list[i].docid;
    for (size_t i = 0; i < count; i++)
        terms[i] = i < own ? f->own.rows[i].term : f->alike.rows[i - own].term;
    weft_code code =
        weft_reader_wdfs(f->v->reader, terms, count, docids, f->count, wdfs, f->err);
    if (code == WEFT_OK)
        code = weft_reader_lengths(f->v->reader, docids, f->count, lengths, f->err);
    for (size_t i = 0; code == WEFT_OK && i < f->count; i++) {
        related *r = &f->list[i];
        size_t held;
        r->wdfs = wdfs + i;
        double alike = weigh(f, &f->alike, r->wdfs + own * f->count, lengths[i], &held);
        r->score = (1 - alike_weight) * weigh(f, &f->own, r->wdfs, lengths[i], &r->shared) +
                   alike_weight * alike;
    }
    qsort(f->list, f->count, sizeof *f->list, by_score);
    return code;
}

/* Words of the document that a conversation says, those that tell most first. */
static json_t *new_shared(const finding *f, const related *r)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < f->own.count; i++) {
        weft_str word = f->own.rows[i].word;
        if (r->wdfs[i * f->count] > 0 && json_array_size(list) < SHARED_SHOWN)
            json_array_append_new(list, json_stringn(word.p, word.n));
    }
    return list;
}

/* The headline of a conversation, as over a hit of a search. */
static weft_code write_headline(finding *f, const related *r, json_t *hit)
{
    weft_stored *s;
    weft_code code = view_find(f->v, f->c->mem, WEFT_ARTICLE, r->id, &s, f->err);
    if (code != WEFT_OK)
        return code;
    if (s == NULL || s->kind != WEFT_KIND_PUBLIC) {
        code =
            context_set_text(hit, "ref", weft_ref(f->c->mem, WEFT_ARTICLE, r->id), f->err);
        return code == WEFT_OK ? context_set(hit, "stub", json_true(), f->err) : code;
    }
    code = context_add_heading(f->c->mem, hit, s->record, f->err);
    if (code == WEFT_OK)
        code = context_set_text(hit, "title", s->record->title, f->err);
    if (code == WEFT_OK)
        code = context_set_text(hit, "url", s->record->url, f->err);
    return code == WEFT_OK ? context_set_text(hit, "site", s->record->site, f->err) : code;
}

static weft_code write_hit(finding *f, const related *r, json_t *list)
{
    uint32_t documents = 0;
    json_t *hit = json_object();
    if (hit == NULL || json_array_append_new(list, hit) != 0)
        return weft_fail_nomem(f->err);
    weft_code code = write_headline(f, r, hit);
    if (code == WEFT_OK)
        code = context_set(hit, "score", json_real(r->score), f->err);
    if (code == WEFT_OK)
        code = context_set(hit, "shared", new_shared(f, r), f->err);
    if (code == WEFT_OK)
        code = view_count(f->v, WEFT_PREFIX_THREAD, r->id, &documents, f->err);
    bool has_article = json_object_get(hit, "stub") == NULL && documents > 0;
    json_t *thread = json_pack("{s:I}", "comments", (json_int_t)documents - has_article);
    return code == WEFT_OK ? context_set(hit, "thread", thread, f->err) : code;
}

static weft_code write_hits(finding *f, size_t limit, json_t *reply)
{
    json_t *list = json_array();
    size_t least = f->own.count > TERMS_FEW ? SHARED_MIN : 1;
    weft_code code = context_set(reply, "hits", list, f->err);
    for (size_t i = 0; code == WEFT_OK && i < f->count; i++)
        if (f->list[i].shared >= least && json_array_size(list) < limit)
            code = write_hit(f, &f->list[i], list);
    return code;
}

static weft_code similar_body(cmd_context *c, const weft_request *request, json_t *reply,
                              weft_error *err)
{
    int64_t began_us = clock_us();
    const similar_terms none = {.v = c->index, .mem = c->mem, .err = err};
    finding f = {.c = c, .v = c->index, .own = none, .alike = none, .err = err};
    size_t limit = (size_t)weft_request_integer(request, "limit", LIMIT_DEFAULT);
    weft_code code = find_document(&f, weft_request_text(request, "ref"));
    if (code == WEFT_OK)
        code = choose_own(&f);
    if (code == WEFT_OK && f.own.count > 0)
        code = match(&f);
    if (code == WEFT_OK && f.count > 0)
        code = choose_alike(&f);
    if (code == WEFT_OK && f.count > 0)
        code = score(&f);
    if (code == WEFT_OK)
        code = context_set(reply, "revision", json_integer((json_int_t)c->index->revision),
                           err);
    if (code == WEFT_OK)
        code = context_set(reply, "partial", json_boolean(f.partial), err);
    if (code == WEFT_OK)
        code = write_hits(&f, limit, reply);
    return code == WEFT_OK
               ? context_set(reply, "took_ms",
                             json_real((double)(clock_us() - began_us) / 1000), err)
               : code;
}

weft_code cmd_similar(cmd_context *c, const weft_request *request, json_t *reply,
                      weft_error *err)
{
    return view_run(c, request, reply, similar_body, err);
}

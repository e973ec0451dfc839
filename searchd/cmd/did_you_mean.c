/* did_you_mean.c - did you mean: the query with misspelt words as the index spells them.
 *
 * Only bare words are looked up: those that no public document says, and longer ones that far
 * fewer conversations say than another word one edit away, which is no other form of them. A
 * suggestion is made only when it brings more hits: so it names nothing but words of public
 * hits.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "did_you_mean.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "../context.h"
#include "../query/vocabulary.h"
#include "banned.h"

/* A word so many times rarer than its neighbour is taken for a slip, if it is long: of the words
 * of a forum of 13,750 comments that were so rare 22 of 63 shorter ones were slips, and 21 of 23
 * of 7 letters and more. */
enum { LETTERS_MIN = 4, RARE_LETTERS_MIN = 7, RARER = 20 };

/* The query's text as it is written anew. */
typedef struct rewriting {
    search *s;
    weft_str from;
    weft_buf to;
    size_t done; /* bytes of from that are in to */
    bool changed;
    weft_error *err;
} rewriting;

/* The one folded word of a run of the query, and where it stands in it; empty when it holds none
 * or several. */
static weft_code only_word(rewriting *w, weft_str run, weft_str *out, weft_token *place)
{
    weft_tokenizer *t = w->s->c->index->tokenizer;
    weft_token token;
    *out = weft_str_of(NULL, 0);
    weft_code code = weft_tokenizer_start(t, run, WEFT_TOKENIZE_QUERY, w->err);
    if (code != WEFT_OK || !weft_tokenizer_next(t, &token))
        return code;
    *place = token;
    char *copy = weft_str_dup(w->s->c->mem, token.folded);
    if (copy == NULL)
        return weft_fail_nomem(w->err);
    if (!weft_tokenizer_next(t, &token))
        *out = weft_str_of(copy, strlen(copy));
    return WEFT_OK;
}

/* Whether two words are forms of one in some language. */
static bool is_same_word(const index_view *v, weft_str a, weft_str b)
{
    for (size_t i = 0; i < v->language_count; i++) {
        char stem[WEFT_TERM_MAX]; /* the stemmer's memory is of the last word */
        weft_str s = weft_stem(v->stemmer, v->languages[i], a);
        if (s.n > sizeof stem)
            continue;
        memcpy(stem, s.p, s.n);
        if (weft_str_eq(weft_str_of(stem, s.n), weft_stem(v->stemmer, v->languages[i], b)))
            return true;
    }
    return false;
}

/* The word that was meant by one that so many conversations say; empty when it was that. */
static weft_code meant(rewriting *w, weft_str word, uint32_t frequency, weft_str *out)
{
    index_view *v = w->s->c->index;
    vocabulary_list near;
    *out = weft_str_of(NULL, 0);
    weft_code code =
        vocabulary_near(v, w->s->c->mem, word, w->s->c->soft_deadline_ms, &near, w->err);
    if (code != WEFT_OK || near.late)
        return code;
    for (size_t i = 0; i < near.count && out->n == 0; i++) {
        const vocabulary_word *n = &near.words[i];
        bool is_likely = n->edits == 1 && n->frequency / RARER >= frequency &&
                         !view_is_stop_word(v, n->text) && !is_same_word(v, word, n->text);
        if (frequency == 0 || is_likely)
            *out = n->text;
    }
    return WEFT_OK;
}

static weft_code look_up(rewriting *w, const query_node *node)
{
    weft_str word, instead = {0};
    weft_token place = {0};
    size_t letters = 0;
    uint32_t frequency = 0;
    bool is_verbatim = node->at >= w->done && node->at + node->text.n <= w->from.n &&
                       memcmp(w->from.p + node->at, node->text.p, node->text.n) == 0;
    weft_code code = only_word(w, node->text, &word, &place);
    if (code != WEFT_OK || !is_verbatim || !vocabulary_is_letters(word, &letters) ||
        letters < LETTERS_MIN)
        return code;
    code = vocabulary_frequency(w->s->c->index, word, &frequency, w->err);
    if (code == WEFT_OK && (frequency == 0 || letters >= RARE_LETTERS_MIN))
        code = meant(w, word, frequency, &instead);
    if (code != WEFT_OK || instead.n == 0)
        return code;
    weft_buf_add(&w->to,
                 weft_str_of(w->from.p + w->done, node->at + place.start - w->done));
    weft_buf_add(&w->to, instead);
    w->done = node->at + place.end;
    w->changed = true;
    return WEFT_OK;
}

/* Bare words of a tree, from left to right; the parser bounds its depth. */
static weft_code walk(rewriting *w, const query_node *node)
{
    weft_code code = WEFT_OK;
    if (node->kind == Q_WORD)
        return look_up(w, node);
    if (node->kind != Q_AND && node->kind != Q_OR)
        return WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < node->count; i++)
        code = walk(w, node->children[i]);
    return code;
}

/* Hits of the first tier of another query. */
static weft_code count_hits(const search *s, weft_str q, uint32_t *out, weft_error *err)
{
    search other = {.c = s->c, .request = s->request, .now_s = s->now_s};
    weft_match_result found = {0};
    weft_error unread = {0};
    weft_code code = search_read_text(&other, q, &unread);
    if (code == WEFT_EUSAGE || code == WEFT_ESYNTAX || code == WEFT_ELIMIT)
        return WEFT_OK; /* it is no better then */
    if (code != WEFT_OK)
        *err = unread;
    if (code == WEFT_OK && !other.plan->is_empty) {
        other.options.limit = 1;
        other.options.count_to = WEFT_SUGGEST_BELOW + 1;
        code = weft_match(other.plan->builder, other.plan->hits, &other.options, s->c->mem,
                          &found, err);
    }
    *out = found.total;
    return code;
}

static weft_code find(search *s, weft_str *out, weft_error *err)
{
    rewriting w = {
        .s = s, .from = weft_str_from(weft_request_text(s->request, "q")), .err = err};
    uint32_t hits = 0;
    weft_buf_init(&w.to, s->c->mem, 2 * (size_t)WEFT_QUERY_MAX);
    weft_code code = walk(&w, s->query->root);
    if (code != WEFT_OK || !w.changed)
        return code;
    weft_buf_add(&w.to, weft_str_of(w.from.p + w.done, w.from.n - w.done));
    code = weft_buf_check(&w.to, "suggestion", err);
    if (code == WEFT_OK)
        code = count_hits(s, weft_buf_str(&w.to), &hits, err);
    if (code == WEFT_OK && hits > s->found.first.total)
        *out = weft_buf_str(&w.to);
    return code;
}

weft_code did_you_mean_write(search *s, json_t *reply, weft_error *err)
{
    weft_str text = {0};
    bool wanted = s->query->root != NULL && s->found.first.exact &&
                  s->found.first.total < WEFT_SUGGEST_BELOW && !s->has_cursor;
    weft_code code = wanted ? find(s, &text, err) : WEFT_OK;
    if (code != WEFT_OK)
        return code;
    return context_set(reply, "suggestion",
                       text.n == 0 ? json_null() : json_stringn(text.p, text.n), err);
}

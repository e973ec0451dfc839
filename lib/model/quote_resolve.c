/* quote_resolve.c - which comment, or the article, a marked quote comes from. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quote_parts.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { SEARCHED_ANCESTORS = 16, SEARCHED_COMMENTS = 64 /* by one author, for one quote */ };

typedef struct resolve {
    weft_quote_finder *f;
    uint32_t of;
    uint64_t who;
    quote_words words;
    size_t *budget_bytes;
    uint32_t nearest; /* comment by who, for want of one that holds the words */
} resolve;

static size_t word_count(const resolve *r)
{
    return r->words.n == 0 ? 0 : r->words.n - 1; /* the last is the end of the piece */
}

static weft_code holds(resolve *r, uint32_t node, bool *out, weft_error *err)
{
    const quote_source *source;
    weft_code code = quote_source_of(r->f, node, &source, err);
    *out = code == WEFT_OK && source != NULL &&
           quote_source_holds(source, &r->words, 0, word_count(r));
    return code;
}

/* The nearest ancestor that holds the words; by who, unless who is 0. */
static weft_code search_ancestors(resolve *r, uint64_t who, uint32_t *out, weft_error *err)
{
    const weft_node *nodes = r->f->thread->nodes;
    int searched = 0;
    for (uint32_t node = nodes[r->of].parent; node != WEFT_NO_NODE;
         node = nodes[node].parent) {
        bool found = false;
        if (who != 0 && r->f->author_of[node] != who)
            continue;
        if (who != 0 && r->nearest == WEFT_NO_NODE)
            r->nearest = node;
        if (searched++ == SEARCHED_ANCESTORS)
            break;
        weft_code code = holds(r, node, &found, err);
        if (code != WEFT_OK)
            return code;
        if (found) {
            *out = node;
            return WEFT_OK;
        }
    }
    return WEFT_OK;
}

/* Whether the comment was there to be quoted: above in thread order, or elsewhere and
 * older. */
static bool is_earlier(const resolve *r, uint32_t node)
{
    const weft_node *nodes = r->f->thread->nodes;
    int64_t then = nodes[node].record->published_s, now = nodes[r->of].record->published_s;
    return node < r->of || (node > r->of && then != WEFT_DATE_UNKNOWN &&
                            now != WEFT_DATE_UNKNOWN && then < now);
}

/* Take the budget for reading a comment that is no ancestor. */
static bool may_read(resolve *r, uint32_t node)
{
    weft_str body = weft_record_text(r->f->thread->nodes[node].record);
    size_t n = r->f->sources[node] != NULL ? 0 : body.n;
    if (n > *r->budget_bytes)
        return false;
    *r->budget_bytes -= n;
    return true;
}

/* One comment by who, from row i of the authors. */
static weft_code try_row(resolve *r, size_t i, uint32_t *out, weft_error *err)
{
    uint32_t node = r->f->authors[i].node;
    bool found = false;
    if (!is_earlier(r, node))
        return WEFT_OK;
    if (r->nearest == WEFT_NO_NODE)
        r->nearest = node;
    weft_code code = may_read(r, node) ? holds(r, node, &found, err) : WEFT_OK;
    if (found)
        *out = node;
    return code;
}

/* The last comment by who above `of` that holds the words, then the first one below. */
static weft_code search_comments(resolve *r, uint32_t *out, weft_error *err)
{
    const weft_quote_finder *f = r->f;
    size_t below = quote_authors_find(f, r->who, r->of);
    size_t stop = below > SEARCHED_COMMENTS ? below - SEARCHED_COMMENTS : 0;
    size_t end = f->author_count - below > SEARCHED_COMMENTS ? below + SEARCHED_COMMENTS
                                                             : f->author_count;
    weft_code code = WEFT_OK;
    for (size_t i = below; i > stop && f->authors[i - 1].hash == r->who; i--) {
        code = try_row(r, i - 1, out, err);
        if (code != WEFT_OK || *out != WEFT_NO_NODE)
            return code;
    }
    for (size_t i = below; i < end && f->authors[i].hash == r->who; i++) {
        code = try_row(r, i, out, err);
        if (code != WEFT_OK || *out != WEFT_NO_NODE)
            return code;
    }
    return code;
}

static weft_code article_holds(resolve *r, bool *out, weft_error *err)
{
    const quote_source *article;
    weft_code code = quote_source_of_article(r->f, &article, err);
    *out = code == WEFT_OK && article != NULL &&
           quote_source_holds(article, &r->words, 0, word_count(r));
    return code;
}

static weft_code by_name(resolve *r, weft_quote *q, weft_error *err)
{
    weft_code code = search_ancestors(r, r->who, &q->node, err);
    if (code == WEFT_OK && q->node == WEFT_NO_NODE)
        code = search_comments(r, &q->node, err);
    if (code != WEFT_OK || q->node != WEFT_NO_NODE)
        return code;
    if (r->f->article_author == r->who) {
        code = article_holds(r, &q->from_article, err);
        q->from_article = q->from_article || r->nearest == WEFT_NO_NODE;
    }
    if (!q->from_article)
        q->node = r->nearest;
    return code;
}

static weft_code by_words(resolve *r, weft_quote *q, weft_error *err)
{
    weft_code code = search_ancestors(r, 0, &q->node, err);
    if (code == WEFT_OK && q->node == WEFT_NO_NODE)
        code = article_holds(r, &q->from_article, err);
    return code;
}

weft_code quote_resolve(weft_quote_finder *f, uint32_t of, weft_str body,
                        size_t *budget_bytes, weft_quote *q, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    resolve r = {.f = f, .of = of, .budget_bytes = budget_bytes, .nearest = WEFT_NO_NODE};
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_code code = quote_author_hash(f->tokenizer, q->who, &r.who, err);
    if (code == WEFT_OK)
        code = quote_words_add(tmp, f->tokenizer, body, q->start, q->end, &r.words, err);
    if (code == WEFT_OK && r.who != 0)
        code = quote_authors_list(f, err);
    if (code == WEFT_OK && r.who != 0)
        code = by_name(&r, q, err);
    if (code == WEFT_OK && q->node == WEFT_NO_NODE && !q->from_article)
        code = by_words(&r, q, err);
    return code;
}

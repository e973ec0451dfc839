/* quote_finder.c - who wrote in a thread, and the words each comment and the article said.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quote_parts.h"

#include <stdlib.h>

#include "weft/mem.h"
#include "banned.h"

enum { CACHED_WORDS_MAX = 2 * 1024 * 1024 /* about 24 bytes each */ };

weft_code quote_author_hash(weft_tokenizer *tokenizer, weft_str name, uint64_t *out,
                            weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str folded;
    if (tmp == NULL)
        return weft_fail_nomem(err);
    *out = 0;
    if (name.n == 0)
        return WEFT_OK;
    weft_code code = weft_fold(tokenizer, tmp, name, &folded, err);
    if (code != WEFT_OK || folded.n == 0)
        return code;
    uint64_t hash = weft_str_hash(folded);
    *out = hash == 0 ? 1 : hash;
    return WEFT_OK;
}

static int by_hash_then_node(const void *a, const void *b)
{
    const quote_author *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

size_t quote_authors_find(const weft_quote_finder *f, uint64_t hash, uint32_t node)
{
    const quote_author wanted = {hash, node};
    size_t low = 0, high = f->author_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_hash_then_node(&f->authors[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_public(const weft_record *r)
{
    return r != NULL && !r->is_delete && r->status == WEFT_PUBLIC;
}

weft_code quote_authors_list(weft_quote_finder *f, weft_error *err)
{
    if (f->authors != NULL)
        return WEFT_OK;
    const weft_thread *t = f->thread;
    f->author_of = weft_new_array(f, uint64_t, t->node_count);
    f->authors = weft_new_array(f, quote_author, t->node_count);
    if (f->author_of == NULL || f->authors == NULL)
        return weft_fail_nomem(err);
    for (uint32_t i = 0; i < t->node_count; i++) {
        const weft_record *r = t->nodes[i].record;
        if (!is_public(r) || r->author == NULL)
            continue;
        weft_code code = quote_author_hash(f->tokenizer, weft_str_from(r->author),
                                           &f->author_of[i], err);
        if (code != WEFT_OK)
            return code;
        if (f->author_of[i] != 0)
            f->authors[f->author_count++] = (quote_author){f->author_of[i], i};
    }
    qsort(f->authors, f->author_count, sizeof f->authors[0], by_hash_then_node);
    if (!is_public(t->article) || t->article->author == NULL)
        return WEFT_OK;
    return quote_author_hash(f->tokenizer, weft_str_from(t->article->author),
                             &f->article_author, err);
}

weft_code weft_quote_finder_new(void *mem, weft_tokenizer *tokenizer,
                                const weft_thread *thread, weft_quote_finder **out,
                                weft_error *err)
{
    weft_quote_finder *f = talloc_zero(mem, weft_quote_finder);
    if (f == NULL)
        return weft_fail_nomem(err);
    f->tokenizer = tokenizer;
    f->thread = thread;
    f->cache = talloc_new(f);
    f->sources = weft_new_array(f, quote_source *, thread->node_count);
    if (f->cache == NULL || f->sources == NULL)
        return weft_fail_nomem(err);
    *out = f;
    return WEFT_OK;
}

weft_code quote_cache_trim(weft_quote_finder *f, weft_error *err)
{
    if (f->cached_words <= CACHED_WORDS_MAX)
        return WEFT_OK;
    talloc_free(f->cache);
    f->cache = talloc_new(f);
    memset(f->sources, 0, f->thread->node_count * sizeof f->sources[0]);
    f->article = NULL;
    f->cached_words = 0;
    return f->cache == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

static weft_code keep(weft_quote_finder *f, const quote_words *words, quote_source **out,
                      weft_error *err)
{
    weft_code code = quote_source_new(f->cache, words, out, err);
    if (code == WEFT_OK)
        f->cached_words += quote_source_size(*out);
    return code;
}

weft_code quote_source_of(weft_quote_finder *f, uint32_t node, const quote_source **out,
                          weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    const weft_record *r = f->thread->nodes[node].record;
    weft_quote *quotes;
    size_t count;
    quote_words words = {0};
    *out = f->sources[node];
    if (*out != NULL || !is_public(r) || r->body == NULL)
        return WEFT_OK;
    weft_str body = weft_record_text(r);
    if (body.n > QUOTE_TEXT_MAX)
        return WEFT_OK;
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_quote_scan(tmp, body, &quotes, &count, err);
    if (code == WEFT_OK)
        code = quote_words_add_own(tmp, f->tokenizer, body, quotes, count, &words, err);
    if (code == WEFT_OK)
        code = keep(f, &words, &f->sources[node], err);
    if (code == WEFT_OK)
        *out = f->sources[node];
    return code;
}

weft_code quote_source_of_article(weft_quote_finder *f, const quote_source **out,
                                  weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    const weft_record *r = f->thread->article;
    quote_words words = {0};
    *out = f->article;
    if (*out != NULL || !is_public(r))
        return WEFT_OK;
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_str title = weft_str_from(r->title);
    weft_str body = weft_record_text(r);
    weft_code code = quote_words_add(tmp, f->tokenizer, title, 0, title.n, &words, err);
    if (code == WEFT_OK && body.n <= QUOTE_TEXT_MAX)
        code = quote_words_add(tmp, f->tokenizer, body, 0, body.n, &words, err);
    if (code == WEFT_OK)
        code = keep(f, &words, &f->article, err);
    if (code == WEFT_OK)
        *out = f->article;
    return code;
}

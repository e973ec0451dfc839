/* quote_find.c - all quotes of a comment, marked and silent, each with its source. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quote_parts.h"

#include <assert.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

/* Bytes of comments beyond the ancestors that are read to find who said the quoted words of
 * one comment. */
enum { SEARCH_BUDGET_BYTES = 1024 * 1024 };

static int by_start(const void *a, const void *b)
{
    const weft_quote *x = a, *y = b;
    return x->outer_start < y->outer_start ? -1 : x->outer_start > y->outer_start;
}

/* Marked and silent ones in one array, in order; the last of too many are left out. */
static weft_code merge(void *mem, const weft_quote *marked, size_t marked_count,
                       const weft_quote *silent, size_t silent_count, weft_quote **out,
                       weft_error *err)
{
    size_t n = marked_count + silent_count;
    weft_quote *all = weft_new_array(mem, weft_quote, n);
    if (all == NULL)
        return weft_fail_nomem(err);
    if (marked_count > 0)
        memcpy(all, marked, marked_count * sizeof *all);
    if (silent_count > 0)
        memcpy(all + marked_count, silent, silent_count * sizeof *all);
    qsort(all, n, sizeof *all, by_start);
    *out = all;
    return WEFT_OK;
}

weft_code weft_quote_finder_find(weft_quote_finder *f, void *mem, uint32_t of,
                                 weft_quote **out, size_t *count, weft_error *err)
{
    assert(of < f->thread->node_count);
    weft_scope void *tmp = talloc_new(NULL);
    const weft_record *r = f->thread->nodes[of].record;
    weft_str body = weft_record_text(r);
    weft_quote *marked = NULL, *silent = NULL;
    size_t marked_count = 0, silent_count = 0, budget_bytes = SEARCH_BUDGET_BYTES;
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_code code = quote_cache_trim(f, err);
    if (code == WEFT_OK)
        code = weft_quote_scan(tmp, body, &marked, &marked_count, err);
    for (size_t i = 0; code == WEFT_OK && i < marked_count; i++)
        code = quote_resolve(f, of, body, &budget_bytes, &marked[i], err);
    if (code == WEFT_OK && body.n > 0 && body.n <= QUOTE_TEXT_MAX)
        code = quote_silent_find(tmp, f, of, marked, marked_count, &silent, &silent_count,
                                 err);
    if (code == WEFT_OK)
        code = merge(mem, marked, marked_count, silent, silent_count, out, err);
    if (code == WEFT_OK)
        *count = marked_count + silent_count < WEFT_QUOTES_MAX ? marked_count + silent_count
                                                               : WEFT_QUOTES_MAX;
    return code;
}

weft_code weft_quote_find(void *mem, weft_tokenizer *tokenizer, const weft_thread *thread,
                          uint32_t of, weft_quote **out, size_t *count, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_quote_finder *f = NULL;
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_quote_finder_new(tmp, tokenizer, thread, &f, err);
    return code == WEFT_OK ? weft_quote_finder_find(f, mem, of, out, count, err) : code;
}

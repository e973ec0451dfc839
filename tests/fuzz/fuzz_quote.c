/* fuzz_quote.c - any body: its quotes are in order and inside it, and a thread of such
 * bodies finds its sources.
 *
 * The input is cut at NUL bytes: the article's body first, then comments, each a reply to
 * the one before.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdio.h>

#include "weft/mem.h"
#include "weft/quote.h"

#include "banned.h"

enum { COMMENTS_MAX = 24, BYTES_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(const weft_quote *quotes, size_t count, weft_str body)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        const weft_quote *q = &quotes[i];
        assert(at <= q->outer_start && q->outer_start <= q->start && q->start <= q->end);
        assert(q->end <= q->outer_end && q->outer_end <= body.n);
        assert(q->who.n == 0 ||
               (q->who.p >= body.p && q->who.p + q->who.n <= body.p + body.n));
        at = q->outer_end;
    }
}

static weft_record *next_record(void *mem, weft_str *rest, int number)
{
    const char *end = rest->n == 0 ? NULL : memchr(rest->p, '\0', rest->n);
    size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
    size_t used = end == NULL ? n : n + 1, repaired;
    weft_str body;
    weft_error err = {0};
    weft_record *r = talloc_zero(mem, weft_record);
    weft_code code = weft_utf8_repair(mem, weft_str_of(rest->p, n), &body, &repaired, &err);
    assert(code == WEFT_OK);
    r->type = number == 0 ? WEFT_ARTICLE : WEFT_COMMENT;
    r->id = number == 0 ? "a" : talloc_asprintf(mem, "%02d", number);
    r->article = number == 0 ? NULL : "a";
    r->parent = number <= 1 ? NULL : talloc_asprintf(mem, "%02d", number - 1);
    r->author = number % 2 == 0 ? "A" : "B";
    r->body = body.n == 0 ? NULL : weft_str_dup(mem, body);
    r->published_s = WEFT_DATE_UNKNOWN;
    *rest = weft_str_of(rest->p + used, rest->n - used);
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_error err = {0};
    weft_tokenizer *tokenizer;
    weft_thread *t;
    weft_quote_finder *finder;
    weft_quote *quotes;
    size_t count, records_count = 0;
    weft_record *records[COMMENTS_MAX];
    weft_str rest = weft_str_of((const char *)bytes, n < BYTES_MAX ? n : BYTES_MAX);
    while (records_count < COMMENTS_MAX && rest.n > 0) {
        records[records_count] = next_record(mem, &rest, (int)records_count);
        records_count++;
    }
    weft_code code = weft_tokenizer_new(mem, &tokenizer, &err);
    if (code == WEFT_OK)
        code = weft_thread_build(mem, "a", records, records_count, &t, &err);
    if (code == WEFT_OK)
        code = weft_quote_finder_new(mem, tokenizer, t, &finder, &err);
    assert(code == WEFT_OK);
    for (uint32_t i = 0; i < t->node_count; i++) {
        weft_str body = weft_str_from(t->nodes[i].record->body);
        code = weft_quote_scan(mem, body, &quotes, &count, &err);
        assert(code == WEFT_OK);
        check(quotes, count, body);
        code = weft_quote_finder_find(finder, mem, i, &quotes, &count, &err);
        assert(code == WEFT_OK);
        check(quotes, count, body);
    }
    return 0;
}

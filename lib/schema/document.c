/* document.c - collect the terms and values of one document. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "document.h"

#include <stdio.h>
#include <xxhash.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "stored.h"
#include "banned.h"

enum { TERMS_FIRST = 128, FIELDS_MAX = 8 * 1024 * 1024, KEY_DATE_BYTES = 8 };

void draft_begin(document_draft *d, void *mem, weft_tokenizer *tokenizer, weft_error *err)
{
    *d = (document_draft){.mem = mem, .tokenizer = tokenizer, .err = err};
}

static void add(document_draft *d, weft_str text, uint32_t wdf)
{
    if (d->term_count == d->term_size) {
        size_t size = d->term_size == 0 ? TERMS_FIRST : d->term_size * 2;
        weft_term *grown = weft_grow_array(d->mem, d->terms, weft_term, size);
        if (grown == NULL) {
            d->code = weft_fail_nomem(d->err);
            return;
        }
        d->terms = grown;
        d->term_size = size;
    }
    d->terms[d->term_count++] = (weft_term){text, wdf};
    d->length += wdf;
}

static void add_prefixed(document_draft *d, const char *prefix, weft_str value,
                         uint32_t wdf)
{
    weft_str term;
    if (d->code != WEFT_OK)
        return;
    d->code = weft_term_make(d->mem, prefix, value, &term, d->err);
    if (d->code == WEFT_OK)
        add(d, term, wdf);
}

void draft_add_term(document_draft *d, const char *prefix, const char *value)
{
    if (value != NULL)
        add_prefixed(d, prefix, weft_str_from(value), 0);
}

void draft_add_folded(document_draft *d, const char *prefix, const char *value)
{
    weft_str folded;
    if (value == NULL || d->code != WEFT_OK)
        return;
    d->code = weft_fold(d->tokenizer, d->mem, weft_str_from(value), &folded, d->err);
    if (d->code == WEFT_OK && folded.n > 0)
        add_prefixed(d, prefix, folded, 0);
}

void draft_add_value(document_draft *d, uint32_t slot, weft_str bytes)
{
    if (bytes.n > 0 && d->value_count < sizeof d->values / sizeof d->values[0])
        d->values[d->value_count++] = (weft_value){slot, bytes};
}

void draft_add_folded_value(document_draft *d, uint32_t slot, const char *value)
{
    weft_str folded;
    if (value == NULL || d->code != WEFT_OK)
        return;
    d->code = weft_fold(d->tokenizer, d->mem, weft_str_from(value), &folded, d->err);
    if (d->code == WEFT_OK)
        draft_add_value(d, slot, folded);
}

void draft_add_number(document_draft *d, uint32_t slot, int64_t value)
{
    char *bytes = talloc_size(d->mem, 8);
    if (bytes == NULL) {
        d->code = weft_fail_nomem(d->err);
        return;
    }
    weft_sortable(value, bytes);
    draft_add_value(d, slot, weft_str_of(bytes, 8));
}

void draft_add_date(document_draft *d, int64_t published_s)
{
    if (published_s == WEFT_DATE_UNKNOWN)
        return;
    int year, month, day;
    char text[16];
    weft_date_civil(published_s, &year, &month, &day);
    snprintf(text, sizeof text, "%04d%02d%02d", year % 10000, month % 100, day % 100);
    draft_add_term(d, WEFT_PREFIX_DAY, text);
    text[6] = '\0';
    draft_add_term(d, WEFT_PREFIX_MONTH, text);
    text[4] = '\0';
    draft_add_term(d, WEFT_PREFIX_YEAR, text);
    draft_add_number(d, WEFT_SLOT_DATE, published_s);
}

/* A number as 8 bytes, from the largest down when flipped; all ones (last in order) when
 * there is none. */
static void add_key_number(weft_buf *key, bool known, int64_t value, bool flipped)
{
    char bytes[KEY_DATE_BYTES];
    memset(bytes, 0xFF, sizeof bytes);
    if (known)
        weft_sortable(flipped ? ~value : value, bytes);
    weft_buf_add(key, weft_str_of(bytes, sizeof bytes));
}

/* first is a number that goes before the date: NULL for none of it in this order. */
static void add_key(document_draft *d, uint32_t slot, const weft_record *r,
                    const int64_t *first)
{
    weft_buf key;
    bool dated = r->published_s != WEFT_DATE_UNKNOWN;
    weft_buf_init(&key, d->mem, 1024);
    if (slot == WEFT_SLOT_VOTES || slot == WEFT_SLOT_ANSWERED)
        add_key_number(&key, first != NULL, first == NULL ? 0 : *first, true);
    add_key_number(&key, dated, r->published_s, slot != WEFT_SLOT_OLDEST);
    weft_buf_add_char(&key, r->type == WEFT_ARTICLE ? 'a' : 'c');
    weft_buf_add_text(&key, r->id);
    if (weft_buf_check(&key, "sort key", d->err) != WEFT_OK)
        d->code = WEFT_ENOMEM;
    draft_add_value(d, slot, weft_buf_str(&key));
}

void draft_add_order(document_draft *d, const weft_record *r)
{
    add_key(d, WEFT_SLOT_NEWEST, r, NULL);
    add_key(d, WEFT_SLOT_OLDEST, r, NULL);
    add_key(d, WEFT_SLOT_VOTES, r, r->has_score ? &r->score : NULL);
}

void draft_add_answered(document_draft *d, const weft_record *r, int64_t replies)
{
    add_key(d, WEFT_SLOT_ANSWERED, r, replies < 0 ? NULL : &replies);
}

void draft_add_words(document_draft *d, const words *w)
{
    static const struct {
        uint32_t flag;
        const char *prefix;
    } prefixed[] = {{STEM_TITLE, WEFT_PREFIX_TITLE},
                    {STEM_BODY, WEFT_PREFIX_BODY},
                    {STEM_QUOTED, WEFT_PREFIX_QUOTED}};
    d->left_out = w->left_out;
    for (size_t i = 0; i < w->touched.count && d->code == WEFT_OK; i++) {
        const stem *s = w->touched.items[i];
        uint32_t wdf = s->own * WEFT_WDF_OWN;
        wdf += (s->flags & STEM_HEADLINE) != 0 ? WEFT_WDF_HEADLINE : 0;
        wdf += (s->flags & STEM_PARENT) != 0 ? WEFT_WDF_PARENT : 0;
        if (wdf > 0)
            add(d, s->name.text, wdf);
        if ((s->flags & (STEM_TITLE | STEM_BODY)) != 0)
            add_prefixed(d, WEFT_PREFIX_ARTICLE_STEM, s->name.text, 0);
        for (size_t k = 0; k < sizeof prefixed / sizeof prefixed[0]; k++)
            if ((s->flags & prefixed[k].flag) != 0)
                add_prefixed(d, prefixed[k].prefix, s->name.text, 0);
    }
    draft_add_value(d, WEFT_SLOT_STREAM, weft_buf_str(&w->stream));
}

void draft_add_thread_words(document_draft *d, const words *w)
{
    for (const stem *s = w->first; s != NULL && d->code == WEFT_OK; s = s->next)
        if (s->in_thread > 0 && d->term_count < WEFT_DOCUMENT_TERMS_MAX)
            add(d, words_thread_term(&s->name), s->in_thread);
    for (const stem *s = w->first; s != NULL && d->code == WEFT_OK; s = s->next)
        for (const form *f = s->forms; f != NULL && d->code == WEFT_OK; f = f->next)
            add(d, words_thread_term(&f->name), 0);
}

/* A number in decimal, and a character; printf's family would be a tenth of a build. */
static void add_decimal(weft_buf *b, uint64_t number, char after)
{
    char digits[24];
    size_t at = sizeof digits;
    digits[--at] = after;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    weft_buf_add(b, weft_str_of(digits + at, sizeof digits - at));
}

/* Of terms, values and fields: what makes one document differ from another. */
static weft_code fingerprint(const document_draft *d, weft_made *made)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf b;
    weft_buf_init(&b, tmp, 2 * (size_t)FIELDS_MAX);
    for (size_t i = 0; i < d->term_count; i++) {
        weft_buf_add(&b, d->terms[i].text);
        weft_buf_add_char(&b, '/');
        add_decimal(&b, d->terms[i].wdf, ';');
    }
    for (size_t i = 0; i < d->value_count; i++) {
        add_decimal(&b, d->values[i].slot, '/');
        add_decimal(&b, d->values[i].bytes.n, ':');
        weft_buf_add(&b, d->values[i].bytes);
    }
    stored_put_fields(&b, &made->stored);
    weft_code code = weft_buf_check(&b, "document", d->err);
    if (code == WEFT_OK)
        made->stored.fingerprint = XXH3_64bits(b.p, b.n);
    return code;
}

weft_code draft_take(document_draft *d, weft_str unique, weft_made *made)
{
    add(d, unique, 0);
    if (d->code != WEFT_OK)
        return d->code;
    made->document =
        (weft_document){.unique = unique, .terms = d->terms, .term_count = d->term_count};
    made->document.values = talloc_memdup(d->mem, d->values, sizeof d->values);
    if (made->document.values == NULL)
        return weft_fail_nomem(d->err);
    made->document.value_count = d->value_count;
    made->stored.length = d->length;
    made->left_out = d->left_out;
    made->stored.fingerprint = made->stored.changed = 0;
    return fingerprint(d, made);
}

weft_code weft_made_finish(void *mem, weft_made *made, uint64_t changed, weft_error *err)
{
    weft_document *doc = &made->document;
    weft_term *terms = weft_grow_array(mem, doc->terms, weft_term, doc->term_count + 1);
    if (terms == NULL)
        return weft_fail_nomem(err);
    doc->terms = terms;
    made->stored.changed = changed;
    char *text =
        talloc_asprintf(mem, WEFT_PREFIX_CHANGED "%llu", (unsigned long long)changed);
    if (text == NULL)
        return weft_fail_nomem(err);
    terms[doc->term_count++] = (weft_term){weft_str_from(text), 0};
    return weft_stored_encode(mem, &made->stored, &doc->stored, err);
}

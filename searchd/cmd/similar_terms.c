/* similar_terms.c - the words that tell a text from others. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "similar_terms.h"

#include <math.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "banned.h"

enum { ROWS_FIRST = 256, FREQUENCY_MIN = 2, BYTES_MIN = 2 };

/* Times a conversation says a word that it does say, about. */
static const double said_times = 1.5;

static weft_code add_row(similar_terms *t, weft_str stem, weft_str word, double share)
{
    if (t->count == t->size) {
        size_t size = t->size == 0 ? ROWS_FIRST : t->size * 2;
        similar_term *grown = weft_grow_array(t->mem, t->rows, similar_term, size);
        if (grown == NULL)
            return weft_fail_nomem(t->err);
        t->rows = grown;
        t->size = size;
    }
    t->rows[t->count] =
        (similar_term){.stem = stem, .word = word, .at = t->count, .share = share};
    t->count++;
    return WEFT_OK;
}

/* Add the words of a text that are not in every other one, as if it stood there so often;
 * *left is how many more there may be. */
static weft_code add_text(similar_terms *t, int language, weft_str text, double times,
                          size_t *left)
{
    weft_token token;
    weft_code code =
        weft_tokenizer_start(t->v->tokenizer, text, WEFT_TOKENIZE_QUERY, t->err);
    while (code == WEFT_OK && *left > 0 && weft_tokenizer_next(t->v->tokenizer, &token)) {
        --*left;
        if (token.folded.n < BYTES_MIN || weft_stop_word(language, token.folded))
            continue;
        char *word = weft_str_dup(t->mem, token.folded);
        weft_str stem =
            token.is_cjk ? token.folded : weft_stem(t->v->stemmer, language, token.folded);
        char *copy = weft_str_dup(t->mem, stem);
        if (word == NULL || copy == NULL)
            return weft_fail_nomem(t->err);
        code =
            add_row(t, weft_str_of(copy, stem.n), weft_str_of(word, token.folded.n), times);
    }
    return code;
}

/* The body without what it quotes. */
static weft_code add_own(similar_terms *t, int language, const weft_stored *s, size_t *left)
{
    weft_str body = weft_record_text(s->record);
    size_t from = 0;
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i <= s->quote_count; i++) {
        size_t to = i < s->quote_count ? s->quotes[i].outer_start : body.n;
        if (to > from && to <= body.n)
            code = add_text(t, language, weft_str_of(body.p + from, to - from), 1, left);
        if (i < s->quote_count && s->quotes[i].outer_end > from)
            from = s->quotes[i].outer_end;
    }
    return code;
}

static int language_of(const weft_stored *s)
{
    return s->language == NULL ? WEFT_LANGUAGE_OTHER
                               : weft_language_find(weft_str_from(s->language));
}

weft_code similar_terms_add(similar_terms *t, const weft_stored *s,
                            const weft_stored *article)
{
    const size_t first = t->count;
    size_t left = SIMILAR_WORDS;
    const weft_stored *titled = s->record->type == WEFT_ARTICLE ? s : article;
    weft_code code = WEFT_OK;
    if (titled != NULL && titled->kind == WEFT_KIND_PUBLIC)
        code = add_text(t, language_of(titled), weft_str_from(titled->record->title),
                        SIMILAR_TITLE, &left);
    if (code == WEFT_OK)
        code = add_own(t, language_of(s), s, &left);
    double all = 0;
    for (size_t i = first; i < t->count; i++)
        all += t->rows[i].share;
    for (size_t i = first; i < t->count; i++)
        t->rows[i].share /= all;
    return code;
}

static int by_stem(const void *pa, const void *pb)
{
    const similar_term *a = pa, *b = pb;
    int order = weft_str_cmp(a->stem, b->stem);
    return order != 0 ? order : a->at < b->at ? -1 : a->at > b->at;
}

/* Greatest first, as they came where it is equal. */
static int by_weight(const void *pa, const void *pb)
{
    const similar_term *a = pa, *b = pb;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Each stem once. */
static void merge(similar_terms *t)
{
    size_t kept = 0;
    if (t->count > 0)
        qsort(t->rows, t->count, sizeof *t->rows, by_stem);
    for (size_t i = 0; i < t->count; i++) {
        if (kept > 0 && weft_str_eq(t->rows[kept - 1].stem, t->rows[i].stem))
            t->rows[kept - 1].share += t->rows[i].share;
        else
            t->rows[kept++] = t->rows[i];
    }
    t->count = kept;
}

/* What a term says; 0 for one that says nothing. */
static weft_code weigh(similar_terms *t, double all, similar_term *row)
{
    uint32_t frequency = 0;
    const view_kind *threads = &t->v->threads;
    weft_code code =
        weft_term_make(t->mem, WEFT_PREFIX_THREAD_STEM, row->stem, &row->term, t->err);
    if (code == WEFT_OK)
        code = weft_reader_frequency(t->v->reader, row->term, &frequency, t->err);
    row->weight = 0;
    if (code != WEFT_OK || frequency < FREQUENCY_MIN)
        return code;
    double here = row->share / all,
           anywhere = frequency * said_times / (threads->count * threads->average);
    row->weight = here > anywhere ? here * log(here / anywhere) : 0;
    row->idf = log(1 + (threads->count - frequency + .5) / (frequency + .5));
    return WEFT_OK;
}

weft_code similar_terms_choose(similar_terms *t, size_t limit)
{
    double all = 0, sum = 0;
    weft_code code = WEFT_OK;
    merge(t);
    for (size_t i = 0; i < t->count; i++)
        all += t->rows[i].share;
    for (size_t i = 0; code == WEFT_OK && i < t->count; i++)
        code = weigh(t, all, &t->rows[i]);
    if (t->count > 0)
        qsort(t->rows, t->count, sizeof *t->rows, by_weight);
    t->count = t->count < limit ? t->count : limit;
    while (t->count > 0 && t->rows[t->count - 1].weight <= 0)
        t->count--;
    for (size_t i = 0; i < t->count; i++)
        sum += t->rows[i].weight;
    for (size_t i = 0; i < t->count; i++)
        t->rows[i].weight /= sum;
    return code;
}

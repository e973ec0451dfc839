/* rank_threads.c - the score of a thread: its article and all its words.
 *
 * G = 1.25 art * cov^e + 2 thr + 1.5 pairs. art and thr are BM25 (k1 1.2; b .75 and .9) of the
 * query over the article and over the thread document, each with the idf and the average
 * length of its own kind; cov is the share of the query's idf that the article holds, at
 * least .25; e = min(3, 10 / words).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "rank_parts.h"
#include "banned.h"

static const double bm25_k1 = 1.2, article_b = .75, thread_b = .9;
static const double article_weight = 1.25, thread_weight = 2, pairs_weight = 1.5;
static const double coverage_min = .25, coverage_power_max = 3, coverage_power_words = 10;

double rank_idf(double documents, uint32_t frequency)
{
    double n = documents > frequency ? documents : frequency;
    return log(1 + (n - frequency + .5) / (frequency + .5));
}

weft_code rank_terms_make(ranking *r, const char *prefix, double documents, rank_terms *out)
{
    size_t forms = 0;
    const plan *p = r->plan;
    for (size_t i = 0; i < p->word_count; i++)
        forms += p->words[i].scored ? p->words[i].form_count : 0;
    *out = (rank_terms){weft_new_array(r->mem, weft_str, forms),
                        weft_new_array(r->mem, double, forms),
                        weft_new_array(r->mem, size_t, forms), 0, 0};
    if (out->terms == NULL || out->idf == NULL || out->word == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < p->word_count; i++) {
        for (size_t k = 0; p->words[i].scored && k < p->words[i].form_count; k++) {
            uint32_t frequency = 0;
            weft_str *term = &out->terms[out->count];
            weft_code code =
                weft_term_make(r->mem, prefix, p->words[i].forms[k], term, r->err);
            if (code == WEFT_OK)
                code = weft_reader_frequency(r->v->reader, *term, &frequency, r->err);
            if (code != WEFT_OK)
                return code;
            out->idf[out->count] = rank_idf(documents, frequency);
            out->word[out->count++] = out->words;
        }
        out->words += p->words[i].scored;
    }
    return WEFT_OK;
}

weft_code rank_threads_find(ranking *r)
{
    weft_builder *b;
    const rank_terms *t = &r->thread_terms;
    weft_q *parts = weft_new_array(r->mem, weft_q, t->count);
    weft_code code = weft_builder_new(r->mem, r->v->reader, &b, r->err);
    if (code != WEFT_OK || parts == NULL)
        return code != WEFT_OK ? code : weft_fail_nomem(r->err);
    for (size_t i = 0; i < t->count; i++)
        parts[i] = weft_q_term(b, t->terms[i]);
    size_t words = 0;
    for (size_t first = 0; first < t->count;) {
        size_t end = first;
        while (end < t->count && t->word[end] == t->word[first])
            end++;
        parts[words++] = weft_q_max(b, parts + first, end - first);
        first = end;
    }
    const weft_match_options o = {.weight = {.documents = r->v->threads.count,
                                             .average = r->v->threads.average,
                                             .gain = bm25_k1 + 1,
                                             .k = bm25_k1,
                                             .b = thread_b,
                                             .plain = true},
                                  .limit = RANK_THREADS_FOUND,
                                  .deadline_ms = r->deadline_ms,
                                  .order_slot = WEFT_SLOT_THREAD,
                                  .thread_slot = WEFT_SLOT_THREAD};
    return weft_match(b, weft_q_or(b, parts, words), &o, r->mem, &r->found, r->err);
}

static int by_id(const void *a, const void *b)
{
    return weft_str_cmp(((const rank_thread *)a)->id, ((const rank_thread *)b)->id);
}

rank_thread *rank_thread_find(const ranking *r, weft_str id)
{
    const rank_thread key = {.id = id};
    if (r->thread_count == 0)
        return NULL; /* nor is there an array for bsearch to have */
    return bsearch(&key, r->threads, r->thread_count, sizeof *r->threads, by_id);
}

/* The threads of both lists, each once, with the documents of those that were found. */
static weft_code gather(ranking *r, const weft_str *ids, size_t count,
                        const weft_match_result *found)
{
    uint32_t docids[RANK_THREADS_FOUND];
    weft_str names[RANK_THREADS_FOUND];
    size_t n = found->hit_count, kept = 0;
    for (size_t i = 0; i < n; i++)
        docids[i] = found->hits[i].docid;
    qsort(docids, n, sizeof *docids, rank_by_docid);
    weft_code code = weft_reader_values(r->v->reader, r->mem, WEFT_SLOT_THREAD, docids, n,
                                        names, r->err);
    r->threads = weft_new_array(r->mem, rank_thread, n + count);
    if (code != WEFT_OK || r->threads == NULL)
        return code != WEFT_OK ? code : weft_fail_nomem(r->err);
    for (size_t i = 0; i < n; i++)
        r->threads[i] = (rank_thread){.id = names[i], .document = docids[i]};
    qsort(r->threads, n, sizeof *r->threads, by_id);
    r->thread_count = n;
    for (size_t i = 0; i < count; i++)
        if (rank_thread_find(r, ids[i]) == NULL)
            r->threads[n + kept++] = (rank_thread){.id = ids[i]};
    r->thread_count = n + kept;
    qsort(r->threads, r->thread_count, sizeof *r->threads, by_id);
    return WEFT_OK;
}

/* Docids of the article and the thread document, where they are not known. */
static weft_code find_documents(ranking *r, rank_thread *t)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str term;
    weft_code code = WEFT_OK;
    if (t->document == 0) {
        code = weft_term_make(tmp, WEFT_PREFIX_UNIQUE "t", t->id, &term, r->err);
        if (code == WEFT_OK)
            code = weft_reader_find(r->v->reader, term, &t->document, r->err);
    }
    if (code == WEFT_OK)
        code = weft_term_make(tmp, WEFT_PREFIX_UNIQUE "a", t->id, &term, r->err);
    return code == WEFT_OK ? weft_reader_find(r->v->reader, term, &t->article, r->err)
                           : code;
}

/* One kind of document of the threads: their docids in order, and their wdfs and lengths. */
typedef struct columns {
    uint32_t *docids;
    size_t *thread; /* index in r->threads of each */
    size_t count;
    uint32_t *wdfs, *lengths;
} columns;

typedef struct docid_of {
    uint32_t docid;
    size_t thread;
} docid_of;

static int by_first(const void *pa, const void *pb)
{
    const docid_of *a = pa, *b = pb;
    return a->docid < b->docid ? -1 : a->docid > b->docid;
}

static weft_code load_columns(ranking *r, bool articles, const rank_terms *terms,
                              columns *c)
{
    size_t room = r->thread_count;
    docid_of *order = weft_new_array(r->mem, docid_of, room);
    *c = (columns){.docids = weft_new_array(r->mem, uint32_t, room),
                   .thread = weft_new_array(r->mem, size_t, room),
                   .wdfs = weft_new_array(r->mem, uint32_t, room * (terms->count + 1)),
                   .lengths = weft_new_array(r->mem, uint32_t, room)};
    if (order == NULL || c->docids == NULL || c->thread == NULL || c->wdfs == NULL ||
        c->lengths == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < room; i++) {
        uint32_t docid = articles ? r->threads[i].article : r->threads[i].document;
        if (docid != 0)
            order[c->count++] = (docid_of){docid, i};
    }
    qsort(order, c->count, sizeof *order, by_first);
    for (size_t i = 0; i < c->count; i++) {
        c->docids[i] = order[i].docid;
        c->thread[i] = order[i].thread;
    }
    weft_code code = weft_reader_wdfs(r->v->reader, terms->terms, terms->count, c->docids,
                                      c->count, c->wdfs, r->err);
    return code == WEFT_OK
               ? weft_reader_lengths(r->v->reader, c->docids, c->count, c->lengths, r->err)
               : code;
}

/* How a kind of document is weighed. */
typedef struct bm25_kind {
    double b, shift; /* shift: what one occurrence adds to wdf and length */
    double average;  /* length, in occurrences */
} bm25_kind;

/* Sum over the words of the best of their forms in document d; *mass is the idf of those in
 * it. */
static double bm25(const columns *c, size_t d, const rank_terms *t, const bm25_kind *kind,
                   double *mass)
{
    double sum = 0, length = c->lengths[d] / kind->shift / kind->average;
    *mass = 0;
    for (size_t i = 0; i < t->count;) {
        double best = 0, held = 0;
        size_t word = t->word[i];
        for (; i < t->count && t->word[i] == word; i++) {
            double own = floor(c->wdfs[i * c->count + d] / kind->shift);
            double norm = bm25_k1 * (1 - kind->b + kind->b * length);
            double weight = t->idf[i] * (bm25_k1 + 1) * own / (norm + own);
            if (own > 0 && weight > best) {
                best = weight;
                held = t->idf[i];
            }
        }
        sum += best;
        *mass += held;
    }
    return sum;
}

/* The idf of all words: of the most frequent form of each, which is the one in use. */
static double whole_mass(const rank_terms *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->count;) {
        double least = t->idf[i];
        size_t word = t->word[i];
        for (; i < t->count && t->word[i] == word; i++)
            least = t->idf[i] < least ? t->idf[i] : least;
        sum += least;
    }
    return sum;
}

static weft_code read_dates(ranking *r, const columns *c)
{
    weft_str *dates = weft_new_array(r->mem, weft_str, c->count);
    if (dates == NULL)
        return weft_fail_nomem(r->err);
    weft_code code = weft_reader_values(r->v->reader, r->mem, WEFT_SLOT_DATE, c->docids,
                                        c->count, dates, r->err);
    for (size_t d = 0; code == WEFT_OK && d < c->count; d++) {
        rank_thread *t = &r->threads[c->thread[d]];
        t->has_date = weft_sortable_read(dates[d], &t->date);
    }
    return code;
}

static weft_code score_articles(ranking *r)
{
    columns c;
    rank_terms own = r->bag_terms;
    own.idf = r->article_terms.idf;
    weft_code code = load_columns(r, true, &own, &c);
    if (code != WEFT_OK)
        return code;
    double all = whole_mass(&own), words = (double)own.words;
    double power = words * coverage_power_max > coverage_power_words
                       ? coverage_power_words / words
                       : coverage_power_max;
    const bm25_kind kind = {article_b, WEFT_WDF_OWN, r->v->articles.average / WEFT_WDF_OWN};
    for (size_t d = 0; d < c.count; d++) {
        rank_thread *t = &r->threads[c.thread[d]];
        double held, sum = bm25(&c, d, &own, &kind, &held);
        t->coverage = all == 0 ? 0 : held / all;
        double counted = t->coverage < coverage_min ? coverage_min : t->coverage;
        t->art = article_weight * sum * pow(counted, power);
    }
    return read_dates(r, &c);
}

static weft_code score_documents(ranking *r)
{
    columns c;
    weft_code code = load_columns(r, false, &r->thread_terms, &c);
    if (code != WEFT_OK)
        return code;
    const bm25_kind kind = {thread_b, 1, r->v->threads.average};
    for (size_t d = 0; d < c.count; d++) {
        double held;
        r->threads[c.thread[d]].thread =
            thread_weight * bm25(&c, d, &r->thread_terms, &kind, &held);
    }
    return WEFT_OK;
}

typedef struct scored {
    double score;
    rank_thread *thread;
} scored;

static int by_score(const void *pa, const void *pb)
{
    const scored *a = pa, *b = pb;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return weft_str_cmp(a->thread->id, b->thread->id);
}

static int by_article(const void *pa, const void *pb)
{
    const scored *a = pa, *b = pb;
    return a->thread->article < b->thread->article
               ? -1
               : a->thread->article > b->thread->article;
}

/* Neighbouring words of the query, in the articles of the best threads. */
static weft_code score_pairs(ranking *r)
{
    uint32_t docids[RANK_PAIR_ARTICLES];
    double pairs[RANK_PAIR_ARTICLES];
    size_t n = 0, docs = 0;
    scored *list = weft_new_array(r->mem, scored, r->thread_count);
    if (list == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < r->thread_count; i++)
        if (r->threads[i].article != 0)
            list[n++] = (scored){r->threads[i].art + r->threads[i].thread, &r->threads[i]};
    qsort(list, n, sizeof *list, by_score);
    n = n < RANK_PAIR_ARTICLES ? n : RANK_PAIR_ARTICLES;
    qsort(list, n, sizeof *list, by_article);
    for (size_t i = 0; i < n; i++)
        docids[docs++] = list[i].thread->article;
    weft_code code = rank_pairs(r, r->pair_idf_article, 1, docids, docs, pairs);
    for (size_t i = 0; code == WEFT_OK && i < docs; i++)
        list[i].thread->pairs = pairs_weight * pairs[i];
    return code;
}

weft_code rank_threads_score(ranking *r, const weft_str *ids, size_t count)
{
    weft_code code = gather(r, ids, count, &r->found);
    for (size_t i = 0; code == WEFT_OK && i < r->thread_count; i++)
        code = find_documents(r, &r->threads[i]);
    if (code == WEFT_OK)
        code = score_articles(r);
    if (code == WEFT_OK)
        code = score_documents(r);
    if (code == WEFT_OK)
        code = score_pairs(r);
    for (size_t i = 0; code == WEFT_OK && i < r->thread_count; i++)
        r->threads[i].total =
            r->threads[i].art + r->threads[i].thread + r->threads[i].pairs;
    return code;
}

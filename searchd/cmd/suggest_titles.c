/* suggest_titles.c - headlines that go on from what was typed.
 *
 * Titles are indexed by stems, and what was typed of a word may be more than its stem. So the
 * stems that begin with it are looked for, and those of the words that do; what a title really
 * says is then read.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "suggest_titles.h"

#include <stdlib.h>

#include "weft/mem.h"
#include "banned.h"

enum {
    TITLES_LOOKED_AT = 20, /* the last of those that may be such */
    STEMS_MAX = 50,        /* that one beginning stands for, the most frequent */
    FEW = 2000,            /* articles with a word of which the last are tried first */
    MANY = 50000           /* and where that is not enough */
};

/* Articles, in the order of their docids. */
typedef struct docid_list {
    uint32_t *docids;
    size_t count;
} docid_list;

/* Articles of which the title holds any of some stems. */
typedef struct title_group {
    weft_str *terms;
    size_t count;
    size_t frequency; /* of all of them together */
} title_group;

/* A search for titles at work. */
typedef struct title_search {
    cmd_context *c;
    index_view *v;
    const typed *typed;
    const completion_list *words; /* that the last may be */
    bool instead;
    title_group *groups; /* one for each word typed */
    size_t count;
    weft_error *err;
} title_search;

static weft_code add_stem(title_search *t, title_group *g, weft_str stem)
{
    uint32_t frequency = 0;
    weft_str *term = &g->terms[g->count];
    weft_code code = weft_term_make(t->c->mem, WEFT_PREFIX_TITLE, stem, term, t->err);
    if (code == WEFT_OK)
        code = weft_reader_frequency(t->v->reader, *term, &frequency, t->err);
    g->count += frequency > 0;
    g->frequency += frequency;
    return code;
}

/* Any form of a word. */
static weft_code add_forms(title_search *t, title_group *g, weft_str word)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < t->v->language_count; i++)
        code = add_stem(t, g, weft_stem(t->v->stemmer, t->v->languages[i], word));
    return code;
}

/* What may stand for the last word. When the stems that begin so are as many as there may be,
 * those of whole words add little. */
static weft_code add_last(title_search *t, title_group *g)
{
    completion_list stems = {0};
    const complete_options o = {.prefix = WEFT_PREFIX_TITLE,
                                .typed = t->typed->last,
                                .limit = STEMS_MAX,
                                .deadline_ms = t->c->soft_deadline_ms};
    weft_code code =
        t->instead ? WEFT_OK : complete_terms(t->v, t->c->mem, &o, &stems, t->err);
    for (size_t i = 0; code == WEFT_OK && i < stems.count; i++)
        code = add_stem(t, g, stems.rows[i].text);
    for (size_t i = 0; code == WEFT_OK && stems.count < STEMS_MAX && i < t->words->count;
         i++)
        code = add_forms(t, g, t->words->rows[i].text);
    g->count = weft_str_sort_distinct(g->terms, g->count);
    return code;
}

static weft_code make_groups(title_search *t)
{
    weft_code code = WEFT_OK;
    const typed *from = t->typed;
    size_t languages = t->v->language_count, room = STEMS_MAX + t->words->count * languages;
    t->groups = weft_new_array(t->c->mem, title_group, from->earlier_count + 1);
    if (t->groups == NULL)
        return weft_fail_nomem(t->err);
    for (size_t i = 0; code == WEFT_OK && i <= from->earlier_count; i++) {
        title_group *g = &t->groups[t->count];
        bool is_last = i == from->earlier_count;
        if (is_last && from->last.n == 0)
            break;
        g->terms = weft_new_array(t->c->mem, weft_str, is_last ? room : languages);
        if (g->terms == NULL)
            return weft_fail_nomem(t->err);
        code = is_last ? add_last(t, g) : add_forms(t, g, from->earlier[i]);
        t->count++;
    }
    return code;
}

static int by_docid(const void *pa, const void *pb)
{
    const uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
    return a < b ? -1 : a > b;
}

/* The articles of a group from a docid on, each once. */
static weft_code read_group(title_search *t, void *mem, const title_group *g, uint32_t from,
                            docid_list *out)
{
    weft_code code = WEFT_OK;
    *out = (docid_list){0};
    for (size_t i = 0; code == WEFT_OK && i < g->count; i++) {
        uint32_t *docids;
        size_t count;
        const weft_postings_range range = {g->terms[i], from, MANY};
        code =
            weft_reader_postings_from(t->v->reader, mem, &range, &docids, &count, t->err);
        uint32_t *grown = code == WEFT_OK ? weft_grow_array(mem, out->docids, uint32_t,
                                                            out->count + count + 1)
                                          : NULL;
        if (grown == NULL)
            return code == WEFT_OK ? weft_fail_nomem(t->err) : code;
        memcpy(grown + out->count, docids, count * sizeof *docids);
        *out = (docid_list){grown, out->count + count};
    }
    if (out->count > 0)
        qsort(out->docids, out->count, sizeof *out->docids, by_docid);
    return code;
}

/* Keep those of a list that stand in another. Both ascend. */
static void keep_common(docid_list *list, const docid_list *other)
{
    size_t kept = 0;
    for (size_t i = 0, k = 0; i < list->count; i++) {
        while (k < other->count && other->docids[k] < list->docids[i])
            k++;
        bool is_new = kept == 0 || list->docids[kept - 1] != list->docids[i];
        if (is_new && k < other->count && other->docids[k] == list->docids[i])
            list->docids[kept++] = list->docids[i];
    }
    list->count = kept;
}

/* Articles of all groups, among the last: as many as would hold `most` of a group if they
 * were spread evenly. */
static weft_code match_last(title_search *t, size_t frequency, size_t most, docid_list *out)
{
    const uint32_t last = weft_reader_last(t->v->reader);
    const double share = frequency > most ? (double)most / (double)frequency : 1;
    const uint32_t from = last - (uint32_t)(share * last);
    weft_code code = read_group(t, t->c->mem, &t->groups[0], from, out);
    for (size_t i = 0; code == WEFT_OK && i < t->count; i++) {
        docid_list other = *out;
        weft_scope void *tmp = talloc_new(NULL);
        if (i > 0)
            code = read_group(t, tmp, &t->groups[i], from, &other);
        if (code == WEFT_OK)
            keep_common(out, &other);
    }
    return code;
}

/* The last articles that have a stem for each word: those that came last have the highest
 * docids, which needs no look at a date. */
static weft_code match(title_search *t, docid_list *out)
{
    size_t least = SIZE_MAX, greatest = 0;
    for (size_t i = 0; i < t->count; i++) {
        size_t n = t->groups[i].frequency;
        least = n < least ? n : least;
        greatest = n > greatest ? n : greatest;
    }
    if (t->count == 0 || least == 0)
        return WEFT_OK;
    weft_code code = match_last(t, least, FEW, out);
    if (code == WEFT_OK && least > FEW && out->count < TITLES_LOOKED_AT)
        code = match_last(t, greatest, MANY, out);
    return code;
}

/* Whether a word of a title stands for the last one typed. */
static bool is_last(const title_search *t, weft_str word)
{
    weft_str last = t->typed->last;
    if (!t->instead)
        return word.n >= last.n && memcmp(word.p, last.p, last.n) == 0;
    for (size_t i = 0; i < t->words->count; i++)
        if (weft_str_eq(t->words->rows[i].text, word))
            return true;
    return false;
}

/* Whether a title holds all of what was typed. */
static weft_code is_said(title_search *t, weft_str text, bool *out)
{
    weft_token token;
    size_t missing = t->typed->earlier_count;
    bool *seen = weft_new_array(t->c->mem, bool, missing + 1);
    bool has_last = t->typed->last.n == 0;
    if (seen == NULL)
        return weft_fail_nomem(t->err);
    weft_tokenizer *words = t->v->tokenizer;
    weft_code code = weft_tokenizer_start(words, text, WEFT_TOKENIZE_DOCUMENT, t->err);
    while (code == WEFT_OK && weft_tokenizer_next(words, &token)) {
        has_last = has_last || is_last(t, token.folded);
        for (size_t i = 0; i < t->typed->earlier_count; i++) {
            if (!seen[i] && weft_str_eq(t->typed->earlier[i], token.folded)) {
                seen[i] = true;
                missing--;
            }
        }
    }
    *out = has_last && missing == 0;
    return code;
}

/* Add a title to the list if it is one that was typed. */
static weft_code judge(title_search *t, uint32_t docid, size_t age, title_list *out)
{
    weft_stored *s;
    bool said = false;
    weft_str folded = {0};
    weft_code code = view_read(t->v, t->c->mem, docid, &s, t->err);
    if (code != WEFT_OK || s->kind != WEFT_KIND_PUBLIC || s->record->title == NULL)
        return code;
    title *row = &out->rows[out->count];
    *row = (title){docid, s->record->id, s->record->title, 0, false, age};
    code = is_said(t, weft_str_from(row->text), &said);
    if (code != WEFT_OK || !said)
        return code;
    code = weft_fold(t->v->tokenizer, t->c->mem, weft_str_from(row->text), &folded, t->err);
    weft_str text = t->typed->folded;
    row->begins = folded.n >= text.n && memcmp(folded.p, text.p, text.n) == 0;
    if (code == WEFT_OK)
        code = view_count(t->v, WEFT_PREFIX_THREAD, row->id, &row->comments, t->err);
    row->comments -= row->comments > 0; /* the article itself */
    out->count++;
    return code;
}

static int by_rank(const void *pa, const void *pb)
{
    const title *a = pa, *b = pb;
    if (a->begins != b->begins)
        return a->begins ? -1 : 1;
    if (a->comments != b->comments)
        return a->comments > b->comments ? -1 : 1;
    return a->age < b->age ? -1 : a->age > b->age;
}

weft_code titles_find(cmd_context *c, const typed *t, const completion_list *words,
                      bool instead, title_list *out, weft_error *err)
{
    title_search at = {.c = c, .v = c->index, .typed = t, .words = words, .err = err};
    docid_list found = {0};
    at.instead = instead;
    *out = (title_list){.rows = weft_new_array(c->mem, title, TITLES_LOOKED_AT)};
    if (out->rows == NULL)
        return weft_fail_nomem(err);
    weft_code code = make_groups(&at);
    if (code == WEFT_OK)
        code = match(&at, &found);
    for (size_t age = 0; code == WEFT_OK && age < found.count && age < TITLES_LOOKED_AT;
         age++)
        code = judge(&at, found.docids[found.count - 1 - age], age, out);
    if (out->count > 0)
        qsort(out->rows, out->count, sizeof *out->rows, by_rank);
    return code;
}

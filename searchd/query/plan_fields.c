/* plan_fields.c - fields, scopes, numbers and dates: the parts of a query that are neither
 * strong nor weak. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "planner.h"

#include <stdio.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "banned.h"

enum { DATE_TERMS_MAX = 512, SECONDS_A_DAY = 86400 };

static weft_q and2(planner *p, weft_q a, weft_q b)
{
    const weft_q both[2] = {a, b};
    return weft_q_and(p->b, both, 2);
}

static weft_q or2(planner *p, weft_q a, weft_q b)
{
    const weft_q both[2] = {a, b};
    return weft_q_or(p->b, both, 2);
}

static weft_q is(planner *p, const char *what)
{
    return plan_term(p, WEFT_PREFIX_IS, weft_str_from(what));
}

weft_q plan_universe(planner *p)
{
    return or2(p, is(p, "article"), is(p, "comment"));
}

/* A word of body: in a comment its own words, in an article those of the body. */
static weft_q body_word(planner *p, weft_str folded)
{
    weft_str *stems;
    size_t count = 0;
    weft_q own[VIEW_LANGUAGES_MAX];
    p->code = p->code == WEFT_OK ? plan_stems(p, folded, &stems, &count) : p->code;
    for (size_t i = 0; i < count; i++)
        own[i] = weft_q_wdf_at_least(p->b, stems[i], WEFT_WDF_OWN);
    weft_q comment = and2(p, is(p, "comment"), weft_q_or(p->b, own, count));
    return or2(p, comment, plan_forms(p, WEFT_PREFIX_BODY, folded));
}

static grade words_field(planner *p, const query_node *node)
{
    const char *prefix = node->field->prefix;
    bool body = strcmp(prefix, WEFT_PREFIX_BODY) == 0,
         title = strcmp(prefix, WEFT_PREFIX_TITLE) == 0;
    uint32_t segments = 1u << (title  ? WEFT_MARK_TITLE
                               : body ? WEFT_MARK_OWN
                                      : WEFT_MARK_QUOTED);
    if (node->is_phrase)
        return plan_phrase(p, node->text, body ? "" : prefix, segments);
    weft_str *words;
    size_t count = 0;
    weft_q parts[WEFT_CLAUSES_MAX];
    if (p->code == WEFT_OK)
        p->code = plan_tokens(p, node->text, WEFT_TOKENIZE_QUERY, &words, &count);
    if (p->code != WEFT_OK || count == 0)
        return (grade){.absent = true};
    for (size_t i = 0; i < count && i < WEFT_CLAUSES_MAX; i++)
        parts[i] = body ? body_word(p, words[i]) : plan_forms(p, prefix, words[i]);
    return plan_neutral(
        p, weft_q_and(p->b, parts, count < WEFT_CLAUSES_MAX ? count : WEFT_CLAUSES_MAX));
}

static weft_q exact_field(planner *p, const query_node *node)
{
    weft_str folded;
    if (p->code == WEFT_OK)
        p->code = weft_fold(p->view->tokenizer, p->mem, node->text, &folded, p->err);
    return p->code == WEFT_OK ? plan_term(p, node->field->prefix, folded)
                              : (weft_q)WEFT_Q_NOTHING;
}

/* The document of a reference or, for a bare id, the article and the comment of that id. */
static weft_q id_field(planner *p, weft_str value)
{
    weft_type type;
    weft_str id;
    if (weft_ref_parse(value, &type, &id, NULL) == WEFT_OK)
        return and2(p, plan_term(p, type == WEFT_ARTICLE ? "Qa" : "Qc", id),
                    plan_universe(p));
    return and2(p, or2(p, plan_term(p, "Qa", value), plan_term(p, "Qc", value)),
                plan_universe(p));
}

/* article:ID is the article and its comments; under:REF the comments below a comment or an
 * article. */
static weft_q scope_field(planner *p, const query_node *node)
{
    bool under = strcmp(node->field->prefix, WEFT_PREFIX_UNDER) == 0;
    weft_type type = under ? WEFT_COMMENT : WEFT_ARTICLE;
    weft_str id = node->text;
    bool full = weft_ref_parse(node->text, &type, &id, NULL) == WEFT_OK;
    weft_q thread = plan_term(p, WEFT_PREFIX_THREAD, id);
    if (!under)
        return type == WEFT_ARTICLE ? thread : (weft_q)WEFT_Q_NOTHING;
    weft_q below_article = and2(p, thread, is(p, "comment"));
    weft_q below_comment = plan_term(p, WEFT_PREFIX_UNDER, id);
    if (full)
        return type == WEFT_ARTICLE ? below_article : below_comment;
    return or2(p, below_comment, below_article);
}

static weft_q number_range(planner *p, uint32_t slot, int64_t lo, int64_t hi)
{
    char low[8], high[8];
    weft_sortable(lo, low);
    weft_sortable(hi, high);
    return weft_q_range(p->b, slot, weft_str_of(low, 8), weft_str_of(high, 8));
}

static weft_q number_field(planner *p, const query_node *node)
{
    const char *name = node->field->name;
    uint32_t slot = strcmp(name, "score") == 0     ? WEFT_SLOT_SCORE
                    : strcmp(name, "replies") == 0 ? WEFT_SLOT_REPLIES
                                                   : WEFT_SLOT_DEPTH;
    return number_range(p, slot, node->numbers.lo, node->numbers.hi);
}

/* Terms that together are a range of whole UTC days; too many, and a value range is
 * cheaper. */
typedef struct date_terms {
    weft_q parts[DATE_TERMS_MAX];
    size_t count;
    bool too_many;
} date_terms;

static void add_date_term(planner *p, date_terms *t, const char *prefix, const char *text)
{
    if (t->count == DATE_TERMS_MAX) {
        t->too_many = true;
        return;
    }
    t->parts[t->count++] = plan_term(p, prefix, weft_str_from(text));
}

static int64_t day_start(int year, int month, int day)
{
    int64_t s = 0;
    if (weft_date_from_civil(year, month, day, 0, 0, 0, NULL, &s, NULL) != WEFT_OK)
        return WEFT_DATE_MAX + 1;
    return s;
}

/* Days of one month inside [lo, hi), or the whole month. */
static void add_month(planner *p, date_terms *t, int year, int month, const query_dates *r)
{
    char text[32];
    int64_t start = day_start(year, month, 1);
    int64_t end = month == 12 ? day_start(year + 1, 1, 1) : day_start(year, month + 1, 1);
    if (end <= r->lo_s || start >= r->hi_s)
        return;
    snprintf(text, sizeof text, "%04d%02d", year, month);
    if (start >= r->lo_s && end <= r->hi_s) {
        add_date_term(p, t, WEFT_PREFIX_MONTH, text);
        return;
    }
    for (int64_t s = start, day = 1; s < end; s += SECONDS_A_DAY, day++) {
        if (s + SECONDS_A_DAY <= r->lo_s || s >= r->hi_s)
            continue;
        snprintf(text, sizeof text, "%04d%02d%02d", year, month, (int)day);
        weft_q whole = plan_term(p, WEFT_PREFIX_DAY, weft_str_from(text));
        bool inside = s >= r->lo_s && s + SECONDS_A_DAY <= r->hi_s;
        if (t->count == DATE_TERMS_MAX)
            t->too_many = true;
        else
            t->parts[t->count++] =
                inside
                    ? whole
                    : and2(p, whole, number_range(p, WEFT_SLOT_DATE, r->lo_s, r->hi_s - 1));
    }
}

weft_q plan_dates(planner *p, const query_dates *range)
{
    weft_str *years;
    size_t count = 0;
    date_terms *t = talloc_zero(p->mem, date_terms);
    if (p->code == WEFT_OK && t == NULL)
        p->code = weft_fail_nomem(p->err);
    if (p->code == WEFT_OK)
        p->code =
            weft_reader_terms(p->view->reader, p->mem, weft_str_from(WEFT_PREFIX_YEAR),
                              SIZE_MAX, &years, &count, p->err);
    for (size_t i = 0; p->code == WEFT_OK && i < count && !t->too_many; i++) {
        int year = (int)strtol(years[i].p, NULL, 10);
        int64_t start = day_start(year, 1, 1), end = day_start(year + 1, 1, 1);
        if (end <= range->lo_s || start >= range->hi_s)
            continue;
        if (start >= range->lo_s && end <= range->hi_s) {
            add_date_term(p, t, WEFT_PREFIX_YEAR, years[i].p);
            continue;
        }
        for (int month = 1; month <= 12; month++)
            add_month(p, t, year, month, range);
    }
    if (p->code != WEFT_OK)
        return WEFT_Q_NOTHING;
    return t->too_many ? number_range(p, WEFT_SLOT_DATE, range->lo_s, range->hi_s - 1)
                       : weft_q_or(p->b, t->parts, t->count);
}

grade plan_field(planner *p, const query_node *node)
{
    static const char *const is_words[] = {
        [Q_IS_ARTICLE] = "article", [Q_IS_COMMENT] = "comment", [Q_IS_ROOT] = "root",
        [Q_IS_REPLY] = "reply",     [Q_IS_LEAF] = "leaf",       [Q_IS_ORPHAN] = "orphan"};
    switch (node->field->kind) {
    case WEFT_FIELD_WORDS:
        return words_field(p, node);
    case WEFT_FIELD_EXACT:
        return plan_neutral(p, exact_field(p, node));
    case WEFT_FIELD_ID:
        return plan_neutral(p, id_field(p, node->text));
    case WEFT_FIELD_SCOPE:
        return plan_neutral(p, scope_field(p, node));
    case WEFT_FIELD_IS:
        return plan_neutral(p, is(p, is_words[node->is]));
    case WEFT_FIELD_DATE:
        return plan_neutral(p, plan_dates(p, &node->dates));
    case WEFT_FIELD_NUMBER:
        return plan_neutral(p, number_field(p, node));
    }
    return (grade){.absent = true};
}

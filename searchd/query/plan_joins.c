/* plan_joins.c - operators over the conversation: what another document of the thread says.
 *
 * The inner query is answered at once, as the set of ids at the other end of the relation, and
 * the operator becomes a filter by that set: an OR of terms when it is small, else a posting
 * source over the value slot that names the relation. All of them are neutral. A single word of
 * the parent needs no set: the bag says it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "weft/mem.h"
#include "planner.h"
#include "banned.h"

enum { TERMS_MAX = 256 /* ids up to which an OR of terms is the filter */ };

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

/* The values of a slot over the documents of q. */
static weft_value_set values_of(planner *p, weft_q q, uint32_t slot)
{
    weft_value_set set = {0};
    if (p->code == WEFT_OK)
        p->code = weft_match_values(p->b, weft_q_unscored(p->b, q), slot, p->deadline_ms,
                                    p->mem, &set, p->err);
    p->plan->partial = p->plan->partial || set.partial;
    return set;
}

/* Documents with one of the ids: by a term of each, or by the value of a slot. */
static weft_q with_id(planner *p, const weft_value_set *set, const char *prefix,
                      uint32_t slot)
{
    weft_q parts[TERMS_MAX];
    if (set->count > TERMS_MAX)
        return weft_q_in_set(p->b, slot, set->values, set->count);
    for (size_t i = 0; i < set->count; i++)
        parts[i] = plan_term(p, prefix, set->values[i]);
    return weft_q_or(p->b, parts, set->count);
}

/* A sub-query about other documents than the hit: nothing of it is marked. Stop words count
 * when it has nothing else. */
static grade plan_elsewhere(planner *p, const query_node *node)
{
    bool outer = p->elsewhere, kept = p->keep_stop_words;
    p->elsewhere = true;
    grade g = plan_node(p, node);
    if (g.absent && p->code == WEFT_OK) {
        p->keep_stop_words = true;
        g = plan_node(p, node);
    }
    p->elsewhere = outer;
    p->keep_stop_words = kept;
    return g;
}

/* The other documents a join speaks of; absent when the sub-query says nothing. */
static weft_q others(planner *p, const query_node *node, const char *kind, bool *absent)
{
    grade g;
    weft_str folded;
    *absent = false;
    if (node->count == 0) {
        if (p->code == WEFT_OK)
            p->code = weft_fold(p->view->tokenizer, p->mem, node->text, &folded, p->err);
        return p->code == WEFT_OK ? and2(p, plan_term(p, "A", folded), is(p, kind))
                                  : (weft_q)WEFT_Q_NOTHING;
    }
    g = plan_elsewhere(p, node->children[0]);
    *absent = g.absent;
    return g.absent ? (weft_q)WEFT_Q_NOTHING : and2(p, plan_hits(p, &g), is(p, kind));
}

/* Comments that answer one which says the word: the bag has a flag for that, so no set is
 * made. absent when the node is no single word. */
static grade parent_says(planner *p, const query_node *node)
{
    const grade absent = {.absent = true};
    weft_str *words, *stems;
    size_t count = 0, stem_count = 0;
    weft_q parts[VIEW_LANGUAGES_MAX];
    if (node->kind != Q_WORD || p->code != WEFT_OK)
        return absent;
    p->code = plan_tokens(p, node->text, WEFT_TOKENIZE_QUERY, &words, &count);
    if (p->code != WEFT_OK || count != 1)
        return absent;
    p->code = plan_stems(p, words[0], &stems, &stem_count);
    for (size_t i = 0; p->code == WEFT_OK && i < stem_count; i++)
        parts[i] = weft_q_wdf_has(p->b, stems[i], WEFT_WDF_PARENT);
    return plan_neutral(p, weft_q_or(p->b, parts, stem_count));
}

static grade plan_parent(planner *p, const query_node *node)
{
    if (node->count > 0) {
        grade g = parent_says(p, node->children[0]);
        if (!g.absent || p->code != WEFT_OK)
            return g;
    }
    bool absent;
    weft_value_set set = {0};
    weft_q q = others(p, node, "comment", &absent);
    if (absent)
        return (grade){.absent = true};
    set = values_of(p, q, WEFT_SLOT_SELF);
    return plan_neutral(p, with_id(p, &set, WEFT_PREFIX_PARENT, WEFT_SLOT_PARENT));
}

static grade plan_reply(planner *p, const query_node *node)
{
    bool absent;
    weft_value_set set = {0};
    weft_q q = others(p, node, "comment", &absent);
    if (absent)
        return (grade){.absent = true};
    set = values_of(p, q, WEFT_SLOT_PARENT);
    weft_q found = with_id(p, &set, WEFT_PREFIX_UNIQUE "c", WEFT_SLOT_SELF);
    return plan_neutral(p, and2(p, is(p, "comment"), found)); /* a place is nobody */
}

static grade plan_article(planner *p, const query_node *node)
{
    bool absent;
    weft_q q = others(p, node, "article", &absent);
    if (absent)
        return (grade){.absent = true};
    weft_value_set set = values_of(p, q, WEFT_SLOT_THREAD);
    weft_q found = with_id(p, &set, WEFT_PREFIX_THREAD, WEFT_SLOT_THREAD);
    return plan_neutral(p, and2(p, is(p, "comment"), found));
}

static grade plan_quotes(planner *p, const query_node *node)
{
    weft_str folded;
    if (p->code == WEFT_OK)
        p->code = weft_fold(p->view->tokenizer, p->mem, node->text, &folded, p->err);
    if (p->code != WEFT_OK)
        return (grade){.absent = true};
    return plan_neutral(p, plan_term(p, WEFT_PREFIX_QUOTED_AUTHOR, folded));
}

/* Threads that satisfy a part of thread:( ), as ids in order. */
typedef struct threads {
    bool absent;
    weft_value_set set;
} threads;

static threads threads_of(planner *p, const query_node *node);

/* Values of one set that are, or are not, in the other. */
static weft_value_set sift(planner *p, const weft_value_set *a, const weft_value_set *b,
                           bool wanted)
{
    weft_value_set out = {weft_new_array(p->mem, weft_str, a->count), 0, false};
    if (out.values == NULL)
        p->code = weft_fail_nomem(p->err);
    for (size_t i = 0, k = 0; p->code == WEFT_OK && i < a->count; i++) {
        while (k < b->count && weft_str_cmp(b->values[k], a->values[i]) < 0)
            k++;
        bool in = k < b->count && weft_str_eq(b->values[k], a->values[i]);
        if (in == wanted)
            out.values[out.count++] = a->values[i];
    }
    return out;
}

static weft_value_set unite(planner *p, const weft_value_set *a, const weft_value_set *b)
{
    weft_value_set out = {weft_new_array(p->mem, weft_str, a->count + b->count), 0, false};
    if (out.values == NULL)
        p->code = weft_fail_nomem(p->err);
    for (size_t i = 0, k = 0; p->code == WEFT_OK && (i < a->count || k < b->count);) {
        int order = i == a->count   ? 1
                    : k == b->count ? -1
                                    : weft_str_cmp(a->values[i], b->values[k]);
        out.values[out.count++] = order <= 0 ? a->values[i] : b->values[k];
        i += order <= 0;
        k += order >= 0;
    }
    return out;
}

/* A bare word: threads in which somebody says it, by their thread documents. */
static threads threads_of_word(planner *p, const query_node *node)
{
    weft_str *words;
    size_t count = 0;
    weft_q parts[WEFT_CLAUSES_MAX];
    size_t kept = 0;
    threads t = {.absent = true};
    if (p->code == WEFT_OK)
        p->code = plan_tokens(p, node->text, WEFT_TOKENIZE_QUERY, &words, &count);
    for (size_t i = 0; p->code == WEFT_OK && i < count && kept < WEFT_CLAUSES_MAX; i++) {
        if (!p->keep_stop_words && !p->negated && view_is_stop_word(p->view, words[i])) {
            p->left_out = true;
            continue;
        }
        plan_note(p, words[i]);
        parts[kept++] = plan_forms(p, WEFT_PREFIX_THREAD_STEM, words[i]);
    }
    if (p->code != WEFT_OK || kept == 0)
        return t;
    t.absent = false;
    t.set = values_of(p, weft_q_and(p->b, parts, kept), WEFT_SLOT_THREAD);
    return t;
}

static threads threads_of_list(planner *p, const query_node *node)
{
    threads t = {.absent = true};
    for (size_t i = 0; p->code == WEFT_OK && i < node->count; i++) {
        threads next = threads_of(p, node->children[i]);
        if (next.absent)
            continue;
        if (t.absent)
            t = next;
        else
            t.set = node->kind == Q_AND ? sift(p, &t.set, &next.set, true)
                                        : unite(p, &t.set, &next.set);
    }
    return t;
}

static threads threads_of_not(planner *p, const query_node *node)
{
    bool outer = p->negated;
    p->negated = true;
    threads inner = threads_of(p, node->children[0]);
    p->negated = outer;
    if (inner.absent)
        return inner;
    weft_value_set all = values_of(p, is(p, "thread"), WEFT_SLOT_THREAD);
    inner.set = sift(p, &all, &inner.set, false);
    return inner;
}

/* The parser bounds the depth of a tree: QUERY_DEPTH_MAX. */
static threads threads_of(planner *p, const query_node *node)
{
    if (node->kind == Q_WORD)
        return threads_of_word(p, node);
    if (node->kind == Q_AND || node->kind == Q_OR)
        return threads_of_list(p, node);
    if (node->kind == Q_NOT)
        return threads_of_not(p, node);
    grade g = plan_node(p, node);
    if (g.absent)
        return (threads){.absent = true};
    return (threads){.set = values_of(p, plan_hits(p, &g), WEFT_SLOT_THREAD)};
}

/* The positive bare words of thread:( ), to rank its hits: those that own them first. */
static size_t word_scores(planner *p, const query_node *node, weft_q *out, size_t room)
{
    weft_str *words;
    size_t count = 0, used = 0;
    if (node->kind == Q_AND || node->kind == Q_OR)
        for (size_t i = 0; i < node->count; i++)
            used += word_scores(p, node->children[i], out + used, room - used);
    if (node->kind != Q_WORD || p->code != WEFT_OK)
        return used;
    p->code = plan_tokens(p, node->text, WEFT_TOKENIZE_QUERY, &words, &count);
    for (size_t i = 0; p->code == WEFT_OK && i < count && used < room; i++)
        if (p->keep_stop_words || !view_is_stop_word(p->view, words[i]))
            out[used++] = plan_forms(p, "", words[i]);
    return used;
}

/* The words' weights come by an OR under a filter, not by Xapian's AND_MAYBE: 1.4.22 reads a
 * weight that was never set when that stands where weights do not count. */
static grade plan_thread(planner *p, const query_node *node)
{
    weft_q words[WEFT_CLAUSES_MAX];
    bool kept = p->keep_stop_words;
    threads t = threads_of(p, node->children[0]);
    if (t.absent && p->code == WEFT_OK) {
        p->keep_stop_words = true;
        t = threads_of(p, node->children[0]);
    }
    size_t count = word_scores(p, node->children[0], words, WEFT_CLAUSES_MAX);
    p->keep_stop_words = kept;
    if (t.absent)
        return (grade){.absent = true};
    weft_q inside =
        and2(p, plan_universe(p), with_id(p, &t.set, WEFT_PREFIX_THREAD, WEFT_SLOT_THREAD));
    grade g = plan_neutral(p, weft_q_unscored(p->b, inside));
    if (count > 0 && !p->negated && !p->elsewhere)
        g.match = weft_q_filter(p->b, or2(p, weft_q_or(p->b, words, count), g.neutral),
                                g.neutral);
    return g;
}

grade plan_join(planner *p, const query_node *node)
{
    switch (node->join) {
    case Q_JOIN_THREAD:
        return plan_thread(p, node);
    case Q_JOIN_ARTICLE:
        return plan_article(p, node);
    case Q_JOIN_PARENT:
    case Q_JOIN_REPLY_TO:
        return plan_parent(p, node);
    case Q_JOIN_REPLY:
    case Q_JOIN_REPLIED_BY:
        return plan_reply(p, node);
    case Q_JOIN_QUOTES:
        return plan_quotes(p, node);
    case Q_JOIN_NONE:
        break;
    }
    return (grade){.absent = true};
}

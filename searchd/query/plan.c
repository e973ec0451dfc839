/* plan.c - a query's tree as something the index can answer.
 *
 * Each node becomes a grade: what matches it, and which of those matches are strong or
 * neutral. The parser bounds a tree to QUERY_DEPTH_MAX levels, so the walk recurses.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include "weft/mem.h"
#include "planner.h"
#include "banned.h"

static const uint32_t any_own = 1u << WEFT_MARK_TITLE | 1u << WEFT_MARK_OWN;

static weft_q or2(planner *p, weft_q a, weft_q b)
{
    const weft_q both[2] = {a, b};
    return weft_q_or(p->b, both, 2);
}

/* Documents that match a part at all as a hit: strongly, or neutrally. */
weft_q plan_hits(planner *p, const grade *g)
{
    if (g->is_neutral)
        return g->match;
    weft_q good = g->neutral == WEFT_Q_NOTHING ? g->strong : or2(p, g->strong, g->neutral);
    return weft_q_filter(p->b, g->match, good);
}

/* Strong matches of a part on their own, not only beside its match. */
static weft_q strong_alone(planner *p, const grade *g)
{
    if (g->strong_alone || g->strong == WEFT_Q_NOTHING)
        return g->strong;
    return weft_q_filter(p->b, weft_q_unscored(p->b, g->match), g->strong);
}

static weft_q neutral_alone(planner *p, const grade *g)
{
    if (g->is_neutral || g->neutral == WEFT_Q_NOTHING)
        return g->neutral;
    return weft_q_filter(p->b, weft_q_unscored(p->b, g->match), g->neutral);
}

/* The parts of an AND or OR that say something. */
typedef struct parts {
    grade *grades;
    size_t count;
} parts;

static parts plan_children(planner *p, const query_node *node)
{
    parts all = {weft_new_array(p->mem, grade, node->count), 0};
    if (all.grades == NULL) {
        p->code = weft_fail_nomem(p->err);
        return all;
    }
    for (size_t i = 0; i < node->count && p->code == WEFT_OK; i++) {
        grade g = plan_node(p, node->children[i]);
        if (!g.absent)
            all.grades[all.count++] = g;
    }
    return all;
}

/* Which part of a grade a list is made of. */
typedef weft_q (*pick)(planner *p, const grade *g);

static weft_q pick_match(planner *p, const grade *g)
{
    (void)p;
    return g->match;
}

static weft_q pick_strong(planner *p, const grade *g)
{
    (void)p;
    return g->strong;
}

static weft_q pick_relaxed(planner *p, const grade *g)
{
    (void)p;
    return g->relaxed;
}

static weft_q pick_neutral(planner *p, const grade *g)
{
    (void)p;
    return g->neutral;
}

static weft_q any(planner *p, const parts *all, pick what)
{
    weft_q *list = weft_new_array(p->mem, weft_q, all->count);
    size_t count = 0;
    for (size_t i = 0; list != NULL && i < all->count; i++) {
        weft_q q = what(p, &all->grades[i]);
        if (q != WEFT_Q_NOTHING)
            list[count++] = q;
    }
    return list == NULL ? (weft_q)WEFT_Q_NOTHING : weft_q_or(p->b, list, count);
}

static weft_q every(planner *p, const parts *all, pick what)
{
    weft_q *list = weft_new_array(p->mem, weft_q, all->count);
    for (size_t i = 0; list != NULL && i < all->count; i++) {
        list[i] = what(p, &all->grades[i]);
        if (list[i] == WEFT_Q_NOTHING)
            return WEFT_Q_NOTHING;
    }
    return list == NULL ? (weft_q)WEFT_Q_NOTHING : weft_q_and(p->b, list, all->count);
}

/* What is left of the parts when every bare word is granted. */
static weft_q keep(planner *p, const parts *all, bool is_and)
{
    weft_q *list = weft_new_array(p->mem, weft_q, all->count);
    size_t count = 0;
    for (size_t i = 0; list != NULL && i < all->count; i++) {
        weft_q kept = all->grades[i].kept;
        if (kept != WEFT_Q_EVERYTHING)
            list[count++] = kept;
        else if (!is_and)
            return WEFT_Q_EVERYTHING;
    }
    if (list == NULL)
        return WEFT_Q_NOTHING;
    return is_and ? weft_q_and(p->b, list, count) : weft_q_or(p->b, list, count);
}

/* Any of the words will do, but each part's other demands stay. */
static weft_q relax(planner *p, const parts *all, const grade *g, bool is_and)
{
    weft_q worded = any(p, all, pick_relaxed);
    if (!is_and || g->kept == WEFT_Q_EVERYTHING || worded == WEFT_Q_NOTHING)
        return worded;
    const weft_q both[2] = {g->kept, worded};
    return weft_q_and(p->b, both, 2);
}

static grade combine(planner *p, const query_node *node)
{
    parts all = plan_children(p, node);
    grade g = {.absent = all.count == 0, .is_neutral = true, .strong_alone = true};
    if (p->code != WEFT_OK || all.count == 0)
        return g;
    if (all.count == 1)
        return all.grades[0];
    for (size_t i = 0; i < all.count; i++) {
        g.is_neutral = g.is_neutral && all.grades[i].is_neutral;
        g.has_words = g.has_words || all.grades[i].has_words;
    }
    bool is_and = node->kind == Q_AND;
    g.strong_alone = !is_and;
    g.match = is_and ? every(p, &all, pick_match) : any(p, &all, pick_match);
    g.strong = is_and ? any(p, &all, pick_strong) : any(p, &all, strong_alone);
    g.neutral = g.is_neutral ? g.match
                : is_and     ? every(p, &all, pick_neutral)
                             : any(p, &all, neutral_alone);
    g.kept = keep(p, &all, is_and);
    g.relaxed = relax(p, &all, &g, is_and);
    return g;
}

/* Not: a bare word asks for own words only, as a hit of it would. */
static grade plan_not(planner *p, const query_node *node)
{
    bool outer = p->negated;
    p->negated = true;
    grade inner = plan_node(p, node->children[0]);
    p->negated = outer;
    if (inner.absent)
        return inner;
    return plan_neutral(p, weft_q_and_not(p->b, plan_universe(p),
                                          weft_q_unscored(p->b, plan_hits(p, &inner))));
}

grade plan_node(planner *p, const query_node *node)
{
    switch (node->kind) {
    case Q_WORD:
    case Q_PREFIX:
    case Q_SPELL:
        return plan_word(p, node);
    case Q_PHRASE:
    case Q_EXACT:
        return plan_phrase(p, node->text, "", any_own);
    case Q_NEAR:
        return plan_near(p, node, any_own);
    case Q_FIELD:
        return plan_field(p, node);
    case Q_AND:
    case Q_OR:
        return combine(p, node);
    case Q_NOT:
        return plan_not(p, node);
    case Q_JOIN:
        return plan_join(p, node);
    }
    return (grade){.absent = true};
}

/* The whole query, with stop words when there is nothing else. */
static grade plan_root(planner *p)
{
    weft_wanted *w = &p->plan->wanted;
    grade g = plan_node(p, p->q->root);
    bool only_negative = !g.absent && !g.has_words && w->phrase_count == 0 && g.is_neutral;
    if (p->code != WEFT_OK || !p->left_out || (!g.absent && !only_negative))
        return g;
    p->keep_stop_words = true;
    p->words = w->stem_count = w->word_count = w->phrase_count = p->plan->word_count = 0;
    return plan_node(p, p->q->root);
}

static weft_q of_type(planner *p, weft_q q, const plan_options *o)
{
    if (!o->has_type)
        return q;
    const char *is = o->type == WEFT_ARTICLE ? "article" : "comment";
    return weft_q_filter(p->b, q, plan_term(p, WEFT_PREFIX_IS, weft_str_from(is)));
}

static void add_tiers(planner *p, const grade *g, const plan_options *options)
{
    plan *made = p->plan;
    weft_q hits = plan_hits(p, g);
    made->hits = of_type(p, hits, options);
    if (!g->has_words)
        return;
    made->relaxed =
        weft_q_and_not(p->b, of_type(p, g->relaxed, options), weft_q_unscored(p->b, hits));
    weft_q kept = g->kept == WEFT_Q_EVERYTHING ? plan_universe(p) : g->kept;
    made->near = weft_q_and_not(p->b, weft_q_unscored(p->b, of_type(p, kept, options)),
                                weft_q_unscored(p->b, or2(p, g->relaxed, hits)));
}

weft_code plan_make(void *mem, index_view *view, query *q, const plan_options *options,
                    plan **out, weft_error *err)
{
    plan *made = talloc_zero(mem, plan);
    if (made == NULL)
        return weft_fail_nomem(err);
    planner p = {.mem = made,
                 .view = view,
                 .q = q,
                 .plan = made,
                 .deadline_ms = options->deadline_ms,
                 .err = err};
    weft_code code = weft_builder_new(made, view->reader, &p.b, err);
    if (code != WEFT_OK)
        return code;
    made->builder = p.b;
    made->is_empty = q->root == NULL;
    grade g = {.absent = true};
    if (q->root != NULL)
        g = plan_root(&p);
    if (p.code != WEFT_OK)
        return p.code;
    made->is_empty = g.absent;
    if (!g.absent)
        add_tiers(&p, &g, options);
    if (p.code == WEFT_OK && made->is_empty && q->root != NULL)
        query_warn(q, 0, "no searchable words");
    *out = made;
    return p.code;
}

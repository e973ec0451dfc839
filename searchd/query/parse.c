/* parse.c - a query's text to its tree.
 *
 * No recursion: open brackets are frames on a stack of fixed size, and what they hold are
 * nodes on another. A frame's part of the node stack is [first, conjunct), the alternatives
 * that an OR has closed, then [conjunct, height), the operands of the AND being read. Each
 * node on the stack holds at least one clause, so WEFT_CLAUSES_MAX places suffice.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parse.h"

#include <assert.h>

#include "weft/mem.h"

#include "clause.h"
#include "lex.h"
#include "values.h"
#include "banned.h"

typedef struct frame {
    query_target target; /* what bare words in it are */
    query_join wrap;     /* thread:( and the like: what its contents become a child of */
    size_t at;           /* of its '(' or of the field's name before it */
    size_t first, conjunct;
    bool negated; /* the bracket as a whole */
    size_t negated_at;
    bool has_not,
        odd; /* NOTs met before the next operand, and whether their number is odd */
    size_t not_at;
    bool has_and, has_or; /* met, and waiting for their right side */
    size_t and_at, or_at;
} frame;

typedef struct parser {
    query *q;
    const query_token *tokens;
    size_t count, i;
    query_node *nodes[WEFT_CLAUSES_MAX];
    size_t height;
    frame frames[WEFT_QUERY_NESTING_MAX + 1];
    size_t depth; /* open brackets */
} parser;

static frame *top(parser *p)
{
    return &p->frames[p->depth];
}

/* A node with one child, or the failure. */
static weft_code wrap(parser *p, query_kind kind, size_t at, query_node **node,
                      weft_error *err)
{
    query_node *outer = query_node_new(p->q, kind, at, (*node)->end);
    if (outer == NULL)
        return weft_fail_nomem(err);
    outer->children = weft_new_array(outer, query_node *, 1);
    if (outer->children == NULL)
        return weft_fail_nomem(err);
    outer->children[0] = *node;
    outer->count = 1;
    *node = outer;
    return WEFT_OK;
}

/* The NOTs before an operand are used up: whether they negate it (NOT NOT a is a). */
static bool take_not(frame *f, size_t *at)
{
    bool negated = f->has_not && f->odd;
    *at = f->not_at;
    f->has_not = f->odd = false;
    return negated;
}

static weft_code push(parser *p, query_node *node, bool negated, size_t not_at,
                      weft_error *err)
{
    frame *f = top(p);
    if (negated) {
        weft_code code = wrap(p, Q_NOT, not_at, &node, err);
        if (code != WEFT_OK)
            return code;
    }
    assert(p->height < WEFT_CLAUSES_MAX);
    p->nodes[p->height++] = node;
    f->has_and = f->has_or = false;
    return WEFT_OK;
}

/* Replace the nodes from first on by one list of them. */
static weft_code collapse(parser *p, query_kind kind, size_t first, weft_error *err)
{
    query_node *list = query_node_list(p->q, kind, p->nodes + first, p->height - first);
    if (list == NULL)
        return weft_fail_nomem(err);
    p->nodes[first] = list;
    p->height = first + 1;
    return WEFT_OK;
}

/* End the AND being read, at an OR, a ')' or the end. */
static weft_code end_conjunct(parser *p, weft_error *err)
{
    frame *f = top(p);
    size_t at;
    if (f->has_not)
        query_warn(p->q, f->not_at, "NOT has nothing to exclude: ignored");
    else if (f->has_and)
        query_warn(p->q, f->and_at, "AND has nothing on its right: ignored");
    (void)take_not(f, &at);
    f->has_and = false;
    if (p->height > f->conjunct) {
        weft_code code = collapse(p, Q_AND, f->conjunct, err);
        if (code != WEFT_OK)
            return code;
    }
    f->conjunct = p->height;
    return WEFT_OK;
}

static weft_code end_frame(parser *p, query_node **node, weft_error *err)
{
    frame *f = top(p);
    weft_code code = end_conjunct(p, err);
    if (code != WEFT_OK)
        return code;
    if (f->has_or)
        query_warn(p->q, f->or_at, "OR has nothing on its right: ignored");
    *node = NULL;
    if (p->height == f->first)
        return WEFT_OK;
    code = collapse(p, Q_OR, f->first, err);
    if (code != WEFT_OK)
        return code;
    *node = p->nodes[--p->height];
    return WEFT_OK;
}

static void on_and(parser *p, const query_token *t)
{
    frame *f = top(p);
    if (p->height == f->conjunct || f->has_and || f->has_not) {
        query_warn(p->q, t->at, "AND has nothing on its left: ignored");
        return;
    }
    f->has_and = true;
    f->and_at = t->at;
}

static weft_code on_or(parser *p, const query_token *t, weft_error *err)
{
    frame *f = top(p);
    weft_code code = end_conjunct(p, err);
    if (code != WEFT_OK)
        return code;
    if (p->height == f->first || f->has_or) {
        query_warn(p->q, t->at, "OR has nothing on its left: ignored");
        return WEFT_OK;
    }
    f->has_or = true;
    f->or_at = t->at;
    return WEFT_OK;
}

static void on_not(parser *p, const query_token *t)
{
    frame *f = top(p);
    if (!f->has_not)
        f->not_at = t->at;
    f->has_not = true;
    f->odd = !f->odd;
}

static void open_frame(parser *p, size_t at, query_target target, query_join join)
{
    size_t not_at;
    bool negated = take_not(top(p), &not_at);
    assert(p->depth < WEFT_QUERY_NESTING_MAX); /* check_nesting */
    p->depth++;
    *top(p) = (frame){.target = target,
                      .wrap = join,
                      .at = at,
                      .first = p->height,
                      .conjunct = p->height,
                      .negated = negated,
                      .negated_at = not_at};
}

/* end: after the ')', or the end of the query where that is missing. */
static weft_code close_frame(parser *p, size_t end, weft_error *err)
{
    frame f = *top(p);
    query_node *node;
    weft_code code = end_frame(p, &node, err);
    if (code != WEFT_OK)
        return code;
    p->depth--;
    if (node == NULL) {
        query_warn(p->q, f.at, "nothing to search for between the brackets: ignored");
        return WEFT_OK;
    }
    if (f.wrap != Q_JOIN_NONE) {
        code = wrap(p, Q_JOIN, f.at, &node, err);
        if (code != WEFT_OK)
            return code;
        node->join = f.wrap;
        node->end = end;
    }
    return push(p, node, f.negated, f.negated_at, err);
}

/* Whether the tokens from i on are NEAR/n and a word or phrase it can reach. */
static bool near_follows(const parser *p, size_t i)
{
    if (i + 1 >= p->count || p->tokens[i].kind != T_NEAR)
        return false;
    query_token_kind kind = p->tokens[i + 1].kind;
    return kind == T_WORD || kind == T_EXACT || kind == T_PHRASE;
}

/* a NEAR/3 b NEAR/5 c is a near b and b near c. On entry the last token read made `left`.
 */
static weft_code read_near(parser *p, query_node *left, query_node **out, weft_error *err)
{
    static const query_target plain;
    size_t first = p->height;
    while (near_follows(p, p->i)) {
        unsigned distance = p->tokens[p->i].distance;
        query_node *right = NULL;
        weft_code code = query_clause(p->q, &p->tokens[p->i + 1], &plain, &right, err);
        if (code != WEFT_OK)
            return code;
        p->i += 2;
        if (right == NULL)
            continue; /* "": warned about, and the next NEAR reaches over it */
        query_node *near = query_node_new(p->q, Q_NEAR, left->at, right->end);
        if (near == NULL)
            return weft_fail_nomem(err);
        near->text = left->text;
        near->other = right->text;
        near->distance = distance;
        p->nodes[p->height++] = near;
        left = right;
    }
    *out = left;
    if (p->height == first)
        return WEFT_OK;
    weft_code code = collapse(p, Q_AND, first, err);
    if (code != WEFT_OK)
        return code;
    *out = p->nodes[--p->height];
    return WEFT_OK;
}

static weft_code on_clause(parser *p, const query_token *t, const query_target *target,
                           weft_error *err)
{
    query_node *node = NULL;
    size_t not_at;
    bool plain = target->field == NULL && target->join == Q_JOIN_NONE;
    bool negated = take_not(
        top(p),
        &not_at); /* used up even when there is nothing in the operand: -"" a is a */
    weft_code code = query_clause(p->q, t, target, &node, err);
    if (code != WEFT_OK || node == NULL)
        return code;
    if (plain &&
        (node->kind == Q_WORD || node->kind == Q_EXACT || node->kind == Q_PHRASE)) {
        code = read_near(p, node, &node, err);
        if (code != WEFT_OK)
            return code;
    }
    return push(p, node, negated, not_at, err);
}

/* thread:soup is thread:(soup). */
static weft_code join_of_one(parser *p, const query_token *t, const query_token *value,
                             weft_error *err)
{
    static const query_target plain;
    query_node *node = NULL;
    size_t not_at;
    const char *star =
        value->kind == T_VALUE ? memchr(value->raw.p, '*', value->raw.n) : NULL;
    if (star != NULL)
        query_warn(p->q, value->at + (size_t)(star - value->raw.p),
                   "a * after '%s:' is no wildcard: put the word in brackets",
                   query_join_name(t->join));
    bool negated = take_not(top(p), &not_at);
    weft_code code = query_clause(p->q, value, &plain, &node, err);
    if (code != WEFT_OK || node == NULL)
        return code;
    code = wrap(p, Q_JOIN, t->at, &node, err);
    if (code != WEFT_OK)
        return code;
    node->join = t->join;
    return push(p, node, negated, not_at, err);
}

/* A field's name; the token after it is its value or a bracket. */
static weft_code on_field(parser *p, const query_token *t, weft_error *err)
{
    const query_token *value = &p->tokens[p->i++];
    bool takes_query = t->join != Q_JOIN_NONE && !query_join_takes_name(t->join);
    query_target target = {.field = t->field, .at = t->at};
    if (value->kind == T_OPEN && takes_query) {
        target.field = NULL;
        open_frame(p, t->at, target, t->join);
        return WEFT_OK;
    }
    if (t->field == NULL && takes_query)
        return join_of_one(p, t, value, err);
    if (t->field == NULL)
        target.join = t->join;
    if (value->kind == T_OPEN) {
        open_frame(p, t->at, target, Q_JOIN_NONE);
        return WEFT_OK;
    }
    target.adjacent = true;
    return on_clause(p, value, &target, err);
}

static weft_code on_token(parser *p, const query_token *t, weft_error *err)
{
    switch (t->kind) {
    case T_AND:
        on_and(p, t);
        return WEFT_OK;
    case T_OR:
        return on_or(p, t, err);
    case T_NOT:
        on_not(p, t);
        return WEFT_OK;
    case T_NEAR:
        query_warn(p->q, t->at, "NEAR needs a word or phrase on either side: ignored");
        return WEFT_OK;
    case T_OPEN:
        open_frame(p, t->at, top(p)->target, Q_JOIN_NONE);
        return WEFT_OK;
    case T_CLOSE:
        if (p->depth > 0)
            return close_frame(p, t->end, err);
        query_warn(p->q, t->at, "')' without its '(': ignored");
        return WEFT_OK;
    case T_FIELD:
        return on_field(p, t, err);
    default:
        return on_clause(p, t, &top(p)->target, err);
    }
}

static weft_code check_nesting(const query_token *tokens, size_t count, weft_error *err)
{
    size_t open = 0;
    for (size_t i = 0; i < count; i++) {
        if (tokens[i].kind == T_CLOSE && open > 0)
            open--;
        if (tokens[i].kind != T_OPEN)
            continue;
        if (++open > WEFT_QUERY_NESTING_MAX)
            return weft_fail_at(err, WEFT_ELIMIT, tokens[i].at,
                                "brackets nested over %d deep", WEFT_QUERY_NESTING_MAX);
    }
    return WEFT_OK;
}

static weft_code read_tokens(parser *p, size_t end, weft_error *err)
{
    weft_code code = WEFT_OK;
    while (code == WEFT_OK && p->i < p->count) {
        const query_token *t = &p->tokens[p->i++];
        code = on_token(p, t, err);
    }
    while (code == WEFT_OK && p->depth > 0) {
        query_warn(p->q, top(p)->at, "'(' is never closed: read to the end of the query");
        code = close_frame(p, end, err);
    }
    return code == WEFT_OK ? end_frame(p, &p->q->root, err) : code;
}

static weft_code parse_into(query *q, weft_str text, weft_error *err)
{
    query_token *tokens = NULL;
    size_t count = 0;
    const char *copy = weft_str_dup(q, text);
    if (copy == NULL)
        return weft_fail_nomem(err);
    weft_code code = query_lex(q, weft_str_of(copy, text.n), &tokens, &count, err);
    if (code == WEFT_OK)
        code = check_nesting(tokens, count, err);
    if (code != WEFT_OK)
        return code;
    parser *p = talloc_zero(q, parser);
    if (p == NULL)
        return weft_fail_nomem(err);
    p->q = q;
    p->tokens = tokens;
    p->count = count;
    code = read_tokens(p, text.n, err);
    talloc_free(p);
    talloc_free(tokens);
    if (code == WEFT_OK && q->root == NULL)
        query_warn_last(q, 0, "no searchable words");
    if (code == WEFT_OK && q->starved)
        return weft_fail_nomem(err);
    return code;
}

weft_code query_parse(void *mem, weft_str text, const query_options *o, query **out,
                      weft_error *err)
{
    if (text.n > WEFT_QUERY_MAX)
        return weft_fail_at(err, WEFT_ELIMIT, WEFT_QUERY_MAX, "query over %d bytes",
                            WEFT_QUERY_MAX);
    if (o->tz != NULL && weft_tz_check(o->tz, NULL) != WEFT_OK)
        return weft_fail_at(err, WEFT_ESYNTAX, 0, "no time zone '%" WEFT_STR_FMT "'",
                            WEFT_STR_ARG(query_shown(weft_str_from(o->tz))));
    query *q = query_new(mem);
    if (q == NULL)
        return weft_fail_nomem(err);
    q->options = *o;
    weft_code code = parse_into(q, text, err);
    if (code != WEFT_OK) {
        talloc_free(q);
        return code;
    }
    *out = q;
    return WEFT_OK;
}

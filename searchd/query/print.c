/* print.c - a query as it was understood, in one canonical form: for explain and for tests.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ast.h"

#include <assert.h>
#include <inttypes.h>

#include "weft/mem.h"

#include "values.h"
#include "banned.h"

static void add_quoted(weft_buf *out, weft_str text)
{
    weft_buf_add_char(out, '"');
    weft_buf_add(out, text);
    weft_buf_add_char(out, '"');
}

static void add_near_text(weft_buf *out, weft_str text)
{
    if (memchr(text.p, ' ', text.n) == NULL)
        weft_buf_add(out, text);
    else
        add_quoted(out, text);
}

/* False when out of memory. */
static bool add_date(void *mem, weft_buf *out, int64_t s)
{
    if (s == QUERY_DATE_FIRST || s == QUERY_DATE_END)
        return true; /* an open end is left empty */
    char *text = weft_date_render(mem, s);
    if (text == NULL)
        return false;
    weft_buf_add_text(out, text);
    talloc_free(text);
    return true;
}

static bool add_dates(void *mem, weft_buf *out, query_dates dates)
{
    weft_buf_add_char(out, '[');
    if (!add_date(mem, out, dates.lo_s))
        return false;
    weft_buf_add_char(out, ',');
    if (!add_date(mem, out, dates.hi_s))
        return false;
    weft_buf_add_char(out, ')');
    return true;
}

static void add_numbers(weft_buf *out, query_numbers numbers)
{
    weft_buf_add_char(out, '[');
    if (numbers.lo != INT64_MIN)
        weft_buf_addf(out, "%" PRId64, numbers.lo);
    weft_buf_add_char(out, ',');
    if (numbers.hi != INT64_MAX)
        weft_buf_addf(out, "%" PRId64, numbers.hi);
    weft_buf_add_char(out, ']');
}

static bool add_field(void *mem, weft_buf *out, const query_node *node)
{
    weft_buf_add_text(out, node->field->name);
    weft_buf_add_char(out, ':');
    switch (node->field->kind) {
    case WEFT_FIELD_DATE:
        return add_dates(mem, out, node->dates);
    case WEFT_FIELD_NUMBER:
        add_numbers(out, node->numbers);
        return true;
    case WEFT_FIELD_IS:
        weft_buf_add_text(out, query_is_name(node->is));
        return true;
    default:
        break;
    }
    if (node->is_phrase)
        add_quoted(out, node->text);
    else
        weft_buf_add(out, node->text);
    return true;
}

/* False when out of memory. */
static bool add_leaf(void *mem, weft_buf *out, const query_node *node)
{
    switch (node->kind) {
    case Q_PHRASE:
        add_quoted(out, node->text);
        return true;
    case Q_NEAR:
        weft_buf_add_char(out, '(');
        add_near_text(out, node->text);
        weft_buf_addf(out, " NEAR/%u ", node->distance);
        add_near_text(out, node->other);
        weft_buf_add_char(out, ')');
        return true;
    case Q_EXACT:
    case Q_SPELL:
        weft_buf_add_char(out, node->kind == Q_EXACT ? '=' : '~');
        weft_buf_add(out, node->text);
        return true;
    case Q_FIELD:
        return add_field(mem, out, node);
    case Q_JOIN:
        weft_buf_addf(out, "%s:", query_join_name(node->join));
        add_quoted(out, node->text);
        return true;
    default:
        weft_buf_add(out, node->text);
        if (node->kind == Q_PREFIX)
            weft_buf_add_char(out, '*');
        return true;
    }
}

static bool is_bracketed(const query_node *node)
{
    return node->kind == Q_AND || node->kind == Q_OR || node->kind == Q_NEAR;
}

/* What stands before child i of a node, or, with i == count, after its last. */
static void add_between(weft_buf *out, const query_node *node, size_t i)
{
    bool own = !is_bracketed(
        node->children[0]); /* a JOIN's brackets are those of its child, if it has any */
    bool first = i == 0, last = i == node->count;
    switch (node->kind) {
    case Q_AND:
    case Q_OR:
        weft_buf_add_text(out, first                 ? "("
                               : last                ? ")"
                               : node->kind == Q_AND ? " AND "
                                                     : " OR ");
        return;
    case Q_NOT:
        own = node->children[0]->kind == Q_NOT;
        weft_buf_add_text(out, first ? "NOT " : "");
        break;
    default:
        if (first)
            weft_buf_addf(out, "%s:", query_join_name(node->join));
        break;
    }
    if (own)
        weft_buf_add_char(out, first ? '(' : ')');
}

static bool print_tree(void *mem, const query_node *root, weft_buf *out)
{
    struct {
        const query_node *node;
        size_t next;
    } stack[QUERY_DEPTH_MAX];
    size_t height = 0;
    const query_node *node = root;
    for (;;) {
        if (node != NULL && node->count == 0 && !add_leaf(mem, out, node))
            return false;
        if (node != NULL && node->count > 0) {
            assert(height < QUERY_DEPTH_MAX);
            stack[height].node = node;
            stack[height++].next = 0;
        }
        if (height == 0)
            return true;
        const query_node *parent = stack[height - 1].node;
        size_t i = stack[height - 1].next++;
        add_between(out, parent, i);
        node = i < parent->count ? parent->children[i] : NULL;
        if (node == NULL)
            height--;
    }
}

weft_code query_print(void *mem, const query *q, weft_buf *out, weft_error *err)
{
    if (q->root == NULL)
        weft_buf_add_text(out, "()");
    else if (!print_tree(mem, q->root, out))
        return weft_fail_nomem(err);
    return weft_buf_check(out, "query", err);
}

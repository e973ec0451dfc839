/* ast.c - nodes, lists and warnings of a query tree. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ast.h"

#include <assert.h>
#include <stdarg.h>

#include "weft/mem.h"

#include "banned.h"

enum { SHOWN_MAX_BYTES = 40 };

query *query_new(void *mem)
{
    query *q = talloc_zero(mem, query);
    if (q == NULL)
        return NULL;
    q->warnings = weft_new_array(q, query_warning, QUERY_WARNINGS_MAX);
    if (q->warnings == NULL) {
        talloc_free(q);
        return NULL;
    }
    return q;
}

query_node *query_node_new(query *q, query_kind kind, size_t at, size_t end)
{
    query_node *node = talloc_zero(q, query_node);
    if (node == NULL)
        return NULL;
    node->kind = kind;
    node->at = at;
    node->end = end;
    return node;
}

void query_warn(query *q, size_t at, const char *fmt, ...)
{
    if (q->warning_count == QUERY_WARNINGS_MAX)
        return;
    va_list args;
    va_start(args, fmt);
    const char *message = talloc_vasprintf(q, fmt, args);
    va_end(args);
    if (message == NULL) {
        q->starved = true;
        return;
    }
    q->warnings[q->warning_count++] = (query_warning){at, message};
}

void query_warn_last(query *q, size_t at, const char *message)
{
    if (q->warning_count == QUERY_WARNINGS_MAX)
        q->warning_count--;
    q->warnings[q->warning_count++] = (query_warning){at, message};
}

static size_t list_length(query_kind kind, query_node *const *nodes, size_t n)
{
    size_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += nodes[i]->kind == kind ? nodes[i]->count : 1;
    return total;
}

query_node *query_node_list(query *q, query_kind kind, query_node *const *nodes, size_t n)
{
    assert(n > 0);
    if (n == 1)
        return nodes[0];
    query_node *list = query_node_new(q, kind, nodes[0]->at, nodes[n - 1]->end);
    if (list == NULL)
        return NULL;
    list->children = weft_new_array(list, query_node *, list_length(kind, nodes, n));
    if (list->children == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        if (nodes[i]->kind != kind) {
            list->children[list->count++] = nodes[i];
            continue;
        }
        memcpy(list->children + list->count, nodes[i]->children,
               nodes[i]->count * sizeof nodes[i]->children[0]);
        list->count += nodes[i]->count;
    }
    return list;
}

weft_str query_shown(weft_str s)
{
    return weft_str_of(s.p, weft_utf8_cut(s, SHOWN_MAX_BYTES));
}

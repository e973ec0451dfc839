/* fuzz_query.c - any bytes as a query: the tree keeps the promises of ast.h. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "query/parse.h"
#include "query/values.h"
#include "weft/mem.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void require(bool held)
{
    if (!held)
        abort();
}

static bool is_list(const query_node *node)
{
    return node->kind == Q_AND || node->kind == Q_OR;
}

static size_t check_leaf(const query_node *node)
{
    require(node->kind != Q_FIELD || node->field != NULL);
    require(node->kind != Q_JOIN || query_join_takes_name(node->join));
    require(node->text.n > 0);
    if (node->kind != Q_NEAR)
        return 1;
    require(node->other.n > 0 && node->distance >= 1 && node->distance <= QUERY_NEAR_MAX);
    return 0; /* the middle word of a chain stands in two */
}

static void check_children(const query_node *node)
{
    require(is_list(node) ? node->count >= 2 : node->count == 1);
    require(is_list(node) || node->kind == Q_NOT || node->kind == Q_JOIN);
    for (size_t i = 0; i < node->count; i++)
        require(!is_list(node) || node->children[i]->kind != node->kind);
}

static void check_tree(const query *q, size_t n)
{
    struct {
        const query_node *node;
        size_t depth;
    } stack[QUERY_DEPTH_MAX * WEFT_CLAUSES_MAX];
    size_t height = 0, leaves = 0;
    if (q->root == NULL)
        return;
    stack[height].node = q->root;
    stack[height++].depth = 1;
    while (height > 0) {
        const query_node *node = stack[--height].node;
        size_t depth = stack[height].depth;
        require(node->at < node->end && node->end <= n && depth <= QUERY_DEPTH_MAX);
        if (node->count == 0) {
            leaves += check_leaf(node);
            continue;
        }
        check_children(node);
        for (size_t i = 0; i < node->count; i++) {
            require(height < sizeof stack / sizeof stack[0]);
            stack[height].node = node->children[i];
            stack[height++].depth = depth + 1;
        }
    }
    require(leaves <= q->clauses && q->clauses <= WEFT_CLAUSES_MAX);
}

static void run(void *mem, weft_str text, const query_options *o)
{
    query *q = NULL;
    weft_error err = {0};
    weft_code code = query_parse(mem, text, o, &q, &err);
    if (code != WEFT_OK) {
        require((code == WEFT_ELIMIT || code == WEFT_ESYNTAX) && err.has_at &&
                err.at <= text.n && q == NULL);
        return;
    }
    require(q->warning_count <= QUERY_WARNINGS_MAX &&
            (q->root != NULL || q->warning_count > 0));
    for (size_t i = 0; i < q->warning_count; i++)
        require(q->warnings[i].at <= text.n);
    check_tree(q, text.n);
    weft_buf out;
    weft_buf_init(&out, mem, 64 * 1024);
    require(query_print(mem, q, &out, &err) == WEFT_OK && out.n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const query_options zones[] = {{NULL, INT64_C(1368532800)},
                                          {"Pacific/Kiritimati", INT64_C(-1)}};
    weft_scope void *tmp = talloc_new(NULL);
    weft_str text = weft_str_of((const char *)bytes, n), repaired;
    size_t count = 0;
    require(weft_utf8_repair(tmp, text, &repaired, &count, NULL) == WEFT_OK);
    run(tmp, text,
        &zones[0]); /* even bytes that the edge would never let through must not hurt */
    run(tmp, repaired, &zones[1]);
    return 0;
}

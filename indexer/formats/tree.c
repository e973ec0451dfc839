/* tree.c - the small tree one foreign record is kept as while it is read. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tree.h"

#include "weft/mem.h"
#include "banned.h"

static bool take_step(weft_str *rest, tree_step *step)
{
    if (weft_str_starts(*rest, "[]")) {
        *step = (tree_step){.is_element = true};
        *rest = weft_str_of(rest->p + 2, rest->n - 2);
        return true;
    }
    if (rest->n > 0 && rest->p[0] == '.')
        *rest = weft_str_of(rest->p + 1, rest->n - 1);
    size_t n = 0;
    while (n < rest->n && rest->p[n] != '.' && rest->p[n] != '[')
        n++;
    *step = (tree_step){.key = weft_str_of(rest->p, n)};
    *rest = weft_str_of(rest->p + n, rest->n - n);
    return n > 0;
}

weft_code tree_path_parse(void *mem, weft_str text, tree_path *out, weft_error *err)
{
    weft_str rest = text;
    tree_path path = {.steps = weft_new_array(mem, tree_step, text.n)}; /* enough */
    if (path.steps == NULL)
        return weft_fail_nomem(err);
    while (rest.n > 0 && (path.count > 0 || rest.p[0] != '.'))
        if (!take_step(&rest, &path.steps[path.count++]))
            break;
    if (rest.n > 0 || path.count == 0)
        return weft_fail(err, WEFT_ESYNTAX, "'%" WEFT_STR_FMT "' is no path",
                         WEFT_STR_ARG(text));
    *out = path;
    return WEFT_OK;
}

weft_code tree_add(void *mem, tree_node *up, tree_kind kind, weft_str key, weft_str text,
                   tree_node **out, weft_error *err)
{
    tree_node *node = talloc(mem, tree_node);
    if (node == NULL)
        return weft_fail_nomem(err);
    *node = (tree_node){.kind = kind, .up = up, .before = up == NULL ? NULL : up->last};
    node->key = weft_str_of(weft_str_dup(node, key), key.n);
    node->text = weft_str_of(weft_str_dup(node, text), text.n);
    if (node->key.p == NULL || node->text.p == NULL)
        return weft_fail_nomem(err);
    if (up != NULL && up->last != NULL)
        up->last->next = node;
    else if (up != NULL)
        up->first = node;
    if (up != NULL)
        up->last = node;
    *out = node;
    return WEFT_OK;
}

void tree_drop_last(tree_node *up)
{
    tree_node *gone = up->last;
    up->last = gone->before;
    if (up->last == NULL)
        up->first = NULL;
    else
        up->last->next = NULL;
    talloc_free(gone);
}

static const tree_node *step_down(const tree_node *node, const tree_step *step, bool *twice)
{
    const tree_node *found = NULL;
    if (step->is_element)
        return node->kind == TREE_ARRAY ? node->first : NULL;
    if (node->kind != TREE_OBJECT)
        return NULL;
    for (const tree_node *n = node->first; n != NULL; n = n->next) {
        if (!weft_str_eq(n->key, step->key))
            continue;
        *twice = *twice || found != NULL;
        found = found == NULL ? n : found;
    }
    return found;
}

const tree_node *tree_at(const tree_node *root, const tree_path *path, bool *twice)
{
    const tree_node *node = root;
    for (size_t i = 0; node != NULL && i < path->count; i++)
        node = step_down(node, &path->steps[i], twice);
    return node;
}

bool tree_is_at(const tree_node *root, const tree_node *up, weft_str key,
                const tree_path *path)
{
    const tree_node *node = up;
    for (size_t i = path->count; i > 0; i--) {
        const tree_step *step = &path->steps[i - 1];
        if (step->is_element != (node->kind == TREE_ARRAY) ||
            (!step->is_element && !weft_str_eq(step->key, key)))
            return false;
        if (node == root)
            return i == 1;
        key = node->key;
        node = node->up;
    }
    return false;
}

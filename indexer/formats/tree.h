/* tree.h - the small tree one foreign record is kept as while it is read, and paths in it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_TREE_H
#define FORMATS_TREE_H

#include <stdbool.h>

#include "weft/error.h"
#include "weft/str.h"

typedef enum tree_kind {
    TREE_NULL,
    TREE_FALSE,
    TREE_TRUE,
    TREE_NUMBER, /* its text is as written */
    TREE_TEXT,
    TREE_OBJECT,
    TREE_ARRAY
} tree_kind;

/** A value. In an object it has a key, in an array none. */
typedef struct tree_node {
    tree_kind kind;
    weft_str key;
    weft_str text; /* of a number or text */
    struct tree_node *up, *first, *last, *next, *before;
} tree_node;

/** A step of a path: a key, or any element of an array. */
typedef struct tree_step {
    bool is_element;
    weft_str key;
} tree_step;

/** "data.replies.children[]": keys with dots between, "[]" behind one for its elements. */
typedef struct tree_path {
    tree_step *steps;
    size_t count;
} tree_path;

/**
 * Read a path. Its keys are views into text.
 *
 * Owner:   out->steps is in mem.
 * Errors:  WEFT_ESYNTAX for one without a key, WEFT_ENOMEM.
 */
weft_code tree_path_parse(void *mem, weft_str text, tree_path *out,
                          weft_error *err) weft_must_check;

/**
 * A node in mem as the last of up's (NULL: it has none). key and text are copied.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code tree_add(void *mem, tree_node *up, tree_kind kind, weft_str key, weft_str text,
                   tree_node **out, weft_error *err) weft_must_check;

/** Take the last of up's away again, and free it. */
void tree_drop_last(tree_node *up);

/** The value at a path of keys below root; the first of an array where it says "[]". NULL
 * when there is none. *twice becomes true when a key of the path is there twice. */
const tree_node *tree_at(const tree_node *root, const tree_path *path, bool *twice);

/** Whether a value that is about to begin in up, under key if that is an object, stands at
 * the path counted from root. */
bool tree_is_at(const tree_node *root, const tree_node *up, weft_str key,
                const tree_path *path);

#endif

/* map_value.c - what a way of a mapping leads to: conditions, texts, what is cut off them. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "map_value.h"

#include <uthash.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

typedef struct table_row {
    uint64_t key;
    const tree_node *row;
    UT_hash_handle hh;
} table_row;

struct map_rows {
    table_row *rows;
};

static int rows_done(map_rows *rows)
{
    HASH_CLEAR(hh, rows->rows); /* the rows themselves are talloc's */
    return 0;
}

weft_code map_rows_new(void *mem, map_rows **out, weft_error *err)
{
    map_rows *rows = talloc_zero(mem, map_rows);
    if (rows == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(rows, rows_done);
    *out = rows;
    return WEFT_OK;
}

static uint64_t row_key(size_t table, weft_str key)
{
    return weft_str_hash(key) + table;
}

static table_row *find_row(const map_rows *rows, uint64_t key)
{
    table_row *found = NULL;
    if (rows != NULL)
        HASH_FIND(hh, rows->rows, &key, sizeof key, found);
    return found;
}

const tree_node *map_rows_find(const map_rows *rows, size_t table, weft_str key)
{
    const table_row *found = find_row(rows, row_key(table, key));
    return found == NULL ? NULL : found->row;
}

weft_code map_rows_add(map_rows *rows, const mapping *m, size_t table, const tree_node *row,
                       weft_error *err)
{
    bool twice = false;
    const tree_node *node = tree_at(row, &m->tables[table].key, &twice);
    if (node == NULL || (node->kind != TREE_TEXT && node->kind != TREE_NUMBER))
        return WEFT_OK;
    uint64_t key = row_key(table, node->text);
    if (find_row(rows, key) != NULL)
        return WEFT_OK;
    table_row *added = talloc(rows, table_row);
    if (added == NULL)
        return weft_fail_nomem(err);
    *added = (table_row){.key = key, .row = row};
    HASH_ADD(hh, rows->rows, key, sizeof added->key, added);
    return WEFT_OK;
}

/* What a part reads of the record or the one around it; NULL when there is nothing. */
static const tree_node *node_of(map_look *look, const map_part *part)
{
    const map_place *p = look->place;
    const tree_node *node = NULL;
    if (part->base == MAP_HERE)
        node = tree_at(p->record, &part->path, &look->twice);
    else if (p->outer != NULL)
        node = tree_at(p->outer, &part->path, &look->twice);
    if (part->base == MAP_OUTER && node == NULL && p->outer_open)
        look->waits = true;
    return node;
}

/* A text that is not in a tree; a NULL view when there is none. */
static weft_str text_of_place(map_look *look, map_base base)
{
    const map_place *p = look->place;
    if (base == MAP_FILENAME)
        return weft_str_from(p->file);
    if (base == MAP_ROOT)
        look->by_root = true;
    else if (p->outer_open)
        look->waits = true;
    if (base == MAP_ROOT || p->outer_open)
        return weft_str_of(NULL, 0);
    return weft_str_from(base == MAP_ARTICLE ? p->article : p->parent);
}

static bool is_wanted(const map_wanted *w, tree_kind kind, weft_str text)
{
    if (w->any)
        return kind != TREE_NULL;
    return w->kind == kind && weft_str_eq(w->text, text);
}

static bool condition_holds(map_look *look, const map_condition *c)
{
    tree_kind kind = TREE_NULL;
    weft_str text = {0};
    if (c->where.base == MAP_HERE || c->where.base == MAP_OUTER) {
        const tree_node *node = node_of(look, &c->where);
        kind = node == NULL ? TREE_NULL : node->kind;
        text = node == NULL ? text : node->text;
    } else {
        text = text_of_place(look, c->where.base);
        kind = text.p == NULL ? TREE_NULL : TREE_TEXT;
    }
    for (size_t i = 0; i < c->count; i++)
        if (is_wanted(&c->wanted[i], kind, text))
            return true;
    return false;
}

bool map_holds(map_look *look, const map_when *when)
{
    for (size_t i = 0; i < when->count; i++)
        if (!condition_holds(look, &when->conditions[i]))
            return false;
    return true;
}

static bool is_among(weft_str text, const weft_str *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (weft_str_eq(text, texts[i]))
            return true;
    return false;
}

static bool starts(weft_str text, weft_str with)
{
    return with.n == 0 || (text.n >= with.n && memcmp(text.p, with.p, with.n) == 0);
}

static weft_str without(weft_str text, size_t n)
{
    return weft_str_of(text.p + n, text.n - n);
}

/* All before the last separator, or nothing when there are no more parts than at the top. */
static weft_str climb(const map_way *way, weft_str text)
{
    char by = way->climb.p[0];
    uint64_t parts = 1;
    for (size_t i = 0; i < text.n; i++)
        parts += text.p[i] == by ? 1 : 0;
    if (parts <= way->top)
        return weft_str_of(NULL, 0);
    return weft_str_of(text.p,
                       (size_t)((const char *)memrchr(text.p, by, text.n) - text.p));
}

/* &lt; &gt; &amp; once. */
static weft_code decode_entities(map_look *look, weft_str *text)
{
    static const struct {
        const char *name;
        char c;
    } names[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}};
    if (text->n == 0 || memchr(text->p, '&', text->n) == NULL)
        return WEFT_OK;
    char *to = talloc_size(look->mem, text->n + 1);
    size_t n = 0;
    if (to == NULL)
        return weft_fail_nomem(look->err);
    for (weft_str rest = *text; rest.n > 0;) {
        size_t taken = 1;
        to[n] = rest.p[0];
        for (size_t i = 0; i < sizeof names / sizeof names[0] && taken == 1; i++)
            if (weft_str_starts(rest, names[i].name)) {
                to[n] = names[i].c;
                taken = strlen(names[i].name);
            }
        n++;
        rest = without(rest, taken);
    }
    to[n] = '\0';
    *text = weft_str_of(to, n);
    return WEFT_OK;
}

/* The parts of a way one after the other; a NULL view when one of them is not there. */
static weft_code join_parts(map_look *look, const map_way *way, weft_str *out,
                            const tree_node **node)
{
    weft_buf joined;
    weft_buf_init(&joined, look->mem, WEFT_LINE_MAX);
    *out = weft_str_of(NULL, 0);
    for (size_t i = 0; i < way->count; i++) {
        const map_part *part = &way->parts[i];
        weft_str text = part->literal;
        if (part->base == MAP_HERE || part->base == MAP_OUTER) {
            *node = node_of(look, part);
            bool is_text = *node != NULL &&
                           ((*node)->kind == TREE_TEXT || (*node)->kind == TREE_NUMBER);
            text = is_text ? (*node)->text : weft_str_of(NULL, 0);
        } else if (part->base != MAP_LITERAL) {
            text = text_of_place(look, part->base);
        }
        if (text.n == 0)
            return WEFT_OK;
        if (way->count == 1) {
            *out = text;
            return WEFT_OK;
        }
        weft_buf_add(&joined, text);
    }
    *node = NULL;
    *out = weft_buf_str(&joined);
    if (joined.failed == WEFT_ELIMIT) {
        look->fault = "a text over 16777216 bytes";
        return WEFT_OK;
    }
    return weft_buf_check(&joined, "text", look->err);
}

static weft_str take_row(map_look *look, const map_way *way, weft_str key)
{
    const map_place *p = look->place;
    const tree_node *row = map_rows_find(p->rows, (size_t)way->table, key);
    const tree_node *node = row == NULL ? NULL : tree_at(row, &way->take, &look->twice);
    if (row == NULL && p->outer_open)
        look->waits = true;
    if (node == NULL || (node->kind != TREE_TEXT && node->kind != TREE_NUMBER))
        return weft_str_of(NULL, 0);
    return node->text;
}

static weft_code text_of_way(map_look *look, const map_way *way, weft_str *text,
                             const tree_node **node)
{
    *node = NULL;
    *text = weft_str_of(NULL, 0);
    if (!map_holds(look, &way->when))
        return WEFT_OK;
    weft_code code = join_parts(look, way, text, node);
    if (code != WEFT_OK || text->p == NULL)
        return code;
    if (is_among(*text, way->nothing, way->nothing_count) || !starts(*text, way->prefix)) {
        *text = weft_str_of(NULL, 0);
        return WEFT_OK;
    }
    *text = without(*text, way->prefix.n);
    for (size_t i = 0; i < way->strip_count; i++)
        if (starts(*text, way->strip[i])) {
            *text = without(*text, way->strip[i].n);
            break;
        }
    if (way->climb.n > 0)
        *text = climb(way, *text);
    if (way->entities)
        code = decode_entities(look, text);
    if (way->table >= 0 && text->n > 0)
        *text = take_row(look, way, *text);
    return code;
}

weft_code map_text(map_look *look, const map_field *field, weft_str *text,
                   const map_way **way, const tree_node **node)
{
    *text = weft_str_of(NULL, 0);
    for (size_t i = 0; i < field->count; i++) {
        bool by_root = look->by_root;
        *way = &field->ways[i];
        weft_code code = text_of_way(look, *way, text, node);
        if (code != WEFT_OK || text->n > 0 || look->waits || look->by_root != by_root)
            return code;
        if (*node != NULL && (*node)->kind == TREE_ARRAY)
            return WEFT_OK;
    }
    *node = NULL;
    return WEFT_OK;
}

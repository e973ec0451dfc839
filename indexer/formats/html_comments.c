/* html_comments.c - where the comments of a page are and which answers which.
 *
 * Software marks a comment in a few ways (the rules below). Every element is asked once;
 * the rule that finds most comments is the page's shape, and only its finds are marked.
 *
 * A comment's parent is, first that holds: the id it names; the comment it stands inside of;
 * the comment right before the list it stands in (lobste.rs, Drupal's "indented"); by the
 * depth the page gives it, the last comment above that is one less deep.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum {
    ID_BYTES_MAX = 64,
    HN_INDENT_PIXELS = 40,
    BETWEEN_MAX = 3, /* elements between a comment and the list of its replies */
    LOOK_AHEAD = 400 /* nodes of an element that are asked what it is */
};

/* What a rule sees in an element. */
typedef struct find {
    weft_str id, answers;
    long depth;
    bool has_id;
} find;

typedef struct rule {
    const char *shape;
    bool (*sees)(const xmlNode *n, find *out);
} rule;

/* A comment by its id. */
typedef struct by_id {
    html_comment *comment;
    UT_hash_handle hh;
} by_id;

static bool has_comment_class(const xmlNode *n)
{
    weft_str class = html_attribute(n, "class");
    return class.n > 0 && memmem(class.p, class.n, "comment", strlen("comment")) != NULL;
}

/* "123", "123_0" (wpDiscuz: the second number is the parent's). */
static bool read_number(weft_str s, find *out)
{
    size_t n = html_digits(s);
    if (n == 0 || n > ID_BYTES_MAX)
        return false;
    out->id = weft_str_of(s.p, n);
    if (n == s.n)
        return true;
    if (s.p[n] != '_')
        return false;
    weft_str parent = weft_str_of(s.p + n + 1, s.n - n - 1);
    if (html_digits(parent) != parent.n || parent.n > ID_BYTES_MAX)
        return false;
    if (!weft_str_is(parent, "0"))
        out->answers = parent;
    return parent.n > 0;
}

static bool starts_with_any(weft_str id, const char *const *starts, weft_str *rest)
{
    for (size_t i = 0; starts[i] != NULL; i++) {
        if (!weft_str_starts(id, starts[i]))
            continue;
        size_t n = strlen(starts[i]);
        *rest = weft_str_of(id.p + n, id.n - n);
        if (html_digits(*rest) > 0)
            return true;
    }
    return false;
}

/* id="comment-N" and its kin: WordPress, Movable Type, Drupal's anchors, wpDiscuz, Blogger. */
static bool sees_number(const xmlNode *n, find *out)
{
    static const char *const sure[] = {"comment-",     "li-comment-", "div-comment-",
                                       "wc-comm-",     "wpd-comm-",   "comment_",
                                       "wpd-comment-", "comment-id-", NULL};
    static const char *const with_class[] = {"c", "comment", "cmt-", "com-", NULL};
    weft_str rest, id = html_attribute(n, "id");
    if (id.n == 0 && html_is(n, "a"))
        id = html_attribute(n, "name");
    if (id.n == 0 || (!starts_with_any(id, sure, &rest) &&
                      !(has_comment_class(n) && starts_with_any(id, with_class, &rest))))
        return false;
    out->has_id = read_number(rest, out);
    return out->has_id;
}

/* lobste.rs: <div class="comment" data-shortid="abc123">. */
static bool sees_short_id(const xmlNode *n, find *out)
{
    out->id = html_attribute(n, "data-shortid");
    out->has_id = out->id.n > 0 && out->id.n <= ID_BYTES_MAX;
    return out->has_id && html_has_word(n, "class", "comment");
}

/* The width of what pushes a row of Hacker News to the right, in steps. */
static long hn_depth(const xmlNode *row)
{
    size_t looked = 0;
    for (const xmlNode *n = html_next(row, row); n != NULL && looked++ < LOOK_AHEAD;
         n = html_next(row, n)) {
        uint64_t steps;
        if (!html_has_word(n, "class", "ind"))
            continue;
        weft_str indent = html_attribute(n, "indent");
        if (weft_parse_u64(indent, WEFT_THREAD_MAX, &steps, NULL) == WEFT_OK)
            return (long)steps;
        for (const xmlNode *i = html_next(n, n); i != NULL; i = html_next(n, i))
            if (html_is(i, "img") &&
                weft_parse_u64(html_attribute(i, "width"), WEFT_THREAD_MAX, &steps, NULL) ==
                    WEFT_OK)
                return (long)(steps / HN_INDENT_PIXELS);
    }
    return -1;
}

/* Hacker News: <tr class="athing comtr" id="123">. */
static bool sees_hn_row(const xmlNode *n, find *out)
{
    if (!html_is(n, "tr") || !html_has_word(n, "class", "comtr"))
        return false;
    out->id = html_attribute(n, "id");
    out->has_id = out->id.n > 0 && html_digits(out->id) == out->id.n;
    out->depth = hn_depth(n);
    return out->has_id;
}

/* schema.org's Comment as microdata. */
static bool sees_microdata(const xmlNode *n, find *out)
{
    static const char *const types[] = {"schema.org/Comment", "schema.org/UserComments"};
    weft_str type = html_attribute(n, "itemtype");
    bool is_comment = html_has_word(n, "itemprop", "comment");
    for (size_t i = 0; i < sizeof types / sizeof types[0] && type.n > 0; i++)
        is_comment =
            is_comment || memmem(type.p, type.n, types[i], strlen(types[i])) != NULL;
    if (!is_comment || html_is(n, "meta") || html_is(n, "a") || html_is(n, "link"))
        return false;
    find number = {0};
    if (sees_number(n, &number))
        *out = number;
    return true;
}

/* A block of class "comment" that names its author: the last resort. */
static bool sees_class(const xmlNode *n, find *out)
{
    static const char *const blocks[] = {"comment",        "comment-item",
                                         "comment__item",  "comment-wrapper",
                                         "single-comment", NULL};
    weft_str given = html_attribute(n, "data-comment-id");
    if (!html_has_class_of(n, blocks) || html_is(n, "a") || html_is(n, "span"))
        return false;
    size_t looked = 0;
    for (const xmlNode *i = html_next(n, n); i != NULL && looked++ < LOOK_AHEAD;
         i = html_next(n, i)) {
        if (!html_has_class_of(i, html_author_classes))
            continue;
        out->has_id = given.n > 0 && given.n <= ID_BYTES_MAX;
        out->id = given;
        return true;
    }
    return false;
}

static const rule rules[] = {
    {"comments by number, as WordPress writes them", sees_number},
    {"comments of lobste.rs", sees_short_id},
    {"comments of Hacker News", sees_hn_row},
    {"comments as schema.org microdata", sees_microdata},
    {"blocks of class comment", sees_class},
};
enum { RULES = sizeof rules / sizeof rules[0] };

/* "depth-3", "wc_comment_level-3", "level-3": one-based; -1 for none. */
static long class_depth(const xmlNode *n)
{
    static const char *const starts[] = {"depth-", "wc_comment_level-", "wpd-level-",
                                         "comment-level-", NULL};
    weft_str class = html_attribute(n, "class"), rest;
    for (size_t at = 0; at < class.n; at++) {
        if (at > 0 && class.p[at - 1] != ' ')
            continue;
        uint64_t depth;
        if (!starts_with_any(weft_str_of(class.p + at, class.n - at), starts, &rest))
            continue;
        weft_str digits = weft_str_of(rest.p, html_digits(rest));
        if (weft_parse_u64(digits, WEFT_THREAD_MAX, &depth, NULL) == WEFT_OK && depth > 0)
            return (long)depth - 1;
    }
    return -1;
}

static bool is_ping(const xmlNode *n)
{
    static const char *const pings[] = {"pingback", "trackback", "comment-type-pingback",
                                        NULL};
    return html_has_class_of(n, pings);
}

/* An empty anchor stands for the block after it, or else the one around it. */
static xmlNode *block_of(xmlNode *n)
{
    if (!html_is(n, "a") || html_text_bytes(n) > 0)
        return n;
    xmlNode *after = html_sibling_after(n);
    if (after != NULL && has_comment_class(after))
        return after;
    return n->parent != NULL && has_comment_class(n->parent) ? n->parent : n;
}

/* Another element of class "comment" around n with no list between: the same comment. */
static bool is_wrapped(const html_page *p, const xmlNode *n)
{
    for (const xmlNode *up = n->parent; up != NULL && up != p->root; up = up->parent) {
        if (html_is(up, "ul") || html_is(up, "ol") ||
            html_has_class_of(up, html_list_classes))
            return false;
        if (up->_private != NULL)
            return true;
    }
    return false;
}

static weft_code copy_view(void *mem, weft_str s, const char **out, weft_error *err)
{
    *out = NULL;
    if (s.n == 0)
        return WEFT_OK;
    *out = weft_str_dup(mem, s);
    return *out == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

static weft_code add_comment(html_page *p, xmlNode *n, xmlNode *named, const find *f,
                             weft_error *err)
{
    if (p->count == p->room) {
        size_t room = p->room * 2 + 64;
        html_comment **grown = weft_grow_array(p->mem, p->comments, html_comment *, room);
        if (grown == NULL)
            return weft_fail_nomem(err);
        p->comments = grown;
        p->room = room;
    }
    html_comment *c = talloc_zero(p->mem, html_comment);
    if (c == NULL)
        return weft_fail_nomem(err);
    c->node = n;
    c->depth = f->depth >= 0 ? f->depth : class_depth(n);
    c->is_ping = is_ping(n);
    weft_str anchor = html_attribute(named, "id");
    if (anchor.n == 0)
        anchor = html_attribute(named, "name");
    weft_code code = copy_view(p->mem, f->has_id ? f->id : (weft_str){0}, &c->id, err);
    if (code == WEFT_OK)
        code = copy_view(p->mem, f->answers, &c->answers, err);
    if (code == WEFT_OK)
        code = copy_view(p->mem, anchor, &c->anchor, err);
    if (code != WEFT_OK)
        return code;
    n->_private = c;
    p->comments[p->count++] = c;
    return WEFT_OK;
}

/* Add c to the table unless its id is there. The one that has the id in *out. */
static weft_code note_id(html_page *p, by_id **table, html_comment *c, html_comment **out,
                         weft_error *err)
{
    by_id *entry;
    HASH_FIND(hh, *table, c->id, strlen(c->id), entry);
    *out = entry == NULL ? c : entry->comment;
    if (entry != NULL)
        return WEFT_OK;
    entry = talloc_zero(p->mem, by_id);
    if (entry == NULL)
        return weft_fail_nomem(err);
    entry->comment = c;
    HASH_ADD_KEYPTR(hh, *table, c->id, strlen(c->id), entry);
    return entry->hh.tbl == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

/* How many comments each rule sees; an anchor and its block, or a list item and its article,
 * have one id. */
static weft_code count_finds(html_page *p, size_t counts[RULES], weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    html_page scratch = {.mem = tmp};
    for (size_t i = 0; i < RULES; i++) {
        by_id *table = NULL;
        weft_code code = WEFT_OK;
        for (xmlNode *n = p->root; n != NULL && code == WEFT_OK;
             n = html_next(p->root, n)) {
            find f = {.depth = -1};
            if (n->type != XML_ELEMENT_NODE || !rules[i].sees(n, &f))
                continue;
            html_comment *c = talloc_zero(tmp, html_comment), *same = c;
            if (c == NULL)
                code = weft_fail_nomem(err);
            if (code == WEFT_OK && f.has_id)
                code = copy_view(tmp, f.id, &c->id, err);
            if (code == WEFT_OK && f.has_id)
                code = note_id(&scratch, &table, c, &same, err);
            counts[i] += same == c;
        }
        HASH_CLEAR(hh, table);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

/* Mark the element that n is the comment of, unless it has been. */
static weft_code mark(html_page *p, const rule *r, xmlNode *n, by_id **table,
                      weft_error *err)
{
    find f = {.depth = -1};
    if (n->type != XML_ELEMENT_NODE || n->_private != NULL || !r->sees(n, &f))
        return WEFT_OK;
    xmlNode *block = block_of(n);
    if (block->_private != NULL || (!f.has_id && is_wrapped(p, n)))
        return WEFT_OK;
    by_id *entry = NULL;
    weft_str id = f.id;
    if (f.has_id)
        HASH_FIND(hh, *table, id.p, id.n, entry);
    if (entry != NULL)
        return WEFT_OK;
    weft_code code = add_comment(p, block, n, &f, err);
    if (code != WEFT_OK || !f.has_id)
        return code;
    html_comment *same;
    return note_id(p, table, p->comments[p->count - 1], &same, err);
}

/* The comment whose replies the list n holds: the one before it, with nothing to read
 * between, or buttons at most where the list's class says what it is. */
static html_comment *before_list(const xmlNode *n)
{
    bool is_named = html_has_class_of(n, html_list_classes);
    if (!is_named && !html_is(n, "ol") && !html_is(n, "ul"))
        return NULL;
    const xmlNode *before = html_sibling_before(n);
    for (int i = 0; i < BETWEEN_MAX && before != NULL && before->_private == NULL; i++) {
        bool may_pass = html_text_bytes(before) == 0 ||
                        (is_named && html_has_class_of(before, html_comment_chrome));
        before = may_pass ? html_sibling_before(before) : NULL;
    }
    return before == NULL ? NULL : before->_private;
}

static html_comment *structural_parent(const html_page *p, const html_comment *c)
{
    for (const xmlNode *n = c->node; n != NULL && n != p->root; n = n->parent) {
        if (n != c->node && n->_private != NULL)
            return n->_private;
        html_comment *before = before_list(n);
        if (before != NULL && before != c)
            return before;
    }
    return NULL;
}

/* Parents of all comments; last[d] is the last one above at depth d. */
static void find_parents(html_page *p, by_id *table)
{
    html_comment *last[WEFT_DEPTH_MAX] = {0};
    for (size_t i = 0; i < p->count; i++) {
        html_comment *c = p->comments[i];
        by_id *answered = NULL;
        if (c->answers != NULL)
            HASH_FIND(hh, table, c->answers, strlen(c->answers), answered);
        if (answered != NULL && answered->comment != c)
            c->parent = answered->comment;
        else
            c->parent = structural_parent(p, c);
        size_t depth = c->depth < 0 ? 0 : (size_t)c->depth;
        if (depth >= WEFT_DEPTH_MAX)
            depth = WEFT_DEPTH_MAX - 1;
        for (size_t d = depth; c->parent == NULL && c->answers == NULL && d > 0; d--)
            c->parent = last[d - 1];
        if (c->parent != NULL)
            c->parent->is_answered = true;
        last[depth] = c;
        for (size_t d = depth + 1; d < WEFT_DEPTH_MAX && last[d] != NULL; d++)
            last[d] = NULL;
    }
}

weft_code html_find_comments(html_page *p, weft_error *err)
{
    size_t counts[RULES] = {0};
    weft_code code = count_finds(p, counts, err);
    size_t best = 0;
    for (size_t i = 1; i < RULES; i++)
        best =
            counts[i] > counts[best] && (rules[i].sees != sees_class || counts[best] == 0)
                ? i
                : best;
    if (code != WEFT_OK || counts[best] == 0)
        return code;
    p->shape = rules[best].shape;
    by_id *table = NULL;
    for (xmlNode *n = p->root; n != NULL && code == WEFT_OK; n = html_next(p->root, n))
        code = mark(p, &rules[best], n, &table, err);
    if (code == WEFT_OK)
        find_parents(p, table);
    HASH_CLEAR(hh, table);
    return code;
}

/* thread.c - place the comments of one article in their tree, whatever order they came in.
 *
 * The work is done on drafts, sorted by date then id, so that a smaller index is an earlier
 * comment: lists of siblings filled in that order are sorted, and the earliest comment of a
 * cycle is its smallest index. Then, each step a loop over the drafts and none a recursion:
 * parents by id, cycles cut, depths from the top down (which hangs the too deep higher),
 * counts from the bottom up, and last the nodes in thread order.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/thread.h"

#include <assert.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/str.h"

/* Ids are chosen by strangers: uthash's own function is easy to make collide, XXH3 is not
 * by accident. Running out of memory must not end the program, as it does by default, but
 * mark the draft that was not added. */
#define HASH_FUNCTION(key, bytes, value)                                                   \
    ((value) = (unsigned)weft_str_hash(weft_str_of((const char *)(key), (bytes))))
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(draft) ((draft)->is_lost = true)
#include <uthash.h>

#include "banned.h"

typedef struct draft {
    const weft_record *record;
    uint32_t parent; /* index of a draft, or WEFT_NO_NODE */
    uint32_t depth;
    uint32_t first_child, sibling; /* lists in index order, ended by WEFT_NO_NODE */
    uint32_t direct, all;
    uint32_t walk; /* the walk that met it first, while cycles are looked for */
    uint32_t node; /* where it stands in the finished thread */
    bool is_public, orphan, is_lost;
    UT_hash_handle hh;
} draft;

typedef struct build {
    draft *drafts;
    uint32_t count;
    uint32_t first_root;
    uint32_t *order; /* drafts, each after its parent */
    weft_thread *thread;
} build;

/* What is not public is stored without its date: its place must be the same before and after.
 */
static int64_t date_of(const weft_record *r)
{
    return r->status == WEFT_PUBLIC ? r->published_s : WEFT_DATE_UNKNOWN;
}

/* By date, unknown last, then by the bytes of the id. */
static int compare_records(const void *a, const void *b)
{
    const weft_record *ra = *(const weft_record *const *)a,
                      *rb = *(const weft_record *const *)b;
    int64_t date_a = date_of(ra), date_b = date_of(rb);
    bool a_unknown = date_a == WEFT_DATE_UNKNOWN;
    bool b_unknown = date_b == WEFT_DATE_UNKNOWN;
    if (a_unknown != b_unknown)
        return a_unknown ? 1 : -1;
    if (date_a != date_b)
        return date_a < date_b ? -1 : 1;
    return strcmp(ra->id, rb->id);
}

static weft_code fail_full(weft_error *err)
{
    return weft_fail(err, WEFT_ELIMIT, "thread over %d comments", WEFT_THREAD_MAX);
}

/* Set the article apart; the comments, still unsorted, go to comments. */
static weft_code split_records(build *b, weft_record *const *records, size_t count,
                               const weft_record **comments, weft_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const weft_record *r = records[i];
        assert(!r->is_delete);
        if (r->type == WEFT_COMMENT) {
            if (n == WEFT_THREAD_MAX)
                return weft_fail(err, WEFT_ELIMIT, "thread over %d comments",
                                 WEFT_THREAD_MAX);
            comments[n++] = r;
        } else if (b->thread->article != NULL) {
            return weft_fail(err, WEFT_EDUPLICATE, "two records of article '%s'", r->id);
        } else {
            b->thread->article = r;
        }
    }
    b->count = (uint32_t)n;
    return WEFT_OK;
}

static weft_code make_drafts(build *b, void *mem, weft_record *const *records, size_t count,
                             weft_error *err)
{
    if (count > WEFT_THREAD_MAX + 1) /* the comments and the article */
        return fail_full(err);
    const weft_record **comments = weft_new_array(mem, const weft_record *, count);
    if (comments == NULL)
        return weft_fail_nomem(err);
    weft_code code = split_records(b, records, count, comments, err);
    if (code != WEFT_OK)
        return code;
    qsort(comments, b->count, sizeof comments[0], compare_records);
    b->drafts = weft_new_array(mem, draft, b->count);
    b->order = weft_new_array(mem, uint32_t, b->count);
    if (b->drafts == NULL || b->order == NULL)
        return weft_fail_nomem(err);
    for (uint32_t i = 0; i < b->count; i++) {
        b->drafts[i].record = comments[i];
        b->drafts[i].is_public = comments[i]->status == WEFT_PUBLIC;
        b->drafts[i].parent = WEFT_NO_NODE;
    }
    return WEFT_OK;
}

static weft_code fill_table(build *b, draft **table, weft_error *err)
{
    for (uint32_t i = 0; i < b->count; i++) {
        draft *d = &b->drafts[i], *taken = NULL;
        size_t bytes = strlen(d->record->id);
        HASH_FIND(hh, *table, d->record->id, bytes, taken);
        if (taken != NULL)
            return weft_fail(err, WEFT_EDUPLICATE, "two records of comment '%s'",
                             d->record->id);
        HASH_ADD_KEYPTR(hh, *table, d->record->id, bytes, d);
        if (d->is_lost)
            return weft_fail_nomem(err);
    }
    return WEFT_OK;
}

/* A marker of the top level may also be a comment's id. That it is the comment's own id
 * makes no cycle: it is what an exporter writes that numbers comments and articles alike.
 */
static void resolve_parent(build *b, draft *table, draft *d)
{
    const weft_record *r = d->record;
    draft *parent = NULL;
    if (r->parent == NULL)
        return;
    HASH_FIND(hh, table, r->parent, strlen(r->parent), parent);
    if (parent == NULL)
        d->orphan = !r->parent_is_marker;
    else if (parent != d || !r->parent_is_marker)
        d->parent = (uint32_t)(parent - b->drafts);
}

static weft_code resolve_parents(build *b, weft_error *err)
{
    draft *table = NULL;
    weft_code code = fill_table(b, &table, err);
    for (uint32_t i = 0; code == WEFT_OK && i < b->count; i++)
        resolve_parent(b, table, &b->drafts[i]);
    HASH_CLEAR(hh, table);
    return code;
}

/* start is on a cycle: hang its earliest comment on the top. */
static void cut_cycle(build *b, uint32_t start)
{
    uint32_t earliest = start;
    for (uint32_t i = b->drafts[start].parent; i != start; i = b->drafts[i].parent)
        if (i < earliest)
            earliest = i;
    b->drafts[earliest].parent = WEFT_NO_NODE;
    b->drafts[earliest].orphan = true;
    b->thread->cycles++;
}

/* Walk up from each draft until the top or a draft met before: met in this very walk, it is
 * on a cycle. */
static void cut_cycles(build *b)
{
    for (uint32_t start = 0; start < b->count; start++) {
        uint32_t walk = start + 1, i = start;
        while (i != WEFT_NO_NODE && b->drafts[i].walk == 0) {
            b->drafts[i].walk = walk;
            i = b->drafts[i].parent;
        }
        if (i != WEFT_NO_NODE && b->drafts[i].walk == walk)
            cut_cycle(b, i);
    }
}

/* Lists of children from the parents. Filled from the last to the first, so that each is in
 * index order. */
static void link_children(build *b)
{
    b->first_root = WEFT_NO_NODE;
    for (uint32_t i = 0; i < b->count; i++)
        b->drafts[i].first_child = WEFT_NO_NODE;
    for (uint32_t i = b->count; i-- > 0;) {
        draft *d = &b->drafts[i];
        uint32_t *head =
            d->parent == WEFT_NO_NODE ? &b->first_root : &b->drafts[d->parent].first_child;
        d->sibling = *head;
        *head = i;
    }
}

static uint32_t append_list(build *b, uint32_t first, uint32_t n)
{
    for (uint32_t i = first; i != WEFT_NO_NODE; i = b->drafts[i].sibling)
        b->order[n++] = i;
    return n;
}

/* Depths from the top down, level by level, which fills order. The parent of a draft at the
 * greatest depth is its ancestor of the depth before, and so is that of everything below
 * it. */
static void set_depths(build *b)
{
    uint32_t n = append_list(b, b->first_root, 0);
    for (uint32_t head = 0; head < n; head++) {
        const draft *parent = &b->drafts[b->order[head]];
        uint32_t first = n;
        n = append_list(b, parent->first_child, n);
        for (uint32_t i = first; i < n; i++) {
            draft *child = &b->drafts[b->order[i]];
            child->depth = parent->depth + 1;
            if (child->depth <= WEFT_DEPTH_MAX)
                continue;
            child->depth = WEFT_DEPTH_MAX;
            child->parent = parent->parent;
            b->thread->too_deep++;
        }
    }
    assert(n == b->count);
}

/* From the bottom up: what is public below each draft. */
static void count_below(build *b)
{
    for (uint32_t i = b->count; i-- > 0;) {
        const draft *d = &b->drafts[b->order[i]];
        if (d->parent == WEFT_NO_NODE)
            continue;
        draft *parent = &b->drafts[d->parent];
        parent->direct += d->is_public;
        parent->all += d->all + d->is_public;
    }
}

static bool is_gone(const draft *d)
{
    return !d->is_public && d->all == 0;
}

static void add_totals(weft_thread *t, const draft *d)
{
    t->public_count += d->is_public;
    t->orphans += d->is_public && d->orphan;
    t->places += !d->is_public && d->all > 0;
}

static void fill_node(const build *b, const draft *d)
{
    weft_node *node = &b->thread->nodes[d->node];
    node->record = d->record;
    node->parent = d->parent == WEFT_NO_NODE ? WEFT_NO_NODE : b->drafts[d->parent].node;
    node->depth = d->depth;
    node->direct = d->direct;
    node->all = d->all;
    node->orphan = d->orphan;
    node->place = !d->is_public && d->all > 0;
    node->gone = is_gone(d);
}

/* The next draft in thread order: down, else along, else along from the nearest ancestor
 * that has a next sibling. */
static uint32_t next_in_thread(const build *b, uint32_t i)
{
    if (b->drafts[i].first_child != WEFT_NO_NODE)
        return b->drafts[i].first_child;
    while (i != WEFT_NO_NODE && b->drafts[i].sibling == WEFT_NO_NODE)
        i = b->drafts[i].parent;
    return i == WEFT_NO_NODE ? WEFT_NO_NODE : b->drafts[i].sibling;
}

/* The nodes: what is shown in thread order, then what is gone, in thread order as well. */
static void fill_nodes(build *b)
{
    uint32_t gone = 0;
    for (uint32_t i = 0; i < b->count; i++) {
        add_totals(b->thread, &b->drafts[i]);
        gone += is_gone(&b->drafts[i]);
    }
    uint32_t next_shown = 0, next_gone = b->count - gone;
    for (uint32_t i = b->first_root; i != WEFT_NO_NODE; i = next_in_thread(b, i)) {
        draft *d = &b->drafts[i];
        d->node = is_gone(d) ? next_gone++ : next_shown++;
        fill_node(b, d);
    }
}

static weft_code new_thread(build *b, void *mem, const char *article_id, weft_error *err)
{
    b->thread = talloc_zero(mem, weft_thread);
    if (b->thread == NULL)
        return weft_fail_nomem(err);
    b->thread->article_id = talloc_strdup(b->thread, article_id);
    return b->thread->article_id == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

weft_code weft_thread_build(void *mem, const char *article_id, weft_record *const *records,
                            size_t count, weft_thread **out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    build b = {0};
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_code code = new_thread(&b, tmp, article_id, err);
    if (code == WEFT_OK)
        code = make_drafts(&b, tmp, records, count, err);
    if (code == WEFT_OK)
        code = resolve_parents(&b, err);
    if (code != WEFT_OK)
        return code;
    b.thread->nodes = weft_new_array(b.thread, weft_node, b.count);
    if (b.thread->nodes == NULL)
        return weft_fail_nomem(err);
    b.thread->node_count = b.count;
    b.thread->hidden =
        b.thread->article != NULL && b.thread->article->status != WEFT_PUBLIC;
    cut_cycles(&b);
    link_children(&b);
    set_depths(&b);
    link_children(&b);
    count_below(&b);
    fill_nodes(&b);
    *out = talloc_steal(mem, b.thread);
    return WEFT_OK;
}

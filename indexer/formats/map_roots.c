/* map_roots.c - the article of comments that name a parent only.
 *
 * Known are the articles of the ids that came; a comment whose parent is not among them waits
 * under that parent's id. When the parent comes, all that waits under it follows, and so on.
 * What still waits at the end hangs on ids that never came: those are taken for articles. In a
 * ring of parents no id is missing; it is opened at the one that came first.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "map_run.h"

#include <uthash.h>

#include "weft/mem.h"
#include "banned.h"

typedef struct waiting {
    weft_record *r;
    size_t line;
    bool gone;
    struct waiting *next;  /* under the same parent */
    struct waiting *after; /* in the order they came */
} waiting;

typedef struct known {
    uint64_t key;
    const char *article; /* NULL: it has not come, but others wait for it */
    bool has_come;       /* as a comment that waits itself */
    waiting *first, *last;
    UT_hash_handle hh;
} known;

/* A text that many ids share. */
typedef struct shared_text {
    uint64_t key;
    const char *text;
    UT_hash_handle hh;
} shared_text;

/* Ids are many and never freed one by one. */
enum { BLOCK_IDS = 1024 };

struct map_roots {
    map_roots_emit emit;
    void *ctx;
    known *ids, *block; /* block: BLOCK_IDS of them, the first `used` taken */
    size_t used;
    shared_text *texts;
    waiting *oldest, *newest;
};

static int roots_done(map_roots *roots)
{
    HASH_CLEAR(hh, roots->ids); /* the entries are talloc's */
    HASH_CLEAR(hh, roots->texts);
    return 0;
}

weft_code map_roots_new(void *mem, map_roots_emit emit, void *ctx, map_roots **out,
                        weft_error *err)
{
    map_roots *roots = talloc_zero(mem, map_roots);
    if (roots == NULL)
        return weft_fail_nomem(err);
    roots->emit = emit;
    roots->ctx = ctx;
    talloc_set_destructor(roots, roots_done);
    *out = roots;
    return WEFT_OK;
}

static weft_code find_id(map_roots *roots, const char *id, known **out, weft_error *err)
{
    uint64_t key = weft_str_hash(weft_str_from(id));
    HASH_FIND(hh, roots->ids, &key, sizeof key, *out);
    if (*out != NULL)
        return WEFT_OK;
    if (roots->block == NULL || roots->used == BLOCK_IDS) {
        roots->block = weft_new_array(roots, known, BLOCK_IDS);
        roots->used = 0;
    }
    if (roots->block == NULL)
        return weft_fail_nomem(err);
    *out = &roots->block[roots->used++];
    (*out)->key = key;
    HASH_ADD(hh, roots->ids, key, sizeof key, *out);
    return WEFT_OK;
}

static weft_code share(map_roots *roots, const char *text, const char **out,
                       weft_error *err)
{
    shared_text *found;
    uint64_t key = weft_str_hash(weft_str_from(text));
    HASH_FIND(hh, roots->texts, &key, sizeof key, found);
    if (found == NULL) {
        found = talloc_zero(roots, shared_text);
        if (found == NULL)
            return weft_fail_nomem(err);
        found->key = key;
        found->text = talloc_strdup(found, text);
        if (found->text == NULL)
            return weft_fail_nomem(err);
        HASH_ADD(hh, roots->texts, key, sizeof key, found);
    }
    *out = found->text;
    return WEFT_OK;
}

static weft_code release(map_roots *roots, waiting *w, const char *article, weft_error *err)
{
    w->gone = true;
    w->r->article = article;
    weft_code code = roots->emit(roots->ctx, w->r, w->line, err);
    talloc_free(w->r);
    w->r = NULL;
    return code;
}

/* An id's article is known: what waits under it follows, level by level, without recursion. */
static weft_code settle(map_roots *roots, known *id, const char *article, weft_error *err)
{
    weft_code code = WEFT_OK;
    waiting *todo = id->first, *last = id->last;
    id->article = article;
    id->first = id->last = NULL;
    for (waiting *w = todo; w != NULL && code == WEFT_OK; w = w->next) {
        known *own = NULL;
        if (w->r->id != NULL)
            code = find_id(roots, w->r->id, &own, err);
        if (code == WEFT_OK)
            code = release(roots, w, article, err);
        if (code != WEFT_OK || own == NULL || own->article != NULL)
            continue;
        own->article = article;
        if (own->first == NULL)
            continue;
        last->next = own->first;
        last = own->last;
        own->first = own->last = NULL;
    }
    return code;
}

weft_code map_roots_know(map_roots *roots, const char *id, const char *article,
                         weft_error *err)
{
    known *found;
    const char *kept = NULL;
    weft_code code = find_id(roots, id, &found, err);
    if (code == WEFT_OK)
        code = share(roots, article, &kept, err);
    return code == WEFT_OK ? settle(roots, found, kept, err) : code;
}

static weft_code wait_for(map_roots *roots, known *parent, const weft_record *r,
                          size_t line, weft_error *err)
{
    waiting *w = talloc_zero(roots, waiting);
    if (w == NULL)
        return weft_fail_nomem(err);
    w->line = line;
    weft_code code = weft_record_copy(w, r, &w->r, err);
    if (code != WEFT_OK)
        return code;
    if (parent->last != NULL)
        parent->last->next = w;
    else
        parent->first = w;
    parent->last = w;
    if (roots->newest != NULL)
        roots->newest->after = w;
    else
        roots->oldest = w;
    roots->newest = w;
    return WEFT_OK;
}

weft_code map_roots_put(map_roots *roots, const weft_record *r, size_t line,
                        weft_error *err)
{
    known *parent, *own = NULL;
    weft_record found = *r;
    if (r->parent == NULL) /* refused by the check: a comment without article */
        return roots->emit(roots->ctx, r, line, err);
    weft_code code = find_id(roots, r->parent, &parent, err);
    if (code == WEFT_OK && r->id != NULL)
        code = find_id(roots, r->id, &own, err);
    if (code != WEFT_OK)
        return code;
    if (own != NULL)
        own->has_come = true;
    if (parent->article == NULL)
        return wait_for(roots, parent, r, line, err);
    found.article = parent->article;
    code = roots->emit(roots->ctx, &found, line, err);
    return code == WEFT_OK && own != NULL && own->article == NULL
               ? settle(roots, own, parent->article, err)
               : code;
}

/* Those that wait for an id that never came; then, in rings, the first that is left. */
static weft_code settle_all(map_roots *roots, bool rings, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (waiting *w = roots->oldest; w != NULL && code == WEFT_OK; w = w->after) {
        known *parent;
        const char *kept;
        if (w->gone)
            continue;
        code = find_id(roots, w->r->parent, &parent, err);
        if (code != WEFT_OK || (parent->has_come && !rings))
            continue;
        code = share(roots, w->r->parent, &kept, err);
        if (code == WEFT_OK)
            code = settle(roots, parent, kept, err);
    }
    return code;
}

weft_code map_roots_end(map_roots *roots, weft_error *err)
{
    weft_code code = settle_all(roots, false, err);
    return code == WEFT_OK ? settle_all(roots, true, err) : code;
}

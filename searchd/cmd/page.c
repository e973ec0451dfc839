/* page.c - the part of a search's answer that a reply shows: by offset, or on from a cursor.
 *
 * There are two ways on. A flat list in the order of a value goes on after the key of the
 * last hit, a range on the slot that orders it: what was not touched is neither repeated nor
 * lost, whatever was committed. Groups and scores go on by place: at the same revision the
 * list is the same and the place is a number; at another one it is after the hit that was
 * last, and what stood on the page before is left out.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "view.h"
#include "banned.h"

enum { KEY_DATE_BYTES = 8, HOUR_S = 3600 };

/* A hit or a group in the order of the answer. */
typedef struct item {
    uint64_t id;
    double score;
    uint32_t docid; /* of a group its best */
} item;

/* Which items of a list make the page. */
typedef struct choice {
    size_t *at; /* s->options.limit of them at most */
    size_t count;
    size_t end; /* of the list, after the last of them */
    bool more;
} choice;

/* Keys that do not change what stands where. */
static const char *const unordered[] = {"cursor",  "offset",  "limit",  "context",
                                        "snippet", "explain", "facets", "timeout_ms"};

static weft_code hash_question(const weft_request *r, uint64_t *out, weft_error *err)
{
    json_t *keys = json_copy(r->keys);
    for (size_t i = 0; keys != NULL && i < sizeof unordered / sizeof *unordered; i++)
        json_object_del(keys, unordered[i]);
    char *text = keys == NULL ? NULL : json_dumps(keys, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(keys);
    if (text == NULL)
        return weft_fail_nomem(err);
    *out = weft_str_hash(weft_str_from(text));
    free(text);
    return WEFT_OK;
}

weft_code page_read_cursor(search *s, weft_error *err)
{
    const char *text = weft_request_text(s->request, "cursor");
    weft_code code = hash_question(s->request, &s->question, err);
    s->has_cursor = text != NULL;
    s->now_s = time(NULL);
    if (code != WEFT_OK || text == NULL)
        return code;
    if (json_object_get(s->request->keys, "offset") != NULL)
        return weft_fail(err, WEFT_EUSAGE, "'offset' does not go with 'cursor'");
    code = cursor_read(s->c->mem, weft_str_from(text), &s->cursor, err);
    if (code == WEFT_OK && s->cursor.question != s->question)
        code = weft_fail(err, WEFT_EUSAGE,
                         "the cursor is of another query, or of one with other keys");
    s->now_s = s->cursor.now_s;
    bool by_key = search_is_by_value(s) && s->group == GROUP_NONE;
    if (code == WEFT_OK && s->cursor.by_key != by_key)
        code = weft_fail(err, WEFT_EUSAGE, "'cursor' is damaged: give it as it came");
    return code;
}

/* What tells documents apart in a cursor: their references, hashed. */
static weft_code read_ids(const search *s, const uint32_t *docids, size_t count,
                          uint64_t *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str *keys = weft_new_array(tmp, weft_str, count);
    if (keys == NULL)
        return weft_fail_nomem(err);
    weft_code code =
        view_values(s->c->index, tmp, WEFT_SLOT_NEWEST, docids, count, keys, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++) {
        size_t date = keys[i].n < KEY_DATE_BYTES ? keys[i].n : KEY_DATE_BYTES;
        out[i] = weft_str_hash(weft_str_of(keys[i].p + date, keys[i].n - date));
    }
    return code;
}

/* Fill in the ids of items whose docids are known. */
static weft_code identify(const search *s, item *items, size_t count, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    uint32_t *docids = weft_new_array(tmp, uint32_t, count);
    uint64_t *ids = weft_new_array(tmp, uint64_t, count);
    if (docids == NULL || ids == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < count; i++)
        docids[i] = items[i].docid;
    weft_code code = read_ids(s, docids, count, ids, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        items[i].id = ids[i];
    return code;
}

/* The cursor after the items of a page by place, the last of them last. */
static weft_code next_by_place(search *s, const item *items, size_t count, size_t shown,
                               weft_error *err)
{
    if (count == 0 || shown >= WEFT_WINDOW_MAX)
        return WEFT_OK;
    cursor c = {.question = s->question,
                .revision = s->c->index->revision,
                .now_s = s->now_s,
                .shown = (uint32_t)shown,
                .score = items[count - 1].score,
                .ids = weft_new_array(s->c->mem, uint64_t, count)};
    if (c.ids == NULL)
        return weft_fail_nomem(err);
    while (c.id_count < count) {
        c.ids[c.id_count] = items[c.id_count].id;
        c.id_count++;
    }
    return cursor_write(s->c->mem, &c, &s->next, err);
}

/* Whether a document is as it was at a revision. */
static weft_code is_untouched(const search *s, uint32_t docid, uint64_t revision, bool *out,
                              weft_error *err)
{
    weft_stored *stored;
    weft_code code = view_read(s->c->index, s->c->mem, docid, &stored, err);
    *out = code == WEFT_OK && stored->changed <= revision;
    return code;
}

static size_t find_item(const item *items, size_t count, uint64_t id)
{
    size_t i = 0;
    while (i < count && items[i].id != id)
        i++;
    return i;
}

/* Where a list of another revision goes on: after what stood last on the page before and was
 * not touched since; where all of it was, after the score of the last. */
static weft_code place_again(const search *s, const item *items, size_t count, size_t *out,
                             weft_error *err)
{
    const cursor *c = &s->cursor;
    for (size_t k = c->id_count; k > 0; k--) {
        bool is_same = false;
        size_t i = find_item(items, count, c->ids[k - 1]);
        weft_code code = i == count
                             ? WEFT_OK
                             : is_untouched(s, items[i].docid, c->revision, &is_same, err);
        *out = i + 1;
        if (code != WEFT_OK || is_same)
            return code;
    }
    size_t i = 0;
    while (i < count && items[i].score >= c->score)
        i++;
    *out = i < count ? i : c->shown < count ? c->shown : count;
    return WEFT_OK;
}

static bool was_shown(const cursor *c, uint64_t id)
{
    for (size_t i = 0; i < c->id_count; i++)
        if (c->ids[i] == id)
            return true;
    return false;
}

/* The items of the page, in a list of another revision than the cursor's. */
static weft_code choose_moved(search *s, const item *items, size_t count, choice *out,
                              weft_error *err)
{
    size_t i, limit = s->options.limit;
    s->moved = true;
    weft_code code = place_again(s, items, count, &i, err);
    for (; code == WEFT_OK && i < count && !out->more; i++) {
        if (was_shown(&s->cursor, items[i].id))
            continue;
        out->more = out->count == limit;
        if (out->more)
            break;
        out->at[out->count++] = i;
        out->end = i + 1;
    }
    return code;
}

static bool is_moved(const search *s)
{
    return s->has_cursor && s->cursor.revision != s->c->index->revision;
}

/* Items of a list that is looked through for a place: what was shown and what is wanted. */
static uint32_t far_enough(const search *s)
{
    uint32_t wanted = s->cursor.shown + s->options.limit + (uint32_t)s->cursor.id_count + 1;
    return wanted < WEFT_WINDOW_MAX ? wanted : WEFT_WINDOW_MAX + 1;
}

/* Where the page begins and how long it is, inside the window, when nothing has moved. */
static size_t first_of(search *s, size_t *limit)
{
    size_t first = s->has_cursor ? s->cursor.shown : s->options.offset;
    *limit = s->options.limit;
    if (first + *limit > WEFT_WINDOW_MAX)
        *limit = first > WEFT_WINDOW_MAX ? 0 : WEFT_WINDOW_MAX - first;
    return first;
}

static weft_code items_of_hits(const search *s, item **out, weft_error *err)
{
    const rank_result *f = &s->found;
    *out = weft_new_array(s->c->mem, item, f->hit_count);
    if (*out == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < f->hit_count; i++)
        (*out)[i] = (item){0, f->hits[i].score, f->hits[i].docid};
    return identify(s, *out, f->hit_count, err);
}

/* A flat page of another revision, by place. */
static weft_code find_moved_hits(search *s, weft_error *err)
{
    item *items;
    choice chosen = {.at = weft_new_array(s->c->mem, size_t, s->options.limit)};
    weft_match_options o = s->options;
    if (chosen.at == NULL)
        return weft_fail_nomem(err);
    o.offset = 0;
    o.limit = far_enough(s);
    weft_code code = rank_page(s->ranking, &o, &s->found, err);
    if (code == WEFT_OK)
        code = items_of_hits(s, &items, err);
    if (code == WEFT_OK)
        code = choose_moved(s, items, s->found.hit_count, &chosen, err);
    for (size_t i = 0; code == WEFT_OK && i < chosen.count; i++) {
        s->found.hits[i] = s->found.hits[chosen.at[i]];
        items[i] = items[chosen.at[i]];
    }
    s->found.hit_count = chosen.count;
    return code == WEFT_OK && chosen.more
               ? next_by_place(s, items, chosen.count, chosen.end, err)
               : code;
}

/* The cursor after a flat page that has more after it. */
static weft_code next_of_hits(search *s, size_t shown, weft_error *err)
{
    item *items;
    const rank_result *f = &s->found;
    if (f->hit_count == 0)
        return WEFT_OK;
    if (!s->options.by_value) {
        weft_code code = items_of_hits(s, &items, err);
        return code == WEFT_OK ? next_by_place(s, items, f->hit_count, shown, err) : code;
    }
    const rank_hit *last = &f->hits[f->hit_count - 1];
    cursor c = {.question = s->question,
                .revision = s->c->index->revision,
                .now_s = s->now_s,
                .shown = (uint32_t)shown,
                .by_key = true,
                .relaxed = last->relaxed};
    weft_code code = weft_reader_value(s->c->index->reader, s->c->mem, last->docid,
                                       s->options.order_slot, &c.key, err);
    return code == WEFT_OK ? cursor_write(s->c->mem, &c, &s->next, err) : code;
}

/* A flat page at an offset: one hit more is asked for, to see whether there is one. */
static weft_code find_hits(search *s, weft_error *err)
{
    size_t limit, first = first_of(s, &limit);
    weft_match_options o = s->options;
    o.offset = (uint32_t)first;
    o.limit = (uint32_t)limit + 1;
    weft_code code = rank_page(s->ranking, &o, &s->found, err);
    bool more = s->found.hit_count > limit;
    if (code != WEFT_OK || !more)
        return code;
    s->found.hit_count = limit;
    return next_of_hits(s, first + limit, err);
}

static weft_code count_tier(search *s, weft_q tier, weft_match_result *out, weft_error *err)
{
    weft_match_options o = s->options;
    o.offset = o.limit = 0;
    return weft_match(s->plan->builder, tier, &o, s->c->mem, out, err);
}

/* Hits of a tier after a key, as far as the page has room, and one more. An empty key is
 * before all. */
static weft_code take_after(search *s, weft_q tier, bool relaxed, weft_str key,
                            weft_error *err)
{
    weft_builder *b = s->plan->builder;
    rank_result *f = &s->found;
    weft_match_result page = {0};
    weft_match_options o = s->options;
    char *after = talloc_zero_size(s->c->mem, key.n + 1);
    if (after == NULL)
        return weft_fail_nomem(err);
    if (key.n > 0) { /* with a NUL at its end: the least that is greater */
        memcpy(after, key.p, key.n);
        weft_str least = weft_str_of(after, key.n + 1), none = weft_str_of(NULL, 0);
        tier = weft_q_filter(b, tier, weft_q_range(b, o.order_slot, least, none));
    }
    o.offset = 0;
    o.limit = s->options.limit + 1 - (uint32_t)f->hit_count;
    o.count_to = 0;
    weft_code code = weft_match(b, tier, &o, s->c->mem, &page, err);
    f->first.partial = f->first.partial || page.partial;
    for (size_t i = 0; code == WEFT_OK && i < page.hit_count; i++)
        f->hits[f->hit_count++] =
            (rank_hit){.docid = page.hits[i].docid, .relaxed = relaxed};
    return code;
}

/* A flat page after the key of a cursor: of the first tier, then of the relaxed one. */
static weft_code find_after_key(search *s, weft_error *err)
{
    const cursor *c = &s->cursor;
    const plan *p = s->plan;
    rank_result *f = &s->found;
    size_t limit = s->options.limit;
    f->hits = weft_new_array(s->c->mem, rank_hit, limit + 1);
    if (f->hits == NULL)
        return weft_fail_nomem(err);
    weft_code code = count_tier(s, p->hits, &f->first, err);
    if (code == WEFT_OK && !c->relaxed)
        code = take_after(s, p->hits, false, c->key, err);
    bool room = c->relaxed || (f->first.exact && f->hit_count <= limit);
    f->has_relaxed = room && p->relaxed != WEFT_Q_NOTHING;
    weft_str key = c->relaxed ? c->key : weft_str_of(NULL, 0);
    if (code == WEFT_OK && f->has_relaxed)
        code = count_tier(s, p->relaxed, &f->relaxed, err);
    if (code == WEFT_OK && f->has_relaxed)
        code = take_after(s, p->relaxed, true, key, err);
    if (code != WEFT_OK || f->hit_count <= limit)
        return code;
    f->hit_count = limit;
    return next_of_hits(s, c->shown + limit, err);
}

static weft_code items_of_groups(const search *s, grouping *g, size_t first, size_t count,
                                 item **out, weft_error *err)
{
    *out = weft_new_array(s->c->mem, item, count);
    if (*out == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < count; i++) {
        const rank_hit *best = group_best(g, first + i);
        (*out)[i] = (item){0, best->score, best->docid};
    }
    weft_code code = identify(s, *out, count, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        if (group_key(g, first + i).n > 0)
            (*out)[i].id = weft_str_hash(group_key(g, first + i));
    return code;
}

/* Which groups make the page. */
static weft_code choose_groups(search *s, grouping *g, choice *out, weft_error *err)
{
    item *items;
    if (is_moved(s)) {
        weft_code code = group_want(g, far_enough(s), err);
        size_t known = group_count(g);
        if (code == WEFT_OK)
            code = items_of_groups(s, g, 0, known, &items, err);
        return code == WEFT_OK ? choose_moved(s, items, known, out, err) : code;
    }
    size_t limit, first = first_of(s, &limit);
    weft_code code = group_want(g, first + limit + 1, err);
    out->end = first + limit;
    out->more = group_count(g) > out->end;
    for (size_t i = first; i < group_count(g) && out->count < limit; i++)
        out->at[out->count++] = i;
    return code;
}

static weft_code find_groups(search *s, weft_error *err)
{
    grouping *g;
    item *items;
    choice chosen = {.at = weft_new_array(s->c->mem, size_t, s->options.limit)};
    s->groups = weft_new_array(s->c->mem, group, s->options.limit);
    if (chosen.at == NULL || s->groups == NULL)
        return weft_fail_nomem(err);
    weft_code code = group_open(s->c, s->ranking, s->plan, &s->options, s->group, &g, err);
    if (code == WEFT_OK)
        code = choose_groups(s, g, &chosen, err);
    for (size_t i = 0; code == WEFT_OK && i < chosen.count; i++)
        code =
            group_take(g, chosen.at[i], s->group_hits, &s->groups[s->group_count++], err);
    if (code == WEFT_OK)
        code = group_total(g, &s->group_total, err);
    if (code != WEFT_OK)
        return code;
    s->found = *group_hits(g);
    if (!chosen.more || chosen.count == 0)
        return WEFT_OK;
    size_t last = chosen.at[chosen.count - 1], first = chosen.at[0];
    code = items_of_groups(s, g, first, last + 1 - first, &items, err);
    for (size_t i = 0; code == WEFT_OK && i < chosen.count; i++)
        items[i] = items[chosen.at[i] - first];
    return code == WEFT_OK ? next_by_place(s, items, chosen.count, chosen.end, err) : code;
}

/* The priors' now is a whole hour, so that pages by offset agree on it. */
weft_code page_find(search *s, weft_error *err)
{
    if (s->plan->is_empty)
        return WEFT_OK;
    weft_code code = ranking_new(s->c->index, s->c->mem, s->plan, &s->ranking, err);
    if (code != WEFT_OK)
        return code;
    s->priors.now_s = s->now_s - s->now_s % HOUR_S;
    ranking_set_priors(s->ranking, &s->priors);
    if (s->group != GROUP_NONE)
        return find_groups(s, err);
    if (s->has_cursor && s->cursor.by_key)
        return find_after_key(s, err);
    return is_moved(s) ? find_moved_hits(s, err) : find_hits(s, err);
}

/* json_frames.c - the records that are open while JSON is read, one inside the other.
 *
 * Every object where the mapping says that a record may stand, and every object that is a
 * document by itself, has a frame with a small tree of its own; it does not become part of the
 * tree around it. A record goes out when its frame ends. One that needs something of the
 * record around it (its id, its title) waits there until that one ends too, so that only the
 * records of one document are ever held, and mostly one alone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json_frames.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { NODE_BYTES = 256 }; /* about what a node costs beside its texts */

typedef struct frame {
    struct frame *outer;
    tree_node *root, *at; /* at: the container that is open */
    size_t line, bytes;
    int table;                    /* its rows are a table's; -1: it is a record */
    size_t records;               /* others stood in it */
    bool is_too_large;            /* nothing more is kept; it will be refused */
    bool is_broken;               /* never ended */
    const char *article, *parent; /* ids of those it stands in */
    const char *id;               /* its own, once it has ended */
    bool is_article, is_comment;
    struct frame *first_waiting, *last_waiting, *next;
} frame;

struct json_frames {
    map_run *run;
    const mapping *mapping;
    frame *open;    /* the innermost */
    void *document; /* memory that lives as long as a document: rows of tables */
    size_t depth;
    size_t skipping; /* containers open that are not kept */
    bool skip_value; /* the next value is not kept */
    weft_buf key;
};

weft_code json_frames_new(void *mem, map_run *run, const mapping *m, json_frames **out,
                          weft_error *err)
{
    json_frames *f = talloc_zero(mem, json_frames);
    if (f == NULL)
        return weft_fail_nomem(err);
    f->run = run;
    f->mapping = m;
    weft_buf_init(&f->key, f, WEFT_LINE_MAX);
    *out = f;
    return WEFT_OK;
}

size_t json_frames_depth(const json_frames *f)
{
    return f->depth;
}

weft_code json_frames_key(json_frames *f, weft_str key, weft_error *err)
{
    if (f->skipping > 0)
        return WEFT_OK;
    weft_buf_clear(&f->key);
    weft_buf_add(&f->key, key);
    const frame *in = f->open;
    f->skip_value = in != NULL && in->table < 0 && in->at == in->root &&
                    !mapping_wants(f->mapping, key);
    return weft_buf_check(&f->key, "key", err);
}

/* The key that a value beginning now has. */
static weft_str key_now(const json_frames *f)
{
    const frame *in = f->open;
    return in != NULL && in->at->kind == TREE_OBJECT ? weft_buf_str(&f->key)
                                                     : weft_str_of("", 0);
}

static weft_code add_node(json_frames *f, tree_kind kind, weft_str text, weft_error *err)
{
    frame *in = f->open;
    tree_node *node;
    weft_str key = key_now(f);
    size_t bytes = in->bytes + key.n + text.n + NODE_BYTES;
    bool is_container = kind == TREE_OBJECT || kind == TREE_ARRAY;
    in->is_too_large = in->is_too_large || bytes > WEFT_LINE_MAX;
    if (in->is_too_large && !is_container)
        return WEFT_OK;
    in->bytes = in->is_too_large ? in->bytes : bytes;
    weft_code code = tree_add(in, in->at, kind, key, text, &node, err);
    if (code == WEFT_OK && is_container)
        in->at = node;
    return code;
}

weft_code json_frames_value(json_frames *f, tree_kind kind, weft_str text, size_t line,
                            weft_error *err)
{
    if (f->open == NULL && f->skipping == 0) {
        map_made made = {.outcome = MAP_REFUSED, .reason = "not a JSON object"};
        return map_run_put(f->run, NULL, &made, line, err);
    }
    bool skip = f->skip_value || f->skipping > 0;
    f->skip_value = false;
    return skip ? WEFT_OK : add_node(f, kind, text, err);
}

/* Whether an object that begins now is a record or a table's row (*table). */
static bool is_record(const json_frames *f, int *table)
{
    const frame *in = f->open;
    const mapping *m = f->mapping;
    weft_str key = key_now(f);
    *table = -1;
    if (in == NULL)
        return true;
    if (in->table >= 0)
        return false;
    for (size_t i = 0; i < m->record_count; i++)
        if (tree_is_at(in->root, in->at, key, &m->records[i]))
            return true;
    for (size_t i = 0; i < m->table_count; i++)
        if (tree_is_at(in->root, in->at, key, &m->tables[i].records)) {
            *table = (int)i;
            return true;
        }
    return false;
}

static weft_code open_frame(json_frames *f, int table, size_t line, weft_error *err)
{
    frame *in;
    if (f->document == NULL)
        f->document = talloc_new(f);
    in = f->document == NULL ? NULL : talloc_zero(f->document, frame);
    if (in == NULL)
        return weft_fail_nomem(err);
    in->outer = f->open;
    in->line = line;
    in->table = table;
    if (in->outer != NULL && table < 0)
        in->outer->records++;
    weft_code code = tree_add(in, NULL, TREE_OBJECT, weft_str_of("", 0), weft_str_of("", 0),
                              &in->root, err);
    in->at = in->root;
    if (code == WEFT_OK)
        f->open = in;
    return code;
}

weft_code json_frames_begin(json_frames *f, tree_kind kind, size_t line, weft_error *err)
{
    int table;
    if (++f->depth > JSON_READER_DEPTH_MAX)
        return weft_fail(err, WEFT_ELIMIT, "JSON nested over %d deep",
                         JSON_READER_DEPTH_MAX);
    if (f->skipping > 0 || f->skip_value) {
        f->skipping++;
        f->skip_value = false;
        return WEFT_OK;
    }
    if (f->open == NULL && kind == TREE_ARRAY) /* its elements are documents */
        return WEFT_OK;
    if (kind == TREE_OBJECT && is_record(f, &table))
        return open_frame(f, table, line, err);
    return add_node(f, kind, weft_str_of("", 0), err);
}

static map_place place_of(const json_frames *f, const frame *in, bool outer_open)
{
    map_place place = map_run_place(f->run, in->root);
    place.outer = in->outer == NULL ? NULL : in->outer->root;
    place.outer_open = outer_open && in->outer != NULL;
    place.is_document = in->outer == NULL;
    place.has_records = in->records > 0;
    place.article = in->article;
    place.parent = in->parent;
    return place;
}

static void wait_in_outer(frame *in)
{
    frame *outer = in->outer;
    if (outer->last_waiting != NULL)
        outer->last_waiting->next = in;
    else
        outer->first_waiting = in;
    outer->last_waiting = in;
}

/* What is around a frame has ended: the ids it stands in are known. */
static void take_ids(frame *in)
{
    const frame *outer = in->outer;
    if (outer == NULL)
        return;
    in->article = outer->is_article ? outer->id : outer->article;
    in->parent = outer->is_comment ? outer->id : outer->parent;
}

/* Make a frame's record and give it out; *waits is whether it has to wait for its outer. */
static weft_code finish(json_frames *f, frame *in, bool outer_open, bool *waits,
                        weft_error *err)
{
    map_made made;
    map_place place = place_of(f, in, outer_open);
    weft_code code = map_make(in, &place, &made, err);
    *waits = code == WEFT_OK && made.outcome == MAP_WAITS;
    if (code != WEFT_OK || *waits)
        return code;
    in->is_article = made.outcome == MAP_IS_ARTICLE;
    in->is_comment = made.outcome == MAP_IS_COMMENT;
    in->id = made.record.id;
    if (made.by_root)
        made.record.article = NULL;
    if (in->is_comment && in->article == NULL)
        in->article = made.record.article;
    if (in->is_broken)
        return WEFT_OK;
    if (in->is_too_large) {
        made.outcome = MAP_REFUSED;
        made.reason = "record over 16777216 bytes";
    }
    return map_run_put(f->run, &place, &made, in->line, err);
}

/* A frame has ended and its record is out: so are then those that waited in it, and in them. */
static weft_code release(json_frames *f, frame *ended, weft_error *err)
{
    weft_code code = WEFT_OK;
    bool waits;
    frame *last = ended->last_waiting;
    for (frame *in = ended->first_waiting; in != NULL && code == WEFT_OK; in = in->next) {
        take_ids(in);
        code = finish(f, in, false, &waits, err);
        if (in->first_waiting == NULL)
            continue;
        last->next = in->first_waiting;
        last = in->last_waiting;
    }
    return code;
}

static void free_frames(frame *ended)
{
    frame *next;
    for (frame *in = ended->first_waiting; in != NULL; in = next) {
        next = in->next;
        talloc_free(in);
    }
    talloc_free(ended);
}

static weft_code close_row(json_frames *f, frame *row, weft_error *err)
{
    if (row->is_too_large || row->is_broken)
        return WEFT_OK;
    return map_rows_add(map_run_rows(f->run), f->mapping, (size_t)row->table, row->root,
                        err);
}

/* Records that the source only names: pages of them that were not fetched. */
static void skip_listed(const json_frames *f, const frame *in)
{
    bool twice = false;
    size_t n = 0;
    const mapping *m = f->mapping;
    const tree_node *list =
        m->listed_reason == NULL ? NULL : tree_at(in->root, &m->listed, &twice);
    if (list == NULL || list->kind != TREE_ARRAY || in->is_broken)
        return;
    for (const tree_node *t = list->first; t != NULL; t = t->next)
        if (++n > in->records)
            map_run_skip(f->run, in->line, m->listed_reason);
}

static weft_code close_frame(json_frames *f, weft_error *err)
{
    frame *in = f->open;
    bool waits = false;
    f->open = in->outer;
    if (in->table >= 0)
        return close_row(f, in, err);
    skip_listed(f, in);
    weft_code code = finish(f, in, true, &waits, err);
    if (code != WEFT_OK)
        return code;
    if (waits) {
        wait_in_outer(in);
        return WEFT_OK;
    }
    code = release(f, in, err);
    free_frames(in);
    return code;
}

static weft_code end_document(json_frames *f, weft_error *err)
{
    weft_code code =
        f->mapping->table_count == 0 ? WEFT_OK : map_run_forget_rows(f->run, err);
    talloc_free(f->document);
    f->document = NULL;
    return code;
}

weft_code json_frames_end(json_frames *f, weft_error *err)
{
    frame *in = f->open;
    f->depth--;
    if (f->skipping > 0) {
        f->skipping--;
        return WEFT_OK;
    }
    if (in == NULL)
        return WEFT_OK;
    if (in->at != in->root) {
        in->at = in->at->up;
        if (in->is_too_large)
            tree_drop_last(in->at);
        return WEFT_OK;
    }
    weft_code code = close_frame(f, err);
    return code == WEFT_OK && f->open == NULL ? end_document(f, err) : code;
}

weft_code json_frames_break(json_frames *f, weft_error *err)
{
    weft_code code = WEFT_OK;
    f->depth = f->skipping = 0;
    f->skip_value = false;
    while (f->open != NULL && code == WEFT_OK) {
        f->open->is_broken = true;
        f->open->at = f->open->root;
        code = close_frame(f, err);
    }
    f->open = NULL;
    weft_code ended = end_document(f, code == WEFT_OK ? err : NULL);
    return code == WEFT_OK ? ended : code;
}

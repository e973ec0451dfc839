/* runs.c - sorted runs of posting lists and their merge.
 *
 * A list in a run: how many bytes its term shares with the term before and how many it has
 * besides (1 byte each), these, packed documents, sum of wdfs and bytes of pairs, the pairs.
 * The merge keeps the runs in a heap by the term each stands at; of equal terms the earlier
 * run is first, so that docids only grow.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "runs.h"

#include <assert.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "chunks.h"
#include "output.h"
#include "sort.h"
#include "banned.h"

enum {
    HEAD_MAX = 2 + WEFT_TERM_MAX + 3 * PACKED_MAX,
    RUN_FIRST = 64 * 1024,
    READ_MIN = 4 * 1024,
    READ_MAX = 128 * 1024
};

/* One run: written, then read. */
typedef struct run {
    unsigned char *bytes; /* all of it; NULL when it is in the file */
    const output *file;   /* that file */
    size_t n;
    uint64_t offset;
    uint32_t before; /* docid that its gaps start from */
} run;

struct runs {
    const char *dir;
    output *file; /* NULL until memory does not suffice */
    size_t memory_bytes, memory_max;
    run *list;
    size_t count, size;
    size_t room; /* bytes of the run at work */
    char last[WEFT_TERM_MAX];
    size_t last_n;
};

/* A run being read. */
typedef struct cursor {
    sort_key key; /* of the term it stands at; `of` is the number of the run */
    const output *file;
    run_list list;
    uint32_t before;
    unsigned char *buffer;
    size_t at, filled, size;
    uint64_t next, end; /* offsets in the file of what is not yet in the buffer */
    bool is_done;
    char term[WEFT_TERM_MAX];
} cursor;

typedef struct merge {
    void *mem;
    cursor *cursors;
    cursor **heap;
    size_t count;   /* of the heap */
    cursor **equal; /* those that stand at the first term, taken out of the heap */
    size_t equal_count;
} merge;

weft_code runs_new(void *mem, const char *dir, size_t memory_bytes, runs **out,
                   weft_error *err)
{
    runs *r = talloc_zero(mem, runs);
    if (r == NULL)
        return weft_fail_nomem(err);
    r->dir = dir;
    r->memory_max = memory_bytes;
    *out = r;
    return WEFT_OK;
}

/* What is kept of a run. */
typedef struct saved {
    uint64_t offset, n;
    uint32_t before, unused;
} saved;

weft_code runs_new_part(void *mem, const char *dir, runs **out, weft_error *err)
{
    char *path = talloc_asprintf(mem, "%s/runs", dir);
    if (path == NULL)
        return weft_fail_nomem(err);
    weft_code code = runs_new(mem, dir, 0, out, err);
    return code == WEFT_OK ? output_create(*out, path, &(*out)->file, err) : code;
}

weft_code runs_save(runs *r, output *index, weft_error *err)
{
    uint64_t count = r->count;
    weft_code code = output_append(index, &count, sizeof count, err);
    for (size_t i = 0; code == WEFT_OK && i < r->count; i++) {
        const run *of = &r->list[i];
        const saved s = {of->offset, of->n, of->before, 0};
        code = output_append(index, &s, sizeof s, err);
    }
    return code == WEFT_OK ? output_finish(r->file, err) : code;
}

weft_code runs_adopt(runs *r, const char *dir, FILE *index, uint32_t base, weft_error *err)
{
    uint64_t count = 0;
    output *file;
    char *path = talloc_asprintf(r, "%s/runs", dir);
    if (path == NULL)
        return weft_fail_nomem(err);
    weft_code code = output_reopen(r, path, &file, err);
    if (code == WEFT_OK && fread(&count, sizeof count, 1, index) != 1)
        return weft_fail(err, WEFT_ECORRUPT, "%s: is damaged", dir);
    for (uint64_t i = 0; code == WEFT_OK && i < count; i++) {
        saved s;
        if (fread(&s, sizeof s, 1, index) != 1 || s.n > output_bytes(file) ||
            s.offset > output_bytes(file) - s.n)
            return weft_fail(err, WEFT_ECORRUPT, "%s: is damaged", dir);
        code = runs_begin(r, base + s.before, err);
        if (code != WEFT_OK)
            return code;
        run *to = &r->list[r->count - 1];
        to->file = file;
        to->offset = s.offset;
        to->n = s.n;
    }
    return code;
}

weft_code runs_begin(runs *r, uint32_t before, weft_error *err)
{
    if (r->count == r->size) {
        size_t size = r->size == 0 ? 64 : r->size * 2;
        run *grown = weft_grow_array(r, r->list, run, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        r->list = grown;
        r->size = size;
    }
    r->list[r->count++] = (run){.before = before};
    r->room = r->last_n = 0;
    return WEFT_OK;
}

static weft_code hold(runs *r, run *to, size_t n, weft_error *err)
{
    if (to->n + n <= r->room)
        return WEFT_OK;
    size_t room = 2 * r->room + n + RUN_FIRST;
    unsigned char *grown = weft_grow_array(r, to->bytes, unsigned char, room);
    if (grown == NULL)
        return weft_fail_nomem(err);
    to->bytes = grown;
    r->room = room;
    return WEFT_OK;
}

static size_t common(const char *a, size_t a_n, weft_str b)
{
    size_t n = 0;
    while (n < a_n && n < b.n && a[n] == b.p[n])
        n++;
    return n;
}

weft_code runs_add(runs *r, const run_list *list, weft_error *err)
{
    run *to = &r->list[r->count - 1];
    weft_code code = hold(r, to, HEAD_MAX + list->bytes, err);
    if (code != WEFT_OK)
        return code;
    assert(list->term.n <= WEFT_TERM_MAX);
    size_t reused = common(r->last, r->last_n, list->term), rest = list->term.n - reused;
    unsigned char *p = to->bytes + to->n;
    *p++ = (unsigned char)reused;
    *p++ = (unsigned char)rest;
    if (rest > 0) {
        memcpy(p, list->term.p + reused, rest);
        memcpy(r->last + reused, list->term.p + reused, rest);
    }
    r->last_n = list->term.n;
    p = pack_uint(p + rest, list->count);
    p = pack_uint(p, list->sum);
    p = pack_uint(p, list->bytes);
    memcpy(p, list->pairs, list->bytes);
    to->n = (size_t)(p - to->bytes) + list->bytes;
    return WEFT_OK;
}

weft_code runs_end(runs *r, weft_error *err)
{
    run *of = &r->list[r->count - 1];
    weft_code code = WEFT_OK;
    if (r->memory_bytes + of->n <= r->memory_max) {
        r->memory_bytes += of->n;
        unsigned char *cut = weft_grow_array(r, of->bytes, unsigned char, of->n);
        of->bytes = cut == NULL ? of->bytes : cut;
        return WEFT_OK;
    }
    if (r->file == NULL)
        code = output_temporary(r, r->dir, &r->file, err);
    if (code != WEFT_OK)
        return code;
    of->file = r->file;
    of->offset = output_bytes(r->file);
    code = output_append(r->file, of->bytes, of->n, err);
    talloc_free(of->bytes);
    of->bytes = NULL;
    return code;
}

/* Have n bytes, or all there are, in the buffer behind `at`. */
static weft_code fill(merge *m, cursor *c, size_t n, weft_error *err)
{
    size_t held = c->filled - c->at;
    if (held >= n || c->next == c->end)
        return WEFT_OK;
    if (held > 0)
        memmove(c->buffer, c->buffer + c->at, held);
    c->at = 0;
    c->filled = held;
    if (n > c->size) {
        unsigned char *grown = weft_grow_array(m->mem, c->buffer, unsigned char, n);
        if (grown == NULL)
            return weft_fail_nomem(err);
        c->buffer = grown;
        c->size = n;
    }
    size_t more = c->size - held;
    if (more > c->end - c->next)
        more = (size_t)(c->end - c->next);
    weft_code code = output_read(c->file, c->next, c->buffer + held, more, err);
    c->next += more;
    c->filled += more;
    return code;
}

static weft_code next_list(merge *m, cursor *c, weft_error *err)
{
    uint64_t bytes;
    weft_code code = fill(m, c, HEAD_MAX, err);
    if (code != WEFT_OK)
        return code;
    if (c->at == c->filled) {
        c->is_done = true;
        return WEFT_OK;
    }
    const unsigned char *start = c->buffer + c->at, *p = start + 2;
    size_t reused = start[0], rest = start[1];
    if (reused + rest > WEFT_TERM_MAX)
        return weft_fail(err, WEFT_ECORRUPT, "a part of the build is damaged");
    memcpy(c->term + reused, p, rest);
    p = unpack_uint(p + rest, &c->list.count);
    p = unpack_uint(p, &c->list.sum);
    p = unpack_uint(p, &bytes);
    size_t head = (size_t)(p - start);
    code = fill(m, c, head + bytes, err);
    c->list.term = weft_str_of(c->term, reused + rest);
    c->list.pairs = c->buffer + c->at + head;
    c->list.bytes = bytes;
    c->at += head + bytes;
    c->key = sort_key_of(c->list.term, c->key.of);
    return code;
}

static bool is_after(const cursor *a, const cursor *b)
{
    if (a->key.head == b->key.head && weft_str_eq(a->list.term, b->list.term))
        return a->key.of > b->key.of;
    return sort_is_after(&a->key, &b->key);
}

static void sift_up(merge *m, size_t i)
{
    cursor *c = m->heap[i];
    for (size_t up; i > 0 && is_after(m->heap[up = (i - 1) / 2], c); i = up)
        m->heap[i] = m->heap[up];
    m->heap[i] = c;
}

static void sift_down(merge *m, size_t i)
{
    cursor *c = m->heap[i];
    for (size_t down; (down = 2 * i + 1) < m->count; i = down) {
        if (down + 1 < m->count && is_after(m->heap[down], m->heap[down + 1]))
            down++;
        if (!is_after(c, m->heap[down]))
            break;
        m->heap[i] = m->heap[down];
    }
    m->heap[i] = c;
}

static weft_code open_cursors(merge *m, const runs *r, weft_error *err)
{
    size_t read_bytes = r->memory_max / (r->count + 1);
    read_bytes = read_bytes < READ_MIN   ? READ_MIN
                 : read_bytes > READ_MAX ? READ_MAX
                                         : read_bytes;
    for (size_t i = 0; i < r->count; i++) {
        const run *of = &r->list[i];
        cursor *c = &m->cursors[i];
        c->key.of = (uint32_t)i;
        c->before = of->before;
        c->file = of->file;
        c->buffer = of->bytes;
        c->filled = c->size = of->n;
        if (of->bytes == NULL) {
            c->next = of->offset;
            c->end = of->offset + of->n;
            c->filled = 0;
            c->size = read_bytes;
            c->buffer = talloc_size(m->mem, c->size);
            if (c->buffer == NULL)
                return weft_fail_nomem(err);
        }
        weft_code code = next_list(m, c, err);
        if (code != WEFT_OK)
            return code;
        m->heap[m->count++] = c;
        sift_up(m, m->count - 1);
    }
    return WEFT_OK;
}

/* Take those that stand at the first term out of the heap, in the order of the runs. */
static void take_equal(merge *m)
{
    m->equal_count = 0;
    do {
        m->equal[m->equal_count++] = m->heap[0];
        m->heap[0] = m->heap[--m->count];
        if (m->count > 0)
            sift_down(m, 0);
    } while (m->count > 0 && m->heap[0]->key.head == m->equal[0]->key.head &&
             weft_str_eq(m->heap[0]->list.term, m->equal[0]->list.term));
}

static weft_code write_equal(const merge *m, table *t, weft_error *err)
{
    chunks c;
    uint64_t documents = 0, sum = 0;
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < m->equal_count; i++) {
        documents += m->equal[i]->list.count;
        sum += m->equal[i]->list.sum;
    }
    chunks_begin(&c, t, m->equal[0]->list.term, documents, sum);
    for (size_t i = 0; code == WEFT_OK && i < m->equal_count; i++) {
        const cursor *of = m->equal[i];
        code = chunks_add(&c, of->before, of->list.pairs, of->list.bytes, err);
    }
    return code == WEFT_OK ? chunks_end(&c, err) : code;
}

static weft_code put_back(merge *m, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < m->equal_count; i++) {
        cursor *c = m->equal[i];
        code = next_list(m, c, err);
        if (code != WEFT_OK || c->is_done)
            continue;
        m->heap[m->count++] = c;
        sift_up(m, m->count - 1);
    }
    return code;
}

weft_code runs_merge(runs *r, table *t, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    merge m = {.mem = tmp};
    m.cursors = weft_new_array(tmp, cursor, r->count);
    m.heap = weft_new_array(tmp, cursor *, r->count);
    m.equal = weft_new_array(tmp, cursor *, r->count);
    if (m.cursors == NULL || m.heap == NULL || m.equal == NULL)
        return weft_fail_nomem(err);
    weft_code code = r->file == NULL ? WEFT_OK : output_flush(r->file, err);
    if (code == WEFT_OK)
        code = open_cursors(&m, r, err);
    while (code == WEFT_OK && m.count > 0) {
        take_equal(&m);
        code = write_equal(&m, t, err);
        if (code == WEFT_OK)
            code = put_back(&m, err);
    }
    return code;
}

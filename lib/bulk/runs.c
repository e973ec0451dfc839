/* runs.c - sorted runs of posting lists, in one temporary file, and their merge.
 *
 * A list in a run: length of the term (1 byte), the term, packed documents, sum of wdfs and
 * bytes of pairs, the pairs. There are few runs (memory holds much), so the merge looks at
 * each of them for the next term.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "runs.h"

#include <assert.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "chunks.h"
#include "output.h"
#include "banned.h"

enum { HEAD_MAX = 1 + WEFT_TERM_MAX + 3 * PACKED_MAX, READ_BYTES = 128 * 1024 };

struct runs {
    output *file;
    uint64_t *starts; /* of each run, and the end of the last */
    size_t count;
};

/* One run being read. */
typedef struct run {
    const output *file;
    uint64_t next, end; /* offsets of what is not yet in the buffer */
    unsigned char *buffer;
    size_t at, filled, size;
    run_list list; /* the list at work; in the buffer */
    bool is_done;
} run;

weft_code runs_new(void *mem, const char *dir, runs **out, weft_error *err)
{
    runs *r = talloc_zero(mem, runs);
    if (r == NULL)
        return weft_fail_nomem(err);
    weft_code code = output_temporary(r, dir, &r->file, err);
    if (code == WEFT_OK)
        *out = r;
    return code;
}

weft_code runs_begin(runs *r, weft_error *err)
{
    uint64_t *grown = weft_grow_array(r, r->starts, uint64_t, r->count + 1);
    if (grown == NULL)
        return weft_fail_nomem(err);
    r->starts = grown;
    r->starts[r->count++] = output_bytes(r->file);
    return WEFT_OK;
}

weft_code runs_add(runs *r, const run_list *list, weft_error *err)
{
    unsigned char head[HEAD_MAX], *p = head;
    assert(list->term.n <= WEFT_TERM_MAX);
    *p++ = (unsigned char)list->term.n;
    if (list->term.n > 0)
        memcpy(p, list->term.p, list->term.n);
    p = pack_uint(p + list->term.n, list->count);
    p = pack_uint(p, list->sum);
    p = pack_uint(p, list->bytes);
    weft_code code = output_append(r->file, head, (size_t)(p - head), err);
    return code == WEFT_OK ? output_append(r->file, list->pairs, list->bytes, err) : code;
}

/* Have n bytes, or all there are, in the buffer behind `at`. */
static weft_code fill(run *r, size_t n, weft_error *err)
{
    size_t held = r->filled - r->at;
    if (held >= n || r->next == r->end)
        return WEFT_OK;
    if (held > 0)
        memmove(r->buffer, r->buffer + r->at, held);
    r->at = 0;
    r->filled = held;
    if (n > r->size) {
        unsigned char *grown = realloc(r->buffer, n + READ_BYTES);
        if (grown == NULL)
            return weft_fail_nomem(err);
        r->buffer = grown;
        r->size = n + READ_BYTES;
    }
    size_t more = r->size - held;
    if (more > r->end - r->next)
        more = (size_t)(r->end - r->next);
    weft_code code = output_read(r->file, r->next, r->buffer + held, more, err);
    r->next += more;
    r->filled += more;
    return code;
}

static weft_code next_list(run *r, weft_error *err)
{
    uint64_t bytes;
    weft_code code = fill(r, HEAD_MAX, err);
    if (code != WEFT_OK)
        return code;
    if (r->at == r->filled) {
        r->is_done = true;
        return WEFT_OK;
    }
    const unsigned char *start = r->buffer + r->at, *p = start + 1 + *start;
    p = unpack_uint(p, &r->list.count);
    p = unpack_uint(p, &r->list.sum);
    p = unpack_uint(p, &bytes);
    size_t head = (size_t)(p - start), term_n = *start;
    code = fill(r, head + bytes, err);
    const unsigned char *moved = r->buffer + r->at;
    r->list.term = weft_str_of((const char *)moved + 1, term_n);
    r->list.pairs = moved + head;
    r->list.bytes = bytes;
    r->at += head + bytes;
    return code;
}

static weft_code open_runs(const runs *r, run *open, weft_error *err)
{
    for (size_t i = 0; i < r->count; i++) {
        bool is_last = i + 1 == r->count;
        open[i] = (run){.file = r->file, .next = r->starts[i]};
        open[i].end = is_last ? output_bytes(r->file) : r->starts[i + 1];
        weft_code code = next_list(&open[i], err);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

/* The first term of all runs; false when all are done. */
static bool first_term(const run *open, size_t count, weft_str *term)
{
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (open[i].is_done || (found && weft_str_cmp(open[i].list.term, *term) >= 0))
            continue;
        *term = open[i].list.term;
        found = true;
    }
    return found;
}

/* Write the list of a term, from every run that has it, in order: docids only grow. */
static weft_code merge_term(run *open, size_t count, weft_str term, table *t,
                            weft_error *err)
{
    chunks c;
    uint64_t documents = 0, sum = 0;
    weft_code code = WEFT_OK;
    char copy[WEFT_TERM_MAX];
    if (term.n > 0)
        memcpy(copy, term.p, term.n); /* the term goes when its run goes on */
    term.p = copy;
    for (size_t i = 0; i < count; i++) {
        if (open[i].is_done || !weft_str_eq(open[i].list.term, term))
            continue;
        documents += open[i].list.count;
        sum += open[i].list.sum;
    }
    chunks_begin(&c, t, term, documents, sum);
    for (size_t i = 0; code == WEFT_OK && i < count; i++) {
        if (open[i].is_done || !weft_str_eq(open[i].list.term, term))
            continue;
        code = chunks_add(&c, open[i].list.pairs, open[i].list.bytes, err);
        if (code == WEFT_OK)
            code = next_list(&open[i], err);
    }
    return code == WEFT_OK ? chunks_end(&c, err) : code;
}

weft_code runs_merge(runs *r, table *t, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    run *open = weft_new_array(tmp, run, r->count);
    if (open == NULL)
        return weft_fail_nomem(err);
    weft_str term;
    weft_code code = output_flush(r->file, err);
    if (code == WEFT_OK)
        code = open_runs(r, open, err);
    while (code == WEFT_OK && first_term(open, r->count, &term))
        code = merge_term(open, r->count, term, t, err);
    for (size_t i = 0; i < r->count; i++)
        free(open[i].buffer);
    return code;
}

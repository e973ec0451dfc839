/* walk.c - the ids behind a prefix of terms, a piece at a time, also while others write. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "walk.h"

#include <string.h>

#include "weft/mem.h"
#include "weft/str.h"
#include "banned.h"

/* A piece is small enough to be read between two commits of a busy writer. */
enum { PIECE_IDS = 1024, PIECE_TERMS = 65536 };

typedef struct piece {
    id_walk *walk;
    char **ids;
    size_t count, terms;
    weft_str from; /* the last term of the piece before; empty at first */
    bool cut;
    size_t last_n;
    char last[WEFT_TERM_MAX];
    bool no_memory;
} piece;

static weft_step visit(void *of, weft_str tail, uint32_t frequency, weft_str *to)
{
    piece *p = of;
    const id_walk *w = p->walk;
    (void)frequency;
    int order = w->begun ? weft_str_cmp(tail, p->from) : 1;
    if (order < 0)
        *to = p->from;
    if (order <= 0)
        return order < 0 ? WEFT_STEP_TO : WEFT_STEP_NEXT;
    if (tail.n > sizeof p->last)
        return WEFT_STEP_NEXT; /* no term of ours */
    if (p->count == PIECE_IDS || p->terms == PIECE_TERMS) {
        p->cut = true;
        return WEFT_STEP_END;
    }
    if (w->wanted == NULL || w->wanted(w->of, tail)) {
        char *id = weft_str_dup(p->ids, tail);
        p->no_memory = id == NULL;
        p->ids[p->count++] = id;
    }
    p->terms++;
    if (tail.n > 0)
        memcpy(p->last, tail.p, tail.n);
    p->last_n = tail.n;
    return p->no_memory ? WEFT_STEP_END : WEFT_STEP_NEXT;
}

weft_code walk_next(id_walk *w, weft_reader *reader, void *mem, char ***ids, size_t *count,
                    weft_error *err)
{
    piece p = {.walk = w, .from = weft_str_of(w->last, w->last_n)};
    p.ids = weft_new_array(mem, char *, PIECE_IDS);
    if (p.ids == NULL)
        return weft_fail_nomem(err);
    weft_term_walk terms = {.prefix = weft_str_from(w->prefix), .visit = visit, .of = &p};
    weft_code code = weft_reader_walk(reader, &terms, err);
    if (code == WEFT_OK && p.no_memory)
        code = weft_fail_nomem(err);
    if (code != WEFT_OK)
        return code;
    if (p.terms > 0) {
        memcpy(w->last, p.last, p.last_n);
        w->last_n = p.last_n;
        w->begun = true;
    }
    w->done = !p.cut;
    *ids = p.ids;
    *count = p.count;
    return WEFT_OK;
}

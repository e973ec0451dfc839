/* room.h - many small pieces that go together, cut from larger ones: a talloc header each would
 * take more of the processor's caches than the pieces do. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_SCHEMA_ROOM_H
#define WEFT_SCHEMA_ROOM_H

#include "weft/mem.h"

enum { ROOM_BYTES = 8 * 1024, ROOM_ALIGN = 8 };

typedef struct room {
    void *mem; /* where the pieces live */
    char *at;
    size_t left;
} room;

/* n bytes, aligned for pointers; NULL when out of memory. */
static inline void *room_take(room *r, size_t n)
{
    n = (n + ROOM_ALIGN - 1) / ROOM_ALIGN * ROOM_ALIGN;
    if (n > r->left) {
        size_t bytes = n > ROOM_BYTES ? n : ROOM_BYTES;
        r->at = (char *)talloc_size(r->mem, bytes);
        r->left = r->at == NULL ? 0 : bytes;
        if (r->at == NULL)
            return NULL;
    }
    void *taken = r->at;
    r->at += n;
    r->left -= n;
    return taken;
}

#endif

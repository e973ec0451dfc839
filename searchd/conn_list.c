/* conn_list.c - all connections of the loop: counted, walked, freed. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conn_private.h"

#include <string.h>

#include "weft/mem.h"
#include "banned.h"

size_t conn_count_of(const loop *l, const conn_peer *peer)
{
    size_t n = 0;
    for (const conn *c = l->conns; c != NULL; c = c->next)
        if (!c->is_refused && c->peer.family == peer->family &&
            memcmp(c->peer.address, peer->address, sizeof peer->address) == 0)
            n++;
    return n;
}

void conn_free_dead(loop *l)
{
    while (l->dead != NULL) {
        conn *c = l->dead;
        l->dead = c->next;
        talloc_free(c);
    }
}

conn *conn_first(const loop *l)
{
    return l->conns;
}

conn *conn_next(const conn *c)
{
    return c->next;
}

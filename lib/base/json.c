/* json.c - notice when jansson runs out of memory. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/mem.h"

#include <stdlib.h>

#include <jansson.h>
#include "banned.h"

static bool lost;

static void *watched_malloc(size_t bytes)
{
    void *p = malloc(bytes);
    lost = lost || p == NULL;
    return p;
}

void weft_json_watch(void)
{
    json_set_alloc_funcs(watched_malloc, free);
    lost = false;
}

bool weft_json_lost(void)
{
    return lost;
}

/* map_value.h - what a way of a mapping leads to. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_MAP_VALUE_H
#define FORMATS_MAP_VALUE_H

#include "map_apply.h"

/** What looking something up met; the flags only ever become true. */
typedef struct map_look {
    void *mem;
    const map_place *place;
    bool waits, by_root, twice;
    const char *fault; /* why the record is refused, or NULL */
    weft_error *err;
} map_look;

/** Whether all conditions hold. */
bool map_holds(map_look *look, const map_when *when);

/**
 * The text of the first way that leads to one; a NULL view when none does. *way is that way,
 * *node what it read when that is one value of the record.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code map_text(map_look *look, const map_field *field, weft_str *text,
                   const map_way **way, const tree_node **node) weft_must_check;

/** The row of a table under a key; NULL when there is none. */
const tree_node *map_rows_find(const map_rows *rows, size_t table, weft_str key);

#endif

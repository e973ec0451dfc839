/* map_apply.h - from the tree of a foreign record to a record of ours, by a mapping. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_MAP_APPLY_H
#define FORMATS_MAP_APPLY_H

#include "../formats.h"
#include "mapping.h"

/** Rows of tables, by table and key. */
typedef struct map_rows map_rows;

weft_code map_rows_new(void *mem, map_rows **out, weft_error *err) weft_must_check;

/** Keep a row (it stays the caller's) under its key; without one, or when the key has a row
 * already, it is left out. Errors: WEFT_ENOMEM. */
weft_code map_rows_add(map_rows *rows, const mapping *m, size_t table, const tree_node *row,
                       weft_error *err) weft_must_check;

/** A record where it stands. */
typedef struct map_place {
    const mapping *mapping;
    const fmt_source *source;
    const tree_node *record;
    const tree_node *outer;       /* the record around it, or NULL */
    bool outer_open;              /* more of that one and of the tables is to come */
    bool is_document;             /* nothing is around it */
    bool has_records;             /* others stand in it: it may be no record itself */
    const char *article, *parent; /* ids of those it stands in, or NULL */
    const char *file;             /* what "@file" is */
    const map_rows *rows;
} map_place;

typedef enum map_outcome {
    MAP_IS_NOTHING, /* only a holder of other records */
    MAP_WAITS,      /* for what is around it */
    MAP_SKIPPED,
    MAP_REFUSED,
    MAP_IS_ARTICLE,
    MAP_IS_COMMENT
} map_outcome;

typedef struct map_made {
    map_outcome outcome;
    const char *reason; /* of MAP_SKIPPED and MAP_REFUSED */
    weft_record record; /* its texts are in mem or the mapping's */
    bool by_root;       /* its article is what its parents lead up to */
} map_made;

/**
 * Make what the mapping says of a record.
 *
 * Owner:   out's texts live in mem or as long as the mapping and the place.
 * Errors:  WEFT_ENOMEM.
 */
weft_code map_make(void *mem, const map_place *place, map_made *out,
                   weft_error *err) weft_must_check;

/** The article that a comment tells of; its id is NULL when the mapping has none. Errors:
 * WEFT_ENOMEM. */
weft_code map_make_stub(void *mem, const map_place *place, weft_record *out,
                        weft_error *err) weft_must_check;

#endif

/* json_feed.h - JSON text in pieces to events, by yajl. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_JSON_FEED_H
#define FORMATS_JSON_FEED_H

#include "tree.h"

/** Called in the order of the text; a code that is not WEFT_OK stops it. Keys and texts are
 * borrowed until it returns. */
typedef struct json_events {
    weft_code (*key)(void *ctx, weft_str key, weft_error *err);
    weft_code (*value)(void *ctx, tree_kind kind, weft_str text, weft_error *err);
    weft_code (*begin)(void *ctx, tree_kind kind, weft_error *err);
    weft_code (*end)(void *ctx, weft_error *err);
    void *ctx;
} json_events;

typedef struct json_feed json_feed;

/** A parser for any number of values one after the other. Owner: *out is in mem. Errors:
 * WEFT_ENOMEM. */
weft_code json_feed_new(void *mem, const json_events *events, json_feed **out,
                        weft_error *err) weft_must_check;

/**
 * The next piece of the text, cut anywhere.
 *
 * Limits:  WEFT_LINE_MAX bytes of one text or number.
 * Errors:  WEFT_ESYNTAX with the byte of the piece where the text is wrong, WEFT_ELIMIT,
 *          WEFT_ENOMEM, and what an event returned.
 */
weft_code json_feed_piece(json_feed *f, weft_str piece, weft_error *err) weft_must_check;

/** The end of the text. Errors: as json_feed_piece. */
weft_code json_feed_end(json_feed *f, weft_error *err) weft_must_check;

#endif

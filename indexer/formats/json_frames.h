/* json_frames.h - the records that are open while JSON is read, one inside the other. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_JSON_FRAMES_H
#define FORMATS_JSON_FRAMES_H

#include "map_run.h"

enum { JSON_READER_DEPTH_MAX = 2048 }; /* of the `json` reader; doc/limits.md */

typedef struct json_frames json_frames;

/** Frames whose records go to run. Owner: *out is in mem. Errors: WEFT_ENOMEM. */
weft_code json_frames_new(void *mem, map_run *run, const mapping *m, json_frames **out,
                          weft_error *err) weft_must_check;

/** The key of the value to come. It is copied. */
weft_code json_frames_key(json_frames *f, weft_str key, weft_error *err) weft_must_check;

/** A value that is no object and no array. */
weft_code json_frames_value(json_frames *f, tree_kind kind, weft_str text, size_t line,
                            weft_error *err) weft_must_check;

/**
 * An object or array begins, in the file's line.
 *
 * Errors:  WEFT_ELIMIT over JSON_READER_DEPTH_MAX, WEFT_ENOMEM.
 */
weft_code json_frames_begin(json_frames *f, tree_kind kind, size_t line,
                            weft_error *err) weft_must_check;

/** It ends. Records that are complete go out. Errors: also what the sink's emit returns. */
weft_code json_frames_end(json_frames *f, weft_error *err) weft_must_check;

/** The text breaks off or is wrong here: what is open is dropped, but the complete records
 * that waited for something in it go out. Errors: as json_frames_end. */
weft_code json_frames_break(json_frames *f, weft_error *err) weft_must_check;

/** How many objects and arrays are open. */
size_t json_frames_depth(const json_frames *f);

#endif

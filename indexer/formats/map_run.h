/* map_run.h - one input on its way through a mapping: what its records share. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_MAP_RUN_H
#define FORMATS_MAP_RUN_H

#include "map_apply.h"

typedef struct map_run map_run;

/**
 * Begin an input.
 *
 * Owner:   *out is in mem; mapping, source and sink are borrowed until it is freed.
 * Errors:  WEFT_ENOMEM.
 */
weft_code map_run_new(void *mem, const mapping *m, const fmt_source *source,
                      const fmt_sink *sink, map_run **out, weft_error *err) weft_must_check;

/** The place of a record in this input, the rest of it to be filled in. */
map_place map_run_place(const map_run *run, const tree_node *record);

/** Rows of the tables of the document that is being read. */
map_rows *map_run_rows(map_run *run);

/** A document has ended: forget its rows. Errors: WEFT_ENOMEM. */
weft_code map_run_forget_rows(map_run *run, weft_error *err) weft_must_check;

/**
 * Give what was made of a record to the sink; made is none that waits.
 *
 * Comments whose article is what their parents lead up to are kept until that is known.
 *
 * Errors:  WEFT_ENOMEM, and what the sink's emit returns.
 */
weft_code map_run_put(map_run *run, const map_place *place, const map_made *made,
                      size_t line, weft_error *err) weft_must_check;

/** Tell the sink of something left out. */
void map_run_skip(const map_run *run, size_t line, const char *reason);

/** Whether the sink could not take a record: then nothing more can be done. */
bool map_run_failed(const map_run *run);

/** End the input: give out what was kept. Errors: as map_run_put. */
weft_code map_run_end(map_run *run, weft_error *err) weft_must_check;

/** Finds the article of comments that name a parent only. */
typedef struct map_roots map_roots;
typedef weft_code (*map_roots_emit)(void *ctx, const weft_record *r, size_t line,
                                    weft_error *err);

weft_code map_roots_new(void *mem, map_roots_emit emit, void *ctx, map_roots **out,
                        weft_error *err) weft_must_check;

/** An article, or a comment whose article is known, has come. Errors: WEFT_ENOMEM, and what
 * emit returns for comments that waited for it. */
weft_code map_roots_know(map_roots *roots, const char *id, const char *article,
                         weft_error *err) weft_must_check;

/** A comment: emitted with its article as soon as that is known. Errors: as map_roots_know. */
weft_code map_roots_put(map_roots *roots, const weft_record *r, size_t line,
                        weft_error *err) weft_must_check;

/** No more will come: the parent that never came is the article. Errors: as map_roots_know. */
weft_code map_roots_end(map_roots *roots, weft_error *err) weft_must_check;

#endif

/* journal_files.h - the files of a journal: their names in order, and the frames in one. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef JOURNAL_FILES_H
#define JOURNAL_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "weft/error.h"
#include "weft/str.h"

/* A file of the journal: the number of its first batch is its name. */
typedef struct segment {
    uint64_t first;
    char *path;
} segment;

/* All of them in order, in mem; none when there is no journal. Errors: WEFT_EIO,
 * WEFT_ENOMEM. */
weft_code segments_list(void *mem, const char *dir, segment **out, size_t *count,
                        weft_error *err) weft_must_check;

/* Path of the file that begins with a batch; NULL when out of memory. */
char *segment_path(void *mem, const char *dir, uint64_t first);

/* Kinds of frames. */
enum { FRAME_RECORD = 'r', FRAME_PURGE = 'p', FRAME_END = 'e' };

/* What ends a batch. */
typedef struct batch_end {
    uint64_t batch;
    int64_t time_ms;
    uint64_t records;
    bool changes;
} batch_end;

/* Append a frame. Errors: WEFT_EIO. */
weft_code put_frame(FILE *file, const char *path, char kind, weft_str body,
                    weft_error *err) weft_must_check;
weft_code put_batch_end(FILE *file, const char *path, const batch_end *end,
                        weft_error *err) weft_must_check;

/* A file being read. */
typedef struct frames {
    FILE *file;
    const char *path;
    uint64_t at; /* offset behind the last frame */
    char kind;   /* of that */
    weft_buf body;
} frames;

/* Open a file, its head checked; body is in mem. Errors: WEFT_EIO, WEFT_ECORRUPT. frames_close
 * is due in any case. */
weft_code frames_open(frames *f, void *mem, const char *path,
                      weft_error *err) weft_must_check;
void frames_close(frames *f);
/* The next frame; *more is false where no whole one follows. Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code frames_next(frames *f, bool *more, weft_error *err) weft_must_check;
/* Errors: WEFT_EIO. */
weft_code frames_go(frames *f, uint64_t offset, weft_error *err) weft_must_check;
/* Take an end of a batch apart. Errors: WEFT_ECORRUPT. */
weft_code frames_end_of_batch(const frames *f, batch_end *out,
                              weft_error *err) weft_must_check;

/* Write the head of a new file. Errors: WEFT_EIO. */
weft_code segment_begin(FILE *file, const char *path, weft_error *err) weft_must_check;

#endif

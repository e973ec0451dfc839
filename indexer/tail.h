/* tail.h - lines of a file that grows, or of a pipe, and the position after each.
 *
 * A file is followed by its name: when another file has taken it, or when it was cut short,
 * what is left of the old one is read to its end, then the new one from its start. A line is
 * read when its line feed is there; at the end of a pipe or an old file, the rest is a line.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TAIL_H
#define TAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "input.h"

typedef struct tail tail;

typedef struct tail_options {
    const char *name;    /* "-" is standard input */
    const char *charset; /* NULL is UTF-8 */
    uint64_t from;       /* bytes to pass over, up to the end of a line */
    bool named_format;   /* NDJSON was asked for: no look at the first line */
} tail_options;

typedef enum tail_news {
    TAIL_LINE, /* a line */
    TAIL_NONE, /* nothing as yet: wait */
    TAIL_TURN, /* the old file is at its end; what comes is of a new one */
    TAIL_END   /* the pipe is at its end */
} tail_news;

/** Where the next line begins. */
typedef struct tail_place {
    uint64_t offset; /* bytes, of the file as it is, before any conversion */
    uint64_t line;   /* lines before it */
    uint64_t inode;  /* of the file; 0 for a pipe, and while there is no file */
} tail_place;

/**
 * Open; a file that is not there yet is waited for, which is said on stderr once.
 *
 * Owner:   *out is in mem; name and charset are borrowed.
 * Errors:  WEFT_EUSAGE for a file that cannot be opened, a directory, a charset that is
 *          unknown or whose lines cannot be told, and for from > 0 of a file that is not
 *          there; WEFT_EIO, WEFT_ENOMEM.
 */
weft_code tail_open(void *mem, const tail_options *options, tail **out,
                    weft_error *err) weft_must_check;

/**
 * The next line, or why there is none. It does not wait.
 *
 * Owner:   line->text is borrowed until the next call.
 * Errors:  WEFT_EIO; WEFT_EUSAGE when `from` is not the beginning of a line, or the file is in
 *          another format; WEFT_ESYNTAX for one that is packed, in no format or in another
 *          charset; WEFT_ENOMEM.
 */
weft_code tail_next(tail *t, input_line *line, tail_news *news,
                    weft_error *err) weft_must_check;

/** Read no more: what is left are the lines that are in memory. */
void tail_stop(tail *t);

/** A descriptor that can be read when there may be news, or -1; and milliseconds after which
 * to look all the same, or -1. */
int tail_fd(const tail *t);
int tail_patience_ms(const tail *t);

/** To be called after the wait, before tail_next. */
void tail_awake(tail *t);

tail_place tail_at(const tail *t);

/** Its name as in messages. */
const char *tail_name(const tail *t);

#endif

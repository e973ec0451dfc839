/* archive.h - conversations made up one after the other, the same ones on every run. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_ARCHIVE_H
#define BENCH_ARCHIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "words.h"

enum {
    ARCHIVE_FRESH = 1000,      /* records of conversations that come later */
    ARCHIVE_ADDED = 1000,      /* comments that come later, and as many old ones that go */
    ARCHIVE_DEPTH_MAX = 20,    /* of a comment; 0 at the top level */
    ARCHIVE_THREAD_MAX = 6000, /* comments */
    ARCHIVE_RECORDS_MIN = 2000,
    ARCHIVE_RECORDS_MAX = 100000000
};

/** What stands beside a word. */
enum {
    WORD_CAPITAL = 1,
    WORD_COMMA = 2,
    WORD_STOP = 4, /* after it */
    WORD_QUESTION = 8,
    WORD_PARAGRAPH = 16, /* begins one */
    WORD_QUOTED = 32     /* another comment's word */
};

typedef struct written {
    uint32_t form;
    uint32_t marks;
} written;

/** Words [from, to) of the archive's list. */
typedef struct span {
    uint32_t from, to;
} span;

typedef struct made {
    uint32_t id;     /* no two records have one, articles and comments alike */
    uint32_t parent; /* place in the thread; 0 is the article */
    uint32_t depth;
    uint32_t author;
    int32_t votes;
    int64_t date_s;
    bool deleted; /* one of those that go later */
    span title, body;
} made;

/** The thread of now: the article, its comments, then those that come later. */
typedef struct archive {
    uint64_t records; /* of the archive; ARCHIVE_FRESH more are made after them */
    uint64_t before;  /* in the threads before; from records on the thread is a fresh one */
    uint32_t count;   /* in this thread, the article included */
    uint32_t added;   /* after them */
    made *list;
    written *words;
    uint32_t word_count;
    struct maker *maker;
} archive;

/**
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM.
 */
weft_code archive_new(void *mem, uint64_t records, archive **out,
                      weft_error *err) weft_must_check;

/**
 * Make the next thread in the place of this one; *more is false after the last.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code archive_next(archive *a, bool *more, weft_error *err) weft_must_check;

/** Words that only what comes later holds: comments under the archive's, and fresh conversations. */
extern const char *const archive_mark_added, *const archive_mark_fresh;

#endif

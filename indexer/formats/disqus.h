/* disqus.h - the threads of a Disqus export, and which article each is about. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_DISQUS_H
#define FORMATS_DISQUS_H

#include <uthash.h>

#include "weft/error.h"

typedef struct disqus_thread {
    const char *id;
    const char *article; /* id of the article it is about */
    bool is_deleted;
    UT_hash_handle hh;
} disqus_thread;

typedef struct disqus_threads disqus_threads;

/** What a thread turned out to be. */
typedef enum disqus_found {
    DISQUS_NEW,     /* the first of its page, or of none: it stands as the article */
    DISQUS_JOINED,  /* about an article of --articles */
    DISQUS_MERGED,  /* of a page that another thread stands for */
    DISQUS_REPEATED /* its id was there before: passed over */
} disqus_found;

/**
 * No threads yet. articles names a file of weft NDJSON whose articles threads are joined to
 * by address, or is NULL.
 *
 * Owner:   *out is in mem.
 * Limits:  memory grows with the number of threads and articles, not with their texts.
 * Errors:  WEFT_EIO, WEFT_ESYNTAX naming the file and line, WEFT_ENOMEM.
 */
weft_code disqus_threads_open(void *mem, const char *articles, disqus_threads **out,
                              weft_error *err) weft_must_check;

/** A thread as found: texts are borrowed, NULL when absent (not the id). */
typedef struct disqus_given {
    const char *id, *link, *title;
    bool is_deleted;
} disqus_given;

/**
 * Add a thread and find its article. Two are of one page when their addresses are the same
 * folded (urls.h), or have the same path and the same title; an article of --articles is
 * meant by its folded address, or by its path when no other has that.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code disqus_threads_add(disqus_threads *t, const disqus_given *given,
                             disqus_found *found, weft_error *err) weft_must_check;

/** The thread of an id; NULL when it has not come. */
const disqus_thread *disqus_threads_find(const disqus_threads *t, const char *id);

void disqus_threads_close(disqus_threads *t);

#endif

/* weft/thread.h - one article and the tree of comments under it, as a pure function of
 * their records.
 *
 * The order in which the records came never matters. Nobody disappears: a comment whose
 * parent is missing, or whose ancestors form a cycle, hangs on the article.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_THREAD_H
#define WEFT_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/record.h"

#ifdef __cplusplus
extern "C" {
#endif

#define WEFT_NO_NODE UINT32_MAX

/**
 * One comment in its thread. Nodes stand in thread order: each before what is under it,
 * siblings by date (unknown last) then id. The gone ones stand after all that are shown, so
 * that their records can still be reached.
 */
typedef struct weft_node {
    const weft_record *record; /* borrowed from the caller of weft_thread_build */
    uint32_t parent;           /* index in nodes, or WEFT_NO_NODE at the top level */
    uint32_t depth;            /* 0 for a root comment */
    uint32_t direct, all;      /* public replies to it, public comments under it */
    bool orphan; /* its parent was named but is not there (or was cut from a cycle) */
    bool place; /* not public, but shown as removed since it has public comments under it */
    bool gone;  /* not public and nothing public under it: not part of the tree as shown */
} weft_node;

typedef struct weft_thread {
    const char *article_id;
    const weft_record *article; /* NULL when it never came: a stub stands for it */
    bool hidden; /* the article is not public: nothing of the thread is shown */
    weft_node *nodes;
    uint32_t node_count;   /* all comments, the gone ones too */
    uint32_t public_count; /* public comments */
    uint32_t orphans;      /* public comments whose node is an orphan */
    uint32_t cycles, too_deep, places;
} weft_thread;

/**
 * Place the comments of one article.
 *
 * records holds at most one record of each comment id, all with the same article, of any
 * status; and perhaps the article's own record. None is a delete.
 *
 * A cycle is cut at its earliest comment, which hangs on the top. A parent that is only a
 * marker of the top level names a comment when there is another one of that id.
 *
 * Owner:   *out is in mem; records are borrowed and must outlive it.
 * Limits:  depth WEFT_DEPTH_MAX: a deeper comment hangs on its ancestor of that depth less
 *          one and is counted; WEFT_THREAD_MAX comments.
 * Errors:  WEFT_ELIMIT, WEFT_EDUPLICATE, WEFT_ENOMEM.
 * Source:  id table and orphan pass after J. Zawinski, "message threading"
 *          (jwz.org/doc/threading.html), without subject guessing. No recursion: hostile
 *          trees are as deep as they like.
 */
weft_code weft_thread_build(void *mem, const char *article_id, weft_record *const *records,
                            size_t count, weft_thread **out,
                            weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

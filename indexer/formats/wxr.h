/* wxr.h - an item of a WordPress export and its comments, between the reader's loop (wxr.c)
 * and what becomes of them (wxr_item.c). */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_WXR_H
#define FORMATS_WXR_H

#include "../formats.h"

/** wp:comment as found; texts are NULL when absent. */
typedef struct wxr_comment {
    const char *id, *parent, *author, *user_id, *remote_id, *date, *date_gmt, *content;
    const char *approved, *type;
    size_t line;
    bool is_mended;
} wxr_comment;

/** An item as found, in a memory context of its own. */
typedef struct wxr_item {
    const char *id, *thread_id, *type, *status, *password, *title, *link, *creator;
    const char *content, *excerpt, *date, *date_gmt, *pub_date;
    const char *section;
    const char **tags;
    size_t tag_count;
    size_t line;
    bool is_mended;
    /* its comments, until the article is given: it is of interest whether there are any, and
     * fields of the article may follow them */
    wxr_comment **comments;
    size_t comment_count, comment_room, comment_bytes;
    bool has_comments; /* one began, so what makes the article stood before */
    bool is_given;     /* or left out: comments go their way at once */
    bool is_kept;
    const char *article; /* its id */
} wxr_item;

/** What holds for all items of a file. */
typedef struct wxr_blog {
    const fmt_source *source;
    const fmt_sink *sink;
    const char *title, *lang;
    struct wxr_author *authors; /* uthash, by login */
} wxr_blog;

/** Somebody who writes there. */
typedef struct wxr_author wxr_author;

/** The author of a login; NULL when the file does not say. */
const wxr_author *wxr_author_find(const wxr_blog *blog, const char *login);
const char *wxr_author_name(const wxr_author *a);
const char *wxr_author_id(const wxr_author *a);

/** Give or leave out the article and the comments that wait. Errors: as fmt_put. */
weft_code wxr_give_item(const wxr_blog *blog, wxr_item *item,
                        weft_error *err) weft_must_check;

/** Keep a comment for wxr_give_item, or give it when that was done. Errors: as fmt_put. */
weft_code wxr_add_comment(const wxr_blog *blog, wxr_item *item, wxr_comment *comment,
                          weft_error *err) weft_must_check;

#endif

/* mt.h - an entry of a Movable Type export and its comments, between the lines (mt.c) and the
 * records (mt_entry.c). */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_MT_H
#define FORMATS_MT_H

#include "../formats.h"

/** "KEY: value" lines and texts of an entry, as found; NULL when absent. */
typedef struct mt_entry {
    const char *author, *title, *basename, *status, *date, *breaks, *url;
    const char *primary, *category, *tags;
    const char *body, *extended, *excerpt;
    size_t line;
    bool is_mended;
    bool is_given; /* or left out */
    bool is_kept;
    char *id;
    struct mt_taken *taken; /* ids of its comments, see mt_forget */
} mt_entry;

/** A COMMENT: or PING: block, in the memory of its entry. */
typedef struct mt_comment {
    const char *author, *blog_name, *date, *body;
    bool is_ping, is_mended;
    size_t line;
} mt_comment;

/** What holds for the whole file. */
typedef struct mt_blog {
    const fmt_source *source;
    const fmt_sink *sink;
    struct mt_taken *taken; /* ids of entries */
} mt_blog;

/** Give an entry as an article, or leave it out; once. blog is a talloc context.
 * Errors: as fmt_put. */
weft_code mt_give_entry(mt_blog *blog, mt_entry *e, weft_error *err) weft_must_check;

/** Give a comment of an entry, which is given first, or leave it out. Errors: as fmt_put. */
weft_code mt_give_comment(mt_blog *blog, mt_entry *e, mt_comment *c,
                          weft_error *err) weft_must_check;

/** Forget ids; their memory is their context's. */
void mt_forget(struct mt_taken **taken);

#endif

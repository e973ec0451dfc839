/* atom.h - the entries of a feed: one as found (atom.c), and what becomes of it
 * (atom_entry.c). */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_ATOM_H
#define FORMATS_ATOM_H

#include "../formats.h"

/** An entry as found, in a memory context of its own; texts are NULL when absent. */
typedef struct atom_entry {
    const char *id, *published, *updated, *issued, *title, *body, *author, *uri;
    const char *kind;   /* Blogger's: post, comment, page, settings, template */
    const char *type;   /* the same, in its newer exports: POST, COMMENT, PAGE */
    const char *status; /* there too: LIVE, DRAFT, SOFT_TRASHED... */
    const char *draft;  /* app:draft */
    const char *url, *related;
    const char *ref, *href;      /* of thr:in-reply-to */
    const char *post, *in_reply; /* of the newer exports */
    const char *lang;
    const char **tags;
    size_t tag_count;
    weft_format format; /* of body */
    bool is_removed, is_mended;
    size_t line;
} atom_entry;

/** What holds for all entries of a feed. */
typedef struct atom_feed {
    const fmt_source *source;
    const fmt_sink *sink;
    const char *title, *author, *lang;
    struct atom_seen *seen;      /* uthash: entries by id, without their texts */
    struct atom_entry **waiting; /* replies whose article is not known yet */
    size_t waiting_count, waiting_room, waiting_bytes;
} atom_feed;

/**
 * Give an entry as a record, leave it out, or keep it until what it answers has come.
 *
 * Owner:   e is taken; f must be a talloc context.
 * Errors:  as fmt_put.
 */
weft_code atom_give(atom_feed *f, atom_entry *e, weft_error *err) weft_must_check;

/** Give the replies that wait: what they answer is in another file. Errors: as fmt_put. */
weft_code atom_give_waiting(atom_feed *f, weft_error *err) weft_must_check;

/** Forget the entries seen. */
void atom_forget(atom_feed *f);

#endif

/* standing.c - which record of an id stands, and what a delete is to its thread. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "standing.h"

#include <string.h>

#include "banned.h"

bool standing_replaces(standing later, standing earlier)
{
    if (!earlier.has_rev)
        return true;
    return later.has_rev ? later.rev >= earlier.rev : earlier.is_public;
}

static standing standing_of(const weft_record *r)
{
    return (standing){r->has_rev, !r->is_delete && r->status == WEFT_PUBLIC, r->rev};
}

bool record_replaces(const weft_record *later, const weft_record *earlier)
{
    return standing_replaces(standing_of(later), standing_of(earlier));
}

bool record_lends_place(const weft_record *r, const weft_record *tombstone)
{
    if (r->type != WEFT_COMMENT || r->is_delete || tombstone->status != WEFT_DELETED ||
        r->article == NULL || tombstone->article == NULL)
        return false;
    if (tombstone->article[0] == '\0')
        return r->article[0] != '\0';
    return tombstone->parent == NULL && r->parent != NULL &&
           strcmp(r->article, tombstone->article) == 0;
}

bool record_names_no_place(const weft_record *r)
{
    return r->is_delete ||
           (r->type == WEFT_COMMENT && r->status == WEFT_DELETED &&
            (r->article == NULL || r->article[0] == '\0' || r->parent == NULL));
}

void record_as_status(weft_record *r)
{
    if (!r->is_delete)
        return;
    r->is_delete = false;
    r->status = WEFT_DELETED;
    r->published_s = WEFT_DATE_UNKNOWN;
    if (r->type == WEFT_COMMENT && r->article == NULL)
        r->article = "";
}

void record_as_tombstone(weft_record *r, const weft_record *tombstone)
{
    weft_record place = {.type = r->type,
                         .status = WEFT_DELETED,
                         .id = r->id,
                         .article = r->article,
                         .parent = r->parent,
                         .parent_is_marker = r->parent_is_marker,
                         .has_rev = tombstone->has_rev,
                         .rev = tombstone->rev,
                         .published_s = WEFT_DATE_UNKNOWN};
    *r = place;
}

const char *record_thread(const weft_record *r)
{
    if (r->type == WEFT_ARTICLE)
        return r->id;
    return r->article == NULL ? "" : r->article;
}

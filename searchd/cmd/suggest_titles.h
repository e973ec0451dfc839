/* suggest_titles.h - headlines that go on from what was typed. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_SUGGEST_TITLES_H
#define SEARCHD_CMD_SUGGEST_TITLES_H

#include "../commands.h"
#include "../query/complete.h"

/** What was typed, as words. */
typedef struct typed {
    weft_str text;     /* as it came */
    weft_str *earlier; /* folded words that are whole */
    size_t earlier_count;
    weft_str last;   /* the folded word being typed; empty when it is finished */
    size_t last_at;  /* byte of text at which that begins */
    weft_str folded; /* the whole text; ends in a space when the last word is finished */
} typed;

typedef struct title {
    uint32_t docid;
    const char *id, *text;
    uint32_t comments; /* public ones of the conversation */
    bool begins;       /* with the very text */
    size_t age;        /* place among those looked at, the last in the index first */
} title;

typedef struct title_list {
    title *rows;
    size_t count;
} title_list;

/**
 * Headlines of public articles that hold the earlier words whole and a word that begins with
 * the last: those that begin with the text first, then those with the most comments, then those
 * that came last. Given other words for the last, those that hold one of them instead.
 *
 * Owner:   *out is in the request's memory.
 * Limits:  of the last TITLES_LOOKED_AT in the index that may be such, the last MANY that have
 *          the most frequent word (suggest_titles.c).
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code titles_find(cmd_context *c, const typed *t, const completion_list *words,
                      bool instead, title_list *out, weft_error *err) weft_must_check;

#endif

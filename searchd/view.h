/* view.h - the index as a worker sees it: the live generation, followed across commits and
 * swaps. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_VIEW_H
#define SEARCHD_VIEW_H

#include "weft/index.h"
#include "weft/schema.h"
#include "commands.h"

enum { VIEW_LANGUAGES_MAX = 64 };

/** How many documents of a kind there are, and their average length. */
typedef struct view_kind {
    double count, average;
} view_kind;

typedef struct index_view {
    const char *dir;
    weft_reader *reader; /* NULL before the first refresh */
    uint64_t generation, revision;
    weft_settings settings;
    weft_tokenizer *tokenizer;
    weft_stemmer *stemmer;
    int languages
        [VIEW_LANGUAGES_MAX]; /* of the documents, WEFT_LANGUAGE_OTHER among them when there are such */
    size_t language_count;
    view_kind articles, comments, threads;
} index_view;

/**
 * A view of an index directory; nothing is opened before the first request.
 *
 * Owner:   *out is in mem; dir is borrowed.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code view_new(void *mem, const char *dir, index_view **out,
                   weft_error *err) weft_must_check;

/**
 * Run the body of a command on the newest revision. When the index changes under it, it
 * runs again, at most WEFT_CHANGED_RETRIES times; its reply keys are taken only from the
 * run that ended well, so a reply is from one revision.
 *
 * Errors:  of opening the index, and of body.
 */
weft_code view_run(cmd_context *c, const weft_request *request, json_t *reply, cmd_run body,
                   weft_error *err) weft_must_check;

/** The stored document of a reference; *out is NULL when there is none. Errors: of the
 * index. */
weft_code view_find(index_view *v, void *mem, weft_type type, const char *id,
                    weft_stored **out, weft_error *err) weft_must_check;

/** The stored document of a docid. Errors: of the index. */
weft_code view_read(index_view *v, void *mem, uint32_t docid, weft_stored **out,
                    weft_error *err) weft_must_check;

/** The values of a slot in documents of any order, in mem, empty where unset. Errors: of the
 * index. */
weft_code view_values(index_view *v, void *mem, uint32_t slot, const uint32_t *docids,
                      size_t count, weft_str *out, weft_error *err) weft_must_check;

/** Whether a folded word says little in a language of the index, so that a query may leave it
 * out. */
bool view_is_stop_word(const index_view *v, weft_str folded);

/** How many documents have prefix + value as a term. Errors: of the index. */
weft_code view_count(index_view *v, const char *prefix, const char *value, uint32_t *out,
                     weft_error *err) weft_must_check;

#endif

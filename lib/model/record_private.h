/* record_private.h - shared by the files of the record: texts, JSON of a line, checks. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_MODEL_RECORD_PRIVATE_H
#define WEFT_MODEL_RECORD_PRIVATE_H

#include <jansson.h>
#include <stddef.h>

#include "weft/record.h"

/** A text of the record: its key in weft NDJSON, which is also its name in messages. */
typedef struct record_text {
    const char *key;
    size_t offset; /* of the const char * in weft_record */
    size_t limit_bytes;
    bool is_id;         /* names a document: no control characters, takes the prefix */
    bool takes_integer; /* an integer stands for its decimal digits */
    bool is_comments;   /* not of an article */
} record_text;

/** The table; its last row has no key. */
extern const record_text record_texts[];

/** The words for weft_status and weft_format, each list ended by NULL. */
extern const char *const record_status_names[];
extern const char *const record_format_names[];

/** Whether a parent is a marker of the top level by itself: "0", "root", or the article's
 * own id (NULL: not known). */
bool record_is_marker(const char *parent, const char *article);

/** Where r keeps a text. */
static inline const char **record_text_at(weft_record *r, const record_text *text)
{
    return (const char **)((char *)r + text->offset);
}

static inline const char *record_text_of(const weft_record *r, const record_text *text)
{
    return *(const char *const *)((const char *)r + text->offset);
}

/** As weft_record_check, the text being the reason alone. */
weft_code record_check_reason(const weft_record *r, weft_error *err) weft_must_check;

/** Pass on a failure of the record with that id (NULL when not known) as "ID: reason".
 * Returns code. */
weft_code record_fail(weft_error *err, weft_code code, const char *id,
                      const weft_error *reason);

/** Whether s holds a C0 control character or DEL. */
bool record_has_control(weft_str s);

/** Whether text (may be NULL) holds two characters or more that were UTF-8 and encoded
 * again. */
bool record_is_encoded_twice(const char *text);

/**
 * The JSON object of one line.
 *
 * Owner:   *out is owned (json_decref).
 * Limits:  WEFT_LINE_MAX, WEFT_JSON_DEPTH_MAX.
 * Errors:  WEFT_ESYNTAX, WEFT_ELIMIT, WEFT_ENOMEM; *repaired is how many bad sequences and
 * control characters of the line were replaced.
 */
weft_code record_load(weft_str line, json_t **out, size_t *repaired,
                      weft_error *err) weft_must_check;

#endif

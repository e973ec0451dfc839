/* weft/schema.h - what stands in the index: fields, prefixes, value slots, and the document made of a record.
 *
 * doc/index-format.md is the specification. This layer yields plain terms and values and knows no Xapian.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_SCHEMA_H
#define WEFT_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/quote.h"
#include "weft/record.h"
#include "weft/snippet.h"
#include "weft/str.h"
#include "weft/text.h"
#include "weft/thread.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the value of a field in a query is understood. */
typedef enum weft_field_kind {
    WEFT_FIELD_WORDS,  /* words or a phrase: title: body: quote: */
    WEFT_FIELD_EXACT,  /* a whole value, case and accents folded: author: section: site: tag: lang: kind: */
    WEFT_FIELD_ID,     /* a whole value as it is: id: */
    WEFT_FIELD_SCOPE,  /* an id or a reference: article: under: */
    WEFT_FIELD_IS,     /* one of a list of words: is: */
    WEFT_FIELD_DATE,   /* date: after: before: */
    WEFT_FIELD_NUMBER  /* score: replies: depth:, with > >= < <= or a..b */
} weft_field_kind;

/** One row of the table of fields. */
typedef struct weft_field {
    const char *name;
    weft_field_kind kind;
    const char *prefix; /* of its terms; NULL for a field answered by a value slot */
    const char *help;
} weft_field;

/** The field of a name as written in a query; NULL when there is none. */
const weft_field *weft_field_find(weft_str name);

/** Row i of the table; NULL past the end. */
const weft_field *weft_field_at(size_t i);

#ifdef __cplusplus
}
#endif
#endif

/* document.h - collect the terms and values of one document. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_SCHEMA_DOCUMENT_H
#define WEFT_SCHEMA_DOCUMENT_H

#include "words.h"

/* A document being made. Failures stick in code and are returned by document_take. */
typedef struct document_draft {
    void *mem;
    weft_tokenizer *tokenizer;
    weft_term *terms;
    size_t term_count, term_size;
    weft_value values[24];
    size_t value_count;
    uint64_t length;
    bool left_out; /* some words */
    weft_code code;
    weft_error *err;
} document_draft;

void draft_begin(document_draft *d, void *mem, weft_tokenizer *tokenizer, weft_error *err);

/* A boolean term; nothing when value is NULL. */
void draft_add_term(document_draft *d, const char *prefix, const char *value);
/* A boolean term of a value with case and accents folded; nothing when value is NULL. */
void draft_add_folded(document_draft *d, const char *prefix, const char *value);
/* A value with case and accents folded in a slot; nothing when value is NULL. */
void draft_add_folded_value(document_draft *d, uint32_t slot, const char *value);
/* Day, month and year terms, and the date slot; nothing when unknown. */
void draft_add_date(document_draft *d, int64_t published_s);
/* A number in a slot. */
void draft_add_number(document_draft *d, uint32_t slot, int64_t value);
/* Bytes in a slot; nothing when empty. Bytes are borrowed. */
void draft_add_value(document_draft *d, uint32_t slot, weft_str bytes);
/* The three sort keys. */
void draft_add_order(document_draft *d, const weft_record *r);
/* The sort key by public direct replies; replies < 0 for a document that cannot have any. */
void draft_add_answered(document_draft *d, const weft_record *r, int64_t replies);
/* The bag and the prefixed stems of the document at work in w, and its stream. */
void draft_add_words(document_draft *d, const words *w);
/* Every stem of the thread with its count, and its words. */
void draft_add_thread_words(document_draft *d, const words *w);

/* Add the unique term and hand the document over with its fingerprint. */
weft_code draft_take(document_draft *d, weft_str unique, weft_made *made);

#endif

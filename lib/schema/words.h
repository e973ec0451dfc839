/* words.h - the stems of one thread, each kept once, with what the document being made says
 * of them. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_SCHEMA_WORDS_H
#define WEFT_SCHEMA_WORDS_H

#include "weft/schema.h"
#include "names.h"
#include "room.h"

/* What a document says of a stem besides its own occurrences. */
enum {
    STEM_TITLE = 1,
    STEM_BODY = 2,
    STEM_QUOTED = 4,
    STEM_HEADLINE = 8,
    STEM_PARENT = 16
};

/* Terms of a thread document stand ready: this prefix is before the text. */
enum { PREFIX_BYTES = 3 };

/* A word in its folded form and a language; kind is that, or -1 for a word that is not
 * stemmed. */
typedef struct form {
    named name;
    struct stem *stem;
    bool is_noted;     /* as an own word, unless there were too many */
    struct form *next; /* of those noted for its stem */
} form;

/* A stem of a thread. own and flags are of the document `document`; older ones are void. */
typedef struct stem {
    named name;
    uint32_t document;
    uint32_t own, flags;
    uint32_t in_thread; /* own occurrences in the whole thread */
    form *forms;        /* the words it stands for there, as own ones */
    struct stem *next;  /* in the order they came */
} stem;

/* A growing list of stems. */
typedef struct stem_list {
    stem **items;
    size_t count, size;
} stem_list;

/* Tools and the stems of the thread at work. */
typedef struct words {
    void *mem; /* of the thread */
    weft_tokenizer *tokenizer;
    weft_stemmer *stemmer;
    room room;           /* for stems and forms */
    names stems, forms;  /* by text */
    stem *first, **last; /* all stems */
    size_t form_count;   /* noted, of all stems */
    uint32_t document;   /* number of the document being made, from 1 */
    stem_list touched;   /* stems the document being made has */
    weft_buf stream;     /* its words, with marks */
    bool left_out;       /* some of its stems: there are WEFT_DOCUMENT_TERMS_MAX */
    weft_code failed;
} words;

/* Begin a thread: forget all stems. mem lives as long as the thread. */
void words_begin_thread(words *w, void *mem);
/* Begin a document. */
void words_begin_document(words *w);

/* Say flags of a stem in the document being made. */
void words_touch(words *w, stem *s, uint32_t own, uint32_t flags);

/* Where a text goes: what its words count as, and the mark of its segment in the stream (0
 * for no stream). */
typedef struct words_use {
    int language;
    uint32_t own, flags;
    uint32_t mark;
} words_use;

/* Add a whole text. */
weft_code words_add_text(words *w, weft_str text, const words_use *use, weft_error *err);

/* Add a comment's body: words inside a quote as `quoted`, others but markers as `own`. */
weft_code words_add_body(words *w, weft_str body, const weft_quote *quotes,
                         size_t quote_count, int language, weft_error *err);

/* The term of a thread document for a stem or a form. */
weft_str words_thread_term(const named *name);

/* The stems with own occurrences in the document being made, copied into mem. */
weft_code words_own(words *w, void *mem, stem_list *out, weft_error *err);

#endif

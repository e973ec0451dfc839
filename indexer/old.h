/* old.h - what the index holds of a thread before it is brought up to date, and comments
 * that change threads. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef OLD_H
#define OLD_H

#include <stdbool.h>

#include <uthash.h>

#include "weft/index.h"
#include "weft/schema.h"

typedef struct old_document {
    weft_str unique;
    uint32_t docid;
    weft_stored *stored;
    bool replaced;   /* the input has its record */
    bool departed;   /* its record moves to another thread, which writes the document */
    bool made_again; /* the thread still has this document */
    UT_hash_handle hh;
} old_document;

/* Every stored document of one thread, by unique term. */
typedef struct old_documents {
    void *mem;
    old_document *table;
} old_documents;

/* Load a thread; nothing when reader is NULL. Errors: of the index, WEFT_ENOMEM. old_done
 * is due in any case. */
weft_code old_load(old_documents *o, void *mem, weft_reader *reader, const char *article_id,
                   weft_error *err);
void old_done(old_documents *o);
old_document *old_find(const old_documents *o, weft_str unique);
size_t old_count(const old_documents *o);

/* What is stored of a document, in mem. Errors: of weft_reader_stored and
 * weft_stored_decode. */
weft_code old_read(void *mem, weft_reader *reader, uint32_t docid, weft_stored **out,
                   weft_error *err);

/* The stored document with a unique term, in mem; *out is NULL when there is none. Errors:
 * of the index. */
weft_code old_lookup(void *mem, weft_reader *reader, weft_str unique, weft_stored **out,
                     weft_error *err);

/* A comment of the input that is stored under another article. */
typedef struct moved {
    weft_str unique;
    const char *from; /* id of that article */
    weft_stored *stored;
    bool stale; /* the record of the input is older: the comment stays where it is */
    bool done;
    bool written; /* as a document of the thread it moves to */
    UT_hash_handle hh;
} moved;

typedef struct moves {
    void *mem;
    moved *table;
} moves;

/* Forget all moves and begin anew. */
void moves_clear(moves *m, void *parent);
/* Note the move of a record, if it is one. Errors: of the index, WEFT_ENOMEM. */
weft_code moves_look(moves *m, weft_reader *reader, const weft_record *r, weft_error *err);
const moved *moves_find(const moves *m, weft_str unique);
/* Note that a document was written, if it is one that moves. */
void moves_written(moves *m, weft_str unique);
/* Mark the documents of a thread that move away, and those moves as done. */
void moves_mark(moves *m, old_documents *o, const char *article_id);
/* A thread that a comment left and that is not done; NULL when there is none. */
const char *moves_next_left(moves *m);

#endif

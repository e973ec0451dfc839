/* peer.h - what a peer's program is asked: a row of queries.tsv behind the mode of the answer. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sqlite3.h>

#include "weft/str.h"

enum { PEER_HITS = 10, PEER_WORDS = 4 };

typedef enum peer_mode {
    PEER_COUNT,
    PEER_IDS,
    PEER_TEXT,   /* ids, author, date and a snippet with the words marked */
    PEER_CONTEXT /* and the headline, the comments above, the first replies and counts */
} peer_mode;

/** A request; the texts point into the line it was read from. */
typedef struct peer_request {
    peer_mode mode;
    const char *kind;
    const char *words[PEER_WORDS];
    int count;
    const char *from, *to; /* seconds */
    const char *author;    /* "" for anybody */
} peer_request;

/** Print what and the database's own message, and exit. */
void peer_die(sqlite3 *db, const char *what) __attribute__((noreturn));

/** A statement for the life of the process. */
sqlite3_stmt *peer_prepare(sqlite3 *db, const char *sql);

typedef struct asker asker;

/** Statements for questions; exits when one cannot be made. */
asker *asker_new(void *mem, sqlite3 *db);

/** Give the statements back, before the database is closed. */
void asker_done(asker *k);

/** The answer as one line without its end, appended to out: a count first. */
void asker_answer(asker *k, const peer_request *q, weft_buf *out);

#endif

/* weft/schema.h - what stands in the index: fields, prefixes, value slots, and the document
 * made of a record.
 *
 * doc/index-format.md is the specification. This layer yields plain terms and values and
 * knows no Xapian.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_SCHEMA_H
#define WEFT_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/index.h"
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
    WEFT_FIELD_WORDS, /* words or a phrase: title: body: quote: */
    WEFT_FIELD_EXACT, /* a whole value, case and accents folded: author: section: site: tag:
                         lang: kind: */
    WEFT_FIELD_ID,    /* a whole value as it is: id: */
    WEFT_FIELD_SCOPE, /* an id or a reference: article: under: */
    WEFT_FIELD_IS,    /* one of a list of words: is: */
    WEFT_FIELD_DATE,  /* date: after: before: */
    WEFT_FIELD_NUMBER /* score: replies: depth:, with > >= < <= or a..b */
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

/** Term prefixes that are no field of the query language (doc/index-format.md has all). */
#define WEFT_PREFIX_UNIQUE                                                                 \
    "Q" /* + 'a', 'c' or 't' + id: article, comment, thread document */
#define WEFT_PREFIX_TITLE "S" /* stems of an article's title */
#define WEFT_PREFIX_BODY                                                                   \
    "XB:" /* stems of an article's body; a comment's are its own words in the bag */
#define WEFT_PREFIX_ARTICLE_STEM "XA:" /* stems of an article's title and body */
#define WEFT_PREFIX_QUOTED "XQ:"       /* stems of words a comment quotes */
#define WEFT_PREFIX_THREAD_STEM "XD:"  /* stems of a thread document */
#define WEFT_PREFIX_WORD "XV:" /* folded own words of a thread document's conversation */
#define WEFT_PREFIX_THREAD "T" /* + article id: public documents of a thread */
#define WEFT_PREFIX_UNSHOWN                                                                \
    "XM:" /* + article id: its stored documents that are not public */
#define WEFT_PREFIX_PARENT "XP:"        /* + comment id: public direct replies */
#define WEFT_PREFIX_UNDER "XU:"         /* + comment id: public comments under it */
#define WEFT_PREFIX_QUOTES "XO:"        /* + reference: documents that quote it */
#define WEFT_PREFIX_QUOTED_AUTHOR "XW:" /* + folded author: documents that quote them */
#define WEFT_PREFIX_AUTHOR_ID "XAI:"    /* + author id */
#define WEFT_PREFIX_IS                                                                     \
    "XIS:" /* + article, comment, root, reply, leaf, orphan, stub, place, gone, thread */
#define WEFT_PREFIX_DAY "D"       /* + YYYYMMDD, UTC */
#define WEFT_PREFIX_MONTH "M"     /* + YYYYMM */
#define WEFT_PREFIX_YEAR "Y"      /* + YYYY */
#define WEFT_PREFIX_CHANGED "XR:" /* + revision that last changed the record */

/** Value slots. Numbers are big-endian with the sign bit turned, so that bytes order as
 * numbers do; absent is empty. */
enum {
    WEFT_SLOT_THREAD = 0,    /* article id */
    WEFT_SLOT_DATE = 1,      /* seconds, 8 bytes */
    WEFT_SLOT_SCORE = 2,     /* votes, 8 bytes */
    WEFT_SLOT_DEPTH = 3,     /* 8 bytes, comments only */
    WEFT_SLOT_REPLIES = 4,   /* public direct replies, 8 bytes */
    WEFT_SLOT_NEWEST = 5,    /* total order: newest first, unknown last, then reference */
    WEFT_SLOT_OLDEST = 6,    /* total order: oldest first, unknown last, then reference */
    WEFT_SLOT_VOTES = 7,     /* total order: most votes first, none last, then as NEWEST */
    WEFT_SLOT_STREAM = 8,    /* folded words as 32-bit hashes with marks (weft/query.h) */
    WEFT_SLOT_SELF = 9,      /* a comment's id */
    WEFT_SLOT_PARENT = 10,   /* id of the comment it answers, unset at the top level */
    WEFT_SLOT_ANSWERED = 11, /* total order: most direct replies first, then as NEWEST */
    WEFT_SLOT_AUTHOR = 12,   /* who wrote it, folded */
    WEFT_SLOT_ABOUT = 13,    /* of its article, as given: section, site and tags, a NUL
                                between any two */
    WEFT_SLOT_LANGUAGE = 14  /* ISO 639-1 code its words were stemmed by */
};

/** Marks of the stream of words. The first three begin a segment. */
enum {
    WEFT_MARK_TITLE = 1,
    WEFT_MARK_OWN = 2,
    WEFT_MARK_QUOTED = 3,
    WEFT_MARK_PARAGRAPH = 4
};

/** A comment's own word has at least this wdf in the bag: wdf = 4 x own + 2 if in the
 * headline + 1 if in the parent. */
enum { WEFT_WDF_OWN = 4, WEFT_WDF_HEADLINE = 2, WEFT_WDF_PARENT = 1 };

/** What a folded word is in the stream. */
uint32_t weft_stream_word(weft_str folded);
/** The same by its weft_str_hash(). */
uint32_t weft_stream_word_of(uint64_t hash);

/**
 * prefix + value as a term in mem. A value that would make the term too long is cut and
 * hashed, the same way in documents and in queries.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code weft_term_make(void *mem, const char *prefix, weft_str value, weft_str *out,
                         weft_error *err) weft_must_check;

/** Unique term of a reference, in mem. Errors: WEFT_ENOMEM. */
weft_code weft_term_unique(void *mem, weft_type type, const char *id, weft_str *out,
                           weft_error *err) weft_must_check;

/** What a stored document is. */
typedef enum weft_kind {
    WEFT_KIND_PUBLIC = 0,
    WEFT_KIND_STUB = 1,  /* stands for an article that never came */
    WEFT_KIND_PLACE = 2, /* a comment that is not public with public comments under it:
                            shown as removed */
    WEFT_KIND_UNSHOWN =
        3, /* remembered only: a tombstone without text, or a record in a hidden thread */
    WEFT_KIND_THREAD = 4 /* the thread document */
} weft_kind;

typedef struct weft_stored_quote {
    uint32_t outer_start, outer_end, start, end; /* bytes of the body, as weft_quote */
    const char *of; /* reference of the source, NULL when unknown */
    const char
        *author; /* who is quoted, as the marker or the source has it; NULL when unknown */
} weft_stored_quote;

/** The stored bytes of a document, taken apart. */
typedef struct weft_stored {
    weft_kind kind;
    const char *language; /* ISO 639-1 code its words were stemmed by; given, inherited or
                             detected */
    weft_record
        *record; /* of a place or tombstone: type, id, article, parent, status, rev only */
    bool orphan;
    uint32_t depth;
    const char **ancestors; /* ids of comments, root first, parent last */
    size_t ancestor_count;
    weft_stored_quote *quotes;
    size_t quote_count;
    uint64_t length;      /* of the bag, or of the thread document */
    uint64_t changed;     /* revision that last changed the record */
    uint64_t fingerprint; /* of everything in the document, so that an equal one is not
                             written again */
} weft_stored;

/**
 * Stored bytes of a document: a version byte, then fields, compressed by zstd when that
 * pays (doc/index-format.md).
 *
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM, WEFT_ELIMIT.
 */
weft_code weft_stored_encode(void *mem, const weft_stored *s, weft_str *out,
                             weft_error *err) weft_must_check;

/** The same, never compressed: for what is soon read back. Errors: as weft_stored_encode. */
weft_code weft_stored_encode_plain(void *mem, const weft_stored *s, weft_str *out,
                                   weft_error *err) weft_must_check;

/**
 * The reverse, of both. Bytes are not trusted.
 *
 * Errors:  WEFT_ECORRUPT, WEFT_ENOMEM.
 */
weft_code weft_stored_decode(void *mem, weft_str bytes, weft_stored **out,
                             weft_error *err) weft_must_check;

/** Settings of an index that shape its documents; kept in weft.json. */
typedef struct weft_settings {
    char lang[8]; /* ISO 639-1 of texts that name none, or "auto" */
    char tz[64];  /* IANA zone of dates without an offset */
} weft_settings;

/** Tools and settings for making documents; costly to make, kept for a whole run. */
typedef struct weft_analysis weft_analysis;

/**
 * Owner:   *out is in mem.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL, WEFT_EUSAGE for a language without a stemmer.
 */
weft_code weft_analysis_new(void *mem, const weft_settings *settings, weft_analysis **out,
                            weft_error *err) weft_must_check;

/** Languages of the documents made so far, as bit 1 << number, and bit 63 for those without
 * a stemmer. */
uint64_t weft_analysis_languages(const weft_analysis *a);

/** One document of a thread, ready to be written. */
typedef struct weft_made {
    weft_document document; /* document.stored is set by weft_made_finish */
    weft_stored stored;
    bool left_out; /* some words: it has over WEFT_DOCUMENT_TERMS_MAX */
} weft_made;

/**
 * Make every document of a thread, one call of emit each: the article or its stub, then its
 * comments, then the thread document.
 *
 * Owner:   made is borrowed for the call.
 * Limits:  WEFT_DOCUMENT_TERMS_MAX distinct terms a document: words past it are not
 *          indexed.
 * Errors:  what emit returns; WEFT_ENOMEM.
 */
typedef weft_code (*weft_emit)(void *ctx, void *mem, weft_made *made, weft_error *err);
weft_code weft_thread_documents(weft_analysis *a, const weft_thread *thread, weft_emit emit,
                                void *ctx, weft_error *err) weft_must_check;

/**
 * Complete a document for writing: the changed term, and the stored bytes.
 *
 * Errors:  WEFT_ENOMEM, WEFT_ELIMIT.
 */
weft_code weft_made_finish(void *mem, weft_made *made, uint64_t changed,
                           weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

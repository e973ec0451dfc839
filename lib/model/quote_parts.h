/* quote_parts.h - the parts of quote detection: tags, the words of a source, runs of words
 * in common. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_QUOTE_PARTS_H
#define MODEL_QUOTE_PARTS_H

#include "weft/quote.h"

enum {
    QUOTE_TEXT_MAX = 64 * 1024, /* bytes of a text that is searched for words in common */
    QUOTE_RUN = 4,              /* words that must stand in a row to count as repeated */
    QUOTE_SILENT_MIN = 6,       /* words of a paragraph that can be a silent quote */
    QUOTE_SILENT_DISTINCT =
        5 /* different ones among them: "ha ha ha ha ha ha" quotes nobody */
};

/** Whether `covered` of `words` words are enough to call the text repeated: four fifths. */
static inline bool quote_is_enough(size_t covered, size_t words)
{
    return words > 0 && covered * 5 >= words * 4;
}

/**
 * The [quote] tags of a body that are closed, outermost only, in order, not overlapping.
 *
 * Owner:   *out is in mem.
 * Limits:  a pair with over WEFT_QUOTE_NESTING_MAX levels in it is the writer's own text,
 *          those inside it are not.
 * Errors:  WEFT_ENOMEM.
 */
weft_code quote_tags_scan(void *mem, weft_str body, weft_quote **out, size_t *count,
                          weft_error *err) weft_must_check;

/** Words of a text as hashes of their folded forms. A hash of 0 stands between pieces that
 * do not touch. */
typedef struct quote_words {
    uint64_t *hash;
    uint32_t *start, *end; /* bytes of the whole text */
    size_t n, size;
} quote_words;

/**
 * Add the words of bytes [start, end) of text, and a 0 behind them.
 *
 * Owner:   the arrays grow in mem.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code quote_words_add(void *mem, weft_tokenizer *tokenizer, weft_str text, size_t start,
                          size_t end, quote_words *words, weft_error *err) weft_must_check;

/** As above, for all of a text but the quotes in it. */
weft_code quote_words_add_own(void *mem, weft_tokenizer *tokenizer, weft_str text,
                              const weft_quote *quotes, size_t count, quote_words *words,
                              weft_error *err) weft_must_check;

/** The words somebody said, with every run of QUOTE_RUN of them in a set. */
typedef struct quote_source quote_source;

/**
 * A source of words; the arrays of *words are taken.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code quote_source_new(void *mem, const quote_words *words, quote_source **out,
                           weft_error *err) weft_must_check;

/** How many words it holds, for the cache's limit. */
size_t quote_source_size(const quote_source *s);

/** Whether the source says words [from, to), most of them in runs; fewer than QUOTE_RUN
 * must stand there in a row. */
bool quote_source_holds(const quote_source *s, const quote_words *words, size_t from,
                        size_t to);

/** Set `bit` in covered[i] for each word that is part of a run the source has. */
void quote_source_cover(const quote_source *s, const quote_words *words, uint32_t bit,
                        uint32_t *covered);

/** What is known of a thread's authors and words, made as it is asked for. */
typedef struct quote_author {
    uint64_t hash; /* of the folded name */
    uint32_t node;
} quote_author;

struct weft_quote_finder {
    weft_tokenizer *tokenizer;
    const weft_thread *thread;
    uint64_t *author_of; /* hash of each node's author; 0 for none and for a comment that is
                            not public */
    quote_author *authors; /* by hash, then node */
    size_t author_count;
    uint64_t article_author;
    void *cache;            /* holds the sources */
    quote_source **sources; /* one of each node, NULL until asked for */
    quote_source *article;
    size_t cached_words;
};

/**
 * Hash of a name, folded; 0 for an empty one.
 *
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code quote_author_hash(weft_tokenizer *tokenizer, weft_str name, uint64_t *out,
                            weft_error *err) weft_must_check;

/**
 * Make the list of authors, the first time a quote names one.
 *
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code quote_authors_list(weft_quote_finder *f, weft_error *err) weft_must_check;

/** First row of authors that is not before (hash, node); author_count past the last. */
size_t quote_authors_find(const weft_quote_finder *f, uint64_t hash, uint32_t node);

/**
 * The own words of a public comment; *out is NULL for one that is not public or over
 * QUOTE_TEXT_MAX.
 *
 * Owner:   borrowed until the next quote_cache_trim.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code quote_source_of(weft_quote_finder *f, uint32_t node, const quote_source **out,
                          weft_error *err) weft_must_check;

/** As above, for title and body of the article. */
weft_code quote_source_of_article(weft_quote_finder *f, const quote_source **out,
                                  weft_error *err) weft_must_check;

/**
 * Forget the sources when they have become too many.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code quote_cache_trim(weft_quote_finder *f, weft_error *err) weft_must_check;

/**
 * Fill in node and from_article of a marked quote of comment `of`. budget_bytes of text may
 * be read beyond the ancestors.
 *
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code quote_resolve(weft_quote_finder *f, uint32_t of, weft_str body,
                        size_t *budget_bytes, weft_quote *q,
                        weft_error *err) weft_must_check;

/**
 * The silent quotes of comment `of` outside its marked ones.
 *
 * Owner:   *out is in mem, in order.
 * Errors:  WEFT_ENOMEM, WEFT_EINTERNAL.
 */
weft_code quote_silent_find(void *mem, weft_quote_finder *f, uint32_t of,
                            const weft_quote *marked, size_t marked_count, weft_quote **out,
                            size_t *count, weft_error *err) weft_must_check;

#endif

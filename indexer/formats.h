/* formats.h - the table of input formats, what a reader is given, and where its records
 * go. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_H
#define FORMATS_H

#include <stddef.h>

#include "weft/error.h"
#include "weft/record.h"
#include "weft/str.h"
#include "input.h"

/** Kinds of what is not public text by itself, to be read all the same (--include); bits. */
typedef enum fmt_include {
    FMT_PINGBACK = 1, /* pingbacks and trackbacks, as comments of that kind */
    FMT_DRAFT = 2,    /* drafts and what is to come */
    FMT_PRIVATE = 4,  /* private or behind a password */
    FMT_PENDING = 8,  /* comments that wait for approval */
    FMT_SPAM = 16,
    FMT_TRASH = 32,
    FMT_PAGE = 64 /* of a blog: pages that are no articles */
} fmt_include;

/** What the operator said about reading, beyond weft_record_options. Zero is the default. */
typedef struct fmt_choices {
    unsigned include; /* bits of fmt_include */
    bool has_as_of;
    int64_t as_of_s;      /* --as-of: what "2 hours ago" counts from */
    const char *articles; /* --articles FILE: weft NDJSON to join by URL; or NULL */
    const char *mapping;  /* --mapping FILE: of the `json` reader; or NULL */
} fmt_choices;

/** One input as a reader sees it. */
typedef struct fmt_source {
    weft_str bytes;   /* the whole file, for a reader that needs it whole */
    const char *name; /* file name as given, for ids and errors */
    const char *id;   /* --id or NULL */
    const weft_record_options *options;
    weft_record_counts *counts; /* added to; may be NULL */
    size_t skip_lines; /* of a format by lines: the first ones, which were read before */
    const fmt_choices *choices;
} fmt_source;

/**
 * Called for each record in input order. line is 1-based. The record lives until the call
 * returns; return non-OK to stop.
 */
typedef weft_code (*fmt_emit)(void *ctx, weft_record *r, size_t line, weft_error *err);

typedef struct fmt_sink {
    fmt_emit emit;
    void (*refuse)(void *ctx, size_t line, const char *reason);
    /* Something that is left out on purpose (a draft, spam, a "more" stub), counted by reason:
     * a few words that do not change with the record. May be NULL. */
    void (*skip)(void *ctx, size_t line, const char *reason);
    /* What was recognised and why, for `convert --explain`: one line. May be NULL. */
    void (*note)(void *ctx, const char *text);
    void *ctx;
} fmt_sink;

/**
 * Give a record as a reader found it to the sink: finished (weft_record_finish), checked, then
 * emitted or refused. raw's texts are borrowed until it returns.
 *
 * Errors:  WEFT_ENOMEM, and what emit returns.
 */
weft_code fmt_put(const fmt_source *source, const fmt_sink *sink, const weft_record *raw,
                  size_t line, weft_error *err) weft_must_check;

/** A date as a reader found it, in source's zone; one that is not understood is unknown, and
 * counted. An empty text is unknown. */
int64_t fmt_date(const fmt_source *source, weft_str text);

/** Tell the sink of something left out, if it wants to know. */
void fmt_skip(const fmt_sink *sink, size_t line, const char *reason);

/** Note something for `convert --explain`, printf-like. */
void fmt_note(const fmt_sink *sink, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** What is particular about a format; bits. */
enum {
    FMT_BY_LINE = 1, /* a record is a line: reading may go on at any of them */
    FMT_OWN_CHARSETS =
        2 /* its parts name their own charsets: the bytes are taken as they are */
};

/** A row of the table: the format's name, how sure it is of a file by its first bytes, and
 * its reader. */
typedef struct fmt_format {
    const char *name;
    const char *help;
    unsigned traits;             /* bits as above; none for most */
    int (*sniff)(weft_str head); /* 0..100 */
    weft_code (*read)(void *mem, input *in, const fmt_source *source, const fmt_sink *sink,
                      weft_error *err);
} fmt_format;

/** So sure of a format is its sniff when a text cannot well be anything else. */
enum { FMT_CERTAIN = 80 };

/** Row i; NULL past the end. */
const fmt_format *fmt_at(size_t i);

/** The format of a name; NULL when there is none. */
const fmt_format *fmt_find(const char *name);

/** Append the names of all formats, "ndjson, page". */
void fmt_names(weft_buf *out);

/** What the first bytes of an input are taken for. */
typedef struct fmt_guess {
    const fmt_format *best, *second; /* NULL for none; the second is never surer */
    int sure, second_sure;           /* 0..100 */
} fmt_guess;

fmt_guess fmt_guess_head(weft_str head);

/**
 * The format that is surest of the first bytes of an input.
 *
 * Errors:  WEFT_ESYNTAX when none is, naming those there are.
 */
weft_code fmt_sniff_head(weft_str head, const char *name, const fmt_format **out,
                         weft_error *err) weft_must_check;

/** As fmt_sniff_head, of an open input. */
weft_code fmt_sniff(input *in, const char *name, const fmt_format **out,
                    weft_error *err) weft_must_check;

/**
 * Whether an input may be in the format that was named for it.
 *
 * Errors:  WEFT_ESYNTAX when it cannot be and another format is sure of it.
 */
weft_code fmt_check_named(input *in, const char *name, const fmt_format *named,
                          weft_error *err) weft_must_check;

/**
 * Mail: mbox files, and single messages (formats/mbox.c).
 *
 * Limits:  WEFT_MAIL_MAX bytes a message, WEFT_MAILS_MAX messages.
 * Errors:  WEFT_ELIMIT, WEFT_EIO, WEFT_ENOMEM, and what emit returns; what was read before is
 *          given all the same.
 */
weft_code fmt_mbox_read(void *mem, input *in, const fmt_source *source,
                        const fmt_sink *sink, weft_error *err) weft_must_check;
int fmt_mbox_sniff(weft_str head);

/** weft NDJSON, the native input: streams, one record in memory at a time. Errors: of
 * reading, and what emit returns. */
weft_code fmt_ndjson_read(void *mem, input *in, const fmt_source *source,
                          const fmt_sink *sink, weft_error *err) weft_must_check;
int fmt_ndjson_sniff(weft_str head);

/** One line of it; an empty one is no record. Errors: WEFT_ENOMEM, and what emit returns. */
weft_code fmt_ndjson_line(const fmt_source *source, const input_line *line,
                          const fmt_sink *sink, weft_error *err) weft_must_check;

/**
 * Read one article page saved as text: the article, then its comments in page order.
 *
 * Owner:   source is borrowed until it returns; a record dies when emit returns.
 * Limits:  64 MiB a page; a record that weft_record_check refuses goes to sink->refuse and
 *          the rest goes on.
 * Errors:  WEFT_ELIMIT for a page too large, WEFT_ESYNTAX for one without a line of text,
 *          WEFT_EUSAGE when neither a name nor --id gives the article an id, WEFT_ENOMEM,
 *          and what emit returns.
 */
weft_code fmt_page_read(void *mem, const fmt_source *source, const fmt_sink *sink,
                        weft_error *err) weft_must_check;

/** 0..100: how sure that these first bytes are such a page. */
int fmt_page_sniff(weft_str head);

/** WordPress exports. Errors: of reading, WEFT_ESYNTAX for a file that is cut off (what was
 * whole is given), and what emit returns. */
weft_code fmt_wxr_read(void *mem, input *in, const fmt_source *source, const fmt_sink *sink,
                       weft_error *err) weft_must_check;
int fmt_wxr_sniff(weft_str head);

/** Disqus exports. Errors: as fmt_wxr_read, and those of the file of --articles. */
weft_code fmt_disqus_read(void *mem, input *in, const fmt_source *source,
                          const fmt_sink *sink, weft_error *err) weft_must_check;
int fmt_disqus_sniff(weft_str head);
/**
 * Read one saved web page: the article, then its comments in page order. in may be NULL:
 * source->bytes is the page then.
 *
 * Limits:  64 MiB and a million nodes a page; what nests deeper than 250 elements ends it.
 * Errors:  WEFT_ELIMIT, WEFT_ESYNTAX for a page without an element, WEFT_EUSAGE when nothing
 *          gives the article an id, WEFT_EIO, WEFT_ENOMEM, and what emit returns.
 */
weft_code fmt_html_read(void *mem, input *in, const fmt_source *source,
                        const fmt_sink *sink, weft_error *err) weft_must_check;
int fmt_html_sniff(weft_str head);

/** Atom feeds: Blogger exports, threads by RFC 4685. Errors: as fmt_wxr_read. */
weft_code fmt_atom_read(void *mem, input *in, const fmt_source *source,
                        const fmt_sink *sink, weft_error *err) weft_must_check;
int fmt_atom_sniff(weft_str head);

/** Movable Type exports. Errors: as fmt_wxr_read. */
weft_code fmt_mt_read(void *mem, input *in, const fmt_source *source, const fmt_sink *sink,
                      weft_error *err) weft_must_check;
int fmt_mt_sniff(weft_str head);

#endif

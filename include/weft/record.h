/* weft/record.h - an article, a comment or a delete, as read from an input and as stored.
 *
 * The native form is weft NDJSON (doc/record.md): one JSON object a line. Every reader of
 * another format yields the same struct.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_RECORD_H
#define WEFT_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum weft_type { WEFT_ARTICLE = 0, WEFT_COMMENT = 1 } weft_type;

typedef enum weft_status {
    WEFT_PUBLIC = 0,
    WEFT_PENDING = 1,
    WEFT_HIDDEN = 2,
    WEFT_DELETED = 3
} weft_status;

typedef enum weft_format { WEFT_TEXT = 0, WEFT_HTML = 1, WEFT_MARKDOWN = 2 } weft_format;

#define WEFT_DATE_UNKNOWN INT64_MIN
/** Seconds of 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z: a date outside is refused. */
#define WEFT_DATE_MIN INT64_C(-62135596800)
#define WEFT_DATE_MAX INT64_C(253402300799)

/**
 * One record. Strings are terminated valid UTF-8 in the record's memory context, NULL when
 * absent (never ""). A delete is a record with is_delete set, type and id, and perhaps
 * article and rev; nothing else.
 */
typedef struct weft_record {
    weft_type type;
    bool is_delete;
    weft_status status;
    weft_format format;
    const char *id;        /* 1 to WEFT_ID_MAX bytes */
    const char *article;   /* comments: id of the article */
    const char *parent;    /* comments: as given; NULL at the top level */
    bool parent_is_marker; /* parent was "0", "root" or the article's id: the top level
                              unless a comment of that id exists */
    const char *text; /* body as it is read, where that is not body itself; not part of the
                         record, but made of body and format (weft/body.h) */
    const char *title, *body, *author, *author_id, *url, *section, *site, *lang, *kind;
    const char **tags;
    size_t tag_count;
    int64_t published_s; /* seconds since 1970, UTC, or WEFT_DATE_UNKNOWN */
    bool has_score, has_rev;
    int64_t score; /* votes */
    uint64_t rev;  /* the source's own revision; a lower one never overwrites a higher */
} weft_record;

/** The words of a record's body: its readable text, or the body where nothing was to be made
 * of it. */
static inline weft_str weft_record_text(const weft_record *r)
{
    return weft_str_from(r->text != NULL ? r->text : r->body);
}

/** How a record is to be read. Zero-initialised is the default: UTC, no prefix. */
typedef struct weft_record_options {
    const char *tz;        /* zone of dates without an offset, an IANA name; NULL is UTC */
    const char *id_prefix; /* put before id, article and parent; NULL for none */
    bool epoch_ms;         /* integer dates are milliseconds */
} weft_record_options;

/** What parsing met that is no error, added up over many records. */
typedef struct weft_record_counts {
    uint64_t unknown_keys; /* keys dropped */
    uint64_t bad_dates;    /* dates present but not understood: unknown */
    uint64_t repaired;     /* records with bad bytes or control characters replaced */
    uint64_t suspicious;   /* records that look like UTF-8 encoded twice */
} weft_record_counts;

/**
 * Read one line of weft NDJSON.
 *
 * counts (may be NULL) grows with the accepted lines only.
 *
 * Owner:   *out and all its strings are in mem.
 * Limits:  the constants of weft/limits.h. Refused are a duplicate key, a NUL in a key, a
 *          control character in an id, a missing id, an unknown type, a wrong JSON type.
 * Errors:  WEFT_ESYNTAX, WEFT_ELIMIT, WEFT_ENOMEM; the text is "ID: reason" when the id is
 *          known, else the reason.
 * Source:  RFC 8259; read by jansson with JSON_REJECT_DUPLICATES.
 */
weft_code weft_record_parse(void *mem, weft_str line, const weft_record_options *options,
                            weft_record_counts *counts, weft_record **out,
                            weft_error *err) weft_must_check;

/**
 * Check a record that some other reader made, as weft_record_parse does: lengths, ids,
 * required fields.
 *
 * Errors:  WEFT_ESYNTAX, WEFT_ELIMIT, text as weft_record_parse.
 */
weft_code weft_record_check(const weft_record *r, weft_error *err) weft_must_check;

/**
 * A record as a reader of some other format found it, made one of weft's: bytes that are no
 * UTF-8 and control characters are replaced and counted, every text but the body becomes one
 * line without white space at its ends, empty texts become NULL, ids take the prefix, a
 * parent that is a marker is marked. It is still to be checked (weft_record_check).
 *
 * Owner:   *out and its texts are in mem; raw is only read.
 * Errors:  WEFT_ENOMEM.
 */
weft_code weft_record_finish(void *mem, const weft_record *raw,
                             const weft_record_options *options, weft_record_counts *counts,
                             weft_record **out, weft_error *err) weft_must_check;

/**
 * Append r to out as one line of weft NDJSON with its LF, keys in the order of
 * doc/record.md, absent ones left out. A date is written as RFC 3339 in UTC. Non-ASCII text
 * is written as UTF-8.
 *
 * Errors:  WEFT_ENOMEM, WEFT_ELIMIT when out passes its cap.
 */
weft_code weft_record_render(const weft_record *r, weft_buf *out,
                             weft_error *err) weft_must_check;

/** Whether the two have the same content in every field. */
bool weft_record_equal(const weft_record *a, const weft_record *b);

/**
 * A deep copy in mem, without the readable text.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code weft_record_copy(void *mem, const weft_record *r, weft_record **out,
                           weft_error *err) weft_must_check;

/** "article:ID" or "comment:ID" in mem; NULL only when out of memory. */
char *weft_ref(void *mem, weft_type type, const char *id);

/**
 * Take a reference apart: "article:ID" or "comment:ID".
 *
 * Owner:   *id is a view into ref.
 * Errors:  WEFT_EUSAGE for anything else, such as a bare id; WEFT_ELIMIT for an id over
 * WEFT_ID_MAX bytes.
 */
weft_code weft_ref_parse(weft_str ref, weft_type *type, weft_str *id,
                         weft_error *err) weft_must_check;

/**
 * An RFC 3339 date, or one of its usual looser forms ("2013-05-03 09:16", "2013-05-03",
 * offset without colon).
 *
 * Units:   *out_s is seconds since 1970, UTC; fractions are dropped. A time of day without
 *          offset is in zone tz (NULL is UTC); one that the zone skips moves forward by the
 *          gap, of two that bear the same name the earlier is meant.
 * Errors:  WEFT_ESYNTAX when it is no date (30 February, hour 25, "not a date", year 0000).
 * Source:  RFC 3339; zones by ICU (ucal).
 */
weft_code weft_date_parse(weft_str text, const char *tz, int64_t *out_s,
                          weft_error *err) weft_must_check;

/** "2013-05-03T09:16:00Z" in mem; NULL only when out of memory. s is between WEFT_DATE_MIN
 * and WEFT_DATE_MAX. */
char *weft_date_render(void *mem, int64_t s);

/**
 * Whether tz is a zone ICU knows.
 *
 * Errors:  WEFT_EUSAGE naming it.
 */
weft_code weft_tz_check(const char *tz, weft_error *err) weft_must_check;

/**
 * Seconds since 1970, UTC, of a civil time in zone tz (NULL is UTC); month 1..12. Values
 * must be in range: a day past the month's end is refused.
 *
 * Errors:  WEFT_ESYNTAX.
 */
weft_code weft_date_from_civil(int year, int month, int day, int hour, int minute,
                               int second, const char *tz, int64_t *out_s,
                               weft_error *err) weft_must_check;

/** The civil UTC date of s: year, month 1..12, day 1..31. */
void weft_date_civil(int64_t s, int *year, int *month, int *day);

#ifdef __cplusplus
}
#endif
#endif

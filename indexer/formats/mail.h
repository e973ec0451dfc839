/* mail.h - parts of the mbox reader: one message, the threads of all, and where messages wait
 * until those are known. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_MAIL_H
#define FORMATS_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/record.h"
#include "weft/str.h"

/** One message as a reader needs it. Texts are valid UTF-8; absent ones are empty. */
typedef struct mail {
    weft_str id; /* of its Message-ID, or made of what it holds */
    weft_str subject, author, body;
    weft_format format;  /* of the body */
    int64_t published_s; /* or WEFT_DATE_UNKNOWN */
    size_t line;         /* of the input, where it begins */
    weft_str *answers;   /* ids of In-Reply-To, in order */
    size_t answer_count;
    weft_str *references; /* the first one should be the thread's first message */
    size_t reference_count;
    bool has_bad_date, is_repaired;
} mail;

/**
 * Take a message apart: its headers, and its text, which is all its parts of plain text, else
 * its first one of HTML; files that came with it are named below that.
 *
 * Owner:   *out is in mem, what it points to also.
 * Limits:  WEFT_MAIL_REFERENCES_MAX ids of each header, the last ones.
 * Errors:  WEFT_ESYNTAX for what is no message, WEFT_ENOMEM.
 * Source:  RFC 5322, 2045 to 2047; read by GMime 3.
 */
weft_code mail_parse(void *mem, weft_str bytes, const char *tz, mail *out,
                     weft_error *err) weft_must_check;

/** "subject" of "Re: AW: subject". */
weft_str mail_plain_subject(weft_str subject);

/** Whose answer each message is. */
typedef struct mail_threads mail_threads;

/** Owner: *out is in mem. Errors: WEFT_ENOMEM. */
weft_code mail_threads_new(void *mem, mail_threads **out, weft_error *err) weft_must_check;

/**
 * Tell of the next message.
 *
 * Limits:  WEFT_MAILS_MAX.
 * Errors:  WEFT_ELIMIT, WEFT_ENOMEM.
 */
weft_code mail_threads_add(mail_threads *t, const mail *m, weft_error *err) weft_must_check;

/** Where a message stands. Texts live as long as t. */
typedef struct mail_place {
    const char *article; /* id of the thread's article */
    const char *parent;  /* NULL for the article itself */
    bool needs_stub;     /* the article is in no message of the input: this is the first
                            message that asks for it */
    bool is_orphan;      /* it answers a message that is not there, and is no second copy */
} mail_place;

/** The place of message n, as it was told of, once all are known. Errors: WEFT_ENOMEM. */
weft_code mail_threads_place(mail_threads *t, size_t n, mail_place *out,
                             weft_error *err) weft_must_check;

/** Messages in a file without a name. */
typedef struct mail_store mail_store;

/** Errors: WEFT_EIO, WEFT_ENOMEM. */
weft_code mail_store_new(void *mem, mail_store **out, weft_error *err) weft_must_check;
weft_code mail_store_add(mail_store *s, const mail *m, weft_error *err) weft_must_check;
weft_code mail_store_rewind(mail_store *s, weft_error *err) weft_must_check;

/** The next one, without what threads are made of; its texts are in mem. */
weft_code mail_store_next(mail_store *s, void *mem, mail *out,
                          weft_error *err) weft_must_check;

#endif

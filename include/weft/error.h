/* weft/error.h - the one way a weft function says what went wrong.
 *
 * A function that can fail returns weft_code (0 is WEFT_OK) and takes `weft_error *err`
 * last; results go through out parameters just before it, written only on success. err may
 * be NULL when the text is not wanted.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_ERROR_H
#define WEFT_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** No C++ exception leaves a function of ours. */
#ifdef __cplusplus
#define weft_noexcept noexcept
#else
#define weft_noexcept
#endif
#define weft_must_check weft_noexcept __attribute__((warn_unused_result))

/** What a caller can act on. The table in lib/base/error.c gives each its protocol name,
 * HTTP and exit status. */
typedef enum weft_code {
    WEFT_OK = 0,
    WEFT_EUSAGE,     /* the command line or a request's keys are wrong */
    WEFT_ESYNTAX,    /* a query or a record does not follow its grammar */
    WEFT_ENOTFOUND,  /* no such document, index, file */
    WEFT_EDUPLICATE, /* the id is taken */
    WEFT_ELIMIT,     /* a documented limit was passed (doc/limits.md) */
    WEFT_EBUSY,      /* somebody else holds the lock, or the server is full */
    WEFT_ECHANGED,   /* the index moved under a reader: reopen and try again */
    WEFT_ECORRUPT,   /* stored bytes are not what was written */
    WEFT_EIO,        /* the system refused: see the text */
    WEFT_ENOMEM,     /* out of memory */
    WEFT_ETIMEOUT,   /* a deadline passed */
    WEFT_EINTERNAL,  /* a bug of ours */
    WEFT_EDENIED,    /* a token is missing or wrong, or this account may not ask */
    WEFT_CODE_COUNT
} weft_code;

enum { WEFT_ERROR_TEXT_MAX = 480 };

/** The first failure, as text: lower case, no full stop. Start from `weft_error err =
 * {0};`. */
typedef struct weft_error {
    weft_code code;
    bool has_at; /* at is meaningful */
    size_t at;   /* byte position in the query or line that failed */
    char text[WEFT_ERROR_TEXT_MAX];
} weft_error;

/**
 * Set err to code and the formatted text, unless it holds an earlier failure. Returns code.
 *
 * Limits:  text over WEFT_ERROR_TEXT_MAX - 1 bytes is cut at a UTF-8 character.
 */
weft_code weft_fail(weft_error *err, weft_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** As weft_fail, with the byte position of the fault. */
weft_code weft_fail_at(weft_error *err, weft_code code, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/** The failure every unchecked allocation ends in. Returns WEFT_ENOMEM. */
weft_code weft_fail_nomem(weft_error *err);

/** Name of a code in the protocol's closed list, such as "bad_query". Never NULL. */
const char *weft_code_name(weft_code code);

/** The code a protocol name stands for; WEFT_EINTERNAL for a name that is not in the list.
 */
weft_code weft_code_from_name(const char *name);

/** Exit status of the client `weft` for a code: 2 usage or bad request, 3 it could not
 * answer. */
int weft_code_exit(weft_code code);

/** HTTP status of a code (RFC 9110): 200, 4xx for what the client can mend, 5xx for the rest. */
int weft_code_http(weft_code code);

#ifdef __cplusplus
}
#endif
#endif

/* access.h - who may ask: the accounts at the other end of a Unix socket, a token over TCP.
 *
 * Without rules a Unix socket's mode decides alone, and TCP is for loopback addresses only.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_ACCESS_H
#define SEARCHD_ACCESS_H

#include <stdbool.h>

#include "weft/error.h"
#include "weft/str.h"
#include "options.h"

enum {
    ACCESS_TOKEN_MIN = 16, /* bytes of a token */
    ACCESS_TOKEN_MAX = 256,
    ACCESS_TOKENS_MAX = 16, /* in a file, so that one can be exchanged for another */
    ACCESS_IDS_MAX = 64,    /* of --allow-uid, and of --allow-gid */
    ACCESS_WRONG_MAX = 3    /* tokens a connection may get wrong: it is closed then */
};

/** What one connection has shown so far; zeroed at its start, but for is_needed. */
typedef struct access_state {
    bool is_needed; /* a token is: access_needs_token */
    bool is_shown;  /* and a right one has come */
    int wrong_count;
} access_state;

/**
 * Read o->token_file, o->allow_uid and o->allow_gid into o->access.
 *
 * Errors:  WEFT_EUSAGE naming the option and what is wrong, WEFT_EIO, WEFT_ENOMEM.
 */
weft_code access_open(searchd_options *o, weft_error *err) weft_must_check;

/** Read the token file anew, as SIGHUP asks for; when that fails the tokens stay those they
 * were, and a warning says so. */
void access_reload(const searchd_options *o);

/** Wipe the tokens from this process: a worker needs none. */
void access_forget(const searchd_options *o);

/**
 * Whether a listening socket may be used: TCP beyond the loopback addresses needs a token
 * file.
 *
 * Errors:  WEFT_EUSAGE naming the address.
 */
weft_code access_check_listener(const searchd_options *o, int fd, const char *name,
                                weft_error *err) weft_must_check;

/** Whether the account at the other end of a connected socket may ask; for TCP always. */
bool access_peer_ok(const searchd_options *o, int fd);

/** Whether a connection of this family has to show a token: TCP, when there is a file. */
bool access_needs_token(const searchd_options *o, int family);

/** Whether given is one of the tokens. Takes the same time for any. */
bool access_token_ok(const searchd_options *o, weft_str given);

/**
 * A connection shows a token. Where none is needed any one is right.
 *
 * Errors:  WEFT_EDENIED; after ACCESS_WRONG_MAX of them access_is_over.
 */
weft_code access_show(const searchd_options *o, access_state *state, weft_str given,
                      weft_error *err) weft_must_check;

/**
 * The same over HTTP, where each request shows it: the value of its Authorization, empty
 * without one.
 *
 * Errors:  WEFT_EDENIED.
 * Source:  RFC 6750, 2.1.
 */
weft_code access_bearer(const searchd_options *o, access_state *state,
                        weft_str authorization, weft_error *err) weft_must_check;

/**
 * Whether the connection may ask; is_auth, that it shows its token.
 *
 * Errors:  WEFT_EDENIED.
 */
weft_code access_check(const access_state *state, bool is_auth,
                       weft_error *err) weft_must_check;

/** Whether it has been wrong too often: it is closed once that is answered. */
static inline bool access_is_over(const access_state *state)
{
    return state->wrong_count >= ACCESS_WRONG_MAX;
}

#endif

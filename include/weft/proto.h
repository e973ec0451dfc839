/* weft/proto.h - requests and replies of the lines protocol (doc/protocol.md), and
 * addresses. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_PROTO_H
#define WEFT_PROTO_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/str.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { WEFT_PROTOCOL = 1 };

/** One request as it was read. Which keys a command takes is not checked here: the daemon's
 * table of commands does. */
typedef struct weft_request {
    const char *cmd; /* in mem */
    json_t *id;    /* a string or an integer, NULL when there is none; lives as long as the
                      request */
    json_t *keys;  /* object of all keys but cmd and id; lives as long as the request */
    bool is_line;  /* written as VERB key=value: every value in keys is a string */
    bool has_text; /* a text stood after " -- " */
    weft_str text; /* that text, in mem: the value of the command's main key */
} weft_request;

/**
 * Read one request line, without its LF, in either form. A CR at its end is dropped.
 *
 * Owner:   *out is in mem. When the line fails after its id was read, *out is set all the
 *          same and holds the id only, so that the error can be answered under it;
 *          otherwise *out is NULL on failure.
 * Limits:  WEFT_REQUEST_MAX bytes, WEFT_JSON_DEPTH_MAX levels; linear time.
 * Errors:  WEFT_EUSAGE (a NUL, bad UTF-8, bad JSON, a key twice, a wrong id), WEFT_ELIMIT,
 *          WEFT_ENOMEM.
 */
weft_code weft_request_parse(void *mem, weft_str line, weft_request **out,
                             weft_error *err) weft_must_check;

/** The string value of a key; NULL when it is absent or no string. Lives as long as the
 * request. */
const char *weft_request_text(const weft_request *r, const char *key);

/** The integer value of a key; fallback when it is absent or no integer. */
int64_t weft_request_integer(const weft_request *r, const char *key, int64_t fallback);

/** A new reply object {"id":...,"ok":true}, the id left out when NULL. A new reference;
 * NULL when out of memory. */
json_t *weft_reply_new(json_t *id);

/**
 * Append a reply to out as one line, without its LF: compact, in the order of the keys,
 * UTF-8 as it is.
 *
 * Errors:  WEFT_ELIMIT when out passes its cap, WEFT_ENOMEM, WEFT_EINTERNAL when the reply
 * cannot be written.
 */
weft_code weft_reply_render(const json_t *reply, weft_buf *out,
                            weft_error *err) weft_must_check;

/**
 * A failure as a reply line, without its LF. Never fails: out of memory, a fixed no_memory
 * reply without id.
 *
 * Owner:   the line is in mem (or static).
 * Units:   retry_ms is when to try again; 0 leaves the key out.
 */
weft_str weft_reply_error(void *mem, json_t *id, const weft_error *failure,
                          int64_t retry_ms);

/** Where a daemon listens: a Unix socket (path set) or TCP (host and port set). Strings are
 * in mem. */
typedef struct weft_address {
    const char *path;
    const char *host; /* a name or a number; IPv6 without its brackets */
    const char *port; /* decimal */
} weft_address;

/**
 * Take apart "unix:PATH", "HOST:PORT" or "[IPV6]:PORT".
 *
 * Limits:  PATH fits a sockaddr_un (107 bytes), PORT is 0 to 65535.
 * Errors:  WEFT_EUSAGE, WEFT_ELIMIT, WEFT_ENOMEM.
 */
weft_code weft_address_parse(void *mem, const char *text, weft_address *out,
                             weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

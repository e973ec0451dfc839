/* options.h - the command line of weft. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CLIENT_OPTIONS_H
#define WEFT_CLIENT_OPTIONS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "connect.h"

typedef enum client_command {
    CLIENT_SEARCH,
    CLIENT_THREAD,
    CLIENT_GET,
    CLIENT_COUNT,
    CLIENT_SUGGEST,
    CLIENT_SIMILAR,
    CLIENT_STATUS,
    CLIENT_HELLO,
    CLIENT_COMMAND_COUNT
} client_command;

typedef enum client_colour {
    CLIENT_COLOUR_AUTO,
    CLIENT_COLOUR_ALWAYS,
    CLIENT_COLOUR_NEVER
} client_colour;

/** What the command line says. Numbers and words that were not given are 0. */
typedef struct client_options {
    bool shown; /* help or version was asked for and printed: there is nothing to do */
    client_command command;
    server_place place;
    char *text; /* the query or the reference, in mem; NULL for commands without one */
    bool json;
    int colour; /* client_colour */
    int64_t timeout_s;
    /* keys of the request */
    int type, sort, context,
        totals; /* index into the table's words; 0 is the server's default */
    int group;  /* as these */
    int64_t limit, offset, snippet, group_hits, recency, recency_days, votes;
    bool explain;
    const char *tz, *facets, *cursor;
} client_options;

/**
 * Read the command line and the environment (WEFT_SERVER, WEFT_INDEX).
 *
 * Owner:   what *out points to is in mem or in argv. *out is written also on failure.
 * Errors:  WEFT_EUSAGE, WEFT_ENOMEM.
 */
weft_code client_options_read(void *mem, int argc, char **argv, client_options *out,
                              weft_error *err) weft_must_check;

/**
 * The request the options ask for. A thread's limit and offset are sent only when they were
 * given.
 *
 * Owner:   *out is owned (json_decref).
 * Errors:  WEFT_EUSAGE when the text is not UTF-8, WEFT_ENOMEM.
 */
weft_code client_request(const client_options *o, json_t **out,
                         weft_error *err) weft_must_check;

#endif

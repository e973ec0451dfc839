/* commands.h - the table of commands: names, keys and their limits, what runs them.
 *
 * A new command is one file in cmd/, one line in cmd/cmd.h and one row in commands.c.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_COMMANDS_H
#define SEARCHD_COMMANDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "weft/error.h"
#include "weft/proto.h"
#include "note.h"
#include "options.h"

struct index_view; /* the index as a worker sees it */
struct access_state;
struct query;

/** What a command leaves beside its reply. */
typedef struct cmd_outcome {
    weft_code code; /* set when it has ended */
    note_lasting lasting;
    uint64_t generation, revision;
    uint64_t articles, comments;
    uint64_t hits;
    const struct query *query; /* as it was understood; NULL for none. In mem */
} cmd_outcome;

/** What a command runs with. */
typedef struct cmd_context {
    void *mem;                /* freed after the reply */
    struct index_view *index; /* NULL in the event loop, which never opens the index */
    int64_t soft_deadline_ms; /* of clock_ms() */
    const searchd_options *options;
    struct access_state *access; /* of the connection; NULL in a worker */
    cmd_outcome outcome;
    uint64_t sequence; /* of the request among those this process has had, from 1 */
} cmd_context;

/**
 * Run a command whose keys have been checked: reply is {"id":...,"ok":true} and gets the
 * command's keys.
 *
 * Errors:  any; the reply is then dropped and the failure sent under the id.
 */
typedef weft_code (*cmd_run)(cmd_context *c, const weft_request *request, json_t *reply,
                             weft_error *err);

typedef enum cmd_key_type {
    CMD_KEY_STRING,  /* min to max bytes; over max is WEFT_ELIMIT */
    CMD_KEY_INTEGER, /* min to max */
    CMD_KEY_WORD     /* one of words */
} cmd_key_type;

/** A key of a command. A list of keys ends with a row whose name is NULL. */
typedef struct cmd_key {
    const char *name;
    cmd_key_type type;
    bool is_required;
    int64_t min, max;
    const char *const *words; /* ends with NULL */
} cmd_key;

struct web_page;

typedef struct command {
    const char *name;
    const cmd_key *keys;  /* NULL for none */
    const char *main_key; /* the key whose value may stand after " -- "; NULL for none */
    cmd_run run;
    bool in_loop; /* answered by the event loop itself: needs no index and takes no time */
    const char *help;
    void (*render)(
        const struct web_page *page); /* its answer is a page, for HTTP alone: what
                                                    writes it; NULL for all others */
} command;

/** The command of a name, pages among them; NULL when there is none. */
const command *command_find(const char *name);

/** The row of a command's key; NULL when it has no such key, or there is no such command. */
const cmd_key *command_key(const command *c, const char *name);

/** Row i of the table, without pages; NULL past the end. */
const command *command_at(size_t i);

/**
 * Hold the keys of a request against a command's rows. Values written as VERB key=value
 * become what their row says, and the text after " -- " becomes the main key.
 *
 * Errors:  WEFT_EUSAGE naming the key and what it may be, WEFT_ELIMIT for a string that is
 * too long, WEFT_ENOMEM.
 */
weft_code command_check(const command *c, weft_request *request,
                        weft_error *err) weft_must_check;

/**
 * A request line all the way: parse, look up, check.
 *
 * Owner:   *request is in mem and, as with weft_request_parse, may be set on failure too,
 *          for its id.
 * Errors:  those of weft_request_parse and command_check; WEFT_EUSAGE for an unknown
 *          command.
 */
weft_code command_read(void *mem, weft_str line, weft_request **request,
                       const command **out, weft_error *err) weft_must_check;

/** Run a command; the reply line, an error reply if need be, without its LF; of a page its HTTP
 * status, an LF, and the page. Never fails. What it gives is in c->mem. */
weft_str command_answer(cmd_context *c, const command *command,
                        const weft_request *request);

#endif

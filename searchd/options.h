/* options.h - what the command line of weft-searchd sets. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_OPTIONS_H
#define SEARCHD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "weft/error.h"
#include "weft/options.h"

typedef struct access_rules access_rules; /* access.h */

typedef struct searchd_options {
    const char *index_dir;
    weft_option_list listen;
    weft_option_list http;
    const char *site_name; /* on the search page */
    weft_option_list cors; /* origins whose pages may read replies; "*" for all */
    const char *socket_mode_text;
    mode_t socket_mode;
    bool stdio;
    int64_t workers; /* 0 on the command line means by the number of cores; never 0 after
                        searchd_options_read */
    int64_t queue;   /* requests waiting for a worker */
    int64_t timeout_ms;
    int64_t idle_timeout_ms;
    int64_t write_timeout_ms;
    int64_t head_timeout_ms; /* of HTTP; so too body_timeout_ms */
    int64_t body_timeout_ms;
    int64_t max_connections; /* 0 means no limit; so too max_per_address */
    int64_t max_per_address;
    int log_level; /* weft_log_level */
    bool no_log_queries;
    const char *user;       /* whom root becomes; NULL: stays */
    const char *token_file; /* NULL: TCP is for loopback addresses only */
    weft_option_list allow_uid, allow_gid;
    access_rules *access; /* of the three before, read by access_open */
    bool no_sandbox;
    struct sandbox *sandbox; /* by sandbox_open; NULL for none */
    int64_t slow_ms;
    int64_t cache_bytes;
    int64_t worker_memory; /* MiB */
} searchd_options;

/**
 * Read the command line. *shown is set when it only asked for help or the version.
 *
 * Owner:   *out is in mem and borrows from argv.
 * Errors:  WEFT_EUSAGE naming the option, WEFT_ENOMEM.
 */
weft_code searchd_options_read(void *mem, int argc, char **argv, searchd_options **out,
                               bool *shown, weft_error *err) weft_must_check;

#endif

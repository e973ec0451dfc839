/* options.c - the table of weft-searchd's options. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

#define AT(field) offsetof(searchd_options, field)

static const char *const level_words[] = {"error", "warn", "info", "debug", NULL};

static const weft_option rows[] = {
    {"index", 'i', WEFT_OPTION_TEXT, "DIR", NULL, "WEFT_INDEX", AT(index_dir), 0, 0, NULL,
     "the index to answer from"},
    {"listen", 'l', WEFT_OPTION_LIST, "ADDRESS", NULL, NULL, AT(listen), 0, 0, NULL,
     "unix:PATH, HOST:PORT or [IPV6]:PORT; may be given several times"},
    {"http", 0, WEFT_OPTION_LIST, "ADDRESS", NULL, NULL, AT(http), 0, 0, NULL,
     "the same, for HTTP; may be given several times"},
    {"site-name", 0, WEFT_OPTION_TEXT, "NAME", "weft", NULL, AT(site_name), 0, 0, NULL,
     "what the search page is called"},
    {"cors", 0, WEFT_OPTION_LIST, "ORIGIN", NULL, NULL, AT(cors), 0, 0, NULL,
     "pages of ORIGIN, as https://example.org, may read HTTP replies; *: all pages"},
    {"socket-mode", 0, WEFT_OPTION_TEXT, "OCTAL", "660", NULL, AT(socket_mode_text), 0, 0,
     NULL, "permissions of Unix sockets"},
    {"stdio", 0, WEFT_OPTION_FLAG, NULL, NULL, NULL, AT(stdio), 0, 0, NULL,
     "answer on standard input and output, until its end"},
    {"workers", 'w', WEFT_OPTION_NUMBER, "N", "0", NULL, AT(workers), 0, WEFT_WORKERS_MAX,
     NULL, "worker processes; 0: one a core, at least 2, with --stdio 1"},
    {"queue", 0, WEFT_OPTION_NUMBER, "N", "256", NULL, AT(queue), 1, 65536, NULL,
     "requests that may wait for a worker"},
    {"timeout-ms", 0, WEFT_OPTION_NUMBER, "MS", "2000", NULL, AT(timeout_ms), 10, 600000,
     NULL, "hard deadline of a request"},
    {"idle-timeout-ms", 0, WEFT_OPTION_NUMBER, "MS", "60000", NULL, AT(idle_timeout_ms), 10,
     86400000, NULL, "close a connection that sends no whole line for this long"},
    {"write-timeout-ms", 0, WEFT_OPTION_NUMBER, "MS", "10000", NULL, AT(write_timeout_ms),
     10, 86400000, NULL, "close a connection that does not take its replies for this long"},
    {"head-timeout-ms", 0, WEFT_OPTION_NUMBER, "MS", "5000", NULL, AT(head_timeout_ms), 10,
     86400000, NULL, "from a request's first byte to the end of its HTTP head"},
    {"body-timeout-ms", 0, WEFT_OPTION_NUMBER, "MS", "10000", NULL, AT(body_timeout_ms), 10,
     86400000, NULL, "from there to the end of its body"},
    {"max-connections", 0, WEFT_OPTION_NUMBER, "N", "512", NULL, AT(max_connections), 0,
     1000000, NULL, "connections at a time; 0: no limit"},
    {"max-per-address", 0, WEFT_OPTION_NUMBER, "N", "32", NULL, AT(max_per_address), 0,
     1000000, NULL, "connections of one TCP address; 0: no limit"},
    {"log-level", 0, WEFT_OPTION_WORD, "LEVEL", "info", NULL, AT(log_level), 0, 0,
     level_words, "what is logged"},
    {"no-log-queries", 0, WEFT_OPTION_FLAG, NULL, NULL, NULL, AT(no_log_queries), 0, 0,
     NULL, "keep the text of queries out of the log"},
    {"user", 'u', WEFT_OPTION_TEXT, "NAME", NULL, NULL, AT(user), 0, 0, NULL,
     "become this account once the sockets are bound; only root can"},
    {"token-file", 0, WEFT_OPTION_TEXT, "FILE", NULL, NULL, AT(token_file), 0, 0, NULL,
     "tokens, one a line; a client over TCP must show one of them"},
    {"allow-uid", 0, WEFT_OPTION_LIST, "USER", NULL, NULL, AT(allow_uid), 0, 0, NULL,
     "who may ask on Unix sockets, by name or number; may be given several times"},
    {"allow-gid", 0, WEFT_OPTION_LIST, "GROUP", NULL, NULL, AT(allow_gid), 0, 0, NULL,
     "the same by group; one of both is enough"},
    {"no-sandbox", 0, WEFT_OPTION_FLAG, NULL, NULL, NULL, AT(no_sandbox), 0, 0, NULL,
     "do not limit the system calls of the workers"},
    {"slow-ms", 0, WEFT_OPTION_NUMBER, "MS", "200", NULL, AT(slow_ms), 0, 600000, NULL,
     "log requests that take a worker longer than this; 0: all"},
    {"worker-memory", 0, WEFT_OPTION_NUMBER, "MIB", "512", NULL, AT(worker_memory), 0,
     1 << 20, NULL, "replace a worker that has come to hold more; 0: no limit"},
    {"cache-bytes", 0, WEFT_OPTION_NUMBER, "BYTES", "33554432", NULL, AT(cache_bytes), 0,
     (int64_t)1 << 40, NULL, "memory for replies that are given again; 0: none"},
    {0},
};

_Static_assert(WEFT_HARD_DEADLINE_MS == 2000 && WEFT_IDLE_TIMEOUT_S == 60 &&
                   WEFT_WRITE_TIMEOUT_S == 10 && WEFT_CONNECTIONS_MAX == 512 &&
                   WEFT_PER_ADDRESS_MAX == 32 && WEFT_HTTP_HEAD_S == 5 &&
                   WEFT_HTTP_BODY_S == 10,
               "the defaults above are those of weft/limits.h");

static const weft_usage usage = {
    .program = "weft-searchd",
    .operands = "",
    .about = "Answer searches over a weft index, by the protocol of doc/protocol.md.",
    .more =
        "Sockets are also taken from LISTEN_FDS, and NOTIFY_SOCKET is told when ready.\n"
        "SIGTERM finishes what is running and exits; SIGHUP replaces the workers, one by one.\n"
        "Exit status: 0 stopped or the input ended, 2 usage, 3 could not start.",
    .options = rows,
};

static weft_code read_mode(searchd_options *o, weft_error *err)
{
    char *end = NULL;
    unsigned long mode = strtoul(o->socket_mode_text, &end, 8);
    if (o->socket_mode_text[0] < '0' || o->socket_mode_text[0] > '7' || *end != '\0' ||
        mode > 0777)
        return weft_fail(err, WEFT_EUSAGE,
                         "--socket-mode: '%s' is not an octal mode up to 777",
                         o->socket_mode_text);
    o->socket_mode = (mode_t)mode;
    return WEFT_OK;
}

static int64_t default_workers(const searchd_options *o)
{
    if (o->stdio)
        return 1;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 2 ? 2 : cores > WEFT_WORKERS_MAX ? WEFT_WORKERS_MAX : cores;
}

static weft_code check(searchd_options *o, weft_error *err)
{
    if (o->index_dir == NULL)
        return weft_fail(
            err, WEFT_EUSAGE,
            "option '--index' is missing: the directory that weft-indexer built");
    bool listens = o->listen.n + o->http.n > 0;
    if (o->stdio && listens)
        return weft_fail(err, WEFT_EUSAGE, "'--stdio' and '--%s' exclude each other",
                         o->listen.n > 0 ? "listen" : "http");
    if (o->stdio && o->user != NULL)
        return weft_fail(err, WEFT_EUSAGE, "'--stdio' and '--user' exclude each other");
    if (!o->stdio && !listens && getenv("LISTEN_FDS") == NULL)
        return weft_fail(
            err, WEFT_EUSAGE,
            "nowhere to answer: give '--listen ADDRESS', '--http ADDRESS' or '--stdio'");
    if (o->workers == 0)
        o->workers = default_workers(o);
    return read_mode(o, err);
}

weft_code searchd_options_read(void *mem, int argc, char **argv, searchd_options **out,
                               bool *shown, weft_error *err)
{
    int first;
    searchd_options *o = talloc_zero(mem, searchd_options);
    if (o == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_options_parse(o, &usage, argc, argv, o, &first, shown, err);
    if (code == WEFT_OK && !*shown && first < argc)
        code = weft_fail(err, WEFT_EUSAGE, "unexpected argument '%s'", argv[first]);
    if (code == WEFT_OK && !*shown)
        code = check(o, err);
    if (code == WEFT_OK)
        *out = o;
    return code;
}

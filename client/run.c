/* run.c - one command of weft from its options to its exit status. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "connect.h"
#include "options.h"
#include "paper.h"
#include "render.h"
#include "reply.h"
#include "token.h"
#include "banned.h"

enum {
    EXIT_HITS = 0,
    EXIT_NONE = 1,
    EXIT_NO_ANSWER = 3,
    THREAD_PAGE = 100, /* comments asked for at a time */
    THREAD_FLUSH_BYTES =
        8 * 1024 *
        1024 /* so much of a thread is kept before a slow reader may hold us up */
};

/* One run of the program. */
typedef struct run {
    void *mem;
    client_options options;
    server server;
    paper out;      /* stdout */
    paper problems; /* stderr */
} run;

static bool wants_colour(int colour)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (colour != CLIENT_COLOUR_AUTO)
        return colour == CLIENT_COLOUR_ALWAYS;
    if (no_colour != NULL && no_colour[0] != '\0')
        return false;
    return isatty(STDOUT_FILENO) && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

/* Only a reference can name a document that is not there; for a query it is the index that
 * is missing. */
static int failure_status(const run *r, weft_code code)
{
    client_command c = r->options.command;
    bool has_ref = c == CLIENT_THREAD || c == CLIENT_GET || c == CLIENT_SIMILAR;
    return code == WEFT_ENOTFOUND && !has_ref ? EXIT_NO_ANSWER : weft_code_exit(code);
}

/* Say what went wrong, with a caret where it is in the query. Returns the exit status. */
static int complain(run *r, const weft_error *failure)
{
    weft_str text = weft_str_from(r->options.text);
    render_problem(&r->problems, "weft: ", weft_str_from(failure->text), text,
                   failure->has_at ? &failure->at : NULL);
    if (paper_flush(&r->problems, NULL) != WEFT_OK) {
        fputs("weft: out of memory\n",
              stderr); /* too little of it even to say what failed */
        return EXIT_NO_ANSWER;
    }
    return failure_status(r, failure->code);
}

/* The warnings of a reply, after the results: stdout is for these. */
static weft_code put_warnings(run *r, const json_t *reply, weft_error *err)
{
    const json_t *warnings = json_object_get(reply, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const json_t *warning = json_array_get(warnings, i);
        long long number = reply_number(warning, "at");
        size_t at = number < 0 ? 0 : (size_t)number;
        bool has_at = json_is_integer(json_object_get(warning, "at"));
        render_problem(&r->problems, "weft: warning: ", reply_text(warning, "message"),
                       weft_str_from(r->options.text), has_at ? &at : NULL);
    }
    return paper_flush(&r->problems, err);
}

/* Send the request, parse the reply. *line is the reply as it came, also of an error the
 * server sent. */
static weft_code ask(run *r, const json_t *request, weft_str *line, json_t **reply,
                     weft_error *err)
{
    *line = weft_str_of(NULL, 0);
    *reply = NULL;
    char *text = json_dumps(request, JSON_COMPACT);
    if (text == NULL)
        return weft_fail_nomem(err);
    size_t n = strlen(text);
    weft_code code =
        n <= WEFT_REQUEST_MAX
            ? server_ask(&r->server, weft_str_of(text, n), line, err)
            : weft_fail(err, WEFT_ELIMIT, "the request is over %d bytes", WEFT_REQUEST_MAX);
    free(text);
    return code != WEFT_OK ? code : reply_parse(*line, reply, err);
}

static weft_code put_json(run *r, weft_str line, weft_error *err)
{
    paper_json(&r->out, line, isatty(STDOUT_FILENO) != 0);
    return paper_flush(&r->out, err);
}

/* Found nothing: a search by the hits it shows (also those with some of the words only), a
 * count by its total. */
static int exit_status(const run *r, const json_t *reply)
{
    bool found = true;
    if (r->options.command == CLIENT_SUGGEST)
        found = json_array_size(json_object_get(reply, "suggestions")) > 0;
    else if (r->options.command == CLIENT_SEARCH || r->options.command == CLIENT_SIMILAR)
        found = json_array_size(json_object_get(reply, "hits")) > 0;
    else if (r->options.command == CLIENT_COUNT)
        found = reply_number(json_object_get(reply, "total"), "hits") > 0;
    return found ? EXIT_HITS : EXIT_NONE;
}

/* A failure with --json: the server's own words, where there are any. */
static int fail_with(run *r, weft_str line, bool is_reply, const weft_error *failure)
{
    if (!r->options.json || !is_reply)
        return complain(r, failure);
    if (put_json(r, line, NULL) != WEFT_OK)
        return EXIT_NO_ANSWER;
    return failure_status(r, failure->code);
}

static void render(run *r, const json_t *reply)
{
    switch (r->options.command) {
    case CLIENT_SEARCH:
        render_search(&r->out, reply,
                      r->options.cursor == NULL ? (size_t)r->options.offset
                                                : (size_t)RENDER_OFFSET_UNKNOWN);
        break;
    case CLIENT_COUNT:
        render_total(&r->out, reply);
        paper_wrap(&r->out, 0);
        break;
    case CLIENT_GET:
        render_record(&r->out, reply);
        break;
    case CLIENT_SUGGEST:
        render_suggestions(&r->out, reply);
        break;
    case CLIENT_SIMILAR:
        render_similar(&r->out, reply);
        break;
    case CLIENT_THREAD:
        render_article(&r->out, reply);
        render_comments(&r->out, reply, weft_str_from(r->options.text));
        break;
    default:
        render_values(&r->out, reply);
    }
}

/* One request, one reply. */
static int run_once(run *r, const json_t *request)
{
    weft_error err = {0};
    weft_str line;
    json_t *reply;
    weft_code code = ask(r, request, &line, &reply, &err);
    int status =
        code == WEFT_OK ? exit_status(r, reply) : fail_with(r, line, reply != NULL, &err);
    if (code == WEFT_OK && r->options.json) {
        code = put_json(r, line, &err);
        status = code == WEFT_OK ? status : complain(r, &err);
    } else if (code == WEFT_OK) {
        render(r, reply);
        code = paper_flush(&r->out, &err);
        if (code == WEFT_OK)
            code = put_warnings(r, reply, &err);
        status = code == WEFT_OK ? status : complain(r, &err);
    }
    json_decref(reply);
    return status;
}

/* How far a whole thread was read: comments. */
typedef struct progress {
    size_t done, total;
    bool stuck; /* the last page brought none */
} progress;

/* The next page of a whole thread onto the paper. */
static weft_code put_page(run *r, json_t *request, progress *at, weft_error *err)
{
    weft_str line;
    json_t *reply;
    if (json_object_set_new(request, "offset", json_integer((json_int_t)at->done)) != 0)
        return weft_fail_nomem(err);
    weft_code code = ask(r, request, &line, &reply, err);
    if (code == WEFT_OK) {
        if (at->done == 0)
            render_article(&r->out, reply);
        size_t got = render_comments(&r->out, reply, weft_str_from(r->options.text));
        long long total = reply_number(reply, "total");
        at->total = total < 0 ? 0 : (size_t)total;
        at->done += got;
        at->stuck = got == 0;
    }
    json_decref(reply);
    return code;
}

/* A whole thread, page by page. A page without comments ends it, whatever the total says.
 */
static int run_thread(run *r, json_t *request)
{
    weft_error err = {0};
    progress at = {0};
    weft_code code = WEFT_OK;
    if (json_object_set_new(request, "limit", json_integer(THREAD_PAGE)) != 0)
        code = weft_fail_nomem(&err);
    do {
        if (code == WEFT_OK)
            code = put_page(r, request, &at, &err);
        if (code == WEFT_OK && r->out.out.n > THREAD_FLUSH_BYTES)
            code = paper_flush(&r->out, &err);
    } while (code == WEFT_OK && !at.stuck && at.done < at.total);
    if (code == WEFT_OK)
        code = paper_flush(&r->out, &err);
    return code == WEFT_OK ? EXIT_HITS : complain(r, &err);
}

static int run_command(run *r)
{
    weft_error err = {0};
    json_t *request = NULL;
    const client_options *o = &r->options;
    weft_code code = client_request(o, &request, &err);
    if (code == WEFT_OK)
        code = server_open(r->mem, &o->place, (int)o->timeout_s * 1000, &r->server, &err);
    if (code == WEFT_OK)
        code = token_show(&r->server, &o->place, &err);
    int status;
    if (code != WEFT_OK)
        status = complain(r, &err);
    else if (o->command == CLIENT_THREAD && !o->json && o->limit == 0 && o->offset == 0)
        status = run_thread(r, request);
    else
        status = run_once(r, request);
    server_close(&r->server);
    json_decref(request);
    return status;
}

int client_run(int argc, char **argv)
{
    weft_scope void *mem = talloc_new(NULL);
    run r = {.mem = mem, .server = {.fd = -1, .child = {.errors_fd = -1}}};
    weft_error err = {0};
    paper_init(&r.problems, mem, stderr, paper_columns_of(STDERR_FILENO), false);
    weft_code code = client_options_read(mem, argc, argv, &r.options, &err);
    if (code != WEFT_OK)
        return complain(&r, &err);
    if (r.options.shown)
        return 0;
    paper_init(&r.out, mem, stdout, paper_columns_of(STDOUT_FILENO),
               wants_colour(r.options.colour));
    return run_command(&r);
}

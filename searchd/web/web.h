/* web.h - the search page: results and threads as HTML, for readers with and without scripts.
 *
 * A page is made in a worker, of the very reply that a client would get: run asks the command,
 * render writes what it answered. The loop serves the style and the script, which are in the
 * program.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_WEB_H
#define SEARCHD_WEB_H

#include "../commands.h"

/** A page as it is written. */
typedef struct web_page {
    const weft_request *request;
    const json_t *reply;       /* what the command answered; NULL when it failed */
    const weft_error *failure; /* then why */
    const char *site_name;
    weft_buf *out;
} web_page;

/** The command behind a page; NULL when no page has that name. */
const command *web_command_find(const char *name);

/** The page of a command that answered, or failed (then failure is set, and reply and request may
 * be NULL): its HTTP status, an LF, and the page, in c->mem. */
weft_str web_answer(cmd_context *c, const command *row, const weft_request *request,
                    const json_t *reply, const weft_error *failure);

/** The results of a search: /?q=… */
weft_code web_results_run(cmd_context *c, const weft_request *request, json_t *reply,
                          weft_error *err);
void web_results_render(const web_page *page);

/** A conversation: /thread/REF */
weft_code web_thread_run(cmd_context *c, const weft_request *request, json_t *reply,
                         weft_error *err);
void web_thread_render(const web_page *page);

/** A value of the request, "" when it is absent. */
const char *web_value(const web_page *page, const char *key);

/** Everything up to the page's own part; title stands before the site's name. */
void web_begin(const web_page *page, const char *title);

/** The form with the search box, and what else was asked for kept in it. */
void web_form(const web_page *page);

/** The failure, for people. */
void web_failure(const web_page *page);

/** The end of a page. */
void web_end(const web_page *page);

/** A file of the page that is in the program. */
typedef struct web_asset {
    const char *path, *content_type;
    weft_str bytes;
} web_asset;

/** The asset at a path; false when there is none. */
bool web_asset_find(weft_str path, web_asset *out);

/** The policy under which pages are shown: nothing but what comes from here. */
extern const char web_policy[];

#endif

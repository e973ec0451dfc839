/* cmd.h - the functions behind the rows of the table of commands (cmd_run in commands.h).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_H
#define SEARCHD_CMD_H

#include "../commands.h"

/** hello: who answers, what it can do, its limits. */
weft_code cmd_hello(cmd_context *c, const weft_request *request, json_t *reply,
                    weft_error *err);

/** auth: a connection shows its token. */
weft_code cmd_auth(cmd_context *c, const weft_request *request, json_t *reply,
                   weft_error *err);

/** search: ranked hits, each in its conversation. */
weft_code cmd_search(cmd_context *c, const weft_request *request, json_t *reply,
                     weft_error *err);

/** count: the totals of a search. */
weft_code cmd_count(cmd_context *c, const weft_request *request, json_t *reply,
                    weft_error *err);

/** get: one document as it is stored. */
weft_code cmd_get(cmd_context *c, const weft_request *request, json_t *reply,
                  weft_error *err);

/** thread: an article and its comments in order, page by page. */
weft_code cmd_thread(cmd_context *c, const weft_request *request, json_t *reply,
                     weft_error *err);

/** suggest: words, names and headlines that go on from what was typed. */
weft_code cmd_suggest(cmd_context *c, const weft_request *request, json_t *reply,
                      weft_error *err);

/** similar: conversations about what a document is about. */
weft_code cmd_similar(cmd_context *c, const weft_request *request, json_t *reply,
                      weft_error *err);

/** status: what the index holds and where it stands. */
weft_code cmd_status(cmd_context *c, const weft_request *request, json_t *reply,
                     weft_error *err);

#endif

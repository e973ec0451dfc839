/* render.h - replies as a person reads them. One function a command; render.c has what they
 * share. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CLIENT_RENDER_H
#define WEFT_CLIENT_RENDER_H

#include <jansson.h>
#include <stdbool.h>

#include "weft/str.h"
#include "paper.h"

/** The hits of a search, each in its thread, and the totals. offset is that of the request.
 */
void render_search(paper *p, const json_t *reply, size_t offset);
enum { RENDER_OFFSET_UNKNOWN = -1 }; /* of a page after a cursor */

/** The totals of a search or a count: "41 hits in 9 threads". */
void render_total(paper *p, const json_t *reply);

/** The facets of a search, one line each; nothing when none were asked for. */
void render_facets(paper *p, const json_t *reply);

/** The article of a thread reply. */
void render_article(paper *p, const json_t *reply);

/** The comments of one page of a thread reply, the one with the reference `asked` pointed
 * at. Returns how many there are. */
size_t render_comments(paper *p, const json_t *reply, weft_str asked);

/** The doc of a get reply: its keys, then its body. */
void render_record(paper *p, const json_t *reply);

/** The completions of a suggest reply, one a line. */
void render_suggestions(paper *p, const json_t *reply);

/** The conversations of a similar reply. */
void render_similar(paper *p, const json_t *reply);

/** Every key of a reply but ok and id: status and hello. */
void render_values(paper *p, const json_t *reply);

/** A text that must not command the terminal, then where in the query it is: "weft:
 * warning: ..." and a caret. */
void render_problem(paper *p, const char *kind, weft_str message, weft_str query,
                    const size_t *at);

/* shared by the files of this folder */

/** "NAME . DATE" into the paragraph; "[removed]" for a place whose comment is gone. */
void render_who(paper *p, const json_t *comment);

/** "1 comment", "3 comments" into the paragraph. */
void render_count(paper *p, cell_style style, long long n, const char *one,
                  const char *many);

/** The text of a snippet with its marks. */
void render_snippet(paper *p, const json_t *snippet);

/** A middle dot when the paragraph is not empty. */
void render_separate(paper *p);

/** The text, separated from what is there; nothing when it is empty. */
void render_more(paper *p, cell_style style, weft_str text);

#endif

/* html.h - pieces of a page: whatever a user wrote is text in it, never markup. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_WEB_HTML_H
#define SEARCHD_WEB_HTML_H

#include <jansson.h>

#include "weft/str.h"

/** Text with the five characters that mean something in HTML escaped; fit for an attribute in
 * double quotes too. */
void html_text(weft_buf *b, weft_str text);

/** A string of an object, empty when it has none; a number of it, or 0. */
weft_str html_string(const json_t *object, const char *key);
json_int_t html_number(const json_t *object, const char *key);

/** As html_text, of a string of an object; nothing when it has none. */
void html_key(weft_buf *b, const json_t *object, const char *key);

/** {"text":…, "marks":[[from, to], …]}: the marked bytes in <mark>. */
void html_snippet(weft_buf *b, const json_t *snippet);

/** The title of an article with its marks, or its reference when it has none. */
void html_title(weft_buf *b, const json_t *article);

/** A writer's text: blank lines part paragraphs, lines of quotes stand in a <blockquote>. */
void html_body(weft_buf *b, weft_str text);

/** "&name=value" or "?name=value" for a link; nothing when the value is empty. *count is how many
 * there are so far. */
void html_parameter(weft_buf *b, size_t *count, const char *name, const char *value);

/** The link to the thread of a reference, with the query that led there. */
void html_thread_href(weft_buf *b, const char *ref, const char *q);

/** A link to where a document was published, when its url is one that a browser may follow. */
void html_source_link(weft_buf *b, const json_t *document);

/** A date as people write it, in <time>; nothing when it is unknown. */
void html_date(weft_buf *b, const json_t *document);

/** Who wrote it and when. */
void html_byline(weft_buf *b, const json_t *document);

/** How many votes it has; nothing when it has none of its own. */
void html_votes(weft_buf *b, const json_t *document);

/** "1 reply", "2 replies". */
void html_count(weft_buf *b, long long n, const char *one, const char *many);

#endif

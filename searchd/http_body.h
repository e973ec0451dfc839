/* http_body.h - what a job answered as the body of an HTTP reply: JSON, or a page. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_HTTP_BODY_H
#define SEARCHD_HTTP_BODY_H

#include "http_reply.h"
#include "job.h"

/** A line of JSON: r gets its status, unless it has one, and its tag, which is written to `tag`.
 * An LF is added to it. */
void http_body_json(job *j, http_reply *r, char tag[HTTP_TAG_BYTES]);

/** A page, or the failure of one, which becomes one. options are those of the server. */
void http_body_page(job *j, const searchd_options *options, http_reply *r,
                    char tag[HTTP_TAG_BYTES]);

#endif

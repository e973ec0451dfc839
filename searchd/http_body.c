/* http_body.c - what a job answered as the body of an HTTP reply. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http_body.h"

#include <event2/buffer.h>

#include "weft/mem.h"
#include "web/web.h"
#include "banned.h"

enum { STATUS_BYTES = 4 }; /* before a page: three digits and an LF */

static weft_str bytes_of(struct evbuffer *body)
{
    const char *bytes = (const char *)evbuffer_pullup(body, -1);
    return weft_str_of(bytes, bytes == NULL ? 0 : evbuffer_get_length(body));
}

void http_body_json(job *j, http_reply *r, char tag[HTTP_TAG_BYTES])
{
    weft_str line = bytes_of(j->reply);
    int status = http_reply_status(line, &r->retry_ms);
    r->status = r->status == 0 ? status : r->status;
    r->content_type = "application/json";
    if (r->status == 200) {
        http_reply_tag(line, tag);
        r->tag = tag;
    }
    evbuffer_add(j->reply, "\n", 1);
}

/* The server itself failed a page: no worker was free, or one was stopped. */
static void make_page(job *j, const searchd_options *options)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str line = bytes_of(j->reply);
    json_auto_t *reply = json_loadb(line.p, line.n, 0, NULL);
    const json_t *error = json_object_get(reply, "error");
    const char *code = json_string_value(json_object_get(error, "code"));
    const char *text = json_string_value(json_object_get(error, "message"));
    weft_error failure = {0};
    cmd_context context = {.mem = tmp, .options = options};
    weft_fail(&failure, weft_code_from_name(code == NULL ? "" : code), "%s",
              text == NULL ? "no answer" : text);
    const command *row = j->command == NULL ? command_find("results") : j->command;
    weft_str page = web_answer(&context, row, NULL, NULL, &failure);
    evbuffer_drain(j->reply, line.n);
    evbuffer_add(j->reply, page.p, page.n);
}

void http_body_page(job *j, const searchd_options *options, http_reply *r,
                    char tag[HTTP_TAG_BYTES])
{
    uint64_t status = 500;
    if (weft_str_starts(bytes_of(j->reply), "{"))
        make_page(j, options);
    weft_str page = bytes_of(j->reply);
    if (page.n > STATUS_BYTES)
        (void)!weft_parse_u64(weft_str_of(page.p, STATUS_BYTES - 1), 599, &status, NULL);
    evbuffer_drain(j->reply, STATUS_BYTES);
    r->status = r->status == 0 ? (int)status : r->status;
    r->content_type = "text/html; charset=utf-8";
    r->policy = web_policy;
    if (r->status == 200) {
        http_reply_tag(bytes_of(j->reply), tag);
        r->tag = tag;
    }
}

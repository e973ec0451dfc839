/* pages.c - THE TABLE of pages: the commands behind them, and what each takes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web.h"

#include <string.h>

#include "weft/limits.h"
#include "banned.h"

enum { REF_MAX = WEFT_ID_MAX + 8, WORD_MAX = 32 };

/* A form sends what was left empty, too: what the words may be is checked by the command behind. */
static const cmd_key results_keys[] = {
    {"q", CMD_KEY_STRING, false, 0, WEFT_QUERY_MAX, NULL},
    {"type", CMD_KEY_STRING, false, 0, WORD_MAX, NULL},
    {"sort", CMD_KEY_STRING, false, 0, WORD_MAX, NULL},
    {"group", CMD_KEY_STRING, false, 0, WORD_MAX, NULL},
    {"from", CMD_KEY_STRING, false, 0, WORD_MAX, NULL},
    {"to", CMD_KEY_STRING, false, 0, WORD_MAX, NULL},
    {"cursor", CMD_KEY_STRING, false, 0, WEFT_CURSOR_MAX, NULL},
    {0}};

static const cmd_key conversation_keys[] = {
    {"ref", CMD_KEY_STRING, true, 1, REF_MAX, NULL},
    {"q", CMD_KEY_STRING, false, 0, WEFT_QUERY_MAX, NULL},
    {"offset", CMD_KEY_INTEGER, false, 0, WEFT_THREAD_MAX, NULL},
    {0}};

static const command pages[] = {
    {"results", results_keys, NULL, web_results_run, false, "a search as a page",
     web_results_render},
    {"conversation", conversation_keys, NULL, web_thread_run, false, "a thread as a page",
     web_thread_render},
};

const command *web_command_find(const char *name)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (strcmp(pages[i].name, name) == 0)
            return &pages[i];
    return NULL;
}

weft_str web_answer(cmd_context *c, const command *row, const weft_request *request,
                    const json_t *reply, const weft_error *failure)
{
    weft_buf out;
    int status = failure == NULL ? 200 : weft_code_http(failure->code);
    weft_buf_init(&out, c->mem, WEFT_REPLY_LINE_MAX);
    weft_buf_addf(&out, "%d\n", status);
    const web_page page = {request, failure == NULL ? reply : NULL, failure,
                           c->options->site_name, &out};
    row->render(&page);
    return weft_buf_str(&out);
}

/* hello.c - the command hello: who answers, what it can do, its limits. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/cmd.h"

#include "weft/limits.h"
#include "weft/version.h"
#include "banned.h"

static json_t *new_command_names(void)
{
    json_t *names = json_array();
    for (size_t i = 0; command_at(i) != NULL; i++)
        if (json_array_append_new(names, json_string(command_at(i)->name)) != 0) {
            json_decref(names);
            return NULL;
        }
    return names;
}

weft_code cmd_hello(cmd_context *c, const weft_request *request, json_t *reply,
                    weft_error *err)
{
    (void)c;
    (void)request;
    json_t *limits = json_pack("{s:i,s:i,s:i,s:i,s:i}", "request_bytes", WEFT_REQUEST_MAX,
                               "pipeline", WEFT_PIPELINE_MAX, "hits", WEFT_HITS_MAX,
                               "window", WEFT_WINDOW_MAX, "query_bytes", WEFT_QUERY_MAX);
    bool held = json_object_set_new(reply, "server", json_string("weft-searchd")) == 0;
    held = json_object_set_new(reply, "version", json_string(WEFT_VERSION)) == 0 && held;
    held = json_object_set_new(reply, "protocol", json_integer(WEFT_PROTOCOL)) == 0 && held;
    held = json_object_set_new(reply, "commands", new_command_names()) == 0 && held;
    held = json_object_set_new(reply, "limits", limits) == 0 && held;
    return held ? WEFT_OK : weft_fail_nomem(err);
}

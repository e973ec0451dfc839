/* auth.c - the command auth: a connection shows its token. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/cmd.h"

#include "access.h"
#include "banned.h"

weft_code cmd_auth(cmd_context *c, const weft_request *request, json_t *reply,
                   weft_error *err)
{
    (void)reply;
    return access_show(c->options, c->access,
                       weft_str_from(weft_request_text(request, "token")), err);
}

/* cmd.h - the functions behind the rows of the table of commands (cmd_run in commands.h).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_H
#define SEARCHD_CMD_H

#include "commands.h"

/** hello: who answers, what it can do, its limits. */
weft_code cmd_hello(cmd_context *c, const weft_request *request, json_t *reply,
                    weft_error *err);

#endif

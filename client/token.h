/* token.h - the token a server beyond this machine wants to see. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CLIENT_TOKEN_H
#define WEFT_CLIENT_TOKEN_H

#include "weft/error.h"
#include "connect.h"

/**
 * Show place's token to the server, where it is one over TCP and there is a token: that of
 * place->token_file, else of WEFT_TOKEN.
 *
 * Errors:  WEFT_EIO for a file that cannot be read, WEFT_EUSAGE for one without a token,
 *          WEFT_EDENIED when the server does not take it, those of server_ask.
 */
weft_code token_show(server *s, const server_place *place, weft_error *err) weft_must_check;

#endif

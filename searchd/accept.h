/* accept.h - new connections: the caps, and what happens when descriptors run out. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_ACCEPT_H
#define SEARCHD_ACCEPT_H

#include "weft/error.h"
#include "loop.h"
#include "user.h"

/**
 * Bind the sockets of o->listen and o->http, whose files then belong to owner, and take those
 * of LISTEN_FDS.
 *
 * Errors:  those of listen_open, listen_inherited and access_check_listener; WEFT_EUSAGE
 * when there is none at all.
 */
weft_code accept_open(loop *l, const user_account *owner, weft_error *err) weft_must_check;

/** Begin to accept, once the workers run. */
void accept_start(loop *l);

/** Stop accepting; close the sockets and remove their files. Calling it twice does no harm.
 */
void accept_close(loop *l);

#endif

/* user.h - the account the daemon runs as: started by root, it need not stay root. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_USER_H
#define SEARCHD_USER_H

#include <sys/types.h>

#include "weft/error.h"
#include "options.h"

/** Whom --user names. */
typedef struct user_account {
    const char *name; /* NULL without --user: the daemon stays who it is */
    uid_t uid;
    gid_t gid;
} user_account;

/**
 * Look up the account of o->user.
 *
 * Owner:   out->name is borrowed from o.
 * Errors:  WEFT_EUSAGE when there is none of that name, when it is root's, or when somebody
 * else than root asks to become another; WEFT_EIO.
 */
weft_code user_find(const searchd_options *o, user_account *out,
                    weft_error *err) weft_must_check;

/**
 * Become that account for good: its groups, its group, itself, in every form the kernel
 * keeps. Without a name nothing happens but one warning, when we are root.
 *
 * Errors:  WEFT_EIO when the kernel refuses, WEFT_EINTERNAL when root could be had back.
 */
weft_code user_become(const user_account *account, weft_error *err) weft_must_check;

/**
 * Whether the account we are now may read the index that is there: its files are opened by
 * the workers later, when a refusal could only be logged.
 *
 * Errors:  WEFT_EIO naming the file. No index at all is no error here.
 */
weft_code user_check_index(const char *index_dir, weft_error *err) weft_must_check;

#endif

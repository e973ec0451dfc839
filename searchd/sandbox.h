/* sandbox.h - what a worker may ask of the kernel: read files, answer, remember; nothing
 * else. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_SANDBOX_H
#define SEARCHD_SANDBOX_H

#include <stdbool.h>

#include "options.h"

typedef struct sandbox sandbox;

/**
 * Prepare the sandbox that o asks for, and try it in a process of its own: what the kernel
 * refuses is left out, with one warning.
 *
 * Owner:   *out is in mem; NULL without a sandbox.
 * Errors:  WEFT_ENOMEM.
 */
weft_code sandbox_open(void *mem, const searchd_options *o, sandbox **out,
                       weft_error *err) weft_must_check;

/** From here on this process is in it, for good. False when the kernel refuses what it
 * allowed before. NULL does nothing. */
bool sandbox_enter(const sandbox *s);

#endif

/* stopping.h - SIGTERM and SIGINT ask for an end; the second one is the end. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef STOPPING_H
#define STOPPING_H

#include <stdbool.h>

#include "weft/error.h"

/** From now on the first such signal only asks. Errors: WEFT_EIO. */
weft_code stopping_begin(weft_error *err) weft_must_check;

/** Whether one came. */
bool stopping_asked(void);

/** A descriptor that can be read once one came, to poll. */
int stopping_fd(void);

#endif

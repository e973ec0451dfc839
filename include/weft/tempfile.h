/* weft/tempfile.h - a file without a name, for what does not fit into memory. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_TEMPFILE_H
#define WEFT_TEMPFILE_H

#include "weft/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Open a new file in folder dir that no name leads to, for reading and writing, so that
 * nothing is left when the program dies.
 *
 * Owner:   *fd is the caller's to close.
 * Errors:  WEFT_EIO, WEFT_ENOMEM.
 */
weft_code weft_tempfile_open(const char *dir, int *fd, weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

/* weft/file.h - files below stdio: bytes that must all be written, and must last. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_FILE_H
#define WEFT_FILE_H

#include <stddef.h>

#include "weft/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Write n bytes to a file, however often the system takes only some of them. name is for the
 * message.
 *
 * Errors:  WEFT_EIO.
 */
weft_code weft_write_all(int fd, const void *bytes, size_t n, const char *name,
                         weft_error *err) weft_must_check;

/** Flush a file, or the names in a directory, to the disk. Errors: WEFT_EIO. */
weft_code weft_sync_path(const char *path, weft_error *err) weft_must_check;

#ifdef __cplusplus
}
#endif
#endif

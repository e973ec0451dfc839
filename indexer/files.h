/* files.h - directories made and removed. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FILES_H
#define FILES_H

#include "weft/error.h"

/** Make a directory unless it is there. Errors: WEFT_EIO. */
weft_code files_make_dir(const char *path, weft_error *err) weft_must_check;

/** Remove a directory and the plain files in it; nothing when it is not there. Errors:
 * WEFT_EIO. */
weft_code files_remove_dir(const char *path, weft_error *err) weft_must_check;

/** The same for one whose directories hold files only. */
weft_code files_remove_tree(const char *path, weft_error *err) weft_must_check;

#endif

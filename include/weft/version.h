/* weft/version.h - the version of the three programs. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_VERSION_H
#define WEFT_VERSION_H

#define WEFT_VERSION "0.1.0"

#endif

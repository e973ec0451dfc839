/* selftest.h - whether the bulk writer makes what the installed Xapian makes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SELFTEST_H
#define SELFTEST_H

#include "weft/error.h"

/**
 * Write a small generation both ways in folder dir, compare them, and remove them.
 *
 * Errors:  WEFT_ECORRUPT names what differs; WEFT_EIO, WEFT_ENOMEM.
 */
weft_code selftest_bulk(const char *dir, weft_error *err) weft_must_check;

#endif

/* mojibake.h - mend text that was encoded as UTF-8 twice. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MOJIBAKE_H
#define MOJIBAKE_H

#include "weft/error.h"
#include "weft/record.h"
#include "weft/str.h"

/**
 * Each run of characters that windows-1252 (or Latin-1) bytes could have been, and whose
 * bytes are valid UTF-8 of more than ASCII, becomes that UTF-8: A-tilde, copyright sign
 * becomes e-acute. Anything else stays as it is.
 *
 * Owner:   *out is in mem, or text itself. text is valid UTF-8.
 * Errors:  WEFT_ENOMEM.
 */
weft_code mojibake_mend(void *mem, weft_str text, weft_str *out,
                        weft_error *err) weft_must_check;

/** The same for the texts of a record. Errors: WEFT_ENOMEM. */
weft_code mojibake_mend_record(void *mem, weft_record *r, weft_error *err) weft_must_check;

#endif

/* did_you_mean.h - did you mean: the query with misspelt words as the index spells them. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_CMD_DID_YOU_MEAN_H
#define SEARCHD_CMD_DID_YOU_MEAN_H

#include "search.h"

/**
 * Set the reply's `suggestion`: null when the first tier has WEFT_SUGGEST_BELOW hits or more,
 * when every bare word is one of the index and none is much rarer than one a slip away, when
 * the other spelling would bring no more hits, or when the soft deadline passed.
 *
 * Errors:  of the index, WEFT_ENOMEM.
 */
weft_code did_you_mean_write(search *s, json_t *reply, weft_error *err) weft_must_check;

#endif

/* replay.h - bring a generation that is not live up to date from the journal. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdint.h>

#include "weft/error.h"

typedef struct replay {
    const char *index, *path; /* of the index, of the tables of the generation */
    int64_t since_ms;         /* also batches from then on; INT64_MAX for none */
    uint64_t records;         /* replayed so far */
} replay;

/**
 * Replay what the journal took after the generation's last batch, up to `until`.
 *
 * Errors:  of journal_read and of writing an index.
 */
weft_code replay_until(replay *r, uint64_t until, weft_error *err) weft_must_check;

/**
 * Replay all that is left, under the lock of the writer, so that the generation can take the
 * place of the live one: its revision is above that. Nothing when there is no index yet.
 *
 * Errors:  as replay_until.
 */
weft_code replay_rest(replay *r, weft_error *err) weft_must_check;

#endif

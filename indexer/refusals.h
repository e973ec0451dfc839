/* refusals.h - why records were refused, counted by kind. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REFUSALS_H
#define REFUSALS_H

#include <stddef.h>
#include <stdint.h>

enum {
    REFUSAL_KINDS = 19, /* told apart; those that come later are one more */
    REFUSAL_BYTES = 120 /* of the text of a kind */
};

typedef struct refusals {
    size_t kinds;
    char text[REFUSAL_KINDS][REFUSAL_BYTES];
    uint64_t count[REFUSAL_KINDS];
    uint64_t others;
} refusals;

/** Count a reason. Its kind is the text without the id before it, without numbers and without
 * what is quoted. */
void refusals_add(refusals *r, const char *reason);

#endif

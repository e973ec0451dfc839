/* refusals.c - why records were refused, counted by kind. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "refusals.h"

#include <stdbool.h>
#include <string.h>

#include "weft/str.h"
#include "banned.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void make_kind(const char *reason, char *out, size_t size)
{
    const char *colon = strstr(reason, ": ");
    size_t n = 0;
    bool quoted = false;
    for (const char *p = colon == NULL ? reason : colon + 2; *p != '\0' && n + 2 < size;
         p++) {
        bool starts_number = is_digit(*p) && (n == 0 || out[n - 1] != 'N');
        if (*p == '\'')
            quoted = !quoted;
        if (*p == '\'' || (!quoted && !is_digit(*p)))
            out[n++] = *p;
        else if (!quoted && starts_number)
            out[n++] = 'N';
    }
    n = weft_utf8_cut(weft_str_of(out, n), n);
    out[n] = '\0';
}

void refusals_add(refusals *r, const char *reason)
{
    char kind[REFUSAL_BYTES];
    size_t i = 0;
    make_kind(reason, kind, sizeof kind);
    while (i < r->kinds && strcmp(r->text[i], kind) != 0)
        i++;
    if (i == REFUSAL_KINDS) {
        r->others++;
        return;
    }
    if (i == r->kinds)
        memcpy(r->text[r->kinds++], kind, sizeof kind);
    r->count[i]++;
}

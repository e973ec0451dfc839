/* terms.c - terms and words of the stream: what documents and queries must agree on. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/schema.h"

#include <stdio.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/query.h"
#include "banned.h"

enum { HASH_DIGITS = 16 };

uint32_t weft_stream_word_of(uint64_t hash)
{
    uint32_t word = (uint32_t)hash;
    return word < WEFT_STREAM_MARKS ? word + WEFT_STREAM_MARKS : word;
}

uint32_t weft_stream_word(weft_str folded)
{
    return weft_stream_word_of(weft_str_hash(folded));
}

/* Bytes as Xapian stores them: a NUL would be two, but terms hold none. */
weft_code weft_term_make(void *mem, const char *prefix, weft_str value, weft_str *out,
                         weft_error *err)
{
    size_t room = WEFT_TERM_MAX - strlen(prefix);
    char *term;
    if (value.n <= room) {
        size_t n = strlen(prefix);
        term = talloc_size(mem, n + value.n + 1);
        if (term != NULL) {
            memcpy(term, prefix, n);
            memcpy(term + n, value.n == 0 ? "" : value.p, value.n);
            term[n + value.n] = '\0';
        }
    } else {
        weft_str head = weft_str_of(value.p, weft_utf8_cut(value, room - HASH_DIGITS - 1));
        term =
            talloc_asprintf(mem, "%s%" WEFT_STR_FMT "~%016llx", prefix, WEFT_STR_ARG(head),
                            (unsigned long long)weft_str_hash(value));
    }
    if (term == NULL)
        return weft_fail_nomem(err);
    *out = weft_str_from(term);
    return WEFT_OK;
}

weft_code weft_term_unique(void *mem, weft_type type, const char *id, weft_str *out,
                           weft_error *err)
{
    return weft_term_make(
        mem, type == WEFT_ARTICLE ? WEFT_PREFIX_UNIQUE "a" : WEFT_PREFIX_UNIQUE "c",
        weft_str_from(id), out, err);
}

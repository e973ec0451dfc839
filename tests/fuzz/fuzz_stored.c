/* fuzz_stored.c - any bytes as a stored document: what is accepted is sane and survives a
 * round trip. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_quotes(const weft_stored *s)
{
    size_t text = weft_record_text(s->record).n; /* a quote's places are in it */
    for (size_t i = 0; i < s->quote_count; i++) {
        const weft_stored_quote *q = &s->quotes[i];
        must(q->start <= q->end && q->end <= text);
        must(q->outer_start <= q->outer_end && q->outer_end <= text);
    }
}

static void check_round_trip(void *mem, const weft_stored *s)
{
    weft_str once, twice;
    weft_stored *back = NULL;
    must(weft_stored_encode(mem, s, &once, NULL) == WEFT_OK);
    must(weft_stored_decode(mem, once, &back, NULL) == WEFT_OK);
    must(weft_record_equal(s->record, back->record));
    must(s->quote_count == back->quote_count && s->ancestor_count == back->ancestor_count);
    must(weft_stored_encode(mem, back, &twice, NULL) == WEFT_OK);
    must(weft_str_eq(once, twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_stored *s = NULL;
    weft_error err = {0};
    weft_code code = weft_stored_decode(mem, weft_str_of((const char *)bytes, n), &s, &err);
    must(code == WEFT_OK || code == WEFT_ECORRUPT);
    must((code == WEFT_OK) == (s != NULL) && (code == WEFT_OK) == (err.text[0] == '\0'));
    if (s == NULL)
        return 0;
    must(s->kind <= WEFT_KIND_THREAD && s->depth <= WEFT_DEPTH_MAX);
    must(s->record->id != NULL || s->kind == WEFT_KIND_THREAD);
    check_quotes(s);
    check_round_trip(mem, s);
    return 0;
}

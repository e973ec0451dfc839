/* fuzz_record.c - any bytes as a line of weft NDJSON: what is accepted survives a round
 * trip. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/record.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_round_trip(void *mem, const weft_record *r)
{
    weft_buf line, again;
    weft_record *back = NULL;
    weft_record_counts counts = {0};
    weft_buf_init(&line, mem, 8 * (size_t)WEFT_LINE_MAX);
    weft_buf_init(&again, mem, 8 * (size_t)WEFT_LINE_MAX);
    must(weft_record_check(r, NULL) == WEFT_OK);
    must(weft_record_render(r, &line, NULL) == WEFT_OK);
    must(memchr(line.p, '\n', line.n) == line.p + line.n - 1);
    must(weft_record_parse(mem, weft_buf_str(&line), NULL, &counts, &back, NULL) ==
         WEFT_OK);
    must(counts.unknown_keys + counts.bad_dates + counts.repaired == 0);
    must(weft_record_render(back, &again, NULL) == WEFT_OK);
    must(weft_str_eq(weft_buf_str(&line), weft_buf_str(&again)));
    must(r->is_delete ||
         weft_record_equal(r, back)); /* a delete's article is not written */
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const weft_record_options options[] = {
        {0}, {.tz = "Europe/Berlin", .id_prefix = "x-", .epoch_ms = true}};
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        weft_scope void *mem = talloc_new(NULL);
        weft_record *r = NULL;
        weft_error err = {0};
        weft_str line = weft_str_of((const char *)bytes, n);
        weft_code code = weft_record_parse(mem, line, &options[i], NULL, &r, &err);
        must((code == WEFT_OK) == (r != NULL) &&
             (code == WEFT_OK) == (err.text[0] == '\0'));
        if (r != NULL)
            check_round_trip(mem, r);
    }
    return 0;
}

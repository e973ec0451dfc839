/* fuzz_body.c - any bytes as a body of HTML and of Markdown: valid UTF-8 without controls comes
 * out, within its limit, the same each time; and quotes are found in it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>

#include "weft/body.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/quote.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_str body = weft_str_of((const char *)bytes, n);
    for (int format = WEFT_HTML; format <= WEFT_MARKDOWN; format++) {
        weft_scope void *mem = talloc_new(NULL);
        weft_str text, again, same;
        size_t repaired, count;
        weft_quote *quotes;
        must(weft_body_text(mem, body, (weft_format)format, &text, NULL) == WEFT_OK);
        must(weft_body_text(mem, body, (weft_format)format, &again, NULL) == WEFT_OK);
        must(weft_str_eq(text, again));
        if (text.p == body.p)
            continue;
        must(text.n <= WEFT_TEXT_MAX && strlen(text.p) == text.n);
        must(weft_utf8_repair(mem, text, &same, &repaired, NULL) == WEFT_OK);
        must(repaired == 0);
        must(weft_quote_scan(mem, text, &quotes, &count, NULL) == WEFT_OK);
        for (size_t i = 0; i < count; i++)
            must(quotes[i].start <= quotes[i].end && quotes[i].end <= quotes[i].outer_end &&
                 quotes[i].outer_end <= text.n);
    }
    return 0;
}

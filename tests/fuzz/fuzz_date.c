/* fuzz_date.c - any bytes as a date: no crash, and what is accepted is in range and reads
 * back as itself. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "weft/record.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const zones[] = {NULL, "Europe/Berlin", "Asia/Tokyo", "No/Such"};
    weft_str text = weft_str_of((const char *)bytes, n);
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        int64_t s, again;
        if (weft_date_parse(text, zones[i], &s, NULL) != WEFT_OK)
            continue;
        if (s < WEFT_DATE_MIN || s > WEFT_DATE_MAX)
            abort();
        weft_scope void *tmp = talloc_new(NULL);
        char *rendered = weft_date_render(tmp, s);
        if (rendered == NULL || strlen(rendered) != 20)
            abort();
        if (weft_date_parse(weft_str_from(rendered), NULL, &again, NULL) != WEFT_OK ||
            again != s)
            abort();
    }
    return 0;
}

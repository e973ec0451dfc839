/* fuzz_page.c - any bytes as an article page: no crash, and whatever is given out is a
 * proper record. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "formats.h"
#include "weft/mem.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static weft_code check(void *ctx, weft_record *r, size_t line, weft_error *err)
{
    size_t *last = ctx;
    assert(line >= *last);
    *last = line;
    assert(r->id != NULL && (r->type == WEFT_ARTICLE || r->article != NULL));
    return weft_record_check(r, err);
}

static void refuse(void *ctx, size_t line, const char *reason)
{
    size_t *last = ctx;
    assert(line >= *last && reason[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_error err = {0};
    size_t last = 0;
    fmt_source source = {.bytes = weft_str_of((const char *)bytes, n), .name = "fuzz.txt"};
    fmt_sink sink = {.emit = check, .refuse = refuse, .ctx = &last};
    int sure = fmt_page_sniff(source.bytes);
    assert(sure >= 0 && sure <= 100);
    weft_code code = fmt_page_read(mem, &source, &sink, &err);
    assert(code == WEFT_OK || code == WEFT_ESYNTAX);
    return 0;
}

/* fuzz_html.c - any bytes as a saved web page: no crash, and whatever is given out is a
 * proper record. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "formats.h"
#include "weft/mem.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static weft_code check(void *ctx, weft_record *r, size_t line, weft_error *err)
{
    size_t *given = ctx;
    (void)line;
    assert(r->id != NULL && (r->type == WEFT_ARTICLE || r->article != NULL));
    assert((r->type == WEFT_ARTICLE) == (*given == 0));
    ++*given;
    return weft_record_check(r, err);
}

static void refuse(void *ctx, size_t line, const char *reason)
{
    (void)ctx;
    (void)line;
    assert(reason[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_error err = {0};
    size_t given = 0;
    const fmt_choices choices = {.include = FMT_PINGBACK, .has_as_of = true};
    fmt_source source = {.bytes = weft_str_of((const char *)bytes, n),
                         .name = "fuzz.html",
                         .choices = &choices};
    fmt_sink sink = {.emit = check, .refuse = refuse, .ctx = &given};
    int sure = fmt_html_sniff(source.bytes);
    assert(sure >= 0 && sure <= 100);
    weft_code code = fmt_html_read(mem, NULL, &source, &sink, &err);
    assert(code == WEFT_OK || code == WEFT_ESYNTAX || code == WEFT_ELIMIT);
    return 0;
}

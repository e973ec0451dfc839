/* fuzz_csv.c - any bytes as a table: no crash, and whatever is given out is a proper record. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats/csv.h"
#include "weft/mem.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static weft_code check(void *ctx, weft_record *r, size_t line, weft_error *err)
{
    (void)ctx;
    assert(line > 0 && r->id != NULL);
    assert(r->type == WEFT_ARTICLE || r->article != NULL);
    assert(r->status == WEFT_PUBLIC || r->body == NULL);
    return weft_record_check(r, err);
}

static void refuse(void *ctx, size_t line, const char *reason)
{
    (void)ctx;
    assert(line > 0 && reason[0] != '\0');
}

/* The bytes as a file without a name. */
static const char *file_of(const uint8_t *bytes, size_t n)
{
    static char name[64];
    static int fd = -1;
    if (fd < 0)
        fd = memfd_create("fuzz", MFD_CLOEXEC);
    assert(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, bytes, n, 0) == (ssize_t)n);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    return name;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_record_options options = {0};
    fmt_source source = {.options = &options, .id = "fuzz", .name = file_of(bytes, n)};
    fmt_sink sink = {.emit = check, .refuse = refuse};
    weft_error err = {0};
    input *in;
    int sure = fmt_csv_sniff(weft_str_of((const char *)bytes, n));
    assert(sure >= 0 && sure <= 100);
    weft_code code = input_open(mem, source.name, NULL, &in, &err);
    if (code == WEFT_OK)
        code = fmt_csv_read(mem, in, &source, &sink, &err);
    assert(code != WEFT_EINTERNAL &&
           code != WEFT_EUSAGE); /* it may be packed, and broken */
    return 0;
}

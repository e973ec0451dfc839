/* fuzz_json.c - any bytes as JSON by each built-in mapping, or as a mapping and the JSON it is
 * for: no crash, and whatever is given out is a proper record. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats/json.h"
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

/* The first byte says which mapping; past the last, one stands before a NUL. */
static void read_by(void *mem, uint8_t which, const uint8_t *bytes, size_t n)
{
    weft_record_options options = {0};
    fmt_choices choices = {.has_as_of = true, .as_of_s = 1589500000};
    fmt_source source = {.options = &options, .choices = &choices, .id = "fuzz"};
    fmt_sink sink = {.emit = check, .refuse = refuse};
    const mapping_builtin *b = mapping_builtin_at(which);
    weft_error err = {0};
    input *in;
    mapping *m;
    if (b == NULL) {
        const uint8_t *nul = memchr(bytes, 0, n);
        size_t length = nul == NULL ? n : (size_t)(nul - bytes);
        weft_code code =
            mapping_load(mem, weft_str_of((const char *)bytes, length), "fuzz", &m, &err);
        assert(code == WEFT_OK || (code == WEFT_EUSAGE && err.text[0] != '\0'));
        if (code != WEFT_OK || nul == NULL || m->for_csv)
            return;
        bytes = nul + 1;
        n -= length + 1;
    }
    source.name = file_of(bytes, n);
    weft_code code = input_open(mem, source.name, NULL, &in, &err);
    if (code == WEFT_OK && b != NULL)
        code = fmt_mapped_read(b->name, mem, in, &source, &sink, &err);
    else if (code == WEFT_OK)
        code = json_read_by(mem, in, m, &source, &sink, &err);
    assert(code != WEFT_EINTERNAL &&
           code != WEFT_EUSAGE); /* it may be packed, and broken */
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    if (n == 0)
        return 0;
    int sure = fmt_json_sniff(weft_str_of((const char *)bytes + 1, n - 1));
    assert(sure >= 0 && sure <= 100);
    read_by(mem, (uint8_t)(bytes[0] - '0'), bytes + 1, n - 1);
    return 0;
}

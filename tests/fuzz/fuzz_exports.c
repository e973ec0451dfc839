/* fuzz_exports.c - any bytes as an export: by the first byte of WordPress, Disqus, Atom or
 * Movable Type. No crash, and whatever is given out is a proper record. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats.h"
#include "weft/mem.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static weft_code check(void *ctx, weft_record *r, size_t line, weft_error *err)
{
    (void)ctx;
    assert(line > 0);
    assert(r->id != NULL && (r->type == WEFT_ARTICLE || r->article != NULL));
    return weft_record_check(r, err);
}

static void refuse(void *ctx, size_t line, const char *reason)
{
    (void)ctx;
    assert(line > 0 && reason[0] != '\0');
}

static void note(void *ctx, const char *text)
{
    (void)ctx;
    assert(text[0] != '\0');
}

static const char *const formats[] = {"wxr", "disqus", "atom", "mt"};
enum { FORMATS = sizeof formats / sizeof formats[0] };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_error err = {0};
    input *in;
    if (n == 0)
        return 0;
    const fmt_format *format = fmt_find(formats[bytes[0] % FORMATS]);
    const fmt_choices choices = {.include = bytes[0] / FORMATS};
    int fd = memfd_create("fuzz", 0);
    assert(fd >= 0 && write(fd, bytes + 1, n - 1) == (ssize_t)(n - 1));
    char *name = talloc_asprintf(mem, "/proc/self/fd/%d", fd);
    if (input_open(mem, name, NULL, &in, &err) == WEFT_OK) {
        weft_str head;
        weft_record_counts counts = {0};
        fmt_source source = {.name = "fuzz", .choices = &choices, .counts = &counts};
        fmt_sink sink = {.emit = check, .refuse = refuse, .skip = refuse, .note = note};
        assert(input_head(in, &head, &err) == WEFT_OK);
        int sure = format->sniff(head);
        assert(sure >= 0 && sure <= 100);
        weft_code code = format->read(mem, in, &source, &sink, &err);
        assert(code == WEFT_OK || code == WEFT_ESYNTAX || code == WEFT_EIO);
    }
    close(fd);
    return 0;
}

/* fuzz_input.c - any bytes as a file: unpacked, decoded, and read as mail or weft NDJSON. No
 * crash, and whatever is given out is a proper record. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "formats.h"
#include "weft/mem.h"

#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static weft_code check(void *ctx, weft_record *r, size_t line, weft_error *err)
{
    (void)ctx;
    assert(line > 0 && r->id != NULL);
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

static void read_text(void *mem, input *in)
{
    weft_error err = {0};
    weft_str head;
    const fmt_source source = {.name = input_own_name(in, mem)};
    const fmt_sink sink = {.emit = check, .refuse = refuse, .skip = refuse, .note = note};
    assert(input_head(in, &head, &err) == WEFT_OK);
    assert(source.name != NULL && input_name(in)[0] != '\0');
    int sure = fmt_mbox_sniff(head);
    assert(sure >= 0 && sure <= 100);
    weft_code code = sure > 0 ? fmt_mbox_read(mem, in, &source, &sink, &err)
                              : fmt_ndjson_read(mem, in, &source, &sink, &err);
    assert(code == WEFT_OK || code == WEFT_EIO || code == WEFT_ELIMIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_error err = {0};
    input *in;
    bool more = true;
    int fd = memfd_create("fuzz", 0);
    assert(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    char *name = talloc_asprintf(mem, "/proc/self/fd/%d", fd);
    weft_code code = input_open_all(mem, name, NULL, &in, &err);
    assert(code == WEFT_OK);
    while (more) {
        weft_scope void *tmp = talloc_new(mem);
        err = (weft_error){0};
        code = input_next_text(in, &more, &err);
        assert(code == WEFT_OK || err.text[0] != '\0');
        if (code == WEFT_OK && more)
            read_text(tmp, in);
    }
    close(fd);
    return 0;
}

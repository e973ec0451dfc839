/* fuzz_cursor.c - any text read as a cursor: what is accepted is what would be written, and a
 * cursor made of the bytes comes back as it went. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>

#include "cmd/cursor.h"
#include "weft/mem.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { KEY_BYTES = 217 };

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(void *mem, weft_str text)
{
    cursor c;
    char *again;
    weft_error err = {0};
    weft_code code = cursor_read(mem, text, &c, &err);
    must(code == WEFT_OK || code == WEFT_EUSAGE);
    if (code != WEFT_OK)
        return;
    must(c.by_key ? c.id_count == 0 : c.id_count > 0 && c.shown <= WEFT_WINDOW_MAX);
    must(cursor_write(mem, &c, &again, &err) == WEFT_OK);
    must(weft_str_eq(weft_str_from(again), text));
}

/* The first byte says of which sort, and how many ids or bytes of a key. */
static void check_made(void *mem, const uint8_t *bytes, size_t n)
{
    char *text;
    uint64_t ids[WEFT_HITS_MAX] = {0};
    cursor c = {.by_key = n > 0 && (bytes[0] & 1) != 0, .relaxed = n > 0 && bytes[0] > 127};
    if (n > 1 && n <= sizeof ids)
        memcpy(ids, bytes, n);
    c.question = ids[0];
    c.revision = ids[1];
    c.now_s = (int64_t)(ids[2] % (CURSOR_NOW_MAX + 1));
    c.shown = (uint32_t)n;
    if (c.by_key) {
        c.key = weft_str_of((const char *)bytes, n < KEY_BYTES ? n : KEY_BYTES);
    } else {
        c.ids = ids;
        c.id_count = 1 + n % WEFT_HITS_MAX;
        c.shown %= WEFT_WINDOW_MAX;
    }
    must(cursor_write(mem, &c, &text, NULL) == WEFT_OK);
    must(strlen(text) <= WEFT_CURSOR_MAX);
    cursor got;
    must(cursor_read(mem, weft_str_from(text), &got, NULL) == WEFT_OK);
    must(got.question == c.question && got.revision == c.revision && got.shown == c.shown);
    must(got.now_s == c.now_s);
    must(got.by_key == c.by_key && got.relaxed == c.relaxed);
    must(weft_str_eq(got.key, c.key) && got.id_count == c.id_count);
    must(c.by_key || memcmp(got.ids, ids, c.id_count * sizeof *ids) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    check_text(mem, weft_str_of((const char *)bytes, n));
    check_made(mem, bytes, n);
    return 0;
}

/* fuzz_utf8.c - any bytes repaired: the result is clean, an ASCII byte is never lost, and
 * mending mojibake keeps text valid. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "weft/str.h"
#include "mojibake.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static size_t count_ascii(weft_str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += (unsigned char)s.p[i] < 0x80;
    return count;
}

static void check_clean(void *mem, weft_str s)
{
    weft_str same;
    size_t repaired;
    must(weft_utf8_repair(mem, s, &same, &repaired, NULL) == WEFT_OK);
    must(repaired == 0 && same.p == s.p && same.n == s.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_str in = weft_str_of((const char *)bytes, n), out, mended;
    size_t repaired;
    must(weft_utf8_repair(mem, in, &out, &repaired, NULL) == WEFT_OK);
    must((repaired == 0) == (out.p == in.p));
    must(out.n <= 3 * n && count_ascii(in) == count_ascii(out));
    check_clean(mem, out);
    for (size_t limit = 0; limit <= out.n && limit < 64; limit++) {
        size_t cut = weft_utf8_cut(out, limit);
        must(cut <= limit && cut + 4 > (limit < out.n ? limit : out.n));
        check_clean(mem, weft_str_of(out.p, cut));
    }
    must(mojibake_mend(mem, out, &mended, NULL) == WEFT_OK);
    must(mended.n <= out.n && count_ascii(mended) == count_ascii(out));
    check_clean(mem, mended);
    return 0;
}

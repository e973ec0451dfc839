/* decoder.c - bytes of any charset that ICU knows, to UTF-8. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decoder.h"

#include <unicode/ucnv.h>

#include "weft/mem.h"
#include "banned.h"

enum { PIVOT = 1024, CHUNK = 64 * 1024 };

struct decoder {
    UConverter *from, *to;
    UChar pivot[PIVOT];
    UChar *pivot_in, *pivot_out;
};

static int decoder_close(decoder *d)
{
    ucnv_close(d->from);
    ucnv_close(d->to);
    return 0;
}

weft_code decoder_open(void *mem, const char *charset, decoder **out, weft_error *err)
{
    UErrorCode status = U_ZERO_ERROR;
    decoder *d = talloc_zero(mem, decoder);
    if (d == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(d, decoder_close);
    d->pivot_in = d->pivot_out = d->pivot;
    weft_code code = WEFT_OK;
    d->from = ucnv_open(charset, &status);
    if (U_FAILURE(status))
        code =
            weft_fail(err, WEFT_EUSAGE,
                      "no charset '%s': write it as windows-1251 or iso-8859-1", charset);
    if (code == WEFT_OK)
        d->to = ucnv_open("UTF-8", &status);
    if (code == WEFT_OK && U_FAILURE(status))
        code = weft_fail(err, WEFT_EINTERNAL, "no UTF-8 converter");
    if (code == WEFT_OK)
        *out = d;
    else
        talloc_free(d);
    return code;
}

weft_code decoder_add(decoder *d, weft_str bytes, bool last, weft_buf *to, const char *name,
                      weft_error *err)
{
    const char *source = bytes.p, *end = bytes.p + bytes.n;
    UErrorCode status;
    do {
        char out[CHUNK], *target = out;
        status = U_ZERO_ERROR;
        ucnv_convertEx(d->to, d->from, &target, out + sizeof out, &source, end, d->pivot,
                       &d->pivot_in, &d->pivot_out, d->pivot + PIVOT, false, last, &status);
        weft_buf_add(to, weft_str_of(out, (size_t)(target - out)));
    } while (status == U_BUFFER_OVERFLOW_ERROR);
    if (U_FAILURE(status))
        return weft_fail(err, WEFT_EIO, "%s: cannot be converted: %s", name,
                         u_errorName(status));
    return WEFT_OK;
}

void decoder_reset(decoder *d)
{
    ucnv_reset(d->from);
    ucnv_reset(d->to);
    d->pivot_in = d->pivot_out = d->pivot;
}

bool decoder_keeps_lines(const decoder *d)
{
    static const UChar line_feed[] = {'\n', 'a', '\n'};
    char bytes[32];
    UErrorCode status = U_ZERO_ERROR;
    ucnv_reset(d->from);
    int32_t n = ucnv_fromUChars(d->from, bytes, sizeof bytes, line_feed, 3, &status);
    ucnv_reset(d->from);
    return U_SUCCESS(status) && n == 3 && memcmp(bytes, "\na\n", 3) == 0;
}

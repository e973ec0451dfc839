/* error.c - the error struct and the one table of codes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "banned.h"

static const struct {
    const char *name;
    int exit_status, http_status;
} codes[WEFT_CODE_COUNT] = {
    [WEFT_OK] = {"ok", 0, 200},
    [WEFT_EUSAGE] = {"bad_request", 2, 400},
    [WEFT_ESYNTAX] = {"bad_query", 2, 400},
    [WEFT_ENOTFOUND] = {"not_found", 1, 404},
    [WEFT_EDUPLICATE] = {"duplicate", 2, 409},
    [WEFT_ELIMIT] = {"limit", 2, 400},
    [WEFT_EBUSY] = {"busy", 3, 503},
    [WEFT_ECHANGED] = {"changed", 3, 503},
    [WEFT_ECORRUPT] = {"corrupt", 3, 500},
    [WEFT_EIO] = {"io", 3, 500},
    [WEFT_ENOMEM] = {"no_memory", 3, 503},
    [WEFT_ETIMEOUT] = {"timeout", 3, 504},
    [WEFT_EINTERNAL] = {"internal", 3, 500},
    [WEFT_EDENIED] = {"denied", 2, 401},
};

/* A cut in the middle of a character would make the text invalid UTF-8: step back to the
 * character's first byte. */
static void cut_at_character(char *text, size_t n)
{
    while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
        n--;
    if (n > 0 && (unsigned char)text[n - 1] >= 0xC0)
        n--;
    text[n] = '\0';
}

__attribute__((format(printf, 3, 0))) static void set_text(weft_error *err, weft_code code,
                                                           const char *fmt, va_list ap)
{
    err->code = code;
    int n = vsnprintf(err->text, sizeof err->text, fmt, ap);
    if (n >= (int)sizeof err->text)
        cut_at_character(err->text, sizeof err->text - 1);
}

weft_code weft_fail(weft_error *err, weft_code code, const char *fmt, ...)
{
    if (err == NULL || err->code != WEFT_OK)
        return code;
    va_list ap;
    va_start(ap, fmt);
    set_text(err, code, fmt, ap);
    va_end(ap);
    return code;
}

weft_code weft_fail_at(weft_error *err, weft_code code, size_t at, const char *fmt, ...)
{
    if (err == NULL || err->code != WEFT_OK)
        return code;
    va_list ap;
    va_start(ap, fmt);
    set_text(err, code, fmt, ap);
    va_end(ap);
    err->has_at = true;
    err->at = at;
    return code;
}

weft_code weft_fail_nomem(weft_error *err)
{
    return weft_fail(err, WEFT_ENOMEM, "out of memory");
}

const char *weft_code_name(weft_code code)
{
    return (unsigned)code < WEFT_CODE_COUNT ? codes[code].name : codes[WEFT_EINTERNAL].name;
}

weft_code weft_code_from_name(const char *name)
{
    for (unsigned i = 0; i < WEFT_CODE_COUNT; i++)
        if (strcmp(codes[i].name, name) == 0)
            return (weft_code)i;
    return WEFT_EINTERNAL;
}

int weft_code_exit(weft_code code)
{
    return (unsigned)code < WEFT_CODE_COUNT ? codes[code].exit_status : 3;
}

int weft_code_http(weft_code code)
{
    return (unsigned)code < WEFT_CODE_COUNT ? codes[code].http_status
                                            : codes[WEFT_EINTERNAL].http_status;
}

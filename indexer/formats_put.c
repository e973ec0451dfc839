/* formats_put.c - from what a reader found to what a sink takes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats.h"

#include <stdarg.h>
#include <stdio.h>

#include "weft/mem.h"
#include "banned.h"

enum { NOTE_MAX = 512 }; /* bytes of a note */

weft_code fmt_put(const fmt_source *source, const fmt_sink *sink, const weft_record *raw,
                  size_t line, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record *r;
    weft_error fault = {0};
    weft_code code = weft_record_finish(tmp, raw, source->options, source->counts, &r, err);
    if (code != WEFT_OK)
        return code;
    code = weft_record_check(r, &fault);
    if (code == WEFT_OK)
        return sink->emit(sink->ctx, r, line, err);
    if (code == WEFT_ENOMEM)
        return weft_fail_nomem(err);
    sink->refuse(sink->ctx, line, fault.text);
    return WEFT_OK;
}

int64_t fmt_date(const fmt_source *source, weft_str text)
{
    int64_t s;
    const char *tz = source->options == NULL ? NULL : source->options->tz;
    weft_str trimmed = weft_str_trim(text);
    if (trimmed.n == 0)
        return WEFT_DATE_UNKNOWN;
    if (weft_date_parse(trimmed, tz, &s, NULL) == WEFT_OK)
        return s;
    if (source->counts != NULL)
        source->counts->bad_dates++;
    return WEFT_DATE_UNKNOWN;
}

void fmt_skip(const fmt_sink *sink, size_t line, const char *reason)
{
    if (sink->skip != NULL)
        sink->skip(sink->ctx, line, reason);
}

void fmt_note(const fmt_sink *sink, const char *format, ...)
{
    char text[NOTE_MAX];
    va_list values;
    if (sink->note == NULL)
        return;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    sink->note(sink->ctx, text);
}

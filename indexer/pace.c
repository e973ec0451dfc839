/* pace.c - how often `add` commits: --commit-every. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pace.h"

#include <time.h>

#include "weft/limits.h"
#include "weft/str.h"
#include "banned.h"

static bool ends_in(weft_str *text, const char *unit)
{
    size_t n = strlen(unit);
    if (text->n <= n || memcmp(text->p + text->n - n, unit, n) != 0)
        return false;
    text->n -= n;
    return true;
}

static weft_code parse_one(const char *given, pace *out, weft_error *err)
{
    weft_str digits = weft_str_from(given);
    uint64_t number, unit = ends_in(&digits, "ms") ? 1 : ends_in(&digits, "s") ? 1000 : 0;
    uint64_t max = unit == 0 ? WEFT_BATCH_RECORDS : PACE_MS_MAX / unit;
    weft_code code = weft_parse_u64(digits, max, &number, NULL);
    if (code == WEFT_ESYNTAX)
        return weft_fail(err, WEFT_EUSAGE,
                         "--commit-every: '%s' is neither a time, as 5s or 500ms, nor a "
                         "number of records, as 1000",
                         given);
    if (code != WEFT_OK || number == 0)
        return weft_fail(err, WEFT_EUSAGE,
                         "--commit-every: '%s' is not in 1 to %d records, 1ms to %ds",
                         given, WEFT_BATCH_RECORDS, PACE_MS_MAX / 1000);
    if (unit == 0)
        out->records = number;
    else
        out->ms = (int64_t)(number * unit);
    return WEFT_OK;
}

weft_code pace_parse(const weft_option_list *given, pace *out, weft_error *err)
{
    pace p = {0};
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < given->n && code == WEFT_OK; i++)
        code = parse_one(given->values[i], &p, err);
    if (code == WEFT_OK)
        *out = p;
    return code;
}

int64_t pace_clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t pace_left_ms(const pace *p, uint64_t records, int64_t since_ms, int64_t now_ms)
{
    if (p->records > 0 && records >= p->records)
        return 0;
    if (p->ms == 0)
        return -1;
    int64_t left = since_ms + p->ms - now_ms;
    return left > 0 ? left : 0;
}

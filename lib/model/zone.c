/* zone.c - local times of a named zone, by ICU.
 *
 * Opening a calendar takes ICU some ten microseconds and nearly all dates of an input are
 * in one zone, so the last zone used stays open. The programs have one thread each.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zone.h"

#include <stdbool.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "weft/record.h"
#include "weft/str.h"

#include "banned.h"

enum { ZONE_NAME_MAX = 63 }; /* bytes; the longest IANA name has 32 */

static struct {
    char name[ZONE_NAME_MAX + 1];
    UCalendar *calendar;
} last;

static bool is_utc(const char *tz)
{
    return tz == NULL || strcmp(tz, "UTC") == 0;
}

/* The name in ICU's characters and its length, or 0 when it is no name of a zone. */
static int32_t known_zone(const char *tz, UChar wide[ZONE_NAME_MAX + 1], UErrorCode *status)
{
    size_t n = strlen(tz);
    if (n == 0 || n > ZONE_NAME_MAX || strcmp(tz, UCAL_UNKNOWN_ZONE_ID) == 0)
        return 0;
    for (size_t i = 0; i <= n; i++) {
        if ((unsigned char)tz[i] >= 0x80)
            return 0;
        wide[i] = (UChar)tz[i];
    }
    UChar canonical[ZONE_NAME_MAX + 1];
    ucal_getCanonicalTimeZoneID(wide, (int32_t)n, canonical, ZONE_NAME_MAX, NULL, status);
    return U_SUCCESS(*status) ? (int32_t)n : 0;
}

static weft_code fail_zone(weft_error *err, weft_code code, UErrorCode status,
                           const char *tz)
{
    if (status == U_MEMORY_ALLOCATION_ERROR)
        return weft_fail_nomem(err);
    weft_str name = weft_str_from(tz);
    name.n = weft_utf8_cut(name, ZONE_NAME_MAX);
    return weft_fail(err, code,
                     "unknown time zone '%" WEFT_STR_FMT "': write it as Europe/Berlin",
                     WEFT_STR_ARG(name));
}

/* Short of memory ICU may give a calendar of an unknown zone, which is UTC, and call it a
 * success. */
static bool is_zone_of(const UCalendar *calendar, const UChar *wide)
{
    UChar name[ZONE_NAME_MAX + 1];
    UErrorCode status = U_ZERO_ERROR;
    ucal_getTimeZoneID(calendar, name, ZONE_NAME_MAX + 1, &status);
    return U_SUCCESS(status) && u_strcmp(name, wide) == 0;
}

/* Make `last` the calendar of tz. */
static weft_code open_zone(const char *tz, weft_error *err)
{
    if (last.calendar != NULL && strcmp(last.name, tz) == 0)
        return WEFT_OK;
    UChar wide[ZONE_NAME_MAX + 1];
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = known_zone(tz, wide, &status);
    if (n == 0)
        return fail_zone(err, WEFT_ESYNTAX, status, tz);
    UCalendar *opened = ucal_open(wide, n, "en", UCAL_GREGORIAN, &status);
    if (U_FAILURE(status))
        return fail_zone(err, WEFT_ESYNTAX, status, tz);
    if (!is_zone_of(opened, wide)) {
        ucal_close(opened);
        return weft_fail_nomem(err);
    }
    if (last.calendar != NULL)
        ucal_close(last.calendar);
    last.calendar = opened;
    memcpy(last.name, tz, (size_t)n + 1);
    return WEFT_OK;
}

weft_code weft_tz_check(const char *tz, weft_error *err)
{
    UChar wide[ZONE_NAME_MAX + 1];
    UErrorCode status = U_ZERO_ERROR;
    if (is_utc(tz) || known_zone(tz, wide, &status) > 0)
        return WEFT_OK;
    return fail_zone(err, WEFT_EUSAGE, status, tz);
}

/* ICU is asked for the offset only: the local time stands in the calendar as if it were
 * UTC, so its own calendar arithmetic, with the Julian dates before 1582, has no part in
 * it. */
weft_code zone_to_utc(const char *tz, int64_t local_s, int64_t *out_s, weft_error *err)
{
    int32_t raw_ms = 0, dst_ms = 0;
    if (!is_utc(tz)) {
        weft_code code = open_zone(tz, err);
        if (code != WEFT_OK)
            return code;
        UErrorCode status = U_ZERO_ERROR;
        ucal_setMillis(last.calendar, (double)local_s * 1000.0, &status);
        ucal_getTimeZoneOffsetFromLocal(last.calendar, UCAL_TZ_LOCAL_FORMER,
                                        UCAL_TZ_LOCAL_FORMER, &raw_ms, &dst_ms, &status);
        if (U_FAILURE(status))
            return fail_zone(err, WEFT_ESYNTAX, status, tz);
    }
    *out_s = local_s - (raw_ms + dst_ms) / 1000;
    return WEFT_OK;
}

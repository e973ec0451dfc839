/* date.c - RFC 3339 dates to seconds and back, without guessing.
 *
 * Days are counted as in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
 * (days_from_civil and civil_from_days): the Gregorian calendar also before 1582, years
 * beginning in March so that the leap day is last.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/record.h"

#include <stdbool.h>

#include "weft/mem.h"

#include "zone.h"
#include "banned.h"

enum { DAY_S = 86400, ERA_DAYS = 146097, ERA_YEARS = 400, EPOCH_SHIFT_DAYS = 719468 };

typedef struct civil {
    int year, month, day, hour, minute, second;
    bool has_offset;
    int offset_s;
} civil;

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % ERA_YEARS == 0);
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Years 1 to 9999 only, so nothing here is negative but the result. */
static int64_t days_from_civil(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = y / ERA_YEARS;
    int year_of_era = y % ERA_YEARS;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int64_t)era * ERA_DAYS + day_of_era - EPOCH_SHIFT_DAYS;
}

void weft_date_civil(int64_t s, int *year, int *month, int *day)
{
    int64_t days = s / DAY_S - (s % DAY_S < 0 ? 1 : 0) + EPOCH_SHIFT_DAYS;
    int64_t era = (days >= 0 ? days : days - (ERA_DAYS - 1)) / ERA_DAYS;
    int64_t day_of_era = days - era * ERA_DAYS;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153; /* months since March */
    *day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (int)(year_of_era + era * ERA_YEARS + (*month <= 2 ? 1 : 0));
}

char *weft_date_render(void *mem, int64_t s)
{
    int year, month, day;
    weft_date_civil(s, &year, &month, &day);
    int of_day = (int)((s % DAY_S + DAY_S) % DAY_S);
    return talloc_asprintf(mem, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
                           of_day / 3600, of_day / 60 % 60, of_day % 60);
}

static bool between(int value, int low, int high)
{
    return value >= low && value <= high;
}

/* Second 60 is let through here: whether it is a leap second shows in UTC. */
static bool in_range(const civil *c)
{
    return between(c->year, 1, 9999) && between(c->month, 1, 12) &&
           between(c->day, 1, month_days(c->year, c->month)) && between(c->hour, 0, 23) &&
           between(c->minute, 0, 59) && between(c->second, 0, 60);
}

static weft_code to_seconds(const civil *c, const char *tz, int64_t *out_s, weft_error *err)
{
    if (!in_range(c))
        return weft_fail(err, WEFT_ESYNTAX, "no such date or time of day");
    int64_t s = days_from_civil(c->year, c->month, c->day) * DAY_S + c->hour * 3600 +
                c->minute * 60 + c->second;
    if (c->has_offset) {
        s -= c->offset_s;
    } else {
        weft_code code = zone_to_utc(tz, s, &s, err);
        if (code != WEFT_OK)
            return code;
    }
    if (c->second == 60 && s % DAY_S != 0)
        return weft_fail(err, WEFT_ESYNTAX, "no leap second at that time");
    if (s < WEFT_DATE_MIN || s > WEFT_DATE_MAX)
        return weft_fail(err, WEFT_ESYNTAX, "date outside the years 1 to 9999");
    *out_s = s;
    return WEFT_OK;
}

/* Exactly n digits at the start of *rest, which moves past them. */
static bool take_digits(weft_str *rest, size_t n, int *out)
{
    if (rest->n < n)
        return false;
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (rest->p[i] < '0' || rest->p[i] > '9')
            return false;
        value = value * 10 + (rest->p[i] - '0');
    }
    *rest = weft_str_of(rest->p + n, rest->n - n);
    *out = value;
    return true;
}

/* One character out of set (no digit in it) at the start of *rest, or 0. */
static char take_any(weft_str *rest, const char *set)
{
    if (rest->n == 0 || rest->p[0] == '\0' || strchr(set, rest->p[0]) == NULL)
        return 0;
    char c = rest->p[0];
    *rest = weft_str_of(rest->p + 1, rest->n - 1);
    return c;
}

/* ".5": dropped, but there must be a digit. */
static bool skip_fraction(weft_str *rest)
{
    int digit;
    if (!take_any(rest, "."))
        return true;
    if (!take_digits(rest, 1, &digit))
        return false;
    while (take_digits(rest, 1, &digit))
        continue;
    return true;
}

/* Z, +02:00, +0200, +02 or nothing. */
static bool take_offset(weft_str *rest, civil *c)
{
    if (rest->n == 0)
        return true;
    c->has_offset = true;
    char sign = take_any(rest, "Zz+-");
    if (sign == 0)
        return false;
    if (sign == 'Z' || sign == 'z')
        return true;
    int hours = 0, minutes = 0;
    if (!take_digits(rest, 2, &hours))
        return false;
    if (rest->n > 0) {
        take_any(rest, ":");
        if (!take_digits(rest, 2, &minutes))
            return false;
    }
    c->offset_s = (hours * 60 + minutes) * 60 * (sign == '-' ? -1 : 1);
    return hours <= 23 && minutes <= 59;
}

static bool take_time(weft_str *rest, civil *c)
{
    if (!take_digits(rest, 2, &c->hour) || !take_any(rest, ":") ||
        !take_digits(rest, 2, &c->minute))
        return false;
    if (take_any(rest, ":") && (!take_digits(rest, 2, &c->second) || !skip_fraction(rest)))
        return false;
    return take_offset(rest, c) && rest->n == 0;
}

static bool take_date(weft_str *rest, civil *c)
{
    return take_digits(rest, 4, &c->year) && take_any(rest, "-") &&
           take_digits(rest, 2, &c->month) && take_any(rest, "-") &&
           take_digits(rest, 2, &c->day);
}

weft_code weft_date_parse(weft_str text, const char *tz, int64_t *out_s, weft_error *err)
{
    civil c = {0};
    weft_str rest = text;
    if (!take_date(&rest, &c))
        return weft_fail(err, WEFT_ESYNTAX, "not a date");
    if (rest.n > 0 && (!take_any(&rest, "Tt ") || !take_time(&rest, &c)))
        return weft_fail(err, WEFT_ESYNTAX, "not a time of day");
    return to_seconds(&c, tz, out_s, err);
}

weft_code weft_date_from_civil(int year, int month, int day, int hour, int minute,
                               int second, const char *tz, int64_t *out_s, weft_error *err)
{
    civil c = {year, month, day, hour, minute, second, false, 0};
    return to_seconds(&c, tz, out_s, err);
}

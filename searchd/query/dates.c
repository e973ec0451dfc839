/* dates.c - the values of date:, after: and before:.
 *
 * Every value is first read as one unit of time, half open. Calendar arithmetic is done on
 * day numbers (days since 1970 of the civil calendar) and on months counted from year 0;
 * only the step from a civil day to seconds knows the zone.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dates.h"

#include "banned.h"

enum { DAY_S = 86400, HOUR_S = 3600, MINUTE_S = 60, AGO_MAX = 1000000, YEAR_MAX = 9999 };

static const int64_t day_first =
    WEFT_DATE_MIN / DAY_S; /* 0001-01-01: the division is exact */
static const int64_t day_last = (WEFT_DATE_MAX + 1) / DAY_S; /* 10000-01-01 */

typedef enum unit {
    UNIT_MINUTE,
    UNIT_HOUR,
    UNIT_DAY,
    UNIT_WEEK,
    UNIT_MONTH,
    UNIT_YEAR
} unit;

static const char *const unit_names[] = {
    [UNIT_MINUTE] = "minute", [UNIT_HOUR] = "hour",   [UNIT_DAY] = "day",
    [UNIT_WEEK] = "week",     [UNIT_MONTH] = "month", [UNIT_YEAR] = "year",
};

static int64_t clamp(int64_t s)
{
    if (s < QUERY_DATE_FIRST)
        return QUERY_DATE_FIRST;
    return s > QUERY_DATE_END ? QUERY_DATE_END : s;
}

/* Number of a civil day; false when the calendar has no such day. */
static bool day_of(int64_t year, int64_t month, int64_t day, int64_t *out)
{
    int64_t s;
    if (year < 1 || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    if (weft_date_from_civil((int)year, (int)month, (int)day, 0, 0, 0, NULL, &s, NULL) !=
        WEFT_OK)
        return false;
    *out = s / DAY_S; /* exact: midnight UTC */
    return true;
}

/* First second of a civil day in the zone; days outside the calendar give its ends. */
static int64_t start_of_day(int64_t day, const char *tz)
{
    if (day <= day_first)
        return QUERY_DATE_FIRST;
    if (day >= day_last)
        return QUERY_DATE_END;
    int year, month, of_month;
    int64_t s;
    weft_date_civil(day * DAY_S, &year, &month, &of_month);
    if (weft_date_from_civil(year, month, of_month, 0, 0, 0, tz, &s, NULL) != WEFT_OK)
        return clamp(day * DAY_S);
    return clamp(s);
}

/* First second of month m, counted from January of year 0. */
static int64_t start_of_month(int64_t m, const char *tz)
{
    int64_t day;
    if (day_of(m / 12, m % 12 + 1, 1, &day))
        return start_of_day(day, tz);
    return m < 12 ? QUERY_DATE_FIRST : QUERY_DATE_END;
}

/* The civil day it is in the zone: the last one that has begun. A zone is less than a day
 * off UTC. */
static int64_t today(const query_options *o)
{
    int year, month, of_month;
    int64_t day;
    weft_date_civil(clamp(o->now_s), &year, &month, &of_month);
    if (!day_of(year, month, of_month, &day))
        return day_last;
    if (start_of_day(day + 1, o->tz) <= o->now_s)
        return day + 1;
    return start_of_day(day, o->tz) <= o->now_s ? day : day - 1;
}

/* The unit that lies `back` units before the one we are in; minutes and hours are counted
 * from now itself. */
static query_dates unit_back(unit u, int64_t back, const query_options *o)
{
    if (u == UNIT_MINUTE || u == UNIT_HOUR) {
        int64_t long_s = u == UNIT_HOUR ? HOUR_S : MINUTE_S;
        int64_t lo_s = clamp(o->now_s) - back * long_s;
        return (query_dates){clamp(lo_s), clamp(lo_s + long_s)};
    }
    int64_t now_day = today(o);
    if (u == UNIT_DAY || u == UNIT_WEEK) {
        int64_t days = u == UNIT_WEEK ? 7 : 1;
        int64_t weekday =
            ((now_day + 3) % 7 + 7) % 7; /* day 0 was a Thursday; Monday is 0 */
        int64_t first = now_day - (u == UNIT_WEEK ? weekday : 0) - back * days;
        return (query_dates){start_of_day(first, o->tz), start_of_day(first + days, o->tz)};
    }
    int year, month, of_month;
    weft_date_civil(clamp(now_day * DAY_S), &year, &month, &of_month);
    int64_t months = u == UNIT_YEAR ? 12 : 1;
    int64_t m = (int64_t)year * 12 + (u == UNIT_YEAR ? 0 : month - 1) - back * months;
    return (query_dates){start_of_month(m, o->tz), start_of_month(m + months, o->tz)};
}

/* Cut the next word off *rest; false at the end. */
static bool next_word(weft_str *rest, weft_str *word)
{
    *rest = weft_str_trim(*rest);
    size_t n = 0;
    while (n < rest->n && (unsigned char)rest->p[n] > ' ')
        n++;
    *word = weft_str_of(rest->p, n);
    if (n > 0) /* of nothing there need be no bytes */
        *rest = weft_str_of(rest->p + n, rest->n - n);
    return n > 0;
}

/* "week" or "weeks". */
static bool read_unit(weft_str word, unit *out)
{
    weft_str singular = word;
    if (word.n > 1 && (word.p[word.n - 1] == 's' || word.p[word.n - 1] == 'S'))
        singular.n--;
    for (size_t i = 0; i < sizeof unit_names / sizeof unit_names[0]; i++) {
        if (!query_same_word(singular, unit_names[i]))
            continue;
        *out = (unit)i;
        return true;
    }
    return false;
}

/* today, yesterday, "this UNIT", "last UNIT", "N UNITS ago". */
static bool read_relative(weft_str text, const query_options *o, query_dates *out)
{
    weft_str first, second = {0}, third = {0}, more;
    unit u = UNIT_DAY;
    uint64_t back = 0;
    if (!next_word(&text, &first))
        return false;
    bool two = next_word(&text, &second), three = next_word(&text, &third);
    if (next_word(&text, &more))
        return false;
    if (!two) {
        if (!query_same_word(first, "today") && !query_same_word(first, "yesterday"))
            return false;
        *out = unit_back(UNIT_DAY, query_same_word(first, "today") ? 0 : 1, o);
        return true;
    }
    if (!read_unit(second, &u))
        return false;
    if (three) {
        if (!query_same_word(third, "ago") ||
            weft_parse_u64(first, AGO_MAX, &back, NULL) != WEFT_OK)
            return false;
    } else if (query_same_word(first, "last")) {
        back = 1;
    } else if (!query_same_word(first, "this") || u < UNIT_DAY) {
        return false;
    }
    *out = unit_back(u, (int64_t)back, o);
    return true;
}

/* n digits at offset i of text. */
static bool read_digits(weft_str text, size_t i, size_t n, int64_t *out)
{
    if (text.n < i + n)
        return false;
    *out = 0;
    for (size_t k = i; k < i + n; k++) {
        if (text.p[k] < '0' || text.p[k] > '9')
            return false;
        *out = *out * 10 + (text.p[k] - '0');
    }
    return true;
}

/* A date followed by a time of day: the second, or the minute when no second is given
 * ("2013-05-03T09:16Z"). */
static bool read_instant(weft_str text, const char *tz, query_dates *out)
{
    enum { SEPARATOR = 10, AFTER_MINUTE = 16 };
    char c = text.p[SEPARATOR];
    int64_t s, two_digits;
    if (c != 'T' && c != 't' && c != ' ')
        return false;
    if (!read_digits(text, SEPARATOR + 1, 2, &two_digits) ||
        weft_date_parse(text, tz, &s, NULL) != WEFT_OK)
        return false;
    bool seconds = text.n > AFTER_MINUTE && text.p[AFTER_MINUTE] == ':';
    *out = (query_dates){clamp(s), clamp(s + (seconds ? 1 : MINUTE_S))};
    return true;
}

/* YYYY, YYYY-MM, YYYY-MM-DD and what may follow it. */
static bool read_absolute(weft_str text, const char *tz, query_dates *out)
{
    enum { YEAR_BYTES = 4, MONTH_BYTES = 7, DAY_BYTES = 10 };
    int64_t year, month, of_month, day;
    if (!read_digits(text, 0, 4, &year) || year < 1)
        return false;
    if (text.n == YEAR_BYTES) {
        *out = (query_dates){start_of_month(year * 12, tz),
                             start_of_month(year * 12 + 12, tz)};
        return true;
    }
    if (text.p[YEAR_BYTES] != '-' || !read_digits(text, YEAR_BYTES + 1, 2, &month) ||
        month < 1 || month > 12)
        return false;
    if (text.n == MONTH_BYTES) {
        int64_t m = year * 12 + month - 1;
        *out = (query_dates){start_of_month(m, tz), start_of_month(m + 1, tz)};
        return true;
    }
    if (text.p[MONTH_BYTES] != '-' || !read_digits(text, MONTH_BYTES + 1, 2, &of_month) ||
        !day_of(year, month, of_month, &day))
        return false;
    if (text.n > DAY_BYTES)
        return read_instant(text, tz, out);
    *out = (query_dates){start_of_day(day, tz), start_of_day(day + 1, tz)};
    return true;
}

static bool read_unit_of_time(weft_str text, const query_options *o, query_dates *out)
{
    return read_absolute(text, o->tz, out) || read_relative(text, o, out);
}

static query_value read_range(weft_str a, weft_str b, const query_options *o,
                              query_dates *out)
{
    query_dates from = {QUERY_DATE_FIRST, QUERY_DATE_END}, to = from;
    if (a.n == 0 && b.n == 0)
        return QUERY_VALUE_UNKNOWN;
    if ((a.n > 0 && !read_unit_of_time(a, o, &from)) ||
        (b.n > 0 && !read_unit_of_time(b, o, &to)))
        return QUERY_VALUE_UNKNOWN;
    if (a.n > 0 && b.n > 0 && from.lo_s >= to.hi_s)
        return QUERY_VALUE_REVERSED;
    *out = (query_dates){from.lo_s, to.hi_s};
    return QUERY_VALUE_READ;
}

query_value query_date_read(weft_str text, query_date_sense sense, const query_options *o,
                            query_dates *out)
{
    text = weft_str_trim(text);
    weft_str a, b;
    query_dates named;
    if (sense == QUERY_DATE_IN && query_range_split(text, &a, &b))
        return read_range(a, b, o, out);
    if (!read_unit_of_time(text, o, &named))
        return QUERY_VALUE_UNKNOWN;
    if (sense == QUERY_DATE_AFTER)
        named.hi_s = QUERY_DATE_END;
    if (sense == QUERY_DATE_BEFORE)
        named = (query_dates){QUERY_DATE_FIRST, named.lo_s};
    *out = named;
    return QUERY_VALUE_READ;
}

/* test_query_dates.c - values of date:, after:, before: and of the number fields. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>

#include "query/dates.h"
#include "weft/mem.h"
#include "banned.h"

/* Seconds by `date -u -d ... +%s`. */
static const int64_t noon_s = INT64_C(1368532800); /* 2013-05-14T12:00:00Z, a Tuesday */

typedef struct row {
    const char *text;
    const char *lo, *hi; /* RFC 3339; "" for an open end */
} row;

static int64_t seconds(const char *text, int64_t open)
{
    int64_t s = open;
    if (text[0] != '\0')
        ck_assert_int_eq(weft_date_parse(weft_str_from(text), NULL, &s, NULL), WEFT_OK);
    return s;
}

static void expect(const row *rows, size_t n, query_date_sense sense,
                   const query_options *o)
{
    for (size_t i = 0; i < n; i++) {
        query_dates got = {0, 0};
        query_value value = query_date_read(weft_str_from(rows[i].text), sense, o, &got);
        ck_assert_msg(value == QUERY_VALUE_READ, "'%s' not read", rows[i].text);
        ck_assert_msg(got.lo_s == seconds(rows[i].lo, QUERY_DATE_FIRST),
                      "'%s' begins at %" PRId64 ", want %s", rows[i].text, got.lo_s,
                      rows[i].lo);
        ck_assert_msg(got.hi_s == seconds(rows[i].hi, QUERY_DATE_END),
                      "'%s' ends at %" PRId64 ", want %s", rows[i].text, got.hi_s,
                      rows[i].hi);
    }
}

#define EXPECT(rows, sense, o) expect(rows, sizeof(rows) / sizeof(rows)[0], sense, o)

START_TEST(units) /* case 049 */
{
    static const query_options utc = {NULL, 0};
    static const row rows[] = {
        {"2020", "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"},
        {"2020-02", "2020-02-01T00:00:00Z", "2020-03-01T00:00:00Z"},
        {"2020-12", "2020-12-01T00:00:00Z", "2021-01-01T00:00:00Z"},
        {"2020-05-25", "2020-05-25T00:00:00Z", "2020-05-26T00:00:00Z"},
        {"2020-02-29", "2020-02-29T00:00:00Z", "2020-03-01T00:00:00Z"},
        {"2020-12-31", "2020-12-31T00:00:00Z", "2021-01-01T00:00:00Z"},
        {"1969-12-31", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"2013-05-03T09:16:05Z", "2013-05-03T09:16:05Z", "2013-05-03T09:16:06Z"},
        {"2013-05-03T09:16:05.999+02:00", "2013-05-03T07:16:05Z", "2013-05-03T07:16:06Z"},
        {"2013-05-03 09:16", "2013-05-03T09:16:00Z", "2013-05-03T09:17:00Z"},
        {"2013-05-03T09:16Z", "2013-05-03T09:16:00Z", "2013-05-03T09:17:00Z"},
        {"2020-05-25..2020-05-25", "2020-05-25T00:00:00Z", "2020-05-26T00:00:00Z"},
        {"2013-05..2013-06", "2013-05-01T00:00:00Z", "2013-07-01T00:00:00Z"},
        {"2013-05-03..2013-05", "2013-05-03T00:00:00Z", "2013-06-01T00:00:00Z"},
        {"2013-05..", "2013-05-01T00:00:00Z", ""},
        {"..2013-05", "", "2013-06-01T00:00:00Z"},
        {" 2013 .. 2014 ", "2013-01-01T00:00:00Z", "2015-01-01T00:00:00Z"},
        {"0001", "", "0002-01-01T00:00:00Z"},
        {"9999", "9999-01-01T00:00:00Z", ""},
        {"9999-12-31", "9999-12-31T00:00:00Z", ""},
    };
    EXPECT(rows, QUERY_DATE_IN, &utc);
}
END_TEST

START_TEST(after_and_before)
{
    static const query_options o = {NULL, INT64_C(1368532800)};
    static const row after[] = {
        {"2020-05-25", "2020-05-25T00:00:00Z", ""},
        {"2020", "2020-01-01T00:00:00Z", ""},
        {"last week", "2013-05-06T00:00:00Z", ""},
        {"3 days ago", "2013-05-11T00:00:00Z", ""},
    };
    static const row before[] = {
        {"2020-05-25", "", "2020-05-25T00:00:00Z"},
        {"2020-05", "", "2020-05-01T00:00:00Z"},
        {"last week", "", "2013-05-06T00:00:00Z"},
        {"2013-05-03T09:16:05Z", "", "2013-05-03T09:16:05Z"},
    };
    EXPECT(after, QUERY_DATE_AFTER, &o);
    EXPECT(before, QUERY_DATE_BEFORE, &o);
}
END_TEST

START_TEST(relative)
{
    static const query_options o = {NULL, INT64_C(1368532800)};
    static const row rows[] = {
        {"today", "2013-05-14T00:00:00Z", "2013-05-15T00:00:00Z"},
        {"Yesterday", "2013-05-13T00:00:00Z", "2013-05-14T00:00:00Z"},
        {"0 days ago", "2013-05-14T00:00:00Z", "2013-05-15T00:00:00Z"},
        {"1 day ago", "2013-05-13T00:00:00Z", "2013-05-14T00:00:00Z"},
        {"14 days ago", "2013-04-30T00:00:00Z", "2013-05-01T00:00:00Z"},
        {"this week", "2013-05-13T00:00:00Z", "2013-05-20T00:00:00Z"},
        {"last  week", "2013-05-06T00:00:00Z", "2013-05-13T00:00:00Z"},
        {"2 weeks ago", "2013-04-29T00:00:00Z", "2013-05-06T00:00:00Z"},
        {"this month", "2013-05-01T00:00:00Z", "2013-06-01T00:00:00Z"},
        {"last month", "2013-04-01T00:00:00Z", "2013-05-01T00:00:00Z"},
        {"5 months ago", "2012-12-01T00:00:00Z", "2013-01-01T00:00:00Z"},
        {"this year", "2013-01-01T00:00:00Z", "2014-01-01T00:00:00Z"},
        {"last year", "2012-01-01T00:00:00Z", "2013-01-01T00:00:00Z"},
        {"2 hours ago", "2013-05-14T10:00:00Z", "2013-05-14T11:00:00Z"},
        {"last hour", "2013-05-14T11:00:00Z", "2013-05-14T12:00:00Z"},
        {"30 minutes ago", "2013-05-14T11:30:00Z", "2013-05-14T11:31:00Z"},
        {"last month..yesterday", "2013-04-01T00:00:00Z", "2013-05-14T00:00:00Z"},
        {"yesterday..", "2013-05-13T00:00:00Z", ""},
    };
    EXPECT(rows, QUERY_DATE_IN, &o);
}
END_TEST

START_TEST(weeks_begin_on_monday)
{
    /* A Monday's first second, a Sunday's last, and a day before 1970 (1969-12-31 was a
     * Wednesday). */
    static const query_options monday = {NULL, INT64_C(1368403200)},
                               sunday = {NULL, INT64_C(1369007999)},
                               sixties = {NULL, INT64_C(-1)};
    static const row rows[] = {
        {"this week", "2013-05-13T00:00:00Z", "2013-05-20T00:00:00Z"}};
    static const row old[] = {
        {"this week", "1969-12-29T00:00:00Z", "1970-01-05T00:00:00Z"}};
    EXPECT(rows, QUERY_DATE_IN, &monday);
    EXPECT(rows, QUERY_DATE_IN, &sunday);
    EXPECT(old, QUERY_DATE_IN, &sixties);
}
END_TEST

START_TEST(zones) /* case 057 */
{
    static const query_options los_angeles = {"America/Los_Angeles", INT64_C(1368532800)};
    static const query_options berlin = {"Europe/Berlin", INT64_C(1368532800)};
    static const row la[] = {
        {"2017-06-23", "2017-06-23T07:00:00Z", "2017-06-24T07:00:00Z"},
        {"2017-06-24", "2017-06-24T07:00:00Z", "2017-06-25T07:00:00Z"},
        {"2017-01", "2017-01-01T08:00:00Z", "2017-02-01T08:00:00Z"},
        {"2017-06-23T18:51:46", "2017-06-24T01:51:46Z", "2017-06-24T01:51:47Z"},
        {"2017-06-23T18:51:46Z", "2017-06-23T18:51:46Z", "2017-06-23T18:51:47Z"},
    };
    static const row de[] = {
        {"2017-03-26", "2017-03-25T23:00:00Z", "2017-03-26T22:00:00Z"}, /* 23 hours long */
        {"2017-10-29", "2017-10-28T22:00:00Z", "2017-10-29T23:00:00Z"}, /* 25 hours long */
        {"0001", "", "0001-12-31T23:06:32Z"}, /* local mean time, +0:53:28 */
    };
    EXPECT(la, QUERY_DATE_IN, &los_angeles);
    EXPECT(de, QUERY_DATE_IN, &berlin);
}
END_TEST

/* 2013-05-14T12:00Z is still the 14th in UTC-11 and already the 15th in UTC+14; at 05:00Z
 * it is the 13th in Los Angeles. */
START_TEST(today_is_the_zones_day)
{
    static const query_options samoa = {"Pacific/Pago_Pago", INT64_C(1368532800)};
    static const query_options kiribati = {"Pacific/Kiritimati", INT64_C(1368532800)};
    static const query_options evening = {"America/Los_Angeles", INT64_C(1368507600)};
    static const row west[] = {{"today", "2013-05-14T11:00:00Z", "2013-05-15T11:00:00Z"}};
    static const row east[] = {{"today", "2013-05-14T10:00:00Z", "2013-05-15T10:00:00Z"}};
    static const row la[] = {{"today", "2013-05-13T07:00:00Z", "2013-05-14T07:00:00Z"}};
    EXPECT(west, QUERY_DATE_IN, &samoa);
    EXPECT(east, QUERY_DATE_IN, &kiribati);
    EXPECT(la, QUERY_DATE_IN, &evening);
}
END_TEST

START_TEST(no_dates)
{
    static const char *const rows[] = {
        "",
        "soup",
        "..",
        "2013-13",
        "2013-00",
        "2013-02-30",
        "0000",
        "0000-01",
        "20130503",
        "2013-5-3",
        "2013/05/03",
        "2013-05-03T25:00:00Z",
        "2013-05-03x",
        "2013-",
        "2013-05-",
        "201",
        "last",
        "last decade",
        "days ago",
        "x days ago",
        "-3 days ago",
        "3 days",
        "3 days ago today",
        "this hour",
        "9999999999 days ago",
        "2013..soup",
        "2013..2014..2015",
        "last week ago",
    };
    const query_options o = {NULL, noon_s};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        query_dates out = {1, 2};
        ck_assert_msg(query_date_read(weft_str_from(rows[i]), QUERY_DATE_IN, &o, &out) ==
                          QUERY_VALUE_UNKNOWN,
                      "'%s' was read", rows[i]);
        ck_assert_msg(out.lo_s == 1 && out.hi_s == 2, "'%s' changed its result", rows[i]);
    }
}
END_TEST

START_TEST(reversed_ranges)
{
    static const char *const rows[] = {"2014..2013", "2013-06..2013-05-31",
                                       "today..yesterday",
                                       "2013-05-03T09:16:01Z..2013-05-03T09:16:00Z"};
    const query_options o = {NULL, noon_s};
    query_dates out;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(query_date_read(weft_str_from(rows[i]), QUERY_DATE_IN, &o, &out) ==
                          QUERY_VALUE_REVERSED,
                      "'%s' is not reversed", rows[i]);
}
END_TEST

START_TEST(far_ends_stay_in_bounds)
{
    static const query_options ends[] = {{NULL, INT64_MIN},
                                         {NULL, INT64_MAX},
                                         {"Asia/Tokyo", WEFT_DATE_MIN},
                                         {"Pacific/Pago_Pago", WEFT_DATE_MAX}};
    static const char *const rows[] = {
        "today",      "last week", "1000000 years ago", "1000000 days ago",
        "this month", "last year", "last minute"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
            query_dates out = {INT64_MIN, INT64_MAX};
            ck_assert_int_eq(
                query_date_read(weft_str_from(rows[k]), QUERY_DATE_IN, &ends[i], &out),
                QUERY_VALUE_READ);
            ck_assert_msg(out.lo_s >= QUERY_DATE_FIRST && out.lo_s <= out.hi_s &&
                              out.hi_s <= QUERY_DATE_END,
                          "'%s' at end %zu", rows[k], i);
        }
    }
}
END_TEST

START_TEST(numbers)
{
    static const struct {
        const char *text;
        query_value value;
        int64_t lo, hi;
    } rows[] = {
        {"10", QUERY_VALUE_READ, 10, 10},
        {"-10", QUERY_VALUE_READ, -10, -10},
        {">10", QUERY_VALUE_READ, 11, INT64_MAX},
        {">=10", QUERY_VALUE_READ, 10, INT64_MAX},
        {"<10", QUERY_VALUE_READ, INT64_MIN, 9},
        {"<=-1", QUERY_VALUE_READ, INT64_MIN, -1},
        {"-10..-5", QUERY_VALUE_READ, -10, -5},
        {"5..5", QUERY_VALUE_READ, 5, 5},
        {"5..", QUERY_VALUE_READ, 5, INT64_MAX},
        {"..5", QUERY_VALUE_READ, INT64_MIN, 5},
        {"5..4", QUERY_VALUE_REVERSED, 0, 0},
        {"..", QUERY_VALUE_UNKNOWN, 0, 0},
        {"", QUERY_VALUE_UNKNOWN, 0, 0},
        {">", QUERY_VALUE_UNKNOWN, 0, 0},
        {"><5", QUERY_VALUE_UNKNOWN, 0, 0},
        {">5..6", QUERY_VALUE_UNKNOWN, 0, 0},
        {"5.5", QUERY_VALUE_UNKNOWN, 0, 0},
        {"0x10", QUERY_VALUE_UNKNOWN, 0, 0},
        {"9223372036854775807", QUERY_VALUE_READ, INT64_MAX, INT64_MAX},
        {"9223372036854775808", QUERY_VALUE_UNKNOWN, 0, 0},
        {">9223372036854775807", QUERY_VALUE_UNKNOWN, 0, 0},
        {"<-9223372036854775808", QUERY_VALUE_UNKNOWN, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        query_numbers out = {0, 0};
        query_value value = query_number_read(weft_str_from(rows[i].text), &out);
        ck_assert_msg(value == rows[i].value, "'%s': %d", rows[i].text, (int)value);
        ck_assert_msg(out.lo == rows[i].lo && out.hi == rows[i].hi,
                      "'%s': %" PRId64 "..%" PRId64, rows[i].text, out.lo, out.hi);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("query_dates");
    TCase *t = tcase_create("dates");
    tcase_add_test(t, units);
    tcase_add_test(t, after_and_before);
    tcase_add_test(t, relative);
    tcase_add_test(t, weeks_begin_on_monday);
    tcase_add_test(t, zones);
    tcase_add_test(t, today_is_the_zones_day);
    tcase_add_test(t, no_dates);
    tcase_add_test(t, reversed_ranges);
    tcase_add_test(t, far_ends_stay_in_bounds);
    tcase_add_test(t, numbers);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_SILENT);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* test_date.c - dates: what is one, what is none, zones, and the way back. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "weft/record.h"
#include "banned.h"

typedef struct good {
    const char *text, *tz;
    int64_t s;
} good;

/* The seconds were computed with GNU date. */
static const good good_dates[] = {
    {"2013-05-03T09:16:00Z", NULL, 1367572560},
    {"2013-05-03t09:16:00z", NULL, 1367572560},
    {"2013-05-03 09:16:00", NULL, 1367572560},
    {"2013-05-03 09:16", NULL, 1367572560},
    {"2013-05-03T09:16Z", NULL, 1367572560},
    {"2013-05-03T09:16:00.999999999Z", NULL, 1367572560},
    {"2013-05-03T11:16:00+02:00", NULL, 1367572560},
    {"2013-05-03T11:16:00+0200", NULL, 1367572560},
    {"2013-05-03T11:16:00+02", NULL, 1367572560},
    {"2013-05-03T11:16+02", NULL, 1367572560},
    {"2013-05-03T09:16:00-00:00", NULL, 1367572560},
    {"2013-05-03", NULL, 1367539200},
    {"2017-06-23T18:51:46-07:00", NULL, 1498269106},
    {"2017-06-24T01:51:46Z", NULL, 1498269106},
    {"2017-06-24 01:51:46", NULL, 1498269106},
    /* a zone is asked only when there is no offset */
    {"2017-06-24T01:51:46Z", "Asia/Tokyo", 1498269106},
    {"2017-06-24 10:51:46", "Asia/Tokyo", 1498269106},
    {"2017-06-24", "Asia/Tokyo", 1498230000},
    {"2017-06-24 01:51:46", "UTC", 1498269106},
    /* skipped in Berlin: 02:30 is 03:30 summer time; twice in Berlin: the earlier, summer
       time */
    {"2017-03-26T02:30:00", "Europe/Berlin", 1490491800},
    {"2017-03-26T01:59:59", "Europe/Berlin", 1490489999},
    {"2017-03-26T03:30:00", "Europe/Berlin", 1490491800},
    {"2017-10-29T02:30:00", "Europe/Berlin", 1509237000},
    {"2017-10-29T03:00:00", "Europe/Berlin", 1509242400},
    {"1970-01-01T00:00:00Z", NULL, 0},
    {"1969-12-31T23:59:59.5Z", NULL, -1},
    {"2000-02-29T00:00:00Z", NULL, 951782400},
    {"2016-12-31T23:59:60Z", NULL, 1483228800},
    {"2017-01-01T05:29:60+05:30", NULL, 1483228800},
    {"0001-01-01T00:00:00Z", NULL, WEFT_DATE_MIN},
    {"9999-12-31T23:59:59Z", NULL, WEFT_DATE_MAX},
    {"1582-10-10", NULL, INT64_C(-12219724800)},
};

START_TEST(reads_a_date)
{
    const good *row = &good_dates[_i];
    int64_t s = 7;
    weft_error err = {0};
    weft_code code = weft_date_parse(weft_str_from(row->text), row->tz, &s, &err);
    ck_assert_msg(code == WEFT_OK, "%s: %s", row->text, err.text);
    ck_assert_msg(s == row->s, "%s: %lld", row->text, (long long)s);
}
END_TEST

static const char *const bad_dates[] = {"",
                                        "not a date",
                                        "0000-00-00 00:00:00",
                                        "0000-01-01",
                                        "2013-02-30T00:00:00Z",
                                        "2013-00-01",
                                        "2013-13-01",
                                        "2013-01-00",
                                        "1900-02-29",
                                        "2013-05-03T24:00:00Z",
                                        "2013-05-03T25:00:00Z",
                                        "2013-05-03T23:60:00Z",
                                        "2013-05-03T23:59:61Z",
                                        "2013-05-03T12:00:60Z",
                                        "2013-05-03T09:16:00+24:00",
                                        "2013-05-03T09:16:00+02:60",
                                        "2013-05-03T09:16:00+2",
                                        "2013-05-03T09:16:00+02:",
                                        "2013-05-03T09:16:00.Z",
                                        "2013-05-03T09:16:00,5Z",
                                        "2013-05-03T09:16:00 +0200",
                                        "2013-05-03T",
                                        "2013-05-03T09",
                                        "2013-05-03T09:1",
                                        "2013-05-03Z",
                                        "2013-05-03  09:16",
                                        " 2013-05-03",
                                        "2013-05-03 ",
                                        "2013-5-3",
                                        "20130503",
                                        "13-05-03",
                                        "2013/05/03",
                                        "03.05.2013",
                                        "1367572560",
                                        "11 hours ago",
                                        "+2013-05-03",
                                        "0001-01-01T00:00:00+00:01",
                                        "9999-12-31T23:59:60Z",
                                        "2013-05-03T09:16:00Zx",
                                        "2013-05-03T09:16:00Europe/Berlin",
                                        "2013-05-03T-9:16"};

START_TEST(refuses_what_is_no_date)
{
    int64_t s = 7;
    weft_error err = {0};
    weft_code code = weft_date_parse(weft_str_from(bad_dates[_i]), NULL, &s, &err);
    ck_assert_msg(code == WEFT_ESYNTAX, "'%s' gave %lld", bad_dates[_i], (long long)s);
    ck_assert_int_eq(s, 7);
    ck_assert_str_ne(err.text, "");
}
END_TEST

START_TEST(a_nul_ends_no_date)
{
    int64_t s;
    ck_assert_int_eq(weft_date_parse(weft_str_of("2013-05-03\0", 11), NULL, &s, NULL),
                     WEFT_ESYNTAX);
    ck_assert_int_eq(
        weft_date_parse(weft_str_of("2013-05-03T09:16:00\0", 20), NULL, &s, NULL),
        WEFT_ESYNTAX);
    ck_assert_int_eq(weft_date_parse(weft_str_of(NULL, 0), NULL, &s, NULL), WEFT_ESYNTAX);
}
END_TEST

/* Every day from 1600 to 2400, counted one by one, against the arithmetic in both
 * directions. */
START_TEST(days_follow_each_other)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t expected = INT64_C(-11676096000); /* 1600-01-01 */
    for (int y = 1600; y < 2400; y++)
        for (int m = 1; m <= 12; m++) {
            bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
            int last = m == 2 && leap ? 29 : days[m - 1];
            for (int d = 1; d <= last; d++, expected += 86400) {
                int64_t s;
                int year, month, day;
                ck_assert_int_eq(weft_date_from_civil(y, m, d, 0, 0, 0, NULL, &s, NULL),
                                 WEFT_OK);
                ck_assert_msg(s == expected, "%d-%d-%d", y, m, d);
                weft_date_civil(s + 86399, &year, &month, &day);
                ck_assert_msg(year == y && month == m && day == d, "%d-%d-%d", y, m, d);
            }
            int64_t none;
            ck_assert_int_eq(
                weft_date_from_civil(y, m, last + 1, 0, 0, 0, NULL, &none, NULL),
                WEFT_ESYNTAX);
        }
    ck_assert_int_eq(expected, INT64_C(13569465600)); /* 2400-01-01 */
}
END_TEST

START_TEST(civil_values_have_ranges)
{
    int64_t s = 7;
    const int rows[][6] = {
        {0, 1, 1, 0, 0, 0},     {10000, 1, 1, 0, 0, 0}, {2013, 0, 1, 0, 0, 0},
        {2013, -1, 1, 0, 0, 0}, {2013, 13, 1, 0, 0, 0}, {2013, 1, -1, 0, 0, 0},
        {2013, 1, 1, 24, 0, 0}, {2013, 1, 1, -1, 0, 0}, {2013, 1, 1, 0, 60, 0},
        {2013, 1, 1, 0, 0, -1}, {2013, 1, 1, 0, 0, 61}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int *r = rows[i];
        weft_code code =
            weft_date_from_civil(r[0], r[1], r[2], r[3], r[4], r[5], NULL, &s, NULL);
        ck_assert_msg(code == WEFT_ESYNTAX, "row %zu", i);
    }
    ck_assert_int_eq(s, 7);
    ck_assert_int_eq(
        weft_date_from_civil(2013, 7, 1, 12, 0, 0, "America/New_York", &s, NULL), WEFT_OK);
    ck_assert_int_eq(s, 1372694400); /* 16:00 UTC */
}
END_TEST

START_TEST(renders_in_utc)
{
    weft_scope void *tmp = talloc_new(NULL);
    ck_assert_str_eq(weft_date_render(tmp, 0), "1970-01-01T00:00:00Z");
    ck_assert_str_eq(weft_date_render(tmp, -1), "1969-12-31T23:59:59Z");
    ck_assert_str_eq(weft_date_render(tmp, 1367572560), "2013-05-03T09:16:00Z");
    ck_assert_str_eq(weft_date_render(tmp, WEFT_DATE_MIN), "0001-01-01T00:00:00Z");
    ck_assert_str_eq(weft_date_render(tmp, WEFT_DATE_MAX), "9999-12-31T23:59:59Z");
}
END_TEST

START_TEST(knows_zones)
{
    const char *const good_zones[] = {"UTC", "Europe/Berlin",
                                      "America/Argentina/Buenos_Aires", "GMT"};
    const char *const bad_zones[] = {
        "",
        "Europe/Bonn",
        "Etc/Unknown",
        "europe berlin",
        "\xC3\xA9",
        "Europe/Berlin ",
        "Europe/Berlinxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
    for (size_t i = 0; i < sizeof good_zones / sizeof good_zones[0]; i++)
        ck_assert_msg(weft_tz_check(good_zones[i], NULL) == WEFT_OK, "%s", good_zones[i]);
    for (size_t i = 0; i < sizeof bad_zones / sizeof bad_zones[0]; i++)
        ck_assert_msg(weft_tz_check(bad_zones[i], NULL) == WEFT_EUSAGE, "'%s'",
                      bad_zones[i]);
    weft_error err = {0};
    ck_assert_int_eq(weft_tz_check("Europe/Bonn", &err), WEFT_EUSAGE);
    ck_assert_str_eq(err.text,
                     "unknown time zone 'Europe/Bonn': write it as Europe/Berlin");
    int64_t s;
    ck_assert_int_eq(weft_date_parse(weft_str_from("2013-05-03"), "Europe/Bonn", &s, NULL),
                     WEFT_ESYNTAX);
}
END_TEST

/* The server's own zone has no say. */
START_TEST(environment_is_not_asked)
{
    setenv("TZ", "Asia/Tokyo", 1);
    int64_t s;
    ck_assert_int_eq(weft_date_parse(weft_str_from("2017-06-24 01:51:46"), NULL, &s, NULL),
                     WEFT_OK);
    ck_assert_int_eq(s, 1498269106);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("date");
    TCase *tests = tcase_create("date");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, reads_a_date, 0, sizeof good_dates / sizeof good_dates[0]);
    tcase_add_loop_test(tests, refuses_what_is_no_date, 0,
                        sizeof bad_dates / sizeof bad_dates[0]);
    tcase_add_test(tests, a_nul_ends_no_date);
    tcase_add_test(tests, days_follow_each_other);
    tcase_add_test(tests, civil_values_have_ranges);
    tcase_add_test(tests, renders_in_utc);
    tcase_add_test(tests, knows_zones);
    tcase_add_test(tests, environment_is_not_asked);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

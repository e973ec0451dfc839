/* test_pace.c - what --commit-every takes, and when a batch is due. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "pace.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *given[3];
    weft_code code;
    uint64_t records;
    int64_t ms;
} rows[] = {
    {{NULL}, WEFT_OK, 0, 0},          {{"5s"}, WEFT_OK, 0, 5000},
    {{"500ms"}, WEFT_OK, 0, 500},     {{"1ms"}, WEFT_OK, 0, 1},
    {{"3600s"}, WEFT_OK, 0, 3600000}, {{"3600000ms"}, WEFT_OK, 0, 3600000},
    {{"1"}, WEFT_OK, 1, 0},           {{"10000"}, WEFT_OK, 10000, 0},
    {{"7", "2s"}, WEFT_OK, 7, 2000},  {{"2s", "7", "8"}, WEFT_OK, 8, 2000},
    {{"3601s"}, WEFT_EUSAGE, 0, 0},   {{"3600001ms"}, WEFT_EUSAGE, 0, 0},
    {{"10001"}, WEFT_EUSAGE, 0, 0},   {{"99999999999999999999"}, WEFT_EUSAGE, 0, 0},
    {{"0"}, WEFT_EUSAGE, 0, 0},       {{"0s"}, WEFT_EUSAGE, 0, 0},
    {{"5x"}, WEFT_EUSAGE, 0, 0},      {{"5 s"}, WEFT_EUSAGE, 0, 0},
    {{"-5"}, WEFT_EUSAGE, 0, 0},      {{"s"}, WEFT_EUSAGE, 0, 0},
    {{"ms"}, WEFT_EUSAGE, 0, 0},      {{""}, WEFT_EUSAGE, 0, 0},
    {{"7", "5m"}, WEFT_EUSAGE, 0, 0},
};

START_TEST(what_is_given)
{
    weft_option_list given = {.values = (const char **)(uintptr_t)rows[_i].given};
    pace p = {99, 99};
    weft_error err = {0};
    while (given.n < COUNT(rows[_i].given) && given.values[given.n] != NULL)
        given.n++;
    ck_assert_msg(pace_parse(&given, &p, &err) == rows[_i].code, "%s: %s",
                  rows[_i].given[0], err.text);
    if (rows[_i].code == WEFT_OK) {
        ck_assert_uint_eq(p.records, rows[_i].records);
        ck_assert_int_eq(p.ms, rows[_i].ms);
    }
}
END_TEST

START_TEST(when_it_is_due)
{
    const pace none = {0}, count = {3, 0}, time = {0, 50}, both = {3, 50};
    ck_assert_int_eq(pace_left_ms(&none, 1000000, 0, 1000000), -1);
    ck_assert_int_eq(pace_left_ms(&count, 2, 0, 1000000), -1);
    ck_assert_int_eq(pace_left_ms(&count, 3, 0, 0), 0);
    ck_assert_int_eq(pace_left_ms(&time, 1000000, 100, 100), 50);
    ck_assert_int_eq(pace_left_ms(&time, 1, 100, 149), 1);
    ck_assert_int_eq(pace_left_ms(&time, 1, 100, 150), 0);
    ck_assert_int_eq(pace_left_ms(&time, 1, 100, 900), 0);
    ck_assert_int_eq(pace_left_ms(&both, 2, 100, 120), 30);
    ck_assert_int_eq(pace_left_ms(&both, 3, 100, 120), 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("pace");
    tcase_add_loop_test(t, what_is_given, 0, (int)COUNT(rows));
    tcase_add_test(t, when_it_is_due);
    Suite *s = suite_create("pace");
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}

/* test_ago.c - relative dates: which texts are one, and what they come to. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>

#include "formats/ago.h"
#include "weft/record.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { NOW = 1589500000, NO = -1 };

static const struct {
    const char *text;
    int64_t back; /* seconds before NOW; NO is no such date */
} rows[] = {
    {"12 hours ago", 43200},
    {"1 hour ago", 3600},
    {"an hour ago", 3600},
    {"a minute ago", 60},
    {"30 seconds ago", 30},
    {" 3  Days\tAgo ", 259200},
    {"about 2 weeks ago", 1209600},
    {"2 months ago", 5184000},
    {"1 year, 2 months ago", 36720000},
    {"one day and 2 hours ago", 93600},
    {"5m ago", 300},
    {"3h ago", 10800},
    {"2d ago", 172800},
    {"1y ago", 31536000},
    {"0 minutes ago", 0},
    {"just now", 0},
    {"Yesterday", 86400},
    {"vor 3 Stunden", 10800},
    {"Vor einer Stunde", 3600},
    {"vor einem Tag", 86400},
    {"vor etwa 2 Wochen", 1209600},
    {"vor 1 Jahr und 2 Monaten", 36720000},
    {"vor 5 Min.", 300},
    {"vorgestern", 172800},
    {"50 Minuten 46 Sekunden her", 3046},
    {"1 Monat her", 2592000},
    {"hace 3 horas", 10800},
    {"hace un día", 86400},
    {"há 2 semanas", 1209600},
    {"2 ore fa", 7200},
    {"een uur geleden", 3600},
    {"3 dni temu", 259200},
    {"gestern", 86400},
    {"il y a 3 heures", 10800},
    {"Il y a une heure", 3600},
    {"il y a un an", 31536000},
    {"il y a 2 mois", 5184000},
    {"il y a 3 jours", 259200},
    {"hier", 86400},
    {"3 часа назад", 10800},
    {"Час назад", 3600},
    {"НЕДЕЛЮ НАЗАД", 604800},
    {"5 минут назад", 300},
    {"2 года назад", 63072000},
    {"вчера", 86400},
    {"Только что", 0},
    {"", NO},
    {"ago", NO},
    {" ago", NO},
    {"12 ago", NO},
    {"hours 12 ago", NO},
    {"12 hours", NO},
    {"12 13 hours ago", NO},
    {"a long time ago", NO},
    {"vor Christus", NO},
    {"New", NO},
    {"in 3 hours", NO},
    {"-3 hours ago", NO},
    {"2013-05-03", NO},
    {"99999999999999999999 hours ago", NO},
    {"1000001 hours ago", NO},
    {"100000 years ago", NO}, /* before the year 1 */
    {"3 hours ago \xFF", NO},
    {"1 hour 1 hour 1 hour 1 hour 1 hour 1 hour 1 hour 1 hour 1 hour 1 hour 1 hour 1 hour ago",
     NO}, /* too long to be one */
};

START_TEST(counts_back)
{
    int64_t s = 0;
    bool is = fmt_ago(weft_str_from(rows[_i].text), NOW, &s);
    ck_assert_msg(is == (rows[_i].back != NO), "row %d: '%s'", _i, rows[_i].text);
    if (is)
        ck_assert_msg(s == NOW - rows[_i].back, "'%s': %lld before", rows[_i].text,
                      (long long)(NOW - s));
}
END_TEST

START_TEST(keeps_within_the_years)
{
    int64_t s = 7;
    ck_assert(!fmt_ago(weft_str_from("1 hour ago"), WEFT_DATE_MIN, &s));
    ck_assert(!fmt_ago(weft_str_from("1 hour ago"), INT64_MIN, &s));
    ck_assert(!fmt_ago(weft_str_from("1 hour ago"), INT64_MAX, &s));
    ck_assert_int_eq(s, 7);
    ck_assert(fmt_ago(weft_str_from("1 hour ago"), WEFT_DATE_MIN + 3600, &s));
    ck_assert_int_eq(s, WEFT_DATE_MIN);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("ago");
    tcase_add_loop_test(t, counts_back, 0, (int)COUNT(rows));
    tcase_add_test(t, keeps_within_the_years);
    Suite *s = suite_create("ago");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

/* test_mojibake.c - text encoded twice is mended, other text stays. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>

#include "weft/mem.h"
#include "mojibake.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    const char *text, *mended;
} rows[] = {
    {"", ""},
    {"plain", "plain"},
    {"caf\xC3\xA9", "caf\xC3\xA9"}, /* an e-acute alone is no UTF-8 */
    {"caf\xC3\x83\xC2\xA9", "caf\xC3\xA9"},
    {"caf\xC3\x83\xC2\xA9!", "caf\xC3\xA9!"},
    /* a right quote, by way of windows-1252: a-circumflex, euro, trade mark */
    {"it\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s", "it\xE2\x80\x99s"},
    /* a closing double quote, whose byte 9D windows-1252 does not have */
    {"\xC3\xA2\xE2\x82\xAC\xC2\x9D", "\xE2\x80\x9D"},
    /* Russian "da" */
    {"\xC3\x90\xC2\xB4\xC3\x90\xC2\xB0", "\xD0\xB4\xD0\xB0"},
    /* an emoji: eth, Y-diaeresis, trade mark, comma */
    {"\xC3\xB0\xC5\xB8\xE2\x84\xA2\xE2\x80\x9A", "\xF0\x9F\x99\x82"},
    /* half of one stays as it is, and so does what is beside it */
    {"\xC3\x83", "\xC3\x83"},
    {"\xC3\x83\xC2\xA9\xC3\x83", "\xC3\x83\xC2\xA9\xC3\x83"},
    {"\xC3\x83\xC2\xA9 \xC3\x83", "\xC3\xA9 \xC3\x83"},
    /* characters that no byte was */
    {"\xD0\xB4\xD0\xB0 \xE4\xBD\xA0\xF0\x9F\x99\x82",
     "\xD0\xB4\xD0\xB0 \xE4\xBD\xA0\xF0\x9F\x99\x82"},
    {"\xE2\x80\x9Cquoted\xE2\x80\x9D \xE2\x82\xAC 5",
     "\xE2\x80\x9Cquoted\xE2\x80\x9D \xE2\x82\xAC 5"},
};

START_TEST(mends)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_str out;
    ck_assert_int_eq(mojibake_mend(mem, weft_str_from(rows[_i].text), &out, NULL), WEFT_OK);
    ck_assert_msg(weft_str_is(out, rows[_i].mended), "row %d: %" WEFT_STR_FMT, _i,
                  WEFT_STR_ARG(out));
}
END_TEST

START_TEST(mends_records)
{
    weft_scope void *mem = talloc_new(NULL);
    const char *tags[] = {"plain", "\xC3\x83\xC2\xA9"};
    weft_record r = {.id = "\xC3\x83\xC2\xA9",
                     .title = "\xC3\x83\xC2\xA9",
                     .body = "b\xC3\x83\xC2\xA9",
                     .tags = tags,
                     .tag_count = 2};
    ck_assert_int_eq(mojibake_mend_record(mem, &r, NULL), WEFT_OK);
    ck_assert_str_eq(r.id, "\xC3\x83\xC2\xA9"); /* an id is a name, not text */
    ck_assert_str_eq(r.title, "\xC3\xA9");
    ck_assert_str_eq(r.body, "b\xC3\xA9");
    ck_assert_ptr_null(r.author);
    ck_assert_str_eq(r.tags[0], "plain");
    ck_assert_str_eq(r.tags[1], "\xC3\xA9");
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("mojibake");
    tcase_add_loop_test(t, mends, 0, (int)COUNT(rows));
    tcase_add_test(t, mends_records);
    Suite *s = suite_create("mojibake");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

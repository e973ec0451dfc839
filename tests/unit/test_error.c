/* test_error.c - the first failure stays, long texts end at a character, the table of
 * codes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "weft/error.h"
#include "weft/str.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

START_TEST(first_failure_stays)
{
    weft_error err = {0};
    ck_assert_int_eq(weft_fail(&err, WEFT_EIO, "%s: %d", "disk", 7), WEFT_EIO);
    ck_assert_int_eq(weft_fail_at(&err, WEFT_ESYNTAX, 3, "later"), WEFT_ESYNTAX);
    ck_assert_int_eq(weft_fail_nomem(&err), WEFT_ENOMEM);
    ck_assert_int_eq(err.code, WEFT_EIO);
    ck_assert_str_eq(err.text, "disk: 7");
    ck_assert(!err.has_at);
}
END_TEST

START_TEST(keeps_the_place)
{
    weft_error err = {0};
    ck_assert_int_eq(weft_fail_at(&err, WEFT_ESYNTAX, 12, "here"), WEFT_ESYNTAX);
    ck_assert(err.has_at);
    ck_assert_uint_eq(err.at, 12);
    ck_assert_str_eq(err.text, "here");
}
END_TEST

START_TEST(needs_no_struct)
{
    ck_assert_int_eq(weft_fail(NULL, WEFT_ELIMIT, "x"), WEFT_ELIMIT);
    ck_assert_int_eq(weft_fail_at(NULL, WEFT_ELIMIT, 1, "x"), WEFT_ELIMIT);
    ck_assert_int_eq(weft_fail_nomem(NULL), WEFT_ENOMEM);
}
END_TEST

/* A text of `ascii` letters and then characters of up to four bytes, past the limit. */
static const char *const wide[] = {"\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x99\x82"};

START_TEST(cuts_at_a_character)
{
    for (size_t ascii = 0; ascii < 8; ascii++) {
        char text[700];
        weft_error err = {0};
        weft_str all = weft_str_of(text, ascii);
        memset(text, 'a', ascii);
        for (; all.n + 5 < sizeof text; all.n += strlen(wide[_i]))
            memcpy(text + all.n, wide[_i], strlen(wide[_i]));
        text[all.n] = '\0';
        ck_assert_int_eq(weft_fail(&err, WEFT_EIO, "%s", text), WEFT_EIO);
        size_t n = strlen(err.text), width = strlen(wide[_i]);
        ck_assert_int_eq(memcmp(err.text, text, n), 0);
        ck_assert_msg((n - ascii) % width == 0, "%zu bytes, %zu first", n, ascii);
        ck_assert_uint_ge(n, WEFT_ERROR_TEXT_MAX - 1 - 2 * width);
    }
}
END_TEST

START_TEST(holds_just_so_much)
{
    char text[WEFT_ERROR_TEXT_MAX + 1];
    memset(text, 'a', sizeof text);
    text[WEFT_ERROR_TEXT_MAX] = '\0';
    weft_error full = {0}, over = {0};
    weft_fail(&full, WEFT_EIO, "%s", text + 1);
    weft_fail(&over, WEFT_EIO, "%s", text);
    ck_assert_uint_eq(strlen(full.text), WEFT_ERROR_TEXT_MAX - 1);
    ck_assert_uint_eq(strlen(over.text), WEFT_ERROR_TEXT_MAX - 1);
}
END_TEST

static const struct {
    weft_code code;
    const char *name;
    int exit_status;
} codes[] = {
    {WEFT_OK, "ok", 0},
    {WEFT_EUSAGE, "bad_request", 2},
    {WEFT_ESYNTAX, "bad_query", 2},
    {WEFT_ENOTFOUND, "not_found", 1},
    {WEFT_EDUPLICATE, "duplicate", 2},
    {WEFT_ELIMIT, "limit", 2},
    {WEFT_EBUSY, "busy", 3},
    {WEFT_ECHANGED, "changed", 3},
    {WEFT_ECORRUPT, "corrupt", 3},
    {WEFT_EIO, "io", 3},
    {WEFT_ENOMEM, "no_memory", 3},
    {WEFT_ETIMEOUT, "timeout", 3},
    {WEFT_EINTERNAL, "internal", 3},
    {WEFT_EDENIED, "denied", 2},
};

START_TEST(table_of_codes)
{
    ck_assert_uint_eq(COUNT(codes), WEFT_CODE_COUNT);
    for (size_t i = 0; i < COUNT(codes); i++) {
        ck_assert_str_eq(weft_code_name(codes[i].code), codes[i].name);
        ck_assert_int_eq(weft_code_from_name(codes[i].name), codes[i].code);
        ck_assert_int_eq(weft_code_exit(codes[i].code), codes[i].exit_status);
    }
    ck_assert_int_eq(weft_code_from_name("no such name"), WEFT_EINTERNAL);
    ck_assert_str_eq(weft_code_name(WEFT_CODE_COUNT), "internal");
    ck_assert_str_eq(weft_code_name((weft_code)-1), "internal");
    ck_assert_int_eq(weft_code_exit((weft_code)-1), 3);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("error");
    tcase_add_test(t, first_failure_stays);
    tcase_add_test(t, keeps_the_place);
    tcase_add_test(t, needs_no_struct);
    tcase_add_loop_test(t, cuts_at_a_character, 0, (int)COUNT(wide));
    tcase_add_test(t, holds_just_so_much);
    tcase_add_test(t, table_of_codes);
    Suite *s = suite_create("error");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

/* test_str.c - views, numbers and the buffer with its cap. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <inttypes.h>

#include "weft/mem.h"
#include "weft/str.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

START_TEST(order_is_of_bytes)
{
    static const char *const rising[] = {"", "A", "a", "aa", "ab", "b", "\xC3\xA9"};
    for (size_t i = 0; i < COUNT(rising); i++)
        for (size_t k = 0; k < COUNT(rising); k++) {
            int order = weft_str_cmp(weft_str_from(rising[i]), weft_str_from(rising[k]));
            ck_assert_msg((order > 0) - (order < 0) == (i > k) - (i < k), "'%s' and '%s'",
                          rising[i], rising[k]);
        }
    ck_assert_int_eq(weft_str_cmp(weft_str_of(NULL, 0), weft_str_from("")), 0);
    ck_assert_int_lt(weft_str_cmp(weft_str_of("a\0b", 3), weft_str_of("a\0c", 3)), 0);
}
END_TEST

START_TEST(lists_are_put_in_order)
{
    weft_str list[] = {weft_str_from("b"), weft_str_from(""),  weft_str_from("ab"),
                       weft_str_from("b"), weft_str_from("a"), weft_str_of(NULL, 0)};
    const char *const expected[] = {"", "a", "ab", "b"};
    ck_assert_uint_eq(weft_str_sort_distinct(list, COUNT(list)), COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++)
        ck_assert(weft_str_is(list[i], expected[i]));
    ck_assert_uint_eq(weft_str_sort_distinct(NULL, 0), 0);
}
END_TEST

static const struct {
    const char *text, *trimmed;
} trims[] = {
    {"", ""},   {" \t\r\n\v\f", ""},      {" a b ", "a b"}, {"\n\na", "a"},
    {"a", "a"}, {"\xC2\xA0", "\xC2\xA0"}, /* a no-break space is no ASCII */
};

START_TEST(trims_ascii_space)
{
    weft_str s = weft_str_trim(weft_str_from(trims[_i].text));
    ck_assert_msg(weft_str_is(s, trims[_i].trimmed), "'%s'", trims[_i].text);
}
END_TEST

START_TEST(cuts_lines)
{
    weft_str rest = weft_str_from("one\r\n\ntwo\rx\n\r\nlast"), line;
    static const char *const lines[] = {"one", "", "two\rx", "", "last"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        ck_assert(weft_str_next_line(&rest, &line));
        ck_assert_msg(weft_str_is(line, lines[i]), "line %zu", i);
    }
    ck_assert(!weft_str_next_line(&rest, &line));
    rest = weft_str_of(NULL, 0);
    ck_assert(!weft_str_next_line(&rest, &line));
}
END_TEST

static const struct {
    const char *text;
    uint64_t max;
    weft_code code;
    uint64_t value;
} unsigneds[] = {
    {"0", 9, WEFT_OK, 0},
    {"007", 9, WEFT_OK, 7},
    {"9", 9, WEFT_OK, 9},
    {"10", 9, WEFT_ELIMIT, 0},
    {"18446744073709551615", UINT64_MAX, WEFT_OK, UINT64_MAX},
    {"18446744073709551616", UINT64_MAX, WEFT_ELIMIT, 0},
    {"99999999999999999999999999", UINT64_MAX, WEFT_ELIMIT, 0},
    {"", 9, WEFT_ESYNTAX, 0},
    {"-1", 9, WEFT_ESYNTAX, 0},
    {"+1", 9, WEFT_ESYNTAX, 0},
    {" 1", 9, WEFT_ESYNTAX, 0},
    {"1 ", 9, WEFT_ESYNTAX, 0},
    {"0x1", 9, WEFT_ESYNTAX, 0},
    {"1.", 9, WEFT_ESYNTAX, 0},
    {"12x", 9, WEFT_ESYNTAX, 0},
    {"99999999999999999999999999x", UINT64_MAX, WEFT_ESYNTAX, 0},
};

START_TEST(reads_unsigned)
{
    uint64_t value = 42;
    weft_error err = {0};
    weft_code code =
        weft_parse_u64(weft_str_from(unsigneds[_i].text), unsigneds[_i].max, &value, &err);
    ck_assert_msg(code == unsigneds[_i].code, "'%s': %s", unsigneds[_i].text, err.text);
    ck_assert_msg(value == (code == WEFT_OK ? unsigneds[_i].value : 42), "'%s'",
                  unsigneds[_i].text);
}
END_TEST

static const struct {
    const char *text;
    weft_code code;
    int64_t value;
} signeds[] = {
    {"0", WEFT_OK, 0},
    {"-0", WEFT_OK, 0},
    {"+5", WEFT_OK, 5},
    {"-5", WEFT_OK, -5},
    {"9223372036854775807", WEFT_OK, INT64_MAX},
    {"-9223372036854775808", WEFT_OK, INT64_MIN},
    {"9223372036854775808", WEFT_ELIMIT, 0},
    {"-9223372036854775809", WEFT_ELIMIT, 0},
    {"", WEFT_ESYNTAX, 0},
    {"-", WEFT_ESYNTAX, 0},
    {"--5", WEFT_ESYNTAX, 0},
    {"+-5", WEFT_ESYNTAX, 0},
    {"- 5", WEFT_ESYNTAX, 0},
    {"5-", WEFT_ESYNTAX, 0},
};

START_TEST(reads_signed)
{
    int64_t value = 42;
    weft_error err = {0};
    weft_code code = weft_parse_i64(weft_str_from(signeds[_i].text), &value, &err);
    ck_assert_msg(code == signeds[_i].code, "'%s': %s", signeds[_i].text, err.text);
    ck_assert_msg(value == (code == WEFT_OK ? signeds[_i].value : 42), "'%s': %" PRId64,
                  signeds[_i].text, value);
}
END_TEST

START_TEST(buffer_fills_to_its_cap)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_buf b;
    weft_error err = {0};
    weft_buf_init(&b, mem, 10);
    ck_assert_str_eq(b.p, "");
    weft_buf_add_text(&b, "12345");
    weft_buf_addf(&b, "%d%s", 678, "9");
    weft_buf_add_char(&b, '0');
    ck_assert_int_eq(weft_buf_check(&b, "thing", &err), WEFT_OK);
    ck_assert_str_eq(b.p, "1234567890");
    weft_buf_add_char(&b, 'x');
    ck_assert_int_eq(weft_buf_check(&b, "thing", &err), WEFT_ELIMIT);
    ck_assert_str_eq(err.text, "thing: over 10 bytes");
    ck_assert(weft_str_is(weft_buf_str(&b), "1234567890"));
}
END_TEST

START_TEST(failure_sticks_until_cleared)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_buf b;
    weft_buf_init(&b, mem, 4);
    weft_buf_add_text(&b, "ab");
    weft_buf_addf(&b, "%s", "cde"); /* all or nothing */
    weft_buf_add_char(&b, 'c');     /* would fit, but comes after a failure */
    ck_assert_str_eq(b.p, "ab");
    ck_assert_int_eq(weft_buf_check(&b, "x", NULL), WEFT_ELIMIT);
    weft_buf_clear(&b);
    ck_assert_str_eq(b.p, "");
    weft_buf_add_text(&b, "abcd");
    ck_assert_int_eq(weft_buf_check(&b, "x", NULL), WEFT_OK);
    ck_assert_str_eq(b.p, "abcd");
}
END_TEST

START_TEST(buffer_of_nothing)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_buf b;
    weft_buf_init(&b, mem, 0);
    weft_buf_clear(&b);
    weft_buf_add(&b, weft_str_of(NULL, 0));
    weft_buf_addf(&b, "%s", "");
    ck_assert_int_eq(weft_buf_check(&b, "x", NULL), WEFT_OK);
    weft_buf_add_char(&b, 'a');
    ck_assert_int_eq(weft_buf_check(&b, "x", NULL), WEFT_ELIMIT);
}
END_TEST

START_TEST(buffer_grows)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_buf b;
    weft_buf_init(&b, mem, SIZE_MAX);
    for (int i = 0; i < 100000; i++)
        weft_buf_add_char(&b, (char)('a' + i % 26));
    ck_assert_int_eq(weft_buf_check(&b, "x", NULL), WEFT_OK);
    ck_assert_uint_eq(strlen(b.p), 100000);
    for (int i = 0; i < 100000; i++)
        ck_assert_int_eq(b.p[i], 'a' + i % 26);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("str");
    tcase_add_test(t, order_is_of_bytes);
    tcase_add_test(t, lists_are_put_in_order);
    tcase_add_loop_test(t, trims_ascii_space, 0, (int)COUNT(trims));
    tcase_add_test(t, cuts_lines);
    tcase_add_loop_test(t, reads_unsigned, 0, (int)COUNT(unsigneds));
    tcase_add_loop_test(t, reads_signed, 0, (int)COUNT(signeds));
    tcase_add_test(t, buffer_fills_to_its_cap);
    tcase_add_test(t, failure_sticks_until_cleared);
    tcase_add_test(t, buffer_of_nothing);
    tcase_add_test(t, buffer_grows);
    Suite *s = suite_create("str");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

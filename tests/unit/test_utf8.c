/* test_utf8.c - bad bytes by Unicode's rule of maximal subparts, and cuts at characters. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>

#include "weft/mem.h"
#include "weft/str.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define FFFD "\xEF\xBF\xBD"
#define BYTES(s)                                                                           \
    {                                                                                      \
        s, sizeof(s) - 1                                                                   \
    }

static const struct {
    weft_str bytes;
    const char *text;
    size_t repaired;
} repairs[] = {
    {BYTES(""), "", 0},
    {BYTES("tab\t, line\r\n and \x7F stay"), "tab\t, line\r\n and \x7F stay", 0},
    {BYTES("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x99\x82"), "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x99\x82",
     0},
    /* the ends of what is well-formed: U+0080, U+07FF, U+0800, U+D7FF, U+E000, U+FFFF,
       U+10000, U+10FFFF */
    {BYTES("\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"
           "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"),
     "\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"
     "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
     0},
    /* Unicode 15, tables 3-8 to 3-11 */
    {BYTES("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A", 8},
    {BYTES("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
     FFFD FFFD FFFD FFFD FFFD FFFD FFFD FFFD "A", 8},
    {BYTES("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
     FFFD FFFD FFFD FFFD FFFD "A" FFFD FFFD "B", 7},
    {BYTES("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"), FFFD FFFD FFFD FFFD "A", 4},
    /* cut at the end of the text */
    {BYTES("a\xC3"), "a" FFFD, 1},
    {BYTES("a\xE2\x82"), "a" FFFD, 1},
    {BYTES("a\xF0\x9F\x99"), "a" FFFD, 1},
    {BYTES("\x80"), FFFD, 1},
    {BYTES("\xF5\x80"), FFFD FFFD, 2},
    {BYTES("\xC1\xBF"), FFFD FFFD, 2},
    /* a lead byte and then a control character */
    {BYTES("\xC3\x01x"), FFFD " x", 2},
    {BYTES("a\0b\x01\x1F\x0B"), "a b   ", 4},
};

START_TEST(repairs_maximal_subparts)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_str out;
    size_t repaired = 99;
    weft_str in = repairs[_i].bytes;
    ck_assert_int_eq(weft_utf8_repair(mem, in, &out, &repaired, NULL), WEFT_OK);
    ck_assert_msg(weft_str_is(out, repairs[_i].text), "row %d: '%" WEFT_STR_FMT "'", _i,
                  WEFT_STR_ARG(out));
    ck_assert_msg(repaired == repairs[_i].repaired, "row %d: %zu", _i, repaired);
    if (repaired == 0)
        ck_assert_ptr_eq(out.p, in.p);
}
END_TEST

/* Every pair of bytes before an A: what comes out is clean, and the A is never swallowed. */
START_TEST(repairs_any_pair)
{
    for (unsigned v = 0; v < 0x10000; v++) {
        weft_scope void *mem = talloc_new(NULL);
        char bytes[3] = {(char)(unsigned char)(v >> 8), (char)(unsigned char)v, 'A'};
        weft_str out, again;
        size_t repaired, left;
        ck_assert_int_eq(
            weft_utf8_repair(mem, weft_str_of(bytes, 3), &out, &repaired, NULL), WEFT_OK);
        ck_assert_int_eq(weft_utf8_repair(mem, out, &again, &left, NULL), WEFT_OK);
        ck_assert_msg(left == 0 && out.p[out.n - 1] == 'A', "%04x", v);
    }
}
END_TEST

START_TEST(cuts_at_characters)
{
    /* 1, 2, 3 and 4 bytes: ends at 1, 3, 6, 10 */
    weft_str s = weft_str_from("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x99\x82");
    static const size_t at[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10, 10};
    for (size_t limit = 0; limit < COUNT(at); limit++)
        ck_assert_msg(weft_utf8_cut(s, limit) == at[limit], "at %zu", limit);
    ck_assert_uint_eq(weft_utf8_cut(weft_str_of(NULL, 0), 5), 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("utf8");
    tcase_add_loop_test(t, repairs_maximal_subparts, 0, (int)COUNT(repairs));
    tcase_add_test(t, repairs_any_pair);
    tcase_add_test(t, cuts_at_characters);
    Suite *s = suite_create("utf8");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

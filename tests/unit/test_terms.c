/* test_terms.c - terms of a fixed length, numbers that sort, words of the stream. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/query.h"
#include "weft/schema.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static weft_str make(void *mem, const char *prefix, const char *value)
{
    weft_str term;
    ck_assert_int_eq(weft_term_make(mem, prefix, weft_str_from(value), &term, NULL),
                     WEFT_OK);
    return term;
}

START_TEST(long_values_are_cut_and_hashed)
{
    weft_scope void *mem = talloc_new(NULL);
    char value[WEFT_TERM_MAX + 10];
    memset(value, 'v', sizeof value);
    value[WEFT_TERM_MAX - 3] = '\0'; /* as long as can be behind XU: */
    weft_str fits = make(mem, "XU:", value);
    ck_assert_uint_eq(fits.n, WEFT_TERM_MAX);
    ck_assert_msg(memcmp(fits.p, "XU:vvvv", 7) == 0 && fits.p[fits.n - 1] == 'v', "whole");
    value[WEFT_TERM_MAX - 3] = 'v';
    value[WEFT_TERM_MAX - 2] = '\0';
    weft_str cut = make(mem, "XU:", value), again = make(mem, "XU:", value);
    ck_assert_uint_eq(cut.n, WEFT_TERM_MAX);
    ck_assert_int_eq(cut.p[WEFT_TERM_MAX - 17], '~');
    ck_assert(weft_str_eq(cut, again));
    value[WEFT_TERM_MAX - 3] = 'w';
    ck_assert(!weft_str_eq(cut, make(mem, "XU:", value)));
}
END_TEST

START_TEST(cuts_between_characters)
{
    weft_scope void *mem = talloc_new(NULL);
    for (size_t shift = 0; shift < 4; shift++) {
        char value[401] = "aaaa";
        for (size_t i = shift; i + 4 < sizeof value; i += 4)
            memcpy(value + i, "\xF0\x9F\x99\x82", 5);
        weft_str term = make(mem, "A", value), same;
        size_t repaired;
        ck_assert_uint_le(term.n, WEFT_TERM_MAX);
        ck_assert_uint_gt(term.n, WEFT_TERM_MAX - 4);
        ck_assert_int_eq(weft_utf8_repair(mem, term, &same, &repaired, NULL), WEFT_OK);
        ck_assert_uint_eq(repaired, 0);
    }
}
END_TEST

START_TEST(unique_terms)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_str term;
    ck_assert_int_eq(weft_term_unique(mem, WEFT_ARTICLE, "7", &term, NULL), WEFT_OK);
    ck_assert(weft_str_is(term, "Qa7"));
    ck_assert_int_eq(weft_term_unique(mem, WEFT_COMMENT, "7", &term, NULL), WEFT_OK);
    ck_assert(weft_str_is(term, "Qc7"));
}
END_TEST

START_TEST(sortable_numbers)
{
    static const int64_t rising[] = {
        INT64_MIN, INT64_MIN + 1, -4294967296, -256,          -255,     -1, 0,
        1,         255,           256,         INT64_MAX - 1, INT64_MAX};
    char before[8], bytes[8];
    int64_t back;
    for (size_t i = 0; i < COUNT(rising); i++) {
        weft_sortable(rising[i], bytes);
        ck_assert_msg(i == 0 || memcmp(before, bytes, 8) < 0, "row %zu", i);
        ck_assert(weft_sortable_read(weft_str_of(bytes, 8), &back));
        ck_assert_int_eq(back, rising[i]);
        memcpy(before, bytes, 8);
    }
    ck_assert(!weft_sortable_read(weft_str_of(bytes, 7), &back));
    ck_assert(!weft_sortable_read(weft_str_of(NULL, 0), &back));
}
END_TEST

START_TEST(stream_words_are_no_marks)
{
    /* Few hashes fall below the marks: what can be seen is that words differ and are none
       of them. */
    char text[16];
    for (uint32_t i = 0; i < 200000; i++) {
        memcpy(text, &i, sizeof i);
        ck_assert_uint_ge(weft_stream_word(weft_str_of(text, sizeof i)), WEFT_STREAM_MARKS);
    }
    ck_assert_uint_ne(weft_stream_word(weft_str_from("a")),
                      weft_stream_word(weft_str_from("b")));
    ck_assert_uint_eq(weft_stream_word(weft_str_from("a")),
                      weft_stream_word(weft_str_from("a")));
}
END_TEST

START_TEST(fields_by_name)
{
    ck_assert_str_eq(weft_field_find(weft_str_from("AUTHOR"))->prefix, "A");
    ck_assert_ptr_null(weft_field_find(weft_str_from("")));
    ck_assert_ptr_null(weft_field_find(weft_str_from("authors")));
    ck_assert_ptr_null(weft_field_find(weft_str_from("autho")));
    size_t n = 0;
    while (weft_field_at(n) != NULL)
        n++;
    for (size_t i = 0; i < n; i++)
        ck_assert_ptr_eq(weft_field_find(weft_str_from(weft_field_at(i)->name)),
                         weft_field_at(i));
    ck_assert_uint_eq(n, 19);
    ck_assert_ptr_null(weft_field_at(SIZE_MAX));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("terms");
    tcase_add_test(t, long_values_are_cut_and_hashed);
    tcase_add_test(t, cuts_between_characters);
    tcase_add_test(t, unique_terms);
    tcase_add_test(t, sortable_numbers);
    tcase_add_test(t, stream_words_are_no_marks);
    tcase_add_test(t, fields_by_name);
    Suite *s = suite_create("terms");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

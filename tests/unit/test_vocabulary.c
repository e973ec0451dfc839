/* test_vocabulary.c - edits between words. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "query/vocabulary.h"
#include "banned.h"

START_TEST(edits_are_counted)
{
    static const struct {
        const char *a, *b;
        unsigned most, edits;
    } rows[] = {
        {"soup", "soup", 2, 0},
        {"soup", "soap", 2, 1},
        {"soup", "sop", 2, 1},
        {"soup", "soupy", 2, 1},
        {"soup", "suop", 2, 1}, /* swapped: one, not two */
        {"harbour", "harbuor", 2, 1},
        {"harbour", "habruor", 2, 2},
        {"harbour", "barbour", 2, 1},
        {"harbour", "arbor", 2, 2},
        {"harbour", "habor", 2, 2},
        {"kitten", "sitting", 3, 3},
        {"kitten", "sitting", 2, 3}, /* more than asked for is one more */
        {"ca", "abc", 4, 3}, /* alignment: nothing is edited twice, so three and not two */
        {"харчевня", "харчевна", 2, 1},
        {"", "ab", 2, 2},
        {"", "", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        weft_str a = weft_str_from(rows[i].a), b = weft_str_from(rows[i].b);
        ck_assert_msg(vocabulary_distance(a, b, rows[i].most) == rows[i].edits,
                      "'%s' '%s': %u", rows[i].a, rows[i].b,
                      vocabulary_distance(a, b, rows[i].most));
        ck_assert_msg(vocabulary_distance(b, a, rows[i].most) == rows[i].edits, "'%s' '%s'",
                      rows[i].b, rows[i].a);
    }
}
END_TEST

START_TEST(long_words_are_far)
{
    char word[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmno"; /* 41 letters */
    ck_assert_uint_eq(vocabulary_distance(weft_str_from(word), weft_str_from(word), 2), 3);
    word[40] = '\0';
    ck_assert_uint_eq(vocabulary_distance(weft_str_from(word), weft_str_from(word), 2), 0);
}
END_TEST

START_TEST(letters_are_told)
{
    size_t n;
    ck_assert(vocabulary_is_letters(weft_str_from("порта"), &n) && n == 5);
    ck_assert(!vocabulary_is_letters(weft_str_from("t100"), &n) && n == 4);
    ck_assert(!vocabulary_is_letters(weft_str_from(""), &n));
    ck_assert(!vocabulary_is_letters(weft_str_from("\xff"), &n));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("vocabulary");
    TCase *t = tcase_create("vocabulary");
    tcase_add_test(t, edits_are_counted);
    tcase_add_test(t, long_words_are_far);
    tcase_add_test(t, letters_are_told);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

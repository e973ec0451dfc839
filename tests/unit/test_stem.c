/* test_stem.c - stems, the bounded table behind them, and stop words. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "weft/text.h"

#include "lib/text/language.h"
#include "banned.h"

static weft_stemmer *stemmer;

static void setup(void)
{
    weft_error err = {0};
    ck_assert_msg(weft_stemmer_new(NULL, &stemmer, &err) == WEFT_OK, "%s", err.text);
}

static void teardown(void)
{
    talloc_free(stemmer);
}

static int language(const char *code)
{
    return weft_language_find(weft_str_from(code));
}

static void check_same_stem(const char *code, const char *a, const char *b)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *x = weft_str_dup(tmp, weft_stem(stemmer, language(code), weft_str_from(a)));
    char *y = weft_str_dup(tmp, weft_stem(stemmer, language(code), weft_str_from(b)));
    ck_assert_msg(strcmp(x, y) == 0, "%s: '%s' gives '%s', '%s' gives '%s'", code, a, x, b,
                  y);
}

START_TEST(word_forms_share_a_stem)
{
    for (int again = 0; again < 2; again++) { /* the second time from the table */
        check_same_stem("en", "cooperating", "cooperation");
        check_same_stem("en", "services", "service");
        check_same_stem("ru", "разработка", "разработки");
        check_same_stem("de", "hauser", "hausern");
        check_same_stem("fr", "nationale", "nationales");
    }
}
END_TEST

START_TEST(language_is_part_of_the_key)
{
    weft_str word = weft_str_from("nations");
    ck_assert(weft_str_is(weft_stem(stemmer, language("en"), word), "nation"));
    ck_assert(weft_str_is(weft_stem(stemmer, language("ru"), word), "nations"));
    ck_assert(weft_str_is(weft_stem(stemmer, language("en"), word), "nation"));
}
END_TEST

START_TEST(no_stem_without_a_language)
{
    weft_str word = weft_str_from("nations");
    ck_assert(weft_str_is(weft_stem(stemmer, WEFT_LANGUAGE_OTHER, word), "nations"));
    ck_assert(weft_str_is(weft_stem(stemmer, 1000, word), "nations"));
    ck_assert_uint_eq(weft_stem(stemmer, language("en"), weft_str_of("", 0)).n, 0);
}
END_TEST

START_TEST(cut_words_keep_their_hash)
{
    weft_str word =
        weft_str_from("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx~00000000000000ed");
    ck_assert(weft_str_eq(weft_stem(stemmer, language("en"), word), word));
}
END_TEST

START_TEST(stems_have_no_accents)
{
    static const char *const words[] = {"canción", "größe",  "é",
                                        "ağaçlar", "ελλάδα", "ёлка"};
    for (int l = 0; l < weft_language_count(); l++) {
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            weft_str stem = weft_stem(stemmer, l, weft_str_from(words[i]));
            ck_assert_msg(stem.n > 0, "%s '%s'", weft_language_code(l), words[i]);
        }
    }
    ck_assert(
        weft_str_is(weft_stem(stemmer, language("ru"), weft_str_from("ёлка")), "елк"));
}
END_TEST

/* More distinct words than the table holds: it is emptied and goes on. */
START_TEST(table_is_bounded)
{
    char word[32];
    for (int i = 0; i < 450000; i++) {
        snprintf(word, sizeof word, "w%ding", i);
        weft_str stem = weft_stem(stemmer, language("en"), weft_str_from(word));
        ck_assert_msg(stem.n > 0 && stem.p[0] == 'w', "%s", word);
    }
    ck_assert(weft_str_is(weft_stem(stemmer, language("en"), weft_str_from("nations")),
                          "nation"));
    ck_assert_uint_lt(talloc_total_size(stemmer), 20 * 1024 * 1024);
}
END_TEST

START_TEST(stop_words_are_in_order)
{
    int lists = 0;
    for (int l = 0; l < weft_language_count(); l++) {
        size_t n;
        const char *const *words = stop_words_of(l, &n);
        lists += words != NULL;
        for (size_t i = 0; i < n; i++) {
            ck_assert_msg(i == 0 || strcmp(words[i - 1], words[i]) < 0, "%s: '%s'",
                          weft_language_code(l), words[i]);
            ck_assert_msg(weft_stop_word(l, weft_str_from(words[i])), "%s: '%s'",
                          weft_language_code(l), words[i]);
        }
    }
    ck_assert_int_eq(lists, 8);
}
END_TEST

/* A list is looked up by folded words: one that folding would change could never be found.
 */
START_TEST(stop_words_are_folded)
{
    weft_error err = {0};
    weft_tokenizer *t;
    ck_assert_int_eq(weft_tokenizer_new(stemmer, &t, &err), WEFT_OK);
    for (int l = 0; l < weft_language_count(); l++) {
        size_t n;
        const char *const *words = stop_words_of(l, &n);
        for (size_t i = 0; i < n; i++) {
            weft_token token;
            weft_str word = weft_str_from(words[i]);
            ck_assert_int_eq(weft_tokenizer_start(t, word, WEFT_TOKENIZE_DOCUMENT, &err),
                             WEFT_OK);
            ck_assert_msg(weft_tokenizer_next(t, &token) && weft_str_eq(token.folded, word),
                          "%s '%s'", weft_language_code(l), words[i]);
        }
    }
}
END_TEST

START_TEST(stop_words_of_english)
{
    static const char *const yes[] = {"the", "who", "to", "be", "or", "not", "dont", "if"};
    static const char *const no[] = {"never", "gives", "harbour", "",
                                     "th",    "thee",  "zzz",     "что"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        ck_assert_msg(weft_stop_word(language("en"), weft_str_from(yes[i])), "%s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        ck_assert_msg(!weft_stop_word(language("en"), weft_str_from(no[i])), "%s", no[i]);
    ck_assert(weft_stop_word(language("ru"), weft_str_from("что")));
    ck_assert(!weft_stop_word(language("sv"), weft_str_from("the")));
    ck_assert(!weft_stop_word(WEFT_LANGUAGE_OTHER, weft_str_from("the")));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stem");
    TCase *cases = tcase_create("stem");
    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, word_forms_share_a_stem);
    tcase_add_test(cases, language_is_part_of_the_key);
    tcase_add_test(cases, no_stem_without_a_language);
    tcase_add_test(cases, cut_words_keep_their_hash);
    tcase_add_test(cases, stems_have_no_accents);
    tcase_add_test(cases, table_is_bounded);
    tcase_add_test(cases, stop_words_are_in_order);
    tcase_add_test(cases, stop_words_are_folded);
    tcase_add_test(cases, stop_words_of_english);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

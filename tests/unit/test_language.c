/* test_language.c - the table of languages, and the language of a text. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <libstemmer.h>
#include <stdlib.h>

#include "weft/text.h"

#include "lib/text/language.h"
#include "banned.h"

START_TEST(codes_and_numbers)
{
    for (int l = 0; l < weft_language_count(); l++) {
        const char *code = weft_language_code(l);
        ck_assert_uint_eq(strlen(code), 2);
        ck_assert_msg(weft_language_find(weft_str_from(code)) == l, "%s", code);
    }
    static const char *const unknown[] = {"", "e", "xx", "EN", "eng", "en-US", "zh", "ja"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        ck_assert_msg(weft_language_find(weft_str_from(unknown[i])) == WEFT_LANGUAGE_OTHER,
                      "%s", unknown[i]);
    ck_assert_str_eq(weft_language_code(WEFT_LANGUAGE_OTHER), "");
    ck_assert_str_eq(weft_language_code(weft_language_count()), "");
}
END_TEST

/* Every language of the table is in libstemmer, and all of libstemmer's but its second
 * English is in the table. */
START_TEST(table_is_libstemmers)
{
    int known = 0;
    for (const char **name = sb_stemmer_list(); *name != NULL; name++) {
        bool found = false;
        for (int l = 0; l < weft_language_count() && !found; l++)
            found = strcmp(language_algorithm(l), *name) == 0;
        known += found;
        ck_assert_msg(found || strcmp(*name, "porter") == 0, "%s", *name);
    }
    ck_assert_int_eq(known, weft_language_count());
}
END_TEST

START_TEST(detection)
{
    static const struct {
        const char *text, *code;
    } rows[] = {
        {"The ministers met at the harbour office in the morning and agreed that talks would resume.",
         "en"},
        {"Министры встретились утром в порту и договорились о том, что переговоры будут продолжены.",
         "ru"},
        {"Die Minister trafen sich am Morgen im Hafenamt und vereinbarten, die Gespräche fortzusetzen.",
         "de"},
        {"Les ministres se sont réunis le matin au bureau du port et ont décidé de reprendre.",
         "fr"},
        {"このデータを検索できるのかな。港の役所で大臣たちが会談しました。明日も続きます。",
         "ja"},
        {"השרים נפגשו בבוקר במשרד הנמל והסכימו שהשיחות יימשכו גם בשבוע הבא", "he"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *code = weft_language_detect(weft_str_from(rows[i].text));
        ck_assert_msg(code != NULL && strcmp(code, rows[i].code) == 0, "'%s': %s",
                      rows[i].text, code == NULL ? "none" : code);
    }
}
END_TEST

START_TEST(no_guess_without_enough_text)
{
    static const char *const rows[] = {
        "", "ok", "Harbour talks", "1234567890 1234567890 1234567890 1234567890 1234567890",
        "!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(weft_language_detect(weft_str_from(rows[i])) == NULL, "'%s'",
                      rows[i]);
    ck_assert_ptr_null(weft_language_detect(weft_str_of(NULL, 0)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("language");
    TCase *cases = tcase_create("language");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, codes_and_numbers);
    tcase_add_test(cases, table_is_libstemmers);
    tcase_add_test(cases, detection);
    tcase_add_test(cases, no_guess_without_enough_text);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* test_fold.c - whole texts folded; the table of characters against ICU's slow way. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "weft/text.h"

#include "lib/text/fold.h"
#include "banned.h"

enum { ROUNDS = 50000, SEED = 7, CHARACTERS = 12 };

static weft_tokenizer *tokenizer;
static folder *folding;

static void setup(void)
{
    weft_error err = {0};
    ck_assert_msg(weft_tokenizer_new(NULL, &tokenizer, &err) == WEFT_OK, "%s", err.text);
    ck_assert_msg(folder_new(tokenizer, &folding, &err) == WEFT_OK, "%s", err.text);
}

static void teardown(void)
{
    talloc_free(tokenizer);
}

START_TEST(whole_texts)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"  ", ""},
        {" Reasonable,  2,3\n", "reasonable, 2,3"},
        {"Müller-Lüdenscheidt", "muller-ludenscheidt"},
        {"\xC2\xA0 Ёлкин\xE3\x80\x80"
         "А. ",
         "елкин а."},
        {"O’Brien O`Brien", "o'brien o'brien"},
        {"Ｆｕｌｌ ＷＩＤＴＨ", "full width"},
        {"STRAẞE", "strasse"},
        {"Йод и\xCC\x86", "йод й"},
        {"👍\xF0\x9F\x8F\xBD ok", "👍 ok"},
        {"\xF0\x9F\x8F\xBD", "\xF0\x9F\x8F\xBD"}, /* a skin tone alone is all there is */
        {"데이터 データ", "데이터 データ"},
        {"ﷺ", "صلى الله عليه وسلم"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        weft_scope void *tmp = talloc_new(NULL);
        weft_error err = {0};
        weft_str got;
        weft_code code = weft_fold(tokenizer, tmp, weft_str_from(rows[i][0]), &got, &err);
        ck_assert_msg(code == WEFT_OK, "'%s': %s", rows[i][0], err.text);
        ck_assert_msg(weft_str_is(got, rows[i][1]), "'%s': got '%" WEFT_STR_FMT "'",
                      rows[i][0], WEFT_STR_ARG(got));
    }
}
END_TEST

START_TEST(text_of_nothing_but_what_grows)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf b;
    weft_buf_init(&b, tmp, 1 << 20);
    for (int i = 0; i < 1000; i++)
        weft_buf_add_text(&b, "ﷺ");
    weft_error err = {0};
    weft_str got;
    ck_assert_int_eq(weft_fold(tokenizer, tmp, weft_buf_str(&b), &got, &err), WEFT_OK);
    ck_assert_uint_eq(got.n, 1000 * strlen("صلى الله عليه وسلم"));
}
END_TEST

static uint64_t random_state = SEED;

static uint32_t random_below(uint32_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state % n);
}

static size_t append(char *p, uint32_t c)
{
    if (c < 0x80) {
        p[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (char)(0xC0 | c >> 6);
        p[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    p[0] = (char)(0xE0 | c >> 12);
    p[1] = (char)(0x80 | (c >> 6 & 0x3F));
    p[2] = (char)(0x80 | (c & 0x3F));
    return 3;
}

/* Words over all characters with a table entry, now and then a mark or a character without
 * one. */
START_TEST(table_equals_the_slow_way)
{
    static char fast[FOLD_SLACK_BYTES + 256], slow[FOLD_SLACK_BYTES + 256];
    for (int round = 0; round < ROUNDS; round++) {
        char word[CHARACTERS * 3];
        size_t n = 0;
        for (uint32_t left = 1 + random_below(CHARACTERS - 1); left > 0; left--) {
            uint32_t kind = random_below(20);
            uint32_t c = kind == 0   ? 0x300 + random_below(0x70)
                         : kind == 1 ? 0x3041 + random_below(0x56)
                         : kind < 5  ? 'A' + random_below(26)
                                     : 0x80 + random_below(0x530 - 0x80);
            n += append(word + n, c);
        }
        size_t a = folder_word(folding, weft_str_of(word, n), fast);
        size_t b = folder_word_slow(folding, weft_str_of(word, n), slow);
        ck_assert_msg(a == b && memcmp(fast, slow, a) == 0,
                      "seed %d round %d '%.*s': table '%.*s', ICU '%.*s'", SEED, round,
                      (int)n, word, (int)a, fast, (int)b, slow);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fold");
    TCase *cases = tcase_create("fold");
    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, whole_texts);
    tcase_add_test(cases, text_of_nothing_but_what_grows);
    tcase_add_test(cases, table_equals_the_slow_way);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

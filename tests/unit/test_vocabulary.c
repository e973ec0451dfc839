/* test_vocabulary.c - words that begin so or are spelled nearly so, and how many are looked
 * at. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "query/vocabulary.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "shim_test.h"
#include "banned.h"

static index_view view;

/* Add a conversation that says some words. */
static void say(weft_writer *w, const char *name, weft_str *words, size_t count)
{
    weft_term *terms = weft_new_array(mem, weft_term, count + 1);
    terms[0].text = weft_str_from(name);
    for (size_t i = 0; i < count; i++)
        HOLDS(weft_term_make(mem, WEFT_PREFIX_WORD, words[i], &terms[i + 1].text, err));
    weft_document d = {.unique = terms[0].text, .terms = terms, .term_count = count + 1};
    HOLDS(weft_writer_put(w, &d, err));
}

/* Words, apart by spaces, in each of the conversations. */
static void say_all(const char *const *texts, size_t count)
{
    weft_writer *w = writer(true);
    for (size_t i = 0; i < count; i++) {
        weft_str words[64];
        size_t n = 0;
        for (const char *p = texts[i]; *p != '\0';) {
            size_t length = strcspn(p, " ");
            words[n++] = weft_str_of(p, length);
            p += length + (p[length] == ' ');
        }
        say(w, talloc_asprintf(mem, "Qt%zu", i), words, n);
    }
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    view.reader = reader();
}

/* The words found, with their frequencies. */
static const char *list(weft_code code, const vocabulary_list *l)
{
    char *out = talloc_strdup(mem, "");
    ck_assert_int_eq(code, WEFT_OK);
    for (size_t i = 0; i < l->count; i++)
        out = talloc_asprintf_append(out, "%s%" WEFT_STR_FMT "/%u", i == 0 ? "" : " ",
                                     WEFT_STR_ARG(l->words[i].text), l->words[i].frequency);
    return out;
}

static const char *near(const char *word)
{
    vocabulary_list l;
    weft_code code = vocabulary_near(&view, mem, weft_str_from(word), 0, &l, NULL);
    return list(code, &l);
}

static const char *prefix(const char *word)
{
    vocabulary_list l;
    weft_code code = vocabulary_prefix(&view, mem, weft_str_from(word), 0, &l, NULL);
    return list(code, &l);
}

START_TEST(words_are_found)
{
    static const char *const texts[] = {
        "harbour harbours arbour barbour harbor hardener soap soup soups sop oups",
        "soup harbours порт порты опрт борт", "soup soap порты \xE4\xB8\xAD"};
    static const struct {
        const char *word, *near;
    } rows[] = {
        {"soup", "soap/2 sop/1 soups/1"},
        {"soupp", "soup/3 soups/1"},
        {"osup", "soup/3"}, /* the first two swapped */
        {"oup", "soup/3 oups/1"},
        {"zoup", "soup/3"},
        {"harbuor", "harbor/1 harbour/1 harbours/2"},
        {"harbour", "harbours/2 arbour/1 barbour/1 harbor/1"},
        {"порт", "порты/2 борт/1 опрт/1"},
        {"xyz", ""},
        {"", ""},
        {"\xE4\xB8\xAD", ""},
    };
    say_all(texts, 3);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_msg(strcmp(near(rows[i].word), rows[i].near) == 0, "'%s': '%s' not '%s'",
                      rows[i].word, near(rows[i].word), rows[i].near);
    }
    ck_assert_str_eq(prefix("so"), "soup/3 soap/2 sop/1 soups/1");
    ck_assert_str_eq(prefix("harbours"), "harbours/2");
    ck_assert_str_eq(prefix("порт"), "порты/2 порт/1");
    ck_assert_str_eq(prefix("x"), "");
    weft_reader_free(view.reader);
}
END_TEST

/* n words in one conversation: "q?b?defg" with two letters that vary, and one that is nearer to
 * "qabcdefg" and stands last. */
static void say_many(size_t n)
{
    weft_str *words = weft_new_array(mem, weft_str, n);
    for (size_t i = 0; i + 1 < n; i++) {
        char *p = talloc_strdup(mem, "q\xE1..b\xE1..defg");
        const size_t letter[2] = {i / 320, i % 320};
        for (size_t k = 0; k < 2; k++) {
            p[2 + 4 * k] = (char)(unsigned char)(0x88 + letter[k] / 64);
            p[3 + 4 * k] = (char)(unsigned char)(0x80 + letter[k] % 64);
        }
        words[i] = weft_str_from(p);
    }
    words[n - 1] = weft_str_from("q\xF0\x90\x90\xA8"
                                 "bcdefg");
    weft_writer *w = writer(true);
    say(w, "Qt1", words, n);
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    view.reader = reader();
}

START_TEST(neighbours_have_a_limit)
{
    vocabulary_list l;
    say_many(WEFT_NEIGHBOURS_MAX + (size_t)_i);
    HOLDS(vocabulary_near(&view, mem, weft_str_from("qabcdefg"), 0, &l, err));
    ck_assert_uint_eq(l.count, WEFT_SPELLINGS_MAX);
    ck_assert_uint_eq(l.words[0].edits, _i == 0 ? 1 : 2);
    HOLDS(vocabulary_prefix(&view, mem, weft_str_from("q"), 0, &l, err));
    ck_assert(l.count == WEFT_EXPANSIONS_MAX && l.cut);
    weft_reader_free(view.reader);
}
END_TEST

/* n words near "tonaez": "tonea" to "tonez", then "tonaea" and on. */
static void say_tones(size_t n)
{
    char text[64 * 8] = "";
    const char *const texts[] = {text};
    for (size_t i = 0; i < n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%ston%se%c",
                 i == 0 ? "" : " ", i < 26 ? "" : "a", (int)('a' + i % 26));
    say_all(texts, 1);
}

START_TEST(spellings_have_a_limit)
{
    vocabulary_list l;
    say_tones(WEFT_SPELLINGS_MAX + (size_t)_i);
    HOLDS(vocabulary_near(&view, mem, weft_str_from("tonaez"), 0, &l, err));
    ck_assert_uint_eq(l.count, WEFT_SPELLINGS_MAX);
    weft_reader_free(view.reader);
}
END_TEST

START_TEST(prefixes_have_a_limit)
{
    vocabulary_list l;
    const size_t n = WEFT_EXPANSIONS_MAX + (size_t)_i;
    weft_str *words = weft_new_array(mem, weft_str, n);
    for (size_t i = 0; i < n; i++)
        words[i] = weft_str_from(talloc_asprintf(mem, "q%04zu", i));
    weft_writer *w = writer(true);
    say(w, "Qt1", words, n);
    say(w, "Qt2", words + n - 1, 1);
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    view.reader = reader();
    HOLDS(vocabulary_prefix(&view, mem, weft_str_from("q"), 0, &l, err));
    ck_assert_uint_eq(l.count, WEFT_EXPANSIONS_MAX);
    ck_assert_int_eq(l.cut, _i == 1);
    ck_assert(weft_str_eq(l.words[0].text, words[n - 1])); /* said twice */
    ck_assert(weft_str_is(l.words[1].text, "q0000"));
    weft_reader_free(view.reader);
}
END_TEST

START_TEST(deadlines_end_a_walk)
{
    vocabulary_list l;
    say_many(1000);
    HOLDS(vocabulary_near(&view, mem, weft_str_from("qabcdefg"), 1, &l, err));
    ck_assert(l.late && l.count == 0);
    HOLDS(vocabulary_prefix(&view, mem, weft_str_from("q"), 1, &l, err));
    ck_assert(l.late && l.count == 0);
    HOLDS(vocabulary_prefix(&view, mem, weft_str_from("q"), INT64_MAX, &l, err));
    ck_assert(!l.late && l.count == 1000);
    weft_reader_free(view.reader);
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
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, words_are_found);
    tcase_add_loop_test(t, neighbours_have_a_limit, 0, 2);
    tcase_add_loop_test(t, spellings_have_a_limit, 0, 2);
    tcase_add_loop_test(t, prefixes_have_a_limit, 0, 2);
    tcase_add_test(t, deadlines_end_a_walk);
    tcase_add_test(t, letters_are_told);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* test_complete.c - terms that go on from what was typed, with a slip or without, and how many
 * are looked at. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "query/complete.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "shim_test.h"
#include "banned.h"

enum { WORDS = 600, LETTERS = 6, LONGEST = 7 };

static index_view view;

static void say(weft_writer *w, const char *name, const weft_str *words, size_t count)
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

static complete_options options(const char *typed, size_t limit)
{
    return (complete_options){.prefix = WEFT_PREFIX_WORD,
                              .typed = weft_str_from(typed),
                              .limit = limit,
                              .words = true};
}

static const char *list(const completion_list *l)
{
    char *out = talloc_strdup(mem, "");
    for (size_t i = 0; i < l->count; i++)
        out = talloc_asprintf_append(out, "%s%" WEFT_STR_FMT "/%u", i == 0 ? "" : " ",
                                     WEFT_STR_ARG(l->rows[i].text), l->rows[i].frequency);
    return out;
}

static const char *typed(const char *text, size_t limit)
{
    completion_list l;
    const complete_options o = options(text, limit);
    HOLDS(complete_terms(&view, mem, &o, &l, err));
    return list(&l);
}

static const char *near(const char *text)
{
    completion_list l;
    const complete_options o = options(text, 20);
    HOLDS(complete_near(&view, mem, &o, &l, err));
    return list(&l);
}

START_TEST(beginnings_are_completed)
{
    static const char *const texts[] = {"soup soap the them harbour harm",
                                        "soup the harbour some~0123", "soap soup порт the",
                                        "portal \xE6\xB8\xAF"};
    say_all(texts, 4);
    snprintf(view.settings.lang, sizeof view.settings.lang, "en");
    ck_assert_str_eq(typed("so", 20), "soup/3 soap/2");
    ck_assert_str_eq(typed("so", 1), "soup/3");
    ck_assert_str_eq(typed("soup", 20), "soup/3");
    ck_assert_str_eq(typed("th", 20), ""); /* stop words */
    ck_assert_str_eq(typed("п", 20), "порт/1");
    ck_assert_str_eq(typed("", 20), "");
    ck_assert_str_eq(typed("x", 20), "");
    ck_assert_str_eq(near("habr"), "harbour/2 harm/1");
    ck_assert_str_eq(near("harb"), "harm/1"); /* not what begins so */
    ck_assert_str_eq(near("arbo"), "");       /* the first letter is right */
    ck_assert_str_eq(near("прот"), "порт/1");
    ck_assert_str_eq(near(""), "");
    snprintf(view.settings.lang, sizeof view.settings.lang, "auto");
    ck_assert_str_eq(typed("th", 20), "the/3 them/1");
    weft_reader_free(view.reader);
}
END_TEST

/* Edits between two words, by the whole table. */
static unsigned edits_of(const char *a, size_t n, const char *b, size_t m)
{
    unsigned d[LONGEST + 1][LONGEST + 1];
    for (size_t i = 0; i <= n; i++) {
        for (size_t k = 0; k <= m; k++) {
            d[i][k] = i == 0 ? (unsigned)k : (unsigned)i;
            if (i == 0 || k == 0)
                continue;
            unsigned best = d[i - 1][k - 1] + (a[i - 1] != b[k - 1]);
            best = d[i - 1][k] + 1 < best ? d[i - 1][k] + 1 : best;
            best = d[i][k - 1] + 1 < best ? d[i][k - 1] + 1 : best;
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                best = d[i - 2][k - 2] + 1 < best ? d[i - 2][k - 2] + 1 : best;
            d[i][k] = best;
        }
    }
    return d[n][m];
}

static bool is_near(const char *text, const char *word)
{
    unsigned best = LONGEST;
    for (size_t n = 0; n <= strlen(word); n++) {
        unsigned e = edits_of(text, strlen(text), word, n);
        best = e < best ? e : best;
    }
    return best == 1 && text[0] == word[0];
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Random words of few letters, so that many lie near each other. */
START_TEST(slips_are_those_of_a_table)
{
    char words[WORDS][LONGEST + 1];
    weft_str list_of[WORDS];
    srandom(11);
    for (size_t i = 0; i < WORDS; i++) {
        size_t n = 1 + (size_t)random() % LETTERS;
        for (size_t k = 0; k < n; k++)
            words[i][k] = (char)('b' + random() % 4);
        words[i][n] = '\0';
    }
    qsort(words, WORDS, sizeof words[0], by_bytes);
    size_t count = 0;
    for (size_t i = 0; i < WORDS; i++)
        if (i == 0 || strcmp(words[i], words[i - 1]) != 0)
            list_of[count++] = weft_str_from(words[i]);
    weft_writer *w = writer(true);
    say(w, "Qt1", list_of, count);
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    view.reader = reader();
    for (size_t i = 0; i < count; i++) {
        completion_list l;
        const complete_options o = options(list_of[i].p, WORDS);
        size_t found = 0;
        HOLDS(complete_near(&view, mem, &o, &l, err));
        for (size_t k = 0; k < count; k++) {
            if (!is_near(list_of[i].p, list_of[k].p))
                continue;
            ck_assert_msg(found < l.count && weft_str_eq(l.rows[found].text, list_of[k]),
                          "'%s' lacks '%s'", list_of[i].p, list_of[k].p);
            found++;
        }
        ck_assert_msg(found == l.count, "'%s' has too many", list_of[i].p);
    }
    weft_reader_free(view.reader);
}
END_TEST

START_TEST(terms_looked_at_have_a_limit)
{
    completion_list l;
    const size_t n = WEFT_COMPLETE_TERMS + (size_t)_i;
    weft_str *words = weft_new_array(mem, weft_str, n);
    for (size_t i = 0; i < n; i++)
        words[i] = weft_str_from(talloc_asprintf(mem, "q%06zu", i));
    weft_writer *w = writer(true);
    say(w, "Qt1", words, n);
    say(w, "Qt2", words + n - 1, 1);
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    view.reader = reader();
    const complete_options o = options("q", 2);
    HOLDS(complete_terms(&view, mem, &o, &l, err));
    ck_assert_int_eq(l.partial, _i == 1);
    ck_assert_str_eq(list(&l), _i == 1 ? "q000000/1 q000001/1" : "q199999/2 q000000/1");
    weft_reader_free(view.reader);
}
END_TEST

START_TEST(deadlines_end_a_walk)
{
    completion_list l;
    weft_str *words = weft_new_array(mem, weft_str, 10000);
    for (size_t i = 0; i < 10000; i++)
        words[i] = weft_str_from(talloc_asprintf(mem, "q%06zu", i));
    weft_writer *w = writer(true);
    say(w, "Qt1", words, 10000);
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    view.reader = reader();
    complete_options o = options("q", 20);
    o.deadline_ms = 1;
    HOLDS(complete_terms(&view, mem, &o, &l, err));
    ck_assert(l.partial);
    o.deadline_ms = INT64_MAX;
    HOLDS(complete_terms(&view, mem, &o, &l, err));
    ck_assert(!l.partial);
    weft_reader_free(view.reader);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("complete");
    TCase *t = tcase_create("complete");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, beginnings_are_completed);
    tcase_add_test(t, slips_are_those_of_a_table);
    tcase_add_loop_test(t, terms_looked_at_have_a_limit, 0, 2);
    tcase_add_test(t, deadlines_end_a_walk);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

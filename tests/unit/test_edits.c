/* test_edits.c - edits between words, one by one and in order. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "query/edits.h"
#include "banned.h"

enum { WORDS = 4000, LENGTH_MAX = 8, PLACE = 64 };

static unsigned distance(const char *a, const char *b, unsigned most)
{
    letters ours;
    edits e;
    bool dead;
    ck_assert(letters_read(weft_str_from(a), &ours));
    edits_begin(&e, &ours, most);
    return edits_to(&e, weft_str_from(b), &dead);
}

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
        {"a", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", 2, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_msg(distance(rows[i].a, rows[i].b, rows[i].most) == rows[i].edits,
                      "'%s' '%s': %u", rows[i].a, rows[i].b,
                      distance(rows[i].a, rows[i].b, rows[i].most));
        if (strlen(rows[i].b) <= EDITS_LETTERS_MAX)
            ck_assert_msg(distance(rows[i].b, rows[i].a, rows[i].most) == rows[i].edits,
                          "'%s' '%s'", rows[i].b, rows[i].a);
    }
}
END_TEST

START_TEST(words_have_a_limit)
{
    char word[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmno"; /* 41 letters */
    letters l;
    ck_assert(!letters_read(weft_str_from(word), &l));
    ck_assert(!letters_read(weft_str_from("\xff"), &l));
    word[40] = '\0';
    ck_assert(letters_read(weft_str_from(word), &l));
    ck_assert_uint_eq(l.count, EDITS_LETTERS_MAX);
    for (unsigned most = 0; most <= EDITS_MAX; most++) {
        ck_assert_uint_eq(distance(word, word, most), 0);
        ck_assert_uint_eq(distance(word, "\xff\xff\xff\xff\xff\xff", most), most + 1);
    }
}
END_TEST

static int in_order(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Letters of one, two, three and four bytes, so that the order of bytes counts. */
static void random_words(char words[][4 * LENGTH_MAX + 1], size_t count, unsigned seed)
{
    static const char *const alphabet[] = {
        "a", "b", "c", "\xC3\xA9", "\xD0\xB6", "\xE1\x88\x88", "\xF0\x90\x90\xA8"};
    srand(seed);
    for (size_t i = 0; i < count; i++) {
        size_t n = 0, letters_wanted = 1 + (size_t)rand() % LENGTH_MAX;
        for (size_t k = 0; k < letters_wanted; k++) {
            const char *letter = alphabet[rand() % 7];
            memcpy(words[i] + n, letter, strlen(letter));
            n += strlen(letter);
        }
        words[i][n] = '\0';
    }
}

/* Words given in order count as words given alone, and those that are passed over are none
 * of those that are near. */
START_TEST(order_helps_and_changes_nothing)
{
    static char words[WORDS][4 * LENGTH_MAX + 1];
    random_words(words, WORDS, (unsigned)_i);
    for (size_t round = 0; round < 10; round++) {
        char ours[4 * LENGTH_MAX + 1], place[PLACE];
        memcpy(ours, words[(size_t)rand() % WORDS], sizeof ours);
        qsort(words, WORDS, sizeof words[0], in_order);
        const unsigned most = (unsigned)round % 3;
        size_t near = 0, found = 0, looked_at = 0;
        for (size_t i = 0; i < WORDS; i++)
            near += distance(ours, words[i], most) <= most;
        letters l;
        edits e;
        ck_assert(letters_read(weft_str_from(ours), &l));
        edits_begin(&e, &l, most);
        for (size_t i = 0; i < WORDS; looked_at++) {
            bool dead;
            const weft_str word = weft_str_from(words[i]);
            const unsigned n = edits_to(&e, word, &dead);
            ck_assert_msg(n == distance(ours, words[i], most), "seed %d: '%s' '%s'", _i,
                          ours, words[i]);
            found += n <= most;
            i++;
            const weft_str next = dead ? edits_next(&e, word, place) : word;
            if (dead && next.n == 0)
                break;
            ck_assert(!dead || weft_str_cmp(next, word) > 0);
            while (dead && i < WORDS && weft_str_cmp(weft_str_from(words[i]), next) < 0)
                i++;
        }
        ck_assert_msg(found == near, "seed %d: '%s' %zu of %zu", _i, ours, found, near);
        ck_assert(most > 0 || looked_at < WORDS / 10);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("edits");
    TCase *t = tcase_create("edits");
    tcase_add_test(t, edits_are_counted);
    tcase_add_test(t, words_have_a_limit);
    tcase_add_loop_test(t, order_helps_and_changes_nothing, 0, 10);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

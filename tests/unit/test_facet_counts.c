/* test_facet_counts.c - values counted by key, the most frequent first, as they are mostly
 * spelt. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/facet_counts.h"
#include "weft/mem.h"
#include "banned.h"

enum { VALUES = 1000, BEST = 3 };

static void add(facet_counts *c, const char *key, const char *spelling, uint32_t times)
{
    ck_assert_int_eq(
        facet_counts_add(c, weft_str_from(key), weft_str_from(spelling), times, NULL),
        WEFT_OK);
}

static void check_value(const facet_value *v, const char *key, uint32_t count)
{
    ck_assert_msg(weft_str_is(v->key, key), "%.*s instead of %s", (int)v->key.n, v->key.p,
                  key);
    ck_assert_uint_eq(v->count, count);
}

/* v000 once, v001 twice and so on, in two rounds, so that the table grows between. */
START_TEST(many_values)
{
    weft_scope void *mem = talloc_new(NULL);
    static char names[VALUES][8];
    facet_counts c = {.mem = mem};
    const facet_value *best[BEST];
    for (uint32_t i = 0; i < 2 * VALUES; i++) {
        char *name = names[i % VALUES];
        snprintf(name, sizeof names[0], "v%03u", i % VALUES);
        add(&c, name, name, i < VALUES ? i : 1);
    }
    ck_assert_uint_eq(c.count, VALUES);
    ck_assert_uint_eq(facet_counts_best(&c, best, BEST), BEST);
    check_value(best[0], "v999", 1000);
    check_value(best[1], "v998", 999);
    check_value(best[2], "v997", 998);
    facet_counts_clear(&c);
    ck_assert_uint_eq(facet_counts_best(&c, best, BEST), 0);
    add(&c, "v998", "v998", 7);
    ck_assert_uint_eq(facet_counts_best(&c, best, BEST), 1);
    check_value(best[0], "v998", 7);
}
END_TEST

START_TEST(one_count)
{
    weft_scope void *mem = talloc_new(NULL);
    facet_counts c = {.mem = mem};
    const facet_value *best[BEST];
    const char *const names[] = {"d", "b", "e", "a", "c"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        add(&c, names[i], names[i], 5);
    ck_assert_uint_eq(facet_counts_best(&c, best, BEST), BEST);
    check_value(best[0], "a", 5);
    check_value(best[1], "b", 5);
    check_value(best[2], "c", 5);
}
END_TEST

START_TEST(spellings)
{
    weft_scope void *mem = talloc_new(NULL);
    facet_counts c = {.mem = mem};
    const facet_value *best[BEST];
    add(&c, "green", "green", 2);
    add(&c, "green", "GREEN", 1);
    add(&c, "green", "Green", 3);
    add(&c, "green", "GREEN", 2);
    add(&c, "red", "red", 1);
    ck_assert_uint_eq(facet_counts_best(&c, best, BEST), 2);
    check_value(best[0], "green", 8);
    ck_assert(weft_str_is(facet_value_spelling(best[0]), "GREEN"));
    add(&c, "green", "Green", 1);
    ck_assert(weft_str_is(facet_value_spelling(best[0]), "Green"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("facet_counts");
    TCase *t = tcase_create("facet_counts");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, many_values);
    tcase_add_test(t, one_count);
    tcase_add_test(t, spellings);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

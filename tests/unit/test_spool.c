/* test_spool.c - which record of an id stands, and which thread it stands in. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "spool.h"
#include "banned.h"

static void *mem;
static spool *s;
static weft_error err;

static void set_up(void)
{
    mem = talloc_new(NULL);
    err = (weft_error){0};
    ck_assert_int_eq(spool_new(mem, ".", &s, &err), WEFT_OK);
}

static void tear_down(void)
{
    talloc_free(mem);
}

static void add(weft_type type, const char *id, const char *article)
{
    weft_record r = {.type = type, .id = id, .article = article};
    r.published_s = WEFT_DATE_UNKNOWN;
    ck_assert_int_eq(spool_add(s, &r, &err), WEFT_OK);
}

/* Articles and comments that share short numbers as ids are all different documents: for the
 * seed of the hash is random, a few runs. */
START_TEST(short_ids_do_not_collide)
{
    enum { COMMENTS = 8000, THREADS = 2000, FIRST = 15000 };
    char id[16], article[16];
    uint64_t duplicates = 1;
    size_t count = 1, total = 0, threads = 0;
    spool_entry *entries;
    for (int i = 0; i < THREADS; i++) {
        snprintf(id, sizeof id, "%d", FIRST + i);
        add(WEFT_ARTICLE, id, NULL);
    }
    for (int i = 0; i < COMMENTS; i++) {
        snprintf(id, sizeof id, "%d", FIRST + 20002 + i);
        snprintf(article, sizeof article, "%d", FIRST + i % THREADS);
        add(WEFT_COMMENT, id, article);
    }
    ck_assert_int_eq(spool_finish(s, &duplicates, &err), WEFT_OK);
    ck_assert_uint_eq(duplicates, 0);
    while (count > 0) {
        weft_scope void *tmp = talloc_new(NULL);
        ck_assert_int_eq(spool_next(s, tmp, &entries, &count, &err), WEFT_OK);
        ck_assert(count == 0 || count == 1 + COMMENTS / THREADS);
        threads += count > 0;
        total += count;
    }
    ck_assert_uint_eq(threads, THREADS);
    ck_assert_uint_eq(total, THREADS + COMMENTS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spool");
    TCase *tc = tcase_create("spool");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, short_ids_do_not_collide, 0, 4);
    suite_add_tcase(suite, tc);
    SRunner *sr = srunner_create(suite);
    srunner_run_all(sr, CK_ENV);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

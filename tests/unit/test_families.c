/* test_families.c - levels, orphans and duplicates of an input, by its ids. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "families.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static weft_error err;

/* "c2<c1" is a comment and its parent, "c1" one at the top, "c1<?0" one whose parent is a
 * marker, ":a" an article. */
static void add(families *f, weft_str word)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_record r = {.type = WEFT_COMMENT};
    const char *mark = memchr(word.p, '<', word.n);
    weft_str id = mark == NULL ? word : weft_str_of(word.p, (size_t)(mark - word.p));
    if (word.p[0] == ':') {
        r.type = WEFT_ARTICLE;
        id = weft_str_of(word.p + 1, word.n - 1);
    }
    r.id = weft_str_dup(tmp, id);
    if (mark != NULL) {
        weft_str parent = weft_str_of(mark + 1, word.n - id.n - 1);
        r.parent_is_marker = parent.p[0] == '?';
        if (r.parent_is_marker)
            parent = weft_str_of(parent.p + 1, parent.n - 1);
        r.parent = weft_str_dup(tmp, parent);
    }
    ck_assert_int_eq(families_add(f, &r, &err), WEFT_OK);
}

static const struct {
    const char *words;
    uint64_t levels, orphans, duplicates;
} rows[] = {
    {"", 0, 0, 0},
    {":a", 0, 0, 0},
    {":a c1", 1, 0, 0},
    {":a c1 c2<c1 c3<c2 c4<c1", 3, 0, 0},
    {"c3<c2 c2<c1 c1", 3, 0, 0},
    {"c2<c1", 1, 1, 0},
    {"c3<c2 c2<c1", 2, 1, 0},
    {"c2<?0 c3<c2", 2, 0, 0},
    {"c2<?0 0", 2, 0, 0},
    {"c1 c1 c2<c1", 2, 0, 1},
    {":x x", 1, 0, 0},
    {":a :a c2<a", 1, 1, 1},
    {"c2<x c2<x", 1, 1, 1},
    {"c1<c1", 1, 0, 0},
    {"c1<c2 c2<c1", 2, 0, 0},
    {"c1<c3 c2<c1 c3<c2 c4<c3", 3, 0, 0},
};

START_TEST(figures)
{
    families f = {.mem = talloc_new(NULL)};
    family_counts n;
    weft_str rest = weft_str_from(rows[_i].words);
    while (rest.n > 0) {
        const char *space = memchr(rest.p, ' ', rest.n);
        size_t length = space == NULL ? rest.n : (size_t)(space - rest.p);
        add(&f, weft_str_of(rest.p, length));
        length += space == NULL ? 0 : 1;
        rest = weft_str_of(rest.p + length, rest.n - length);
    }
    ck_assert_int_eq(families_count(&f, &n, &err), WEFT_OK);
    ck_assert_msg(n.levels == rows[_i].levels && n.orphans == rows[_i].orphans &&
                      n.duplicates == rows[_i].duplicates,
                  "'%s': %d levels, %d orphans, %d duplicates", rows[_i].words,
                  (int)n.levels, (int)n.orphans, (int)n.duplicates);
    talloc_free(f.mem);
}
END_TEST

/* A chain of as many as are kept, then one more. */
START_TEST(there_is_a_limit)
{
    families f = {.mem = talloc_new(NULL)};
    family_counts n;
    char id[16], parent[16] = "";
    weft_record r = {.type = WEFT_COMMENT, .id = id};
    for (int i = 0; i < WEFT_SUMMARY_IDS_MAX; i++) {
        snprintf(id, sizeof id, "%d", i);
        ck_assert_int_eq(families_add(&f, &r, &err), WEFT_OK);
        memcpy(parent, id, sizeof id);
        r.parent = parent;
    }
    ck_assert(!f.over);
    ck_assert_int_eq(families_count(&f, &n, &err), WEFT_OK);
    ck_assert_uint_eq(n.levels, WEFT_SUMMARY_IDS_MAX);
    ck_assert_uint_eq(n.orphans + n.duplicates, 0);
    ck_assert_int_eq(families_add(&f, &r, &err), WEFT_OK);
    ck_assert(f.over);
    ck_assert_uint_eq(f.count, 0);
    ck_assert_int_eq(families_add(&f, &r, &err), WEFT_OK);
    talloc_free(f.mem);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("families");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, figures, 0, (int)COUNT(rows));
    tcase_add_test(t, there_is_a_limit);
    Suite *s = suite_create("families");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

/* test_content.c - everything a generation holds, as walked over, and whether another holds the
 * same. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>

#include "weft/check.h"
#include "shim_test.h"
#include "banned.h"

enum { ROWS = 6 };

/* A generation; each spoilt > 0 differs from it in one thing. */
static void fill(const char *at, int spoilt)
{
    weft_writer *w = NULL;
    weft_term terms[] = {{{"Qa1", 3}, 0}, {{"zoo", 3}, spoilt == 1 ? 3 : 2}};
    weft_value values[] = {{0, {"a", 1}}, {spoilt == 2 ? 6 : 5, {"b", 1}}};
    weft_document d = {{"Qa1", 3}, terms, 2, values, 2, {spoilt == 3 ? "x" : "y", 1}};
    weft_term more[] = {{{"Qa2", 3}, 0}, {{"zoo", 3}, 1}};
    weft_document second = {{"Qa2", 3}, more, 2, NULL, 0, {"z", 1}};
    HOLDS(weft_writer_open(at, true, &w, err));
    HOLDS(weft_writer_put(w, &d, err));
    if (spoilt != 4)
        HOLDS(weft_writer_put(w, &second, err));
    HOLDS(weft_writer_set_metadata(w, "key", weft_str_from(spoilt == 5 ? "1" : "2"), err));
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
}

START_TEST(each_difference_is_told)
{
    weft_error why = {0};
    char *other = talloc_asprintf(mem, "%s/other", folder);
    fill(path, 0);
    fill(other, _i);
    ck_assert_int_eq(weft_index_same(path, other, &why), _i == 0 ? WEFT_OK : WEFT_ECORRUPT);
    ck_assert_int_eq(weft_index_same(other, path, NULL), _i == 0 ? WEFT_OK : WEFT_ECORRUPT);
    if (_i > 0)
        ck_assert_ptr_nonnull(strstr(why.text, _i == 5 ? "metadata" : "documents"));
    HOLDS(files_remove_dir(other, err));
}
END_TEST

static weft_code say_metadata(void *of, const char *key, weft_str value, weft_error *why)
{
    (void)why;
    weft_buf_addf(of, "%s=%" WEFT_STR_FMT "\n", key, WEFT_STR_ARG(value));
    return WEFT_OK;
}

static weft_code say_document(void *of, uint32_t docid, const weft_document *d,
                              weft_error *why)
{
    weft_buf_addf(of, "%u:", (unsigned)docid);
    for (size_t i = 0; i < d->term_count; i++)
        weft_buf_addf(of, " %" WEFT_STR_FMT "/%u", WEFT_STR_ARG(d->terms[i].text),
                      (unsigned)d->terms[i].wdf);
    for (size_t i = 0; i < d->value_count; i++)
        weft_buf_addf(of, " %u=%" WEFT_STR_FMT, (unsigned)d->values[i].slot,
                      WEFT_STR_ARG(d->values[i].bytes));
    weft_buf_addf(of, " %" WEFT_STR_FMT "\n", WEFT_STR_ARG(d->stored));
    return docid == 2 ? weft_fail(why, WEFT_ELIMIT, "enough") : WEFT_OK;
}

START_TEST(all_is_walked_over_until_a_visit_fails)
{
    weft_buf b;
    weft_error why = {0};
    weft_buf_init(&b, mem, 1 << 16);
    weft_content_walk walk = {say_metadata, say_document, &b};
    fill(path, 0);
    weft_reader *r = reader();
    ck_assert_int_eq(weft_reader_walk_content(r, &walk, &why), WEFT_ELIMIT);
    ck_assert_str_eq(why.text, "enough");
    ck_assert_str_eq(b.p, "key=2\n1: Qa1/0 zoo/2 0=a 5=b y\n2: Qa2/0 zoo/1 z\n");
    weft_reader_free(r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("content");
    TCase *c = tcase_create("content");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_loop_test(c, each_difference_is_told, 0, ROWS);
    tcase_add_test(c, all_is_walked_over_until_a_visit_fails);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

/* test_record_finish.c - what a reader found, made a record. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "weft/record.h"
#include "banned.h"

static weft_record *finish(void *mem, const weft_record *raw, const char *prefix,
                           weft_record_counts *counts)
{
    weft_record *r = NULL;
    weft_error err = {0};
    const weft_record_options options = {.id_prefix = prefix};
    ck_assert_int_eq(weft_record_finish(mem, raw, &options, counts, &r, &err), WEFT_OK);
    return r;
}

START_TEST(texts_become_one_line_and_the_body_keeps_its_own)
{
    void *mem = talloc_new(NULL);
    const weft_record raw = {.type = WEFT_ARTICLE,
                             .id = "7",
                             .title = " A\n\ttitle  of two ",
                             .author = " \r\n ",
                             .section = "",
                             .body = " one\n\n two "};
    const weft_record *r = finish(mem, &raw, NULL, NULL);
    ck_assert_str_eq(r->title, "A title of two");
    ck_assert_ptr_null(r->author);
    ck_assert_ptr_null(r->section);
    ck_assert_str_eq(r->body, " one\n\n two ");
    talloc_free(mem);
}
END_TEST

START_TEST(bad_bytes_are_replaced_and_counted_once_a_record)
{
    void *mem = talloc_new(NULL);
    weft_record_counts counts = {0};
    const char *tags[] = {"x\xff", " ", "y"};
    const weft_record raw = {.type = WEFT_ARTICLE,
                             .id = "7",
                             .title = "a\xff"
                                      "b",
                             .body = "c\xfe",
                             .tags = tags,
                             .tag_count = 3};
    const weft_record *r = finish(mem, &raw, NULL, &counts);
    ck_assert_str_eq(r->title, "a\xEF\xBF\xBD"
                               "b");
    ck_assert_uint_eq(r->tag_count, 2);
    ck_assert_str_eq(r->tags[1], "y");
    ck_assert_uint_eq(counts.repaired, 1);
    talloc_free(mem);
}
END_TEST

START_TEST(ids_take_the_prefix_and_a_marker_is_known_before_it)
{
    void *mem = talloc_new(NULL);
    weft_record raw = {.type = WEFT_COMMENT, .id = "1", .article = "a", .parent = "0"};
    const weft_record *r = finish(mem, &raw, "s-", NULL);
    ck_assert_str_eq(r->id, "s-1");
    ck_assert_str_eq(r->article, "s-a");
    ck_assert_str_eq(r->parent, "s-0");
    ck_assert(r->parent_is_marker);
    raw.parent = "";
    r = finish(mem, &raw, "s-", NULL);
    ck_assert_ptr_null(r->parent);
    ck_assert(!r->parent_is_marker);
    raw.parent = "5";
    ck_assert(!finish(mem, &raw, "s-", NULL)->parent_is_marker);
    talloc_free(mem);
}
END_TEST

START_TEST(a_control_character_in_an_id_is_left_for_the_check)
{
    void *mem = talloc_new(NULL);
    weft_error err = {0};
    const weft_record raw = {.type = WEFT_ARTICLE, .id = "a\tb"};
    ck_assert_int_eq(weft_record_check(finish(mem, &raw, NULL, NULL), &err), WEFT_ESYNTAX);
    talloc_free(mem);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("record_finish");
    TCase *c = tcase_create("record_finish");
    tcase_add_test(c, texts_become_one_line_and_the_body_keeps_its_own);
    tcase_add_test(c, bad_bytes_are_replaced_and_counted_once_a_record);
    tcase_add_test(c, ids_take_the_prefix_and_a_marker_is_known_before_it);
    tcase_add_test(c, a_control_character_in_an_id_is_left_for_the_check);
    suite_add_tcase(s, c);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* test_query_limits.c - what the query parser refuses, and how deep and long a query may
 * be. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "query/parse.h"
#include "weft/mem.h"
#include "banned.h"

static const query_options at_noon = {
    .tz = NULL, .now_s = INT64_C(1368532800)}; /* 2013-05-14T12:00:00Z, a Tuesday */

static query *must_parse(void *mem, const char *text)
{
    query *q = NULL;
    weft_error err = {0};
    weft_code code = query_parse(mem, weft_str_from(text), &at_noon, &q, &err);
    ck_assert_msg(code == WEFT_OK, "'%s': %s", text, err.text);
    return q;
}

static const char *printed(void *mem, const query *q)
{
    weft_buf out;
    weft_error err = {0};
    weft_buf_init(&out, mem, 64 * 1024);
    ck_assert_msg(query_print(mem, q, &out, &err) == WEFT_OK, "%s", err.text);
    return out.p;
}

static void expect_failure(const char *text, weft_code want, size_t at, const char *message)
{
    weft_scope void *tmp = talloc_new(NULL);
    query *q = NULL;
    weft_error err = {0};
    weft_code code = query_parse(tmp, weft_str_from(text), &at_noon, &q, &err);
    ck_assert_msg(code == want, "'%.60s': code %d, want %d", text, (int)code, (int)want);
    ck_assert_msg(err.has_at && err.at == at, "'%.60s': at %zu, want %zu", text, err.at,
                  at);
    ck_assert_msg(strcmp(err.text, message) == 0, "'%.60s': '%s', want '%s'", text,
                  err.text, message);
    ck_assert_ptr_null(q);
}

START_TEST(refusals)
{
    expect_failure("s*", WEFT_ESYNTAX, 0, "prefix 's*' has under 3 letters");
    expect_failure("x so*", WEFT_ESYNTAX, 2, "prefix 'so*' has under 3 letters");
    expect_failure("soup-d*", WEFT_ESYNTAX, 0, "prefix 'soup-d*' has under 3 letters");
    expect_failure("\xd0\xbc\xd0\xbe*", WEFT_ESYNTAX, 0,
                   "prefix '\xd0\xbc\xd0\xbe*' has under 3 letters");
    expect_failure("x date:2013-06..2013-05", WEFT_ESYNTAX, 2,
                   "range 'date:2013-06..2013-05' ends before it begins");
    expect_failure("score:5..4", WEFT_ESYNTAX, 0,
                   "range 'score:5..4' ends before it begins");
}
END_TEST

START_TEST(bad_zone_is_refused)
{
    weft_scope void *tmp = talloc_new(NULL);
    query *q = NULL;
    weft_error err = {0};
    query_options o = {.tz = "Mars/Olympus", .now_s = 0};
    ck_assert_int_eq(query_parse(tmp, weft_str_from("soup"), &o, &q, &err), WEFT_ESYNTAX);
    ck_assert(err.has_at);
    ck_assert_str_eq(err.text, "no time zone 'Mars/Olympus'");
    o.tz = "Europe/Berlin";
    ck_assert_int_eq(query_parse(tmp, weft_str_from("soup"), &o, &q, NULL), WEFT_OK);
}
END_TEST

/* n times the unit. */
static char *many(void *mem, const char *unit, size_t n)
{
    size_t length = strlen(unit);
    char *text = weft_new_array(mem, char, n *length + 1);
    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < n; i++)
        memcpy(text + i * length, unit, length);
    return text;
}

START_TEST(limits)
{
    weft_scope void *tmp = talloc_new(NULL);
    ck_assert_uint_eq(must_parse(tmp, many(tmp, "x ", 64))->clauses, 64);
    expect_failure(many(tmp, "x ", 65), WEFT_ELIMIT, 128, "query over 64 clauses");
    ck_assert_uint_eq(
        must_parse(tmp, "a NEAR/2 b NEAR/2 \"c d\" thread:(e -f) () reply-to:g")->clauses,
        6);

    char *phrase = talloc_asprintf(tmp, "\"%s\"", many(tmp, "x ", 32));
    must_parse(tmp, phrase);
    phrase = talloc_asprintf(tmp, "a \"%s\"", many(tmp, "x ", 33));
    expect_failure(phrase, WEFT_ELIMIT, 2, "phrase over 32 words");
    phrase = talloc_asprintf(tmp, "title:\"%s\"", many(tmp, "x ", 33));
    expect_failure(phrase, WEFT_ELIMIT, 6, "phrase over 32 words");
    must_parse(tmp, talloc_asprintf(tmp, "author:\"%s\"", many(tmp, "x ", 33)));

    must_parse(tmp, many(tmp, "(", 16));
    expect_failure(many(tmp, "(", 17), WEFT_ELIMIT, 16, "brackets nested over 16 deep");
    expect_failure(talloc_asprintf(tmp, "%sx", many(tmp, "thread:(", 17)), WEFT_ELIMIT, 135,
                   "brackets nested over 16 deep");
    must_parse(tmp, many(tmp, "(a) ", 40));
    must_parse(tmp, talloc_asprintf(tmp, "%sthread:a", many(tmp, "(", 16)));

    char *word = many(tmp, "x", 1024);
    must_parse(tmp, word);
    expect_failure(many(tmp, "x", 1025), WEFT_ELIMIT, 1024, "query over 1024 bytes");
}
END_TEST

START_TEST(huge_queries_are_refused) /* case 075 */
{
    weft_scope void *tmp = talloc_new(NULL);
    static const char *const units[] = {
        "x OR ", "(", "(a OR (b AND NOT ", "\"", "a:", "-", "NOT "};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        expect_failure(many(tmp, units[i], 100000), WEFT_ELIMIT, 1024,
                       "query over 1024 bytes");
}
END_TEST

/* The deepest tree there is must fit the stack that walkers keep. */
START_TEST(deepest_tree_prints)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *text = talloc_strdup(tmp, "");
    for (int i = 0; i < WEFT_QUERY_NESTING_MAX; i++)
        text = talloc_strdup_append_buffer(text, "a OR b -thread:(");
    text = talloc_strdup_append_buffer(text, "a OR b -c");
    const char *tree = printed(tmp, must_parse(tmp, text));
    ck_assert_str_eq(tree + strlen(tree) - 20,
                     "))))))))))))))))))))" /* 17 ORs and 17 ANDs close together */);
    ck_assert_ptr_nonnull(strstr(tree, "(a OR (b AND NOT c))"));
}
END_TEST

START_TEST(warnings_are_capped)
{
    weft_scope void *tmp = talloc_new(NULL);
    query *q = must_parse(tmp, many(tmp, "()", 500));
    ck_assert_uint_eq(q->warning_count, QUERY_WARNINGS_MAX);
    ck_assert_str_eq(q->warnings[QUERY_WARNINGS_MAX - 1].message, "no searchable words");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("query_limits");
    TCase *t = tcase_create("limits");
    tcase_add_test(t, refusals);
    tcase_add_test(t, bad_zone_is_refused);
    tcase_add_test(t, limits);
    tcase_add_test(t, huge_queries_are_refused);
    tcase_add_test(t, deepest_tree_prints);
    tcase_add_test(t, warnings_are_capped);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_SILENT);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

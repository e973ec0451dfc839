/* test_client_reply.c - reading replies of a server that may be newer, older or broken. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "client/reply.h"
#include "banned.h"

static const struct row {
    const char *line;
    weft_code code;
    int exit_status;
    const char *text;
} replies[] = {
    {"{\"ok\":true}", WEFT_OK, 0, ""},
    {"{\"ok\":false,\"error\":{\"code\":\"bad_query\",\"message\":\"no\"}}", WEFT_ESYNTAX,
     2, "no"},
    {"{\"ok\":false,\"error\":{\"code\":\"bad_request\",\"message\":\"no\"}}", WEFT_EUSAGE,
     2, "no"},
    {"{\"ok\":false,\"error\":{\"code\":\"limit\",\"message\":\"no\"}}", WEFT_ELIMIT, 2,
     "no"},
    {"{\"ok\":false,\"error\":{\"code\":\"not_found\",\"message\":\"no\"}}", WEFT_ENOTFOUND,
     1, "no"},
    {"{\"ok\":false,\"error\":{\"code\":\"busy\"}}", WEFT_EBUSY, 3, "busy"},
    {"{\"ok\":false,\"error\":{\"code\":\"timeout\",\"message\":\"no\"}}", WEFT_ETIMEOUT, 3,
     "no"},
    {"{\"ok\":false,\"error\":{\"code\":\"changed\",\"message\":\"no\"}}", WEFT_ECHANGED, 3,
     "no"},
    {"{\"ok\":false,\"error\":{\"code\":\"internal\",\"message\":\"no\"}}", WEFT_EINTERNAL,
     3, "no"},
    /* a code of a newer server, and one that would read as success */
    {"{\"ok\":false,\"error\":{\"code\":\"on_holiday\",\"message\":\"no\"}}",
     WEFT_EINTERNAL, 3, "no"},
    {"{\"ok\":false,\"error\":{\"code\":\"ok\",\"message\":\"no\"}}", WEFT_EINTERNAL, 3,
     "no"},
    {"{\"ok\":false}", WEFT_EIO, 3, "the server's reply has no 'ok' and no error code"},
    {"{\"ok\":1}", WEFT_EIO, 3, "the server's reply has no 'ok' and no error code"},
    {"[]", WEFT_EIO, 3, "the server's reply is not a JSON object"},
    {"", WEFT_EIO, 3, "the server's reply is not a JSON object"},
    {"HTTP/1.1 400 Bad Request", WEFT_EIO, 3,
     "the server's reply is not a JSON object: it speaks HTTP there, and weft asks by lines "
     "(--listen)"},
};

START_TEST(replies_have_their_code)
{
    const struct row *r = &replies[_i];
    weft_error err = {0};
    json_t *reply;
    weft_code code = reply_parse(weft_str_from(r->line), &reply, &err);
    ck_assert_msg(code == r->code, "%s: %s", r->line, weft_code_name(code));
    ck_assert_msg(weft_code_exit(code) == r->exit_status, "%s: exit %d", r->line,
                  weft_code_exit(code));
    ck_assert_msg(strcmp(err.text, r->text) == 0, "%s: '%s'", r->line, err.text);
    json_decref(reply);
}
END_TEST

START_TEST(position_of_an_error)
{
    weft_error err = {0};
    json_t *reply;
    weft_str line = weft_str_from(
        "{\"ok\":false,\"error\":{\"code\":\"bad_query\",\"message\":\"m\",\"at\":8}}");
    ck_assert_int_eq(reply_parse(line, &reply, &err), WEFT_ESYNTAX);
    ck_assert(err.has_at);
    ck_assert_uint_eq(err.at, 8);
    json_decref(reply);
}
END_TEST

static const struct date_row {
    const char *json;
    const char *date;
} dates[] = {
    {"{\"date\":\"2013-05-03T11:57:00Z\"}", "2013-05-03 11:57"},
    {"{\"date\":\"2013-05-03\"}", "2013-05-03"},
    {"{\"date\":\"2013-05-03Tab:cd:00Z\"}", "2013-05-03Tab:cd:00Z"},
    {"{\"date\":\"a date of more than thirty-one bytes\"}",
     "a date of more than thirty-one "},
    {"{\"date\":1367582220}", ""},
    {"{}", ""},
};

START_TEST(dates_are_short)
{
    json_t *o = json_loads(dates[_i].json, 0, NULL);
    char date[REPLY_DATE_MAX];
    reply_date(o, "date", date);
    ck_assert_str_eq(date, dates[_i].date);
    json_decref(o);
}
END_TEST

START_TEST(marks_that_do_not_ascend_are_left_out)
{
    weft_scope void *mem = talloc_new(NULL);
    json_t *o =
        json_loads("{\"m\":[[1,3],[2,4],[5,5],[-1,9],\"x\",[7],[8,9],[3,4]]}", 0, NULL);
    size_t count;
    cell_mark *marks = reply_marks(mem, o, "m", &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(marks[0].start, 1);
    ck_assert_uint_eq(marks[0].end, 3);
    ck_assert_uint_eq(marks[1].start, 8);
    ck_assert_uint_eq(marks[1].end, 9);
    ck_assert_ptr_null(reply_marks(mem, o, "none", &count));
    ck_assert_uint_eq(count, 0);
    json_decref(o);
}
END_TEST

START_TEST(keys_may_be_missing_or_of_another_type)
{
    json_t *o = json_loads("{\"a\":1,\"b\":\"x\",\"c\":\"true\"}", 0, NULL);
    ck_assert_uint_eq(reply_text(o, "a").n, 0);
    ck_assert_uint_eq(reply_text(NULL, "a").n, 0);
    ck_assert_int_eq(reply_number(o, "b"), 0);
    ck_assert(!reply_true(o, "c"));
    json_decref(o);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("reply");
    TCase *t = tcase_create("reply");
    tcase_add_loop_test(t, replies_have_their_code, 0, sizeof replies / sizeof replies[0]);
    tcase_add_test(t, position_of_an_error);
    tcase_add_loop_test(t, dates_are_short, 0, sizeof dates / sizeof dates[0]);
    tcase_add_test(t, marks_that_do_not_ascend_are_left_out);
    tcase_add_test(t, keys_may_be_missing_or_of_another_type);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

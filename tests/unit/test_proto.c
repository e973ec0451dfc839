/* test_proto.c - request lines of both forms, error replies, addresses. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/proto.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

typedef struct row {
    const char *line;
    const char *keys; /* the keys as JSON, in order */
    const char *id;   /* as JSON; NULL for none */
    const char *text; /* after " -- "; NULL for none */
} row;

static const row good[] = {
    {"hello", "{}", NULL, NULL},
    {"hello\r", "{}", NULL, NULL},
    {"hello  id=1 ", "{}", "1", NULL},
    {"hello limit=5 id=7 -- landing pride", "{\"limit\":\"5\"}", "7", "landing pride"},
    {"hello -- landing pride", "{}", NULL, "landing pride"},
    {"hello --  two  spaces ", "{}", NULL, " two  spaces "},
    {"hello -- say \"a\\b\"\t-- x=1", "{}", NULL, "say \"a\\b\"\t-- x=1"},
    {"hello -- %20soup+day", "{}", NULL, "%20soup+day"},
    {"hello --", "{}", NULL, ""},
    {"hello -- ", "{}", NULL, ""},
    {"hello ref=comment:c=7", "{\"ref\":\"comment:c=7\"}", NULL, NULL},
    {"hello tz=", "{\"tz\":\"\"}", NULL, NULL},
    {"hello id=a7", "{}", "\"a7\"", NULL},
    {"hello id=007", "{}", "\"007\"", NULL},
    {"hello id=+7", "{}", "\"+7\"", NULL},
    {"hello id=-0", "{}", "\"-0\"", NULL},
    {"hello id=-7", "{}", "-7", NULL},
    {"hello id=9223372036854775807", "{}", "9223372036854775807", NULL},
    {"hello id=9223372036854775808", "{}", "\"9223372036854775808\"", NULL},
    {"hello -- \xD1\x91", "{}", NULL, "\xD1\x91"},
    {"{\"cmd\":\"hello\"}", "{}", NULL, NULL},
    {"{\"cmd\":\"hello\"}\r", "{}", NULL, NULL},
    {"{\"id\":\"x\",\"q\":\"a\\nb\",\"cmd\":\"hello\",\"limit\":5}",
     "{\"q\":\"a\\nb\",\"limit\":5}", "\"x\"", NULL},
    {"{\"cmd\":\"hello\",\"q\":\"[[[{{{\\\"[\"}", "{\"q\":\"[[[{{{\\\"[\"}", NULL, NULL},
};

START_TEST(reads_both_forms)
{
    const row *r = &good[_i];
    weft_scope void *mem = talloc_new(NULL);
    weft_request *got = NULL;
    weft_error err = {0};
    ck_assert_msg(weft_request_parse(mem, weft_str_from(r->line), &got, &err) == WEFT_OK,
                  "%s: %s", r->line, err.text);
    ck_assert_str_eq(got->cmd, "hello");
    char *keys = json_dumps(got->keys, JSON_COMPACT);
    ck_assert_msg(strcmp(keys, r->keys) == 0, "%s: keys %s", r->line, keys);
    free(keys);
    char *id = got->id == NULL ? NULL : json_dumps(got->id, JSON_ENCODE_ANY);
    ck_assert_msg((id == NULL) == (r->id == NULL) && (id == NULL || strcmp(id, r->id) == 0),
                  "%s: id %s", r->line, id == NULL ? "none" : id);
    free(id);
    ck_assert_msg(got->has_text == (r->text != NULL), "%s: text", r->line);
    ck_assert_msg(r->text == NULL || weft_str_is(got->text, r->text), "%s: text '%s'",
                  r->line, got->text.p);
}
END_TEST

typedef struct bad_row {
    const char *line;
    weft_code code;
    const char *names; /* stands in the message */
    const char *id;    /* found all the same; NULL for none */
} bad_row;

static const bad_row bad[] = {
    {"", WEFT_EUSAGE, "empty", NULL},
    {"\r", WEFT_EUSAGE, "empty", NULL},
    {" hello", WEFT_EUSAGE, "no command", NULL},
    {"Hello", WEFT_EUSAGE, "no command", NULL},
    {"$-1", WEFT_EUSAGE, "no command", NULL},
    {"*4294967295", WEFT_EUSAGE, "no command", NULL},
    {"search landing pride", WEFT_EUSAGE, "'landing'", NULL},
    {"search =5", WEFT_EUSAGE, "'=5'", NULL},
    {"search Limit=5", WEFT_EUSAGE, "'Limit=5'", NULL},
    {"search --x", WEFT_EUSAGE, "'--x'", NULL},
    {"search limit=5 limit=6", WEFT_EUSAGE, "'limit'", NULL},
    {"search limit=5 limit=6 id=3", WEFT_EUSAGE, "'limit'", "3"},
    {"search id=1 id=2", WEFT_EUSAGE, "'id'", "1"},
    {"search -- \xC3(", WEFT_EUSAGE, "UTF-8", NULL},
    {"{", WEFT_EUSAGE, "bad JSON", NULL},
    {"{\"cmd\":\"hello\"} x", WEFT_EUSAGE, "bad JSON", NULL},
    {"{\"cmd\":\"hello\",\"limit\":1,\"limit\":2}", WEFT_EUSAGE, "limit", NULL},
    {"{\"cmd\":\"hello\",\"q\":\"\\u0000\"}", WEFT_EUSAGE, "bad JSON", NULL},
    {"{\"cmd\":\"hello\",\"q\":\"\xFF\"}", WEFT_EUSAGE, "bad JSON", NULL},
    {"{\"cmd\":\"hello\",\"id\":99999999999999999999}", WEFT_EUSAGE, "bad JSON", NULL},
    {"{\"cmd\":\"hello\",\"id\":1.5}", WEFT_EUSAGE, "'id'", NULL},
    {"{\"cmd\":\"hello\",\"id\":null}", WEFT_EUSAGE, "'id'", NULL},
    {"{\"q\":\"x\",\"id\":4}", WEFT_EUSAGE, "'cmd'", "4"},
    {"{\"cmd\":7,\"id\":\"z\"}", WEFT_EUSAGE, "'cmd'", "\"z\""},
};

START_TEST(refuses_and_names)
{
    const bad_row *r = &bad[_i];
    weft_scope void *mem = talloc_new(NULL);
    weft_request *got = NULL;
    weft_error err = {0};
    ck_assert_msg(weft_request_parse(mem, weft_str_from(r->line), &got, &err) == r->code,
                  "%s", r->line);
    ck_assert_msg(strstr(err.text, r->names) != NULL, "%s: message '%s'", r->line,
                  err.text);
    ck_assert_msg((got == NULL) == (r->id == NULL), "%s: id", r->line);
    if (r->id != NULL) {
        char *id = json_dumps(got->id, JSON_ENCODE_ANY);
        ck_assert_str_eq(id, r->id);
        free(id);
    }
}
END_TEST

START_TEST(refuses_a_nul)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_request *got = NULL;
    weft_error err = {0};
    ck_assert_int_eq(weft_request_parse(mem, weft_str_of("hello\0x", 7), &got, &err),
                     WEFT_EUSAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "NUL"));
}
END_TEST

static weft_code parse_long(size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    char *line = talloc_size(mem, n);
    memset(line, 'a', n);
    memcpy(line, "hello -- ", 9);
    weft_request *got = NULL;
    weft_error err = {0};
    return weft_request_parse(mem, weft_str_of(line, n), &got, &err);
}

START_TEST(limits_the_length)
{
    ck_assert_int_eq(parse_long(65536), WEFT_OK);
    ck_assert_int_eq(parse_long(65537), WEFT_ELIMIT);
}
END_TEST

static weft_code parse_deep(int depth, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_buf b;
    weft_buf_init(&b, mem, 1000);
    weft_buf_add_text(&b, "{\"cmd\":\"hello\",\"q\":");
    for (int i = 1; i < depth; i++)
        weft_buf_add_char(&b, '[');
    for (int i = 1; i < depth; i++)
        weft_buf_add_char(&b, ']');
    weft_buf_add_char(&b, '}');
    weft_request *got = NULL;
    return weft_request_parse(mem, weft_buf_str(&b), &got, err);
}

START_TEST(limits_the_depth)
{
    weft_error err = {0};
    ck_assert_int_eq(parse_deep(32, &err), WEFT_OK);
    ck_assert_int_eq(parse_deep(33, &err), WEFT_ELIMIT);
    ck_assert_ptr_nonnull(strstr(err.text, "32 levels"));
}
END_TEST

START_TEST(renders_errors)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_error err = {0};
    weft_fail_at(&err, WEFT_ESYNTAX, 8, "say \"no\"");
    json_t *id = json_integer(7);
    ck_assert(weft_str_is(weft_reply_error(mem, id, &err, 0),
                          "{\"id\":7,\"ok\":false,\"error\":{\"code\":\"bad_query\","
                          "\"message\":\"say \\\"no\\\"\",\"at\":8}}"));
    json_decref(id);
    weft_error busy = {0};
    weft_fail(&busy, WEFT_EBUSY, "\xFF full");
    ck_assert(weft_str_is(
        weft_reply_error(mem, NULL, &busy, 250),
        "{\"ok\":false,\"error\":{\"code\":\"busy\",\"message\":\"\xEF\xBF\xBD full\",\"retry_ms\":250}}"));
}
END_TEST

START_TEST(renders_replies)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_buf out;
    weft_error err = {0};
    json_t *id = json_string("x");
    json_t *reply = weft_reply_new(id);
    json_object_set_new(reply, "took_ms", json_real(2.1));
    weft_buf_init(&out, mem, 100);
    ck_assert_int_eq(weft_reply_render(reply, &out, &err), WEFT_OK);
    ck_assert_str_eq(out.p, "{\"id\":\"x\",\"ok\":true,\"took_ms\":2.1}");
    weft_buf_init(&out, mem, 20);
    ck_assert_int_eq(weft_reply_render(reply, &out, &err), WEFT_ELIMIT);
    json_decref(reply);
    json_decref(id);
}
END_TEST

START_TEST(reads_addresses)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_address a = {0};
    ck_assert_int_eq(weft_address_parse(mem, "unix:/run/weft.sock", &a, NULL), WEFT_OK);
    ck_assert_str_eq(a.path, "/run/weft.sock");
    ck_assert_int_eq(weft_address_parse(mem, "[::1]:0", &a, NULL), WEFT_OK);
    ck_assert_ptr_null(a.path);
    ck_assert_str_eq(a.host, "::1");
    ck_assert_str_eq(a.port, "0");
    ck_assert_int_eq(weft_address_parse(mem, "localhost:65535", &a, NULL), WEFT_OK);
    ck_assert_str_eq(a.host, "localhost");
    ck_assert_str_eq(a.port, "65535");
}
END_TEST

static const char *const bad_addresses[] = {
    "",       "unix:", "localhost", ":80",    "localhost:65536", "localhost:",
    "::1:80", "[]:80", "[::1]",     "a:b:80", "localhost:8o"};

START_TEST(refuses_addresses)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_address a = {0};
    ck_assert_msg(weft_address_parse(mem, bad_addresses[_i], &a, NULL) == WEFT_EUSAGE, "%s",
                  bad_addresses[_i]);
}
END_TEST

START_TEST(limits_socket_paths)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_address a = {0};
    char text[] =
        "unix:/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaa";
    text[5 + 108] = '\0';
    ck_assert_int_eq(weft_address_parse(mem, text, &a, NULL), WEFT_ELIMIT);
    text[5 + 107] = '\0';
    ck_assert_int_eq(weft_address_parse(mem, text, &a, NULL), WEFT_OK);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("proto");
    tcase_add_loop_test(t, reads_both_forms, 0, (int)COUNT(good));
    tcase_add_loop_test(t, refuses_and_names, 0, (int)COUNT(bad));
    tcase_add_test(t, refuses_a_nul);
    tcase_add_test(t, limits_the_length);
    tcase_add_test(t, limits_the_depth);
    tcase_add_test(t, renders_errors);
    tcase_add_test(t, renders_replies);
    tcase_add_test(t, reads_addresses);
    tcase_add_loop_test(t, refuses_addresses, 0, (int)COUNT(bad_addresses));
    tcase_add_test(t, limits_socket_paths);
    Suite *s = suite_create("proto");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

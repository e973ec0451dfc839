/* test_record.c - records as values: written and read back, limits, checks, references. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record_test.h"
#include "banned.h"

static const char *const canonical[] = {
    FULL_ARTICLE,
    "{\"type\":\"article\",\"id\":\"a1\"}\n",
    "{\"type\":\"comment\",\"id\":\"c7\",\"article\":\"a1\",\"parent\":\"c2\",\"author\":\"A\",\"author_id\":\"9\","
    "\"date\":\"2013-05-03T09:16:00Z\",\"body\":\"b\",\"url\":\"u\",\"score\":12,\"kind\":\"comment\","
    "\"format\":\"markdown\",\"status\":\"pending\",\"rev\":3,\"lang\":\"ru\"}\n",
    C1 ",\"parent\":\"root\",\"deleted\":true}\n",
    C1
    ",\"body\":\"b\",\"title\":\"t\",\"section\":\"s\",\"tags\":[\"g\"],\"site\":\"w\"}\n",
    C1 ",\"parent\":\"x-0\",\"parent_is_marker\":true}\n",
    "{\"type\":\"delete\",\"ref\":\"comment:c7\",\"rev\":5}\n",
    "{\"type\":\"delete\",\"ref\":\"article:a:1\"}\n",
};

/* What is already in the canonical form comes out as it went in; nothing of it is unknown.
 */
START_TEST(canonical_lines_come_back)
{
    weft_record *r = parse(canonical[_i]), *copy = NULL;
    ck_assert_str_eq(render(r), canonical[_i]);
    ck_assert_uint_eq(counts.unknown_keys, 0);
    ck_assert_int_eq(weft_record_copy(mem, r, &copy, &err), WEFT_OK);
    ck_assert(weft_record_equal(r, copy));
    talloc_free(r);
    ck_assert_str_eq(render(copy), canonical[_i]);
}
END_TEST

typedef struct limit {
    const char *before;
    size_t limit_bytes;
    const char *text;
} limit;

#define A1 "{\"type\":\"article\",\"id\":\"a1\""

static const limit limits[] = {
    {"{\"type\":\"article\",\"id\":\"", WEFT_ID_MAX, "id over 200 bytes"},
    {"{\"type\":\"comment\",\"id\":\"c1\",\"article\":\"", WEFT_ID_MAX,
     "c1: article over 200 bytes"},
    {C1 ",\"parent\":\"", WEFT_ID_MAX, "c1: parent over 200 bytes"},
    {A1 ",\"title\":\"", WEFT_TITLE_MAX, "a1: title over 4096 bytes"},
    {A1 ",\"body\":\"", WEFT_BODY_MAX, "a1: body over 1048576 bytes"},
    {A1 ",\"author\":\"", WEFT_AUTHOR_MAX, "a1: author over 256 bytes"},
    {A1 ",\"author_id\":\"", WEFT_AUTHOR_MAX, "a1: author_id over 256 bytes"},
    {A1 ",\"url\":\"", WEFT_URL_MAX, "a1: url over 4096 bytes"},
    {A1 ",\"section\":\"", WEFT_AUTHOR_MAX, "a1: section over 256 bytes"},
    {A1 ",\"site\":\"", WEFT_AUTHOR_MAX, "a1: site over 256 bytes"},
    {A1 ",\"kind\":\"", WEFT_AUTHOR_MAX, "a1: kind over 256 bytes"},
    {A1 ",\"lang\":\"", WEFT_AUTHOR_MAX, "a1: lang over 256 bytes"},
    {A1 ",\"tags\":\"", WEFT_AUTHOR_MAX, "a1: tag over 256 bytes"},
    {"{\"type\":\"delete\",\"ref\":\"comment:", WEFT_ID_MAX, "ref: id over 200 bytes"},
};

START_TEST(texts_at_their_limit_and_past_it)
{
    const limit *row = &limits[_i];
    parse_with(padded(row->before, row->limit_bytes, 'x', "\"}"), NULL);
    refuse_bytes(padded(row->before, row->limit_bytes + 1, 'x', "\"}"), WEFT_ELIMIT,
                 row->text);
}
END_TEST

START_TEST(lines_at_their_limit_and_past_it)
{
    size_t fill = WEFT_LINE_MAX - strlen(C1 ",\"x\":\"\"}");
    parse_with(padded(C1 ",\"x\":\"", fill, 'x', "\"}"), NULL);
    refuse_bytes(padded(C1 ",\"x\":\"", fill + 1, 'x', "\"}"), WEFT_ELIMIT,
                 "line over 16777216 bytes");
}
END_TEST

START_TEST(nesting_and_tags_at_their_limit_and_past_it)
{
    weft_str deep = padded("{\"x\":", WEFT_JSON_DEPTH_MAX - 1, '[', "");
    weft_str deeper = padded("{\"x\":", WEFT_JSON_DEPTH_MAX, '[', "");
    const char *rest = ",\"type\":\"article\",\"id\":\"a1[[[[\\\"{\"}";
    parse_with(padded(deep.p, WEFT_JSON_DEPTH_MAX - 1, ']', rest), NULL);
    refuse_bytes(padded(deeper.p, WEFT_JSON_DEPTH_MAX, ']', rest), WEFT_ELIMIT,
                 "JSON nested over 32 deep");
    refuse_bytes(padded("", 1000000, '[', ""), WEFT_ELIMIT, "JSON nested over 32 deep");
    weft_buf b;
    weft_buf_init(&b, mem, 10000);
    weft_buf_add_text(&b, A1 ",\"tags\":[\"t\"");
    for (int i = 1; i < WEFT_TAGS_MAX; i++)
        weft_buf_add_text(&b, ",\"t\"");
    parse(talloc_asprintf(mem, "%s]}", b.p));
    parse(talloc_asprintf(mem, "%s,\"\"]}", b.p));
    refuse_bytes(weft_str_from(talloc_asprintf(mem, "%s,\"t\"]}", b.p)), WEFT_ELIMIT,
                 "a1: over 64 tags");
}
END_TEST

/* What another reader made is held to the same rules. */
START_TEST(checks)
{
    weft_record r = {.type = WEFT_COMMENT, .id = "c1", .article = "a1", .published_s = 0};
    ck_assert_int_eq(weft_record_check(&r, &err), WEFT_OK);
    weft_record bad = r;
    bad.article = NULL;
    ck_assert_int_eq(weft_record_check(&bad, &err), WEFT_ESYNTAX);
    ck_assert_str_eq(err.text, "c1: comment without article");
    bad = r;
    bad.id = NULL;
    ck_assert_int_eq(weft_record_check(&bad, NULL), WEFT_ESYNTAX);
    bad.id = "";
    ck_assert_int_eq(weft_record_check(&bad, NULL), WEFT_ESYNTAX);
    bad.id = "a\tb";
    ck_assert_int_eq(weft_record_check(&bad, NULL), WEFT_ESYNTAX);
    const char *const not_utf8[] = {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80",
                                    "\xF4\x90\x80\x80"};
    for (size_t i = 0; i < 5; i++) {
        bad = r;
        bad.body = not_utf8[i];
        memset(&err, 0, sizeof err);
        ck_assert_int_eq(weft_record_check(&bad, &err), WEFT_ESYNTAX);
        ck_assert_str_eq(err.text, "c1: body is not UTF-8");
        bad = r;
        bad.id = not_utf8[i];
        memset(&err, 0, sizeof err);
        ck_assert_int_eq(weft_record_check(&bad, &err), WEFT_ESYNTAX);
        ck_assert_str_eq(err.text, "id is not UTF-8");
    }
    bad = r;
    bad.published_s = WEFT_DATE_MAX + 1;
    ck_assert_int_eq(weft_record_check(&bad, NULL), WEFT_ESYNTAX);
    bad.published_s = WEFT_DATE_UNKNOWN;
    ck_assert_int_eq(weft_record_check(&bad, NULL), WEFT_OK);
    bad.has_rev = true;
    bad.rev = UINT64_MAX;
    ck_assert_int_eq(weft_record_check(&bad, NULL), WEFT_ESYNTAX);
}
END_TEST

/* Each of these differs from the first record in one field. */
START_TEST(any_difference_is_seen)
{
    weft_record *r = parse(
        C1 ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":1,\"rev\":1}");
    const char *const others[] = {
        C1 ",\"parent\":\"c0\",\"body\":\"B\",\"tags\":[\"x\"],\"score\":1,\"rev\":1}",
        C1 ",\"parent\":\"c0\",\"tags\":[\"x\"],\"score\":1,\"rev\":1}",
        C1 ",\"parent\":\"c\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":1,\"rev\":1}",
        C1 ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"y\"],\"score\":1,\"rev\":1}",
        C1
        ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\",\"x\"],\"score\":1,\"rev\":1}",
        C1 ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":2,\"rev\":1}",
        C1 ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":1,\"rev\":0}",
        C1 ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":1}",
        C1 ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"rev\":1}",
        C1
        ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":1,\"rev\":1,\"date\":0}",
        C1
        ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":1,\"rev\":1,\"status\":\"hidden\"}",
        C1
        ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":1,\"rev\":1,\"format\":\"html\"}",
        C1
        ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":1,\"rev\":1,\"lang\":\"de\"}",
        C1
        ",\"parent\":\"c0\",\"body\":\"b\",\"tags\":[\"x\"],\"score\":1,\"rev\":1,\"parent_is_marker\":true}",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        ck_assert_msg(!weft_record_equal(r, parse(others[i])), "%s", others[i]);
        ck_assert_msg(!weft_record_equal(parse(others[i]), r), "%s", others[i]);
    }
    ck_assert(weft_record_equal(r, r));
}
END_TEST

START_TEST(references)
{
    weft_type type;
    weft_str id;
    ck_assert_str_eq(weft_ref(mem, WEFT_ARTICLE, "a1"), "article:a1");
    ck_assert_str_eq(weft_ref(mem, WEFT_COMMENT, "x:y"), "comment:x:y");
    ck_assert_int_eq(weft_ref_parse(weft_str_from("comment:x:y"), &type, &id, &err),
                     WEFT_OK);
    ck_assert(type == WEFT_COMMENT && weft_str_is(id, "x:y"));
    ck_assert_int_eq(weft_ref_parse(weft_str_from("article:a1"), &type, &id, &err),
                     WEFT_OK);
    ck_assert(type == WEFT_ARTICLE && weft_str_is(id, "a1"));
    const char *const bad[] = {
        "", "a1", "article", "article:", "Comment:c1", ":c1", "thread:a1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(weft_ref_parse(weft_str_from(bad[i]), &type, &id, NULL) ==
                          WEFT_EUSAGE,
                      "%s", bad[i]);
    ck_assert_int_eq(weft_ref_parse(weft_str_of("comment:a\0b", 11), &type, &id, NULL),
                     WEFT_EUSAGE);
    ck_assert_int_eq(
        weft_ref_parse(padded("comment:", WEFT_ID_MAX, 'x', ""), &type, &id, NULL),
        WEFT_OK);
    ck_assert_int_eq(
        weft_ref_parse(padded("comment:", WEFT_ID_MAX + 1, 'x', ""), &type, &id, NULL),
        WEFT_ELIMIT);
}
END_TEST

START_TEST(rendering_respects_the_cap)
{
    weft_record *r = parse("{\"type\":\"article\",\"id\":\"a1\"}");
    weft_buf b;
    weft_buf_init(&b, mem, 30);
    ck_assert_int_eq(weft_record_render(r, &b, &err), WEFT_OK);
    ck_assert_uint_eq(b.n, 29);
    ck_assert_int_eq(weft_record_render(r, &b, &err), WEFT_ELIMIT);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record");
    TCase *tests = tcase_create("record");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, canonical_lines_come_back, 0,
                        sizeof canonical / sizeof canonical[0]);
    tcase_add_loop_test(tests, texts_at_their_limit_and_past_it, 0,
                        sizeof limits / sizeof limits[0]);
    tcase_add_test(tests, lines_at_their_limit_and_past_it);
    tcase_add_test(tests, nesting_and_tags_at_their_limit_and_past_it);
    tcase_add_test(tests, checks);
    tcase_add_test(tests, any_difference_is_seen);
    tcase_add_test(tests, references);
    tcase_add_test(tests, rendering_respects_the_cap);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}

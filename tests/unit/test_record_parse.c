/* test_record_parse.c - weft NDJSON: what a line may hold and what is refused. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record_test.h"
#include "banned.h"

START_TEST(every_field_of_an_article)
{
    weft_record *r = parse(FULL_ARTICLE);
    ck_assert_int_eq(r->type, WEFT_ARTICLE);
    ck_assert(!r->is_delete);
    ck_assert_str_eq(r->id, "a1");
    ck_assert_str_eq(r->title, "T");
    ck_assert_str_eq(r->body, "B\n\"q\" \\");
    ck_assert_str_eq(r->author, "Анна");
    ck_assert_str_eq(r->author_id, "7");
    ck_assert_int_eq(r->published_s, 1367568000);
    ck_assert_str_eq(r->url, "http://x/a");
    ck_assert_str_eq(r->section, "S");
    ck_assert_str_eq(r->lang, "en");
    ck_assert_str_eq(r->site, "Site");
    ck_assert_str_eq(r->kind, "news");
    ck_assert_uint_eq(r->tag_count, 2);
    ck_assert_str_eq(r->tags[1], "y z");
    ck_assert(r->has_score && r->score == -1);
    ck_assert(r->has_rev && r->rev == 0);
    ck_assert_int_eq(r->format, WEFT_HTML);
    ck_assert_int_eq(r->status, WEFT_HIDDEN);
    ck_assert_ptr_null(r->article);
    ck_assert_ptr_null(r->parent);
}
END_TEST

START_TEST(what_is_absent_is_null)
{
    weft_record *r =
        parse("{\"type\":\"article\",\"id\":\"a1\",\"title\":\"\",\"body\":null,"
              "\"date\":null,\"tags\":[\"\"],\"score\":null,\"rev\":null,"
              "\"status\":null,\"format\":null,\"deleted\":null}");
    ck_assert_ptr_null(r->title);
    ck_assert_ptr_null(r->body);
    ck_assert_int_eq(r->published_s, WEFT_DATE_UNKNOWN);
    ck_assert_uint_eq(r->tag_count, 0);
    ck_assert(!r->has_score && !r->has_rev);
    ck_assert_int_eq(r->status, WEFT_PUBLIC);
    ck_assert_int_eq(r->format, WEFT_TEXT);
    ck_assert_uint_eq(counts.unknown_keys + counts.bad_dates + counts.repaired, 0);
    ck_assert_str_eq(render(r), "{\"type\":\"article\",\"id\":\"a1\"}\n");
}
END_TEST

START_TEST(unknown_keys_are_counted)
{
    parse(
        "{\"type\":\"article\",\"id\":\"a1\",\"x\":1,\"y\":{\"z\":[]},\"article\":\"a2\",\"title\":\"t\"}");
    ck_assert_uint_eq(counts.unknown_keys, 3);
    parse(C1 ",\"w\":null}");
    ck_assert_uint_eq(counts.unknown_keys, 4);
}
END_TEST

START_TEST(integers_are_ids)
{
    weft_record *r = parse(
        "{\"type\":\"comment\",\"id\":7,\"article\":-1,\"parent\":3,\"author_id\":12}");
    ck_assert_str_eq(r->id, "7");
    ck_assert_str_eq(r->article, "-1");
    ck_assert_str_eq(r->parent, "3");
    ck_assert_str_eq(r->author_id, "12");
    ck_assert(!r->parent_is_marker);
    ck_assert_int_eq(parse(C1 ",\"score\":2.9}")->score, 2);
    ck_assert_int_eq(parse(C1 ",\"score\":-2.9}")->score, -2);
    ck_assert_uint_eq(parse(C1 ",\"tags\":\"one\"}")->tag_count, 1);
}
END_TEST

/* Case 109: what means the top level. */
START_TEST(markers_of_the_top)
{
    const char *const none[] = {C1 "}", C1 ",\"parent\":null}", C1 ",\"parent\":\"\"}"};
    for (size_t i = 0; i < 3; i++) {
        ck_assert_ptr_null(parse(none[i])->parent);
        ck_assert(!parse(none[i])->parent_is_marker);
    }
    const char *const marked[] = {C1 ",\"parent\":\"0\"}", C1 ",\"parent\":0}",
                                  C1 ",\"parent\":\"root\"}", C1 ",\"parent\":\"a1\"}"};
    const char *const kept[] = {"0", "0", "root", "a1"};
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(parse(marked[i])->parent, kept[i]);
        ck_assert_msg(parse(marked[i])->parent_is_marker, "%s", marked[i]);
    }
    ck_assert(!parse(C1 ",\"parent\":\"00\"}")->parent_is_marker);
    ck_assert(!parse(C1 ",\"parent\":\"Root\"}")->parent_is_marker);
}
END_TEST

START_TEST(a_prefix_goes_before_ids)
{
    weft_record_options o = {.id_prefix = "x-"};
    weft_record *r =
        parse_with(weft_str_from(C1 ",\"parent\":\"root\",\"author_id\":\"u\"}"), &o);
    ck_assert_str_eq(r->id, "x-c1");
    ck_assert_str_eq(r->article, "x-a1");
    ck_assert_str_eq(r->parent, "x-root");
    ck_assert_str_eq(r->author_id, "u");
    ck_assert(r->parent_is_marker);
    ck_assert(weft_record_equal(r, parse(render(r))));
    r = parse_with(weft_str_from(C1 ",\"parent\":\"a1\"}"), &o);
    ck_assert(r->parent_is_marker);
    ck_assert_str_eq(
        render(r),
        "{\"type\":\"comment\",\"id\":\"x-c1\",\"article\":\"x-a1\",\"parent\":\"x-a1\"}\n");
    r = parse_with(weft_str_from("{\"type\":\"delete\",\"ref\":\"article:a1\"}"), &o);
    ck_assert_str_eq(r->id, "x-a1");
    r = parse_with(weft_str_from("{\"type\":\"delete\",\"id\":\"c1\",\"article\":\"a1\"}"),
                   &o);
    ck_assert_str_eq(render(r), "{\"type\":\"delete\",\"ref\":\"comment:x-c1\"}\n");
    ck_assert_str_eq(r->article, "x-a1");
    /* the limit holds with the prefix */
    weft_record *none = NULL;
    ck_assert_int_eq(weft_record_parse(mem,
                                       padded("{\"type\":\"article\",\"id\":\"",
                                              WEFT_ID_MAX - 1, 'i', "\"}"),
                                       &o, NULL, &none, &err),
                     WEFT_ELIMIT);
    ck_assert_str_eq(err.text, "id over 200 bytes");
    parse_with(padded("{\"type\":\"article\",\"id\":\"", WEFT_ID_MAX - 2, 'i', "\"}"), &o);
}
END_TEST

START_TEST(deletes)
{
    weft_record *r = parse("{\"type\":\"delete\",\"ref\":\"comment:c7\",\"rev\":5}");
    ck_assert(r->is_delete && r->has_rev);
    ck_assert_int_eq(r->type, WEFT_COMMENT);
    ck_assert_str_eq(r->id, "c7");
    ck_assert_uint_eq(r->rev, 5);
    ck_assert_int_eq(r->published_s, WEFT_DATE_UNKNOWN);
    ck_assert_int_eq(parse("{\"type\":\"delete\",\"ref\":\"article:7\"}")->type,
                     WEFT_ARTICLE);
    /* case 069 */
    r = parse("{\"type\": \"delete\", \"id\": \"c9\", \"article\": \"a1\", \"rev\": 5}");
    ck_assert(r->is_delete && r->type == WEFT_COMMENT);
    ck_assert_str_eq(r->article, "a1");
    parse("{\"type\":\"delete\",\"ref\":\"comment:7\",\"id\":7}");
    refuse("{\"type\":\"delete\",\"id\":\"c7\"}",
           "c7: delete without ref, or id and article");
    refuse("{\"type\":\"delete\",\"article\":\"a1\"}",
           "delete without ref, or id and article");
    refuse("{\"type\":\"delete\",\"ref\":\"c7\"}",
           "ref: 'c7' is no reference: write article:ID or comment:ID");
    refuse("{\"type\":\"delete\",\"ref\":7}",
           "ref: '7' is no reference: write article:ID or comment:ID");
    refuse("{\"type\":\"delete\",\"ref\":\"comment:\"}",
           "ref: 'comment:' is no reference: write article:ID or comment:ID");
    refuse("{\"type\":\"delete\",\"ref\":\"comment:c7\",\"id\":\"c8\"}",
           "c8: ref and id disagree");
    refuse("{\"type\":\"delete\",\"ref\":\"comment:c\\u0000\"}",
           "control character in ref");
}
END_TEST

START_TEST(refused_records)
{
    refuse("{\"type\":\"article\"}", "no id");
    refuse("{\"type\":\"article\",\"id\":\"\"}", "no id");
    refuse("{\"type\":\"article\",\"id\":null}", "no id");
    refuse("{\"id\":\"a1\"}", "a1: no type");
    refuse("{\"type\":\"post\",\"id\":\"a1\"}", "a1: unknown type");
    refuse("{\"type\":\"comment\",\"id\":\"c1\"}", "c1: comment without article");
    refuse("{\"type\":\"article\",\"id\":1.5}", "id is not a string or an integer");
    refuse("{\"type\":\"article\",\"id\":[\"a1\"]}", "id is not a string or an integer");
    refuse(C1 ",\"parent\":false}", "c1: parent is not a string or an integer");
    refuse(C1 ",\"body\":7}", "c1: body is not a string");
    refuse(C1 ",\"tags\":[1]}", "c1: tags is not an array of strings");
    refuse(C1 ",\"tags\":{}}", "c1: tags is not an array of strings");
    refuse(C1 ",\"status\":\"spam\"}", "c1: unknown status");
    refuse(C1 ",\"status\":\"\"}", "c1: unknown status");
    refuse(C1 ",\"status\":\"public\\u0000\"}", "c1: unknown status");
    refuse(C1 ",\"format\":\"rtf\"}", "c1: unknown format");
    refuse(C1 ",\"deleted\":1}", "c1: deleted is not true or false");
    refuse(C1 ",\"rev\":-1}", "c1: rev is not an integer from 0 up");
    refuse(C1 ",\"rev\":1.0}", "c1: rev is not an integer from 0 up");
    refuse(C1 ",\"score\":\"7\"}", "c1: score is not a number");
    refuse(C1 ",\"score\":1e19}", "c1: score out of range");
    refuse(C1 ",\"date\":1.5}", "c1: date is not a string or an integer");
    refuse(C1 ",\"tz\":1}", "c1: tz is not a string");
    ck_assert_uint_eq(counts.unknown_keys, 0);
}
END_TEST

START_TEST(status_words)
{
    ck_assert_int_eq(parse(C1 ",\"status\":\"public\"}")->status, WEFT_PUBLIC);
    ck_assert_int_eq(parse(C1 ",\"status\":\"pending\"}")->status, WEFT_PENDING);
    ck_assert_int_eq(parse(C1 ",\"status\":\"hidden\"}")->status, WEFT_HIDDEN);
    ck_assert_int_eq(parse(C1 ",\"status\":\"deleted\"}")->status, WEFT_DELETED);
    ck_assert_int_eq(parse(C1 ",\"deleted\":true}")->status, WEFT_DELETED);
    ck_assert_int_eq(parse(C1 ",\"status\":\"public\",\"deleted\":true}")->status,
                     WEFT_DELETED);
    ck_assert_int_eq(parse(C1 ",\"status\":\"hidden\",\"deleted\":false}")->status,
                     WEFT_HIDDEN);
    ck_assert_int_eq(parse(C1 ",\"format\":\"text\"}")->format, WEFT_TEXT);
}
END_TEST

START_TEST(refused_json)
{
    refuse("", "empty line");
    refuse(" \t\r", "empty line");
    refuse("{", "JSON ends too early at column 1");
    refuse("[1]", "not a JSON object");
    refuse("{\"type\":'x'}", "not JSON at column 9");
    refuse(C1 "} x", "something after the JSON object at column 45");
    refuse(C1 "}" C1 "}", "something after the JSON object at column 44");
    refuse(C1 ",\"x\":99999999999999999999}", "number out of range at column 67");
    /* case 035 */
    refuse("{\"type\":\"comment\",\"id\":\"c1\",\"id\":\"c9\"}",
           "key given twice at column 32");
    /* case 083 */
    refuse("{\"type\":\"comment\",\"id\":\"c2\",\"article\":\"a1\",\"bo\\u0000dy\":\"y\"}",
           "NUL in a key at column 55");
    refuse("{\"type\":\"comment\",\"id\":\"c1\\u0000x\",\"article\":\"a1\"}",
           "control character in id");
    refuse(C1 ",\"parent\":\"c\\u0000\"}", "c1: control character in parent");
    refuse("{\"type\":\"article\",\"id\":\"a\\n\"}", "control character in id");
}
END_TEST

/* Case 083: in a text a NUL, like any control character, is a space. */
START_TEST(controls_in_text)
{
    ck_assert_str_eq(parse(C1 ",\"body\":\"before\\u0000after\\u0007\\t\\n\"}")->body,
                     "before after \t\n");
    ck_assert_uint_eq(counts.repaired, 1);
    weft_str raw =
        weft_str_of(C1 ",\"body\":\"a\0b\x01\"}", sizeof(C1 ",\"body\":\"a\0b\x01\"}") - 1);
    ck_assert_str_eq(parse_with(raw, NULL)->body, "a b ");
    ck_assert_uint_eq(counts.repaired, 2);
}
END_TEST

/* Case 029: an interrupted writer left a hole. */
START_TEST(nul_bytes_outside_strings)
{
    weft_str line = padded(C1 "}", 4096, '\0', "");
    refuse_bytes(line, WEFT_ESYNTAX, "line holds NUL bytes from byte 43");
    ck_assert(err.has_at && err.at == 43);
    refuse_bytes(padded(C1 ",\"body\":\"x", 3, '\0', ""), WEFT_ESYNTAX,
                 "line holds NUL bytes from byte 52");
    refuse_bytes(padded("", 3, '\0', C1 "}"), WEFT_ESYNTAX,
                 "line holds NUL bytes from byte 0");
}
END_TEST

/* Case 037: bytes that are not UTF-8. */
START_TEST(bad_bytes_are_replaced)
{
    weft_record *r = parse(C1 ",\"body\":\"caf\xE9 lighter \x93quoted\x94\"}");
    ck_assert_str_eq(r->body, "caf\uFFFD lighter \uFFFDquoted\uFFFD");
    ck_assert_uint_eq(counts.repaired, 1);
    parse(C1 ",\"body\":\"\xD0\xBF\xD1\x80\"}");
    ck_assert_uint_eq(counts.repaired, 1);
}
END_TEST

/* Case 067: UTF-8 taken for Latin-1 and encoded again is kept, but counted. */
START_TEST(encoded_twice_is_counted)
{
    const char *twice = "Gar\xC3\x83\xC2\xA7on \xC3\x83\xC2\xA9tag";
    weft_record *r = parse(talloc_asprintf(mem, C1 ",\"body\":\"%s\"}", twice));
    ck_assert_str_eq(r->body, twice);
    ck_assert_uint_eq(counts.suspicious, 1);
    parse(
        "{\"type\":\"article\",\"id\":\"a1\",\"title\":\"\xC3\x82\xC2\xAB x \xC3\x82\xC2\xBB\"}");
    ck_assert_uint_eq(counts.suspicious, 2);
    parse(C1 ",\"body\":\"one \xC3\x83\xC2\xA9 only, \xC3\xA9t\xC3\xA9 \xC3\x83\"}");
    ck_assert_uint_eq(counts.suspicious, 2);
    ck_assert_uint_eq(counts.repaired, 0);
}
END_TEST

/* Cases 057 and 073. */
START_TEST(dates_of_records)
{
    weft_record_options berlin = {.tz = "Europe/Berlin"};
    ck_assert_int_eq(parse(C1 ",\"date\":\"2017-06-23T18:51:46-07:00\"}")->published_s,
                     1498269106);
    ck_assert_int_eq(parse(C1 ",\"date\":\"2017-06-24 01:51:46\"}")->published_s,
                     1498269106);
    ck_assert_int_eq(parse(C1 ",\"date\":\"2017-03-26T02:30:00\",\"tz\":\"Europe/Berlin\"}")
                         ->published_s,
                     1490491800);
    const char *naive = C1 ",\"date\":\"2017-06-24 03:51:46\"}";
    ck_assert_int_eq(parse_with(weft_str_from(naive), &berlin)->published_s, 1498269106);
    const char *own = C1 ",\"date\":\"2017-06-24 10:51:46\",\"tz\":\"Asia/Tokyo\"}";
    ck_assert_int_eq(parse_with(weft_str_from(own), &berlin)->published_s, 1498269106);
    ck_assert_uint_eq(counts.unknown_keys + counts.bad_dates, 0);
    const char *const bad[] = {"not a date",           "0000-00-00 00:00:00",
                               "2013-02-30T00:00:00Z", "2013-05-03T24:00:00Z",
                               "11 hours ago",         "2013-05-03\\u0000"};
    for (size_t i = 0; i < 6; i++) {
        weft_record *r = parse(talloc_asprintf(mem, C1 ",\"date\":\"%s\"}", bad[i]));
        ck_assert_msg(r->published_s == WEFT_DATE_UNKNOWN, "%s", bad[i]);
        ck_assert_uint_eq(counts.bad_dates, i + 1);
    }
    ck_assert_int_eq(parse(C1 ",\"date\":\"2017-06-24\",\"tz\":\"No/Such\"}")->published_s,
                     WEFT_DATE_UNKNOWN);
    ck_assert_uint_eq(counts.bad_dates, 7);
    ck_assert_int_eq(parse(C1 ",\"date\":\"\"}")->published_s, WEFT_DATE_UNKNOWN);
    ck_assert_uint_eq(counts.bad_dates, 7);
}
END_TEST

/* Case 077: the unit of an integer is declared, never guessed. */
START_TEST(integer_dates)
{
    ck_assert_int_eq(parse(C1 ",\"date\":1765233417}")->published_s, 1765233417);
    ck_assert_int_eq(parse(C1 ",\"date\":0}")->published_s, 0);
    ck_assert_int_eq(parse(C1 ",\"date\":253402300799}")->published_s, WEFT_DATE_MAX);
    ck_assert_int_eq(parse(C1 ",\"date\":-62135596800}")->published_s, WEFT_DATE_MIN);
    refuse(C1 ",\"date\":253402300800}",
           "c1: date 253402300800 out of range: looks like milliseconds");
    refuse(C1 ",\"date\":-62135596801}",
           "c1: date -62135596801 out of range: looks like milliseconds");
    refuse(C1 ",\"date\":1765233417000}",
           "c1: date 1765233417000 out of range: looks like milliseconds");
    refuse(C1 ",\"date\":-186454800000}",
           "c1: date -186454800000 out of range: looks like milliseconds");
    refuse(
        C1 ",\"date\":1765233417000000}",
        "c1: date 1765233417000000 out of range: looks like milliseconds or microseconds");
    weft_record_options ms = {.epoch_ms = true};
    ck_assert_int_eq(
        parse_with(weft_str_from(C1 ",\"date\":1765233417999}"), &ms)->published_s,
        1765233417);
    ck_assert_int_eq(parse_with(weft_str_from(C1 ",\"date\":-1}"), &ms)->published_s, -1);
    weft_record *r = NULL;
    memset(&err, 0, sizeof err);
    ck_assert_int_eq(weft_record_parse(mem, weft_str_from(C1 ",\"date\":1765233417000000}"),
                                       &ms, NULL, &r, &err),
                     WEFT_ESYNTAX);
    ck_assert_str_eq(err.text,
                     "c1: date 1765233417000000 out of range: looks like microseconds");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record_parse");
    TCase *tests = tcase_create("record_parse");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, every_field_of_an_article);
    tcase_add_test(tests, what_is_absent_is_null);
    tcase_add_test(tests, unknown_keys_are_counted);
    tcase_add_test(tests, integers_are_ids);
    tcase_add_test(tests, markers_of_the_top);
    tcase_add_test(tests, a_prefix_goes_before_ids);
    tcase_add_test(tests, deletes);
    tcase_add_test(tests, refused_records);
    tcase_add_test(tests, status_words);
    tcase_add_test(tests, refused_json);
    tcase_add_test(tests, controls_in_text);
    tcase_add_test(tests, nul_bytes_outside_strings);
    tcase_add_test(tests, bad_bytes_are_replaced);
    tcase_add_test(tests, encoded_twice_is_counted);
    tcase_add_test(tests, dates_of_records);
    tcase_add_test(tests, integer_dates);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}

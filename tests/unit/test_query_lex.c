/* test_query_lex.c - queries cut into tokens, and the kinds of characters they are made of.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "query/chars.h"
#include "query/lex.h"
#include "weft/mem.h"
#include "banned.h"

static const char *const kind_names[] = {
    [T_WORD] = "word",     [T_PREFIX] = "prefix", [T_EXACT] = "exact", [T_SPELL] = "spell",
    [T_PHRASE] = "phrase", [T_FIELD] = "field",   [T_VALUE] = "value", [T_OPEN] = "open",
    [T_CLOSE] = "close",   [T_AND] = "and",       [T_OR] = "or",       [T_NOT] = "not",
    [T_NEAR] = "near",
};

/* The tokens as "kind@at-end<text> ..." */
static const char *lexed(void *mem, const char *text, query **out)
{
    query *q = query_new(mem);
    query_token *tokens = NULL;
    size_t count = 0;
    weft_error err = {0};
    ck_assert_msg(query_lex(q, weft_str_from(text), &tokens, &count, &err) == WEFT_OK,
                  "'%s': %s", text, err.text);
    weft_buf buf;
    weft_buf_init(&buf, mem, 64 * 1024);
    for (size_t i = 0; i < count; i++)
        weft_buf_addf(&buf, "%s%s@%zu-%zu<%" WEFT_STR_FMT ">", i == 0 ? "" : " ",
                      kind_names[tokens[i].kind], tokens[i].at, tokens[i].end,
                      WEFT_STR_ARG(tokens[i].text));
    *out = q;
    return buf.p;
}

START_TEST(queries_are_cut)
{
    static const struct {
        const char *text, *tokens;
    } rows[] = {
        {"", ""},
        {"soup", "word@0-4<soup>"},
        {" a  b ", "word@1-2<a> word@4-5<b>"},
        {"a AND b", "word@0-1<a> and@2-5<AND> word@6-7<b>"},
        {"OR NOT", "or@0-2<OR> not@3-6<NOT>"},
        {"-a", "not@0-1<-> word@1-2<a>"},
        {"+a", "word@1-2<a>"},
        {"a-b", "word@0-3<a-b>"},
        {"- a", "word@2-3<a>"},
        {"-!", ""},
        {"--a", "word@2-3<a>"},
        {"-+-a", "not@0-1<-> not@2-3<-> word@3-4<a>"},
        {"-(a)", "not@0-1<-> open@1-2<(> word@2-3<a> close@3-4<)>"},
        {"(-a)", "open@0-1<(> not@1-2<-> word@2-3<a> close@3-4<)>"},
        {"\"a b\"", "phrase@0-5<a b>"},
        {"\"a\"-b", "phrase@0-3<a> word@4-5<b>"},
        {"\xe2\x80\x9c"
         "a\xe2\x80\x9d-b",
         "phrase@0-7<a> word@8-9<b>"},
        {"\xc2\xab"
         "a\xc2\xbb",
         "phrase@0-5<a>"},
        {"\"", ""},
        {"sou*", "prefix@0-4<sou>"},
        {"sou**", "prefix@0-5<sou>"},
        {"sou*!", "prefix@0-5<sou>"},
        {"sou!*", "word@0-5<sou!*>"},
        {"*sou", "word@0-4<sou>"},
        {"s*u", "word@0-3<su>"},
        {"=soup", "exact@0-5<soup>"},
        {"~soup", "spell@0-5<soup>"},
        {"= ~", ""},
        {"-=soup", "not@0-1<-> exact@1-6<soup>"},
        {"title:soup", "field@0-6<title> value@6-10<soup>"},
        {"title:\"a b\"", "field@0-6<title> phrase@6-11<a b>"},
        {"title:(-a)", "field@0-6<title> open@6-7<(> not@7-8<-> word@8-9<a> close@9-10<)>"},
        {"-reply-to:ann", "not@0-1<-> field@1-10<reply-to> value@10-13<ann>"},
        {"score:-5", "field@0-6<score> value@6-8<-5>"},
        {"thread:(", "field@0-7<thread> open@7-8<(>"},
        {"title:", "word@0-6<title:>"},
        {"title:)", "word@0-6<title:> close@6-7<)>"},
        {"http://x", "word@0-8<http://x>"},
        {"x:y", "word@0-3<x:y>"},
        {"a NEAR/12 b", "word@0-1<a> near@2-9<NEAR/12> word@10-11<b>"},
        {"NEAR/ NEAR/-1", "word@0-5<NEAR/> word@6-13<NEAR/-1>"},
        {"AND) ANDY", "and@0-3<AND> close@3-4<)> word@5-9<ANDY>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        weft_scope void *tmp = talloc_new(NULL);
        query *q;
        const char *got = lexed(tmp, rows[i].text, &q);
        ck_assert_msg(strcmp(got, rows[i].tokens) == 0, "'%s': got %s, want %s",
                      rows[i].text, got, rows[i].tokens);
    }
}
END_TEST

START_TEST(urls_times_and_colons_are_no_fields)
{
    static const char *const quiet[] = {
        "http://x", "12:30", "note: soup", "x:", "\xd1\x85:", "-:a", "::"};
    weft_scope void *tmp = talloc_new(NULL);
    query *q;
    for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++) {
        lexed(tmp, quiet[i], &q);
        ck_assert_msg(q->warning_count == 0, "'%s': %s", quiet[i], q->warnings[0].message);
    }
    lexed(tmp, "a nosuch:x", &q);
    ck_assert_uint_eq(q->warning_count, 1);
    ck_assert_uint_eq(q->warnings[0].at, 2);
    lexed(tmp, "a \xd1\x85:y", &q); /* a name in the reader's own language */
    ck_assert_uint_eq(q->warning_count, 1);
}
END_TEST

START_TEST(field_is_found)
{
    weft_scope void *tmp = talloc_new(NULL);
    query *q = query_new(tmp);
    query_token *tokens = NULL;
    size_t count = 0;
    ck_assert_int_eq(
        query_lex(q, weft_str_from("ARTICLE:a1 quotes:x Title:y"), &tokens, &count, NULL),
        WEFT_OK);
    ck_assert_uint_eq(count, 6);
    ck_assert_str_eq(tokens[0].field->name,
                     "article"); /* both a field and a join: the parser sees what follows */
    ck_assert_int_eq(tokens[0].join, Q_JOIN_ARTICLE);
    ck_assert_ptr_null(tokens[2].field);
    ck_assert_int_eq(tokens[2].join, Q_JOIN_QUOTES);
    ck_assert_str_eq(tokens[4].field->name, "title");
    ck_assert_int_eq(tokens[4].join, Q_JOIN_NONE);
}
END_TEST

START_TEST(broken_utf8_is_punctuation)
{
    size_t n;
    static const char *const rows[] = {"\xff", "\x80", "\xe2\x80", "\xf0\x9f\x98", "\xc3"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        weft_str s = weft_str_from(rows[i]);
        ck_assert_int_eq(query_char(s, 0, &n), CHAR_PUNCTUATION);
        ck_assert(n >= 1 && n <= s.n);
        ck_assert_uint_eq(query_searchable(s).n, 0);
    }
}
END_TEST

START_TEST(searchable_part)
{
    static const struct {
        const char *text, *part;
        size_t letters;
    } rows[] = {
        {"soup", "soup", 4},
        {"!soup!", "soup", 0},
        {"...", "", 0},
        {"a-bc", "a-bc", 2},
        {"o'neil", "o'neil", 5},
        {"readers'", "readers", 7},
        {"e\xcc\x81!", "e\xcc\x81", 0}, /* e and a combining acute */
        {"e\xcc\x81", "e\xcc\x81", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        weft_str s = weft_str_from(rows[i].text);
        ck_assert_msg(weft_str_is(query_searchable(s), rows[i].part), "'%s'", rows[i].text);
        ck_assert_msg(query_last_letters(s) == rows[i].letters, "'%s'", rows[i].text);
    }
    ck_assert_uint_eq(query_count_words(weft_str_from(" a  b\xe3\x80\x80"
                                                      "c\n")),
                      3);
    ck_assert_uint_eq(query_count_words(weft_str_from("")), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("query_lex");
    TCase *t = tcase_create("lex");
    tcase_add_test(t, queries_are_cut);
    tcase_add_test(t, urls_times_and_colons_are_no_fields);
    tcase_add_test(t, field_is_found);
    tcase_add_test(t, broken_utf8_is_punctuation);
    tcase_add_test(t, searchable_part);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_SILENT);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

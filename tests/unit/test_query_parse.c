/* test_query_parse.c - queries to trees: what is understood and what is warned about. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "query/parse.h"
#include "weft/mem.h"
#include "banned.h"

static const query_options at_noon = {
    .tz = NULL, .now_s = INT64_C(1368532800)}; /* 2013-05-14T12:00:00Z, a Tuesday */

typedef struct row {
    const char *text;
    const char *tree; /* as query_print */
} row;

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

/* Every row gives its tree, and no warning. */
static void expect_trees(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        weft_scope void *tmp = talloc_new(NULL);
        query *q = must_parse(tmp, rows[i].text);
        const char *tree = printed(tmp, q);
        ck_assert_msg(strcmp(tree, rows[i].tree) == 0, "'%s': got %s, want %s",
                      rows[i].text, tree, rows[i].tree);
        ck_assert_msg(q->warning_count == 0, "'%s': warned: %s", rows[i].text,
                      q->warnings[0].message);
    }
}

#define EXPECT_TREES(rows) expect_trees(rows, sizeof(rows) / sizeof(rows)[0])

typedef struct warned {
    const char *text;
    const char *tree;
    size_t at;           /* of the first warning */
    const char *message; /* part of it */
} warned;

static void expect_warnings(const warned *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        weft_scope void *tmp = talloc_new(NULL);
        query *q = must_parse(tmp, rows[i].text);
        const char *tree = printed(tmp, q);
        ck_assert_msg(strcmp(tree, rows[i].tree) == 0, "'%s': got %s, want %s",
                      rows[i].text, tree, rows[i].tree);
        ck_assert_msg(q->warning_count > 0, "'%s': no warning", rows[i].text);
        ck_assert_msg(q->warnings[0].at == rows[i].at, "'%s': warned at %zu, want %zu",
                      rows[i].text, q->warnings[0].at, rows[i].at);
        ck_assert_msg(strstr(q->warnings[0].message, rows[i].message) != NULL,
                      "'%s': warned '%s', want '%s'", rows[i].text, q->warnings[0].message,
                      rows[i].message);
    }
}

#define EXPECT_WARNINGS(rows) expect_warnings(rows, sizeof(rows) / sizeof(rows)[0])

START_TEST(operators_bind)
{
    static const row rows[] = {
        {"soup", "soup"},
        {"soup day", "(soup AND day)"},
        {"red apples OR oranges", "((red AND apples) OR oranges)"}, /* case 045 */
        {"oranges OR apples red", "(oranges OR (apples AND red))"},
        {"red AND (apples OR oranges)", "(red AND (apples OR oranges))"},
        {"red and oranges", "(red AND and AND oranges)"},
        {"RED OR Green", "(RED OR Green)"},
        {"a AND b c", "(a AND b AND c)"},
        {"a OR b OR c d", "(a OR b OR (c AND d))"},
        {"(a b) c", "(a AND b AND c)"},
        {"(a OR b) OR c", "(a OR b OR c)"},
        {"((a))", "a"},
        {"a (b OR c) d", "(a AND (b OR c) AND d)"},
        {"not or And", "(not AND or AND And)"},
        {"ANDROID NOTE ORB", "(ANDROID AND NOTE AND ORB)"},
        {"f(x)", "(f AND x)"},
    };
    EXPECT_TREES(rows);
}
END_TEST

START_TEST(negation)
{
    static const row rows[] = {
        {"-soup", "NOT soup"},
        {"a -b", "(a AND NOT b)"},
        {"a NOT b OR c", "((a AND NOT b) OR c)"},
        {"NOT a b", "(NOT a AND b)"},
        {"NOT NOT a", "a"},
        {"NOT NOT NOT a", "NOT a"},
        {"NOT -a", "a"},
        {"NOT (NOT a)", "NOT (NOT a)"},
        {"-(a b)", "NOT (a AND b)"},
        {"-(a OR -b) c", "(NOT (a OR NOT b) AND c)"},
        {"-\"soup day\"", "NOT \"soup day\""},
        {"-author:ann", "NOT author:ann"},
        {"-thread:(a b)", "NOT thread:(a AND b)"},
        {"T-100 POL-358", "(T-100 AND POL-358)"},
        {"a - b", "(a AND b)"},
        {"a -- b", "(a AND b)"},
        {"--help", "help"},
        {"\"a\"-b", "(\"a\" AND b)"},
        {"(-a)", "NOT a"},
        {"+soup +\"a b\" -+c +-d", "(soup AND \"a b\" AND NOT c AND NOT d)"},
        {"a AND -b", "(a AND NOT b)"},
        {"a OR -b", "(a OR NOT b)"},
    };
    EXPECT_TREES(rows);
}
END_TEST

START_TEST(words_and_marks)
{
    static const row rows[] = {
        {"serv* =Soup ~sopu", "(serv* AND =Soup AND ~sopu)"},
        {"soup-day*", "soup-day*"},
        {"o'neil*", "o'neil*"},
        {"soup, day!", "(soup, AND day!)"},
        {"soup !", "soup"},
        {"soup \\", "soup"},
        {"a && b || c", "(a AND b AND c)"},
        {"soup **", "soup"}, /* case 019 */
        {"soup*,", "soup*"},
        {"12:30", "12:30"},
        {"https://host.example/x?y=1", "https://host.example/x?y=1"},
        {"tab\tword\xe3\x80\x80"
         "wide\xc2\xa0"
         "space",
         "(tab AND word AND wide AND space)"}, /* case 065 */
        {"%20soup+day", "%20soup+day"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"}, /* an emoji is a word */
        {"\xe4\xb8\x9c", "\xe4\xb8\x9c"},
        {"\xd0\xbc\xd0\xbe\xd1\x81\xd0\xba*",
         "\xd0\xbc\xd0\xbe\xd1\x81\xd0\xba*"}, /* four letters */
        {"not available", "(not AND available)"},
        {"#tag @ann $5", "(#tag AND @ann AND $5)"},
        {"soup \xe2\x80\x94 day", "(soup AND day)"}, /* em dash */
    };
    EXPECT_TREES(rows);
}
END_TEST

START_TEST(phrases)
{
    static const row rows[] = {
        {"\"the soup of the day\"", "\"the soup of the day\""}, /* case 107 */
        {"available \"not available\"", "(available AND \"not available\")"},
        {"\xe2\x80\x9csoup day\xe2\x80\x9d x", "(\"soup day\" AND x)"},
        {"\xe2\x80\x9esoup day\xe2\x80\x9c x", "(\"soup day\" AND x)"},
        {"\xc2\xabsoup day\xc2\xbb x", "(\"soup day\" AND x)"},
        {"\xe2\x80\x9csoup day\" x", "(\"soup day\" AND x)"},
        {"\"she said \xc2\xabhi\xc2\xbb twice\"", "\"she said \xc2\xabhi\xc2\xbb twice\""},
        {"\"a AND (b OR -c)\"", "\"a AND (b OR -c)\""},
        {"6\"x y\"", "(6 AND \"x y\")"},
    };
    EXPECT_TREES(rows);
}
END_TEST

START_TEST(near)
{
    static const row rows[] = {
        {"soup NEAR/5 day", "(soup NEAR/5 day)"},
        {"a NEAR/3 b NEAR/4 c", "((a NEAR/3 b) AND (b NEAR/4 c))"},
        {"x a NEAR/3 b y", "(x AND (a NEAR/3 b) AND y)"},
        {"-a NEAR/3 b", "NOT (a NEAR/3 b)"},
        {"a NEAR/1 b OR c", "((a NEAR/1 b) OR c)"},
        {"\"a b\" NEAR/3 =c", "(\"a b\" NEAR/3 c)"},
        {"a NEAR/100 b", "(a NEAR/100 b)"},
        {"NEAR near/3 NEAR/x", "(NEAR AND near/3 AND NEAR/x)"},
    };
    static const warned odd[] = {
        {"NEAR/3 b", "b", 0, "NEAR needs"},
        {"a NEAR/3", "a", 2, "NEAR needs"},
        {"a NEAR/3 (b OR c)", "(a AND (b OR c))", 2, "NEAR needs"},
        {"soup* NEAR/3 b", "(soup* AND b)", 6, "NEAR needs"},
        {"title:(a NEAR/3 b)", "(title:a AND title:b)", 9, "NEAR needs"},
        {"a NEAR/101 b", "(a NEAR/100 b)", 2, "1 to 100"},
        {"a NEAR/0 b", "(a NEAR/1 b)", 2, "1 to 100"},
        {"a NEAR/3 \"\" NEAR/2 b", "(a NEAR/2 b)", 9, "no words"},
    };
    EXPECT_TREES(rows);
    EXPECT_WARNINGS(odd);
}
END_TEST

START_TEST(fields)
{
    static const row rows[] = {
        {"author:ann", "author:ann"},
        {"AUTHOR:ann Title:soup", "(author:ann AND title:soup)"},
        {"author:\"Reasonable, 2,3\" soup", "(author:\"Reasonable, 2,3\" AND soup)"},
        {"author:\xe2\x80\x9cReasonable, 2,3\xe2\x80\x9d", "author:\"Reasonable, 2,3\""},
        {"author:\"a*b\" author:\"!!\"", "(author:\"a*b\" AND author:\"!!\")"},
        {"author:(ann OR bob)", "(author:ann OR author:bob)"},
        {"author:(ann OR \"Bob B\" -cid)",
         "(author:ann OR (author:\"Bob B\" AND NOT author:cid))"},
        {"title:(soup (day OR night))", "(title:soup AND (title:day OR title:night))"},
        {"title:(soup author:ann)", "(title:soup AND author:ann)"},
        {"title:\"soup day\" body:x quote:y",
         "(title:\"soup day\" AND body:x AND quote:y)"},
        {"section:a site:b tag:c lang:de kind:d id:e",
         "(section:a AND site:b AND tag:c AND lang:de AND kind:d AND id:e)"},
        {"article:a1", "article:a1"},
        {"article:\"a 1\"", "article:\"a 1\""},
        {"under:comment:c7", "under:comment:c7"},
        {"under:(c1 OR c2)", "(under:c1 OR under:c2)"},
        {"is:root IS:Leaf", "(is:root AND is:leaf)"},
        {"is:(article OR orphan)", "(is:article OR is:orphan)"},
        {"score:>10 replies:>=5 depth:2..4",
         "(score:[11,] AND replies:[5,] AND depth:[2,4])"},
        {"score:<10 score:<=-5 score:3 score:-3..",
         "(score:[,9] AND score:[,-5] AND score:[3,3] AND score:[-3,])"},
        {"score:..7 score:\"1 .. 2\" score:=4",
         "(score:[,7] AND score:[1,2] AND score:[4,4])"},
        {"date:2013-05", "date:[2013-05-01T00:00:00Z,2013-06-01T00:00:00Z)"},
        {"after:2013 before:\"last week\"",
         "(after:[2013-01-01T00:00:00Z,) AND before:[,2013-05-06T00:00:00Z))"},
    };
    EXPECT_TREES(rows);
}
END_TEST

START_TEST(joins)
{
    static const row rows[] = {
        {"thread:(A B)", "thread:(A AND B)"},
        {"thread:(A)", "thread:(A)"},
        {"thread:soup", "thread:(soup)"},
        {"thread:\"soup day\" x", "(thread:(\"soup day\") AND x)"},
        {"article:(soup OR day)", "article:(soup OR day)"},
        {"parent:(author:ann -x)", "parent:(author:ann AND NOT x)"},
        {"reply:(a NEAR/2 b)", "reply:(a NEAR/2 b)"},
        {"parent:(-a)", "parent:(NOT a)"},
        {"parent:(reply:(a))", "parent:(reply:(a))"},
        {"author:(thread:(x))", "thread:(x)"},
        {"reply-to:ann replied-by:\"Bob B\" quotes:cid",
         "(reply-to:\"ann\" AND replied-by:\"Bob B\" AND quotes:\"cid\")"},
        {"reply-to:(ann OR bob)", "(reply-to:\"ann\" OR reply-to:\"bob\")"},
        {"x -thread:soup", "(x AND NOT thread:(soup))"},
    };
    EXPECT_TREES(rows);
}
END_TEST

START_TEST(odd_syntax_warns)
{
    static const warned rows[] = {
        {"\"soup of", "(soup AND of)", 0, "never closed"}, /* case 021 */
        {"(soup", "soup", 0, "never closed"},
        {"soup)", "soup", 4, "without its '('"},
        {"soup AND", "soup", 5, "AND has nothing on its right"},
        {"OR soup", "soup", 0, "OR has nothing on its left"},
        {"AND", "()", 0, "AND has nothing on its left"},
        {"!", "()", 0, "no searchable words"},
        {"(", "()", 0, "never closed"},
        {"()", "()", 0, "nothing to search for between the brackets"},
        {"\"\"", "()", 0, "no words between the quotes"},
        {"soup AND NOT", "soup", 9, "NOT has nothing to exclude"},
        {"((((((((", "()", 7, "never closed"},
        {"a:b:c", "a:b:c", 0, "no field 'a'"},
        {"nosuchfield:soup", "nosuchfield:soup", 0, "no field 'nosuchfield'"},
        {"x -nosuch:\"a b\"", "(x AND NOT nosuch: AND \"a b\")", 3, "no field 'nosuch'"},
        {"a OR", "a", 2, "OR has nothing on its right"},
        {"a OR OR b", "(a OR b)", 5, "OR has nothing on its left"},
        {"a AND OR b", "(a OR b)", 2, "AND has nothing on its right"},
        {"a AND AND b", "(a AND b)", 6, "AND has nothing on its left"},
        {"NOT AND a", "NOT a", 4, "AND has nothing on its left"},
        {"a (OR) b", "(a AND b)", 3, "OR has nothing on its left"},
        {"-\"\" a", "a", 1, "no words between the quotes"},
        {"-() a", "a", 1, "nothing to search for"},
        {"-", "()", 0, "no searchable words"},
        {"???", "()", 0, "no searchable words"},
        {"", "()", 0, "no searchable words"},
        {" \t ", "()", 0, "no searchable words"},
        {"author: ann", "(author: AND ann)", 0, "'author:' has no value"},
        {"author:\"\" ann", "ann", 0, "'author:' has no value"},
        {"title:!! ann", "ann", 0, "'title:' has no value"},
        {"thread:() a", "a", 0, "nothing to search for"},
        {"thread:!! a", "a", 7, "no word in '!!'"},
    };
    EXPECT_WARNINGS(rows);
}
END_TEST

START_TEST(odd_stars_warn)
{
    static const warned rows[] = {
        {"*", "()", 0, "no searchable words"}, /* case 019 */
        {"**", "()", 0, "no searchable words"},
        {"*day", "day", 0, "'*day': a * before a word"},
        {"x so*p", "(x AND sop)", 2, "'so*p': a * inside a word"},
        {"*day*", "day*", 0, "a * before a word"},
        {"\"soup da*\"", "\"soup da*\"", 8, "* between quotes is ignored"}, /* case 009 */
        {"\"so* day\"", "\"so* day\"", 3, "* between quotes is ignored"},
        {"=soup*", "=soup", 0, "the * is ignored"},
        {"title:so*", "title:so*", 8, "no wildcard in 'title:'"},
        {"author:a*", "author:a*", 8, "no wildcard in 'author:'"},
        {"thread:so*", "thread:(so*)", 9, "no wildcard"},
    };
    EXPECT_WARNINGS(rows);
}
END_TEST

START_TEST(unread_values_are_words)
{
    static const warned rows[] = {
        {"date:soup", "soup", 0, "'soup' is not a date for 'date:'"},
        {"x date:2013-13", "(x AND 2013-13)", 2, "not a date"},
        {"after:\"some day\"", "\"some day\"", 0, "not a date for 'after:'"},
        {"after:2013..2014", "2013..2014", 0, "not a date"},
        {"date:..", "()", 0, "not a date"},
        {"score:many", "many", 0, "not a number for 'score:'"},
        {"score:99999999999999999999", "99999999999999999999", 0, "not a number"},
        {"is:news", "news", 0, "not one of article"},
        {"date:(2013 OR soup)",
         "(date:[2013-01-01T00:00:00Z,2014-01-01T00:00:00Z) OR soup)", 14, "not a date"},
    };
    EXPECT_WARNINGS(rows);
}
END_TEST

START_TEST(nodes_know_their_place)
{
    weft_scope void *tmp = talloc_new(NULL);
    query *q = must_parse(tmp, "soup  -author:\"A B\" thread:(x y) ");
    ck_assert_int_eq(q->root->kind, Q_AND);
    ck_assert_uint_eq(q->root->count, 3);
    const query_node *soup = q->root->children[0], *negated = q->root->children[1],
                     *join = q->root->children[2];
    ck_assert_uint_eq(soup->at, 0);
    ck_assert_uint_eq(soup->end, 4);
    ck_assert_int_eq(negated->kind, Q_NOT);
    ck_assert_uint_eq(negated->at, 6);
    ck_assert_uint_eq(negated->children[0]->at, 7);
    ck_assert_uint_eq(negated->children[0]->end, 19);
    ck_assert(negated->children[0]->is_phrase);
    ck_assert(weft_str_is(negated->children[0]->text, "A B"));
    ck_assert_int_eq(join->kind, Q_JOIN);
    ck_assert_int_eq(join->join, Q_JOIN_THREAD);
    ck_assert_uint_eq(join->at, 20);
    ck_assert_uint_eq(join->end, 32);
    ck_assert_uint_eq(join->children[0]->at, 28);
    ck_assert_uint_eq(join->children[0]->end, 31);
}
END_TEST

START_TEST(tree_outlives_the_text)
{
    weft_scope void *tmp = talloc_new(NULL);
    char text[] = "soup";
    query *q = must_parse(tmp, text);
    memset(text, 'x', 4);
    ck_assert_str_eq(printed(tmp, q), "soup");
}
END_TEST

/* What a reply may be kept for hangs on it. */
START_TEST(knows_what_moves)
{
    static const struct {
        const char *text;
        query_moving moving;
    } rows[] = {
        {"soup", QUERY_STANDS},
        {"soup date:2013-05", QUERY_STANDS},
        {"after:2013-05-14T12:00 soup before:2014", QUERY_STANDS},
        {"date:2012..2013-05-03", QUERY_STANDS},
        {"yesterday", QUERY_STANDS},
        {"soup date:today", QUERY_MOVES_BY_DAY},
        {"date:\"this week\"", QUERY_MOVES_BY_DAY},
        {"date:\"last month\" OR soup", QUERY_MOVES_BY_DAY},
        {"after:\"2 years ago\"", QUERY_MOVES_BY_DAY},
        {"date:2012..yesterday", QUERY_MOVES_BY_DAY},
        {"thread:(soup before:today)", QUERY_MOVES_BY_DAY},
        {"soup -date:\"3 days ago\"", QUERY_MOVES_BY_DAY},
        {"date:\"3 hours ago\"", QUERY_MOVES_BY_SECOND},
        {"after:\"20 minutes ago\" date:today", QUERY_MOVES_BY_SECOND},
        {"date:today after:\"20 minutes ago\"", QUERY_MOVES_BY_SECOND},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        weft_scope void *tmp = talloc_new(NULL);
        ck_assert_msg(must_parse(tmp, rows[i].text)->moving == rows[i].moving, "'%s'",
                      rows[i].text);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("query_parse");
    TCase *t = tcase_create("parse");
    tcase_add_test(t, operators_bind);
    tcase_add_test(t, negation);
    tcase_add_test(t, words_and_marks);
    tcase_add_test(t, phrases);
    tcase_add_test(t, near);
    tcase_add_test(t, fields);
    tcase_add_test(t, joins);
    tcase_add_test(t, odd_syntax_warns);
    tcase_add_test(t, odd_stars_warn);
    tcase_add_test(t, unread_values_are_words);
    tcase_add_test(t, nodes_know_their_place);
    tcase_add_test(t, tree_outlives_the_text);
    tcase_add_test(t, knows_what_moves);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_SILENT);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

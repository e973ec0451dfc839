/* test_quote.c - the quotes a body marks, and what of them is the writer's own text. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/quote.h"

#include "banned.h"

static void *mem;

static void set_up(void)
{
    mem = talloc_new(NULL);
}

static void tear_down(void)
{
    talloc_free(mem);
}

/* Each quote as "WHO:words"; before, between and after them the writer's own text. Parts
 * are divided by '~'. */
static const char *outline(const char *text)
{
    weft_quote *quotes;
    size_t count, at = 0;
    weft_error err = {0};
    weft_str body = weft_str_from(text);
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 24);
    ck_assert_int_eq(weft_quote_scan(mem, body, &quotes, &count, &err), WEFT_OK);
    for (size_t i = 0; i < count; i++) {
        const weft_quote *q = &quotes[i];
        ck_assert(at <= q->outer_start && q->outer_start <= q->start && q->start <= q->end);
        ck_assert(q->end <= q->outer_end && q->outer_end <= body.n);
        ck_assert(!q->silent && q->node == WEFT_NO_NODE && !q->from_article);
        weft_buf_add(&b, weft_str_of(text + at, q->outer_start - at));
        weft_buf_addf(&b, "~%.*s:", WEFT_STR_ARG(q->who));
        weft_buf_add(&b, weft_str_of(text + q->start, q->end - q->start));
        weft_buf_add_char(&b, '~');
        at = q->outer_end;
    }
    weft_buf_add(&b, weft_str_of(text + at, body.n - at));
    return b.p;
}

static const struct {
    const char *body, *outline;
} rows[] = {
    {"", ""},
    {"nothing marked", "nothing marked"},
    /* a name and a paragraph */
    {"Quote: Plain, 2,3\nThey will not help us.\n\nAgreed.",
     "~Plain, 2,3:They will not help us.~\n\nAgreed."},
    {"Quote: Ann\n> One.\n>\n> Two.\n\nMine", "~Ann:One.\n>\n> Two.~\n\nMine"},
    {"Quote: Ann's \"dog\" & co: x\nYes\n\nNo", "~Ann's \"dog\" & co: x:Yes~\n\nNo"},
    {"Before.\n  Zitat: Jörg \none\ntwo\n\nthree", "Before.\n~Jörg:one\ntwo~\n\nthree"},
    {"Цитата: Жанна\nда\r\n\r\nнет", "~Жанна:да~\r\n\r\nнет"},
    {"Citation: Zoé\noui", "~Zoé:oui~"},
    {"Quote: A\none\nQuote: B\ntwo\n\nown", "~A:one~\n~B:two~\n\nown"},
    {"Quote: A\nQuote: B\ntwo\n\nown", "~A:Quote: B\ntwo~\n\nown"},
    {"Quote: A\n> one\n\nown", "~A:one~\n\nown"},
    {"Quote: A\n\nown words", "Quote: A\n\nown words"},
    {"Quote: A", "Quote: A"},
    {"Quote:\nown words", "Quote:\nown words"},
    {"In a Quote: A\nown words", "In a Quote: A\nown words"},
    {"Quote: A\n[quote]x[/quote]", "Quote: A\n~:x~"},
    /* lines */
    {"Well said.\n> short quote here\nMy answer: halyards.\n> second quote\nFinal: rudder.",
     "Well said.\n~:short quote here~\nMy answer: halyards.\n~:second quote~\nFinal: rudder."},
    {"> one\n> two\n>\n> three\nown", "~:one\n> two\n>\n> three~\nown"},
    {">> far\n> near\nown", "~:far\n> near~\nown"},
    {"> > far\nown", "~:far~\nown"},
    {"  > indented\nown", "~:indented~\nown"},
    {">no space\nown", "~:no space~\nown"},
    {"> да\nнет", "~:да~\nнет"},
    {"> \"2 knots\" he said\nown", "~:\"2 knots\" he said~\nown"},
    {"> we need\n> 5 knots\nown", "~:we need\n> 5 knots~\nown"},
    {"speed > 10 knots and depth >20 m", "speed > 10 knots and depth >20 m"},
    {"> 5 knots", "> 5 knots"},
    {"so it is\n>20 m\nall right", "so it is\n>20 m\nall right"},
    {">:(", ">:("},
    {">_< really", ">_< really"},
    {"> quote\n>:(\nown", "~:quote~\n>:(\nown"},
    {">= b holds", ">= b holds"},
    {"-> here", "-> here"},
    {">", ">"},
    {"> \n> !!!\n", "> \n> !!!\n"},
    /* tags */
    {"[quote=\"Plain, 2,3\"]They will not help us.[/quote] Agreed",
     "~Plain, 2,3:They will not help us.~ Agreed"},
    {"[quote='Ann's \"dog\" & co: x' pid='2']Agreed[/quote] no",
     "~Ann's \"dog\" & co: x:Agreed~ no"},
    {"[quote=bob]in[/quote] out", "~bob:in~ out"},
    {"[QUOTE=bob]in[/Quote]", "~bob:in~"},
    {"[quote] in \n[/quote]", "~:in~"},
    {"[quote=\"bob, post:3, topic:7\"]in[/quote]", "~bob:in~"},
    {"[quote=bob;1234]in[/quote]", "~bob:in~"},
    {"[quote=\"a]b\"]in[/quote]", "~a]b:in~"},
    {"[quote=\"open]in[/quote]", "~\"open:in~"},
    {"[quote][/quote]x", "~:~x"},
    {"a [quote=a][quote=b]in[/quote]mid[/quote] own thwart",
     "a ~a:[quote=b]in[/quote]mid~ own thwart"},
    {"[quote]a[/quote][quote]b[/quote]", "~:a~~:b~"},
    {"[quote=bob]open forever then gunwale", "[quote=bob]open forever then gunwale"},
    {"[quote=bob]open [quote]in[/quote] own", "[quote=bob]open ~:in~ own"},
    {"stray [/quote] end", "stray [/quote] end"},
    {"[quotes]a[/quote]", "[quotes]a[/quote]"},
    {"[quote=a\nb]in[/quote]", "[quote=a\nb]in[/quote]"},
    {"[quote", "[quote"},
    {"[quote=", "[quote="},
    {"[quote=\"", "[quote=\""},
    {"[quote=a]one\n> two\n\nQuote: B\nthree[/quote]\n> four",
     "~a:one\n> two\n\nQuote: B\nthree~\n~:four~"},
    {"> one [quote]two[/quote]\nown", "> one ~:two~\nown"},
};

START_TEST(test_rows)
{
    ck_assert_str_eq(outline(rows[_i].body), rows[_i].outline);
}
END_TEST

static void repeat(weft_buf *b, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        weft_buf_add_text(b, text);
}

static size_t count_of(const weft_buf *b, weft_quote **quotes)
{
    size_t count;
    weft_error err = {0};
    ck_assert_int_eq(weft_quote_scan(mem, weft_buf_str(b), quotes, &count, &err), WEFT_OK);
    return count;
}

START_TEST(test_nesting_limit)
{
    for (size_t levels = WEFT_QUOTE_NESTING_MAX; levels <= WEFT_QUOTE_NESTING_MAX + 1;
         levels++) {
        weft_quote *quotes;
        weft_buf b;
        weft_buf_init(&b, mem, 1 << 16);
        repeat(&b, "[quote]", levels);
        weft_buf_add_text(&b, "x");
        repeat(&b, "[/quote]", levels);
        ck_assert_uint_eq(count_of(&b, &quotes), 1);
        size_t outside = levels == WEFT_QUOTE_NESTING_MAX ? 0 : strlen("[quote]");
        ck_assert_uint_eq(quotes[0].outer_start, outside);
    }
}
END_TEST

START_TEST(test_count_limit)
{
    weft_quote *quotes;
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    repeat(&b, "> a\nb\n", WEFT_QUOTES_MAX);
    ck_assert_uint_eq(count_of(&b, &quotes), WEFT_QUOTES_MAX);
    weft_buf_add_text(&b, "[quote]last[/quote]");
    ck_assert_uint_eq(count_of(&b, &quotes), WEFT_QUOTES_MAX);
    ck_assert_uint_eq(quotes[WEFT_QUOTES_MAX - 1].outer_start,
                      (WEFT_QUOTES_MAX - 1) * strlen("> a\nb\n"));
}
END_TEST

/* What would be slow if anything were looked at again and again; the time is Check's, a
 * minute. */
static const struct {
    const char *text;
    size_t quotes;
} storms[] = {{"[quote]", 0},
              {"[quote=\"", 0},
              {"[quote='a' ", 0},
              {"[/quote]", 0},
              {"Quote: a\n", 256},
              {"> a\n", 1},
              {"> 1\n", 0},
              {">", 0},
              {"[quote]x[/quote]", 256},
              {"[", 0},
              {">\n[quote]", 0}};

START_TEST(test_storms)
{
    weft_quote *quotes;
    weft_buf b;
    weft_buf_init(&b, mem, WEFT_BODY_MAX * 2);
    repeat(&b, storms[_i].text, WEFT_BODY_MAX / strlen(storms[_i].text));
    ck_assert_uint_eq(count_of(&b, &quotes), storms[_i].quotes);
}
END_TEST

/* A genuine quote is found behind twenty thousand tags that are never closed. */
START_TEST(test_behind_open_tags)
{
    weft_quote *quotes;
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    repeat(&b, "[quote]", 20000);
    weft_buf_add_text(&b, "[quote=bob]in[/quote] own");
    ck_assert_uint_eq(count_of(&b, &quotes), 1);
    ck_assert_uint_eq(quotes[0].outer_start, 140000);
    ck_assert(weft_str_is(quotes[0].who, "bob"));
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof(a)[0])

int main(void)
{
    Suite *s = suite_create("quote");
    TCase *c = tcase_create("quote");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, test_rows, 0, COUNT(rows));
    tcase_add_test(c, test_nesting_limit);
    tcase_add_test(c, test_count_limit);
    tcase_add_loop_test(c, test_storms, 0, COUNT(storms));
    tcase_add_test(c, test_behind_open_tags);
    suite_add_tcase(s, c);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

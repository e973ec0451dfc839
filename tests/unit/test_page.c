/* test_page.c - an article page saved as text: head, chrome, where comments start, their
 * tree, dates. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page_reading.h"
#include "banned.h"

START_TEST(test_article)
{
    reading *got = read_page(TOP "  1. Ann\n    Ann 3 May 2013 09: 16 New\n    Hello\n");
    const weft_record *a = got->records[0];
    ck_assert_int_eq(a->type, WEFT_ARTICLE);
    ck_assert_str_eq(a->id, "tide");
    ck_assert_str_eq(a->site, "Harbour News");
    ck_assert_str_eq(a->title, "Tide turns");
    ck_assert_str_eq(a->body, "First words.\n\nSecond words.");
    ck_assert(a->published_s == WEFT_DATE_UNKNOWN && a->author == NULL);
    ck_assert_str_eq(outline(got), "Ann|-|Hello");
    ck_assert_str_eq(date_text(got->records[1]), "2013-05-03T09:16:00Z");
    ck_assert_uint_eq(got->lines[1], 14);
    ck_assert_uint_eq(got->refused, 0);
}
END_TEST

static const struct {
    const char *page, *site, *title, *body;
} heads[] = {
    {"Site\n\nTitle\n\nBody line.\n", "Site", "Title", "Body line."},
    {"Site\n\nTitle\n", "Site", "Title", NULL},
    {"Site\n", "Site", NULL, NULL},
    {"\n\n  Site  \n\n\n  Title\t\n\nTitle\n\nOne.\n\n\n\nTwo.\n", "Site", "Title",
     "One.\n\nTwo."},
    {"Site\r\n\r\nTitle\r\n\r\nTitle\r\n\r\nOne.\r\nstill one.\r\n", "Site", "Title",
     "One.\nstill one."},
    {"\xef\xbb\xbfSite\n\nTitle\n\nBody.\n", "Site", "Title", "Body."},
    /* a menu above the title */
    {"Site\n\nHome\n\nAbout\n\nTitle\n\nTitle\n\nBody.\n", "Site", "Title", "Body."},
    /* a paragraph said twice is no title */
    {"Site\n\nTitle\n\nIt rained.\n\nHa ha.\n\nHa ha.\n\nEnd.\n", "Site", "Title",
     "It rained.\n\nHa ha.\n\nHa ha.\n\nEnd."},
    /* notices */
    {HEAD "Dear reader, to leave comments you must register.\n", "Harbour News",
     "Tide turns", "First words.\n\nSecond words."},
    {HEAD "\n31 comments\n\nLog in\n", "Harbour News", "Tide turns",
     "First words.\n\nSecond words."},
    {HEAD "\nUm zu kommentieren, bitte anmelden.\n", "Harbour News", "Tide turns",
     "First words.\n\nSecond words."},
    {HEAD "\nЧтобы оставить комментарий, войдите на сайт.\n", "Harbour News", "Tide turns",
     "First words.\n\nSecond words."},
    {HEAD "Sign in\n", "Harbour News", "Tide turns", "First words.\n\nSecond words."},
    /* the article's own words about registering */
    {HEAD "\nVoters must register by Friday.\n", "Harbour News", "Tide turns",
     "First words.\n\nSecond words.\n\nVoters must register by Friday."},
    {HEAD
     "\nThose who comment must register, said the minister.\n\nThe rule was met with long protests in the harbour, "
     "where the dockers have had a board of their own since the war and mean to keep it.\n",
     "Harbour News", "Tide turns",
     "First words.\n\nSecond words.\n\nThose who comment must register, said the minister.\n\nThe rule was met with "
     "long protests in the harbour, where the dockers have had a board of their own since the war and mean to keep "
     "it."},
    {HEAD "\nThe minister declined to comment on the register.\n", "Harbour News",
     "Tide turns",
     "First words.\n\nSecond words.\n\nThe minister declined to comment on the register."},
    {HEAD "\nNo comment\n", "Harbour News", "Tide turns",
     "First words.\n\nSecond words.\n\nNo comment"},
    {HEAD "\nComments\n\nPlease log in to comment\n\nNewest first\n", "Harbour News",
     "Tide turns", "First words.\n\nSecond words."},
    /* a list in the article */
    {"Site\n\nTitle\n\nTwo points:\n1. Boats\n2. Nets\n", "Site", "Title",
     "Two points:\n1. Boats\n2. Nets"},
};

START_TEST(test_heads)
{
    const char *page = heads[_i].page;
    reading *got = read_page(page);
    const weft_record *a = got->records[0];
    ck_assert_msg(got->count == 1, "%s", page);
    ck_assert_str_eq(a->site, heads[_i].site);
    ck_assert_pstr_eq(a->title, heads[_i].title);
    ck_assert_pstr_eq(a->body, heads[_i].body);
}
END_TEST

static const struct {
    const char *comments, *outline;
} trees[] = {
    /* numbers start again; "10." may shift the indent or not */
    {"  1. A\n    A" D "    a\n    1. B\n      B" D "      b\n      1. C\n        C" D
     "    2. E\n      E" D "  2. F\n    F" D,
     "A|-|a;B|A|b;C|B|;E|A|;F|-|"},
    {"  9. A\n    A" D "  10. B\n     B" D "     b\n     1. C\n       C" D
     "  11. E\n     E" D,
     "A|-|;B|-|b;C|B|;E|-|"},
    {"  9. A\n    A" D "  10. B\n     B" D "    1. C\n      C" D, "A|-|;B|-|;C|B|"},
    /* numbers set flush right, as a text browser prints them */
    {" 9. A\n    A" D "     1. B\n        B" D "    10. C\n        C" D "10. E\n    E" D
     "     1. F\n        F" D "    10. G\n        G" D,
     "A|-|;B|A|;C|A|;E|-|;F|E|;G|E|"},
    {"1. A\n\tA" D "\ta\n\t1. B\n\t\tB" D "\t\tb\n", "A|-|a;B|A|b"},
    /* names */
    {"  1. Reasonable, 2,3\n    Reasonable, 2,3" D, "Reasonable, 2,3|-|"},
    {"  1. family\n    family tree" D "    x\n", "family tree|-|x"},
    {"  1. A very long na...\n    A very long name" D, "A very long name|-|"},
    {"  1. Bob **\n    Bob" D, "Bob|-|"},
    {"  1. 3 May 2013\n    3 May 2013" D, "3 May 2013|-|"},
    {"  1. Agent 47\n    Agent 47" D, "Agent 47|-|"},
    {"  1. May\n    May May 3, 2013 at 9:16 pm\n    x\n", "May|-|x"},
    {"  1. Ann's \"dog\" & co: x\n    Ann's \"dog\" & co: x" D, "Ann's \"dog\" & co: x|-|"},
    {"  1. Ann\n    Ann 3 May 2013 09: 16 edited 4 May 2013 10: 00\n    x\n", "Ann|-|x"},
    {"  1. Жанна\n    Жанна" D "    да\n", "Жанна|-|да"},
    /* bodies */
    {"  1. A\n    A" D "\n    one\n\n\n    two\n\n", "A|-|one\n\n\ntwo"},
    {"  1. A\n    A" D "    Points:\n    1. Boats\n    2. Nets\n    End.\n  2. B\n    B" D,
     "A|-|Points:\n1. Boats\n2. Nets\nEnd.;B|-|"},
    {"  1. A\n    A" D "    1. Boats\n      Boats are slow\n    2. Nets\n",
     "A|-|1. Boats\n  Boats are slow\n2. Nets"},
    {"  1. A\n    A" D "    Quote: B\n    x  y\n\n      indented\n",
     "A|-|Quote: B\nx  y\n\n  indented"},
    {"  1. A\n    A" D "    a\nlost indent\n  2. B\n    B" D
     "    b\n\nAbout us\n    Imprint\n",
     "A|-|a\nlost indent;B|-|b"},
    {"  1. A\n    A" D "    a", "A|-|a"},
    {"  1. A\n    A 3 May 2013 09: 16", "A|-|"},
    /* a date nobody can read */
    {"  1. A\n    A 3 Mayo 2013 09: 16 New\n    a\n  2. B\n    B yesterday, 10:11\n    b\n  3. C\n    C 11 hours ago\n",
     "A|-|a;B|-|b;C|-|"},
    /* the other shape, with a button under each body */
    {" 1. blah blubb sagt:\n    23. Juni 2016 um 17:21 Uhr\n\n    Ja.\n\n    Antworten\n     1. Rafael sagt:\n"
     "        23. Juni 2016 um 18:47 Uhr\n\n        Nein.\n\n        Antworten\n",
     "blah blubb|-|Ja.;Rafael|blah blubb|Nein."},
};

START_TEST(test_trees)
{
    reading *got = read_page(talloc_asprintf(mem, "%s%s", TOP, trees[_i].comments));
    ck_assert_str_eq(got->records[0]->body, "First words.\n\nSecond words.");
    ck_assert_str_eq(outline(got), trees[_i].outline);
    ck_assert_uint_eq(got->refused, 0);
}
END_TEST

static const struct {
    const char *text, *date;
    size_t used;
} dates[] = {
    {"3 May 2013 09: 16 New", "2013-5-3 9:16:0", 17},
    {"03 May 2013 09:16:59", "2013-5-3 9:16:59", 20},
    {"3 Sep 2013", "2013-9-3 0:0:0", 10},
    {"3 sept 2013", "2013-9-3 0:0:0", 11},
    {"31 dec. 1999, 23:59", "1999-12-31 23:59:0", 19},
    {"3rd of May 2013", "2013-5-3 0:0:0", 15},
    {"3rd May, 2013 at 9:16 a.m.", "2013-5-3 9:16:0", 26},
    {"May 3, 2013 12:16 am", "2013-5-3 0:16:0", 20},
    {"May 3, 2013 12:16 pm", "2013-5-3 12:16:0", 20},
    {"23. Juni 2016 um 17:21 Uhr", "2016-6-23 17:21:0", 26},
    {"1. März 2016", "2016-3-1 0:0:0", 13},
    {"2013-05-03T09:16", "2013-5-3 9:16:0", 16},
    {"03.05.2013 09:16", "2013-5-3 9:16:0", 16},
    {"3 May 2013 09: 1x", "2013-5-3 0:0:0", 10},
    {"3 mai 2013 à 09:16", "2013-5-3 9:16:0", 19},
    {"3 mai 2013 à 9 h 16 min", "2013-5-3 9:16:0", 24},
    {"3 mai 2013 à 9h16", "2013-5-3 9:16:0", 18},
    {"3 de mayo de 2013 a las 09:16", "2013-5-3 9:16:0", 29},
    {"3 maggio 2013 alle ore 9.16", "2013-5-3 9:16:0", 27},
    {"3 мая 2013 г. в 9:16", "2013-5-3 9:16:0", 25},
    {"3 Мая 2013", "2013-5-3 0:0:0", 13},
    {"3 mei 2013 om 09:16", "2013-5-3 9:16:0", 19},
    {"3 października 2013", "2013-10-3 0:0:0", 20},
    {"1er août 2013", "2013-8-1 0:0:0", 14},
    {"23. Juni 2016 um 17.21 Uhr", "2016-6-23 17:21:0", 26},
    {"23. Juni 2016 17.21", "2016-6-23 0:0:0", 13},
    {"Thursday, May 3, 2012 - 09:16", "2012-5-3 9:16:0", 29},
    {"Fri, 25/05/2012 - 22:29", "2012-5-25 22:29:0", 23},
    /* a Thursday, so the tenth of May */
    {"Thu, 10/05/2012 - 21:07", "2012-5-10 21:7:0", 23},
    {"05/25/2012 9:16 pm", "2012-5-25 21:16:0", 18},
    {"25/13/2012", NULL, 0},
    {"2013. május 3. - 09:16", "2013-5-3 9:16:0", 23},
    {"2013年5月3日 下午9:16", "2013-5-3 21:16:0", 26},
    {"3.5.2013 klo 9.16", "2013-5-3 9:16:0", 17},
    {"3 Mayıs 2013, 09:16", "2013-5-3 9:16:0", 20},
    {"3 de maio de 2013 às 09:16", "2013-5-3 9:16:0", 27},
    {"3 травня 2013 о 09:16", "2013-5-3 9:16:0", 28},
    {"3 maja 2013 o 09:16", "2013-5-3 9:16:0", 19},
    {"3. maj 2013 kl. 9:16", "2013-5-3 9:16:0", 20},
    {"29.07.2020 // 12:56", "2020-7-29 12:56:0", 19},
    {"07.08.09 um 10:25", "2009-8-7 10:25:0", 17},
    {"07.08.09", NULL, 0},
    {"2013/05/03 09:16", "2013-5-3 9:16:0", 16},
    {"2013年5月3日 09:16", "2013-5-3 9:16:0", 21},
    {"99 May 2013", "2013-5-99 0:0:0", 11},
    {"3 May 13", NULL, 0},
    {"3 May 20131", NULL, 0},
    {"3 Mayor 2013", NULL, 0},
    {"May 2013", NULL, 0},
    {"2013", NULL, 0},
    {"", NULL, 0},
};

START_TEST(test_dates)
{
    page_date d = {0};
    size_t used = page_date_read(weft_str_from(dates[_i].text), &d);
    ck_assert_msg(used == dates[_i].used, "%s: %zu", dates[_i].text, used);
    if (used > 0)
        ck_assert_str_eq(talloc_asprintf(mem, "%d-%d-%d %d:%d:%d", d.year, d.month, d.day,
                                         d.hour, d.minute, d.second),
                         dates[_i].date);
}
END_TEST

START_TEST(test_zone_and_bad_dates)
{
    weft_record_options options = {.tz = "Europe/Moscow"};
    weft_record_counts counts = {0};
    reading got = {0};
    fmt_source source = {.bytes = weft_str_from(
                             TOP "  1. A\n    A" D "  2. B\n    B 31 June 2013 09: 16 New\n"
                                 "  3. C\n    C 3 May 2013 25: 16 New\n"),
                         .name = "tide.txt",
                         .options = &options,
                         .counts = &counts};
    ck_assert_int_eq(read_source(&source, &got), WEFT_OK);
    ck_assert_uint_eq(got.count, 4);
    ck_assert_uint_eq(counts.bad_dates, 2);
    ck_assert_str_eq(date_text(got.records[1]),
                     "2013-05-03T05:16:00Z"); /* Moscow was at UTC+4 then */
    ck_assert_str_eq(date_text(got.records[2]), "unknown");
    ck_assert_str_eq(date_text(got.records[3]), "unknown");
    ck_assert_str_eq(got.records[1]->id, "tide/A/20130503T0516/1");
}
END_TEST

START_TEST(test_bad_bytes)
{
    reading *got = read_page("Si\xfft\x01"
                             "e\n\nTitle\n\nTitle\n\nBo\xc3"
                             "dy\n\n  1. A\n    A" D "    a\xf0\x9f\n");
    ck_assert_str_eq(got->records[0]->site, "Si\xef\xbf\xbdt e");
    ck_assert_str_eq(got->records[1]->body, "a\xef\xbf\xbd");
}
END_TEST

START_TEST(test_sniff)
{
    int page = fmt_page_sniff(weft_str_from(TOP "  1. A\n    A" D));
    int twice = fmt_page_sniff(weft_str_from(HEAD));
    int text = fmt_page_sniff(weft_str_from("Dear all,\nthis is a letter\n"));
    ck_assert_int_gt(page, twice);
    ck_assert_int_ge(page, 90);
    ck_assert_int_gt(twice, text);
    ck_assert_int_ge(twice, 50);
    ck_assert_int_lt(text, 50);
    ck_assert_int_eq(fmt_page_sniff(weft_str_from("{\"type\":\"article\"}\n")), 0);
    ck_assert_int_eq(fmt_page_sniff(weft_str_from("<?xml version=\"1.0\"?>\n")), 0);
    ck_assert_int_eq(fmt_page_sniff(weft_str_of("a\0b", 3)), 0);
    ck_assert_int_eq(fmt_page_sniff(weft_str_of(NULL, 0)), 0);
    ck_assert_int_eq(fmt_page_sniff(weft_str_from("\xef\xbb\xbf")), 0);
}
END_TEST

int main(void)
{
    TCase *c;
    Suite *s = new_suite("page", &c);
    tcase_add_test(c, test_article);
    tcase_add_loop_test(c, test_heads, 0, COUNT(heads));
    tcase_add_loop_test(c, test_trees, 0, COUNT(trees));
    tcase_add_loop_test(c, test_dates, 0, COUNT(dates));
    tcase_add_test(c, test_zone_and_bad_dates);
    tcase_add_test(c, test_bad_bytes);
    tcase_add_test(c, test_sniff);
    return run_suite(s);
}

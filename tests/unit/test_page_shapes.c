/* test_page_shapes.c - the ways pages write the line over a comment, in several languages;
 * titles and bylines of pages full of menus. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page_reading.h"
#include "banned.h"

static size_t skipped;

static void skip(void *ctx, size_t line, const char *reason)
{
    (void)ctx;
    ck_assert_uint_gt(line, 0);
    ck_assert_str_eq(reason, "pingback");
    skipped++;
}

static reading *read_with(const char *text, const fmt_choices *choices)
{
    reading *got = talloc_zero(mem, reading);
    weft_error err = {0};
    fmt_source source = {
        .bytes = weft_str_from(text), .name = "tide.txt", .choices = choices};
    fmt_sink sink = {.emit = keep, .refuse = refuse, .skip = skip, .ctx = got};
    skipped = 0;
    ck_assert_int_eq(fmt_page_read(mem, &source, &sink, &err), WEFT_OK);
    ck_assert_uint_ge(got->count, 1);
    return got;
}

/* "AUTHOR>PARENT'S AUTHOR DATE body;..." */
static const char *comments(const reading *got)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    for (size_t i = 1; i < got->count; i++) {
        const weft_record *r = got->records[i];
        const char *parent = "-";
        for (size_t k = 1; r->parent != NULL && k < i; k++)
            if (strcmp(got->records[k]->id, r->parent) == 0)
                parent = got->records[k]->author;
        weft_buf_addf(&b, "%s%s>%s %.16s %s", i == 1 ? "" : ";",
                      r->author == NULL ? "-" : r->author, parent, date_text(r),
                      r->body == NULL ? "-" : r->body);
    }
    return b.p;
}

static const struct {
    const char *what, *page, *comments;
} shapes[] = {
    {"French",
     " 1. Ann dit :\n    3 mai 2013 à 09:16\n\n    Oui.\n\n    Répondre\n     1. Bob dit :\n"
     "        4 mai 2013 à 9 h 17 min\n\n        Non.\n\n        Répondre\n",
     "Ann>- 2013-05-03T09:16 Oui.;Bob>Ann 2013-05-04T09:17 Non."},
    {"Russian",
     " 1. Жанна пишет:\n    3 мая 2013 в 09:16\n\n    Да.\n\n    Ответить\n 2. Юля пишет:\n"
     "    4 декабря 2013 г. в 10:00\n\n    Нет.\n\n    Ответить\n",
     "Жанна>- 2013-05-03T09:16 Да.;Юля>- 2013-12-04T10:00 Нет."},
    {"Spanish",
     " 1. Ana dice:\n    3 de mayo de 2013 a las 09:16\n\n    Sí.\n\n    Responder\n",
     "Ana>- 2013-05-03T09:16 Sí."},
    {"Italian, hours with a point",
     " 1. Ada ha detto:\n    3 maggio 2013 alle 09.16\n\n    Sì.\n\n    Rispondi\n",
     "Ada>- 2013-05-03T09:16 Sì."},
    {"Russian without a word for says",
     " 1. Жанна:\n    03.05.2013 в 09:16\n\n    Да.\n\n    Ответить\n",
     "Жанна>- 2013-05-03T09:16 Да."},
    {"Dutch, Swedish, Polish, Portuguese, Turkish",
     " 1. A schreef:\n    3 mei 2013 om 09:16\n\n    a\n\n    Beantwoorden\n 2. B skriver:\n"
     "    3 maj 2013 kl. 09:17\n\n    b\n\n    Svara\n 3. C pisze:\n    3 maja 2013 o 09:18\n\n    c\n\n    Odpowiedz\n"
     " 4. D disse:\n    3 de maio de 2013 às 09:19\n\n    d\n\n    Responder\n 5. E dedi ki:\n    3 Mayıs 2013, 09:20\n\n"
     "    e\n\n    Yanıtla\n",
     "A>- 2013-05-03T09:16 a;B>- 2013-05-03T09:17 b;C>- 2013-05-03T09:18 c;D>- 2013-05-03T09:19 d;E>- 2013-05-03T09:20 e"},
    {"Chinese", " 1. 安说：\n    2013年5月3日 下午9:16\n\n    是\n\n    回复\n",
     "安>- 2013-05-03T21:16 是"},
    {"English, the month first",
     " 1. Ann says:\n    May 3, 2013 at 9:16 pm\n\n    Yes.\n\n    Reply\n",
     "Ann>- 2013-05-03T21:16 Yes."},
    {"all on one line, pictures and badges",
     " 1. [675e1]Ann Lee 11. Dezember 2012 um 11:07\n\n    Danke!\n\n    Antwort ↓\n"
     "     1. [db933]Bob Autor11. Dezember 2012 um 13:19\n\n        Gern.\n\n        Antwort ↓\n",
     "Ann Lee>- 2012-12-11T11:07 Danke!;Bob>Ann Lee 2012-12-11T13:19 Gern."},
    {"said after the date",
     " 1. Ann on May 3, 2013 at 9:16 am said:\n\n    Yes.\n\n    Reply\n"
     " 2. Bob schrieb am 4. Mai 2013 um 10:00 Uhr:\n\n    No.\n",
     "Ann>- 2013-05-03T09:16 Yes.;Bob>- 2013-05-04T10:00 No."},
    {"a header that is wrapped",
     " 9. [675e1]Ann Leonora Katharina 11. Dezember\n    2012 um 11:07\n\n    Danke!\n"
     "10. [675e1]Bob 11. Dezember 2012 um 11:08\n\n    Gern.\n",
     "Ann Leonora Katharina>- 2012-12-11T11:07 Danke!;Bob>- 2012-12-11T11:08 Gern."},
    {"numbers flush right: ten is no reply",
     " 9. Ann 1. Mai 2012 um 11:07\n\n    a\n\n     1. Bob 1. Mai 2012 um 11:08\n\n        b\n\n"
     "10. Cy 1. Mai 2012 um 11:09\n\n    c\n\n     1. Di 1. Mai 2012 um 11:10\n\n        d\n",
     "Ann>- 2012-05-01T11:07 a;Bob>Ann 2012-05-01T11:08 b;Cy>- 2012-05-01T11:09 c;"
     "Di>Cy 2012-05-01T11:10 d"},
    {"boxes and votes, dates that count from now",
     " 1. [ ]\n     \n    7\n    ann avatar ann 11 hours ago | link\n\n    Hello.\n\n     1. [ ]\n         \n"
     "        bob avatar bob edited 5 hours ago | link\n\n        No.\n",
     "ann>- unknown Hello.;bob>ann unknown No."},
    {"a picture, the name, the date",
     " 1. 1 [94a40a]\n    Ann Lee\n    December 14, 2019 8:44 pm\n\n    Yes.\n\n    Reply\n",
     "Ann Lee>- 2019-12-14T20:44 Yes."},
    {"dots for numbers, a blank line before the date",
     "  • Ann says:\n\n    14/04/2020 at 3:00 pm\n\n    Yes.\n\n    Reply\n      □ Bob says:\n\n"
     "        15/04/2020 at 3:00 pm\n\n        No.\n",
     "Ann>- 2020-04-14T15:00 Yes.;Bob>Ann 2020-04-15T15:00 No."},
    {"no list at all",
     "Ann sagt:\n31. Oktober 2023 um 15:15 Uhr\n\nHallo!\n\nZum Antworten anmelden\n\n  • Bob sagt:\n"
     "    31. Oktober 2023 um 15:17 Uhr\n\n    Ja.\n\nCy sagt:\n31. Oktober 2023 um 15:20 Uhr\n\nNein.\n",
     "Ann>- 2023-10-31T15:15 Hallo!;Bob>Ann 2023-10-31T15:17 Ja.;Cy>- 2023-10-31T15:20 Nein."},
    {"lists in bodies and footers are none",
     " 1. Ann sagt:\n    23. Juni 2016 um 17:21 Uhr\n\n    1. Eins\n    2. Zwei 3 Mai 2013 09:16\n    3. Drei\n\n"
     "    Antworten\n 2. Bob sagt:\n    23. Juni 2016 um 17:22 Uhr\n\n    b\n 3. C sagt:\n    23. Juni 2016 um 17:23 Uhr\n\n"
     "    c\n 4. D sagt:\n    23. Juni 2016 um 17:24 Uhr\n\n    d\n 5. E sagt:\n    23. Juni 2016 um 17:25 Uhr\n\n    e\n"
     " 6. F sagt:\n    23. Juni 2016 um 17:26 Uhr\n\n    f\n\nLetzte Artikel\n\n 1. Ebbe 3. Mai 2013 um 09:16\n"
     " 2. Flut\n",
     "Ann>- 2016-06-23T17:21 1. Eins\n2. Zwei 3 Mai 2013 09:16\n3. Drei;Bob>- 2016-06-23T17:22 b;"
     "C>- 2016-06-23T17:23 c;D>- 2016-06-23T17:24 d;E>- 2016-06-23T17:25 e;F>- 2016-06-23T17:26 f"},
    {"a footer below the last comment",
     " 1. Ann sagt:\n    23. Juni 2016 um 17:21 Uhr\n\n    a\n\n    Antworten\n\nKommentar verfassen\n\n"
     "       [                    ]\n",
     "Ann>- 2016-06-23T17:21 a"},
    {"still waiting for approval",
     " 1. Ann says:\n    May 3, 2013 at 9:16 am\n\n    Your comment is awaiting moderation.\n\n    Yes.\n",
     "Ann>- 2013-05-03T09:16 Yes."},
    {"a body that quotes",
     " 1. Ann sagt:\n    23. Juni 2016 um 17:21 Uhr\n\n        Warum?\n\n    Darum.\n",
     "Ann>- 2016-06-23T17:21     Warum?\n\nDarum."},
};

START_TEST(test_shapes)
{
    reading *got = read_with(talloc_asprintf(mem, "%s%s", TOP, shapes[_i].page), NULL);
    ck_assert_msg(strcmp(comments(got), shapes[_i].comments) == 0, "%s: %s",
                  shapes[_i].what, comments(got));
    ck_assert_uint_eq(got->refused, 0);
}
END_TEST

/* Cut off anywhere, a page is read without a crash and gives proper records. */
START_TEST(test_cut_anywhere)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (size_t n = strlen(shapes[i].page); n-- > 0;) {
            char *page = talloc_asprintf(mem, "%s%.*s", TOP, (int)n, shapes[i].page);
            reading *got = read_with(page, NULL);
            ck_assert_str_eq(got->records[0]->title, "Tide turns");
            talloc_free(page);
        }
}
END_TEST

#define PINGS                                                                              \
    TOP " 1. Ann 1. Mai 2012 um 11:07\n\n    a\n\n 2. Pingback: Elsewhere | A blog\n\n"    \
        " 3. Bob 1. Mai 2012 um 11:09\n\n    b\n\n"

START_TEST(test_pingbacks)
{
    const fmt_choices choices = {.include = FMT_PINGBACK};
    ck_assert_str_eq(comments(read_with(PINGS, NULL)),
                     "Ann>- 2012-05-01T11:07 a;Bob>- 2012-05-01T11:09 b");
    ck_assert_uint_eq(skipped, 1);
    reading *all = read_with(PINGS, &choices);
    ck_assert_uint_eq(all->count, 4);
    ck_assert_str_eq(all->records[2]->kind, "pingback");
    ck_assert_str_eq(all->records[2]->body, "Elsewhere | A blog");
    ck_assert_uint_eq(skipped, 0);
}
END_TEST

START_TEST(test_as_of)
{
    const fmt_choices choices = {.has_as_of = true, .as_of_s = 7200 + 86400};
    reading *got =
        read_with(TOP " 1. [ ]\n    ann 2 hours ago | link\n\n    Hello.\n", &choices);
    ck_assert_str_eq(comments(got), "ann>- 1970-01-02T00:00 Hello.");
    /* a copy saved later gives the same id */
    const fmt_choices later = {.has_as_of = true, .as_of_s = 7200 + 2 * 86400};
    reading *again =
        read_with(TOP " 1. [ ]\n    ann 1 day ago | link\n\n    Hello.\n", &later);
    ck_assert_str_eq(again->records[1]->id, got->records[1]->id);
}
END_TEST

#define PROSE                                                                              \
    "The harbour was dry this morning, and the boats lay on their sides in the mud, for the second time this year.\n"
#define ONE "\n\n 1. Ann says:\n    May 3, 2013 at 9:16 am\n\n    Yes.\n"

static const struct {
    const char *what, *page, *site, *title, *author, *date, *body;
} tops[] = {
    {"menus above, a byline below the title",
     "Skip to content\n\nHarbour News\n\n  • Home\n  • About\n\nSearch: [           ]\nTown\n\nTide turns\n\n"
     "May 3, 2013 at 9:16 am - Eva Moll - 12 comments\n\n" PROSE
     "\nShare this:\n\n  • Facebook\n\n12 comments" ONE,
     "Harbour News", "Tide turns", "Eva Moll", "2013-05-03T09:16:00Z",
     "The harbour was dry this morning, and the boats lay on their sides in the mud, for the second time this year."},
    {"a heading repeats the title",
     "Harbour\n\nHarbour\n\nA blog\n\nTide turns\n\n" PROSE
     "\n4 thoughts on “Tide turns”" ONE,
     "Harbour", "Tide turns", NULL, "unknown",
     "The harbour was dry this morning, and the boats lay on their sides in the mud, for the second time this year."},
    {"a title that is wrapped",
     "Harbour\n\nTide turns for the second time in a year and leaves\nthe boats in the mud\n\n" PROSE
         ONE,
     "Harbour", "Tide turns for the second time in a year and leaves the boats in the mud",
     NULL, "unknown",
     "The harbour was dry this morning, and the boats lay on their sides in the mud, for the second time this year."},
    {"no site", "Home Recent Search\n\nTide turns\n\n" PROSE ONE, NULL, "Tide turns", NULL,
     "unknown",
     "The harbour was dry this morning, and the boats lay on their sides in the mud, for the second time this year."},
    {"a notice about cookies first",
     "This site uses cookies, so that it can do what it does; by going on you agree to that.\n\nHarbour\n\nTide turns\n\n" PROSE
         ONE,
     "Harbour", "Tide turns", NULL, "unknown",
     "The harbour was dry this morning, and the boats lay on their sides in the mud, for the second time this year."},
};

START_TEST(test_tops)
{
    reading *got = read_with(tops[_i].page, NULL);
    const weft_record *a = got->records[0];
    ck_assert_pstr_eq(a->title, tops[_i].title);
    ck_assert_pstr_eq(a->site, tops[_i].site);
    ck_assert_pstr_eq(a->author, tops[_i].author);
    ck_assert_str_eq(date_text(a), tops[_i].date);
    ck_assert_pstr_eq(a->body, tops[_i].body);
    ck_assert_uint_eq(got->count, 2);
}
END_TEST

int main(void)
{
    TCase *c;
    Suite *s = new_suite("page_shapes", &c);
    tcase_add_loop_test(c, test_shapes, 0, COUNT(shapes));
    tcase_add_test(c, test_cut_anywhere);
    tcase_add_test(c, test_pingbacks);
    tcase_add_test(c, test_as_of);
    tcase_add_loop_test(c, test_tops, 0, COUNT(tops));
    return run_suite(s);
}

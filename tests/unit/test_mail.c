/* test_mail.c - messages taken apart, and their threads. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "formats/mail.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void *mem;
static weft_error err;

static void set_up(void)
{
    mem = talloc_new(NULL);
    err = (weft_error){0};
}

static void tear_down(void)
{
    talloc_free(mem);
}

static mail parse(const char *text, const char *tz)
{
    mail m = {0};
    ck_assert_int_eq(mail_parse(mem, weft_str_from(text), tz, &m, &err), WEFT_OK);
    return m;
}

static const struct {
    const char *header, *author;
} authors[] = {
    {"Ann Lee <ann@x.example>", "Ann Lee"},
    {"\"Lee, Ann\" <ann@x.example>", "Lee, Ann"},
    {"ann@x.example (Ann Lee)", "Ann Lee"},
    {"ann@x.example", "ann"},
    {"<ann@x.example>", "ann"},
    {"ann at x.example (Ann Lee)", "Ann Lee"},
    {"ann at x.example", "ann"},
    {"=?utf-8?q?J=C3=BCrgen?= <j@x.example>", "J\xC3\xBCrgen"},
    {"=?iso-8859-1?B?SvxyZ2Vu?= <j@x.example>", "J\xC3\xBCrgen"},
    {"\"ann@x.example\" <ann@x.example>", "ann"},
};

START_TEST(authors_without_addresses)
{
    const char *text = talloc_asprintf(mem, "From: %s\n\nx\n", authors[_i].header);
    mail m = parse(text, NULL);
    ck_assert_msg(weft_str_is(m.author, authors[_i].author), "%s: %s", authors[_i].header,
                  m.author.p);
}
END_TEST

static const struct {
    const char *header, *tz;
    int64_t s;
    bool bad;
} dates[] = {
    {"Thu, 1 Jan 1970 00:00:10 +0000", NULL, 10, false},
    {"Thu, 1 Jan 1970 02:00:10 +0200", "Europe/Berlin", 10, false},
    {"Thu, 1 Jan 1970 00:00:10 GMT", "Europe/Berlin", 10, false},
    {"Thu Jan  1 00:00:10 1970", NULL, 10, false},
    {"Thu, 1 Jan 1970 01:00:10", "Europe/Berlin", 10, false},
    {"some day", NULL, WEFT_DATE_UNKNOWN, true},
    {"", NULL, WEFT_DATE_UNKNOWN, false},
};

START_TEST(dates_with_and_without_a_zone)
{
    const char *text = talloc_asprintf(mem, "Date: %s\nFrom: a@x\n\nx\n", dates[_i].header);
    mail m = parse(text, dates[_i].tz);
    ck_assert_msg(m.published_s == dates[_i].s && m.has_bad_date == dates[_i].bad,
                  "%s: %lld", dates[_i].header, (long long)m.published_s);
}
END_TEST

#define TYPE "Subject: s\nMIME-Version: 1.0\nContent-Type: "

static const struct {
    const char *text, *body;
    weft_format format;
} bodies[] = {
    {"Subject: s\n\n> quoted\nown\n-- \nAnn\n", "> quoted\nown\n-- \nAnn", WEFT_TEXT},
    {"Subject: s\n\na\r\nb\r\n", "a\nb", WEFT_TEXT},
    {TYPE "text/plain; charset=iso-8859-1\n\ncaf\xE9\n", "caf\xC3\xA9", WEFT_TEXT},
    {TYPE "text/plain; charset=koi8-r\n\n\xD0\n", "\xD0\xBF", WEFT_TEXT},
    {TYPE "text/plain\n\ncaf\xE9\n", "caf\xC3\xA9", WEFT_TEXT},
    {TYPE "text/plain\n\ncaf\xC3\xA9\n", "caf\xC3\xA9", WEFT_TEXT},
    {TYPE "text/plain; charset=klingon\n\ncaf\xE9\n", "caf\xC3\xA9", WEFT_TEXT},
    {TYPE "text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nY2Fmw6k=\n",
     "caf\xC3\xA9", WEFT_TEXT},
    {TYPE "text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
          "a=3Db so=\nft\n",
     "a=b soft", WEFT_TEXT},
    {TYPE "text/html\n\n<p>Hi\n", "<p>Hi", WEFT_HTML},
    {TYPE "multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain\n\nplain\n"
          "--B\nContent-Type: text/html\n\n<p>rich\n--B--\n",
     "plain", WEFT_TEXT},
    {TYPE "multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\none\n"
          "--B\nContent-Type: image/png; name=cat.png\n\nPNG\n"
          "--B\nContent-Type: text/x-patch\nContent-Disposition: attachment; "
          "filename=\"fix.patch\"\n\n+x\n"
          "--B\nContent-Type: text/plain\n\nlist footer\n--B--\n",
     "one\n\nlist footer\n\n[cat.png]\n[fix.patch]", WEFT_TEXT},
    {TYPE "multipart/mixed; boundary=B\n\n--B\nContent-Type: text/plain\n\nnever ended\n",
     "never ended", WEFT_TEXT},
    {"Subject: s\n\n", "", WEFT_TEXT},
    {"Subject: only headers\n", "", WEFT_TEXT},
};

START_TEST(texts)
{
    mail m = parse(bodies[_i].text, NULL);
    ck_assert_msg(weft_str_is(m.body, bodies[_i].body), "row %d: %s", _i, m.body.p);
    ck_assert_int_eq(m.format, bodies[_i].format);
}
END_TEST

static const struct {
    const char *subject, *plain;
} subjects[] = {
    {"Re: x", "x"},
    {"RE: AW: Re[2]: x", "x"},
    {"Re : x", "x"},
    {"Antw: x: y", "x: y"},
    {"Read this", "Read this"},
    {"[list] Re: x", "[list] Re: x"},
    {"", ""},
    {"Re:", ""},
};

START_TEST(subjects_without_marks)
{
    weft_str plain = mail_plain_subject(weft_str_from(subjects[_i].subject));
    ck_assert_msg(weft_str_is(plain, subjects[_i].plain), "%s", subjects[_i].subject);
}
END_TEST

START_TEST(ids)
{
    mail m = parse("Message-ID:\n <a@x>\nIn-Reply-To: message of \"Mon\" from <b@x> on\n"
                   "\t<c@x>\nReferences: <yes>\n <r1@x>\n <broken id> <r2@x>\n\nx\n",
                   NULL);
    ck_assert(weft_str_is(m.id, "a@x"));
    ck_assert_uint_eq(m.answer_count, 2);
    ck_assert(weft_str_is(m.answers[1], "c@x"));
    ck_assert_uint_eq(m.reference_count, 3);
    ck_assert(weft_str_is(m.references[0], "yes"));
    ck_assert(weft_str_is(m.references[2], "r2@x"));
    mail one = parse("Subject: a\n\nx\n", NULL), same = parse("Subject: a\n\nx\n", NULL),
         other = parse("Subject: a\n\ny\n", NULL);
    ck_assert(weft_str_eq(one.id, same.id));
    ck_assert(!weft_str_eq(one.id, other.id));
}
END_TEST

/* So many references are kept; of more, the first one and the last ones. */
START_TEST(references_have_a_limit)
{
    int count = WEFT_MAIL_REFERENCES_MAX + _i;
    char *text = talloc_strdup(mem, "Message-ID: <a@x>\nReferences:");
    for (int i = 0; i < count; i++)
        text = talloc_asprintf_append(text, " <%d@x>", i);
    mail m = parse(talloc_asprintf_append(text, "\n\nx\n"), NULL);
    ck_assert_uint_eq(m.reference_count, WEFT_MAIL_REFERENCES_MAX);
    ck_assert(weft_str_is(m.references[0], "0@x"));
    ck_assert(weft_str_is(m.references[1], _i == 0 ? "1@x" : "2@x"));
    char *last = talloc_asprintf(mem, "%d@x", count - 1);
    ck_assert(weft_str_is(m.references[m.reference_count - 1], last));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("mail");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, authors_without_addresses, 0, (int)COUNT(authors));
    tcase_add_loop_test(t, dates_with_and_without_a_zone, 0, (int)COUNT(dates));
    tcase_add_loop_test(t, texts, 0, (int)COUNT(bodies));
    tcase_add_loop_test(t, subjects_without_marks, 0, (int)COUNT(subjects));
    tcase_add_test(t, ids);
    tcase_add_loop_test(t, references_have_a_limit, 0, 2);
    Suite *s = suite_create("mail");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

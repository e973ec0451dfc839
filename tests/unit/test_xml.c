/* test_xml.c - broken XML read past; addresses of one page; text as one reads it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "indexer/formats/plain.h"
#include "indexer/formats/urls.h"
#include "indexer/formats/xml.h"
#include "banned.h"

static void *mem;

static void setup(void)
{
    mem = talloc_new(NULL);
}

static void teardown(void)
{
    talloc_free(mem);
}

static xml *open_text(weft_str text)
{
    weft_error err = {0};
    input *in;
    xml *x;
    int fd = memfd_create("xml", 0);
    ck_assert(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n);
    char *name = talloc_asprintf(mem, "/proc/self/fd/%d", fd);
    ck_assert_msg(input_open(mem, name, NULL, &in, &err) == WEFT_OK, "%s", err.text);
    ck_assert(xml_open(mem, in, &x, &err) == WEFT_OK);
    close(fd);
    return x;
}

/* The events as "<name" and ">name", the text of a <t> in brackets; "!" when it was cut. */
static const char *events_of(weft_str text)
{
    weft_error err = {0};
    xml_event event;
    weft_buf b;
    xml *x = open_text(text);
    weft_buf_init(&b, mem, 16 * (size_t)WEFT_BODY_MAX);
    for (;;) {
        const char *inner;
        ck_assert(xml_next(x, &event, &err) == WEFT_OK);
        if (event == XML_END)
            break;
        if (event == XML_OPEN && xml_is(x, "t")) {
            ck_assert(xml_text(x, mem, XML_DECODED, &inner, &err) == WEFT_OK);
            weft_buf_addf(&b, "[%s]", inner == NULL ? "" : inner);
            continue;
        }
        weft_buf_addf(&b, "%c%" WEFT_STR_FMT, event == XML_OPEN ? '<' : '>',
                      WEFT_STR_ARG(xml_name(x)));
        if (event == XML_OPEN && xml_attribute(x, "k") != NULL)
            weft_buf_addf(&b, " k=%s", xml_attribute(x, "k"));
    }
    if (xml_is_cut(x))
        weft_buf_add_text(&b, "!");
    return b.p;
}

START_TEST(events)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"no tags", ""},
        {"<a><b/><c></c></a>", "<a<b>b<c>c>a"},
        {"`<?xml version=\"1.0\"?><a>x</a> junk", "<a>a"},
        {"<!-- <x> --><!DOCTYPE a [<!ENTITY e \"v\">]><a><!----></a>", "<a>a"},
        {"<a></a><?xml version='1.0'?><b></b>", "<a>a<b>b"},
        /* end tags that fit nothing, or close more than one */
        {"<a></b></a><c></c>", "<a>a<c>c"},
        {"<a><b><c></a><d></d>", "<a<b<c>c>b>a<d>d"},
        /* attributes */
        {"<a k='v' x></a>", "<a k=v>a"},
        {"<a k=v></a>", "<a k=v>a"},
        {"<a k=v/>", "<a k=v>a"},
        {"<a k=/x/y/></a>", "<a k=/x/y>a"},
        {"<a k = \"a&amp;b>c&#39;\" k=\"second\"></a>", "<a k=a&b>c'>a"},
        {"<a / \" k=v ></a>", "<a k=v>a"},
        {"<a <b></b></a>", "<a<b>b>a"},
        /* prefixes: as written, or the usual one of a namespace */
        {"<w:x/><wp:y/>", "<w:x>w:x<wp:y>wp:y"},
        {"<r xmlns:w='http://wordpress.org/export/1.2/'><w:x/></r><w:x/>",
         "<r<wp:x>wp:x>r<w:x>w:x"},
        {"<n:feed xmlns:n='http://www.w3.org/2005/Atom'><n:id/></n:feed>",
         "<feed<id>id>feed"},
        {"<n:in-reply-to xmlns:n='http://purl.org/syndication/thread/1.0'/>",
         "<thr:in-reply-to>thr:in-reply-to"},
        /* texts */
        {"<t> a &amp; b &lt;c&gt; </t>", "[a & b <c>]"},
        {"<t/><t></t><t>  </t>", "[][][]"},
        {"<t>x<![CDATA[<b>&amp;]]>y<![CDATA[]]]]><![CDATA[>]]></t>", "[x<b>&amp;y]]>]"},
        {"<t>a < b <3 & c &x; &#x41;&#66;&nbsp;&#150;</t>",
         "[a < b <3 & c &x; AB\xC2\xA0\xE2\x80\x93]"},
        {"<t>a<i k='&amp;'>b</i><br/>c</t>", "[a<i k='&'>b</i><br/>c]"},
        {"<t>a<!-- no -->b<?php no ?>c</t>", "[abc]"},
        {"<a><t>b</a><c/>", "<a[b]>a<c>c"},
        {"<t>&#0;&#xD800;&#x110000;&#99999999999;&#7;.</t>",
         "[\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD .]"},
        {"<t>\x92\xE9 \xC3\xA9\x07.</t>", "[\xE2\x80\x99\xC3\xA9 \xC3\xA9 .]"},
        /* cut off */
        {"<a><b>", "<a<b!"},
        {"<a><b", "<a!"},
        {"<a></a", "<a!"},
        {"<a></a><b k='", "<a>a!"},
        {"<a></a><!-- x", "<a>a!"},
        {"<a></a><", "<a>a!"},
        {"<a><t>b", "<a[]!"},
        {"<a><t><![CDATA[b]]", "<a[]!"},
        {"<a><t>b</t", "<a[]!"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(strcmp(events_of(weft_str_from(rows[i][0])), rows[i][1]) == 0,
                      "%s\n  %s", rows[i][0], events_of(weft_str_from(rows[i][0])));
}
END_TEST

/* A byte of value 0 as the last name of a tag that is cut off. */
START_TEST(zero_bytes)
{
    ck_assert_str_eq(events_of(weft_str_of("<a \0", 4)), "!");
    ck_assert_str_eq(events_of(weft_str_of("<a \0b=1 \0/>", 11)), "<a>a");
    ck_assert_str_eq(events_of(weft_str_of("<t>a\0b</t>", 10)), "[a b]");
}
END_TEST

/* The same events wherever the chunks of the input end. */
START_TEST(chunks)
{
    static const char text[] =
        "<a k='v&amp;w'><t>x<![CDATA[]]]]>&lt;é</t><!-- - -- --></a>";
    enum { CHUNK = 64 * 1024, BEFORE = 80 };
    for (size_t cut = 0; cut <= sizeof text; cut++) {
        char *padded = talloc_size(mem, CHUNK + BEFORE);
        memset(padded, ' ', CHUNK + BEFORE);
        memcpy(padded + CHUNK - cut, text, sizeof text - 1);
        const char *got = events_of(weft_str_of(padded, CHUNK + BEFORE));
        ck_assert_msg(strcmp(got, "<a k=v&w[x]]<é]>a") == 0, "at %zu: %s", cut, got);
        talloc_free(padded);
    }
}
END_TEST

START_TEST(limits)
{
    weft_buf b;
    weft_buf_init(&b, mem, 4 * (size_t)WEFT_BODY_MAX);
    for (int i = 0; i <= XML_DEPTH_MAX; i++)
        weft_buf_addf(&b, "<d%d>", i);
    for (int i = XML_DEPTH_MAX; i >= 0; i--)
        weft_buf_addf(&b, "</d%d>", i);
    weft_buf_add_text(&b, "<after/>");
    const char *got = events_of(weft_buf_str(&b));
    ck_assert_ptr_nonnull(strstr(got, "<d63>d63"));
    ck_assert_ptr_null(strstr(got, "d64"));
    ck_assert_ptr_nonnull(strstr(got, ">d0<after>after"));
    weft_buf_clear(&b);
    weft_buf_add_text(&b, "<t>");
    for (int i = 0; i < 2 * WEFT_BODY_MAX; i++)
        weft_buf_add_char(&b, 'x');
    weft_buf_add_text(&b, "</t><after/>");
    got = events_of(weft_buf_str(&b));
    ck_assert_uint_gt(strlen(got), WEFT_BODY_MAX + 1);
    ck_assert_uint_lt(strlen(got), 2 * (size_t)WEFT_BODY_MAX);
    ck_assert_ptr_nonnull(strstr(got, "x]<after>after"));
    weft_buf_clear(&b);
    for (int i = 0; i < 2 * XML_ATTRIBUTE_MAX; i++)
        weft_buf_add_text(&b, i == 0 ? "<a k=" : "v");
    weft_buf_add_text(&b, "></a>");
    ck_assert_uint_eq(strlen(events_of(weft_buf_str(&b))),
                      strlen("<a k=>a") + XML_ATTRIBUTE_MAX);
    weft_buf_clear(&b);
    for (int i = 0; i <= XML_ATTRIBUTES_MAX; i++)
        weft_buf_addf(&b, i == 0 ? "<a" : " a%d=1", i);
    weft_buf_add_text(&b, " k=1></a>");
    ck_assert_str_eq(events_of(weft_buf_str(&b)), "<a>a");
}
END_TEST

START_TEST(roots)
{
    static const char *const rows[][2] = {
        {"<rss version='2.0'>", "rss"},
        {"`<?xml version='1.0'?>\n<!-- <x> -->\n<a:feed xmlns:a='x'>", "feed"},
        {"<br />\n<b>Warning</b>: no\n<?xml version='1.0'?><rss>", "rss"},
        {"<!DOCTYPE html><HTML>", "HTML"},
        {"no tags <", ""},
        {"<!-- never ends <a>", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_msg(weft_str_is(xml_root(weft_str_from(rows[i][0])), rows[i][1]), "%s",
                      rows[i][0]);
}
END_TEST

START_TEST(addresses)
{
    static const char *const rows[][3] = {
        {"https://www.H.example:443/a/B/?utm_source=x&p=3&fbclid=1#c2", "h.example/a/B?p=3",
         "/a/B?p=3"},
        {"http://h.example/", "h.example", ""},
        {"//h.example//a///index.html", "h.example/a", "/a"},
        {"/a/", "/a", "/a"},
        {"HTTP://h.example./a%C3%a9%2f%7e", "h.example/a\xC3\xA9%2F~", "/a\xC3\xA9%2F~"},
        {"http://h.example:8080/?x", "h.example:8080?x", "?x"},
        {"h.example/a?replytocom=7", "h.example/a", "/a"},
        {"http://h.example/a?amplitude=1", "h.example/a?amplitude=1", "/a?amplitude=1"},
        {"http://h.example/%", "h.example/%", "/%"},
        {"", "", ""},
    };
    weft_error err = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fmt_url url;
        ck_assert(fmt_url_fold(mem, rows[i][0], &url, &err) == WEFT_OK);
        ck_assert_str_eq(url.whole, rows[i][1]);
        ck_assert_str_eq(url.path, rows[i][2]);
    }
}
END_TEST

START_TEST(ids_that_fit)
{
    weft_error err = {0};
    char text[WEFT_ID_MAX + 2];
    const char *id, *other;
    memset(text, 'x', sizeof text);
    text[WEFT_ID_MAX] = '\0';
    ck_assert(fmt_fit_id(mem, text, &id, &err) == WEFT_OK && id == text);
    text[WEFT_ID_MAX] = 'x';
    text[WEFT_ID_MAX + 1] = '\0';
    ck_assert(fmt_fit_id(mem, text, &id, &err) == WEFT_OK);
    ck_assert_uint_eq(strlen(id), WEFT_ID_MAX);
    text[WEFT_ID_MAX] = 'y';
    ck_assert(fmt_fit_id(mem, text, &other, &err) == WEFT_OK);
    ck_assert_str_ne(id, other);
}
END_TEST

START_TEST(headlines)
{
    static const char *const rows[][2] = {
        {"A &#8211; <em>b</em> &amp; c", "A \xE2\x80\x93 b & c"},
        {"I <3 you & a<b", "I <3 you & a<b"},
        {"&amp;amp; &bogus; &", "&amp; &bogus; &"},
        {"plain", "plain"},
    };
    weft_error err = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text;
        ck_assert(plain_text(mem, rows[i][0], &text, &err) == WEFT_OK);
        ck_assert_str_eq(text, rows[i][1]);
    }
}
END_TEST

START_TEST(languages)
{
    static const char *const rows[][2] = {
        {"fr-FR", "fr"}, {"EN", "en"}, {"de_AT", "de"}, {"deu", NULL},
        {"", NULL},      {"f1", NULL}, {NULL, NULL},    {"english", NULL}};
    weft_error err = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *lang;
        ck_assert(plain_language(mem, rows[i][0], &lang, &err) == WEFT_OK);
        ck_assert_pstr_eq(lang, rows[i][1]);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("xml");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, setup, teardown);
    tcase_add_test(all, events);
    tcase_add_test(all, zero_bytes);
    tcase_add_test(all, chunks);
    tcase_add_test(all, limits);
    tcase_add_test(all, roots);
    tcase_add_test(all, addresses);
    tcase_add_test(all, ids_that_fit);
    tcase_add_test(all, headlines);
    tcase_add_test(all, languages);
    suite_add_tcase(suite, all);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

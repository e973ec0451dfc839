/* test_body.c - bodies of HTML and Markdown as text: what a reader would see, and that no body
 * takes long or breaks anything. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>

#include "weft/body.h"
#include "weft/limits.h"
#include "weft/mem.h"

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

typedef struct row {
    const char *body, *text;
} row;

static weft_str text_of(weft_str body, weft_format format)
{
    weft_str out;
    weft_error err = {0};
    ck_assert_int_eq(weft_body_text(mem, body, format, &out, &err), WEFT_OK);
    return out;
}

static void check_row(const row *r, weft_format format)
{
    weft_str out = text_of(weft_str_from(r->body), format);
    ck_assert_msg(weft_str_is(out, r->text), "%s\nis\n%.*s\nnot\n%s", r->body,
                  WEFT_STR_ARG(out), r->text);
}

static const row html_rows[] = {
    {"", ""},
    {"plain words", "plain words"},
    /* tags, attributes and what is not shown */
    {"<b>bold</b> and <i class=\"x y\" title='a > b'>slanted</i>", "bold and slanted"},
    {"un<b>believ</b>able", "unbelievable"},
    {"a<script>var x = '<b>';</script>b<STYLE>p{}</STYLE >c", "abc"},
    {"a <!-- hidden > too -->b<!--> c<!---> d", "a b c d"},
    {"a<script>never closed <p>b", "a"},
    {"a<!-- never closed <p>b", "a"},
    {"a<title>never closed</b> b", "anever closed b"},
    {"<head><title>x</title></head><header>y</header>z", "y\nz"},
    {"<!DOCTYPE html><?php x ?>a</ b>c", "ac"},
    {"<o:p>word</o:p><unknown a=1>more</unknown>", "wordmore"},
    {"<svg><path d=\"1\"/><text>no</text></svg>yes", "yes"},
    /* what only looks like a tag */
    {"I <3 you, a < b and 5<6", "I <3 you, a < b and 5<6"},
    {"end <", "end <"},
    {"end <b", "end <b"},
    {"write <me@example.com> or <http://example.com/a>",
     "write me@example.com or http://example.com/a"},
    {"<a href=\"unclosed>link</a> on", "link on"},
    {"</blockquote></p></li></ul></aside></pre></code></a>x", "x"},
    /* entities */
    {"&lt;b&gt; &amp; &quot;x&quot; &apos; &eacute;&hellip;", "<b> & \"x\" ' é…"},
    {"it&#x27;s &#8217; &#X2019; &#39 &#128512;", "it's ’ ’ ' 😀"},
    {"&amp;quot;twice&amp;quot; &amp;#8217; &amp;amp;lt;", "\"twice\" ’ <"},
    {" &lt;div class=\"md\"&gt;&lt;p&gt;it&amp;#39;s &lt;em&gt;more&lt;/em&gt;&lt;/p&gt;\n&lt;/div&gt;\n",
     "it's more"},
    {"&lt;p&gt; is a tag, &lt;/p&gt; ends it.", "<p> is a tag, </p> ends it."},
    {"&lt;p&gt;<b>x</b>&lt;/p&gt;", "<p>x</p>"},
    {"AT&T &unknown; &; &#; &#x; & x&y", "AT&T &unknown; &; &#; &#x; & x&y"},
    {"&#150;&#151;&#133;&#128;", "–—…€"},
    {"a&#0;b&#55296;c&#x110000;d&#999999999999;", "a\xEF\xBF\xBD"
                                                  "b\xEF\xBF\xBD"
                                                  "c\xEF\xBF\xBD"
                                                  "d\xEF\xBF\xBD"
                                                  "9999;"},
    {"a&#7;b", "a b"},
    {"&lt b &amp c &nbsp d &ltx &copy x", "< b & c d &ltx &copy x"},
    /* white space, lines, paragraphs */
    {"  a \t b&nbsp;&nbsp; c\xC2\xA0 d  ", "a b c d"},
    {"one\ntwo\n\nthree\r\n\r\n\r\nfour", "one\ntwo\n\nthree\n\nfour"},
    {"<p>hard\nwrapped</p>\n<p>second</p>", "hard wrapped\n\nsecond"},
    {"<p>first<p>second\nline<p>third", "first\n\nsecond line\n\nthird"},
    {"<p>in one\n\nand another", "in one\n\nand another"},
    {"a<br>b<br/>c<br />\nd\n<br>e", "a\nb\nc\nd\ne"},
    {"a<br><br>b<br>\n<br><br>c", "a\n\nb\n\nc"},
    {"<p>&nbsp;</p><p>x</p><p></p><p> </p><p>y</p>", "x\n\ny"},
    {"<div>a</div><div>b</div>c", "a\nb\nc"},
    {"<h2>Title</h2>text<hr>more", "Title\n\ntext\n\nmore"},
    {"<table><tr><td>a</td><td>b</td></tr>\n<tr><td>c</td></tr></table>d", "a b\nc\n\nd"},
    {"<ul>\n<li>one</li>\n<li><p>two</p>\n</li><li></li></ul>after",
     "- one\n\n- two\n\nafter"},
    {"x<ol><li>a<li>b<ul><li>c</ul><li>d</ol>", "x\n\n1. a\n2. b\n- c\n3. d"},
    {"<dl><dt>k<dd>v</dl>", "k\nv"},
    {"<q>said</q>", "\"said\""},
    /* code */
    {"<pre><code>if (a &lt; b)\n    x[1];\n\n\n  y &amp;amp;</code></pre>after",
     "if (a < b)\n    x[1];\n\n\n  y &amp;\n\nafter"},
    {"<pre>\nfirst</pre>", "first"},
    {"use <code>a  b [gallery] &amp;lt;</code> so", "use a  b [gallery] &lt; so"},
    {"<p><code>open<p>two  words", "open\n\ntwo words"},
    /* links */
    {"see <a href=\"http://x.org/a?b=1&amp;c=2\">this page</a>, please",
     "see this page (http://x.org/a?b=1&c=2), please"},
    {"<a href='https://www.x.org/'>x.org</a> <a href=https://x.org/y>https://x.org/y</a>",
     "x.org https://x.org/y"},
    {"<a href=\"https:&#x2F;&#x2F;x.org&#x2F;long&#x2F;path\">https:&#x2F;&#x2F;x.org&#x2F;lo...</a>!",
     "https://x.org/long/path!"},
    {"<a href=\"https://x.org/long\">x.org/l…</a>", "https://x.org/long"},
    {"<a href=\"/u/ann\">@ann</a> <a href=\"#c2\">above</a> "
     "<a href=\"javascript:alert(1)\">click</a> <a href='data:x'>d</a> <a>n</a>",
     "@ann above click d n"},
    {"<a href=mailto:a@x.org>a@x.org</a> <a href=mailto:a@x.org>me</a>",
     "a@x.org me (mailto:a@x.org)"},
    {"<a href=http://x.org/1>one<a href=http://x.org/2>two",
     "one (http://x.org/1)two (http://x.org/2)"},
    {"<p><a href=http://x.org/1>one</p><p>two", "one (http://x.org/1)\n\ntwo"},
    {"<a href=http://x.org/1><img src=i.png></a>x", "x"},
    {"a <img src=s.gif alt=\":&#41;\" class=\"emoji\"><img class=\"avatar\" alt=\"me\"> b",
     "a :) b"},
    /* what WordPress writes */
    {"<!-- wp:paragraph {\"a\":1} -->\n<p>Text</p>\n<!-- /wp:paragraph -->\n\n"
     "<!-- wp:list --><ul><li>x</li></ul><!-- /wp:list -->",
     "Text\n\n- x"},
    {"[caption id=\"a1\" width=\"3\"]<img alt=\"\"/> A caption[/caption] "
     "[gallery ids='1,2'][my-code x=1]kept[/my-code][embed]http://x.org[/embed]",
     "A caption kepthttp://x.org"},
    {"[sic] [1] [...] [link](x) [/b] [quote=Ann]a[/quote] a[i] [Name x=1] [x",
     "[sic] [1] [...] [link](x) [/b] [quote=Ann]a[/quote] a[i] [Name x=1] [x"},
    /* quotes */
    {"<blockquote>one\ntwo</blockquote>mine", "> one\n> two\n\nmine"},
    {"a<blockquote><p>one</p><p>two</p></blockquote><p>b</p>", "a\n\n> one\n>\n> two\n\nb"},
    {"<blockquote>a<blockquote>b</blockquote>c</blockquote>d",
     "> a\n>\n> > b\n>\n> c\n\nd"},
    {"<blockquote>a</blockquote><blockquote>b</blockquote>", "> a\n\n> b"},
    {"<blockquote><pre>x\n\ny</pre></blockquote>", "> x\n>\n> y"},
    {"<blockquote><ul><li>a<li>b</ul></blockquote>", "> - a\n> - b"},
    {"&gt; quoted on HN<p>answer", "> quoted on HN\n\nanswer"},
    {"<aside class=\"quote no-group\" data-username=\"sam\" data-post=\"3\" data-topic=\"1\">\n"
     "<div class=\"title\">\n<div class=\"quote-controls\"></div>\n"
     "<img alt=\"\" width=\"24\" src=\"x\" class=\"avatar\"> sam:</div>\n<blockquote>\n"
     "<p>One.</p>\n<p>Two.</p>\n</blockquote>\n</aside>\n<p>Mine.</p>",
     "Quote: sam\n> One.\n>\n> Two.\n\nMine."},
    {"<aside class=quote data-username=\"a&amp;b\"><div class=title>x<blockquote>q"
     "</blockquote></aside>m",
     "Quote: a&b\n> q\n\nm"},
    {"<aside class=quote data-username=sam></aside>mine<blockquote>x", "mine\n\n> x"},
    {"<aside class=note>aside</aside>mine", "aside\n\nmine"},
    {"<blockquote data-quote=\"Eva\">x</blockquote>y", "Quote: Eva\n> x\n\ny"},
    {"<blockquote>o<aside class=quote data-username=sam><blockquote>i</blockquote></aside>"
     "</blockquote>",
     "> o\n>\n> Quote: sam\n> > i"},
};

START_TEST(reads_html)
{
    check_row(&html_rows[_i], WEFT_HTML);
}
END_TEST

static const row markdown_rows[] = {
    {"plain: words, 2 + 2 = 4.", "plain: words, 2 + 2 = 4."},
    {"&gt; quoted\n\nAT&amp;T &lt;3 &amp;gt; &amp;amp; R&D &ltx",
     "> quoted\n\nAT&T <3 > & R&D &ltx"},
    {"[**b** *i* \\*](u)", "b i * (u)"},
    {"**bold** *it* _it_ __b__ ~~gone~~ ***both***", "bold it it b gone both"},
    {"snake_case_name 2 * 3 * 4 a_b ** x", "snake_case_name 2 * 3 * 4 a_b ** x"},
    {"*never closed and _this\n\nneither_ that*",
     "*never closed and _this\n\nneither_ that*"},
    {"*over\ntwo lines*", "over\ntwo lines"},
    {"* an item\n* *another*\n***\n_\n", "* an item\n* another\n***\n_"},
    {"[text](http://x.org/a_b_c) [http://x.org](http://x.org) [](u)",
     "text (http://x.org/a_b_c) http://x.org u"},
    {"[t](http://x.org \"a title\") [w](http://x.org/a_(b)) ![alt](i.png) [a [b] c](u)",
     "t (http://x.org) w (http://x.org/a_(b)) alt (i.png) a [b] c (u)"},
    {"[not a link] [nor](this [1][2] (x)", "[not a link] [nor](this [1][2] (x)"},
    {"<http://x.org/a_b_> <me@x.org> a <b> 1 < 2",
     "http://x.org/a_b_ me@x.org a <b> 1 < 2"},
    {"\\*not\\* \\_this\\_ a\\b", "*not* _this_ a\\b"},
    {"`*code*` and ``a ` *b*`` `open *x*", "`*code*` and ``a ` *b*`` `open x"},
    {"```c\n*p = &lt;x&gt;;\n```\n*after*", "```c\n*p = <x>;\n```\nafter"},
    {"~~~\n*a*\n```\n*b*", "~~~\n*a*\n```\n*b*"},
    {"    *indented* code\n\ttab *too*\n  *text*",
     "    *indented* code\n\ttab *too*\n  text"},
    {"> *quoted*\n> more", "> quoted\n> more"},
};

START_TEST(eases_markdown)
{
    check_row(&markdown_rows[_i], WEFT_MARKDOWN);
}
END_TEST

START_TEST(leaves_text_alone)
{
    weft_str body = weft_str_from("<b>&amp;</b> *x*");
    ck_assert_ptr_eq(text_of(body, WEFT_TEXT).p, body.p);
    body = weft_str_from("nothing, to! change? (really)");
    ck_assert_ptr_eq(text_of(body, WEFT_MARKDOWN).p, body.p);
}
END_TEST

START_TEST(mends_bytes)
{
    static const char html[] = "<p>a\0b\xFFz</p><a href=\"\xC3\">\xE2\x82</a>";
    static const char markdown[] = "*a\0b\xFF*";
    weft_str out = text_of(weft_str_of(html, sizeof html - 1), WEFT_HTML);
    ck_assert(weft_str_is(out, "a b\xEF\xBF\xBDz\n\n\xEF\xBF\xBD"));
    out = text_of(weft_str_of(markdown, sizeof markdown - 1), WEFT_MARKDOWN);
    ck_assert(weft_str_is(out, "a b\xEF\xBF\xBD"));
}
END_TEST

/* A body of one piece over and over, as long as bodies may be. */
static weft_str repeated(const char *start, const char *piece, const char *end)
{
    weft_buf b;
    size_t n = strlen(piece);
    weft_buf_init(&b, mem, (size_t)WEFT_BODY_MAX + 1);
    weft_buf_add_text(&b, start);
    while (b.n + n + strlen(end) <= WEFT_BODY_MAX)
        weft_buf_add_text(&b, piece);
    weft_buf_add_text(&b, end);
    return weft_buf_str(&b);
}

/* Each of these takes a quadratic reader minutes. Check's own limit of time ends it. */
static const row hostile_html[] = {
    {"<b>", NULL},
    {"</i>", NULL},
    {"<blockquote>x", NULL},
    {"<ul><li>", NULL},
    {"<a x=\"", NULL},
    {"<a x=\">\" ", NULL},
    {"<a ", NULL},
    {"<a href=http://x.org>", NULL},
    {"<a href=http://x.org>y", NULL},
    {"<svg>", NULL},
    {"<title><!-", NULL},
    {"<!--", NULL},
    {"<!", NULL},
    {"<", NULL},
    {"&", NULL},
    {"&amp;", NULL},
    {"&#x", NULL},
    {"[", NULL},
    {"[a b=", NULL},
    {"[gallery]", NULL},
    {"<pre>\n", NULL},
    {"<br>x", NULL},
    {"<aside class=quote data-username=x>", NULL},
    {"<aside class=quote><div class=title>", NULL},
    {"<p class='", NULL},
    {"<blockquote>\n\n<pre>\n", NULL},
};

START_TEST(survives_hostile_html)
{
    const char *piece = hostile_html[_i].body;
    size_t repaired;
    weft_str same, out = text_of(repeated("", piece, ""), WEFT_HTML);
    ck_assert_uint_le(out.n, WEFT_TEXT_MAX);
    ck_assert_int_eq(weft_utf8_repair(mem, out, &same, &repaired, NULL), WEFT_OK);
    ck_assert_uint_eq(repaired, 0);
    out = text_of(repeated("<p>first</p>", piece, "><p>last</p>"), WEFT_HTML);
    ck_assert(weft_str_starts(out, "first"));
    text_of(repeated("<b ", "a=1 ", ">"), WEFT_HTML);
}
END_TEST

static const char *const hostile_markdown[] = {
    "*",     "*a ",      "**a*", "_",    "[",       "[a](", "[](",  "` `` ",
    "```\n", "<http://", "\\",   "&gt;", "![[](a)", "~~a ", "> *\n"};

START_TEST(survives_hostile_markdown)
{
    weft_str out = text_of(repeated("", hostile_markdown[_i], ""), WEFT_MARKDOWN);
    ck_assert_uint_le(out.n, WEFT_TEXT_MAX);
}
END_TEST

START_TEST(is_as_deep_as_quotes_may_be)
{
    weft_buf body;
    weft_buf_init(&body, mem, 1 << 24);
    for (int i = 0; i < 100000; i++)
        weft_buf_add_text(&body, "<blockquote>");
    weft_buf_add_text(&body, "deep");
    for (int i = 0; i < 100000; i++)
        weft_buf_add_text(&body, "</blockquote>");
    weft_buf_add_text(&body, "own");
    weft_str out = text_of(weft_buf_str(&body), WEFT_HTML);
    ck_assert(weft_str_is(out, "> > > > > > > > > > > > > > > > deep\n\nown"));
}
END_TEST

/* 16 levels of marks on every line would make more of a body than may be kept of one. */
START_TEST(text_has_a_limit)
{
    weft_str body =
        repeated("<blockquote><blockquote><blockquote><blockquote>", "x<br>", "");
    weft_str out = text_of(body, WEFT_HTML);
    ck_assert_uint_le(out.n, WEFT_TEXT_MAX);
    ck_assert_uint_gt(out.n, WEFT_TEXT_MAX - 16);
    body = repeated("", "x", "");
    ck_assert_uint_eq(text_of(body, WEFT_HTML).n, WEFT_TEXT_MAX);
    body = repeated("", "\xC3\xA4", "x");
    ck_assert_uint_eq(text_of(body, WEFT_HTML).n, WEFT_TEXT_MAX - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("body");
    TCase *tests = tcase_create("body");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, reads_html, 0, sizeof html_rows / sizeof *html_rows);
    tcase_add_loop_test(tests, eases_markdown, 0,
                        sizeof markdown_rows / sizeof *markdown_rows);
    tcase_add_test(tests, leaves_text_alone);
    tcase_add_test(tests, mends_bytes);
    tcase_add_loop_test(tests, survives_hostile_html, 0,
                        sizeof hostile_html / sizeof *hostile_html);
    tcase_add_loop_test(tests, survives_hostile_markdown, 0,
                        sizeof hostile_markdown / sizeof *hostile_markdown);
    tcase_add_test(tests, is_as_deep_as_quotes_may_be);
    tcase_add_test(tests, text_has_a_limit);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

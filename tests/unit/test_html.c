/* test_html.c - saved web pages: the shapes comments come in, what is no comment's text, the
 * article, damage. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page_reading.h"
#include "../../indexer/formats/html.h"
#include "banned.h"

static size_t skipped;
static char notes[4096];

static void skip(void *ctx, size_t line, const char *reason)
{
    (void)ctx;
    ck_assert_uint_gt(line, 0);
    ck_assert_uint_gt(strlen(reason), 0);
    skipped++;
}

static void note(void *ctx, const char *text)
{
    (void)ctx;
    size_t n = strlen(notes);
    snprintf(notes + n, sizeof notes - n, "%s\n", text);
}

static weft_code read_html(weft_str bytes, const fmt_choices *choices, reading *got)
{
    weft_error err = {0};
    fmt_source source = {.bytes = bytes, .name = "pages/tide.html", .choices = choices};
    fmt_sink sink = {
        .emit = keep, .refuse = refuse, .skip = skip, .note = note, .ctx = got};
    skipped = 0;
    notes[0] = '\0';
    weft_code code = fmt_html_read(mem, NULL, &source, &sink, &err);
    ck_assert_int_eq(code, err.code);
    return code;
}

/* "ID AUTHOR>PARENT DATE body;..." of the comments; the date only to the minute. */
static const char *comments(const reading *got)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    for (size_t i = 1; i < got->count; i++) {
        const weft_record *r = got->records[i];
        ck_assert_int_eq(r->type, WEFT_COMMENT);
        ck_assert_str_eq(r->article, got->records[0]->id);
        weft_buf_addf(&b, "%s%s %s>%s %.16s %s", i == 1 ? "" : ";", r->id,
                      r->author == NULL ? "-" : r->author,
                      r->parent == NULL ? "-" : r->parent, date_text(r),
                      r->body == NULL ? "-" : r->body);
    }
    return b.p;
}

#define LI(n, class, inner)                                                                \
    "<li id=\"comment-" n "\" class=\"comment " class "\">" inner "</li>"
#define WP(n, name, day, text)                                                                               \
    "<article id=\"div-comment-" n                                                                           \
    "\" class=\"comment-body\"><footer class=\"comment-meta\">"                                              \
    "<div class=\"comment-author vcard\"><img class=\"avatar\" alt=\"\"><b class=\"fn\"><a href=\"#\">" name \
    "</a></b> <span class=\"says\">says:</span></div><div class=\"comment-metadata\"><a href=\"#\">"         \
    "<time datetime=\"2013-05-" day "T09:16:00+02:00\">May " day                                             \
    ", 2013 at 9:16 am</time></a></div></footer>"                                                            \
    "<div class=\"comment-content\">" text                                                                   \
    "</div><div class=\"reply\"><a class=\"comment-reply-link\">Reply</a></div></article>"

static const struct {
    const char *what, *page, *comments;
} shapes[] = {
    {"WordPress, its own markup",
     "<ol class=\"comment-list\">" LI(
         "7", "depth-1",
         WP("7", "Ann", "03", "<p>One</p>") "<ol class=\"children\">" LI(
             "9", "depth-2", WP("9", "Bob", "04", "<p>Two</p>")) "</ol>")
         LI("8", "depth-1", WP("8", "Cy", "05", "<p>Three</p>")) "</ol>",
     "7 Ann>- 2013-05-03T07:16 <p>One</p>;9 Bob>7 2013-05-04T07:16 <p>Two</p>;"
     "8 Cy>- 2013-05-05T07:16 <p>Three</p>"},
    {"WordPress before HTML5: the body has no element",
     "<li class=\"comment depth-1\" id=\"comment-3\"><div id=\"div-comment-3\" class=\"comment-body\">"
     "<div class=\"comment-author vcard\"><cite class=\"fn\">Ann</cite> <span class=\"says\">says:</span></div>"
     "<div class=\"comment-meta commentmetadata\"><a href=\"#comment-3\">May 3, 2013 at 9:16 pm</a> "
     "<a class=\"comment-edit-link\">(Edit)</a></div><p>One</p><p>Two</p>"
     "<div class=\"reply\"><a>Reply</a></div></div></li>",
     "3 Ann>- 2013-05-03T21:16 <p>One</p><p>Two</p>"},
    {"an old theme: cite, a bare 'Says:', a date in small",
     "<ol class=\"commentlist\"><li class=\"alt\" id=\"comment-12\"><cite><a href=\"#\">Ann</a></cite> Says:<br>"
     "<small class=\"commentmetadata\"><a href=\"#comment-12\">May 3rd, 2007 at 9:16 am</a></small><p>One</p></li></ol>",
     "12 Ann>- 2007-05-03T09:16 <br><p>One</p>"},
    {"depths by class only, in one flat list",
     "<ul><li id=\"comment-1\" class=\"comment depth-1\"><b class=\"fn\">Ann</b><div class=\"comment-text\">a</div></li>"
     "<li id=\"comment-2\" class=\"comment depth-2\"><b class=\"fn\">Bob</b><div class=\"comment-text\">b</div></li>"
     "<li id=\"comment-3\" class=\"comment depth-3\"><b class=\"fn\">Cy</b><div class=\"comment-text\">c</div></li>"
     "<li id=\"comment-4\" class=\"comment depth-2\"><b class=\"fn\">Di</b><div class=\"comment-text\">d</div></li></ul>",
     "1 Ann>- unknown a;2 Bob>1 unknown b;3 Cy>2 unknown c;4 Di>1 unknown d"},
    {"wpDiscuz: the id names the parent",
     "<div id=\"wc-comm-5_0\" class=\"wc-comment\"><div id=\"comment-5\" class=\"wc-comment-right\">"
     "<div class=\"wc-comment-author\">Ann</div><div class=\"wc-comment-text\"><p>a</p></div>"
     "<div class=\"wc-comment-footer\">5 Reply</div></div></div>"
     "<div id=\"wc-comm-6_5\" class=\"wc-comment wc-reply\"><div id=\"comment-6\" class=\"wc-comment-right\">"
     "<div class=\"wc-comment-author\">Bob</div><div class=\"wc-comment-text\"><p>b</p></div></div></div>",
     "5 Ann>- unknown <p>a</p>;6 Bob>5 unknown <p>b</p>"},
    {"Drupal: anchors before the blocks, replies indented",
     "<div id=\"comments\"><a id=\"comment-4\"></a><div class=\"comment\"><h3 class=\"title\">Re</h3>"
     "<div class=\"submitted\">Submitted by Ann (not verified) on Fri, 25/05/2012 - 22:29.</div>"
     "<div class=\"content\"><p>a</p></div><div class=\"links\">reply</div></div>"
     "<div class=\"indented\"><a id=\"comment-5\"></a><div class=\"comment\">"
     "<div class=\"submitted\">Submitted by <a href=\"#\">Bob</a> on Sat, 02/06/2012 - 14:08.</div>"
     "<div class=\"content\"><p>b</p></div></div></div></div>",
     "4 Ann>- 2012-05-25T22:29 <p>a</p>;5 Bob>4 2012-06-02T14:08 <p>b</p>"},
    {"lobste.rs: lists behind what they answer",
     "<ol class=\"comments\"><li><div id=\"c_a1\" data-shortid=\"a1\" class=\"comment\"><div class=\"byline\">"
     "<a href=\"/u/ann\"><img alt=\"\"></a> <a href=\"/u/ann\">ann</a> <span title=\"2020-06-19 11:54:37 -0500\">"
     "2 hours ago</span></div><div class=\"comment_text\"><p>a</p></div></div><div class=\"line\"></div>"
     "<ol class=\"comments\"><li><div id=\"c_b2\" data-shortid=\"b2\" class=\"comment\"><div class=\"byline\">"
     "<a href=\"/u/bob\">bob</a></div><div class=\"comment_text\"><p>b</p></div></div></li></ol></li></ol>",
     "a1 ann>- 2020-06-19T16:54 <p>a</p>;b2 bob>a1 unknown <p>b</p>"},
    {"Hacker News: rows by width",
     "<table><tr class=\"athing comtr\" id=\"11\"><td class=\"ind\" indent=\"0\"></td><td><a class=\"hnuser\">ann</a> "
     "<span class=\"age\" title=\"2020-05-14T12:34:56\">1 day ago</span><div class=\"commtext c00\">a</div></td></tr>"
     "<tr class=\"athing comtr\" id=\"12\"><td class=\"ind\"><img width=\"40\"></td><td><a class=\"hnuser\">bob</a> "
     "<div class=\"commtext c00\">b<p>b</p></div><div class=\"reply\">reply</div></td></tr>"
     "<tr class=\"athing comtr\" id=\"13\"><td class=\"ind\"><img width=\"0\"></td><td><a class=\"hnuser\">cy</a> "
     "<div class=\"commtext c00\">c</div></td></tr></table>",
     "11 ann>- 2020-05-14T12:34 a;12 bob>11 unknown b<p>b</p>;13 cy>- unknown c"},
    {"Hacker News: what is deleted is a place where it was answered",
     "<table><tr class=\"athing comtr coll\" id=\"11\"><td><table><tr><td class=\"ind\" indent=\"0\"></td><td class=\"default\">"
     "<span class=\"comhead\"><span class=\"age\" title=\"2026-10-01T09:30:00 1790847000\"><a>4 days ago</a></span>"
     "<span class=\"navs\"> | <a class=\"togg\" id=\"11\">[3 more]</a></span></span><div class=\"comment\">[deleted]"
     "<div class=\"reply\"></div></div></td></tr></table></td></tr>"
     "<tr class=\"athing comtr noshow\" id=\"12\"><td><table><tr><td class=\"ind\" indent=\"1\"></td><td class=\"default\">"
     "<a class=\"hnuser\">bob</a> <span class=\"age\" title=\"2026-10-01T09:31:00 1790847060\"><a>4 days ago</a></span>"
     "<div class=\"comment\"><div class=\"commtext c00\">b</div><div class=\"reply\"><p><a>reply</a></div></div></td></tr>"
     "</table></td></tr></table>",
     "11 ->- unknown -;12 bob>11 2026-10-01T09:31 b"},
    {"Blogger: replies in a list inside",
     "<ul><li class=\"comment\" id=\"c101\"><div class=\"comment-block\"><div class=\"comment-header\">"
     "<cite class=\"user\">Ann</cite><span class=\"datetime\"><a href=\"#\">3 May 2013 at 09:16</a></span></div>"
     "<p class=\"comment-content\">a</p></div><div class=\"comment-replies\"><ol><li class=\"comment\" id=\"c102\">"
     "<cite class=\"user\">Bob</cite><p class=\"comment-content\">b</p></li></ol></div></li></ul>",
     "101 Ann>- 2013-05-03T09:16 a;102 Bob>101 unknown b"},
    {"microdata",
     "<article><div itemprop=\"comment\" itemscope itemtype=\"https://schema.org/Comment\" id=\"comment-31\">"
     "<p itemprop=\"author\" itemscope><span itemprop=\"name\">Ann</span></p><p itemprop=\"text\">a</p>"
     "<time itemprop=\"datePublished\" datetime=\"2019-06-23T17:31:15+01:00\"></time>"
     "<div itemprop=\"comment\" itemscope id=\"comment-32\"><p itemprop=\"author\">Bob</p><p itemprop=\"text\">b</p>"
     "</div></div></article>",
     "31 Ann>- 2019-06-23T16:31 a;32 Bob>31 unknown b"},
    {"JSON-LD with nested comments",
     "<script type=\"application/ld+json\">{\"@context\":\"https://schema.org\",\"@type\":\"NewsArticle\","
     "\"headline\":\"Tide\",\"comment\":[{\"@type\":\"Comment\",\"@id\":\"https://x.example/a#comment-41\","
     "\"text\":\"a\",\"author\":{\"@type\":\"Person\",\"name\":\"Ann\"},\"datePublished\":\"2019-06-23\","
     "\"comment\":{\"@type\":\"Comment\",\"identifier\":\"42\",\"text\":\"b\",\"author\":\"Bob\"}},"
     "{\"@type\":\"Comment\",\"identifier\":\"43\",\"text\":\"c\",\"author\":\"Cy\"}]}</script><p>x</p>",
     "41 Ann>- 2019-06-23T00:00 a;42 Bob>41 unknown b;43 Cy>- unknown c"},
    {"the text inside what bears the name's class",
     "<li class=\"comment\" id=\"comment-6\"><div class=\"comment-author vcard\"><p>a</p><p><cite>Comment by "
     "<span class=\"fn\">Ann</span> &#8212; 2019-01-01 @ <a href=\"#comment-6\">00:39</a></cite></p></div></li>",
     "6 Ann>- 2019-01-01T00:39 <div class=\"comment-author vcard\"><p>a</p><p></p></div>"},
    {"names by parts of class names, RDFa, or the words around",
     "<ul><li id=\"comment-1\"><div class=\"x-item-author\"><span>Ann</span></div><a class=\"x-item-date\" href=\"#\">"
     "December 14, 2019 8:44 pm</a><div class=\"x-item-text\">a</div></li>"
     "<li id=\"comment-2\"><div><b>Par Bob Lee,</b> le mercredi 15 mai 2019 à 08h07</div><div class=\"content\">b</div></li>"
     "<li id=\"comment-3\"><footer><h6>Cy | Di, 21. April 2020 - 16:40</h6></footer><div property=\"schema:text\">c</div>"
     "</li></ul>",
     "1 Ann>- 2019-12-14T20:44 a;2 Bob Lee>- 2019-05-15T08:07 b;3 Cy>- 2020-04-21T16:40 c"},
    {"an empty comment that is answered is a place",
     "<ol><li id=\"comment-1\"><ol class=\"children\"><li id=\"comment-2\"><b class=\"fn\">Bob</b>"
     "<div class=\"comment-text\">b</div></li></ol></li><li id=\"comment-3\"></li></ol>",
     "1 ->- unknown -;2 Bob>1 unknown b"},
    {"an id twice is one comment",
     "<ul><li id=\"comment-1\" class=\"comment\"><b class=\"fn\">Ann</b><div id=\"comment-1\" class=\"comment-text\">a"
     "</div></li></ul>",
     "1 Ann>- unknown a"},
    {"no comment: forms, headings, recent comments",
     "<h2 id=\"comments-title\">Comments</h2><div id=\"comment-form\"></div><div id=\"comment-12a\"></div>"
     "<ul><li class=\"recentcomments\"><span class=\"author\">Ann</span> on <a>Tide</a></li></ul>",
     ""},
};

START_TEST(test_shapes)
{
    reading got = {0};
    const char *page = talloc_asprintf(mem, "<!DOCTYPE html><html><body>%s</body></html>",
                                       shapes[_i].page);
    ck_assert_int_eq(read_html(weft_str_from(page), NULL, &got), WEFT_OK);
    ck_assert_msg(strcmp(comments(&got), shapes[_i].comments) == 0, "%s: %s",
                  shapes[_i].what, comments(&got));
    ck_assert_uint_eq(got.refused, 0);
}
END_TEST

/* Comments without a number get an id of their own that a later copy of the page keeps. */
START_TEST(test_ids_of_blocks)
{
    const char *block =
        "<div class=\"comment\"><span class=\"author\">Ann</span>"
        "<time datetime=\"2013-05-03T09:16Z\"></time><div class=\"text\">a</div></div>";
    reading got = {0};
    const char *page = talloc_asprintf(
        mem,
        "<html>%s<div class=\"comment\"><span class=\"author\">Bob</span><p>b</p></div></html>",
        block);
    ck_assert_int_eq(read_html(weft_str_from(page), NULL, &got), WEFT_OK);
    ck_assert_uint_eq(got.count, 3);
    ck_assert_str_eq(got.records[0]->id, "tide");
    ck_assert_str_eq(got.records[1]->id, "tide/Ann/20130503T0916/1");
    ck_assert_pstr_eq(got.records[1]->body, "a");
    ck_assert_str_eq(got.records[2]->author, "Bob");
    ck_assert_pstr_eq(got.records[2]->parent, NULL);
}
END_TEST

/* Without a number of its own a page goes by its address, and then by the file's name. */
START_TEST(test_id_of_page)
{
    reading got = {0}, none = {0};
    const char *page =
        "<html><head><link rel=\"canonical\" "
        "href=\"https://www.H.example/tide/?utm_source=x\"></head><p>x</p></html>";
    ck_assert_int_eq(read_html(weft_str_from(page), NULL, &got), WEFT_OK);
    ck_assert_str_eq(got.records[0]->id, "h.example/tide");
    ck_assert_int_eq(read_html(weft_str_from("<html><p>x</p></html>"), NULL, &none),
                     WEFT_OK);
    ck_assert_str_eq(none.records[0]->id, "tide");
}
END_TEST

START_TEST(test_pingbacks)
{
    const char *page =
        "<html><ol><li class=\"pingback\" id=\"comment-1\"><p>Pingback: <a href=\"#\">Elsewhere</a></p></li>" LI(
            "2", "", WP("2", "Ann", "03", "a")) "</ol></html>";
    reading got = {0}, all = {0};
    const fmt_choices choices = {.include = FMT_PINGBACK};
    ck_assert_int_eq(read_html(weft_str_from(page), NULL, &got), WEFT_OK);
    ck_assert_uint_eq(got.count, 2);
    ck_assert_uint_eq(skipped, 1);
    ck_assert_str_eq(got.records[1]->id, "2");
    ck_assert_int_eq(read_html(weft_str_from(page), &choices, &all), WEFT_OK);
    ck_assert_uint_eq(all.count, 3);
    ck_assert_uint_eq(skipped, 0);
    ck_assert_str_eq(all.records[1]->kind, "pingback");
}
END_TEST

START_TEST(test_article)
{
    const char *page =
        "<html lang=\"de-AT\"><head><title>Flut &amp; Ebbe | Hafenblatt</title>"
        "<meta property=\"og:site_name\" content=\"Hafenblatt\"><meta property=\"og:title\" content=\"Flut &amp; Ebbe | Hafenblatt\">"
        "<meta property=\"article:published_time\" content=\"2013-05-03T08:00:00+02:00\">"
        "<meta property=\"article:section\" content=\"Meer\"><meta property=\"article:tag\" content=\"flut\">"
        "<meta property=\"article:tag\" content=\"ebbe\"><link rel=\"canonical\" href=\"https://h.example/flut\"></head>"
        "<body class=\"single postid-77\"><nav class=\"menu\">Home</nav><article id=\"post-77\"><a rel=\"author\">Eva  Moll</a>"
        "<div class=\"entry-content\"><p>Das Wasser\xc2\xa0steigt.</p><script>x()</script>"
        "<div class=\"sharedaddy\">Teilen</div><form>Suche</form></div></article><article id=\"post-78\">"
        "<div class=\"entry-content\">Kurz.</div></article>" LI(
            "5", "", WP("5", "Ann", "03", "a")) "</body></html>";
    reading got = {0};
    ck_assert_int_eq(read_html(weft_str_from(page), NULL, &got), WEFT_OK);
    const weft_record *a = got.records[0];
    ck_assert_int_eq(a->type, WEFT_ARTICLE);
    ck_assert_str_eq(a->id, "77");
    ck_assert_str_eq(a->title, "Flut & Ebbe");
    ck_assert_str_eq(a->site, "Hafenblatt");
    ck_assert_str_eq(a->author, "Eva Moll");
    ck_assert_str_eq(a->lang, "de");
    ck_assert_str_eq(a->section, "Meer");
    ck_assert_uint_eq(a->tag_count, 2);
    ck_assert_str_eq(a->tags[1], "ebbe");
    ck_assert_str_eq(a->url, "https://h.example/flut");
    ck_assert_str_eq(date_text(a), "2013-05-03T06:00:00Z");
    ck_assert_int_eq(a->format, WEFT_HTML);
    ck_assert_str_eq(a->body, "<p>Das Wasser\xc2\xa0steigt.</p>");
    ck_assert_str_eq(got.records[1]->url, "https://h.example/flut#comment-5");
    ck_assert_ptr_nonnull(strstr(notes, "entry-content"));
    ck_assert_ptr_nonnull(strstr(notes, "comments by number, as WordPress writes them: 1"));
}
END_TEST

/* JSON-LD tells what the page's head does not, and nothing against it. */
START_TEST(test_article_in_json)
{
    const char *page =
        "<html><head><title>Tide</title><script type=\"application/ld+json\">{\"@graph\":[{\"@type\":\"WebSite\"},"
        "{\"@type\":[\"NewsArticle\"],\"headline\":\"Other\",\"author\":[{\"name\":\"Eva\"}],"
        "\"datePublished\":\"2013-05-03\",\"comment\":[{\"text\":\"not read\"}]}]}</script></head>" LI(
            "5", "", WP("5", "Ann", "03", "a")) "</html>";
    reading got = {0};
    ck_assert_int_eq(read_html(weft_str_from(page), NULL, &got), WEFT_OK);
    ck_assert_uint_eq(got.count, 2);
    ck_assert_str_eq(got.records[0]->title, "Tide");
    ck_assert_str_eq(got.records[0]->author, "Eva");
    ck_assert_str_eq(date_text(got.records[0]), "2013-05-03T00:00:00Z");
    ck_assert_str_eq(got.records[1]->author, "Ann");
}
END_TEST

START_TEST(test_slashed_dates_of_a_page)
{
    const char *page =
        "<html><ul><li id=\"comment-1\"><b class=\"fn\">A</b><i class=\"comment-date\">05/25/2012</i><p>x</p></li>"
        "<li id=\"comment-2\"><b class=\"fn\">B</b><i class=\"comment-date\">06/07/2012</i><p>x</p></li></ul></html>";
    reading got = {0}, other = {0};
    ck_assert_int_eq(read_html(weft_str_from(page), NULL, &got), WEFT_OK);
    ck_assert_str_eq(date_text(got.records[2]), "2012-06-07T00:00:00Z");
    const char *unclear =
        "<html><li id=\"comment-2\"><b class=\"fn\">B</b><i class=\"comment-date\">06/07/2012</i><p>x</p></li></html>";
    ck_assert_int_eq(read_html(weft_str_from(unclear), NULL, &other), WEFT_OK);
    ck_assert_str_eq(date_text(other.records[1]), "unknown");
}
END_TEST

START_TEST(test_relative_dates)
{
    const char *page = "<html><li id=\"comment-2\"><b class=\"fn\">B</b>"
                       "<i class=\"comment-date\">2 hours ago</i><p>x</p></li></html>";
    const fmt_choices choices = {.has_as_of = true, .as_of_s = 7200 + 86400};
    reading got = {0}, known = {0};
    ck_assert_int_eq(read_html(weft_str_from(page), NULL, &got), WEFT_OK);
    ck_assert_str_eq(date_text(got.records[1]), "unknown");
    ck_assert_int_eq(read_html(weft_str_from(page), &choices, &known), WEFT_OK);
    ck_assert_str_eq(date_text(known.records[1]), "1970-01-02T00:00:00Z");
    /* a made id does not depend on when the page was saved */
    const char *block = "<html><div class=\"comment\"><b class=\"author\">B</b>"
                        "<i class=\"comment-date\">2 hours ago</i><p>x</p></div></html>";
    reading first = {0}, second = {0};
    ck_assert_int_eq(read_html(weft_str_from(block), NULL, &first), WEFT_OK);
    ck_assert_int_eq(read_html(weft_str_from(block), &choices, &second), WEFT_OK);
    ck_assert_str_eq(first.records[1]->id, second.records[1]->id);
    ck_assert(second.records[1]->published_s != WEFT_DATE_UNKNOWN);
}
END_TEST

/* However a page is cut off: no crash, and what is given out is proper. */
START_TEST(test_cut_anywhere)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t n = strlen(shapes[i].page);
        for (size_t cut = 0; cut <= n; cut++) {
            char *page = talloc_asprintf(mem, "<html>%.*s", (int)cut, shapes[i].page);
            reading got = {0};
            weft_code code = read_html(weft_str_from(page), NULL, &got);
            ck_assert(code == WEFT_OK || code == WEFT_ESYNTAX);
            ck_assert(code != WEFT_OK || got.count > 0);
            talloc_free(page);
        }
    }
}
END_TEST

static const char *repeat(const char *text, size_t times)
{
    weft_buf b;
    weft_buf_init(&b, mem, 256 << 20);
    for (size_t i = 0; i < times; i++)
        weft_buf_add_text(&b, text);
    return b.p;
}

START_TEST(test_hostile)
{
    reading got = {0};
    const char *deep = talloc_asprintf(
        mem, "<html>%s%s", LI("1", "", WP("1", "Ann", "03", "a")), repeat("<div>", 100000));
    ck_assert_int_eq(read_html(weft_str_from(deep), NULL, &got), WEFT_OK);
    ck_assert_uint_eq(got.count, 2);
    ck_assert_uint_eq(got.refused, 1);
    reading many = {0};
    const char *wide = repeat("<b>x</b>", HTML_NODES_MAX / 2 + 1);
    ck_assert_int_eq(read_html(weft_str_from(wide), NULL, &many), WEFT_ELIMIT);
    reading empty = {0};
    ck_assert_int_eq(read_html(weft_str_from(""), NULL, &empty), WEFT_ESYNTAX);
    reading binary = {0};
    weft_code code = read_html(weft_str_of("<html>\0\xff\xfe<li id=\"comment-1\">\x01", 30),
                               NULL, &binary);
    ck_assert_int_eq(code, WEFT_OK);
    ck_assert_uint_eq(binary.count, 1); /* its comment is empty */
}
END_TEST

/* Comments inside comments up to the depth a page can have. */
START_TEST(test_deep_threads)
{
    weft_buf b;
    reading got = {0};
    weft_buf_init(&b, mem, 1 << 20);
    weft_buf_add_text(&b, "<html><body>");
    for (int i = 1; i <= 100; i++)
        weft_buf_addf(
            &b, "<li id=\"comment-%d\"><b class=\"fn\">N%d</b><ol class=\"children\">", i,
            i);
    ck_assert_int_eq(read_html(weft_buf_str(&b), NULL, &got), WEFT_OK);
    ck_assert_uint_eq(got.count, 101);
    ck_assert_str_eq(got.records[100]->parent, "99");
    ck_assert_uint_eq(got.refused, 0);
}
END_TEST

static const struct {
    const char *head;
    int least, most;
} heads[] = {
    {"<!DOCTYPE html><html>", 90, 100},
    {"\xef\xbb\xbf\n<!-- saved -->\n<HTML lang=en>", 90, 100},
    {"<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"x\"><html>", 90, 100},
    {"<?xml version=\"1.0\"?><rss version=\"2.0\">", 0, 0},
    {"<div class=\"x\">", 50, 89},
    {"{\"type\":\"article\"}", 0, 0},
    {"Site\n\nTitle\n", 0, 0},
    {"", 0, 0},
};

START_TEST(test_sniff)
{
    int sure = fmt_html_sniff(weft_str_from(heads[_i].head));
    ck_assert_msg(sure >= heads[_i].least && sure <= heads[_i].most, "%s: %d",
                  heads[_i].head, sure);
}
END_TEST

int main(void)
{
    TCase *c;
    Suite *s = new_suite("html", &c);
    tcase_add_loop_test(c, test_shapes, 0, COUNT(shapes));
    tcase_add_test(c, test_ids_of_blocks);
    tcase_add_test(c, test_id_of_page);
    tcase_add_test(c, test_pingbacks);
    tcase_add_test(c, test_article);
    tcase_add_test(c, test_article_in_json);
    tcase_add_test(c, test_slashed_dates_of_a_page);
    tcase_add_test(c, test_relative_dates);
    tcase_add_test(c, test_cut_anywhere);
    tcase_add_test(c, test_hostile);
    tcase_add_test(c, test_deep_threads);
    tcase_add_loop_test(c, test_sniff, 0, COUNT(heads));
    return run_suite(s);
}

/* test_exports.c - exports that are cut off at every byte: an error that says so, and only
 * records of the whole file, in its order. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "formats.h"
#include "banned.h"

#define WXR_ITEM(id, comments)                                                             \
    "<item><title>One &amp; two</title><link>http://h.example/</link>"                     \
    "<category domain=\"post_tag\"><![CDATA[t]]></category><wp:post_id>" id                \
    "</wp:post_id><wp:status>publish</wp:status>" comments "</item>"
#define WXR_COMMENT(id, text)                                                              \
    "<wp:comment><wp:comment_id>" id "</wp:comment_id><wp:comment_content><![CDATA[" text  \
    "]]></wp:comment_content></wp:comment>\n"
#define POST(id, text)                                                                     \
    "<post dsq:id=\"" id "\"><message><![CDATA[" text                                      \
    "]]></message><author><name>A</name></author><thread dsq:id=1/></post>\n"

/* What must stand before anything can be told to be missing: the start of the root. */
static const struct {
    const char *format, *start, *rest;
    size_t records;
} exports[] = {
    {"wxr", "<rss ",
     "xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><title>S</title>\n" WXR_ITEM(
         "1", WXR_COMMENT("1", "a") WXR_COMMENT("2", "b"))
         WXR_ITEM("2", "") "</channel></rss>",
     4},
    {"disqus", "<disqus ",
     "xmlns:dsq=\"http://disqus.com/disqus-internals\">\n"
     "<thread dsq:id=\"1\"><link>http://h.example/a</link><title>T &lt;</title></thread>\n" POST(
         "2", "a") POST("3", "b") "</disqus>",
     3},
    {"atom", "<feed ",
     "xmlns=\"http://www.w3.org/2005/Atom\">\n<entry><id>e1</id><title>One</title></entry>"
     "<entry><id>r1</id><thr:in-reply-to ref=\"e1\"/><content type=\"xhtml\"><p>a</p>"
     "</content></entry><entry><id>e2</id><title>Two</title></entry></feed>",
     3},
    {"mt", "T",
     "ITLE: One\nDATE: 07/01/2008 02:00:00 PM\n-----\nBODY:\ntext\n-----\nCOMMENT:\n"
     "AUTHOR: A\nDATE: 07/01/2008 02:00:01 PM\na\n-----\nCOMMENT:\nAUTHOR: B\n"
     "DATE: 07/01/2008 02:00:02 PM\nb\n-----\n--------\nTITLE: Two\n-----\nBODY:\ntwo\n"
     "-----\n--------",
     4},
};

static void *mem;

static void setup(void)
{
    mem = talloc_new(NULL);
}

static void teardown(void)
{
    talloc_free(mem);
}

static weft_code add_line(void *ctx, weft_record *r, size_t line, weft_error *err)
{
    ck_assert_uint_gt(line, 0);
    return weft_record_render(r, ctx, err);
}

static void refuse(void *ctx, size_t line, const char *reason)
{
    (void)ctx;
    ck_abort_msg("line %zu refused: %s", line, reason);
}

/* The records of bytes as NDJSON; what the reader returned in *code. */
static const char *read_bytes(const char *format, weft_str bytes, weft_code *code,
                              weft_error *err)
{
    weft_buf *lines = talloc(mem, weft_buf);
    int fd = memfd_create("export", 0);
    ck_assert(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    char *name = talloc_asprintf(lines, "/proc/self/fd/%d", fd);
    input *in;
    ck_assert(input_open(lines, name, NULL, &in, err) == WEFT_OK);
    weft_buf_init(lines, lines, WEFT_LINE_MAX);
    const fmt_source source = {.name = "cut"};
    const fmt_sink sink = {.emit = add_line, .refuse = refuse, .ctx = lines};
    *code = fmt_find(format)->read(lines, in, &source, &sink, err);
    close(fd);
    return lines->p;
}

static size_t line_count(const char *lines)
{
    size_t n = 0;
    for (; (lines = strchr(lines, '\n')) != NULL; lines++)
        n++;
    return n;
}

/* Between two entries of Movable Type's nothing is missing that could be told. */
static bool is_whole(const char *format, weft_str bytes)
{
    weft_str text = weft_str_trim(bytes);
    return strcmp(format, "mt") == 0 && text.n > 8 &&
           weft_str_is(weft_str_of(text.p + text.n - 8, 8), "--------");
}

START_TEST(every_byte)
{
    const char *format = exports[_i].format;
    char *text = talloc_asprintf(mem, "%s%s", exports[_i].start, exports[_i].rest);
    weft_error err = {0};
    weft_code code;
    size_t most = 0;
    const char *whole = read_bytes(format, weft_str_from(text), &code, &err);
    ck_assert_msg(code == WEFT_OK, "%s: %s", format, err.text);
    ck_assert_uint_eq(line_count(whole), exports[_i].records);
    for (size_t n = strlen(exports[_i].start); n < strlen(text); n++) {
        weft_error why = {0};
        weft_str cut = weft_str_of(text, n);
        const char *got = read_bytes(format, cut, &code, &why);
        ck_assert_msg(strncmp(whole, got, strlen(got)) == 0, "%s, %zu bytes: %s", format, n,
                      got);
        ck_assert_msg(is_whole(format, cut)
                          ? code == WEFT_OK
                          : code == WEFT_ESYNTAX && strstr(why.text, ": cut off: ") != NULL,
                      "%s, %zu bytes: %s", format, n, why.text);
        ck_assert_uint_ge(line_count(got), most);
        most = line_count(got);
    }
    ck_assert_uint_ge(most, exports[_i].records - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exports");
    TCase *cases = tcase_create("cut off");
    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, every_byte, 0, sizeof exports / sizeof exports[0]);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* test_tail.c - lines of a file that grows, is rotated or cut, and of a pipe; and where each ends. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "tail.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void *mem;
static char path[64], other[80];
static weft_error err;
static tail *t;
static int old_stdin;

static void set_up(void)
{
    mem = talloc_new(NULL);
    err = (weft_error){0};
    snprintf(path, sizeof path, P_tmpdir "/weft-test-tail-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    snprintf(other, sizeof other, "%s.1", path);
    old_stdin = dup(STDIN_FILENO);
}

static void tear_down(void)
{
    talloc_free(mem);
    unlink(path);
    unlink(other);
    dup2(old_stdin, STDIN_FILENO);
    close(old_stdin);
}

static void append(const char *name, const char *bytes, size_t n)
{
    int fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
    ck_assert_int_eq(close(fd), 0);
}

static void grow(const char *text)
{
    append(path, text, strlen(text));
}

static weft_code try_open(uint64_t from, const char *charset)
{
    tail_options options = {
        .name = path, .charset = charset, .from = from, .named_format = true};
    return tail_open(mem, &options, &t, &err);
}

static void open_tail(uint64_t from)
{
    ck_assert_msg(try_open(from, NULL) == WEFT_OK, "%s", err.text);
}

/* All news up to the first of none: lines between brackets, a turn as |, an end as $. */
static const char *news(void)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    for (;;) {
        input_line line;
        tail_news what;
        weft_code code = tail_next(t, &line, &what, &err);
        ck_assert_msg(code == WEFT_OK, "%s", err.text);
        if (what == TAIL_LINE) {
            weft_buf_add_char(&b, '[');
            weft_buf_add(&b, line.too_long ? weft_str_from("too long") : line.text);
            weft_buf_add_char(&b, ']');
            ck_assert_uint_eq(line.number, tail_at(t).line);
        }
        if (what == TAIL_TURN || what == TAIL_END)
            weft_buf_add_char(&b, what == TAIL_TURN ? '|' : '$');
        if (what == TAIL_NONE || what == TAIL_END)
            return b.p;
    }
}

static void stands_at(uint64_t offset, uint64_t line)
{
    tail_place at = tail_at(t);
    ck_assert_uint_eq(at.offset, offset);
    ck_assert_uint_eq(at.line, line);
}

START_TEST(a_growing_file)
{
    open_tail(0);
    ck_assert_str_eq(news(), "");
    stands_at(0, 0);
    grow("one\ntwo\r\nthr");
    ck_assert_str_eq(news(), "[one][two]");
    stands_at(9, 2);
    ck_assert_str_eq(news(), "");
    grow("ee");
    ck_assert_str_eq(news(), "");
    stands_at(9, 2);
    grow("\n\nfour\n");
    ck_assert_str_eq(news(), "[three][][four]");
    stands_at(21, 5);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(tail_at(t).inode, st.st_ino);
}
END_TEST

START_TEST(a_byte_order_mark_is_passed_over_at_the_start)
{
    open_tail(0);
    grow("\xEF\xBB");
    ck_assert_str_eq(news(), "");
    grow("\xBF"
         "a\n\xEF\xBB\xBF"
         "b\n");
    ck_assert_str_eq(news(), "[a][\xEF\xBB\xBF"
                             "b]");
    stands_at(10, 2);
}
END_TEST

/* The old file is read to its end, also what was written to it after its name had gone, and the
 * new one only once it holds something. */
START_TEST(rotation)
{
    open_tail(0);
    grow("a\nb");
    ck_assert_str_eq(news(), "[a]");
    ck_assert_int_eq(rename(path, other), 0);
    ck_assert_str_eq(news(), "");
    append(other, "c\nd", 3);
    ck_assert_str_eq(news(), "[bc]");
    grow("");
    append(other, "e\nlast", 6);
    ck_assert_str_eq(news(), "[de]");
    stands_at(8, 3);
    grow("x\n");
    append(other, " one", 4);
    ck_assert_str_eq(news(), "[last one]|[x]");
    stands_at(2, 1);
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(tail_at(t).inode, st.st_ino);
}
END_TEST

START_TEST(rotation_twice_and_a_gap)
{
    open_tail(0);
    grow("a\n");
    ck_assert_str_eq(news(), "[a]");
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(unlink(path), 0);
        ck_assert_str_eq(news(), "");
        grow("b\n");
        ck_assert_str_eq(news(), "|[b]");
    }
}
END_TEST

START_TEST(a_file_that_is_cut)
{
    open_tail(0);
    grow("one\ntwo\npart");
    ck_assert_str_eq(news(), "[one][two]");
    ck_assert_int_eq(truncate(path, 0), 0);
    grow("new\n");
    ck_assert_str_eq(news(), "[part]|[new]");
    stands_at(4, 1);
    grow("er\n");
    ck_assert_str_eq(news(), "[er]");
}
END_TEST

START_TEST(a_file_that_is_not_there_yet)
{
    ck_assert_int_eq(unlink(path), 0);
    open_tail(0);
    ck_assert_str_eq(news(), "");
    stands_at(0, 0);
    ck_assert_uint_eq(tail_at(t).inode, 0);
    ck_assert_int_gt(tail_patience_ms(t), 0);
    grow("a\n");
    ck_assert_str_eq(news(), "[a]");
}
END_TEST

START_TEST(a_beginning_in_the_middle)
{
    grow("one\ntwo\n\nfour\n");
    open_tail(8);
    ck_assert_str_eq(news(), "[][four]");
    stands_at(14, 4);
    open_tail(14);
    ck_assert_str_eq(news(), "");
    stands_at(14, 4);
    grow("five\n");
    ck_assert_str_eq(news(), "[five]");
    stands_at(19, 5);
}
END_TEST

/* Of more than one chunk, and the chunks do not end where the lines do. */
START_TEST(a_beginning_far_in)
{
    enum { LINES = 40000, LINE = 6 };
    char *bytes = talloc_size(mem, LINES * LINE);
    for (int i = 0; i < LINES; i++)
        memcpy(bytes + i * LINE, "12345\n", LINE);
    append(path, bytes, LINES * LINE);
    open_tail((LINES - 2) * LINE);
    ck_assert_str_eq(news(), "[12345][12345]");
    stands_at(LINES * LINE, LINES);
}
END_TEST

static const struct {
    uint64_t from;
    const char *why;
} wrong[] = {{1, "no line begins at byte 1"},
             {7, "no line begins at byte 7"}, /* its last line has no end */
             {8, "--from-offset 8 is past its end, at 7"}};

START_TEST(a_beginning_that_is_none)
{
    input_line line;
    tail_news what;
    grow("one\ntwo");
    open_tail(wrong[_i].from);
    ck_assert_int_eq(tail_next(t, &line, &what, &err), WEFT_EUSAGE);
    ck_assert_msg(strstr(err.text, wrong[_i].why) != NULL, "%s", err.text);
}
END_TEST

START_TEST(what_cannot_be_opened)
{
    ck_assert_int_eq(try_open(0, "no-such-charset"), WEFT_EUSAGE);
    err = (weft_error){0};
    ck_assert_int_eq(try_open(0, "UTF-16LE"), WEFT_EUSAGE);
    ck_assert_str_eq(err.text, "--follow: lines cannot be told in 'UTF-16LE': write UTF-8");
    err = (weft_error){0};
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(try_open(1, NULL), WEFT_EUSAGE);
    err = (weft_error){0};
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(try_open(0, NULL), WEFT_EUSAGE);
    ck_assert_int_eq(rmdir(path), 0);
    ck_assert_ptr_nonnull(strstr(err.text, "is a directory"));
}
END_TEST

/* Each line is decoded by itself, so that the position is one of the bytes as they stand. */
START_TEST(another_charset)
{
    ck_assert_int_eq(try_open(0, "Shift_JIS"), WEFT_OK);
    grow("\x82");
    ck_assert_str_eq(news(), "");
    grow("\xA0\n\x82\n");
    ck_assert_str_eq(news(), "[\xE3\x81\x82][\x1A]"); /* cut in a character */
    stands_at(5, 2);
}
END_TEST

static const struct {
    size_t n;
    const char *end;
    bool too_long;
} long_lines[] = {{WEFT_LINE_MAX, "\n", false},
                  {WEFT_LINE_MAX, "\r\n", false},
                  {WEFT_LINE_MAX + 1, "\n", true},
                  {3 * (size_t)WEFT_LINE_MAX, "\n", true}};

START_TEST(lines_have_a_limit)
{
    input_line line;
    tail_news what;
    size_t n = long_lines[_i].n, end = strlen(long_lines[_i].end);
    char *bytes = talloc_size(mem, n);
    memset(bytes, 'x', n);
    append(path, bytes, n);
    grow(long_lines[_i].end);
    open_tail(0);
    ck_assert_int_eq(tail_next(t, &line, &what, &err), WEFT_OK);
    ck_assert_int_eq(what, TAIL_LINE);
    ck_assert_int_eq(line.too_long, long_lines[_i].too_long);
    ck_assert_uint_eq(line.text.n, long_lines[_i].too_long ? 0 : n);
    stands_at(n + end, 1);
    grow("b\n");
    ck_assert_str_eq(news(), "[b]");
    stands_at(n + end + 2, 2);
}
END_TEST

START_TEST(a_pipe)
{
    int ends[2];
    const tail_options options = {.name = "-", .from = 2, .named_format = true};
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_ge(dup2(ends[0], STDIN_FILENO), 0);
    close(ends[0]);
    ck_assert_int_eq(tail_open(mem, &options, &t, &err), WEFT_OK);
    ck_assert_str_eq(news(), "");
    ck_assert_int_eq(write(ends[1], "a\nb\nc", 5), 5);
    ck_assert_str_eq(news(), "[b]");
    stands_at(4, 2);
    ck_assert_int_eq(tail_fd(t), STDIN_FILENO);
    ck_assert_int_eq(tail_patience_ms(t), -1);
    close(ends[1]);
    ck_assert_str_eq(news(), "[c]$");
    stands_at(5, 3);
    ck_assert_uint_eq(tail_at(t).inode, 0);
}
END_TEST

START_TEST(what_is_stopped_gives_what_it_has)
{
    input_line line;
    tail_news what;
    grow("a\nb\nc");
    open_tail(0);
    ck_assert_int_eq(tail_next(t, &line, &what, &err), WEFT_OK);
    tail_stop(t);
    grow("\nd\n");
    ck_assert_str_eq(news(), "[b]");
    stands_at(4, 2);
}
END_TEST

static const struct {
    const char *text, *why;
    weft_code code;
} first_lines[] = {
    {"\n\n{\"a\":1}\n", "", WEFT_OK},
    {"hello\n", "is in no format known", WEFT_ESYNTAX},
    {"[{\"a\":1}]\n", "looks like json, and --follow reads only", WEFT_EUSAGE},
    {"\x1f\x8b\x08", "is packed with gzip, and --follow reads only", WEFT_ESYNTAX},
};

START_TEST(the_first_line_tells_the_format)
{
    input_line line;
    tail_news what = TAIL_LINE;
    const tail_options options = {.name = path};
    weft_code code = WEFT_OK;
    grow(first_lines[_i].text);
    ck_assert_int_eq(tail_open(mem, &options, &t, &err), WEFT_OK);
    while (code == WEFT_OK && what == TAIL_LINE)
        code = tail_next(t, &line, &what, &err);
    ck_assert_int_eq(code, first_lines[_i].code);
    ck_assert_msg(strstr(err.text, first_lines[_i].why) != NULL, "%s", err.text);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("tail");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, a_growing_file);
    tcase_add_test(c, a_byte_order_mark_is_passed_over_at_the_start);
    tcase_add_test(c, rotation);
    tcase_add_test(c, rotation_twice_and_a_gap);
    tcase_add_test(c, a_file_that_is_cut);
    tcase_add_test(c, a_file_that_is_not_there_yet);
    tcase_add_test(c, a_beginning_in_the_middle);
    tcase_add_test(c, a_beginning_far_in);
    tcase_add_loop_test(c, a_beginning_that_is_none, 0, (int)COUNT(wrong));
    tcase_add_test(c, what_cannot_be_opened);
    tcase_add_test(c, another_charset);
    tcase_add_loop_test(c, lines_have_a_limit, 0, (int)COUNT(long_lines));
    tcase_add_test(c, a_pipe);
    tcase_add_test(c, what_is_stopped_gives_what_it_has);
    tcase_add_loop_test(c, the_first_line_tells_the_format, 0, (int)COUNT(first_lines));
    Suite *s = suite_create("tail");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}

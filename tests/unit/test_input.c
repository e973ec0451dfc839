/* test_input.c - lines of a file: their ends, their limit, their charset. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "input.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define BYTES(s)                                                                           \
    {                                                                                      \
        s, sizeof(s) - 1                                                                   \
    }

static void *mem;
static char path[64];
static weft_error err;

static void set_up(void)
{
    mem = talloc_new(NULL);
    err = (weft_error){0};
    snprintf(path, sizeof path, P_tmpdir "/weft-test-input-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

static void tear_down(void)
{
    talloc_free(mem);
    unlink(path);
}

static void write_file(const char *bytes, size_t n)
{
    FILE *f = fopen(path, "wbe");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    ck_assert_int_eq(fclose(f), 0);
}

static input *open_as(const char *charset)
{
    input *in = NULL;
    weft_code code = input_open(mem, path, charset, &in, &err);
    ck_assert_msg(code == WEFT_OK, "%s", err.text);
    return in;
}

/* All lines, each between brackets, NUL as 0. */
static const char *lines_of(const char *charset)
{
    input *in = open_as(charset);
    weft_buf b;
    size_t number = 0;
    weft_buf_init(&b, mem, 1 << 20);
    for (;;) {
        input_line line;
        bool more = false;
        ck_assert_int_eq(input_next_line(in, &line, &more, &err), WEFT_OK);
        if (!more)
            return b.p;
        ck_assert_uint_eq(line.number, ++number);
        weft_buf_add_char(&b, '[');
        for (size_t i = 0; i < line.text.n; i++)
            weft_buf_add_char(&b, line.text.p[i] == '\0' ? '0' : line.text.p[i]);
        weft_buf_add_char(&b, ']');
    }
}

static const struct {
    weft_str bytes;
    const char *charset, *lines;
} files[] = {
    {BYTES(""), NULL, ""},
    {BYTES("\n"), NULL, "[]"},
    {BYTES("a"), NULL, "[a]"},
    {BYTES("a\n"), NULL, "[a]"},
    {BYTES("a\r\nb\r\n"), NULL, "[a][b]"},
    {BYTES("a\rb\n\r\n"), NULL, "[a\rb][]"},
    {BYTES("a\n\nb"), NULL, "[a][][b]"},
    {BYTES("a\0b\n\0\n"), NULL, "[a0b][0]"},
    {BYTES("\xEF\xBB\xBF"
           "a\n\xEF\xBB\xBF"
           "b\n"),
     NULL,
     "[a][\xEF\xBB\xBF"
     "b]"},
    {BYTES("\xEF\xBB\xBF"), NULL, ""},
    {BYTES("\xEF\xBB"), NULL, "[\xEF\xBB]"},
    {BYTES("\xFF\xFA bad bytes pass\n"), NULL, "[\xFF\xFA bad bytes pass]"},
    {BYTES("\xFF\xFE"
           "a\0\n\0\xAC\x20"),
     NULL, "[a][\xE2\x82\xAC]"},
    {BYTES("\xFE\xFF\0a\0\n"), NULL, "[a]"},
    {BYTES("<\0?\0\n\0"), NULL, "[<?]"},
    {BYTES("<?xml version='1.0' encoding='windows-1251'?>\n\xEF\n"), NULL,
     "[<?xml version='1.0' encoding='windows-1251'?>][\xD0\xBF]"},
    {BYTES("`\n<?xml encoding = \"ISO-8859-1\"?>\x80\n"), NULL,
     "[`][<?xml encoding = \"ISO-8859-1\"?>\xE2\x82\xAC]"},
    {BYTES("<?xml encoding='iso-8859-1'?>\xC3\xA9\n"), NULL,
     "[<?xml encoding='iso-8859-1'?>\xC3\xA9]"}, /* it is UTF-8 */
    {BYTES("<?xml encoding='klingon'?>\xE9\n"), NULL, "[<?xml encoding='klingon'?>\xE9]"},
    {BYTES("<?xml encoding='utf-16'?>\xE9\n"), NULL, "[<?xml encoding='utf-16'?>\xE9]"},
    {BYTES("<?xml encoding='windows-1251'?>\xE9"), "windows-1252",
     "[<?xml encoding='windows-1251'?>\xC3\xA9]"},
    {BYTES("<html><META charset=windows-1251>\xEF"), NULL,
     "[<html><META charset=windows-1251>\xD0\xBF]"},
    {BYTES("<meta content=\"text/html; charset=koi8-r\">\xD0"), NULL,
     "[<meta content=\"text/html; charset=koi8-r\">\xD0\xBF]"},
    {BYTES("a <meta charset=windows-1251>\xEF"), NULL,
     "[a <meta charset=windows-1251>\xEF]"}, /* no HTML */
    {BYTES("\xEF\xF0\xE8\xE2\xE5\xF2\n"), "windows-1251",
     "[\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82]"},
    {BYTES("caf\xE9\r\n\x80"), "windows-1252", "[caf\xC3\xA9][\xE2\x82\xAC]"},
    {BYTES("\xFF\xFE"
           "a\0\n\0\xAC\x20"),
     "UTF-16", "[a][\xE2\x82\xAC]"},
    {BYTES("\0a\0\n\xD8\x3D\xDE\x42"), "UTF-16BE", "[a][\xF0\x9F\x99\x82]"},
    {BYTES("\x82\xA0\n"), "Shift_JIS", "[\xE3\x81\x82]"},
    {BYTES("a\x82"), "Shift_JIS", "[a\x1A]"}, /* cut in a character: ICU's substitute */
};

START_TEST(lines)
{
    write_file(files[_i].bytes.p, files[_i].bytes.n);
    const char *got = lines_of(files[_i].charset);
    ck_assert_msg(strcmp(got, files[_i].lines) == 0, "row %d: %s", _i, got);
}
END_TEST

/* The two bytes of a character on both sides of where a chunk of 64 KiB ends. */
START_TEST(characters_across_chunks)
{
    static char bytes[200000];
    size_t n = (size_t)_i;
    memset(bytes, 'x', n);
    for (; n + 2 <= sizeof bytes; n += 2)
        memcpy(bytes + n, "\x82\xA0", 2);
    write_file(bytes, n);
    input *in = open_as("Shift_JIS");
    input_line line;
    bool more = false;
    ck_assert_int_eq(input_next_line(in, &line, &more, &err), WEFT_OK);
    ck_assert_uint_eq(line.text.n, (size_t)_i + (n - (size_t)_i) / 2 * 3);
    for (size_t i = (size_t)_i; i < line.text.n; i += 3)
        ck_assert_int_eq(memcmp(line.text.p + i, "\xE3\x81\x82", 3), 0);
    ck_assert_int_eq(input_next_line(in, &line, &more, &err), WEFT_OK);
    ck_assert(!more);
}
END_TEST

/* A line of n bytes, then a short one. */
static void long_line(size_t n, const char *end, bool too_long)
{
    char *bytes = talloc_size(mem, n + 8);
    size_t tail = strlen(end);
    memset(bytes, 'x', n);
    memcpy(bytes + n, end, tail);
    write_file(bytes, n + tail);
    input *in = open_as(NULL);
    input_line line;
    bool more = false;
    ck_assert_int_eq(input_next_line(in, &line, &more, &err), WEFT_OK);
    ck_assert(more && line.too_long == too_long);
    ck_assert_uint_eq(line.text.n, too_long ? 0 : n);
    if (strchr(end, 'b') != NULL) {
        ck_assert_int_eq(input_next_line(in, &line, &more, &err), WEFT_OK);
        ck_assert(more && !line.too_long && weft_str_is(line.text, "b"));
        ck_assert_uint_eq(line.number, 2);
    }
    ck_assert_int_eq(input_next_line(in, &line, &more, &err), WEFT_OK);
    ck_assert(!more);
}

static const struct {
    size_t n;
    const char *end;
    bool too_long;
} long_lines[] = {
    {WEFT_LINE_MAX, "\nb", false},
    {WEFT_LINE_MAX, "\r\nb", false},
    {WEFT_LINE_MAX, "", false},
    {WEFT_LINE_MAX + 1, "\nb", true},
    {WEFT_LINE_MAX + 1, "\r\nb\n", true},
    {WEFT_LINE_MAX + 1, "", true},
    {3 * (size_t)WEFT_LINE_MAX, "\nb", true},
};

START_TEST(lines_have_a_limit)
{
    long_line(long_lines[_i].n, long_lines[_i].end, long_lines[_i].too_long);
}
END_TEST

START_TEST(what_cannot_be_opened)
{
    input *in = NULL;
    ck_assert_int_eq(input_open(mem, "/tmp", NULL, &in, &err), WEFT_EIO);
    ck_assert_str_eq(err.text, "/tmp: is a directory: name the files in it");
    err = (weft_error){0};
    ck_assert_int_eq(input_open(mem, "/no/such", NULL, &in, &err), WEFT_EIO);
    ck_assert_str_eq(err.text, "/no/such: No such file or directory");
    err = (weft_error){0};
    ck_assert_int_eq(input_open(mem, path, "no-such-charset", &in, &err), WEFT_EUSAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "no charset 'no-such-charset'"));
    ck_assert_ptr_null(in);
}
END_TEST

START_TEST(heads_use_nothing_up)
{
    static char bytes[100000];
    weft_str head, rest;
    memset(bytes, 'x', sizeof bytes);
    write_file(bytes, sizeof bytes);
    input *in = open_as(_i == 0 ? NULL : "ISO-8859-1");
    ck_assert_int_eq(input_head(in, &head, &err), WEFT_OK);
    ck_assert_uint_le(head.n, 65536);
    ck_assert_uint_gt(head.n, 60000);
    ck_assert_int_eq(input_all(in, mem, sizeof bytes, &rest, &err), WEFT_OK);
    ck_assert_uint_eq(rest.n, sizeof bytes);
    in = open_as(NULL);
    ck_assert_int_eq(input_all(in, mem, sizeof bytes - 1, &rest, &err), WEFT_ELIMIT);
}
END_TEST

/* A byte of ISO-8859-1 becomes two: the head keeps its limit, and ends at a character. */
START_TEST(heads_of_what_grows)
{
    static char bytes[100000];
    weft_str head;
    memset(bytes, 0xE9, sizeof bytes);
    write_file(bytes, sizeof bytes);
    ck_assert_int_eq(input_head(open_as("ISO-8859-1"), &head, &err), WEFT_OK);
    ck_assert_uint_le(head.n, 65536);
    ck_assert_uint_eq(head.n % 2, 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("input");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, lines, 0, (int)COUNT(files));
    tcase_add_loop_test(t, characters_across_chunks, 0, 4);
    tcase_add_loop_test(t, lines_have_a_limit, 0, (int)COUNT(long_lines));
    tcase_add_test(t, what_cannot_be_opened);
    tcase_add_loop_test(t, heads_use_nothing_up, 0, 2);
    tcase_add_test(t, heads_of_what_grows);
    Suite *s = suite_create("input");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

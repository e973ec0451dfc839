/* test_options.c - command lines by a table, and log quoting. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "weft/log.h"
#include "weft/mem.h"
#include "weft/options.h"
#include "weft/version.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
enum { ARGS_MAX = 8 };

typedef struct fruit {
    const char *index;
    const char *zone;
    int64_t workers;
    int sort;
    bool quiet;
    weft_option_list listen;
} fruit;

static const char *const sorts[] = {"score", "newest", NULL};
static const weft_option rows[] = {
    {"index", 'i', WEFT_OPTION_TEXT, "DIR", NULL, "WEFT_TEST_INDEX", offsetof(fruit, index),
     0, 0, NULL, "the index"},
    {"zone", 0, WEFT_OPTION_TEXT, "ZONE", "UTC", NULL, offsetof(fruit, zone), 0, 0, NULL,
     "zone of dates"},
    {"workers", 'w', WEFT_OPTION_NUMBER, "N", "2", NULL, offsetof(fruit, workers), 1, 64,
     NULL, "worker processes"},
    {"sort", 0, WEFT_OPTION_WORD, "KEY", NULL, NULL, offsetof(fruit, sort), 0, 0, sorts,
     "order"},
    {"quiet", 'q', WEFT_OPTION_FLAG, NULL, NULL, NULL, offsetof(fruit, quiet), 0, 0, NULL,
     "say less"},
    {"listen", 0, WEFT_OPTION_LIST, "ADDRESS", NULL, NULL, offsetof(fruit, listen), 0, 0,
     NULL, "answer here"},
    {0},
};
static const weft_usage usage = {"weft-test",       "FILE...", "Test options.",
                                 "Exit status: 0.", rows,      false};

typedef struct outcome {
    fruit f;
    int first;
    bool shown;
    weft_code code;
    weft_error err;
} outcome;

/* args is a line of words parted by one space. */
static outcome parse(void *mem, const weft_usage *u, const char *args)
{
    char *argv[ARGS_MAX + 2] = {talloc_strdup(mem, "weft-test")};
    int argc = 1;
    for (weft_str rest = weft_str_from(args); rest.n > 0 && argc < ARGS_MAX;) {
        const char *space = memchr(rest.p, ' ', rest.n);
        size_t n = space == NULL ? rest.n : (size_t)(space - rest.p);
        argv[argc++] = weft_str_dup(mem, weft_str_of(rest.p, n));
        rest =
            space == NULL ? weft_str_of(NULL, 0) : weft_str_of(space + 1, rest.n - n - 1);
    }
    outcome o = {0};
    o.code = weft_options_parse(mem, u, argc, argv, &o.f, &o.first, &o.shown, &o.err);
    return o;
}

START_TEST(defaults_then_environment_then_argv)
{
    weft_scope void *mem = talloc_new(NULL);
    outcome o = parse(mem, &usage, "a");
    ck_assert_int_eq(o.code, WEFT_OK);
    ck_assert_ptr_null(o.f.index);
    ck_assert_str_eq(o.f.zone, "UTC");
    ck_assert_int_eq(o.f.workers, 2);
    setenv("WEFT_TEST_INDEX", "from-env", 1);
    o = parse(mem, &usage, "a");
    ck_assert_str_eq(o.f.index, "from-env");
    o = parse(mem, &usage, "-i typed a");
    ck_assert_str_eq(o.f.index, "typed");
}
END_TEST

START_TEST(reads_every_kind)
{
    weft_scope void *mem = talloc_new(NULL);
    outcome o = parse(mem, &usage, "--listen=x -qw64 file --sort newest --listen y");
    ck_assert_msg(o.code == WEFT_OK, "%s", o.err.text);
    ck_assert(o.f.quiet);
    ck_assert_int_eq(o.f.workers, 64);
    ck_assert_int_eq(o.f.sort, 1);
    ck_assert_uint_eq(o.f.listen.n, 2);
    ck_assert_str_eq(o.f.listen.values[0], "x");
    ck_assert_str_eq(o.f.listen.values[1], "y");
    ck_assert_int_eq(o.first,
                     7); /* the eight words but for "file", which was moved to the end */
    ck_assert(!o.shown);
}
END_TEST

START_TEST(dashes_end_the_options)
{
    weft_scope void *mem = talloc_new(NULL);
    outcome o = parse(mem, &usage, "-q -- -i x");
    ck_assert_int_eq(o.code, WEFT_OK);
    ck_assert_ptr_null(o.f.index);
    ck_assert_int_eq(o.first, 3);
    weft_usage stops = usage;
    stops.stop_at_operand = true;
    o = parse(mem, &stops, "-q search -i x");
    ck_assert_int_eq(o.code, WEFT_OK);
    ck_assert_ptr_null(o.f.index);
    ck_assert_int_eq(o.first, 2);
}
END_TEST

static const struct {
    const char *args;
    const char *message;
} bad[] = {
    {"--nonsense", "unknown option '--nonsense'; --help lists them"},
    {"--nonsense=5", "unknown option '--nonsense=5'; --help lists them"},
    {"-qx", "unknown option '-x'; --help lists them"},
    {"--index", "option '--index' needs an argument: DIR"},
    {"-i", "option '-i' needs an argument: DIR"},
    {"--quiet=1", "option '--quiet=1' takes no argument"},
    {"--workers 0", "--workers: '0' is not a number from 1 to 64"},
    {"-w 65", "--workers: '65' is not a number from 1 to 64"},
    {"-w 6x", "--workers: '6x' is not a number from 1 to 64"},
    {"--sort best", "--sort: 'best' is not one of score, newest"},
};

START_TEST(errors_name_the_option)
{
    weft_scope void *mem = talloc_new(NULL);
    outcome o = parse(mem, &usage, bad[_i].args);
    ck_assert_int_eq(o.code, WEFT_EUSAGE);
    ck_assert_str_eq(o.err.text, bad[_i].message);
}
END_TEST

/* What a call prints to stdout. */
static const char *printed(void *mem, const char *args)
{
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    FILE *file = tmpfile();
    ck_assert_int_ge(dup2(fileno(file), STDOUT_FILENO), 0);
    outcome o = parse(mem, &usage, args);
    fflush(stdout);
    dup2(saved, STDOUT_FILENO);
    close(saved);
    ck_assert(o.code == WEFT_OK && o.shown);
    char *text = talloc_zero_size(mem, 4096);
    rewind(file);
    ck_assert_uint_gt(fread(text, 1, 4095, file), 0);
    fclose(file);
    return text;
}

START_TEST(help_comes_from_the_table)
{
    static const char expected[] =
        "usage: weft-test [OPTION...] FILE...\n"
        "Test options.\n"
        "\n"
        "  -i, --index DIR             the index (or $WEFT_TEST_INDEX)\n"
        "      --zone ZONE             zone of dates [UTC]\n"
        "  -w, --workers N             worker processes (1 to 64) [2]\n"
        "      --sort KEY              order: score, newest\n"
        "  -q, --quiet                 say less\n"
        "      --listen ADDRESS        answer here\n"
        "  -h, --help                  print this and exit\n"
        "      --version               print the version and exit\n"
        "\n"
        "Exit status: 0.\n";
    weft_scope void *mem = talloc_new(NULL);
    ck_assert_str_eq(printed(mem, "--help"), expected);
    ck_assert_str_eq(printed(mem, "-qh"), expected);
    ck_assert_str_eq(printed(mem, "--version"), "weft-test " WEFT_VERSION "\n");
}
END_TEST

static const struct {
    const char *text;
    const char *quoted;
} quotes[] = {
    {"", "\"\""},
    {"say \"x\\y\"", "\"say \\\"x\\\\y\\\"\""},
    {"a\nlevel=error\x1B[2J\x7F", "\"a\\x0Alevel=error\\x1B[2J\\x7F\""},
    {"\xD1\x91 \xC2\x9B[2J \xC2\xA0", "\"\xD1\x91 \\xC2\\x9B[2J \xC2\xA0\""},
};

START_TEST(quotes_for_the_log)
{
    weft_log_quoted q;
    ck_assert_str_eq(weft_log_quote(&q, weft_str_from(quotes[_i].text)), quotes[_i].quoted);
}
END_TEST

START_TEST(cuts_for_the_log)
{
    weft_scope void *mem = talloc_new(NULL);
    for (size_t n = 400; n < 600; n++) {
        weft_buf b;
        weft_log_quoted q;
        weft_buf_init(&b, mem, 4000);
        for (size_t i = 0; i < n; i++)
            weft_buf_add_text(&b, i % 7 == n % 7 ? "\n"
                                  : i % 3 == 0   ? "\xE2\x82\xAC"
                                                 : "a");
        const char *got = weft_log_quote(&q, weft_buf_str(&b));
        size_t repaired = 0, length = strlen(got);
        weft_str out;
        ck_assert_uint_lt(length, sizeof q.text);
        ck_assert_str_eq(got + length - 4, "...\"");
        ck_assert_int_eq(weft_utf8_repair(mem, weft_str_from(got), &out, &repaired, NULL),
                         WEFT_OK);
        ck_assert_uint_eq(repaired, 0);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("options");
    tcase_add_test(t, defaults_then_environment_then_argv);
    tcase_add_test(t, reads_every_kind);
    tcase_add_test(t, dashes_end_the_options);
    tcase_add_loop_test(t, errors_name_the_option, 0, (int)COUNT(bad));
    tcase_add_test(t, help_comes_from_the_table);
    tcase_add_loop_test(t, quotes_for_the_log, 0, (int)COUNT(quotes));
    tcase_add_test(t, cuts_for_the_log);
    Suite *s = suite_create("options");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

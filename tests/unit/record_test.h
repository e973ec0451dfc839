/* record_test.h - what the tests of records share: parse, refuse, render in a context each.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_RECORD_TEST_H
#define WEFT_RECORD_TEST_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/record.h"

static void *mem;
static weft_record_counts counts;
static weft_error err;

static inline void set_up(void)
{
    mem = talloc_new(NULL);
    memset(&counts, 0, sizeof counts);
    memset(&err, 0, sizeof err);
}

static inline void tear_down(void)
{
    talloc_free(mem);
}

static inline weft_record *parse_with(weft_str line, const weft_record_options *options)
{
    weft_record *r = NULL;
    weft_code code = weft_record_parse(mem, line, options, &counts, &r, &err);
    ck_assert_msg(code == WEFT_OK, "%.200s: %s", line.p, err.text);
    return r;
}

static inline weft_record *parse(const char *line)
{
    return parse_with(weft_str_from(line), NULL);
}

static inline void refuse_bytes(weft_str line, weft_code expected, const char *text)
{
    weft_record *r = NULL;
    memset(&err, 0, sizeof err);
    weft_code code = weft_record_parse(mem, line, NULL, &counts, &r, &err);
    ck_assert_msg(code == expected, "%.200s: code %d", line.p, (int)code);
    ck_assert_str_eq(err.text, text);
    ck_assert_ptr_null(r);
}

static inline void refuse(const char *line, const char *text)
{
    refuse_bytes(weft_str_from(line), WEFT_ESYNTAX, text);
}

static inline const char *render(const weft_record *r)
{
    weft_buf b;
    weft_buf_init(&b, mem, 4 * WEFT_LINE_MAX);
    ck_assert_int_eq(weft_record_render(r, &b, &err), WEFT_OK);
    return b.p;
}

/* before + n times c + after */
static inline weft_str padded(const char *before, size_t n, char c, const char *after)
{
    weft_buf b;
    weft_buf_init(&b, mem, 2 * WEFT_LINE_MAX + 1000);
    weft_buf_add_text(&b, before);
    for (size_t i = 0; i < n; i++)
        weft_buf_add_char(&b, c);
    weft_buf_add_text(&b, after);
    ck_assert_int_eq(b.failed, WEFT_OK);
    return weft_buf_str(&b);
}

#define C1 "{\"type\":\"comment\",\"id\":\"c1\",\"article\":\"a1\""

/* An article with every key it may have, in the order in which it is written. */
#define FULL_ARTICLE                                                                       \
    "{\"type\":\"article\",\"id\":\"a1\",\"title\":\"T\",\"body\":\"B\\n\\\"q\\\" \\\\\"," \
    "\"author\":\"Анна\",\"author_id\":\"7\",\"date\":\"2013-05-03T08:00:00Z\","       \
    "\"url\":\"http://x/a\",\"section\":\"S\",\"tags\":[\"x\",\"y z\"],\"lang\":\"en\","   \
    "\"site\":\"Site\",\"score\":-1,\"kind\":\"news\",\"format\":\"html\","                \
    "\"status\":\"hidden\",\"rev\":0}\n"

static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

#endif

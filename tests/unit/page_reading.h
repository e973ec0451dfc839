/* page_reading.h - reads a page in memory and keeps what comes of it, for the tests of the
 * page reader. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_PAGE_READING_H
#define TESTS_PAGE_READING_H

#include <check.h>
#include <stdio.h>

#include "../../indexer/formats.h"
#include "../../indexer/formats/page.h"
#include "weft/limits.h"
#include "weft/mem.h"

#define HEAD "Harbour News\n\nTide turns\n\nTide turns\n\nFirst words.\n\nSecond words.\n"
#define NOTICE                                                                             \
    "Dear reader, to leave comments you must register.\n\nHave an account? Sign in\n\n"
#define TOP HEAD NOTICE

typedef struct reading {
    weft_record **records;
    size_t *lines;
    size_t count, size;
    size_t refused, refused_line;
    char reason[256];
    size_t stop_at; /* emit fails at this many records; 0 never */
} reading;

static void *mem;

static inline void set_up(void)
{
    mem = talloc_new(NULL);
}

static inline void tear_down(void)
{
    talloc_free(mem);
}

static inline weft_code keep(void *ctx, weft_record *r, size_t line, weft_error *err)
{
    reading *got = ctx;
    if (got->stop_at > 0 && got->count + 1 == got->stop_at)
        return weft_fail(err, WEFT_EIO, "no more");
    if (got->count == got->size) {
        got->size = got->size * 2 + 16;
        got->records = weft_grow_array(mem, got->records, weft_record *, got->size);
        got->lines = weft_grow_array(mem, got->lines, size_t, got->size);
        ck_assert(got->records != NULL && got->lines != NULL);
    }
    ck_assert_int_eq(weft_record_copy(mem, r, &got->records[got->count], err), WEFT_OK);
    got->lines[got->count++] = line;
    return WEFT_OK;
}

static inline void refuse(void *ctx, size_t line, const char *reason)
{
    reading *got = ctx;
    got->refused++;
    got->refused_line = line;
    snprintf(got->reason, sizeof got->reason, "%s", reason);
}

static inline weft_code read_source(const fmt_source *source, reading *got)
{
    fmt_sink sink = {.emit = keep, .refuse = refuse, .ctx = got};
    weft_error err = {0};
    weft_code code = fmt_page_read(mem, source, &sink, &err);
    ck_assert_int_eq(code, err.code);
    return code;
}

static inline reading *read_page(const char *text)
{
    reading *got = talloc_zero(mem, reading);
    fmt_source source = {.bytes = weft_str_from(text), .name = "pages/tide.txt"};
    ck_assert_int_eq(read_source(&source, got), WEFT_OK);
    ck_assert_uint_ge(got->count, 1);
    return got;
}

/* Depth, author, parent's author and body of each comment: "Ann|-|Hello;Bob|Ann|No". */
static inline const char *outline(const reading *got)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    for (size_t i = 1; i < got->count; i++) {
        const weft_record *r = got->records[i];
        const char *parent = "-";
        for (size_t k = 1; r->parent != NULL && k < i; k++) {
            if (strcmp(got->records[k]->id, r->parent) == 0)
                parent = got->records[k]->author;
        }
        if (r->parent != NULL && parent[0] == '-')
            parent = "?";
        weft_buf_addf(&b, "%s%s|%s|%s", i == 1 ? "" : ";", r->author, parent,
                      r->body == NULL ? "" : r->body);
        ck_assert_int_eq(r->type, WEFT_COMMENT);
        ck_assert_str_eq(r->article, got->records[0]->id);
    }
    return b.p;
}

static inline const char *date_text(const weft_record *r)
{
    return r->published_s == WEFT_DATE_UNKNOWN ? "unknown"
                                               : weft_date_render(mem, r->published_s);
}

/* End of a header with a date. */
#define D " 3 May 2013 09: 16 New\n"

#define COUNT(a) (int)(sizeof(a) / sizeof(a)[0])

/* A suite with one test case; its tests are added to *c. */
static inline Suite *new_suite(const char *name, TCase **c)
{
    Suite *s = suite_create(name);
    *c = tcase_create(name);
    tcase_add_checked_fixture(*c, set_up, tear_down);
    tcase_set_timeout(*c, 60);
    suite_add_tcase(s, *c);
    return s;
}

static inline int run_suite(Suite *s)
{
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

#endif

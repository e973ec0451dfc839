/* test_cells.c - text as columns of a terminal: cleaning, marks, breaking into lines. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <locale.h>
#include <stdlib.h>

#include "weft/mem.h"
#include "client/cells.h"
#include "banned.h"

#define REPLACEMENT "\xEF\xBF\xBD"

/* The cells as UTF-8, marked runs in <>, lines of at most `columns` columns joined by '|'.
 */
static char *drawn(void *mem, const cells *row, size_t columns)
{
    char *out = talloc_strdup(mem, "");
    const cell *c = row->p;
    for (size_t left = row->n; left > 0;) {
        size_t next, n = cells_line(c, left, columns, &next);
        ck_assert_uint_gt(next, 0);
        ck_assert_uint_le(cells_columns(c, n), columns);
        bool marked = false;
        for (size_t i = 0; i < n; i++) {
            char bytes[CELL_UTF8_MAX];
            size_t length = cells_encode(c[i].codepoint, bytes);
            if ((c[i].style == CELL_MARK) != marked)
                out = talloc_strdup_append(out, marked ? ">" : "<");
            marked = c[i].style == CELL_MARK;
            out = talloc_strndup_append(out, bytes, length);
        }
        out =
            talloc_asprintf_append(out, "%s%s", marked ? ">" : "", next < left ? "|" : "");
        c += next;
        left -= next;
    }
    return out;
}

static const struct row {
    const char *text;
    size_t columns;
    const char *lines;
} wrapped[] = {
    {"", 10, ""},
    {"one", 10, "one"},
    {"one two", 7, "one two"},
    {"one two", 6, "one|two"},
    {"one two three", 8, "one two|three"},
    {"  one \n\t two  ", 20, "one two"},
    {"abcdefgh", 3, "abc|def|gh"},
    {"ab cdefghij", 4, "ab|cdef|ghij"},
    /* wide characters take two columns and may part without a space */
    {"\u5317\u4eac\u5927\u5b66", 4, "\u5317\u4eac|\u5927\u5b66"},
    {"\u5317\u4eac\u5927\u5b66", 5, "\u5317\u4eac|\u5927\u5b66"},
    {"ab\u5317\u4eac", 4, "ab\u5317|\u4eac"},
    {"\u5317ab", 3, "\u5317|ab"},
    /* a combining accent takes none and stays with its letter */
    {"e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301"},
    {"\u0433\u043e\u0440\u0434\u043e\u0441\u0442\u044c \u0438", 8,
     "\u0433\u043e\u0440\u0434\u043e\u0441\u0442\u044c|\u0438"},
    /* controls never pass: C0, DEL, C1 */
    {"a\033[31mb", 20, "a" REPLACEMENT "[31mb"},
    {"a\007\b\177b", 20, "a" REPLACEMENT REPLACEMENT REPLACEMENT "b"},
    {"a\xC2\x9B"
     "b",
     20, "a" REPLACEMENT "b"},
    /* nor what turns the writing direction */
    {"a\u202eb\u202c\u2066c\u2069", 20, "abc"},
    {"a\u2028b", 20, "a b"},
    {"so\u00adft", 20, "soft"},
    /* bytes that are no UTF-8 */
    {"a\xFF"
     "b",
     20, "a" REPLACEMENT "b"},
    {"a\xC0\xAF"
     "b",
     20, "a" REPLACEMENT REPLACEMENT "b"},
    {"a\xE5\x8C", 20, "a" REPLACEMENT REPLACEMENT},
    {"\xED\xA0\x80", 20, REPLACEMENT REPLACEMENT REPLACEMENT},
};

START_TEST(lines_are_broken)
{
    weft_scope void *mem = talloc_new(NULL);
    const struct row *r = &wrapped[_i];
    cells c = {.mem = mem};
    cells_add(&c, CELL_PLAIN, weft_str_from(r->text));
    const char *got = drawn(mem, &c, r->columns);
    ck_assert_msg(strcmp(got, r->lines) == 0, "'%s' at %zu columns: '%s', not '%s'",
                  r->text, r->columns, got, r->lines);
}
END_TEST

static const struct marked_row {
    const char *text;
    cell_mark marks[3];
    size_t count;
    const char *lines;
} marked[] = {
    {"a bout here", {{2, 6}}, 1, "a <bout> here"},
    {"bout", {{0, 4}}, 1, "<bout>"},
    {"one two one", {{0, 3}, {8, 11}}, 2, "<one> two <one>"},
    /* positions are bytes of the text as it came, whatever is dropped or collapsed before
       them */
    {"\u0433\u043e\u0440\u0434 b", {{9, 10}}, 1, "\u0433\u043e\u0440\u0434 <b>"},
    {"a \t\n b", {{5, 6}}, 1, "a <b>"},
    {"\u202ea\033b", {{5, 6}}, 1, "a" REPLACEMENT "<b>"},
    /* a mark that covers a part of a character, lies outside or behind */
    {"\u5317x", {{0, 1}}, 1, "<\u5317>x"},
    {"ab", {{1, 99}}, 1, "a<b>"},
    {"ab", {{5, 9}}, 1, "ab"},
    {"abc", {{2, 3}, {0, 1}}, 2, "ab<c>"},
};

START_TEST(marks_follow_their_bytes)
{
    weft_scope void *mem = talloc_new(NULL);
    const struct marked_row *r = &marked[_i];
    cells c = {.mem = mem};
    cells_add_marked(&c, CELL_PLAIN, weft_str_from(r->text), r->marks, r->count);
    const char *got = drawn(mem, &c, 40);
    ck_assert_msg(strcmp(got, r->lines) == 0, "'%s': '%s', not '%s'", r->text, got,
                  r->lines);
}
END_TEST

START_TEST(accents_do_not_heap_up)
{
    weft_scope void *mem = talloc_new(NULL);
    cells c = {.mem = mem};
    cells_add(&c, CELL_PLAIN, weft_str_from("e"));
    for (int i = 0; i < 100; i++)
        cells_add(&c, CELL_PLAIN, weft_str_from("\u0301"));
    cells_add(&c, CELL_PLAIN, weft_str_from("f"));
    ck_assert_uint_eq(c.n, 1 + CELL_COMBINING_MAX + 1);
    ck_assert_uint_eq(cells_columns(c.p, c.n), 2);
}
END_TEST

START_TEST(fit_counts_columns)
{
    weft_scope void *mem = talloc_new(NULL);
    cells c = {.mem = mem};
    cells_add(&c, CELL_PLAIN, weft_str_from("a\u5317e\u0301z"));
    static const size_t fits[] = {0, 1, 1, 2,
                                  4, 5, 5}; /* cells that fit into 0, 1, ... columns */
    for (size_t columns = 0; columns < sizeof fits / sizeof fits[0]; columns++)
        ck_assert_uint_eq(cells_fit(c.p, c.n, columns), fits[columns]);
}
END_TEST

int main(void)
{
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        return EXIT_FAILURE;
    Suite *s = suite_create("cells");
    TCase *t = tcase_create("cells");
    tcase_add_loop_test(t, lines_are_broken, 0, sizeof wrapped / sizeof wrapped[0]);
    tcase_add_loop_test(t, marks_follow_their_bytes, 0, sizeof marked / sizeof marked[0]);
    tcase_add_test(t, accents_do_not_heap_up);
    tcase_add_test(t, fit_counts_columns);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_SILENT);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

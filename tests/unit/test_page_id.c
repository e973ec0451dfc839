/* test_page_id.c - ids of a page and its comments, limits, faults and hostile pages. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page_reading.h"
#include "banned.h"

START_TEST(test_ids)
{
    reading *got =
        read_page(TOP "  1. A\n    A" D "    1. B/\"b\\%\n      B/\"b\\%" D
                      "  2. A\n    A" D "  3. A\n    A long ago 10:11\n    some words\n");
    ck_assert_str_eq(got->records[1]->id, "tide/A/20130503T0916/1");
    ck_assert_str_eq(got->records[2]->id, "tide/B%2F%22b%5C%25/20130503T0916/1");
    ck_assert_str_eq(got->records[2]->parent, "tide/A/20130503T0916/1");
    ck_assert_str_eq(got->records[3]->id, "tide/A/20130503T0916/2");
    const char *undated = got->records[4]->id;
    ck_assert_msg(strncmp(undated, "tide/A/x", 8) == 0 && strlen(undated) == 8 + 16 + 2,
                  "%s", undated);
}
END_TEST

static const struct {
    const char *name, *id, *prefix, *article;
} articles[] = {
    {"pages/a.b.txt", NULL, NULL, "a.b"}, {"a.txt.gz", NULL, NULL, "a"},
    {"noext", NULL, NULL, "noext"},       {".txt", NULL, NULL, ".txt"},
    {"a.txt", "given", NULL, "given"},    {"a.txt", NULL, "p:", "p:a"},
    {"-", "stdin", "p:", "p:stdin"},      {NULL, "x", NULL, "x"},
};

START_TEST(test_article_ids)
{
    weft_record_options options = {.id_prefix = articles[_i].prefix};
    reading got = {0};
    fmt_source source = {.bytes =
                             weft_str_from(TOP "  1. A\n    A" D "    1. B\n      B" D),
                         .name = articles[_i].name,
                         .id = articles[_i].id,
                         .options = &options};
    ck_assert_int_eq(read_source(&source, &got), WEFT_OK);
    ck_assert_str_eq(got.records[0]->id, articles[_i].article);
    ck_assert_str_eq(got.records[2]->article, articles[_i].article);
    ck_assert_str_eq(got.records[2]->parent, got.records[1]->id);
    ck_assert_str_eq(got.records[1]->id,
                     talloc_asprintf(mem, "%s/A/20130503T0916/1", articles[_i].article));
}
END_TEST

START_TEST(test_no_id)
{
    reading got = {0};
    fmt_source source = {.bytes = weft_str_from(TOP), .name = "-"};
    ck_assert_int_eq(read_source(&source, &got), WEFT_EUSAGE);
    source.name = NULL;
    ck_assert_int_eq(read_source(&source, &got), WEFT_EUSAGE);
    ck_assert_uint_eq(got.count, 0);
}
END_TEST

/* The same comment has the same id when a later dump has more above, below and inside. */
START_TEST(test_ids_stay)
{
    reading *old = read_page(TOP "  1. A\n    A" D "    one\n    1. B\n      B" D
                                 "  2. A\n    A today 10:11\n    two\n");
    reading *new = read_page(
        TOP "  1. Z\n    Z" D "    1. A\n      A 3 May 2013 09: 17 New\n  2. A\n    A" D
            "    one, edited\n    1. Y\n      Y" D "    2. B\n      B" D
            "  3. A\n    A 2 days ago\n    two\n");
    ck_assert_str_eq(outline(new), "Z|-|;A|Z|;A|-|one, edited;Y|A|;B|A|;A|-|two");
    ck_assert_str_eq(old->records[1]->id, new->records[3]->id);
    ck_assert_str_eq(old->records[2]->id, new->records[5]->id);
    ck_assert_str_eq(old->records[3]->id, new->records[6]->id);
}
END_TEST

/* An id at the limit stays, one byte more is cut and hashed; two that differ only at the
 * end stay apart. */
START_TEST(test_long_ids)
{
    char name[400];
    size_t tail = strlen("/A/20130503T0916/1");
    const char *page = TOP "  1. A\n    A" D "  2. A\n    A" D;
    for (size_t over = 0; over < 2; over++) {
        size_t n = WEFT_ID_MAX - tail + over;
        memset(name, 'n', n);
        name[n] = '\0';
        reading got = {0};
        fmt_source source = {.bytes = weft_str_from(page), .name = "x.txt", .id = name};
        ck_assert_int_eq(read_source(&source, &got), WEFT_OK);
        ck_assert_uint_eq(got.count, 3);
        ck_assert_uint_eq(strlen(got.records[1]->id), WEFT_ID_MAX);
        ck_assert_int_eq(strchr(got.records[1]->id, '~') != NULL, over == 1);
        ck_assert_str_ne(got.records[1]->id, got.records[2]->id);
    }
    memset(name, 'n', 300);
    name[300] = '\0';
    reading got = {0};
    weft_record_options options = {.id_prefix = "site:"};
    fmt_source source = {
        .bytes = weft_str_from(page), .name = "x.txt", .id = name, .options = &options};
    ck_assert_int_eq(read_source(&source, &got), WEFT_OK);
    ck_assert_uint_eq(strlen(got.records[0]->id), WEFT_ID_MAX);
    ck_assert(strncmp(got.records[0]->id, "site:nnn", 8) == 0);
    ck_assert_str_eq(got.records[1]->article, got.records[0]->id);
}
END_TEST

START_TEST(test_refused_goes_on)
{
    char *name = talloc_zero_size(mem, WEFT_AUTHOR_MAX + 2);
    memset(name, 'n', WEFT_AUTHOR_MAX + 1);
    reading *got = read_page(
        talloc_asprintf(mem, "%s  1. %s\n    %s%s  2. B\n    B%s", TOP, name, name, D, D));
    ck_assert_uint_eq(got->refused, 1);
    ck_assert_uint_eq(got->refused_line, 14);
    ck_assert_ptr_nonnull(strstr(got->reason, "author"));
    ck_assert_str_eq(outline(got), "B|-|");
    name[WEFT_AUTHOR_MAX] = '\0';
    got = read_page(talloc_asprintf(mem, "%s  1. %s\n    %s%s", TOP, name, name, D));
    ck_assert_uint_eq(got->refused, 0);
    ck_assert_uint_eq(got->count, 2);
}
END_TEST

START_TEST(test_errors)
{
    reading got = {.stop_at = 2};
    fmt_source source = {.bytes = weft_str_from(TOP "  1. A\n    A" D "  2. B\n    B" D),
                         .name = "a.txt"};
    ck_assert_int_eq(read_source(&source, &got), WEFT_EIO);
    ck_assert_uint_eq(got.count, 1);
    source.bytes = weft_str_from(" \n\t\n");
    ck_assert_int_eq(read_source(&source, &got), WEFT_ESYNTAX);
    source.bytes = weft_str_of(NULL, 0);
    ck_assert_int_eq(read_source(&source, &got), WEFT_ESYNTAX);
}
END_TEST

/* 64 MiB are read, one byte more is refused. */
START_TEST(test_page_limit)
{
    char *page = talloc_size(mem, PAGE_BYTES_MAX + 1);
    memset(page, '\n', PAGE_BYTES_MAX + 1);
    memcpy(page, "Site\nTitle\n", 11);
    reading got = {0};
    fmt_source source = {.bytes = weft_str_of(page, PAGE_BYTES_MAX + 1), .name = "a.txt"};
    ck_assert_int_eq(read_source(&source, &got), WEFT_ELIMIT);
    ck_assert_uint_eq(got.count, 0);
    source.bytes.n--;
    ck_assert_int_eq(read_source(&source, &got), WEFT_OK);
    ck_assert_uint_eq(got.count, 1);
}
END_TEST

/* Comments nested ever deeper hang on the last that is kept open. */
START_TEST(test_deep)
{
    enum { LEVELS = WEFT_DEPTH_MAX + 20 };
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 24);
    weft_buf_add_text(&b, TOP);
    for (int i = 0; i < LEVELS; i++)
        weft_buf_addf(&b, "%*s1. u%d\n%*su%d%s", 2 * i, "", i, 2 * i + 2, "", i, D);
    weft_buf_addf(&b, "2. end\n  end%s", D);
    reading *got = read_page(b.p);
    ck_assert_uint_eq(got->count, LEVELS + 2);
    for (size_t i = 1; i < LEVELS; i++) {
        size_t parent = i < WEFT_DEPTH_MAX ? i : WEFT_DEPTH_MAX;
        ck_assert_str_eq(got->records[i + 1]->parent, got->records[parent]->id);
    }
    ck_assert_ptr_null(got->records[LEVELS + 1]->parent);
}
END_TEST

/* What would be slow if anything were looked at again and again; the time is Check's, a
 * minute. */
START_TEST(test_many_lines)
{
    enum { LINES = 1000000 };
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 26);
    weft_buf_add_text(&b, TOP);
    for (int i = 0; i < LINES; i++)
        weft_buf_add_text(&b, i % 2 == 0 ? "1. a\n" : " 1. a\n");
    weft_buf_addf(&b, "2. end\n  end%s", D);
    reading *got = read_page(b.p);
    ck_assert_uint_eq(got->refused, 1); /* the article's body is over its limit */
    ck_assert_ptr_nonnull(strstr(got->reason, "body"));
    ck_assert_uint_eq(got->count, 1);
    ck_assert_str_eq(got->records[0]->author, "end");
}
END_TEST

START_TEST(test_many_comments)
{
    enum { COMMENTS = 100000 };
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 26);
    weft_buf_add_text(&b, TOP);
    for (int i = 0; i < COMMENTS; i++)
        weft_buf_add_text(&b, "1. a\n  a" D);
    reading *got = read_page(b.p);
    ck_assert_uint_eq(got->count, COMMENTS + 1);
    ck_assert_str_eq(got->records[COMMENTS]->id, "tide/a/20130503T0916/100000");
}
END_TEST

int main(void)
{
    TCase *c;
    Suite *s = new_suite("page_id", &c);
    tcase_add_test(c, test_ids);
    tcase_add_loop_test(c, test_article_ids, 0, COUNT(articles));
    tcase_add_test(c, test_no_id);
    tcase_add_test(c, test_ids_stay);
    tcase_add_test(c, test_long_ids);
    tcase_add_test(c, test_refused_goes_on);
    tcase_add_test(c, test_errors);
    tcase_add_test(c, test_page_limit);
    tcase_add_test(c, test_deep);
    tcase_add_test(c, test_many_lines);
    tcase_add_test(c, test_many_comments);
    return run_suite(s);
}

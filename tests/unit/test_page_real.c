/* test_page_real.c - the page that started the project against its table, when it is there.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page_reading.h"

#include <stdlib.h>

#include "weft/quote.h"
#include "weft/text.h"
#include "weft/thread.h"
#include "banned.h"

/* The real page, when it is there. */
static char *shared_path(void *where, const char *path)
{
    const char *shared = getenv("WEFT_SHARED");
    return talloc_asprintf(where, "%s/%s", shared == NULL ? "../shared" : shared, path);
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return NULL;
    char *text = talloc_zero_size(mem, 1 << 20);
    size_t n = fread(text, 1, (1 << 20) - 1, f);
    fclose(f);
    text[n] = '\0';
    return text;
}

static weft_str next_field(weft_str *row)
{
    const char *tab = row->n == 0 ? NULL : memchr(row->p, '\t', row->n);
    size_t n = tab == NULL ? row->n : (size_t)(tab - row->p);
    weft_str field = weft_str_of(row->p, n);
    size_t used = tab == NULL ? n : n + 1;
    *row = weft_str_of(row->p + used, row->n - used);
    return field;
}

static size_t body_lines(const weft_record *r)
{
    weft_str rest = weft_str_from(r->body), line;
    size_t n = 0;
    while (weft_str_next_line(&rest, &line))
        n += weft_str_trim(line).n > 0;
    return n;
}

/* Names in the marked quotes of a comment, each found to point at a comment by that author.
 */
static const char *quoted(weft_quote_finder *finder, const weft_thread *t,
                          const weft_record *r)
{
    weft_quote *quotes;
    size_t count;
    weft_error err = {0};
    char *names = talloc_strdup(mem, "");
    uint32_t of = 0;
    while (t->nodes[of].record != r)
        of++;
    ck_assert_int_eq(weft_quote_finder_find(finder, mem, of, &quotes, &count, &err),
                     WEFT_OK);
    for (size_t i = 0; i < count; i++) {
        if (quotes[i].silent)
            continue;
        names = talloc_asprintf_append(names, "%.*s", WEFT_STR_ARG(quotes[i].who));
        ck_assert(quotes[i].node != WEFT_NO_NODE);
        ck_assert(weft_str_is(quotes[i].who, t->nodes[quotes[i].node].record->author));
    }
    return names;
}

static void check_article(const weft_record *a)
{
    size_t breaks = 0;
    ck_assert_str_eq(a->id, "military-review-2013-05-03");
    ck_assert_str_eq(a->site, "Military Review");
    ck_assert_str_eq(a->title,
                     "Washington and Moscow have agreed to be friends special services");
    for (const char *p = a->body; (p = strstr(p, "\n\n")) != NULL; p += 2)
        breaks++;
    ck_assert_uint_eq(breaks, 5);
    ck_assert_ptr_null(strstr(a->body, "Dear reader"));
    ck_assert_ptr_nonnull(strstr(a->body, "G-20 summit in St. Petersburg."));
}

static uint64_t next_number(weft_str *row)
{
    uint64_t n = 0;
    ck_assert_int_eq(weft_parse_u64(next_field(row), 99, &n, NULL), WEFT_OK);
    return n;
}

/* A row holds: n, depth, parent, author, date, body lines, names quoted. */
static void check_row(const reading *got, size_t n, weft_str row, const char *names)
{
    const weft_record *r = got->records[n];
    ck_assert_uint_eq(next_number(&row), n);
    next_number(&row);
    weft_str parent = next_field(&row);
    if (weft_str_is(parent, "-")) {
        ck_assert_ptr_null(r->parent);
    } else {
        uint64_t above = next_number(&parent);
        ck_assert_uint_lt(above, n);
        ck_assert_str_eq(r->parent, got->records[above]->id);
    }
    ck_assert_msg(weft_str_is(next_field(&row), r->author), "row %zu: %s", n, r->author);
    weft_str date = next_field(&row);
    ck_assert_str_eq(date_text(r), talloc_asprintf(mem, "%.*s:00Z", WEFT_STR_ARG(date)));
    ck_assert_msg(next_number(&row) == body_lines(r), "row %zu: body", n);
    ck_assert_msg(weft_str_is(next_field(&row), names), "row %zu: quotes", n);
}

START_TEST(test_real_page)
{
    reading got = {0};
    weft_error err = {0};
    weft_tokenizer *tokenizer = NULL;
    weft_thread *t = NULL;
    weft_quote_finder *finder = NULL;
    char *page = read_file(shared_path(mem, "data/pages/military-review-2013-05-03.txt"));
    char *table =
        read_file(shared_path(mem, "data/pages/military-review-2013-05-03.expected.tsv"));
    ck_assert(page != NULL && table != NULL);
    fmt_source source = {.bytes = weft_str_from(page),
                         .name = "data/pages/military-review-2013-05-03.txt"};
    ck_assert_int_eq(read_source(&source, &got), WEFT_OK);
    ck_assert_uint_eq(got.count, 32);
    ck_assert_uint_eq(got.refused, 0);
    check_article(got.records[0]);

    ck_assert_int_eq(weft_tokenizer_new(mem, &tokenizer, &err), WEFT_OK);
    ck_assert_int_eq(
        weft_thread_build(mem, got.records[0]->id, got.records, got.count, &t, &err),
        WEFT_OK);
    ck_assert_int_eq(weft_quote_finder_new(mem, tokenizer, t, &finder, &err), WEFT_OK);
    weft_str rest = weft_str_from(table), row;
    ck_assert(weft_str_next_line(&rest, &row));
    for (size_t n = 1; n < got.count; n++) {
        ck_assert(weft_str_next_line(&rest, &row));
        check_row(&got, n, row, quoted(finder, t, got.records[n]));
    }
    ck_assert(!weft_str_next_line(&rest, &row));
}
END_TEST

static bool has_shared(void)
{
    char *path = shared_path(NULL, "data/pages/military-review-2013-05-03.txt");
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        printf("1..0 # SKIP the real page is not at %s\n", path);
    else
        fclose(f);
    talloc_free(path);
    return f != NULL;
}

int main(void)
{
    TCase *c;
    if (!has_shared())
        return 0;
    Suite *s = new_suite("page_real", &c);
    tcase_add_test(c, test_real_page);
    return run_suite(s);
}

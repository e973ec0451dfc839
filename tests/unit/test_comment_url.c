/* test_comment_url.c - URLs of comments made from a pattern. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "comment_url.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void *mem;
static weft_error err;

static void set_up(void)
{
    mem = talloc_new(NULL);
    err = (weft_error){0};
}

static void tear_down(void)
{
    talloc_free(mem);
}

static const struct {
    const char *pattern, *prefix, *id, *article, *given, *url; /* NULL: none */
} rows[] = {
    {"{url}#comment-{id}", NULL, "7", "a1", NULL, "http://x.example/a?p=1#comment-7"},
    {"{url}#comment-{id}", NULL, "7", "a2", NULL, NULL}, /* an article without one */
    {"{url}#comment-{id}", NULL, "7", "a3", NULL, NULL}, /* one that did not come */
    {"{url}#c{id}", NULL, "7", "a1", "http://own.example/", "http://own.example/"},
    {"http://y.example/{article}/{id}", NULL, "7", "a3", NULL, "http://y.example/a3/7"},
    {"{id}{id}", NULL, "7", "a1", NULL, "77"},
    {"{id}", "site-", "site-7", "a1", NULL, "7"},
    {"{id}", "site-", "7", "a1", NULL, "7"},
    {"{article}", "a", "7", "a1", NULL, "1"},
    {"{id}", NULL, "a b<\"\xC3\xA9#?&%", "a1", NULL, "a%20b%3C%22%C3%A9%23%3F%26%25"},
    {"", NULL, "7", "a1", NULL, NULL},
};

START_TEST(patterns)
{
    comment_urls *urls;
    weft_record a1 = {.type = WEFT_ARTICLE, .id = "a1", .url = "http://x.example/a?p=1"};
    weft_record a2 = {.type = WEFT_ARTICLE, .id = "a2"};
    weft_record c = {.type = WEFT_COMMENT,
                     .id = rows[_i].id,
                     .article = rows[_i].article,
                     .url = rows[_i].given};
    ck_assert_int_eq(comment_url_check(rows[_i].pattern, &err), WEFT_OK);
    ck_assert_int_eq(comment_urls_new(mem, rows[_i].pattern, rows[_i].prefix, &urls, &err),
                     WEFT_OK);
    ck_assert_int_eq(comment_url_fill(urls, mem, &a1, &err), WEFT_OK);
    ck_assert_int_eq(comment_url_fill(urls, mem, &a2, &err), WEFT_OK);
    ck_assert_int_eq(comment_url_fill(urls, mem, &c, &err), WEFT_OK);
    ck_assert_ptr_null(a2.url);
    if (rows[_i].url == NULL)
        ck_assert_ptr_null(c.url);
    else
        ck_assert_str_eq(c.url, rows[_i].url);
}
END_TEST

static const char *const bad[] = {"{uri}", "{url", "url}", "{}", "{id}{", "{ID}"};

START_TEST(patterns_that_are_none)
{
    ck_assert_int_eq(comment_url_check(bad[_i], &err), WEFT_EUSAGE);
    ck_assert_ptr_nonnull(strstr(err.text, "--comment-url"));
}
END_TEST

/* So many articles are known that are kept; the one after them is not. */
START_TEST(articles_have_a_limit)
{
    comment_urls *urls;
    char id[16];
    ck_assert_int_eq(comment_urls_new(mem, "{url}#{id}", NULL, &urls, &err), WEFT_OK);
    for (int i = 0; i <= WEFT_COMMENT_URLS_MAX; i++) {
        weft_record a = {.type = WEFT_ARTICLE, .id = id, .url = "u"};
        snprintf(id, sizeof id, "%d", i);
        ck_assert_int_eq(comment_url_fill(urls, mem, &a, &err), WEFT_OK);
    }
    weft_record last = {.type = WEFT_COMMENT, .id = "c", .article = id};
    snprintf(id, sizeof id, "%d", WEFT_COMMENT_URLS_MAX - 1);
    ck_assert_int_eq(comment_url_fill(urls, mem, &last, &err), WEFT_OK);
    ck_assert_str_eq(last.url, "u#c");
    weft_record over = {.type = WEFT_COMMENT, .id = "c", .article = id};
    snprintf(id, sizeof id, "%d", WEFT_COMMENT_URLS_MAX);
    ck_assert_int_eq(comment_url_fill(urls, mem, &over, &err), WEFT_OK);
    ck_assert_ptr_null(over.url);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("comment_url");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_loop_test(t, patterns, 0, (int)COUNT(rows));
    tcase_add_loop_test(t, patterns_that_are_none, 0, (int)COUNT(bad));
    tcase_add_test(t, articles_have_a_limit);
    Suite *s = suite_create("comment_url");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

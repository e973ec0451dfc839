/* test_spool.c - the record that stands of each id, threads gathered, deletes that find
 * their place; in any order of the input. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "weft/mem.h"
#include "spool.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void *mem;
static spool *s;
static uint64_t duplicates;

static void set_up(void)
{
    mem = talloc_new(NULL);
    duplicates = 99;
    ck_assert_int_eq(spool_new(mem, "/tmp", &s, NULL), WEFT_OK);
}

static void tear_down(void)
{
    talloc_free(mem);
}

static void add(weft_record r)
{
    r.published_s = WEFT_DATE_UNKNOWN;
    ck_assert_int_eq(spool_add(s, &r, NULL), WEFT_OK);
}

/* "article:id<parent=body@order" of every record, threads apart by "|"; a delete is -. */
static const char *all(void)
{
    weft_buf b;
    weft_error err = {0};
    size_t n = 1;
    weft_buf_init(&b, mem, 1 << 20);
    while (n > 0) {
        spool_entry *entries;
        ck_assert_msg(spool_next(s, mem, &entries, &n, &err) == WEFT_OK, "%s", err.text);
        for (size_t i = 0; i < n; i++) {
            const weft_record *r = entries[i].record;
            const char *article = r->article == NULL ? "" : r->article;
            weft_buf_addf(&b, "%s%s%s:%s", i == 0 ? "|" : " ", r->is_delete ? "-" : "",
                          article, r->id);
            if (r->parent != NULL)
                weft_buf_addf(&b, "<%s", r->parent);
            if (r->body != NULL)
                weft_buf_addf(&b, "=%s", r->body);
            weft_buf_addf(&b, "@%d", (int)entries[i].order);
        }
    }
    return b.p;
}

static const char *finish(void)
{
    weft_error err = {0};
    ck_assert_msg(spool_finish(s, &duplicates, &err) == WEFT_OK, "%s", err.text);
    return all();
}

static weft_record comment(const char *article, const char *id, const char *body)
{
    return (weft_record){.type = WEFT_COMMENT,
                         .article = article,
                         .id = id,
                         .body = (char *)(uintptr_t)body};
}

static weft_record with_rev(weft_record r, uint64_t rev)
{
    r.has_rev = true;
    r.rev = rev;
    return r;
}

START_TEST(threads_in_order_of_coming)
{
    add(comment("b", "c1", "one"));
    add((weft_record){.type = WEFT_ARTICLE, .id = "a", .body = "A"});
    add(comment("a", "c2", "two"));
    add((weft_record){.type = WEFT_ARTICLE, .id = "b", .body = "B"});
    add(comment("b", "c3", "three"));
    ck_assert_str_eq(finish(), "|b:c1=one@1 :b=B@4 b:c3=three@5|:a=A@2 a:c2=two@3");
    ck_assert_uint_eq(duplicates, 0);
    ck_assert_uint_eq(spool_count(s), 5);
    ck_assert_uint_eq(spool_text_bytes(s), 13);
    ck_assert_str_eq(all(), "");
    spool_rewind(s);
    ck_assert_str_eq(all(), "|b:c1=one@1 :b=B@4 b:c3=three@5|:a=A@2 a:c2=two@3");
}
END_TEST

START_TEST(nothing_came)
{
    ck_assert_str_eq(finish(), "");
    ck_assert_uint_eq(duplicates, 0);
}
END_TEST

START_TEST(ids_are_of_a_type)
{
    add((weft_record){.type = WEFT_ARTICLE, .id = "1", .body = "A"});
    add(comment("1", "1", "C"));
    ck_assert_str_eq(finish(), "|:1=A@1 1:1=C@2");
}
END_TEST

/* Two or three records of one id: which stands. */
enum { NONE = -1 };
static const struct {
    const char *name;
    struct {
        int rev;
        weft_status status;
    } records[3];
    int count, stands;
} rivals[] = {
    {"later", {{NONE, WEFT_PUBLIC}, {NONE, WEFT_PUBLIC}}, 2, 2},
    {"higher revision first", {{2, WEFT_PUBLIC}, {1, WEFT_PUBLIC}}, 2, 1},
    {"higher revision last", {{1, WEFT_PUBLIC}, {2, WEFT_PUBLIC}}, 2, 2},
    {"equal revisions", {{2, WEFT_PUBLIC}, {2, WEFT_PUBLIC}}, 2, 2},
    {"a revision after none", {{NONE, WEFT_PUBLIC}, {0, WEFT_PUBLIC}}, 2, 2},
    {"none after a revision", {{5, WEFT_PUBLIC}, {NONE, WEFT_PUBLIC}}, 2, 2},
    {"hidden with a revision", {{5, WEFT_HIDDEN}, {NONE, WEFT_PUBLIC}}, 2, 1},
    {"deleted with a revision", {{5, WEFT_DELETED}, {4, WEFT_PUBLIC}}, 2, 1},
    {"pending, then newer", {{5, WEFT_PENDING}, {6, WEFT_PUBLIC}}, 2, 2},
    {"hidden without revision", {{NONE, WEFT_HIDDEN}, {NONE, WEFT_PUBLIC}}, 2, 2},
    {"rev, hidden, none", {{1, WEFT_PUBLIC}, {3, WEFT_HIDDEN}, {NONE, WEFT_PUBLIC}}, 3, 2},
    {"falling", {{3, WEFT_PUBLIC}, {2, WEFT_PUBLIC}, {1, WEFT_PUBLIC}}, 3, 1},
    {"largest", {{INT32_MAX, WEFT_PUBLIC}, {0, WEFT_PUBLIC}, {1, WEFT_HIDDEN}}, 3, 1},
};

START_TEST(one_stands)
{
    static const char *const bodies[] = {"1", "2", "3"};
    char expected[32];
    for (int i = 0; i < rivals[_i].count; i++) {
        weft_record r = comment("a", "c", bodies[i]);
        r.status = rivals[_i].records[i].status;
        if (rivals[_i].records[i].rev != NONE)
            r = with_rev(r, (uint64_t)rivals[_i].records[i].rev);
        add(r);
    }
    snprintf(expected, sizeof expected, "|a:c=%d@%d", rivals[_i].stands, rivals[_i].stands);
    const char *got = finish();
    ck_assert_msg(strcmp(got, expected) == 0, "%s: %s", rivals[_i].name, got);
    ck_assert_uint_eq(duplicates, (size_t)rivals[_i].count - 1);
}
END_TEST

static weft_record delete_of(const char *id)
{
    return (weft_record){.type = WEFT_COMMENT, .is_delete = true, .id = id};
}

/* A delete by reference goes where the comment it deletes was. */
START_TEST(deletes_inherit)
{
    weft_record r = comment("a", "c1", "one");
    r.parent = "c0";
    add(r);
    add(comment("b", "c2", "two"));
    add(delete_of("c1"));
    add(delete_of("c3"));
    add(with_rev(delete_of("c4"), 9));
    add(with_rev(comment("b", "c4", "older"), 8));
    ck_assert_str_eq(finish(), "|b:c2=two@2 -b:c4@5|-a:c1<c0@3|-:c3@4");
    ck_assert_uint_eq(duplicates, 2);
}
END_TEST

/* Through another delete, and from the newest that names an article. */
START_TEST(deletes_inherit_from_the_last)
{
    add(comment("a", "c1", "one"));
    add(delete_of("c1"));
    add(delete_of("c1"));
    add(comment("a", "c2", "one"));
    add(comment("b", "c2", "moved"));
    add(delete_of("c2"));
    ck_assert_str_eq(finish(), "|-a:c1@3|-b:c2@6");
    ck_assert_uint_eq(duplicates, 4);
}
END_TEST

/* Ten thousand records of a hundred threads, in two random orders: the same groups. */
enum { RECORDS = 10000, THREADS = 100 };

static void add_shuffled(uint32_t seed)
{
    static uint32_t order[RECORDS];
    for (uint32_t i = 0; i < RECORDS; i++)
        order[i] = i;
    for (uint32_t i = RECORDS; i-- > 1;) {
        seed = seed * 1664525 + 1013904223;
        uint32_t k = seed / 256 % (i + 1), held = order[i];
        order[i] = order[k];
        order[k] = held;
    }
    for (uint32_t i = 0; i < RECORDS; i++) {
        char article[16], id[16], body[16];
        uint32_t n = order[i] / 2; /* two of each id: the one with revision 1 stands */
        snprintf(article, sizeof article, "a%u", n % THREADS);
        snprintf(id, sizeof id, "c%u", n);
        snprintf(body, sizeof body, "%u", order[i] % 2);
        add(with_rev(comment(article, id, body), order[i] % 2));
    }
}

START_TEST(any_order_gives_the_same)
{
    bool seen[RECORDS / 2] = {false};
    size_t threads = 0, n = 1;
    add_shuffled((uint32_t)_i);
    ck_assert_int_eq(spool_finish(s, &duplicates, NULL), WEFT_OK);
    ck_assert_uint_eq(duplicates, RECORDS / 2);
    while (n > 0) {
        spool_entry *entries;
        ck_assert_int_eq(spool_next(s, mem, &entries, &n, NULL), WEFT_OK);
        threads += n > 0;
        ck_assert(n == 0 || n == RECORDS / 2 / THREADS);
        for (size_t i = 0; i < n; i++) {
            const weft_record *r = entries[i].record;
            unsigned long id = strtoul(r->id + 1, NULL, 10);
            ck_assert_str_eq(r->article, entries[0].record->article);
            ck_assert_uint_eq(strtoul(r->article + 1, NULL, 10), id % THREADS);
            ck_assert_str_eq(r->body, "1");
            ck_assert(!seen[id]);
            ck_assert(i == 0 || entries[i - 1].order < entries[i].order);
            seen[id] = true;
        }
    }
    ck_assert_uint_eq(threads, THREADS);
}
END_TEST

START_TEST(leaves_no_file)
{
    char folder[] = P_tmpdir "/weft-test-spool-XXXXXX";
    spool *other;
    int files = 0;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(spool_new(mem, folder, &other, NULL), WEFT_OK);
    DIR *d = opendir(folder);
    ck_assert_ptr_nonnull(d);
    while (readdir(d) != NULL)
        files++;
    closedir(d);
    ck_assert_int_eq(files, 2); /* . and .. */
    ck_assert_int_eq(rmdir(folder), 0);
    weft_error err = {0};
    ck_assert_int_eq(spool_new(mem, folder, &other, &err), WEFT_EIO);
    ck_assert_ptr_nonnull(strstr(err.text, "No such file or directory"));
}
END_TEST

/* Articles and comments with short numbers for ids are all different documents; the seed of
 * the hash is random, so a few runs. */
START_TEST(short_ids_do_not_collide)
{
    enum { COMMENTS = 8000, ARTICLES = 2000, FIRST = 15000, APART = 20002 };
    char id[16], article[16];
    size_t count = 1, total = 0, threads = 0;
    spool_entry *entries;
    for (int i = 0; i < ARTICLES; i++) {
        snprintf(id, sizeof id, "%d", FIRST + i);
        add((weft_record){.type = WEFT_ARTICLE, .id = id});
    }
    for (int i = 0; i < COMMENTS; i++) {
        snprintf(id, sizeof id, "%d", FIRST + APART + i);
        snprintf(article, sizeof article, "%d", FIRST + i % ARTICLES);
        add((weft_record){.type = WEFT_COMMENT, .id = id, .article = article});
    }
    ck_assert_int_eq(spool_finish(s, &duplicates, NULL), WEFT_OK);
    ck_assert_uint_eq(duplicates, 0);
    while (count > 0) {
        weft_scope void *tmp = talloc_new(NULL);
        ck_assert_int_eq(spool_next(s, tmp, &entries, &count, NULL), WEFT_OK);
        ck_assert(count == 0 || count == 1 + COMMENTS / ARTICLES);
        threads += count > 0;
        total += count;
    }
    ck_assert_uint_eq(threads, ARTICLES);
    ck_assert_uint_eq(total, ARTICLES + COMMENTS);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("spool");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, threads_in_order_of_coming);
    tcase_add_test(t, nothing_came);
    tcase_add_test(t, ids_are_of_a_type);
    tcase_add_loop_test(t, one_stands, 0, (int)COUNT(rivals));
    tcase_add_test(t, deletes_inherit);
    tcase_add_test(t, deletes_inherit_from_the_last);
    tcase_add_loop_test(t, any_order_gives_the_same, 1, 4);
    tcase_add_test(t, leaves_no_file);
    tcase_add_loop_test(t, short_ids_do_not_collide, 0, 4);
    Suite *suite = suite_create("spool");
    suite_add_tcase(suite, t);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

/* test_journal.c - what was taken is read back in order; what a dead writer left is not;
 * damage and gaps are said. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weft/mem.h"
#include "files.h"
#include "journal.h"
#include "banned.h"

static void *mem;
static char dir[64];
static weft_buf got;

static void set_up(void)
{
    mem = talloc_new(NULL);
    snprintf(dir, sizeof dir, P_tmpdir "/weft-test-journal-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    weft_buf_init(&got, mem, 1 << 20);
}

static void tear_down(void)
{
    char path[80];
    snprintf(path, sizeof path, "%s/journal", dir);
    ck_assert_int_eq(files_remove_dir(path, NULL), WEFT_OK);
    ck_assert_int_eq(files_remove_dir(dir, NULL), WEFT_OK);
    talloc_free(mem);
}

static journal *opened(uint64_t applied)
{
    journal *j;
    weft_error err = {0};
    ck_assert_msg(journal_open(mem, dir, applied, &j, &err) == WEFT_OK, "%s", err.text);
    return j;
}

static void put(journal *j, const char *id)
{
    weft_record r = {.type = WEFT_ARTICLE, .published_s = WEFT_DATE_UNKNOWN};
    r.id = (char *)(uintptr_t)id;
    r.title = (char *)(uintptr_t) "A title";
    ck_assert_int_eq(journal_add(j, &r, NULL), WEFT_OK);
}

static uint64_t ended(journal *j, bool changes)
{
    uint64_t batch = 99;
    ck_assert_int_eq(journal_end_batch(j, changes, &batch, NULL), WEFT_OK);
    return batch;
}

static weft_code note(void *ctx, void *tmp, weft_record *r, weft_error *err)
{
    (void)ctx, (void)tmp, (void)err;
    weft_buf_addf(&got, "%s%s ", r->is_delete ? "-" : "", r->id);
    return WEFT_OK;
}

static weft_code note_purge(void *ctx, const journal_purge *purge, weft_error *err)
{
    (void)ctx, (void)err;
    weft_buf_addf(&got, "(%s%02x%02x) ", purge->by_id ? "id " : "", purge->hash[0],
                  purge->hash[JOURNAL_HASH_BYTES - 1]);
    return WEFT_OK;
}

static const journal_visitor visitor = {note, note_purge, NULL};

/* The ids of a range, and *last. */
static const char *ids(journal_range range, uint64_t *last)
{
    weft_error err = {0};
    weft_buf_clear(&got);
    ck_assert_msg(journal_read(dir, &range, &visitor, last, &err) == WEFT_OK, "%s",
                  err.text);
    return got.n == 0 ? "" : got.p;
}

static const journal_range all = {0, UINT64_MAX, INT64_MAX};

static void resize(uint64_t first, off_t bytes)
{
    char path[128];
    snprintf(path, sizeof path, "%s/journal/%020llu", dir, (unsigned long long)first);
    ck_assert_int_eq(truncate(path, bytes), 0);
}

static off_t bytes_of(uint64_t first)
{
    struct stat st;
    char path[128];
    snprintf(path, sizeof path, "%s/journal/%020llu", dir, (unsigned long long)first);
    return stat(path, &st) == 0 ? st.st_size : -1;
}

START_TEST(batches_come_back)
{
    uint64_t last;
    journal *j = opened(0);
    put(j, "a");
    put(j, "b");
    ck_assert_uint_eq(ended(j, true), 1);
    ck_assert_uint_eq(ended(j, true), 1); /* an empty one is none */
    put(j, "c");
    ck_assert_uint_eq(ended(j, true), 2);
    weft_record gone = {.type = WEFT_COMMENT, .is_delete = true, .id = (char *)"d"};
    gone.published_s = WEFT_DATE_UNKNOWN;
    ck_assert_int_eq(journal_add(j, &gone, NULL), WEFT_OK);
    ck_assert_uint_eq(ended(j, true), 3);
    talloc_free(j);
    ck_assert_str_eq(ids(all, &last), "a b c -d ");
    ck_assert_uint_eq(last, 3);
    ck_assert_str_eq(ids((journal_range){1, 2, INT64_MAX}, &last), "c ");
    ck_assert_uint_eq(last, 2);
    ck_assert_str_eq(ids((journal_range){3, UINT64_MAX, INT64_MAX}, &last), "");
    ck_assert_uint_eq(last, 3);
    ck_assert_str_eq(ids((journal_range){2, UINT64_MAX, 0}, &last), "a b c -d ");
    j = opened(3);
    put(j, "e");
    ck_assert_uint_eq(ended(j, true), 4);
}
END_TEST

/* The writer died between the journal and the index. */
START_TEST(what_the_index_never_saw_is_dropped)
{
    uint64_t last;
    journal *j = opened(0);
    put(j, "a");
    ended(j, true);
    put(j, "lost");
    ended(j, true);
    talloc_free(j);
    j = opened(1);
    put(j, "b");
    ck_assert_uint_eq(ended(j, true), 2);
    ck_assert_str_eq(ids(all, &last), "a b ");
}
END_TEST

/* A batch that left the index as it was is no number of the index. */
START_TEST(what_changed_nothing_is_kept)
{
    uint64_t last;
    journal *j = opened(0);
    put(j, "a");
    ended(j, true);
    put(j, "same");
    ended(j, false);
    talloc_free(j);
    j = opened(1);
    put(j, "b");
    ck_assert_uint_eq(ended(j, true), 3);
    ck_assert_str_eq(ids(all, &last), "a same b ");
}
END_TEST

/* Cut anywhere, the file gives its whole batches, and takes new ones. */
START_TEST(cut_anywhere)
{
    uint64_t last;
    journal *j = opened(0);
    put(j, "a");
    ended(j, true);
    off_t first = bytes_of(1);
    put(j, "b");
    ended(j, true);
    talloc_free(j);
    for (off_t n = bytes_of(1) - 1; n >= 0; n--) {
        resize(1, n);
        bool has_a = n >= first;
        ck_assert_str_eq(ids(all, &last), has_a ? "a " : "");
        ck_assert_uint_eq(last, has_a ? 1 : 0);
    }
    j = opened(0);
    put(j, "c");
    ck_assert_uint_eq(ended(j, true), 1);
    ck_assert_str_eq(ids(all, &last), "c ");
}
END_TEST

/* The index has what the journal lost: what is new goes into a file of its own, and a reading
 * from before says so. */
START_TEST(a_gap_is_said)
{
    uint64_t last;
    weft_error err = {0};
    journal *j = opened(0);
    put(j, "a");
    ended(j, true);
    off_t n = bytes_of(1);
    put(j, "b");
    ended(j, true);
    talloc_free(j);
    resize(1, n);
    j = opened(2);
    put(j, "c");
    ck_assert_uint_eq(ended(j, true), 3);
    ck_assert_int_eq(journal_read(dir, &all, &visitor, &last, &err), WEFT_ECORRUPT);
    ck_assert_ptr_nonnull(strstr(err.text, "batch 3 comes where 2 should be"));
    ck_assert_str_eq(ids((journal_range){2, UINT64_MAX, INT64_MAX}, &last), "c ");
}
END_TEST

/* A batch that fills a file: its parts. */
enum {
    PART_BYTES = 1024 * 1024,
    PARTS = 2 * (JOURNAL_SEGMENT_BYTES / PART_BYTES)
}; /* they pack a little */

static void put_large(journal *j, const char *id)
{
    char *body = talloc_size(mem, PART_BYTES);
    weft_record r = {.type = WEFT_ARTICLE, .id = (char *)(uintptr_t)id, .body = body};
    r.published_s = WEFT_DATE_UNKNOWN;
    uint32_t seed = 1; /* for bytes that do not pack well */
    for (size_t i = 0; i + 1 < PART_BYTES; i++) {
        seed = seed * 1664525 + 1013904223;
        body[i] = (char)('\x80' + (char)(seed >> 25));
    }
    body[PART_BYTES - 1] = '\0';
    ck_assert_int_eq(journal_add(j, &r, NULL), WEFT_OK);
}

START_TEST(full_files_are_followed_by_new_ones_and_pruned)
{
    uint64_t last;
    journal *j = opened(0);
    for (int batch = 0; batch < 2; batch++) {
        for (int i = 0; i < PARTS; i++)
            put_large(j, i == 0 ? "first" : "more");
        ended(j, true);
    }
    put(j, "c");
    ended(j, true);
    ck_assert_ptr_nonnull(strstr(ids(all, &last), "more first more"));
    ck_assert_uint_eq(last, 3);
    ck_assert_int_ge(bytes_of(1), JOURNAL_SEGMENT_BYTES);
    ck_assert_int_ge(bytes_of(2), JOURNAL_SEGMENT_BYTES);
    ck_assert_int_eq(journal_prune(dir, 1, NULL), WEFT_OK);
    ck_assert_int_eq(bytes_of(1), -1);
    ck_assert_int_ge(bytes_of(2), 0);
    ck_assert_int_eq(journal_prune(dir, 3, NULL), WEFT_OK);
    ck_assert_int_eq(bytes_of(2), -1);
    ck_assert_str_eq(ids((journal_range){2, UINT64_MAX, INT64_MAX}, &last), "c ");
}
END_TEST

static weft_code forget_b(void *ctx, void *tmp, const weft_record *r, bool *out,
                          weft_error *err)
{
    (void)ctx, (void)tmp, (void)err;
    *out = r->id[0] == 'b';
    return WEFT_OK;
}

START_TEST(records_are_forgotten)
{
    uint64_t last;
    const journal_purge purge = {true, {0xAB, [JOURNAL_HASH_BYTES - 1] = 0xCD}};
    journal *j = opened(0);
    put(j, "a");
    put(j, "b");
    ended(j, true);
    put(j, "b2");
    put(j, "c");
    ended(j, true);
    ck_assert_int_eq(journal_add_purge(j, &purge, NULL), WEFT_OK);
    put(j, "c");
    ended(j, true);
    talloc_free(j);
    ck_assert_str_eq(ids(all, &last), "a b b2 c (id abcd) c ");
    const journal_forget forget = {forget_b, NULL};
    const journal_purge other = {false, {0xAB, [JOURNAL_HASH_BYTES - 1] = 0xCD}};
    ck_assert_int_eq(journal_rewrite(dir, &other, &forget, NULL), WEFT_OK);
    ck_assert_str_eq(ids(all, &last), "a c (id abcd) c ");
    ck_assert_int_eq(journal_rewrite(dir, &purge, &forget, NULL), WEFT_OK);
    ck_assert_str_eq(ids(all, &last), "a (id abcd) c ");
    ck_assert_uint_eq(last, 3);
    j = opened(3);
    put(j, "d");
    ck_assert_uint_eq(ended(j, true), 4);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("journal");
    TCase *c = tcase_create("journal");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, batches_come_back);
    tcase_add_test(c, what_the_index_never_saw_is_dropped);
    tcase_add_test(c, what_changed_nothing_is_kept);
    tcase_add_test(c, cut_anywhere);
    tcase_add_test(c, a_gap_is_said);
    tcase_add_test(c, records_are_forgotten);
    tcase_add_test(c, full_files_are_followed_by_new_ones_and_pruned);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

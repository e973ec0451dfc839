/* test_bulk_table.c - the bytes of glass: packed numbers, blocks, cut tags, branches. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <signal.h>

#include "shim_test.h"
#include "weft/bulk.h"
#include "weft/check.h"
#include "weft/limits.h"
#include "pack.h"
#include "sort.h"
#include "table.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static unsigned char file[4 * TABLE_BLOCK_BYTES];
static table_root root;

static table *begin(void)
{
    table *t = NULL;
    HOLDS(table_create(mem, path, &t, err));
    return t;
}

static void add(table *t, const char *key, size_t tag_bytes)
{
    char *tag = talloc_size(mem, tag_bytes);
    memset(tag, 't', tag_bytes);
    HOLDS(table_add(t, weft_str_from(key), weft_str_of(tag, tag_bytes), err));
}

/* Finish the table and read its file: that many blocks. */
static void end(table *t, size_t blocks)
{
    HOLDS(table_finish(t, &root, err));
    int fd = open(path, O_RDONLY);
    ssize_t n = read(fd, file, sizeof file);
    close(fd);
    unlink(path);
    ck_assert_int_eq(n, (ssize_t)(blocks * TABLE_BLOCK_BYTES));
    ck_assert_uint_eq(root.blocks, blocks);
    ck_assert(root.exists);
}

/* The bytes at a place of a block, written as a string. */
#define BYTES_ARE(block, at, text)                                                         \
    ck_assert_msg(                                                                         \
        memcmp(file + (block)*TABLE_BLOCK_BYTES + (at), text, sizeof(text) - 1) == 0,      \
        "block %d, byte %d", (int)(block), (int)(at))

START_TEST(numbers)
{
    static const struct {
        uint64_t v;
        size_t n;
        const char *bytes;
    } rows[] = {{0, 1, "\0"},
                {127, 1, "\x7f"},
                {128, 2, "\x80\x01"},
                {300, 2, "\xac\x02"},
                {16384, 3, "\x80\x80\x01"},
                {UINT64_MAX, 10, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned char out[PACKED_MAX];
        uint64_t back;
        size_t n = (size_t)(pack_uint(out, rows[i].v) - out);
        ck_assert_msg(n == rows[i].n && memcmp(out, rows[i].bytes, n) == 0, "row %zu", i);
        ck_assert_ptr_eq(unpack_uint(out, &back), out + n);
        ck_assert_uint_eq(back, rows[i].v);
    }
}
END_TEST

START_TEST(docids_that_sort)
{
    static const struct {
        uint32_t v;
        size_t n;
        const char *bytes;
    } rows[] = {{1, 2, "\0\x01"},
                {0x7fff, 2, "\x7f\xff"},
                {0x8000, 3, "\x80\x80\0"},
                {0x100000, 3, "\x90\0\0"},
                {0x3fffff, 3, "\xbf\xff\xff"},
                {0x400000, 4, "\xc0\x40\0\0"},
                {0x1fffffff, 4, "\xdf\xff\xff\xff"},
                {0x20000000, 5, "\xe0\x20\0\0\0"},
                {UINT32_MAX, 5, "\xe0\xff\xff\xff\xff"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned char out[SORTABLE_MAX];
        size_t n = (size_t)(pack_sortable(out, rows[i].v) - out);
        ck_assert_msg(n == rows[i].n && memcmp(out, rows[i].bytes, n) == 0, "row %zu", i);
    }
}
END_TEST

START_TEST(terms_are_sorted)
{
    static const char *const terms[] = {
        "",   "a",    "aa",      "aaaaaaaa", "aaaaaaaaa", "aaaaaaaaab", "aaaaaaaab",
        "ab", "b",    "comment", "comments", "commentsA", "commentsAA", "commentsB",
        "z",  "\x7f", "\x80",    "\xff",     "\xff\x01",  "\xff\xff"};
    enum { N = COUNT(terms) };
    for (size_t turn = 1; turn < N; turn++) {
        sort_key keys[N], spare[N];
        if (turn % 2 == 0 || turn % 5 == 0)
            continue; /* turn and 20 have a common divisor: not every term would come */
        for (size_t i = 0; i < N; i++)
            keys[i] =
                sort_key_of(weft_str_from(terms[i * turn % N]), (uint32_t)(i * turn % N));
        sort_keys(keys, spare, N);
        for (size_t i = 0; i < N; i++)
            ck_assert_msg(keys[i].of == i, "turn %zu, place %zu", turn, i);
    }
}
END_TEST

START_TEST(a_table_without_entries)
{
    end(begin(), 1);
    /* revision, level, free bytes twice, end of the directory, the one offset */
    BYTES_ARE(0, 0, "\0\0\0\x01\0\x1f\xf0\x1f\xf0\0\x0d\x1f\xfd");
    BYTES_ARE(0, 0x1ffd, "\x60\0\0");
    ck_assert(root.block == 0 && root.level == 0 && root.entries == 0);
}
END_TEST

START_TEST(one_leaf)
{
    table *t = begin();
    HOLDS(table_add(t, weft_str_from("k"), weft_str_from("tag"), err));
    HOLDS(table_add(t, weft_str_from("k2"), weft_str_from(""), err));
    end(t, 1);
    BYTES_ARE(0, 0, "\0\0\0\x01\0\x1f\xe0\x1f\xe0\0\x11\x1f\xfd\x1f\xf6\x1f\xf1");
    BYTES_ARE(0, 0x1ff1, "\x60\x02\x02k2\x60\x04\x01ktag\x60\0\0");
    ck_assert(root.block == 0 && root.level == 0 && root.entries == 2);
}
END_TEST

/* An item has at most 2,043 bytes: the first component takes 2,039 of the tag. */
START_TEST(a_tag_in_components)
{
    table *t = begin();
    add(t, "k", 3000);
    end(t, 1);
    BYTES_ARE(0, 9, "\0\x11\x1f\xfd\x18\x02\x14\x3b");
    BYTES_ARE(0, 0x1802, "\x27\xf8\x01ktt");
    BYTES_ARE(0, 0x143b, "\x43\xc4\x01k\0\x02tt");
    ck_assert_uint_eq(root.entries, 1);
}
END_TEST

/* Three items of full size and one that leaves 32 bytes: too few to begin another. */
START_TEST(leaves_under_a_branch)
{
    table *t = begin();
    add(t, "aa", 2038);
    add(t, "ab", 2038);
    add(t, "ac", 2038);
    add(t, "ad", 2000);
    add(t, "bd", 50);
    end(t, 3);
    BYTES_ARE(0, 0, "\0\0\0\x01\0\0\x22\0\x22\0\x15");
    BYTES_ARE(1, 0, "\0\0\0\x01\0\x1f\xbc\x1f\xbc\0\x0d\x1f\xc9");
    BYTES_ARE(2, 0, "\0\0\0\x01\x01\x1f\xe2\x1f\xe2\0\x0f\x1f\xf9\x1f\xf1");
    BYTES_ARE(2, 0x1ff1,
              "\0\0\0\x01\x01"
              "b\0\x01\0\0\0\0\0\0\0");
    ck_assert(root.block == 2 && root.level == 1 && root.entries == 5);
}
END_TEST

/* A tag that begins in one leaf and goes on in the next is found by its component. */
START_TEST(a_tag_over_two_leaves)
{
    table *t = begin();
    add(t, "aa", 2038);
    add(t, "ab", 2038);
    add(t, "ac", 2038);
    add(t, "bd", 2038);
    end(t, 3);
    BYTES_ARE(1, 0x1ff5,
              "\x40\x08\x02"
              "bd\0\x02tttt");
    BYTES_ARE(2, 0x1ff0,
              "\0\0\0\x01\x02"
              "bd\0\x02\0\0\0\0\0\0\0");
    ck_assert(root.block == 2 && root.level == 1 && root.entries == 4);
}
END_TEST

START_TEST(keys_out_of_order_are_a_bug)
{
    table *t = begin();
    add(t, "b", 1);
    close(STDERR_FILENO);
    add(t, _i == 0 ? "a" : "b", 1);
}
END_TEST

static weft_bulk *open_bulk(void)
{
    weft_bulk *b = NULL;
    HOLDS(weft_bulk_open(mem, path, 0, &b, err));
    return b;
}

static weft_code put_one(weft_bulk *b, uint32_t docid, weft_str term, weft_value value)
{
    weft_term terms[] = {{term, 1}};
    weft_document d = {.terms = terms, .term_count = 1, .values = &value, .value_count = 1};
    failure = (weft_error){0};
    return weft_bulk_put(b, docid, &d, err);
}

/* Two long lists side by side: of over 2 MiB, so of over 255 slices in memory. */
START_TEST(a_long_list)
{
    enum { DOCUMENTS = 800000, WDF = 5000 /* two bytes, three with the gap */ };
    weft_bulk *b;
    weft_str one = weft_str_from("one"), other = weft_str_from("other");
    uint32_t frequency = 0;
    weft_term terms[] = {{one, WDF}, {other, 1}};
    const weft_document d = {.terms = terms, .term_count = 2};
    HOLDS(weft_bulk_open(mem, path, (size_t)256 << 20, &b, err));
    for (uint32_t docid = 1; docid <= DOCUMENTS; docid++)
        HOLDS(weft_bulk_put(b, docid, &d, err));
    HOLDS(weft_bulk_finish(b, err));
    HOLDS(weft_index_check(path, err));
    weft_reader *r = reader();
    uint32_t last = DOCUMENTS, wdf = 0;
    HOLDS(weft_reader_frequency(r, one, &frequency, err));
    HOLDS(weft_reader_wdfs(r, &one, 1, &last, 1, &wdf, err));
    ck_assert_uint_eq(frequency, DOCUMENTS);
    ck_assert_uint_eq(wdf, WDF);
    weft_reader_free(r);
}
END_TEST

START_TEST(what_cannot_be_stored_is_refused)
{
    weft_bulk *b = open_bulk(), *again;
    weft_str longest =
        weft_str_of(talloc_array(mem, char, WEFT_TERM_MAX + 1), WEFT_TERM_MAX);
    memset((char *)(uintptr_t)longest.p, 'w', WEFT_TERM_MAX + 1);
    weft_str longer = weft_str_of(longest.p, longest.n + 1);
    weft_str word = weft_str_from("w"), value = weft_str_from("v");
    weft_value good = {WEFT_BULK_SLOTS - 1, value}, bad = {WEFT_BULK_SLOTS, value};
    HOLDS(put_one(b, 5, longest, good));
    ck_assert_int_eq(put_one(b, 6, longer, good), WEFT_ELIMIT);
    ck_assert_int_eq(put_one(b, 6, weft_str_from(""), good), WEFT_ELIMIT);
    ck_assert_int_eq(put_one(b, 6, weft_str_of("a\0b", 3), good), WEFT_ELIMIT);
    ck_assert_int_eq(put_one(b, 6, word, bad), WEFT_ELIMIT);
    ck_assert_int_eq(put_one(b, 5, word, good), WEFT_EUSAGE);
    HOLDS(put_one(b, 6, word, good));
    ck_assert_int_eq(weft_bulk_set_metadata(b, "", value, err), WEFT_ELIMIT);
    failure = (weft_error){0};
    ck_assert_int_eq(weft_bulk_open(mem, path, 0, &again, err), WEFT_EIO);
    HOLDS(weft_bulk_finish(b, err));
    weft_reader *r = reader();
    ck_assert_uint_eq(weft_reader_documents(r), 2);
    weft_reader_free(r);
    HOLDS(weft_index_check(path, err));
}
END_TEST

/* A write that fails is reported, and what is there is no database. */
START_TEST(a_full_disk)
{
    struct rlimit small = {(rlim_t)_i * 4096, (rlim_t)_i * 4096};
    weft_bulk *b = open_bulk();
    weft_code code = WEFT_OK;
    weft_value value = {3, weft_str_from("some value")};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (uint32_t id = 1; code == WEFT_OK && id < 2000; id++) {
        char word[32];
        snprintf(word, sizeof word, "word%u", id);
        code = put_one(b, id, weft_str_from(word), value);
    }
    if (code == WEFT_OK)
        code = weft_bulk_finish(b, err);
    ck_assert_int_eq(code, WEFT_EIO);
    ck_assert_msg(strstr(failure.text, "File too large") != NULL, "%s", failure.text);
    weft_reader *r = NULL;
    ck_assert_int_eq(weft_reader_open(path, &r, NULL), WEFT_ENOTFOUND);
}
END_TEST

START_TEST(nothing_is_left_but_the_database)
{
    static const char *const names[] = {"iamglass", "postlist.glass", "termlist.glass"};
    weft_bulk *b = open_bulk();
    HOLDS(put_one(b, 1, weft_str_from("w"), (weft_value){0, {"v", 1}}));
    weft_reader *r = NULL;
    ck_assert_int_eq(weft_reader_open(path, &r, NULL), WEFT_ENOTFOUND);
    HOLDS(weft_bulk_finish(b, err));
    for (size_t i = 0; i < COUNT(names); i++) {
        char *name = talloc_asprintf(mem, "%s/%s", path, names[i]);
        ck_assert_msg(unlink(name) == 0, "no %s", names[i]);
    }
    ck_assert_int_eq(rmdir(path), 0);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("table");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, numbers);
    tcase_add_test(t, docids_that_sort);
    tcase_add_test(t, terms_are_sorted);
    tcase_add_test(t, a_table_without_entries);
    tcase_add_test(t, one_leaf);
    tcase_add_test(t, a_tag_in_components);
    tcase_add_test(t, leaves_under_a_branch);
    tcase_add_test(t, a_tag_over_two_leaves);
    tcase_add_loop_test_raise_signal(t, keys_out_of_order_are_a_bug, SIGABRT, 0, 2);
    tcase_add_test(t, a_long_list);
    tcase_add_test(t, what_cannot_be_stored_is_refused);
    tcase_add_loop_test(t, a_full_disk, 0, 20);
    tcase_add_test(t, nothing_is_left_but_the_database);
    Suite *s = suite_create("bulk_table");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

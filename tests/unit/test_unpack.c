/* test_unpack.c - how a packing is told, and what is too much of one. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "layer.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define BYTES(s)                                                                           \
    {                                                                                      \
        s, sizeof(s) - 1                                                                   \
    }

static const uint64_t free_bytes = WEFT_UNPACK_FREE_BYTES;
static const uint64_t all_bytes = (uint64_t)WEFT_UNPACK_MIB_MAX * 1024 * 1024;

START_TEST(bombs)
{
    const uint64_t packed = 1000 * 1000, most = packed * WEFT_UNPACK_RATIO_MAX;
    ck_assert(!layer_is_bomb(0, free_bytes));
    ck_assert(layer_is_bomb(0, free_bytes + 1));
    ck_assert(!layer_is_bomb(packed, most));
    ck_assert(!layer_is_bomb(packed, most + WEFT_UNPACK_RATIO_MAX - 1));
    ck_assert(layer_is_bomb(packed, most + WEFT_UNPACK_RATIO_MAX));
    ck_assert(!layer_is_bomb(all_bytes, all_bytes));
    ck_assert(layer_is_bomb(all_bytes, all_bytes + 1));
    ck_assert(!layer_is_bomb(0, 0));
}
END_TEST

static const struct {
    weft_str head;
    const char *name; /* NULL for none */
    bool known;
} heads[] = {
    {BYTES("\x1f\x8b\x08"), "gzip", true},
    {BYTES("\x1f"), NULL, false},
    {BYTES("\x28\xb5\x2f\xfd"), "zstd", true},
    {BYTES("BZh9"), "bzip2", true},
    {BYTES("\xfd"
           "7zXZ\0"),
     "xz", true},
    {BYTES("PK\x03\x04"), "zip", true},
    {BYTES("PK\x05\x06"), "zip", true},
    {BYTES("Rar!\x1a\x07"), "rar", false},
    {BYTES("7z\xbc\xaf\x27\x1c"), "7-zip", false},
    {BYTES("PKs are not zips"), NULL, false},
    {BYTES(""), NULL, false},
};

START_TEST(packings)
{
    bool known = false;
    const char *name = layer_packing(heads[_i].head, &known);
    if (heads[_i].name == NULL) {
        ck_assert_ptr_null(name);
        return;
    }
    ck_assert_str_eq(name, heads[_i].name);
    ck_assert_int_eq(known, heads[_i].known);
}
END_TEST

START_TEST(tar_is_told_by_its_first_header)
{
    char head[262] = {0};
    bool known;
    memcpy(head + 257, "ustar", 5);
    ck_assert_str_eq(layer_packing(weft_str_of(head, 262), &known), "tar");
    ck_assert_ptr_null(layer_packing(weft_str_of(head, 261), &known));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("unpack");
    tcase_add_test(t, bombs);
    tcase_add_loop_test(t, packings, 0, (int)COUNT(heads));
    tcase_add_test(t, tar_is_told_by_its_first_header);
    Suite *s = suite_create("unpack");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

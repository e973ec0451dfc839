/* selftest.c - whether the bulk writer makes what the installed Xapian makes.
 *
 * The format of the tables is Xapian's own affair: another version may have another. So
 * before each build a few hundred documents that have every kind of entry go both ways.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "selftest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "weft/bulk.h"
#include "weft/check.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "files.h"
#include "target.h"
#include "banned.h"

enum {
    DOCUMENTS = 1100, /* enough for a posting list in two chunks */
    LONG_EACH = 100,  /* every so many documents one has long bytes */
    LONG_BYTES = 5000,
    MAGIC_BYTES = 16, /* of the version file: its magic and the version of the format */
    TERMS_MAX = 6,
    VALUES_MAX = 3
};

/* Bytes that do not repeat soon. */
static void fill(char *bytes, size_t n, uint32_t seed)
{
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525 + 1013904223;
        bytes[i] = (char)(unsigned char)(seed >> 24);
    }
}

static weft_code put(target *t, uint32_t i, weft_error *err)
{
    char unique[16], word[16], bytes[LONG_BYTES], longest[WEFT_TERM_MAX];
    bool is_long = i % LONG_EACH == 0;
    snprintf(unique, sizeof unique, "Q%u", i);
    snprintf(word, sizeof word, "word%u", i % 50);
    fill(bytes, sizeof bytes, i);
    memset(longest, 'l', sizeof longest);
    weft_term terms[TERMS_MAX] = {{weft_str_from("everywhere"), 1 + i % 200},
                                  {weft_str_from(unique), 0},
                                  {weft_str_from(word), i},
                                  {weft_str_from("Tflag"), 0},
                                  {weft_str_from("everywhere"), 1},
                                  {weft_str_of(longest, sizeof longest), 126}};
    weft_value values[VALUES_MAX] = {{8, weft_str_of(bytes, is_long ? sizeof bytes : 8)},
                                     {1, weft_str_from(unique)},
                                     {0, weft_str_from("one")}};
    weft_document d = {.unique = terms[1].text,
                       .terms = terms,
                       .term_count = is_long ? TERMS_MAX : TERMS_MAX - 1,
                       .values = values,
                       .value_count = i % (VALUES_MAX + 1),
                       .stored = weft_str_of(bytes, is_long ? sizeof bytes : i % 40)};
    return target_put(t, &d, err);
}

static weft_code fill_target(target *t, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (uint32_t i = 1; code == WEFT_OK && i <= DOCUMENTS; i++)
        code = put(t, i, err);
    if (code == WEFT_OK)
        code = target_set_metadata(t, "key", weft_str_from("value"), err);
    return code == WEFT_OK ? target_commit(t, err) : code;
}

static weft_code read_magic(void *mem, const char *path, char magic[MAGIC_BYTES],
                            weft_error *err)
{
    char *name = talloc_asprintf(mem, "%s/iamglass", path);
    if (name == NULL)
        return weft_fail_nomem(err);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, magic, MAGIC_BYTES);
    if (fd >= 0)
        close(fd);
    return n == MAGIC_BYTES ? WEFT_OK
                            : weft_fail(err, WEFT_EIO, "%s: cannot be read", name);
}

static weft_code compare(void *mem, const char *bulk, const char *plain, weft_error *err)
{
    char ours[MAGIC_BYTES], theirs[MAGIC_BYTES];
    weft_code code = read_magic(mem, bulk, ours, err);
    if (code == WEFT_OK)
        code = read_magic(mem, plain, theirs, err);
    if (code == WEFT_OK && memcmp(ours, theirs, MAGIC_BYTES) != 0)
        code = weft_fail(err, WEFT_ECORRUPT, "this Xapian writes another format");
    if (code == WEFT_OK)
        code = weft_index_check(bulk, err);
    return code == WEFT_OK ? weft_index_compare(bulk, plain, WEFT_BULK_SLOTS, err) : code;
}

static weft_code run(void *mem, const char *bulk, const char *plain, weft_error *err)
{
    target *t;
    weft_code code = target_bulk(mem, bulk, WEFT_BULK_MEMORY_MIN, &t, err);
    if (code == WEFT_OK)
        code = fill_target(t, err);
    if (code == WEFT_OK)
        code = target_open(mem, plain, true, &t, err);
    if (code == WEFT_OK)
        code = fill_target(t, err);
    return code == WEFT_OK ? compare(mem, bulk, plain, err) : code;
}

weft_code selftest_bulk(const char *dir, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    void *targets = talloc_new(mem);
    char *bulk = talloc_asprintf(mem, "%s/test-bulk", dir);
    char *plain = talloc_asprintf(mem, "%s/test-xapian", dir);
    if (targets == NULL || bulk == NULL || plain == NULL)
        return weft_fail_nomem(err);
    weft_code code = files_remove_dir(bulk, err);
    if (code == WEFT_OK)
        code = files_remove_dir(plain, err);
    if (code == WEFT_OK)
        code = run(targets, bulk, plain, err);
    talloc_free(targets);
    weft_code removed = files_remove_dir(bulk, code == WEFT_OK ? err : NULL);
    if (removed == WEFT_OK)
        removed = files_remove_dir(plain, code == WEFT_OK ? err : NULL);
    return code == WEFT_OK ? removed : code;
}

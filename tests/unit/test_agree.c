/* test_agree.c - a document in the index against one made anew; postings against the
 * documents they are of. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "weft/check.h"
#include "shim_test.h"
#include "banned.h"

static weft_term terms[] = {{{"Qa1", 3}, 0}, {{"Zebra", 5}, 0}, {{"zoo", 3}, 2}};
static weft_value values[] = {{0, {"a", 1}}, {5, {"b", 1}}};

static weft_document document(void)
{
    return (weft_document){{"Qa1", 3}, terms, 3, values, 2, {"stored", 6}};
}

/* An index with that document and another. */
static weft_reader *filled(void)
{
    weft_writer *w = writer(true);
    weft_document d = document();
    HOLDS(put(w, "Qa2", 3, weft_str_from("two"), err));
    HOLDS(weft_writer_put(w, &d, err));
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    return reader();
}

static bool holds(weft_reader *r, const weft_document *d)
{
    uint32_t docid = 0;
    bool yes = false;
    HOLDS(weft_reader_find(r, weft_str_from("Qa1"), &docid, err));
    HOLDS(weft_reader_holds(r, docid, d, &yes, err));
    return yes;
}

START_TEST(a_document_is_as_it_was_put)
{
    weft_reader *r = filled();
    weft_document d = document();
    ck_assert(holds(r, &d));
    d.stored = weft_str_from("packed another way");
    ck_assert(holds(r, &d));
    weft_reader_free(r);
}
END_TEST

START_TEST(each_difference_is_seen)
{
    weft_reader *r = filled();
    weft_term more[] = {terms[0], terms[1], terms[2], {{"zz", 2}, 0}};
    weft_term wdf[] = {terms[0], terms[1], {{"zoo", 3}, 3}};
    weft_term word[] = {terms[0], terms[1], {{"zop", 3}, 2}};
    weft_value slot[] = {values[0], {4, {"b", 1}}};
    weft_value bytes[] = {values[0], {5, {"c", 1}}};
    weft_document rows[] = {{{"Qa1", 3}, more, 4, values, 2, {"", 0}},
                            {{"Qa1", 3}, terms, 2, values, 2, {"", 0}},
                            {{"Qa1", 3}, wdf, 3, values, 2, {"", 0}},
                            {{"Qa1", 3}, word, 3, values, 2, {"", 0}},
                            {{"Qa1", 3}, terms, 3, values, 1, {"", 0}},
                            {{"Qa1", 3}, terms, 3, slot, 2, {"", 0}},
                            {{"Qa1", 3}, terms, 3, bytes, 2, {"", 0}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(!holds(r, &rows[i]), "row %zu", i);
    weft_reader_free(r);
}
END_TEST

/* Change a word where it first stands in a file of the generation. */
static void overwrite(const char *name, const char *from, const char *to)
{
    struct stat st;
    char *file = talloc_asprintf(mem, "%s/%s", path, name);
    int fd = open(file, O_RDWR);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(fstat(fd, &st), 0);
    char *p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ck_assert(p != MAP_FAILED);
    char *at = memmem(p, (size_t)st.st_size, from, strlen(from));
    ck_assert_ptr_nonnull(at);
    memcpy(at, to, strlen(to));
    munmap(p, (size_t)st.st_size);
    close(fd);
}

static bool agree(void)
{
    weft_reader *r = reader();
    bool yes = false;
    HOLDS(weft_reader_postings_agree(r, &yes, err));
    weft_reader_free(r);
    return yes;
}

START_TEST(postings_are_those_of_the_documents)
{
    weft_reader_free(filled());
    ck_assert(agree());
    overwrite("postlist.glass", "Zebra", "Zebrb");
    ck_assert(!agree());
    overwrite("postlist.glass", "Zebrb", "Zebra");
    ck_assert(agree());
    overwrite("termlist.glass", "ebra", "ebrb");
    ck_assert(!agree());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agree");
    TCase *c = tcase_create("agree");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, a_document_is_as_it_was_put);
    tcase_add_test(c, each_difference_is_seen);
    tcase_add_test(c, postings_are_those_of_the_documents);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

/* test_shim.c - writer and reader of a generation: transactions, errors as codes, stored
 * bytes of any length. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "weft/limits.h"
#include "shim_test.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static weft_str stored_of(weft_reader *r, const char *name)
{
    uint32_t docid = 0;
    weft_str out = {0};
    HOLDS(weft_reader_find(r, weft_str_from(name), &docid, err));
    if (docid != 0)
        HOLDS(weft_reader_stored(r, mem, docid, &out, err));
    return out;
}

START_TEST(only_a_commit_shows)
{
    weft_writer *w = writer(true);
    HOLDS(weft_writer_commit(w, err));
    HOLDS(put(w, "Qa1", 4, weft_str_from("one"), err));
    HOLDS(weft_writer_set_metadata(w, "key", weft_str_from("set"), err));
    weft_reader *r = reader();
    weft_str value;
    ck_assert_uint_eq(weft_reader_documents(r), 0);
    HOLDS(weft_writer_commit(w, err));
    ck_assert_uint_eq(weft_reader_documents(r), 0);
    HOLDS(weft_reader_refresh(r, err));
    ck_assert_uint_eq(weft_reader_documents(r), 1);
    ck_assert(weft_str_is(stored_of(r, "Qa1"), "one"));
    HOLDS(weft_reader_metadata(r, mem, "key", &value, err));
    ck_assert(weft_str_is(value, "set"));
    HOLDS(weft_reader_metadata(r, mem, "none", &value, err));
    ck_assert_uint_eq(value.n, 0);
    weft_reader_free(r);
    weft_writer_free(w);
}
END_TEST

START_TEST(what_is_not_committed_is_discarded)
{
    weft_writer *w = writer(true);
    HOLDS(put(w, "Qa1", 4, weft_str_from("one"), err));
    HOLDS(weft_writer_commit(w, err));
    HOLDS(put(w, "Qa1", 4, weft_str_from("changed"), err));
    HOLDS(put(w, "Qa2", 4, weft_str_from("two"), err));
    HOLDS(weft_writer_set_metadata(w, "key", weft_str_from("set"), err));
    weft_writer_free(w);
    weft_reader *r = reader();
    weft_str value;
    ck_assert_uint_eq(weft_reader_documents(r), 1);
    ck_assert(weft_str_is(stored_of(r, "Qa1"), "one"));
    HOLDS(weft_reader_metadata(r, mem, "key", &value, err));
    ck_assert_uint_eq(value.n, 0);
    weft_reader_free(r);
}
END_TEST

START_TEST(replaces_and_removes)
{
    weft_writer *w = writer(true);
    uint32_t first = 0, again = 0, frequency = 9, *docids = NULL;
    size_t count = 9;
    weft_str *terms;
    HOLDS(put(w, "Qa1", 4, weft_str_from("one"), err));
    HOLDS(put(w, "Qa2", 5, weft_str_from("two"), err));
    HOLDS(put(w, "Qa1", 6, weft_str_from("again"), err));
    HOLDS(weft_writer_remove(w, weft_str_from("Qa2"), err));
    HOLDS(weft_writer_remove(w, weft_str_from("Qa3"), err));
    HOLDS(weft_writer_commit(w, err));
    weft_reader *r = reader();
    ck_assert_uint_eq(weft_reader_documents(r), 1);
    ck_assert(weft_str_is(stored_of(r, "Qa1"), "again"));
    HOLDS(weft_reader_find(r, weft_str_from("Qa1"), &first, err));
    HOLDS(weft_reader_find(r, weft_str_from("Qa2"), &again, err));
    ck_assert(first != 0 && again == 0);
    HOLDS(weft_reader_frequency(r, weft_str_from("t"), &frequency, err));
    ck_assert_uint_eq(frequency, 1);
    HOLDS(weft_reader_postings(r, mem, weft_str_from("none"), 10, &docids, &count, err));
    ck_assert_uint_eq(count, 0);
    HOLDS(weft_reader_postings(r, mem, weft_str_from("t"), 0, &docids, &count, err));
    ck_assert_uint_eq(count, 0);
    const weft_postings_range ranges[] = {{weft_str_from("t"), first, 10},
                                          {weft_str_from("t"), first + 1, 10},
                                          {weft_str_from("none"), 1, 10}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        HOLDS(weft_reader_postings_from(r, mem, &ranges[i], &docids, &count, err));
        ck_assert(count == (i == 0) && (i > 0 || docids[0] == first));
    }
    ck_assert_uint_eq(weft_reader_last(r), 2);
    HOLDS(weft_reader_terms(r, mem, weft_str_from("Qa"), 10, &terms, &count, err));
    ck_assert(count == 1 && weft_str_is(terms[0], "1"));
    weft_reader_free(r);
    weft_writer_free(w);
}
END_TEST

/* What a walk was told, and where it is sent from which term. */
typedef struct trail {
    char seen[200];
    const char *from, *to; /* NULL: to the next */
    const char *last;      /* the walk ends there */
} trail;

static weft_step follow(void *of, weft_str tail, uint32_t frequency, weft_str *to)
{
    trail *t = of;
    size_t n = strlen(t->seen);
    snprintf(t->seen + n, sizeof t->seen - n, "%.*s=%u ", (int)tail.n, tail.p, frequency);
    if (t->last != NULL && weft_str_is(tail, t->last))
        return WEFT_STEP_END;
    if (t->from == NULL || !weft_str_is(tail, t->from))
        return WEFT_STEP_NEXT;
    *to = weft_str_from(t->to);
    return WEFT_STEP_TO;
}

START_TEST(terms_are_walked_over)
{
    static const struct {
        const char *prefix, *from, *to, *last;
        bool counts;
        const char *seen;
    } rows[] = {
        {"Qa", NULL, NULL, NULL, true, "1=1 2=1 21=1 3=1 "},
        {"Qa", NULL, NULL, NULL, false, "1=0 2=0 21=0 3=0 "},
        {"Qa", NULL, NULL, "2", true, "1=1 2=1 "},
        {"Qa", "1", "21", NULL, true, "1=1 21=1 3=1 "},
        {"Qa", "1", "20", NULL, true, "1=1 21=1 3=1 "},
        {"Qa", "2", "2\xff", NULL, true, "1=1 2=1 3=1 "},
        {"Qa", "1", "4", NULL, true, "1=1 "},
        {"Qa", "3", "1", NULL, true, "1=1 2=1 21=1 3=1 "}, /* never back */
        {"Qa", "2", "2", NULL, true, "1=1 2=1 21=1 3=1 "},
        {"Qa", "2", "", NULL, true, "1=1 2=1 21=1 3=1 "},
        {"Qb", NULL, NULL, NULL, true, "9=1 "}, /* the last term of all */
        {"Qb", "9", "\xff", NULL, true, "9=1 "},
        {"Qc", NULL, NULL, NULL, true, ""},
        {"t", NULL, NULL, NULL, true, "=5 "},
    };
    static const char *const names[] = {"Qa1", "Qa2", "Qa21", "Qa3", "Qb9"};
    weft_writer *w = writer(true);
    for (size_t i = 0; i < COUNT(names); i++)
        HOLDS(put(w, names[i], 4, weft_str_from("x"), err));
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    weft_reader *r = reader();
    for (size_t i = 0; i < COUNT(rows); i++) {
        trail t = {.from = rows[i].from, .to = rows[i].to, .last = rows[i].last};
        const weft_term_walk walk = {weft_str_from(rows[i].prefix), rows[i].counts, follow,
                                     &t};
        HOLDS(weft_reader_walk(r, &walk, err));
        ck_assert_msg(strcmp(t.seen, rows[i].seen) == 0, "row %zu: '%s' not '%s'", i,
                      t.seen, rows[i].seen);
    }
    weft_reader_free(r);
}
END_TEST

/* A reader some commits behind answers from what it opened or says changed; then it goes on
 * with what is new. */
START_TEST(readers_are_overtaken)
{
    weft_writer *w = writer(true);
    for (int i = 0; i < 2000; i++) {
        char name[16];
        snprintf(name, sizeof name, "Qc%d", i);
        HOLDS(put(w, name, 4, weft_str_from("old"), err));
    }
    HOLDS(weft_writer_commit(w, err));
    weft_reader *r = reader();
    for (int round = 1; round <= 3; round++) {
        for (int i = 0; i < 2000; i++) {
            char name[16];
            snprintf(name, sizeof name, "Qc%d", i);
            HOLDS(put(w, name, 4, weft_str_from("new"), err));
        }
        HOLDS(weft_writer_commit(w, err));
    }
    uint32_t docid = 0;
    weft_str bytes;
    weft_error why = {0};
    weft_code code = weft_reader_find(r, weft_str_from("Qc1234"), &docid, &why);
    if (code == WEFT_OK)
        code = weft_reader_stored(r, mem, docid, &bytes, &why);
    ck_assert_msg(code == WEFT_ECHANGED || (code == WEFT_OK && weft_str_is(bytes, "old")),
                  "%s", why.text);
    HOLDS(weft_reader_refresh(r, err));
    ck_assert(weft_str_is(stored_of(r, "Qc1234"), "new"));
    weft_reader_free(r);
    weft_writer_free(w);
}
END_TEST

START_TEST(one_writer)
{
    weft_writer *w = writer(true), *second = NULL;
    int status = -1;
    pid_t other = fork();
    if (other == 0)
        _exit((int)weft_writer_open(path, false, &second, NULL));
    ck_assert_int_eq(waitpid(other, &status, 0), other);
    ck_assert(WIFEXITED(status));
    ck_assert_int_eq(WEXITSTATUS(status), WEFT_EBUSY);
    ck_assert_int_eq(weft_writer_open(path, false, &second, NULL), WEFT_EBUSY);
    ck_assert_ptr_null(second);
    weft_writer_free(w);
    weft_writer_free(NULL);
    weft_reader_free(NULL);
}
END_TEST

START_TEST(what_is_missing)
{
    weft_writer *w = NULL;
    weft_reader *r = NULL;
    ck_assert_int_eq(weft_reader_open(path, &r, NULL), WEFT_ENOTFOUND);
    ck_assert_int_eq(weft_writer_open(path, false, &w, NULL), WEFT_ENOTFOUND);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(weft_reader_open(path, &r, NULL), WEFT_ENOTFOUND);
    ck_assert(r == NULL && w == NULL);
}
END_TEST

static void spoil(const char *file, const char *bytes, size_t n, size_t at)
{
    char name[160];
    snprintf(name, sizeof name, "%s/%s", path, file);
    int fd = open(name, O_WRONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, n == 0 ? 0 : 8192), 0);
    ck_assert_int_eq(pwrite(fd, bytes, n, (off_t)at), (ssize_t)n);
    close(fd);
}

START_TEST(garbage_is_corrupt)
{
    weft_writer *w = writer(true);
    weft_reader *r = NULL;
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    char noise[4096];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(unsigned char)(i * 37 + i / 256 + 1);
    spoil("iamglass", noise, _i == 0 ? sizeof noise : 0, 0);
    ck_assert_int_eq(weft_reader_open(path, &r, NULL), WEFT_ECORRUPT);
    w = NULL;
    ck_assert_int_eq(weft_writer_open(path, false, &w, NULL), WEFT_ECORRUPT);
    ck_assert(r == NULL && w == NULL);
}
END_TEST

/* Blocks of a table overwritten: an error, never another document's bytes. */
START_TEST(spoilt_blocks_are_corrupt)
{
    weft_writer *w = writer(true);
    char body[3000], name[16];
    for (int i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "Qc%d", i);
        memset(body, 'a' + i % 26, sizeof body);
        HOLDS(put(w, name, 4, weft_str_of(body, sizeof body), err));
    }
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    memset(body, 0xEE, sizeof body);
    spoil("postlist.glass", body, 2000, 0);
    weft_reader *r = NULL;
    uint32_t docid = 7;
    weft_code code = weft_reader_open(path, &r, NULL);
    if (code == WEFT_OK)
        code = weft_reader_find(r, weft_str_from("Qc3"), &docid, NULL);
    ck_assert_msg(code == WEFT_ECORRUPT || code == WEFT_ECHANGED || code == WEFT_EIO,
                  "code %d", (int)code);
    weft_reader_free(r);
}
END_TEST

static const size_t lengths[] = {0,    1,    8000,  8150,  8191,  8192,  8193,
                                 8194, 9000, 16385, 30000, 65535, 65536, 70000};

static void fill(char *bytes, size_t n, int how)
{
    uint32_t state = (uint32_t)n;
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = how == 0   ? 'x'
                   : how == 1 ? (char)('a' + state / 65536 % 3)
                              : (char)(unsigned char)(state >> 24);
    }
}

/* Every kind of bytes, as a stored document whose body they are. Xapian alone cannot read
 * back some values over 8 KB that it deflated. */
START_TEST(stored_bytes_of_any_length)
{
    static char body[70001];
    char name[32];
    weft_writer *w = writer(true);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        fill(body, lengths[i], _i);
        for (size_t k = 0; k < lengths[i]; k++)
            body[k] = body[k] == '\0' ? 'N' : body[k];
        body[lengths[i]] = '\0';
        weft_record record = {.id = "x", .body = body};
        weft_stored stored = {.record = &record};
        weft_str bytes;
        snprintf(name, sizeof name, "Qc%zu", lengths[i]);
        HOLDS(weft_stored_encode(mem, &stored, &bytes, err));
        HOLDS(put(w, name, 4, bytes, err));
    }
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    weft_reader *r = reader();
    for (size_t i = 0; i < COUNT(lengths); i++) {
        weft_stored *back;
        snprintf(name, sizeof name, "Qc%zu", lengths[i]);
        fill(body, lengths[i], _i);
        HOLDS(weft_stored_decode(mem, stored_of(r, name), &back, err));
        ck_assert_uint_eq(strlen(back->record->body), lengths[i]);
        for (size_t k = 0; k < lengths[i]; k++)
            ck_assert_int_eq(back->record->body[k], body[k] == '\0' ? 'N' : body[k]);
    }
    weft_reader_free(r);
}
END_TEST

static weft_code put_term(weft_writer *w, weft_str term)
{
    weft_term terms[] = {{weft_str_from("Qa1"), 0}, {term, 1}};
    weft_document d = {.unique = terms[0].text, .terms = terms, .term_count = 2};
    return weft_writer_put(w, &d, NULL);
}

START_TEST(terms_have_a_limit)
{
    char bytes[WEFT_TERM_MAX + 1];
    memset(bytes, 'x', sizeof bytes);
    weft_writer *w = writer(true);
    ck_assert_int_eq(put_term(w, weft_str_of(bytes, WEFT_TERM_MAX)), WEFT_OK);
    ck_assert_int_eq(put_term(w, weft_str_of(bytes, WEFT_TERM_MAX + 1)), WEFT_ELIMIT);
    ck_assert_int_eq(put_term(w, weft_str_of("", 0)), WEFT_ELIMIT);
    ck_assert_int_eq(put_term(w, weft_str_of("a\0b", 3)), WEFT_ELIMIT);
    HOLDS(weft_writer_commit(w, err)); /* the handle is still good */
    weft_reader *r = reader();
    uint32_t frequency = 0;
    HOLDS(weft_reader_frequency(r, weft_str_of(bytes, WEFT_TERM_MAX), &frequency, err));
    ck_assert_uint_eq(frequency, 1);
    weft_reader_free(r);
    weft_writer_free(w);
}
END_TEST

/* 300 documents of many words each. */
static weft_code put_many(weft_writer *w, weft_error *why)
{
    weft_code code = put(w, "Qa1", 4, weft_str_from("new"), why);
    for (int i = 0; i < 300 && code == WEFT_OK; i++) {
        char words[100][16];
        weft_term terms[100];
        for (size_t k = 0; k < COUNT(terms); k++) {
            snprintf(words[k], sizeof words[k], k == 0 ? "Qc%d" : "w%d.%zu", i, k);
            terms[k] = (weft_term){weft_str_from(words[k]), k == 0 ? 0 : 1};
        }
        weft_document d = {.unique = terms[0].text,
                           .terms = terms,
                           .term_count = COUNT(terms),
                           .stored = weft_str_from("a short text")};
        code = weft_writer_put(w, &d, why);
    }
    return code;
}

/* No room on the disk at some place of a batch: the error is told, and freeing the handle,
 * when there is room again, does not bring half of the batch in. */
START_TEST(failed_commit_leaves_the_old)
{
    struct rlimit limit, before;
    weft_error why = {0};
    weft_writer *w = writer(true);
    HOLDS(put(w, "Qa1", 4, weft_str_from("old"), err));
    HOLDS(weft_writer_commit(w, err));
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 16384 + 32768 * (rlim_t)_i;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    weft_code code = put_many(w, &why);
    if (code == WEFT_OK)
        code = weft_writer_commit(w, &why);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    weft_writer_free(w);
    ck_assert_msg(code == WEFT_EIO || (code == WEFT_OK && _i > 8), "%s", why.text);
    weft_reader *r = reader();
    ck_assert_uint_eq(weft_reader_documents(r), code == WEFT_OK ? 301 : 1);
    ck_assert(weft_str_is(stored_of(r, "Qa1"), code == WEFT_OK ? "new" : "old"));
    weft_reader_free(r);
    w = writer(false);
    HOLDS(put(w, "Qa2", 4, weft_str_from("two"), err));
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("shim");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, only_a_commit_shows);
    tcase_add_test(t, what_is_not_committed_is_discarded);
    tcase_add_test(t, replaces_and_removes);
    tcase_add_test(t, terms_are_walked_over);
    tcase_add_test(t, readers_are_overtaken);
    tcase_add_test(t, one_writer);
    tcase_add_test(t, what_is_missing);
    tcase_add_loop_test(t, garbage_is_corrupt, 0, 2);
    tcase_add_test(t, spoilt_blocks_are_corrupt);
    tcase_add_loop_test(t, stored_bytes_of_any_length, 0, 3);
    tcase_add_test(t, terms_have_a_limit);
    tcase_add_loop_test(t, failed_commit_leaves_the_old, 0, 60);
    Suite *s = suite_create("shim");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

/* test_cache.c - what is kept and given again, and when it is not. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <event2/buffer.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weft/mem.h"
#include "cache.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { NOW_S = 1771326000 /* a whole quarter of an hour */ };

static char dir[] = P_tmpdir "/weft-test-cache-XXXXXX";
static cache *kept;
static void *mem;

static const char *path_of(const char *name)
{
    return talloc_asprintf(mem, "%s/%s", dir, name);
}

static void write_file(const char *path)
{
    int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
    ck_assert_int_ge(fd, 0);
    close(fd);
}

/* As a commit does: a new version file renamed over the old. */
static void commit(void)
{
    write_file(path_of("gen-1/new"));
    ck_assert_int_eq(rename(path_of("gen-1/new"), path_of("gen-1/iamglass")), 0);
}

/* As a swap does. */
static void point_to(const char *generation)
{
    ck_assert_int_eq(symlink(generation, path_of("new")), 0);
    ck_assert_int_eq(rename(path_of("new"), path_of("current")), 0);
}

static void open_cache(size_t cap)
{
    weft_error err = {0};
    mem = talloc_new(NULL);
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(mkdir(path_of("gen-1"), 0700), 0);
    ck_assert_int_eq(mkdir(path_of("gen-2"), 0700), 0);
    write_file(path_of("gen-1/iamglass"));
    write_file(path_of("gen-2/iamglass"));
    point_to("gen-1");
    ck_assert_int_eq(cache_new(mem, dir, cap, &kept, &err), WEFT_OK);
}

static void set_up(void)
{
    open_cache(100000);
}

static void tear_down(void)
{
    static const char *const names[] = {"gen-1/iamglass", "gen-2/iamglass", "current"};
    for (size_t i = 0; i < COUNT(names); i++)
        unlink(path_of(names[i]));
    rmdir(path_of("gen-1"));
    rmdir(path_of("gen-2"));
    rmdir(dir);
    talloc_free(mem);
}

/* A job as a connection reads it. */
static job *read_job(const char *line)
{
    weft_error err = {0};
    job *j = job_new(NULL, weft_str_from(line));
    ck_assert_ptr_nonnull(j);
    ck_assert_msg(command_read(j, j->line, &j->request, &j->command, &err) == WEFT_OK,
                  "%s: %s", line, err.text);
    return j;
}

/* The worker's reply to it, which goes on after the id with rest. */
static void answer(job *j, const char *rest, note n)
{
    char *id = j->request->id == NULL ? NULL : json_dumps(j->request->id, JSON_ENCODE_ANY);
    struct evbuffer *from = evbuffer_new();
    if (id == NULL)
        evbuffer_add_printf(from, "{%s", rest);
    else
        evbuffer_add_printf(from, "{\"id\":%s,%s", id, rest);
    free(id);
    j->note = n;
    job_answer_from(j, from, evbuffer_get_length(from));
    evbuffer_free(from);
    cache_keep(kept, j);
}

static const char *reply_of(job *j)
{
    size_t n = job_reply_bytes(j);
    char *text = talloc_zero_size(mem, n + 1);
    evbuffer_copyout(j->reply, text, n);
    return text;
}

/* The reply to a line at a time, or "" when the cache has none. */
static const char *ask_at(const char *line, int64_t now_s)
{
    job *j = read_job(line);
    const char *reply = cache_answer(kept, j, now_s) ? reply_of(j) : "";
    if (*reply != '\0')
        ck_assert_int_eq(j->state, JOB_DONE);
    talloc_free(j);
    return reply;
}

static const char *ask(const char *line)
{
    return ask_at(line, NOW_S);
}

/* Ask when it is not there, have it answered and kept. */
static void keep_as(const char *line, const char *rest, note n)
{
    job *j = read_job(line);
    ck_assert(!cache_answer(kept, j, NOW_S));
    answer(j, rest, n);
    talloc_free(j);
}

static void keep(const char *line, const char *rest)
{
    keep_as(line, rest, (note){.lasting = NOTE_LASTS_AT_REVISION, .hits = 7});
}

START_TEST(gives_it_under_the_id_of_the_asker)
{
    keep("get ref=comment:c id=1", "\"ok\":true,\"doc\":{}}");
    ck_assert_str_eq(ask("get id=2 ref=comment:c"), "{\"id\":2,\"ok\":true,\"doc\":{}}");
    ck_assert_str_eq(ask("get id=\xC3\xA9\"\\ ref=comment:c"),
                     "{\"id\":\"\xC3\xA9\\\"\\\\\",\"ok\":true,\"doc\":{}}");
    ck_assert_str_eq(ask("get ref=comment:c"), "{\"ok\":true,\"doc\":{}}");
    ck_assert_uint_eq(cache_count(kept)->hits, 3);
    ck_assert_uint_eq(cache_count(kept)->misses, 1);
    keep("count id=9 -- a", "\"ok\":true}");
    ck_assert_str_eq(ask("count -- a"), "{\"ok\":true}");
}
END_TEST

START_TEST(gives_pages)
{
    job *j = read_job("results q=a");
    ck_assert(!cache_answer(kept, j, NOW_S));
    struct evbuffer *page = evbuffer_new();
    evbuffer_add_printf(page, "200\n<!doctype html>");
    j->note = (note){.lasting = NOTE_LASTS_AT_REVISION};
    job_answer_from(j, page, evbuffer_get_length(page));
    cache_keep(kept, j);
    evbuffer_free(page);
    talloc_free(j);
    ck_assert_str_eq(ask("results q=a"), "200\n<!doctype html>");
}
END_TEST

START_TEST(gives_the_note_too)
{
    keep("get ref=comment:c", "\"ok\":true}");
    job *j = read_job("get ref=comment:c");
    ck_assert(cache_answer(kept, j, NOW_S));
    ck_assert_uint_eq(j->note.hits, 7);
    talloc_free(j);
}
END_TEST

static const struct {
    const char *one, *other;
    bool is_same;
} lines[] = {
    {"search limit=5 -- a b", "search limit=5 -- a b", true},
    {"search limit=5 sort=newest -- a", "search sort=newest limit=5 -- a", true},
    {"search limit=5 -- a", "{\"q\":\"a\",\"limit\":5,\"cmd\":\"search\"}", true},
    {"search limit=5 timeout_ms=20 -- a", "search limit=5 -- a", true},
    {"search limit=5 -- a", "search limit=6 -- a", false},
    {"search limit=5 -- a", "search -- a", false},
    {"search -- a", "count -- a", false},
    {"search -- a", "search -- A", false},
    {"search -- a", "search -- a ", false},
    {"search tz=UTC -- a", "search tz=Asia/Tokyo -- a", false},
};

START_TEST(knows_the_same_question)
{
    keep(lines[_i].one, "\"ok\":true}");
    ck_assert_msg((*ask(lines[_i].other) != '\0') == lines[_i].is_same, "%s, %s",
                  lines[_i].one, lines[_i].other);
}
END_TEST

START_TEST(keeps_what_lasts)
{
    keep_as("count -- a", "\"ok\":true}", (note){.lasting = NOTE_PASSES});
    ck_assert_str_eq(ask("count -- a"), "");
    keep_as("count -- a", "\"ok\":false}",
            (note){.code = WEFT_EIO, .lasting = NOTE_LASTS_AT_REVISION});
    ck_assert_str_eq(ask("count -- a"), "");
    keep("count -- a", "\"ok\":false}");
    ck_assert_str_eq(ask("count -- a"), "");
    ck_assert_uint_eq(cache_count(kept)->bytes, 0);
}
END_TEST

START_TEST(some_last_a_quarter_of_an_hour)
{
    keep_as("count -- a", "\"ok\":true}", (note){.lasting = NOTE_LASTS_QUARTER});
    keep("count -- b", "\"ok\":true}");
    ck_assert_str_ne(ask_at("count -- a", NOW_S + 899), "");
    ck_assert_str_eq(ask_at("count -- a", NOW_S + 900), "");
    ck_assert_str_eq(ask_at("count -- a", NOW_S), "");
    ck_assert_str_ne(ask_at("count -- b", NOW_S + 900), "");
    ck_assert_uint_eq(cache_count(kept)->replies, 1);
}
END_TEST

static void rewrite_nothing(void)
{
}

static void swap(void)
{
    point_to("gen-2");
}

static void swap_to_the_same(void)
{
    point_to("gen-1");
}

static void take_away(void)
{
    ck_assert_int_eq(unlink(path_of("current")), 0);
}

static const struct {
    void (*change)(void);
    bool holds;
} changes[] = {{rewrite_nothing, true},
               {commit, false},
               {swap, false},
               {swap_to_the_same, false},
               {take_away, false}};

START_TEST(a_change_ends_all)
{
    keep("count -- a", "\"ok\":true}");
    keep("count -- b", "\"ok\":true}");
    changes[_i].change();
    ck_assert_int_eq(*ask("count -- a") != '\0', changes[_i].holds);
    ck_assert_int_eq(cache_count(kept)->bytes != 0, changes[_i].holds);
    ck_assert_uint_eq(cache_count(kept)->cleared, changes[_i].holds ? 0 : 1);
}
END_TEST

START_TEST(a_change_while_it_is_answered)
{
    job *j = read_job("count -- a");
    ck_assert(!cache_answer(kept, j, NOW_S));
    changes[_i].change();
    answer(j, "\"ok\":true}", (note){.lasting = NOTE_LASTS_AT_REVISION});
    talloc_free(j);
    ck_assert_int_eq(*ask("count -- a") != '\0', changes[_i].holds);
}
END_TEST

START_TEST(follows_without_being_asked)
{
    ck_assert(cache_follow(kept));
    ck_assert(!cache_follow(kept));
    keep("count -- a", "\"ok\":true}");
    commit();
    ck_assert(cache_follow(kept));
    ck_assert_uint_eq(cache_count(kept)->replies, 0);
    take_away();
    ck_assert(cache_follow(kept));
    ck_assert(!cache_follow(kept));
}
END_TEST

/* A reply with so many bytes after its lead. */
static void keep_bytes(const char *line, size_t n)
{
    char *rest = talloc_asprintf(mem, "\"ok\":true%0*d}", (int)n - 1, 0);
    ck_assert_ptr_nonnull(rest);
    keep(line, rest);
}

START_TEST(stays_under_its_cap)
{
    for (int i = 0; i < 200; i++) {
        char line[40];
        snprintf(line, sizeof line, "count -- a%d", i);
        keep_bytes(line, 5000);
        ck_assert_str_ne(ask("count -- a0"), ""); /* used again and again, it stays */
        ck_assert_uint_le(cache_count(kept)->bytes, 100000);
    }
    const cache_figures *f = cache_count(kept);
    ck_assert_uint_gt(f->replies, 15);
    ck_assert_uint_eq(f->replies + f->evicted, 200);
    ck_assert_str_eq(ask("count -- a1"), "");
    ck_assert_str_ne(ask("count -- a199"), "");
}
END_TEST

START_TEST(one_takes_an_eighth)
{
    keep_bytes("count -- large", 12500);
    ck_assert_uint_eq(cache_count(kept)->replies, 0);
    keep_bytes("count -- fits", 12300);
    ck_assert_uint_eq(cache_count(kept)->replies, 1);
}
END_TEST

START_TEST(none_without_room)
{
    weft_error err = {0};
    ck_assert_int_eq(cache_new(mem, dir, 0, &kept, &err), WEFT_OK);
    keep("count -- a", "\"ok\":true}");
    ck_assert_str_eq(ask("count -- a"), "");
    ck_assert_uint_eq(cache_count(kept)->misses, 0);
    ck_assert(cache_follow(kept));
    ck_assert(!cache_follow(kept));
}
END_TEST

START_TEST(the_later_of_two_askers)
{
    job *first = read_job("count -- a"), *second = read_job("count -- a");
    note n = {.lasting = NOTE_LASTS_AT_REVISION};
    ck_assert(!cache_answer(kept, first, NOW_S));
    ck_assert(!cache_answer(kept, second, NOW_S));
    answer(first, "\"ok\":true,\"took_ms\":1}", n);
    answer(second, "\"ok\":true,\"took_ms\":2}", n);
    ck_assert_str_eq(ask("count -- a"), "{\"ok\":true,\"took_ms\":2}");
    ck_assert_uint_eq(cache_count(kept)->replies, 1);
    talloc_free(first);
    talloc_free(second);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("cache");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, gives_it_under_the_id_of_the_asker);
    tcase_add_test(t, gives_pages);
    tcase_add_test(t, gives_the_note_too);
    tcase_add_loop_test(t, knows_the_same_question, 0, (int)COUNT(lines));
    tcase_add_test(t, keeps_what_lasts);
    tcase_add_test(t, some_last_a_quarter_of_an_hour);
    tcase_add_loop_test(t, a_change_ends_all, 0, (int)COUNT(changes));
    tcase_add_loop_test(t, a_change_while_it_is_answered, 0, (int)COUNT(changes));
    tcase_add_test(t, follows_without_being_asked);
    tcase_add_test(t, stays_under_its_cap);
    tcase_add_test(t, one_takes_an_eighth);
    tcase_add_test(t, none_without_room);
    tcase_add_test(t, the_later_of_two_askers);
    Suite *s = suite_create("cache");
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}

/* test_queue.c - the queue's fairness, frames and lines out of buffers. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <event2/buffer.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "weft/mem.h"
#include "clock.h"
#include "frame.h"
#include "lines.h"
#include "queue.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static job *add(queue *q, queue_seat *seat, const char *name)
{
    job *j = job_new(NULL, weft_str_from(name));
    ck_assert_ptr_nonnull(j);
    queue_add(q, seat, j);
    return j;
}

/* The names of the jobs in the order they are taken. */
static const char *take_all(void *mem, queue *q)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1000);
    for (job *j; (j = queue_take(q)) != NULL; talloc_free(j)) {
        ck_assert_int_eq(j->state, JOB_NEW);
        weft_buf_add(&b, j->line);
        weft_buf_add_char(&b, ' ');
    }
    return b.p;
}

START_TEST(takes_in_turns)
{
    weft_scope void *mem = talloc_new(NULL);
    queue q = {.cap = 100, .workers = 100};
    queue_seat a = {0}, b = {0}, c = {0};
    static const char *const of_a[] = {"a1", "a2", "a3", "a4"};
    for (size_t i = 0; i < COUNT(of_a); i++)
        add(&q, &a, of_a[i]);
    add(&q, &b, "b1");
    add(&q, &c, "c1");
    add(&q, &c, "c2");
    ck_assert_str_eq(take_all(mem, &q), "a1 b1 c1 a2 c2 a3 a4 ");
    ck_assert_uint_eq(q.count, 0);
    add(&q, &b, "b2");
    ck_assert_str_eq(take_all(mem, &q), "b2 ");
}
END_TEST

START_TEST(skips_who_does_not_read)
{
    weft_scope void *mem = talloc_new(NULL);
    queue q = {.cap = 100, .workers = 100};
    queue_seat a = {.is_blocked = true}, b = {0};
    add(&q, &a, "a1");
    add(&q, &b, "b1");
    ck_assert_str_eq(take_all(mem, &q), "b1 ");
    ck_assert_uint_eq(q.count, 1);
    a.is_blocked = false;
    ck_assert_str_eq(take_all(mem, &q), "a1 ");
}
END_TEST

START_TEST(forgets_who_leaves)
{
    weft_scope void *mem = talloc_new(NULL);
    queue q = {.cap = 3, .workers = 100};
    queue_seat a = {0}, b = {0};
    job *gone[2] = {add(&q, &a, "a1"), NULL};
    add(&q, &b, "b1");
    gone[1] = add(&q, &a, "a2");
    ck_assert(queue_is_full(&q));
    queue_leave(&q, &a);
    ck_assert(!queue_is_full(&q));
    ck_assert_int_eq(gone[1]->state, JOB_NEW);
    ck_assert_str_eq(take_all(mem, &q), "b1 ");
    talloc_free(gone[0]);
    talloc_free(gone[1]);
}
END_TEST

START_TEST(finds_the_old)
{
    queue q = {.cap = 100, .workers = 100};
    queue_seat a = {0}, b = {0};
    job *young = add(&q, &a, "a1"), *old = add(&q, &b, "b1");
    int64_t now_ms = clock_ms();
    old->queued_ms = now_ms - 100;
    young->queued_ms = now_ms - 50;
    ck_assert_ptr_eq(queue_take_older(&q, now_ms - 50), old);
    ck_assert_ptr_null(queue_take_older(&q, now_ms - 50));
    ck_assert_ptr_eq(queue_take(&q), young);
    talloc_free(old);
    talloc_free(young);
}
END_TEST

/* A job that is done after so long; taken before. */
static void finish(queue *q, job *j, int64_t us)
{
    j->note.cpu_us = (uint64_t)us;
    queue_done(q, j, j->given_us + us);
    talloc_free(j);
}

/* A seat that has asked n requests, each of so many microseconds, the last one done. */
static void ask_alone(queue *q, queue_seat *seat, int n, int64_t us)
{
    for (int i = 0; i < n; i++) {
        add(q, seat, "x");
        job *j = queue_take(q);
        ck_assert_ptr_nonnull(j);
        finish(q, j, us);
    }
}

START_TEST(keeps_a_worker_from_the_heavy)
{
    queue q = {.cap = 100, .workers = 3};
    queue_seat heavy[3] = {0}, light = {0};
    job *runs[3] = {NULL, NULL, NULL};
    for (size_t i = 0; i < 3; i++)
        ask_alone(&q, &heavy[i], 1, QUEUE_HEAVY_US);
    for (size_t i = 0; i < 3; i++)
        add(&q, &heavy[i], "h");
    for (size_t i = 0; i < 2; i++)
        ck_assert_ptr_nonnull(runs[i] = queue_take(&q));
    ck_assert_msg(queue_take(&q) == NULL, "the third worker is not for the heavy");
    ck_assert_uint_eq(q.heavy, 2);
    add(&q, &light, "l");
    ck_assert_ptr_nonnull(runs[2] = queue_take(&q));
    ck_assert_str_eq(runs[2]->line.p, "l");
    finish(&q, runs[2], 5);
    ck_assert_ptr_null(queue_take(&q));
    runs[0]->seat = NULL; /* its client has gone */
    finish(&q, runs[0], 5);
    ck_assert_ptr_nonnull(runs[0] = queue_take(&q));
    finish(&q, runs[0], 5);
    finish(&q, runs[1], 5);
    ck_assert_uint_eq(q.heavy, 0);
}
END_TEST

enum { MANY = 8 };

/* How many jobs of a seat are handed out, of MANY: the workers there are bound it besides. */
static size_t runs_at_once(queue *q, queue_seat *seat)
{
    job *jobs[MANY];
    size_t n = 0;
    for (size_t i = 0; i < MANY; i++)
        jobs[i] = add(q, seat, "x");
    while (queue_take(q) != NULL)
        n++;
    queue_leave(q, seat);
    for (size_t i = 0; i < MANY; i++)
        talloc_free(jobs[i]);
    return n;
}

static const struct {
    const char *name;
    size_t workers;
    int before; /* requests that took before_us */
    int64_t before_us;
    int after; /* then light ones */
    size_t runs;
} pasts[] = {
    {"nothing is known", 4, 0, 0, 0, MANY},
    {"one worker, heavy", 1, 1, QUEUE_HEAVY_US, 0, 1},
    {"heavy", 4, 1, QUEUE_HEAVY_US, 0, 3},
    {"not quite heavy", 4, QUEUE_LIGHT, QUEUE_HEAVY_US - 1, 0, MANY},
    {"nearly trusted again", 4, 1, QUEUE_HEAVY_US, QUEUE_LIGHT - 1, 3},
    {"it never gets all again", 4, 1, QUEUE_HEAVY_US, QUEUE_LIGHT, 3},
};

START_TEST(trusts_by_the_past)
{
    queue q = {.cap = 100, .workers = pasts[_i].workers};
    queue_seat seat = {0};
    ask_alone(&q, &seat, pasts[_i].before, pasts[_i].before_us);
    ask_alone(&q, &seat, pasts[_i].after, 5);
    ck_assert_msg(runs_at_once(&q, &seat) == pasts[_i].runs, "%s", pasts[_i].name);
}
END_TEST

/* Beside another heavy one that has all of their share. */
START_TEST(is_forgiven)
{
    for (int after = QUEUE_LIGHT - 1; after <= QUEUE_LIGHT; after++) {
        queue q = {.cap = 100, .workers = 2};
        queue_seat seat = {0}, other = {0};
        ask_alone(&q, &other, 1, QUEUE_HEAVY_US);
        ask_alone(&q, &seat, 1, QUEUE_HEAVY_US);
        ask_alone(&q, &seat, after, 5);
        job *theirs = add(&q, &other, "theirs"), *ours = add(&q, &seat, "ours");
        ck_assert_ptr_eq(queue_take(&q), theirs);
        ck_assert_ptr_eq(queue_take(&q), after < QUEUE_LIGHT ? NULL : ours);
        talloc_free(theirs);
        talloc_free(ours);
    }
}
END_TEST

START_TEST(long_is_heavy)
{
    queue q = {.cap = 100, .workers = 2};
    queue_seat seat = {0};
    for (int64_t us = QUEUE_LONG_US - 1; us <= QUEUE_LONG_US; us++) {
        ck_assert(!seat.was_heavy);
        add(&q, &seat, "x");
        job *j = queue_take(&q);
        queue_done(&q, j, j->given_us + us);
        talloc_free(j);
    }
    ck_assert(seat.was_heavy);
}
END_TEST

START_TEST(makes_room_at_the_longest)
{
    queue q = {.cap = 6, .workers = 4};
    queue_seat a = {0}, b = {0}, c = {0};
    static const char *const of_b[] = {"b1", "b2", "b3"};
    add(&q, &a, "a1");
    add(&q, &a, "a2");
    for (size_t i = 0; i < COUNT(of_b); i++)
        add(&q, &b, of_b[i]);
    ck_assert_msg(queue_push_out(&q, &a) == NULL, "3 is not two more than 2");
    job *j = queue_push_out(&q, &c);
    ck_assert_str_eq(j->line.p, "b3");
    talloc_free(j);
    j = queue_push_out(&q, &c);
    ck_assert_str_eq(j->line.p, "a2");
    talloc_free(j);
    add(&q, &c, "c1");
    ck_assert_ptr_null(queue_push_out(&q, &c));
    weft_scope void *mem = talloc_new(NULL);
    ck_assert_str_eq(take_all(mem, &q), "a1 b1 c1 b2 ");
}
END_TEST

START_TEST(frames_cross)
{
    weft_scope void *mem = talloc_new(NULL);
    int ends[2];
    bool ended = false;
    weft_str got;
    weft_error err = {0};
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ck_assert_int_eq(frame_write(ends[0], weft_str_from("one"), &err), WEFT_OK);
    ck_assert_int_eq(frame_write(ends[0], weft_str_from(""), &err), WEFT_OK);
    close(ends[0]);
    ck_assert_int_eq(frame_read(mem, ends[1], 3, &got, &ended, &err), WEFT_OK);
    ck_assert(weft_str_is(got, "one") && !ended);
    ck_assert_int_eq(frame_read(mem, ends[1], 3, &got, &ended, &err), WEFT_OK);
    ck_assert(got.n == 0 && !ended);
    ck_assert_int_eq(frame_read(mem, ends[1], 3, &got, &ended, &err), WEFT_OK);
    ck_assert(ended);
    close(ends[1]);
}
END_TEST

static const struct {
    const char *bytes;
    size_t n;
    weft_code code;
} bad_frames[] = {
    {"\x04\0\0\0abcd", 8, WEFT_ELIMIT}, /* the cap is 3 */
    {"\xFF\xFF\xFF\xFF"
     "abcd",
     8, WEFT_ELIMIT},
    {"\0\0\0\x80", 4, WEFT_ELIMIT},
    {"\x03\0\0\0ab", 6, WEFT_EIO},
    {"\x03\0\0", 3, WEFT_EIO},
};

START_TEST(frames_are_checked)
{
    weft_scope void *mem = talloc_new(NULL);
    int ends[2];
    bool ended = false;
    weft_str got;
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    ck_assert_int_eq(write(ends[0], bad_frames[_i].bytes, bad_frames[_i].n),
                     (ssize_t)bad_frames[_i].n);
    close(ends[0]);
    ck_assert_int_eq(frame_read(mem, ends[1], 3, &got, &ended, NULL), bad_frames[_i].code);
    ck_assert(!ended);
    close(ends[1]);
}
END_TEST

START_TEST(heads_are_little_endian)
{
    unsigned char head[FRAME_HEAD];
    frame_put_head(head, 0x01020304);
    ck_assert_int_eq(memcmp(head, "\x04\x03\x02\x01", 4), 0);
    ck_assert_uint_eq(frame_length((const unsigned char *)"\xFF\xFF\xFF\xFF"), 4294967295u);
}
END_TEST

START_TEST(lines_come_in_pieces)
{
    weft_scope void *mem = talloc_new(NULL);
    struct evbuffer *in = evbuffer_new();
    size_t scanned = 0;
    weft_str line;
    evbuffer_add(in, "ab", 2);
    ck_assert_int_eq(lines_take(mem, in, 4, &scanned, &line), LINES_NONE);
    ck_assert_int_eq(lines_take(mem, in, 4, &scanned, &line), LINES_NONE);
    evbuffer_add(in, "cd\n\nefgh\nijklm", 14);
    ck_assert_int_eq(lines_take(mem, in, 4, &scanned, &line), LINES_ONE);
    ck_assert(weft_str_is(line, "abcd"));
    ck_assert_int_eq(lines_take(mem, in, 4, &scanned, &line), LINES_ONE);
    ck_assert(weft_str_is(line, ""));
    ck_assert_int_eq(lines_take(mem, in, 4, &scanned, &line), LINES_ONE);
    ck_assert(weft_str_is(line, "efgh"));
    ck_assert_int_eq(lines_take(mem, in, 4, &scanned, &line), LINES_TOO_LONG);
    evbuffer_add(in, "\n", 1);
    ck_assert_int_eq(lines_take(mem, in, 4, &scanned, &line), LINES_TOO_LONG);
    evbuffer_free(in);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("queue");
    tcase_add_test(t, takes_in_turns);
    tcase_add_test(t, skips_who_does_not_read);
    tcase_add_test(t, forgets_who_leaves);
    tcase_add_test(t, finds_the_old);
    tcase_add_test(t, keeps_a_worker_from_the_heavy);
    tcase_add_loop_test(t, trusts_by_the_past, 0, (int)COUNT(pasts));
    tcase_add_test(t, is_forgiven);
    tcase_add_test(t, long_is_heavy);
    tcase_add_test(t, makes_room_at_the_longest);
    tcase_add_test(t, frames_cross);
    tcase_add_loop_test(t, frames_are_checked, 0, (int)COUNT(bad_frames));
    tcase_add_test(t, heads_are_little_endian);
    tcase_add_test(t, lines_come_in_pieces);
    Suite *s = suite_create("queue");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

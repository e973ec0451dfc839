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
    queue q = {.cap = 100};
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
    queue q = {.cap = 100};
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
    queue q = {.cap = 3};
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
    queue q = {.cap = 100};
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

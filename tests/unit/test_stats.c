/* test_stats.c - the counters as a monitor reads them. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>

#include "weft/mem.h"
#include "clock.h"
#include "loop.h"
#include "stats.h"
#include "banned.h"

enum { FAMILIES_MAX = 100 };

/* A reader of text format 0.0.4, as strict as is needed here. */
typedef struct reader {
    char *names[FAMILIES_MAX], *types[FAMILIES_MAX];
    size_t helps, families, samples;
    char bucket
        [256]; /* the series of the histogram that is being read, and its last count */
    double last, bound;
    bool had_inf;
} reader;

static void *mem;
static searchd_options o;
static loop *l;

static void set_up(void)
{
    mem = talloc_new(NULL);
    l = talloc_zero(mem, loop);
    o = (searchd_options){.index_dir = "nowhere", .cache_bytes = 1000};
    l->o = &o;
    l->queue.cap = 256;
    l->stats = talloc(l, stats);
    stats_init(l->stats);
}

static void tear_down(void)
{
    talloc_free(mem);
}

static const char *render(void)
{
    weft_buf b;
    weft_error err = {0};
    weft_buf_init(&b, mem, STATS_TEXT_MAX);
    stats_render(l, &b);
    ck_assert_int_eq(weft_buf_check(&b, "figures", &err), WEFT_OK);
    return b.p;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static void read_comment(reader *r, const char *line)
{
    char *copy = talloc_strdup(mem, line), *save = NULL;
    char *kind = strtok_r(copy + 2, " ", &save), *name = strtok_r(NULL, " ", &save);
    ck_assert_msg(name != NULL && save != NULL && *save != '\0', "%s", line);
    if (strcmp(kind, "HELP") == 0) {
        r->helps++;
        return;
    }
    ck_assert_msg(strcmp(kind, "TYPE") == 0, "%s", line);
    for (size_t i = 0; i < r->families; i++)
        ck_assert_msg(strcmp(r->names[i], name) != 0, "twice: %s", line);
    ck_assert_msg(strcmp(save, "counter") == 0 || strcmp(save, "gauge") == 0 ||
                      strcmp(save, "histogram") == 0,
                  "%s", line);
    ck_assert_msg((strcmp(save, "counter") == 0) == ends_with(name, "_total"), "%s", line);
    r->names[r->families] = name;
    r->types[r->families++] = save;
}

/* Counts of buckets never fall, bounds rise to +Inf, and that count is _count. */
static void read_histogram(reader *r, const char *line, const char *part, double value)
{
    const char *le = strstr(line, "le=\"");
    if (strncmp(part, "_bucket{", 8) == 0) {
        ck_assert_msg(le != NULL, "%s", line);
        char *series = talloc_strndup(mem, line, (size_t)(le - line));
        bool is_same = strcmp(series, r->bucket) == 0;
        double bound = strncmp(le + 4, "+Inf", 4) == 0 ? 1e300 : strtod(le + 4, NULL);
        ck_assert_msg(!is_same || (bound > r->bound && value >= r->last), "%s", line);
        snprintf(r->bucket, sizeof r->bucket, "%s", series);
        r->bound = bound;
        r->last = value;
    } else if (strncmp(part, "_count", 6) == 0) {
        ck_assert_msg(r->bound > 1e299, "no +Inf before %s", line);
        ck_assert_msg(value == r->last, "%s is not %g", line, r->last);
    } else {
        ck_assert_msg(strncmp(part, "_sum", 4) == 0, "%s", line);
    }
}

static void read_sample(reader *r, const char *line)
{
    ck_assert_msg(r->families > 0, "no TYPE before %s", line);
    const char *name = r->names[r->families - 1], *end;
    size_t n = strlen(name);
    ck_assert_msg(strncmp(line, name, n) == 0, "%s stands under %s", line, name);
    const char *space = strrchr(line, ' ');
    ck_assert_msg(space != NULL, "%s", line);
    double value = strtod(space + 1, (char **)&end);
    ck_assert_msg(*end == '\0' && end != space + 1 && value >= 0, "%s", line);
    ck_assert_msg((strchr(line, '{') != NULL) == (space[-1] == '}'), "%s", line);
    r->samples++;
    if (strcmp(r->types[r->families - 1], "histogram") == 0)
        read_histogram(r, line, line + n, value);
    else
        ck_assert_msg(line[n] == ' ' || line[n] == '{', "%s", line);
}

static reader read_all(const char *text)
{
    reader r = {.helps = 0};
    weft_str rest = weft_str_from(text), line;
    ck_assert(ends_with(text, "\n"));
    while (weft_str_next_line(&rest, &line)) {
        const char *copy = weft_str_dup(mem, line);
        if (line.n > 0 && line.p[0] == '#')
            read_comment(&r, copy);
        else
            read_sample(&r, copy);
    }
    ck_assert_uint_eq(r.helps, r.families);
    return r;
}

/* Whether a line stands in the text, whole. */
static void expect(const char *text, const char *line)
{
    const char *at = strstr(text, talloc_asprintf(mem, "\n%s\n", line));
    ck_assert_msg(at != NULL, "no line '%s' in\n%s", line, text);
}

START_TEST(is_well_formed)
{
    reader r = read_all(render());
    ck_assert_uint_gt(r.families, 20);
    ck_assert_uint_gt(r.samples, 100);
}
END_TEST

START_TEST(begins_at_nothing)
{
    const char *text = render();
    expect(text, "weft_requests_total{command=\"search\",outcome=\"ok\"} 0");
    expect(text, "weft_request_seconds_count{command=\"search\"} 0");
    expect(text, "weft_connections{protocol=\"lines\",transport=\"unix\"} 0");
    expect(text, "weft_queue_limit 256");
    expect(text, "weft_worker_ends_total{cause=\"deadline\"} 0");
    expect(text, "weft_cache_limit_bytes 1000");
    ck_assert_ptr_null(strstr(text, "index_revision"));
}
END_TEST

/* A job of a command that is done after so many microseconds. */
static void finish(const char *name, weft_code code, int64_t took_us)
{
    job *j = job_new(NULL, weft_str_from(""));
    ck_assert_ptr_nonnull(j);
    j->command = name == NULL ? NULL : command_find(name);
    j->note.code = (uint32_t)code;
    j->began_us = clock_us() - took_us;
    stats_done(l->stats, j);
    talloc_free(j);
}

START_TEST(counts_requests)
{
    finish("search", WEFT_OK, 300);
    finish("search", WEFT_OK, 1200000);
    finish("search", WEFT_OK, 7000000);
    finish("search", WEFT_ESYNTAX, 100);
    finish("get", WEFT_ENOTFOUND, 100);
    finish("results", WEFT_OK, 100);
    finish(NULL, WEFT_EUSAGE, 100);
    const char *text = render();
    read_all(text);
    expect(text, "weft_requests_total{command=\"search\",outcome=\"ok\"} 3");
    expect(text, "weft_requests_total{command=\"search\",outcome=\"bad_query\"} 1");
    expect(text, "weft_requests_total{command=\"get\",outcome=\"not_found\"} 1");
    expect(text, "weft_requests_total{command=\"get\",outcome=\"ok\"} 0");
    expect(text, "weft_requests_total{command=\"results\",outcome=\"ok\"} 1");
    expect(text, "weft_requests_total{command=\"none\",outcome=\"bad_request\"} 1");
    expect(text, "weft_request_seconds_bucket{command=\"search\",le=\"1\"} 2");
    expect(text, "weft_request_seconds_bucket{command=\"search\",le=\"2.5\"} 3");
    expect(text, "weft_request_seconds_bucket{command=\"search\",le=\"5\"} 3");
    expect(text, "weft_request_seconds_bucket{command=\"search\",le=\"+Inf\"} 4");
    expect(text, "weft_request_seconds_count{command=\"search\"} 4");
}
END_TEST

START_TEST(counts_waits)
{
    job j = {.began_us = 1000, .given_us = 1000 + 30000};
    stats_given(l->stats, &j);
    const char *text = render();
    expect(text, "weft_queue_wait_seconds_bucket{le=\"0.025\"} 0");
    expect(text, "weft_queue_wait_seconds_bucket{le=\"0.05\"} 1");
    expect(text, "weft_queue_wait_seconds_sum 0.030000");
    expect(text, "weft_queue_wait_seconds_count 1");
}
END_TEST

START_TEST(tells_the_newest_index)
{
    stats_note(l->stats,
               &(note){.generation = 3, .revision = 12, .articles = 5, .comments = 70});
    stats_note(l->stats, &(note){.generation = 3, .revision = 11, .articles = 4});
    stats_note(l->stats, &(note){.generation = 0});
    const char *text = render();
    read_all(text);
    expect(text, "weft_index_revision 12");
    expect(text, "weft_index_generation 3");
    expect(text, "weft_index_documents{type=\"article\"} 5");
    expect(text, "weft_index_documents{type=\"comment\"} 70");
}
END_TEST

START_TEST(counts_bytes)
{
    struct evbuffer *in = evbuffer_new(), *out = evbuffer_new();
    stats_watch(l->stats, in, out);
    evbuffer_add(in, "hello\n", 6);
    evbuffer_drain(in, 6);
    evbuffer_add(out, "12345678", 8);
    evbuffer_drain(out, 5);
    evbuffer_free(in);
    evbuffer_free(out);
    const char *text = render();
    expect(text, "weft_received_bytes_total 6");
    expect(text, "weft_sent_bytes_total 5");
}
END_TEST

/* Names that nobody knows share a row rather than run over. */
START_TEST(has_room_for_so_many_commands)
{
    char names[2 * STATS_COMMANDS_MAX][16];
    for (size_t i = 0; i < 2 * STATS_COMMANDS_MAX; i++) {
        snprintf(names[i], sizeof names[i], "c%zu", i);
        command c = {.name = names[i]};
        job j = {.command = &c, .began_us = clock_us()};
        stats_done(l->stats, &j);
    }
    ck_assert_uint_eq(l->stats->command_count, STATS_COMMANDS_MAX);
    read_all(render());
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("stats");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, is_well_formed);
    tcase_add_test(t, begins_at_nothing);
    tcase_add_test(t, counts_requests);
    tcase_add_test(t, counts_waits);
    tcase_add_test(t, tells_the_newest_index);
    tcase_add_test(t, counts_bytes);
    tcase_add_test(t, has_room_for_so_many_commands);
    Suite *s = suite_create("stats");
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}

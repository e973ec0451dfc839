/* test_thread.c - the tree of comments: order, parents, orphans, cycles, depth, places. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/thread.h"
#include "banned.h"

/* id, parent, date (0 is unknown), status, marker */
typedef struct row {
    const char *id, *parent;
    int64_t s;
    weft_status status;
    bool marker;
} row;

static void *mem;

static void set_up(void)
{
    mem = talloc_new(NULL);
}

static void tear_down(void)
{
    talloc_free(mem);
}

static weft_record *comment(const row *c)
{
    weft_record *r = talloc_zero(mem, weft_record);
    r->type = WEFT_COMMENT;
    r->article = "a1";
    r->id = c->id;
    r->parent = c->parent;
    r->parent_is_marker = c->marker;
    r->published_s = c->s == 0 ? WEFT_DATE_UNKNOWN : c->s;
    r->status = c->status;
    return r;
}

static weft_thread *build_records(weft_record *const *records, size_t n)
{
    weft_thread *t = NULL;
    weft_error err = {0};
    weft_code code = weft_thread_build(mem, "a1", records, n, &t, &err);
    ck_assert_msg(code == WEFT_OK, "%s", err.text);
    ck_assert_str_eq(t->article_id, "a1");
    return t;
}

static weft_thread *build_rows(const row *rows, size_t n, bool backwards)
{
    weft_record **records = weft_new_array(mem, weft_record *, n);
    for (size_t i = 0; i < n; i++)
        records[backwards ? n - 1 - i : i] = comment(&rows[i]);
    return build_records(records, n);
}

/* "c1 c2>1 [c3]>1" : ids in node order, > and the depth below the top, * for an orphan, []
 * a place, () gone. */
static const char *outline(const weft_thread *t)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    for (uint32_t i = 0; i < t->node_count; i++) {
        const weft_node *n = &t->nodes[i];
        weft_buf_addf(&b, "%s%s%s%s%s", i == 0 ? "" : " ",
                      n->place  ? "["
                      : n->gone ? "("
                                : "",
                      n->record->id,
                      n->place  ? "]"
                      : n->gone ? ")"
                                : "",
                      n->orphan ? "*" : "");
        if (n->depth > 0)
            weft_buf_addf(&b, ">%u", n->depth);
        if (n->parent != WEFT_NO_NODE)
            ck_assert_uint_eq(t->nodes[n->parent].depth + 1, n->depth);
        else
            ck_assert_uint_eq(n->depth, 0);
    }
    return b.p;
}

static const weft_node *node(const weft_thread *t, const char *id)
{
    for (uint32_t i = 0; i < t->node_count; i++)
        if (strcmp(t->nodes[i].record->id, id) == 0)
            return &t->nodes[i];
    ck_abort_msg("no node %s", id);
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* The same tree from the rows as they stand and from the last to the first. */
#define ASSERT_OUTLINE(rows, expected)                                                     \
    do {                                                                                   \
        ck_assert_str_eq(outline(build_rows(rows, COUNT(rows), false)), expected);         \
        ck_assert_str_eq(outline(build_rows(rows, COUNT(rows), true)), expected);          \
    } while (0)

START_TEST(an_empty_thread)
{
    weft_thread *t = build_records(NULL, 0);
    ck_assert_uint_eq(t->node_count, 0);
    ck_assert_ptr_null(t->article);
    ck_assert(!t->hidden);
}
END_TEST

START_TEST(thread_order)
{
    const row rows[] = {
        {"c9", NULL, 50, 0, 0}, {"c1", NULL, 10, 0, 0}, {"c4", "c1", 40, 0, 0},
        {"c3", "c1", 0, 0, 0},  {"c5", "c1", 20, 0, 0}, {"c6", "c5", 60, 0, 0},
        {"c2", "c1", 20, 0, 0}, {"c0", NULL, 0, 0, 0},  {"b", NULL, -5, 0, 0}};
    ASSERT_OUTLINE(rows, "b c1 c2>1 c5>1 c6>2 c4>1 c3>1 c9 c0");
    weft_thread *t = build_rows(rows, COUNT(rows), false);
    ck_assert_uint_eq(node(t, "c1")->direct, 4);
    ck_assert_uint_eq(node(t, "c1")->all, 5);
    ck_assert_uint_eq(node(t, "c5")->direct, 1);
    ck_assert_uint_eq(node(t, "c6")->all, 0);
    ck_assert_uint_eq(t->public_count, 9);
    ck_assert_uint_eq(t->orphans + t->cycles + t->too_deep + t->places, 0);
    ck_assert_str_eq(t->nodes[node(t, "c6")->parent].record->id, "c5");
}
END_TEST

/* A reply under a deleted comment keeps its place (case 003). */
START_TEST(places_and_gone)
{
    const row rows[] = {{"c1", NULL, 10, 0, 0},
                        {"c2", "c1", 20, WEFT_DELETED, 0},
                        {"c3", "c2", 30, 0, 0},
                        {"c4", "c1", 15, WEFT_HIDDEN, 0},
                        {"c5", "c4", 16, WEFT_PENDING, 0},
                        {"c6", "c2", 31, WEFT_HIDDEN, 0},
                        {"c7", NULL, 1, WEFT_DELETED, 0}};
    ASSERT_OUTLINE(rows, "c1 [c2]>1 c3>2 (c6)>2 (c4)>1 (c5)>2 (c7)");
    weft_thread *t = build_rows(rows, COUNT(rows), false);
    ck_assert_uint_eq(node(t, "c1")->direct, 0);
    ck_assert_uint_eq(node(t, "c1")->all, 1);
    ck_assert_uint_eq(node(t, "c2")->direct, 1);
    ck_assert_uint_eq(t->public_count, 2);
    ck_assert_uint_eq(t->places, 1);
    ck_assert_uint_eq(t->node_count, 7);
    ck_assert_str_eq(t->nodes[node(t, "c5")->parent].record->id, "c4");
}
END_TEST

/* What is not public is stored without a date, so it may not stand by one. */
START_TEST(places_have_no_date)
{
    const row siblings[] = {
        {"c1", NULL, 1, WEFT_HIDDEN, 0}, {"c2", "c1", 2, 0, 0}, {"c3", NULL, 3, 0, 0}};
    ASSERT_OUTLINE(siblings, "c3 [c1] c2>1");
    const row cycle[] = {{"c1", "c2", 1, WEFT_HIDDEN, 0}, {"c2", "c1", 2, 0, 0}};
    ASSERT_OUTLINE(cycle, "c2* (c1)>1");
}
END_TEST

START_TEST(orphans_hang_on_the_article)
{
    const row rows[] = {{"c2", "c1", 20, 0, 0},
                        {"c3", "c2", 30, 0, 0},
                        {"c4", "cx", 10, WEFT_HIDDEN, 0},
                        {"c5", NULL, 25, 0, 0}};
    ASSERT_OUTLINE(rows, "c2* c3>1 c5 (c4)*");
    ck_assert_uint_eq(build_rows(rows, COUNT(rows), false)->orphans, 1);
    /* and their parent may come later (case 097) */
    const row with_parent[] = {{"c2", "c1", 20, 0, 0}, {"c1", NULL, 20, 0, 0}};
    ASSERT_OUTLINE(with_parent, "c1 c2>1");
    ck_assert_uint_eq(build_rows(with_parent, 2, false)->orphans, 0);
}
END_TEST

/* Markers of the top level (case 109). */
START_TEST(markers_are_no_missing_parents)
{
    const row rows[] = {{"c1", "root", 1, 0, true},
                        {"c2", NULL, 2, 0, 0},
                        {"c3", "0", 3, 0, true},
                        {"c4", "a1", 4, 0, true}};
    ASSERT_OUTLINE(rows, "c1 c2 c3 c4");
    ck_assert_uint_eq(build_rows(rows, COUNT(rows), false)->orphans, 0);
    const row taken[] = {{"0", NULL, 1, 0, 0},
                         {"c3", "0", 3, 0, true},
                         {"root", "c3", 4, 0, 0},
                         {"c5", "root", 5, 0, true}};
    ASSERT_OUTLINE(taken, "0 c3>1 root>2 c5>3");
    /* the marker is the comment's own id */
    const row own[] = {{"0", "0", 1, 0, true}, {"1", "0", 2, 0, true}};
    ASSERT_OUTLINE(own, "0 1>1");
    ck_assert_uint_eq(build_rows(own, 2, false)->cycles, 0);
}
END_TEST

START_TEST(cycles_are_cut_at_the_earliest)
{
    const row self[] = {{"c1", "c1", 1, 0, 0}, {"c2", "c1", 2, 0, 0}};
    ASSERT_OUTLINE(self, "c1* c2>1");
    const row pair[] = {{"c1", "c2", 9, 0, 0}, {"c2", "c1", 5, 0, 0}};
    ASSERT_OUTLINE(pair, "c2* c1>1");
    const row undated[] = {{"b", "a", 0, 0, 0}, {"a", "c", 0, 0, 0}, {"c", "b", 7, 0, 0}};
    ASSERT_OUTLINE(undated, "c* a>1 b>2");
    /* two cycles, one with a tail that is earlier than all of it */
    const row two[] = {{"t", "x", 1, 0, 0}, {"x", "y", 5, 0, 0}, {"y", "z", 3, 0, 0},
                       {"z", "x", 4, 0, 0}, {"p", "q", 8, 0, 0}, {"q", "p", 8, 0, 0}};
    ASSERT_OUTLINE(two, "y* x>1 t>2 z>2 p* q>1");
    weft_thread *t = build_rows(two, COUNT(two), false);
    ck_assert_uint_eq(t->cycles, 2);
    ck_assert_uint_eq(t->orphans, 2);
    ck_assert_uint_eq(node(t, "y")->all, 3);
}
END_TEST

static row *chain(size_t n, bool dated)
{
    row *rows = weft_new_array(mem, row, n);
    for (size_t i = 0; i < n; i++) {
        rows[i].id = talloc_asprintf(mem, "c%06zu", i);
        rows[i].parent = i == 0 ? NULL : rows[i - 1].id;
        rows[i].s = dated ? (int64_t)(n - i) : 0;
    }
    return rows;
}

START_TEST(depth_at_the_limit_and_past_it)
{
    weft_thread *t = build_rows(chain(WEFT_DEPTH_MAX + 1, true), WEFT_DEPTH_MAX + 1, false);
    ck_assert_uint_eq(t->too_deep, 0);
    ck_assert_uint_eq(t->nodes[WEFT_DEPTH_MAX].depth, WEFT_DEPTH_MAX);
    t = build_rows(chain(WEFT_DEPTH_MAX + 2, true), WEFT_DEPTH_MAX + 2, false);
    ck_assert_uint_eq(t->too_deep, 1);
    /* the deeper one is the later in the chain but has the earlier date: it stands before
     * its sibling */
    ck_assert_str_eq(t->nodes[WEFT_DEPTH_MAX].record->id, "c000257");
    ck_assert_uint_eq(t->nodes[WEFT_DEPTH_MAX].depth, 256);
    ck_assert_str_eq(t->nodes[WEFT_DEPTH_MAX + 1].record->id, "c000256");
    ck_assert_uint_eq(t->nodes[WEFT_DEPTH_MAX + 1].depth, 256);
    ck_assert_uint_eq(node(t, "c000255")->direct, 2);
    ck_assert_uint_eq(t->nodes[WEFT_DEPTH_MAX].parent, 255);
    ck_assert_uint_eq(node(t, "c000000")->all, 257);
}
END_TEST

START_TEST(a_very_deep_chain)
{
    const size_t n = 200000;
    weft_thread *t = build_rows(chain(n, false), n, true);
    ck_assert_uint_eq(t->too_deep, n - 257);
    ck_assert_uint_eq(t->nodes[0].all, n - 1);
    ck_assert_uint_eq(t->nodes[255].direct, n - 256);
}
END_TEST

START_TEST(one_large_cycle)
{
    const size_t n = 200000;
    row *rows = chain(n, false);
    rows[0].parent = rows[n - 1].id;
    weft_thread *t = build_rows(rows, n, false);
    ck_assert_uint_eq(t->cycles, 1);
    ck_assert_uint_eq(t->nodes[0].all, n - 1);
    ck_assert(t->nodes[0].orphan);
}
END_TEST

/* Many siblings (case 085), as many as a thread may have, and one more. */
START_TEST(comments_at_the_limit_and_past_it)
{
    const size_t n = WEFT_THREAD_MAX;
    weft_record **records = weft_new_array(mem, weft_record *, n + 2);
    ck_assert_ptr_nonnull(records);
    for (size_t i = 0; i < n + 1; i++) {
        records[i] = comment(&(row){.id = talloc_asprintf(mem, "c%06zu", n - i)});
        if (i != n - 1)
            records[i]->parent = "c000001";
    }
    weft_thread *t = build_records(records, n);
    ck_assert_uint_eq(t->node_count, n);
    ck_assert_uint_eq(t->nodes[0].direct, n - 1);
    ck_assert_str_eq(t->nodes[0].record->id, "c000001");
    ck_assert_str_eq(t->nodes[1].record->id, "c000002");
    weft_error err = {0};
    ck_assert_int_eq(weft_thread_build(mem, "a1", records, n + 1, &t, &err), WEFT_ELIMIT);
    ck_assert_str_eq(err.text, "thread over 1000000 comments");
    /* the article's own record does not count */
    records[n] = talloc_zero(mem, weft_record);
    records[n]->id = "a1";
    ck_assert_ptr_eq(build_records(records, n + 1)->article, records[n]);
    records[n + 1] = records[0];
    ck_assert_int_eq(weft_thread_build(mem, "a1", records, n + 2, &t, NULL), WEFT_ELIMIT);
}
END_TEST

START_TEST(duplicates_are_refused)
{
    const row rows[] = {
        {"c1", NULL, 1, 0, 0}, {"c2", NULL, 2, 0, 0}, {"c1", NULL, 3, 0, 0}};
    weft_record *records[3], *articles[2];
    for (size_t i = 0; i < 3; i++)
        records[i] = comment(&rows[i]);
    weft_thread *t = NULL;
    weft_error err = {0};
    ck_assert_int_eq(weft_thread_build(mem, "a1", records, 3, &t, &err), WEFT_EDUPLICATE);
    ck_assert_str_eq(err.text, "two records of comment 'c1'");
    ck_assert_ptr_null(t);
    for (size_t i = 0; i < 2; i++) {
        articles[i] = talloc_zero(mem, weft_record);
        articles[i]->id = "a1";
    }
    ck_assert_int_eq(weft_thread_build(mem, "a1", articles, 2, &t, NULL), WEFT_EDUPLICATE);
}
END_TEST

START_TEST(a_hidden_article_hides_its_thread)
{
    weft_record *records[2] = {comment(&(row){.id = "a1", .s = 1}),
                               talloc_zero(mem, weft_record)};
    records[1]->id = "a1"; /* an article and a comment may have the same id */
    records[1]->status = WEFT_PENDING;
    weft_thread *t = build_records(records, 2);
    ck_assert(t->hidden);
    ck_assert_ptr_eq(t->article, records[1]);
    ck_assert_uint_eq(t->node_count, 1);
    records[1]->status = WEFT_PUBLIC;
    ck_assert(!build_records(records, 2)->hidden);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("thread");
    TCase *tests = tcase_create("thread");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, an_empty_thread);
    tcase_add_test(tests, thread_order);
    tcase_add_test(tests, places_and_gone);
    tcase_add_test(tests, places_have_no_date);
    tcase_add_test(tests, orphans_hang_on_the_article);
    tcase_add_test(tests, markers_are_no_missing_parents);
    tcase_add_test(tests, cycles_are_cut_at_the_earliest);
    tcase_add_test(tests, depth_at_the_limit_and_past_it);
    tcase_add_test(tests, a_very_deep_chain);
    tcase_add_test(tests, one_large_cycle);
    tcase_add_test(tests, comments_at_the_limit_and_past_it);
    tcase_add_test(tests, duplicates_are_refused);
    tcase_add_test(tests, a_hidden_article_hides_its_thread);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

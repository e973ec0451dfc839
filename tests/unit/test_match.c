/* test_match.c - queries run on a generation: what matches, in which order, how late. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>

#include "weft/query.h"
#include "shim_test.h"
#include "banned.h"

static weft_match_options match_options(void)
{
    return (weft_match_options){.weight = {300, 4, 1.5, .5, .3, .8, .8, .6},
                                .limit = 400,
                                .count_to = 1000,
                                .order_slot = WEFT_SLOT_NEWEST,
                                .thread_slot = WEFT_SLOT_THREAD};
}

/* 300 documents named Qc100 and so on, wdf 1 to 8 in turn; odd ones and even ones are a
 * thread each. */
static weft_reader *matched_index(void)
{
    weft_writer *w = writer(true);
    for (uint32_t i = 0; i < 300; i++) {
        char name[16];
        snprintf(name, sizeof name, "Qc%u", 100 + i);
        HOLDS(put(w, name, 1 + i % 8, weft_str_from("x"), err));
    }
    HOLDS(weft_writer_commit(w, err));
    weft_writer_free(w);
    return reader();
}

START_TEST(matches)
{
    weft_reader *r = matched_index();
    weft_builder *b = NULL;
    weft_match_result out;
    weft_match_options options = match_options();
    HOLDS(weft_builder_new(mem, r, &b, err));
    weft_q any = weft_q_term(b, weft_str_from("t"));
    weft_q own = weft_q_wdf_at_least(b, weft_str_from("t"), WEFT_WDF_OWN);
    HOLDS(weft_match(b, weft_q_filter(b, any, own), &options, mem, &out, err));
    /* wdf 4 to 8: 5 of each 8, and the rest of 300 ends on wdf 1 to 4 */
    ck_assert_uint_eq(out.total, 37 * 5 + 1);
    ck_assert_uint_eq(out.hit_count, 37 * 5 + 1);
    ck_assert(out.exact && !out.partial);
    ck_assert_uint_eq(out.thread_count, 2);
    ck_assert(weft_str_is(out.threads[0].key, "even"));
    ck_assert_uint_eq(out.threads[0].matched, 37 * 3 + 1);
    ck_assert(weft_str_is(out.threads[1].key, "odd"));
    ck_assert_uint_eq(out.threads[1].matched, 37 * 2);
    for (size_t i = 1; i < out.hit_count; i++)
        ck_assert(out.hits[i - 1].score > out.hits[i].score ||
                  (out.hits[i - 1].score >= out.hits[i].score &&
                   out.hits[i - 1].docid < out.hits[i].docid));
    weft_reader_free(r);
}
END_TEST

/* Values counted for all documents or for so many. */
START_TEST(tallies)
{
    static const uint32_t count_to[] = {301, 300, 40};
    static const weft_tally_key keys[] = {{WEFT_SLOT_THREAD, 0}, {WEFT_SLOT_DEPTH, 0}};
    weft_reader *r = matched_index();
    weft_builder *b = NULL;
    weft_tally out[2];
    bool exact = false;
    weft_tally_options options = {.keys = keys, .key_count = 2, .count_to = count_to[_i]};
    HOLDS(weft_builder_new(mem, r, &b, err));
    weft_q any = weft_q_term(b, weft_str_from("t"));
    HOLDS(weft_match_tally(b, any, &options, mem, out, &exact, err));
    ck_assert_int_eq(exact, _i == 0);
    ck_assert_uint_eq(out[0].count, 2);
    ck_assert_uint_eq(out[1].count, 1); /* none of them has a depth */
    ck_assert_uint_eq(out[1].rows[0].value.n, 0);
    uint32_t seen = out[0].rows[0].count + out[0].rows[1].count;
    ck_assert_uint_eq(out[1].rows[0].count, seen);
    ck_assert_uint_eq(seen, _i == 2 ? 40 : 300);
    if (_i < 2)
        ck_assert_uint_eq(out[0].rows[0].count, 150);
    weft_reader_free(r);
}
END_TEST

START_TEST(pages_of_one_order)
{
    weft_reader *r = matched_index();
    weft_builder *b = NULL;
    weft_match_result all, page;
    weft_match_options options = match_options();
    HOLDS(weft_builder_new(mem, r, &b, err));
    weft_q any = weft_q_term(b, weft_str_from("t"));
    options.by_value = _i == 1;
    HOLDS(weft_match(b, any, &options, mem, &all, err));
    ck_assert_uint_eq(all.hit_count, 300);
    options.limit = 7;
    for (uint32_t at = 0; at < 300; at += 7) {
        options.offset = at;
        HOLDS(weft_match(b, any, &options, mem, &page, err));
        ck_assert_uint_eq(page.hit_count, at + 7 <= 300 ? 7 : 300 - at);
        for (size_t i = 0; i < page.hit_count; i++)
            ck_assert_uint_eq(page.hits[i].docid, all.hits[at + i].docid);
        ck_assert_uint_eq(page.total, 300);
    }
    weft_reader_free(r);
}
END_TEST

START_TEST(late_is_partial)
{
    weft_reader *r = matched_index();
    weft_builder *b = NULL;
    weft_match_result out;
    weft_match_options options = match_options();
    options.deadline_ms = 1;
    HOLDS(weft_builder_new(mem, r, &b, err));
    HOLDS(weft_match(b, weft_q_term(b, weft_str_from("t")), &options, mem, &out, err));
    ck_assert(out.partial && !out.exact);
    ck_assert_uint_lt(out.hit_count, 300);
    weft_reader_free(r);
}
END_TEST

START_TEST(nothing_and_everything)
{
    weft_reader *r = matched_index();
    weft_builder *b = NULL;
    weft_match_result out;
    weft_match_options options = match_options();
    HOLDS(weft_builder_new(mem, r, &b, err));
    HOLDS(weft_match(b, weft_q_or(b, NULL, 0), &options, mem, &out, err));
    ck_assert(out.total == 0 && out.exact && out.thread_count == 0);
    HOLDS(weft_match(b, weft_q_and(b, NULL, 0), &options, mem, &out, err));
    ck_assert_uint_eq(out.total, 300);
    weft_q node = weft_q_and_not(b, WEFT_Q_EVERYTHING, weft_q_term(b, weft_str_from("t")));
    HOLDS(weft_match(b, node, &options, mem, &out, err));
    ck_assert_uint_eq(out.total, 0);
    node =
        weft_q_range(b, WEFT_SLOT_NEWEST, weft_str_from("Qc110"), weft_str_from("Qc119"));
    HOLDS(weft_match(b, node, &options, mem, &out, err));
    ck_assert_uint_eq(out.total, 10);
    node = weft_q_range(b, WEFT_SLOT_NEWEST, weft_str_from("Qc390"), weft_str_from(""));
    HOLDS(weft_match(b, node, &options, mem, &out, err));
    ck_assert_uint_eq(out.total, 10);
    weft_reader_free(r);
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("match");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, matches);
    tcase_add_loop_test(t, tallies, 0, 3);
    tcase_add_loop_test(t, pages_of_one_order, 0, 2);
    tcase_add_test(t, late_is_partial);
    tcase_add_test(t, nothing_and_everything);
    Suite *s = suite_create("match");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

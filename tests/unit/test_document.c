/* test_document.c - the documents of a thread: their bags, terms and stream. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/query.h"
#include "weft/schema.h"
#include "banned.h"

static void *mem;
static weft_analysis *analysis;
static weft_error err;

/* The documents of the last thread, by unique term. */
static weft_made made[8];
static size_t made_count;

static weft_code keep(void *ctx, void *tmp, weft_made *m, weft_error *e)
{
    (void)ctx;
    (void)e;
    ck_assert_uint_lt(made_count, sizeof made / sizeof made[0]);
    made[made_count] = *m;
    weft_term *terms = weft_new_array(mem, weft_term, m->document.term_count);
    for (size_t i = 0; i < m->document.term_count; i++) {
        weft_str t = m->document.terms[i].text;
        terms[i] =
            (weft_term){weft_str_of(weft_str_dup(mem, t), t.n), m->document.terms[i].wdf};
    }
    made[made_count].document.terms = terms;
    weft_str unique = m->document.unique;
    made[made_count].document.unique = weft_str_of(weft_str_dup(mem, unique), unique.n);
    for (size_t i = 0; i < m->document.value_count; i++) {
        weft_str *bytes = &m->document.values[i].bytes;
        *bytes = weft_str_of(talloc_memdup(mem, bytes->p, bytes->n), bytes->n);
    }
    made[made_count].document.values = talloc_memdup(
        mem, m->document.values, m->document.value_count * sizeof *m->document.values);
    made_count++;
    (void)tmp;
    return WEFT_OK;
}

static void set_up(void)
{
    const weft_settings settings = {"en", "UTC"};
    mem = talloc_new(NULL);
    err = (weft_error){0};
    made_count = 0;
    ck_assert_int_eq(weft_analysis_new(mem, &settings, &analysis, &err), WEFT_OK);
}

static void tear_down(void)
{
    talloc_free(mem);
}

static weft_record *record(weft_type type, const char *id, const char *parent,
                           const char *body)
{
    weft_record *r = talloc_zero(mem, weft_record);
    r->type = type;
    r->id = id;
    r->article = type == WEFT_COMMENT ? "a" : NULL;
    r->parent = parent;
    r->body = body;
    r->published_s = WEFT_DATE_UNKNOWN;
    return r;
}

static void make(weft_record *const *records, size_t count)
{
    weft_thread *thread;
    made_count = 0;
    ck_assert_int_eq(weft_thread_build(mem, "a", records, count, &thread, &err), WEFT_OK);
    ck_assert_int_eq(weft_thread_documents(analysis, thread, keep, NULL, &err), WEFT_OK);
}

static const weft_document *document(const char *unique)
{
    for (size_t i = 0; i < made_count; i++)
        if (weft_str_is(made[i].document.unique, unique))
            return &made[i].document;
    ck_abort_msg("no document %s", unique);
    return NULL;
}

/* The wdf of a term, -1 when the document does not have it. */
static int wdf(const weft_document *d, const char *term)
{
    for (size_t i = 0; i < d->term_count; i++)
        if (weft_str_is(d->terms[i].text, term))
            return (int)d->terms[i].wdf;
    return -1;
}

/* The example of doc/index-format.md: 4 for each own occurrence, 2 for the headline, 1 for
 * the parent's own words; quoted words stand apart. */
START_TEST(bags_hold_own_headline_and_parent)
{
    weft_record *records[3] = {
        record(WEFT_ARTICLE, "a", NULL, "Mud and silt."),
        record(WEFT_COMMENT, "c1", NULL, "The harbour needs cranes, cranes I say."),
        record(WEFT_COMMENT, "c2", "c1", "> The gull laughs loudly\nCranes? Harbour mud!"),
    };
    records[0]->title = "Harbour dredging";
    records[0]->tags = NULL;
    records[1]->author = "Ann Ames";
    make(records, 3);
    ck_assert_uint_eq(made_count, 4);
    const weft_document *a = document("Qaa"), *c1 = document("Qcc1"),
                        *c2 = document("Qcc2"), *t = document("Qta");
    ck_assert_int_eq(wdf(a, "harbour"), 4);
    ck_assert_int_eq(wdf(a, "mud"), 4);
    ck_assert_int_eq(wdf(a, "Sharbour"), 0);
    ck_assert_int_eq(wdf(a, "XB:harbour"), -1);
    ck_assert_int_eq(wdf(a, "XB:mud"), 0);
    ck_assert_int_eq(wdf(c1, "harbour"), 4 + 2);
    ck_assert_int_eq(wdf(c1, "dredg"), 2);
    ck_assert_int_eq(wdf(c1, "crane"), 8);
    ck_assert_int_eq(wdf(c1, "mud"), -1);
    ck_assert_int_eq(wdf(c1, "Aann ames"), 0);
    ck_assert_int_eq(wdf(c2, "crane"), 4 + 1);
    ck_assert_int_eq(wdf(c2, "harbour"), 4 + 2 + 1);
    ck_assert_int_eq(wdf(c2, "need"), 1);
    ck_assert_int_eq(wdf(c2, "gull"), -1);
    ck_assert_int_eq(wdf(c2, "XQ:gull"), 0);
    ck_assert_int_eq(wdf(t, "XD:harbour"), 3);
    ck_assert_int_eq(wdf(t, "XD:crane"), 3);
    ck_assert_int_eq(wdf(t, "XD:gull"), -1);
}
END_TEST

START_TEST(tree_terms)
{
    weft_record *records[4] = {
        record(WEFT_ARTICLE, "a", NULL, "x"),
        record(WEFT_COMMENT, "c1", NULL, "one"),
        record(WEFT_COMMENT, "c2", "c1", "two"),
        record(WEFT_COMMENT, "c3", "nobody", "three"),
    };
    records[2]->published_s = 1367571360; /* 2013-05-03T08:56:00Z */
    make(records, 4);
    const weft_document *c1 = document("Qcc1"), *c2 = document("Qcc2"),
                        *c3 = document("Qcc3");
    const char *const c1_has[] = {"Ta", "XIS:comment", "XIS:root"};
    const char *const c2_has[] = {"Ta",    "XIS:reply", "XIS:leaf", "XP:c1",
                                  "XU:c1", "D20130503", "M201305",  "Y2013"};
    for (size_t i = 0; i < sizeof c1_has / sizeof *c1_has; i++)
        ck_assert_msg(wdf(c1, c1_has[i]) == 0, "c1: %s", c1_has[i]);
    for (size_t i = 0; i < sizeof c2_has / sizeof *c2_has; i++)
        ck_assert_msg(wdf(c2, c2_has[i]) == 0, "c2: %s", c2_has[i]);
    ck_assert_int_eq(wdf(c1, "XIS:leaf"), -1);
    ck_assert_int_eq(wdf(c3, "XIS:orphan"), 0);
    ck_assert_int_eq(wdf(c3, "XIS:root"), 0);
    ck_assert_int_eq(wdf(c2, "XIS:orphan"), -1);
}
END_TEST

/* A comment of n different words that no stemmer changes. */
static const char *different_words(int n)
{
    weft_buf b;
    weft_buf_init(&b, mem, WEFT_BODY_MAX);
    for (int i = 0; i < n; i++)
        weft_buf_addf(&b, "%d ", 100000 + i);
    return b.p;
}

static size_t count_bag(const weft_document *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->term_count; i++)
        n += d->terms[i].wdf > 0;
    return n;
}

/* The limit, and one more: words past it are not indexed, the document is. */
START_TEST(distinct_terms_have_a_limit)
{
    weft_record *records[1] = {
        record(WEFT_COMMENT, "c", NULL, different_words(WEFT_DOCUMENT_TERMS_MAX))};
    make(records, 1);
    ck_assert_uint_eq(count_bag(document("Qcc")), WEFT_DOCUMENT_TERMS_MAX);
    records[0]->body = different_words(WEFT_DOCUMENT_TERMS_MAX + 1);
    make(records, 1);
    ck_assert_uint_eq(count_bag(document("Qcc")), WEFT_DOCUMENT_TERMS_MAX);
    ck_assert_int_eq(wdf(document("Qcc"), "100000"), 4);
    ck_assert_int_eq(wdf(document("Qcc"), "150000"), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("document");
    TCase *tc = tcase_create("document");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, bags_hold_own_headline_and_parent);
    tcase_add_test(tc, tree_terms);
    tcase_add_test(tc, distinct_terms_have_a_limit);
    suite_add_tcase(suite, tc);
    SRunner *sr = srunner_create(suite);
    srunner_run_all(sr, CK_ENV);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

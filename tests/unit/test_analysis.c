/* test_analysis.c - the documents of a small thread, term by term; their limits, their sort
 * keys, their fingerprints. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/query.h"
#include "weft/schema.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
enum { MADE_MAX = 16 };

static void *mem;
static weft_analysis *analysis;
static weft_made made[MADE_MAX];
static size_t made_count;

static void set_up(void)
{
    static const weft_settings settings = {.lang = "en", .tz = "UTC"};
    mem = talloc_new(NULL);
    made_count = 0;
    ck_assert_int_eq(weft_analysis_new(mem, &settings, &analysis, NULL), WEFT_OK);
}

static void tear_down(void)
{
    talloc_free(mem);
}

static weft_code keep(void *ctx, void *tmp, weft_made *m, weft_error *err)
{
    (void)ctx;
    (void)tmp;
    (void)err;
    ck_assert_uint_lt(made_count, MADE_MAX);
    m->document.terms =
        talloc_memdup(mem, m->document.terms, m->document.term_count * sizeof(weft_term));
    for (size_t i = 0; i < m->document.term_count; i++)
        m->document.terms[i].text.p = weft_str_dup(mem, m->document.terms[i].text);
    for (size_t i = 0; i < m->document.value_count; i++)
        m->document.values[i].bytes.p = weft_str_dup(mem, m->document.values[i].bytes);
    talloc_steal(mem, m->document.values);
    if (m->stored.record != NULL)
        ck_assert_int_eq(weft_record_copy(mem, m->stored.record, &m->stored.record, NULL),
                         WEFT_OK);
    made[made_count++] = *m;
    return WEFT_OK;
}

static void make(weft_record **records, size_t count)
{
    weft_thread *thread;
    weft_error err = {0};
    made_count = 0;
    ck_assert_int_eq(weft_thread_build(mem, "a", records, count, &thread, NULL), WEFT_OK);
    weft_code code = weft_thread_documents(analysis, thread, keep, NULL, &err);
    ck_assert_msg(code == WEFT_OK, "%s", err.text);
}

static int by_text(const void *a, const void *b)
{
    return weft_str_cmp(((const weft_term *)a)->text, ((const weft_term *)b)->text);
}

/* The terms of a document in byte order: "term" or "term/wdf". */
static const char *terms_of(const weft_document *d)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    qsort(d->terms, d->term_count, sizeof *d->terms, by_text);
    for (size_t i = 0; i < d->term_count; i++) {
        weft_buf_addf(&b, i == 0 ? "" : " ");
        weft_buf_add(&b, d->terms[i].text);
        if (d->terms[i].wdf > 0)
            weft_buf_addf(&b, "/%u", d->terms[i].wdf);
    }
    return b.p;
}

static weft_str value_of(const weft_document *d, uint32_t slot)
{
    for (size_t i = 0; i < d->value_count; i++)
        if (d->values[i].slot == slot)
            return d->values[i].bytes;
    return weft_str_of(NULL, 0);
}

/* The stream with its marks in angle brackets, for words known by their first letters. */
static const char *stream_of(const weft_document *d, const char *const *words, size_t count)
{
    weft_buf b;
    weft_str bytes = value_of(d, WEFT_SLOT_STREAM);
    weft_buf_init(&b, mem, 10000);
    for (size_t i = 0; i + 4 <= bytes.n; i += 4) {
        const unsigned char *p = (const unsigned char *)bytes.p + i;
        uint32_t v =
            p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
        size_t k = 0;
        while (k < count && weft_stream_word(weft_str_from(words[k])) != v)
            k++;
        if (v < WEFT_STREAM_MARKS)
            weft_buf_addf(&b, "<%u>", v);
        else
            weft_buf_addf(&b, "%s ", k < count ? words[k] : "?");
    }
    return b.p;
}

static weft_record article(void)
{
    return (weft_record){.type = WEFT_ARTICLE,
                         .id = "a",
                         .title = "Red bridge",
                         .body = "Bridge closed.\n\nRed.",
                         .site = "Daily  NEWS",
                         .published_s = 0};
}

static weft_record comment(const char *id, const char *parent, const char *body)
{
    return (weft_record){.type = WEFT_COMMENT,
                         .id = id,
                         .article = "a",
                         .parent = parent,
                         .body = body,
                         .published_s = WEFT_DATE_UNKNOWN};
}

/* red and bridge are in the headline (2), town is c1's own (1 for its reply). */
START_TEST(small_thread)
{
    static const char *const words[] = {"red", "bridge", "closed", "old", "town"};
    weft_record a = article(), c1 = comment("c1", NULL, "Old town"),
                c2 = comment("c2", "c1", "> Old town\n\nTown bridge, bridge!"),
                c3 = comment("c3", NULL, NULL);
    weft_record *records[] = {&c2, &a, &c3, &c1};
    c1.author = "\xC3\x89va";
    c1.kind = "pingback";
    c3.status = WEFT_HIDDEN;
    make(records, COUNT(records));
    ck_assert_uint_eq(made_count, 5);
    ck_assert_str_eq(
        terms_of(&made[0].document),
        "D19700101 Len M197001 Qaa Sbridg Sred Ta XA:bridg XA:close XA:red "
        "XB:bridg XB:close XB:red XIS:article XSI:daily news Y1970 bridg/8 close/4 red/8");
    ck_assert_str_eq(stream_of(&made[0].document, words, COUNT(words)),
                     "<1>red bridge <2>bridge closed <4>red ");
    ck_assert_str_eq(terms_of(&made[1].document),
                     "Aeva Len Qcc1 Ta XIS:comment XIS:root XK:pingback XSI:daily news "
                     "bridg/2 old/4 red/2 town/4");
    ck_assert_str_eq(
        terms_of(&made[2].document),
        "Len Qcc2 Ta XIS:comment XIS:leaf XIS:reply XO:comment:c1 XP:c1 "
        "XQ:old XQ:town XSI:daily news XU:c1 XW:eva bridg/10 old/1 red/2 town/5");
    ck_assert_str_eq(stream_of(&made[2].document, words, COUNT(words)),
                     "<3>old town <2>town bridge bridge ");
    ck_assert_str_eq(terms_of(&made[3].document), "Qcc3 XIS:gone XM:a");
    /* title 2, body 3, c1 2, c2 3 */
    ck_assert_str_eq(
        terms_of(&made[4].document),
        "Qta XD:bridg/4 XD:close/1 XD:old/1 XD:red/2 XD:town/2 XIS:thread XM:a "
        "XV:bridge XV:closed XV:old XV:red XV:town");
    ck_assert_uint_eq(made[0].stored.length, 20);
    ck_assert_uint_eq(made[2].stored.length, 18);
    ck_assert_uint_eq(made[4].stored.length, 10);
    ck_assert_uint_eq(weft_analysis_languages(analysis),
                      UINT64_C(1) << weft_language_find(weft_str_from("en")));
}
END_TEST

/* A comment of n distinct words, in the bag and in the thread. */
static size_t bag_of(size_t n)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    for (size_t i = 0; i < n; i++)
        weft_buf_addf(&b, "%zux ", i);
    weft_record a = {.type = WEFT_ARTICLE, .id = "a", .published_s = WEFT_DATE_UNKNOWN},
                c = comment("c", NULL, b.p);
    weft_record *records[] = {&a, &c};
    make(records, 2);
    ck_assert_uint_eq(made_count, 3);
    ck_assert_uint_le(made[2].document.term_count,
                      WEFT_DOCUMENT_TERMS_MAX + WEFT_THREAD_WORDS_MAX + 1);
    size_t words = 0;
    for (size_t i = 0; i < made[1].document.term_count; i++)
        words += made[1].document.terms[i].wdf > 0;
    return words;
}

START_TEST(documents_have_a_limit)
{
    ck_assert_uint_eq(bag_of(WEFT_DOCUMENT_TERMS_MAX), WEFT_DOCUMENT_TERMS_MAX);
    ck_assert_uint_eq(bag_of(WEFT_DOCUMENT_TERMS_MAX + 1), WEFT_DOCUMENT_TERMS_MAX);
}
END_TEST

/* The words of a thread that its document has, of n in comments of 40,000 at most. */
static size_t thread_words(size_t n)
{
    enum { COMMENTS = 6, EACH = 40000 };
    weft_record a = {.type = WEFT_ARTICLE, .id = "a", .published_s = WEFT_DATE_UNKNOWN},
                c[COMMENTS], *records[COMMENTS + 1] = {&a};
    for (size_t k = 0; k < COMMENTS; k++) {
        weft_buf b;
        weft_buf_init(&b, mem, 1 << 20);
        weft_buf_addf(&b, "."); /* no words */
        for (size_t i = k * EACH; i < n && i < (k + 1) * EACH; i++)
            weft_buf_addf(&b, " %zux", i);
        c[k] = comment(talloc_asprintf(mem, "c%zu", k), NULL, b.p);
        records[k + 1] = &c[k];
    }
    make(records, COMMENTS + 1);
    const weft_document *d = &made[made_count - 1].document;
    size_t words = 0;
    for (size_t i = 0; i < d->term_count; i++)
        words += weft_str_starts(d->terms[i].text, WEFT_PREFIX_WORD);
    return words;
}

START_TEST(threads_have_a_limit)
{
    ck_assert_uint_eq(thread_words(WEFT_THREAD_WORDS_MAX), WEFT_THREAD_WORDS_MAX);
    ck_assert_uint_eq(thread_words(WEFT_THREAD_WORDS_MAX + 1), WEFT_THREAD_WORDS_MAX);
}
END_TEST

/* No term of a document is longer than Xapian takes, whatever the values and words. */
START_TEST(terms_have_a_limit)
{
    char wide[4 * 64 + 1], id[WEFT_ID_MAX + 1], author[WEFT_AUTHOR_MAX + 1];
    for (size_t i = 0; i < 64; i++)
        memcpy(wide + 4 * i, "\xF0\x90\x90\xA8", 5); /* 64 letters of 4 bytes */
    memset(id, 'i', WEFT_ID_MAX);
    memset(author, 'n', WEFT_AUTHOR_MAX);
    id[WEFT_ID_MAX] = author[WEFT_AUTHOR_MAX] = '\0';
    weft_record a = article(), c = comment(id, NULL, wide), d = comment("d", id, "x");
    weft_record *records[] = {&a, &c, &d};
    a.title = wide;
    c.author = author;
    a.section = c.kind = c.author_id = author;
    make(records, COUNT(records));
    for (size_t i = 0; i < made_count; i++)
        for (size_t k = 0; k < made[i].document.term_count; k++)
            ck_assert_uint_le(made[i].document.terms[k].text.n, WEFT_TERM_MAX);
    weft_str term; /* what a query would ask for */
    ck_assert_int_eq(weft_term_make(mem, "A", weft_str_from(author), &term, NULL), WEFT_OK);
    bool found = false;
    for (size_t k = 0; k < made[1].document.term_count; k++)
        found = found || weft_str_eq(made[1].document.terms[k].text, term);
    ck_assert(found);
}
END_TEST

static const struct {
    uint32_t slot;
    int64_t first_s, second_s;
    int first_votes, second_votes; /* 0 is none */
} orders[] = {
    {WEFT_SLOT_NEWEST, 10, 5, 0, 0},
    {WEFT_SLOT_NEWEST, 5, -5, 0, 0}, /* before 1970 */
    {WEFT_SLOT_NEWEST, -5, -10, 0, 0},
    {WEFT_SLOT_NEWEST, WEFT_DATE_MIN, WEFT_DATE_UNKNOWN, 0, 0},
    {WEFT_SLOT_NEWEST, 5, 5, 0, 0}, /* then by reference */
    {WEFT_SLOT_OLDEST, -10, -5, 0, 0},
    {WEFT_SLOT_OLDEST, -5, 5, 0, 0},
    {WEFT_SLOT_OLDEST, WEFT_DATE_MAX, WEFT_DATE_UNKNOWN, 0, 0},
    {WEFT_SLOT_VOTES, 5, 10, 7, 3},
    {WEFT_SLOT_VOTES, 5, 10, 3, -3},
    {WEFT_SLOT_VOTES, 5, 10, -3, -7},
    {WEFT_SLOT_VOTES, 5, 10, -7, 0}, /* no votes come last */
    {WEFT_SLOT_VOTES, 10, 5, 3, 3},  /* then the newest */
};

START_TEST(keys_sort)
{
    weft_record a = article(), c = comment("c1", NULL, "x"), d = comment("c2", NULL, "y");
    weft_record *records[] = {&a, &c, &d};
    c.published_s = orders[_i].first_s;
    d.published_s = orders[_i].second_s;
    c.score = orders[_i].first_votes;
    d.score = orders[_i].second_votes;
    c.has_score = c.score != 0;
    d.has_score = d.score != 0;
    make(records, COUNT(records));
    weft_str keys[2] = {{0}, {0}};
    for (size_t i = 1; i <= 2; i++)
        keys[strcmp(made[i].stored.record->id, "c2") == 0] =
            value_of(&made[i].document, orders[_i].slot);
    ck_assert_msg(weft_str_cmp(keys[0], keys[1]) < 0, "row %d", _i);
}
END_TEST

/* The order the records came in does not show; a changed word does. */
START_TEST(fingerprints)
{
    uint64_t before[MADE_MAX];
    weft_record a = article(), c1 = comment("c1", NULL, "Old town"),
                c2 = comment("c2", "c1", "Bridge"), c3 = comment("c3", NULL, "Lone");
    weft_record *one[] = {&a, &c1, &c2, &c3}, *other[] = {&c3, &c2, &c1, &a};
    make(one, COUNT(one));
    size_t count = made_count;
    for (size_t i = 0; i < count; i++)
        before[i] = made[i].stored.fingerprint;
    make(other, COUNT(other));
    ck_assert_uint_eq(made_count, count);
    for (size_t i = 0; i < count; i++)
        ck_assert_uint_eq(made[i].stored.fingerprint, before[i]);
    c1.body = "Old tower"; /* itself, its reply and the thread: not the article, not c3 */
    make(other, COUNT(other));
    for (size_t i = 0; i < count; i++) {
        const char *id = made[i].stored.record->id;
        bool same = made[i].stored.kind != WEFT_KIND_THREAD &&
                    (strcmp(id, "a") == 0 || strcmp(id, "c3") == 0);
        ck_assert_msg((made[i].stored.fingerprint == before[i]) == same, "%s", id);
    }
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("analysis");
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, small_thread);
    tcase_add_test(t, documents_have_a_limit);
    tcase_add_test(t, threads_have_a_limit);
    tcase_add_test(t, terms_have_a_limit);
    tcase_add_loop_test(t, keys_sort, 0, (int)COUNT(orders));
    tcase_add_test(t, fingerprints);
    Suite *s = suite_create("analysis");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

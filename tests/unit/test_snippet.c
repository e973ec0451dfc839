/* test_snippet.c - the chosen window, its marks and its cuts. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/snippet.h"

#include "banned.h"

#define ACUTE "\xCC\x81"
#define BREVE "\xCC\x86"
#define SKIN "\xF0\x9F\x8F\xBD"

enum { WORDS_MAX = 8 };

static void *mem;
static weft_tokenizer *tokenizer;
static weft_stemmer *stemmer;

static void setup(void)
{
    weft_error err = {0};
    mem = talloc_new(NULL);
    ck_assert_msg(weft_tokenizer_new(mem, &tokenizer, &err) == WEFT_OK, "%s", err.text);
    ck_assert_msg(weft_stemmer_new(mem, &stemmer, &err) == WEFT_OK, "%s", err.text);
}

static void teardown(void)
{
    talloc_free(mem);
}

/* The words of a text at single spaces, in mem. */
static weft_str *split(const char *text, size_t *n)
{
    weft_str *words = weft_new_array(mem, weft_str, WORDS_MAX);
    *n = 0;
    while (*text != '\0') {
        size_t bytes = strcspn(text, " ");
        ck_assert_uint_lt(*n, WORDS_MAX);
        words[(*n)++] = weft_str_of(text, bytes);
        text += bytes + (text[bytes] == ' ');
    }
    return words;
}

/* What a row wants: stems, words, one phrase; all at spaces, "" for none. */
static weft_wanted want(const char *stems, const char *words, const char *phrase)
{
    weft_wanted w = {0};
    w.stems = split(stems, &w.stem_count);
    w.words = split(words, &w.word_count);
    w.phrases = talloc_zero(mem, struct weft_wanted_phrase);
    w.phrases->words = split(phrase, &w.phrases->count);
    w.phrase_count = w.phrases->count > 0;
    return w;
}

static weft_snippet make(const char *text, const weft_span *skip, size_t skips,
                         weft_wanted w, size_t limit)
{
    weft_error err = {0};
    weft_snippet s;
    int en = weft_language_find(weft_str_from("en"));
    weft_code code = weft_snippet_make(mem, tokenizer, stemmer, en, weft_str_from(text),
                                       skip, skips, &w, limit, &s, &err);
    ck_assert_msg(code == WEFT_OK, "'%s': %s", text, err.text);
    ck_assert_msg(s.text.n <= limit, "'%s': %zu bytes, not %zu", text, s.text.n, limit);
    return s;
}

/* The text with [brackets] around its marks. */
static char *shown(weft_snippet s)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    size_t at = 0;
    for (size_t i = 0; i < s.mark_count; i++) {
        ck_assert_uint_lt(s.marks[i].start, s.marks[i].end);
        ck_assert_uint_le(at, s.marks[i].start);
        ck_assert_uint_le(s.marks[i].end, s.text.n);
        weft_buf_add(&b, weft_str_of(s.text.p + at, s.marks[i].start - at));
        weft_buf_addf(&b, "[%.*s]", (int)(s.marks[i].end - s.marks[i].start),
                      s.text.p + s.marks[i].start);
        at = s.marks[i].end;
    }
    weft_buf_add(&b, weft_str_of(s.text.p + at, s.text.n - at));
    return b.p;
}

struct row {
    const char *text, *stems, *words, *phrase;
    size_t limit;
    const char *expected;
};

#define COOPERATE "cooperating crews COOPERATE; cooperation helps"
#define SOUP "the soup and later the soup of the day, soup"

static const struct row rows[] = {
    {"", "a", "", "", 240, ""},
    {"plain words", "", "", "", 240, "plain words"},
    /* what is marked */
    {COOPERATE, "cooper", "", "", 240,
     "[cooperating] crews [COOPERATE]; [cooperation] helps"},
    {COOPERATE, "", "cooperation", "", 240,
     "cooperating crews COOPERATE; [cooperation] helps"},
    {COOPERATE, "", "", "cooperation", 240,
     "cooperating crews COOPERATE; [cooperation] helps"},
    {COOPERATE, "", "coop* helps", "", 240,
     "[cooperating] crews [COOPERATE]; [cooperation] [helps]"},
    {SOUP, "", "", "soup of the day", 240,
     "the soup and later the [soup] [of] [the] [day], soup"},
    {SOUP, "soup", "", "the soup", 240,
     "[the] [soup] and later [the] [soup] of the day, [soup]"},
    {"a a a a b", "", "", "a a a", 240, "[a] [a] [a] [a] b"},
    {"Go💼od luck to the crew", "go", "", "", 240, "[Go]💼od luck to the crew"},
    {"the children’s pier", "children", "", "", 240, "the [children’s] pier"},
    {"İİİİ ẞẞ mizzenmast", "mizzenmast", "", "", 240, "İİİİ ẞẞ [mizzenmast]"},
    {"İstanbul ẞharp café mainmast end", "mainmast cafe", "", "", 240,
     "İstanbul ẞharp [café] [mainmast] end"},
    {"このデータを検索", "デー ータ", "", "", 240, "この[データ]を検索"},
    {"このデータを検索", "手 索", "", "", 240, "このデータを検[索]"},
    {"このデータを検索", "", "", "デ ー タ", 240, "この[データ]を検索"},
    /* white space */
    {"  one\n\n two\t\xC2\xA0three \xE3\x80\x80\n", "two", "", "", 240, "one [two] three"},
    /* cuts */
    {"one two three four five six seven", "", "", "", 24, "one two three four…"},
    {"one two three four five six seven", "seven", "", "", 24, "…four five six [seven]"},
    {"one two three four five six seven eight nine", "five", "", "", 24,
     "…four [five] six…"},
    {"one two three four five six seven", "four", "", "", 10, "[four] five"},
    {"x harbour y harbour talks and more and more and more z talks harbour port",
     "harbour talk port", "", "", 30, "…more z [talks] [harbour] [port]"},
    {"one harbour and much other text that follows it and then another harbour", "harbour",
     "", "", 30, "one [harbour] and much other…"},
    {"abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz", "", "", "", 24,
     "abcdefghijklmnopqrstu…"},
    /* a word that is over the limit, alone or with its ellipses */
    {"one two hippopotamus three", "hippopotamus", "", "", 5, "[hippo]"},
    {"one two antidisestablishmentarian three", "antidisestablishmentarian", "", "", 26,
     "[antidisestablishmentarian]"},
};

START_TEST(windows)
{
    const struct row *r = &rows[_i];
    weft_snippet s = make(r->text, NULL, 0, want(r->stems, r->words, r->phrase), r->limit);
    char *got = shown(s);
    ck_assert_msg(strcmp(got, r->expected) == 0, "'%s' limit %zu: got '%s', not '%s'",
                  r->text, r->limit, got, r->expected);
}
END_TEST

START_TEST(skipped_spans_are_left_out)
{
    const char *text = "yes, they will not help us. they will help";
    weft_span skip[] = {{5, 28}};
    ck_assert_str_eq(shown(make(text, skip, 1, want("help", "", ""), 240)),
                     "yes, they will [help]");
    ck_assert_str_eq(shown(make(text, skip, 1, want("", "", "yes they"), 240)),
                     "yes, they will help");
    weft_span odd[] = {{30, 20}, {5, 28}, {0, 4}, {28, 4000}};
    ck_assert_str_eq(shown(make(text, odd, 4, want("yes", "", ""), 240)), "[yes],");
    weft_span all[] = {{0, 4000000}};
    ck_assert_str_eq(shown(make(text, all, 1, want("help", "", ""), 240)), "");
    weft_span inside[] = {{1, 2}, {3, 5}};
    ck_assert_str_eq(shown(make("ж…ж", inside, 2, want("", "", ""), 240)), "ж");
}
END_TEST

static bool is_cluster_edge(weft_str text, size_t at)
{
    UErrorCode status = U_ZERO_ERROR;
    UText u = UTEXT_INITIALIZER;
    utext_openUTF8(&u, text.p, (int64_t)text.n, &status);
    UBreakIterator *b = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &status);
    ubrk_setUText(b, &u, &status);
    ck_assert(U_SUCCESS(status));
    bool is_edge = ubrk_isBoundary(b, (int32_t)at);
    ubrk_close(b);
    utext_close(&u);
    return is_edge;
}

/* The snippet without its ellipses is a piece of the text between two grapheme boundaries.
 */
static void check_whole_clusters(weft_str text, weft_str snippet)
{
    if (weft_str_starts(snippet, "…"))
        snippet = weft_str_of(snippet.p + 3, snippet.n - 3);
    if (snippet.n >= 3 && memcmp(snippet.p + snippet.n - 3, "…", 3) == 0)
        snippet.n -= 3;
    if (snippet.n == 0 || snippet.p == NULL)
        return;
    const char *found = memmem(text.p, text.n, snippet.p, snippet.n);
    ck_assert_msg(found != NULL, "'%" WEFT_STR_FMT "'", WEFT_STR_ARG(snippet));
    size_t at = (size_t)(found - text.p);
    ck_assert_msg(is_cluster_edge(text, at), "'%" WEFT_STR_FMT "'", WEFT_STR_ARG(snippet));
    ck_assert_msg(is_cluster_edge(text, at + snippet.n), "'%" WEFT_STR_FMT "'",
                  WEFT_STR_ARG(snippet));
}

START_TEST(no_cluster_is_split_at_any_limit)
{
    for (size_t before = 40; before < 60; before += 3) {
        weft_buf b;
        weft_buf_init(&b, mem, 1 << 16);
        for (size_t i = 0; i < before; i++)
            weft_buf_add_text(&b, "a");
        for (int i = 0; i < 40; i++)
            weft_buf_add_text(&b, "👊" SKIN);
        weft_buf_add_text(&b, " velit ");
        for (int i = 0; i < 60; i++)
            weft_buf_add_text(&b, "и" BREVE);
        for (size_t limit = 1; limit <= 120; limit++) {
            weft_snippet s = make(b.p, NULL, 0, want("velit", "", ""), limit);
            check_whole_clusters(weft_buf_str(&b), s.text);
            ck_assert_msg(s.mark_count == 1, "limit %zu", limit);
            weft_str marked =
                weft_str_of(s.text.p + s.marks[0].start, s.marks[0].end - s.marks[0].start);
            size_t n = limit < 5 ? limit : 5;
            ck_assert_msg(weft_str_eq(marked, weft_str_of("velit", n)), "limit %zu", limit);
        }
    }
}
END_TEST

/* Texts of nothing but what takes ICU a look around: flags, marks, families. */
START_TEST(no_cluster_is_split_in_hostile_text)
{
    static const char *const pieces[] = {"🇩",
                                         "и" BREVE ACUTE,
                                         "👨\xE2\x80\x8D",
                                         "é" ACUTE "-",
                                         "手",
                                         "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB",
                                         "\r\n",
                                         ACUTE};
    for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++) {
        weft_buf b;
        weft_buf_init(&b, mem, 1 << 20);
        for (int i = 0; i < 700; i++)
            weft_buf_add_text(&b, pieces[k]);
        weft_buf_add_text(&b, " velit ");
        for (int i = 0; i < 700; i++)
            weft_buf_add_text(&b, pieces[k]);
        for (size_t limit = 5; limit <= WEFT_SNIPPET_MAX; limit += 37) {
            weft_snippet s = make(b.p, NULL, 0, want("velit", "", ""), limit);
            ck_assert_msg(s.mark_count == 1 || k == 7, "piece %zu limit %zu", k, limit);
            if (strcmp(pieces[k], "\r\n") != 0)
                check_whole_clusters(weft_buf_str(&b), s.text);
        }
    }
}
END_TEST

START_TEST(limit_is_capped)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    for (int i = 0; i < 1000; i++)
        weft_buf_add_text(&b, "word ");
    weft_snippet s = make(b.p, NULL, 0, want("word", "", ""), 100000);
    ck_assert_uint_le(s.text.n, WEFT_SNIPPET_MAX);
    ck_assert_uint_gt(s.text.n, WEFT_SNIPPET_MAX - 10);
    ck_assert_uint_eq(make("word", NULL, 0, want("word", "", ""), 0).text.n, 0);
}
END_TEST

START_TEST(many_hits_in_a_long_body)
{
    weft_buf b;
    weft_buf_init(&b, mem, 2 << 20);
    while (b.n < WEFT_BODY_MAX - 100)
        weft_buf_add_text(&b, "a a a a harbour ");
    weft_buf_add_text(&b, "harbour talks");
    weft_wanted w = want("a harbour", "a*", "a a");
    weft_snippet s = make(b.p, NULL, 0, w, 240);
    ck_assert_uint_gt(s.mark_count, 20);
    /* rare words at the very end of a long body are found */
    s = make(b.p, NULL, 0, want("talk", "", "harbour talks"), 24);
    ck_assert_str_eq(shown(s), "…harbour [harbour] [talks]");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("snippet");
    TCase *cases = tcase_create("snippet");
    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_loop_test(cases, windows, 0, sizeof rows / sizeof *rows);
    tcase_add_test(cases, skipped_spans_are_left_out);
    tcase_add_test(cases, no_cluster_is_split_at_any_limit);
    tcase_add_test(cases, no_cluster_is_split_in_hostile_text);
    tcase_add_test(cases, limit_is_capped);
    tcase_add_test(cases, many_hits_in_a_long_body);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

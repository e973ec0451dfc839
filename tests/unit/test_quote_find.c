/* test_quote_find.c - whose words a comment repeats: by name, by words, in silence. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>

#include "weft/body.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/quote.h"

#include "banned.h"

#define TITLE "Port and town have agreed to share the old crane"
#define SENTENCE "The talks were opened by the keeper of the northern light."
#define LONG                                                                               \
    "At the same time the port is not content that such contracts bind only the mayor who signed them."
#define ANN "They will never give us the ropes, but take as many as they can carry."
#define BOB "Nobody has counted the barrels in the cellar since the flood of last year."

typedef struct row {
    const char *id, *parent, *author, *body;
    int64_t s;
    weft_status status;
    weft_format format;
} row;

static void *mem;
static weft_tokenizer *tokenizer;

static void set_up(void)
{
    weft_error err = {0};
    mem = talloc_new(NULL);
    ck_assert_int_eq(weft_tokenizer_new(mem, &tokenizer, &err), WEFT_OK);
}

static void tear_down(void)
{
    talloc_free(mem);
}

static weft_record *article(weft_status status)
{
    weft_record *a = talloc_zero(mem, weft_record);
    a->type = WEFT_ARTICLE;
    a->id = "a1";
    a->title = TITLE;
    a->author = "The Editor";
    a->body = SENTENCE " It rained.\n\n" LONG;
    a->status = status;
    a->published_s = WEFT_DATE_UNKNOWN;
    return a;
}

static const weft_thread *build(const row *rows, size_t n, weft_status article_status)
{
    weft_record **records = weft_new_array(mem, weft_record *, n + 1);
    weft_thread *t = NULL;
    const weft_thread *read = NULL;
    weft_error err = {0};
    records[0] = article(article_status);
    for (size_t i = 0; i < n; i++) {
        weft_record *r = records[i + 1] = talloc_zero(mem, weft_record);
        r->type = WEFT_COMMENT;
        r->article = "a1";
        r->id = rows[i].id;
        r->parent = rows[i].parent;
        r->author = rows[i].author;
        r->body = rows[i].body;
        r->published_s = rows[i].s == 0 ? WEFT_DATE_UNKNOWN : rows[i].s;
        r->status = rows[i].status;
        r->format = rows[i].format;
    }
    weft_code code = weft_thread_build(mem, "a1", records, n + 1, &t, &err);
    ck_assert_msg(code == WEFT_OK, "%s", err.text);
    ck_assert_int_eq(weft_body_thread(mem, t, &read, &err), WEFT_OK);
    return read;
}

/* "SOURCE=words;..." of a comment; a silent one has ~ before it, an unknown source is "?".
 */
static const char *outline(const weft_thread *t, uint32_t of, const weft_quote *quotes,
                           size_t count)
{
    weft_buf b;
    uint32_t at = 0;
    weft_buf_init(&b, mem, 1 << 20);
    for (size_t i = 0; i < count; i++) {
        const weft_quote *q = &quotes[i];
        ck_assert(at <= q->outer_start && q->outer_start <= q->start &&
                  q->start <= q->end && q->end <= q->outer_end);
        ck_assert(!q->from_article || q->node == WEFT_NO_NODE);
        at = q->outer_end;
        const char *source = q->from_article           ? "article"
                             : q->node == WEFT_NO_NODE ? "?"
                                                       : t->nodes[q->node].record->id;
        weft_buf_addf(&b, "%s%s%s=", i == 0 ? "" : ";", q->silent ? "~" : "", source);
        weft_str text = weft_record_text(t->nodes[of].record);
        weft_buf_add(&b, weft_str_of(text.p + q->start, q->end - q->start));
    }
    return b.p;
}

/* The quotes of the comment with that id, by a finder and, the same, by one call. */
static const char *quotes_of(const weft_thread *t, const char *id)
{
    weft_quote *quotes;
    size_t count;
    weft_error err = {0};
    weft_quote_finder *finder = NULL;
    const char *found = NULL;
    ck_assert_int_eq(weft_quote_finder_new(mem, tokenizer, t, &finder, &err), WEFT_OK);
    for (uint32_t i = 0; i < t->node_count; i++) {
        ck_assert_int_eq(weft_quote_finder_find(finder, mem, i, &quotes, &count, &err),
                         WEFT_OK);
        const char *by_finder = outline(t, i, quotes, count);
        ck_assert_int_eq(weft_quote_find(mem, tokenizer, t, i, &quotes, &count, &err),
                         WEFT_OK);
        ck_assert_str_eq(outline(t, i, quotes, count), by_finder);
        if (strcmp(t->nodes[i].record->id, id) == 0)
            found = by_finder;
    }
    ck_assert_ptr_nonnull(found);
    return found;
}

/* One comment "x" under c1 (by Ann) <- c2 (by Bob); c3 (by Cay) stands beside them. */
static const struct {
    const char *body, *quotes;
} alone[] = {
    /* in silence */
    {TITLE "\n\nA joke, surely.", "~article=" TITLE},
    {"the talks were opened by the keeper of the northern light!\n\nOh.",
     "~article=the talks were opened by the keeper of the northern light!"},
    {"At the same time the port is not content that such deals bind only the mayor who signed them.\n\nSo.",
     "~article=At the same time the port is not content that such deals bind only the mayor who signed them."},
    {"At that time the port was not content that such deals bind only the baker who signed them.",
     ""},
    {"The talks were opened by the keeper.\nThat is bad news for the ropemakers and for us all here.",
     "~article=The talks were opened by the keeper."},
    {"The talks were opened\nby the keeper of the\nnorthern light.\n\nOwn.",
     "~article=The talks were opened\nby the keeper of the\nnorthern light."},
    {"The talks were opened by the keeper of the northern\nlight. I doubt that anybody there was sober then.",
     "~article=The talks were opened by the keeper of the northern"},
    {"opened by the keeper", ""},
    {"opened by the keeper of the", "~article=opened by the keeper of the"},
    {"opened by the keeper of", ""},
    {ANN "\n" BOB, "~c1=" ANN ";~c2=" BOB},
    {"I say: " ANN " And more words follow that one, many of them, as you see.", ""},
    {"Cranes are what we talk of all day long.", ""},
    /* by name */
    {"Quote: Ann\n" ANN "\n\nYes.", "c1=" ANN},
    {"Quote: ANN\nnever give us the ropes\n\nYes.", "c1=never give us the ropes"},
    {"Quote: Ann\nropes\n\nYes.", "c1=ropes"},
    {"Quote: Ann\nThey may not give us any rope\n\nYes.",
     "c1=They may not give us any rope"},
    {"Quote: Bob\n" ANN "\n\nYes.", "c2=" ANN},
    {"Quote: Cay\nthe lamp is out\n\nYes.", "c3=the lamp is out"},
    {"[quote=\"cay\"]whatever[/quote]", "c3=whatever"},
    {"Quote: The Editor\nIt rained.\n\nYes.", "article=It rained."},
    {"Quote: Nobody\nIt rained.\n\nYes.", "article=It rained."},
    {"Quote: Nobody\nIt snowed.\n\nYes.", "?=It snowed."},
    {"Quote: Eve\nlater words\n\nYes.", "?=later words"},
    /* by words */
    {"> " ANN "\nYes.", "c1=" ANN},
    {"> counted the barrels\n> in the cellar\nYes.",
     "c2=counted the barrels\n> in the cellar"},
    {"[quote]the northern light[/quote]", "article=the northern light"},
    {"> something else\nYes.", "?=something else"},
    {"> " ANN "\n" BOB, "c1=" ANN ";~c2=" BOB},
};

START_TEST(test_alone)
{
    row rows[] = {{"c1", NULL, "Ann", "Hm.\n\n" ANN, 10, 0, 0},
                  {"c2", "c1", "Bob", BOB, 20, 0, 0},
                  {"x", "c2", "Dan", alone[_i].body, 30, 0, 0},
                  {"c3", NULL, "Cay", "I see that the lamp is out.", 5, 0, 0},
                  {"c4", NULL, "Eve", "later words", 40, 0, 0}};
    const weft_thread *t = build(rows, 5, WEFT_PUBLIC);
    ck_assert_str_eq(quotes_of(t, "x"), alone[_i].quotes);
}
END_TEST

/* An older comment of a branch that stands further down counts, too. */
START_TEST(test_other_branch)
{
    const row rows[] = {{"c1", NULL, "Ann", "One.", 10, 0, 0},
                        {"x", "c1", "Dan", "Quote: Cay\nthe lamp is out\n\nYes.", 30, 0, 0},
                        {"c3", NULL, "Cay", "I see that the lamp is out.", 20, 0, 0}};
    ck_assert_str_eq(quotes_of(build(rows, 3, WEFT_PUBLIC), "x"), "c3=the lamp is out");
}
END_TEST

/* Of several by one author the one that holds the words, else the nearest ancestor. */
START_TEST(test_same_author)
{
    const row rows[] = {
        {"c0", NULL, "Ann", "The sails are torn.", 5, 0, 0},
        {"c1", NULL, "Ann", "The lamp is out.", 10, 0, 0},
        {"c2", "c1", "Ann", "The rope is wet.", 20, 0, 0},
        {"x", "c2", "Dan",
         "Quote: Ann\nthe lamp is out\n\nQuote: Ann\nthe sails are torn\n\nQuote: Ann\nrubbish\n",
         30, 0, 0}};
    ck_assert_str_eq(quotes_of(build(rows, 4, WEFT_PUBLIC), "x"),
                     "c1=the lamp is out;c0=the sails are torn;c2=rubbish");
}
END_TEST

/* Who said it first is the source, not who repeated it, marked or in silence. */
START_TEST(test_first_speaker)
{
    const row rows[] = {{"c1", NULL, "Ann", ANN, 10, 0, 0},
                        {"c2", "c1", "Bob", "Quote: Ann\n" ANN "\n\nTrue.", 20, 0, 0},
                        {"c3", "c2", "Cay", ANN "\n\nSo true.", 30, 0, 0},
                        {"x", "c3", "Dan", ANN "\n\n" SENTENCE "\n\nNo.", 40, 0, 0}};
    const weft_thread *t = build(rows, 4, WEFT_PUBLIC);
    ck_assert_str_eq(quotes_of(t, "c3"), "~c1=" ANN);
    ck_assert_str_eq(quotes_of(t, "x"), "~c1=" ANN ";~article=" SENTENCE);
}
END_TEST

/* A few words said over and over are nobody's: two who cheer alike do not quote. */
START_TEST(test_few_different_words)
{
    const row rows[] = {
        {"c1", NULL, "Ann", "Hurrah hurrah for the port hurrah hurrah hurrah port", 10, 0,
         0},
        {"x", "c1", "Dan", "Hurrah hurrah for the port hurrah hurrah hurrah port", 20, 0,
         0},
        {"y", NULL, "Ann", "Hurrah hurrah for the port and crew hurrah", 10, 0, 0},
        {"z", "y", "Dan", "Hurrah hurrah for the port and crew hurrah", 20, 0, 0}};
    const weft_thread *t = build(rows, 4, WEFT_PUBLIC);
    ck_assert_str_eq(quotes_of(t, "x"), "");
    ck_assert_str_eq(quotes_of(t, "z"), "~y=Hurrah hurrah for the port and crew hurrah");
}
END_TEST

/* What is not public is nobody's source. */
START_TEST(test_hidden)
{
    const row rows[] = {
        {"c1", NULL, "Ann", ANN, 10, WEFT_HIDDEN, 0},
        {"x", "c1", "Dan", "Quote: Ann\n" BOB "\n\n" ANN "\n\n> " ANN, 30, 0, 0},
        {"y", "c1", "Dan", TITLE "\n\n> " SENTENCE, 30, 0, 0}};
    const weft_thread *t = build(rows, 3, WEFT_PUBLIC);
    ck_assert_str_eq(quotes_of(t, "x"), "?=" BOB ";?=" ANN);
    ck_assert_str_eq(quotes_of(t, "y"), "~article=" TITLE ";article=" SENTENCE);
    ck_assert_str_eq(quotes_of(build(rows, 3, WEFT_HIDDEN), "y"), "?=" SENTENCE);
}
END_TEST

START_TEST(test_no_text)
{
    const row rows[] = {{"c1", NULL, NULL, NULL, 10, 0, 0},
                        {"y", "c1", "Dan", "> a\n\nQuote: b\nc", 30, 0, 0}};
    const weft_thread *t = build(rows, 2, WEFT_PUBLIC);
    ck_assert_str_eq(quotes_of(t, "c1"), "");
    ck_assert_str_eq(quotes_of(t, "y"), "?=a;?=c");
}
END_TEST

/* HTML and Markdown quote, and are quoted, as text is. */
START_TEST(test_formats)
{
    const row rows[] = {
        {"c1", NULL, "Ann",
         "<p>They will <b>never</b> give us the ropes, but take as many "
         "as they can carry.</p>",
         10, 0, WEFT_HTML},
        {"c2", NULL, "Bob",
         "**Nobody** has counted the barrels in the cellar since the "
         "flood of last year.",
         11, 0, WEFT_MARKDOWN},
        {"h", "c1", "Dan",
         "<blockquote>" TITLE "</blockquote><p>So?</p>"
         "<blockquote><p>" ANN "</p></blockquote>",
         30, 0, WEFT_HTML},
        {"d", "c1", "Dan",
         "<aside class=\"quote\" data-username=\"Bob\" data-post=\"2\">"
         "<div class=\"title\">Bob:</div><blockquote>" BOB "</blockquote></aside>",
         31, 0, WEFT_HTML},
        {"m", "c1", "Dan", "&gt; *They* will never give us the ropes\n\nNo.", 32, 0,
         WEFT_MARKDOWN},
        {"s", "c2", "Dan", "<p class=x>" BOB "</p>Indeed.", 33, 0, WEFT_HTML}};
    const weft_thread *t = build(rows, 6, WEFT_PUBLIC);
    ck_assert_str_eq(quotes_of(t, "h"), "article=" TITLE ";c1=" ANN);
    ck_assert_str_eq(quotes_of(t, "d"), "c2=" BOB);
    ck_assert_str_eq(quotes_of(t, "m"), "c1=They will never give us the ropes");
    ck_assert_str_eq(quotes_of(t, "s"), "~c2=" BOB);
}
END_TEST

/* Sixteen ancestors are searched, the seventeenth is not. */
START_TEST(test_ancestors_limit)
{
    enum { LEVELS = 17 };
    row rows[LEVELS + 1];
    for (size_t i = 0; i <= LEVELS; i++)
        rows[i] = (row){talloc_asprintf(mem, "c%02zu", i),
                        i == 0 ? NULL : talloc_asprintf(mem, "c%02zu", i - 1),
                        "Ann",
                        i == 0        ? ANN
                        : i == LEVELS ? ANN "\n\n> " ANN
                                      : "No.",
                        (int64_t)i + 1,
                        0,
                        0};
    rows[LEVELS - 1].body = ANN "\n\n> " ANN;
    const weft_thread *t = build(rows, LEVELS, WEFT_PUBLIC);
    ck_assert_str_eq(quotes_of(t, "c16"), "~c00=" ANN ";c00=" ANN);
    rows[LEVELS - 1].body = "No.";
    t = build(rows, LEVELS + 1, WEFT_PUBLIC);
    ck_assert_str_eq(quotes_of(t, "c17"), "?=" ANN);
}
END_TEST

/* A text of 64 KiB is searched for silent quotes, one byte more is not. */
START_TEST(test_text_limit)
{
    enum { LIMIT = 64 * 1024 };
    for (size_t over = 0; over <= 1; over++) {
        char *body = talloc_zero_size(mem, LIMIT + 2);
        memset(body, '\n', LIMIT + over);
        memcpy(body, TITLE, strlen(TITLE));
        const row rows[] = {{"x", NULL, "Dan", body, 10, 0, 0}};
        ck_assert_str_eq(quotes_of(build(rows, 1, WEFT_PUBLIC), "x"),
                         over == 0 ? "~article=" TITLE : "");
    }
}
END_TEST

/* Marked and silent ones share the limit. */
START_TEST(test_count_limit)
{
    weft_buf b;
    weft_quote *quotes;
    size_t count;
    weft_error err = {0};
    weft_buf_init(&b, mem, 1 << 20);
    for (int i = 0; i < WEFT_QUOTES_MAX; i++)
        weft_buf_add_text(&b, "> lamps\n\n" TITLE "\n\n");
    const row rows[] = {{"x", NULL, "Dan", b.p, 10, 0, 0}};
    const weft_thread *t = build(rows, 1, WEFT_PUBLIC);
    ck_assert_int_eq(weft_quote_find(mem, tokenizer, t, 0, &quotes, &count, &err), WEFT_OK);
    ck_assert_uint_eq(count, WEFT_QUOTES_MAX);
    ck_assert(!quotes[0].silent && quotes[1].silent && quotes[1].from_article);
    ck_assert(quotes[WEFT_QUOTES_MAX - 1].silent);
}
END_TEST

/* A thread where everybody quotes one busy author costs no more than its words; the time is
 * Check's, a minute. */
START_TEST(test_busy_author)
{
    enum { COMMENTS = 20000 };
    row *rows = weft_new_array(mem, row, COMMENTS);
    weft_quote *quotes;
    size_t count;
    weft_error err = {0};
    weft_quote_finder *finder = NULL;
    for (size_t i = 0; i < COMMENTS; i++)
        rows[i] = (row){talloc_asprintf(mem, "c%zu", i),
                        NULL,
                        "Ann",
                        "Quote: Ann\nwords that nobody said\n\nI do not know.",
                        (int64_t)i + 1,
                        0,
                        0};
    const weft_thread *t = build(rows, COMMENTS, WEFT_PUBLIC);
    ck_assert_int_eq(weft_quote_finder_new(mem, tokenizer, t, &finder, &err), WEFT_OK);
    for (uint32_t i = 1; i < t->node_count; i++) {
        ck_assert_int_eq(weft_quote_finder_find(finder, mem, i, &quotes, &count, &err),
                         WEFT_OK);
        ck_assert_uint_eq(count, 1);
        ck_assert_uint_eq(quotes[0].node, i - 1);
    }
}
END_TEST

#define COUNT(a) (int)(sizeof(a) / sizeof(a)[0])

int main(void)
{
    Suite *s = suite_create("quote_find");
    TCase *c = tcase_create("quote_find");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, test_alone, 0, COUNT(alone));
    tcase_add_test(c, test_other_branch);
    tcase_add_test(c, test_same_author);
    tcase_add_test(c, test_first_speaker);
    tcase_add_test(c, test_few_different_words);
    tcase_add_test(c, test_hidden);
    tcase_add_test(c, test_no_text);
    tcase_add_test(c, test_formats);
    tcase_add_test(c, test_ancestors_limit);
    tcase_add_test(c, test_text_limit);
    tcase_add_test(c, test_count_limit);
    tcase_add_test(c, test_busy_author);
    suite_add_tcase(s, c);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

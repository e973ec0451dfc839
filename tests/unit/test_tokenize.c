/* test_tokenize.c - words and their places; the ASCII fast path against ICU. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/text.h"

#include "lib/text/tokenizer.h"
#include "banned.h"

enum { ROUNDS = 30000, SEED = 20130503, PIECES = 24 };

/* What cannot be seen in a source file. */
#define SOFT_HYPHEN "\xC2\xAD"
#define ZWJ "\xE2\x80\x8D"
#define VS16 "\xEF\xB8\x8F"
#define ACUTE "\xCC\x81"
#define BREVE "\xCC\x86"
#define SKIN "\xF0\x9F\x8F\xBD"
#define VOICED "\xE3\x82\x99"
#define FILLER "\xE3\x85\xA4"

static weft_tokenizer *tokenizer;

static void setup(void)
{
    weft_error err = {0};
    ck_assert_msg(weft_tokenizer_new(NULL, &tokenizer, &err) == WEFT_OK, "%s", err.text);
}

static void teardown(void)
{
    talloc_free(tokenizer);
}

/* Folded words joined by '|', each followed by @start-end when places are asked for. */
static char *words_of(void *mem, weft_str text, weft_tokenize_mode mode, bool places)
{
    weft_error err = {0};
    ck_assert_msg(weft_tokenizer_start(tokenizer, text, mode, &err) == WEFT_OK, "%s",
                  err.text);
    weft_buf b;
    weft_buf_init(&b, mem, 64 * 1024 * 1024);
    weft_token token;
    while (weft_tokenizer_next(tokenizer, &token)) {
        if (b.n > 0)
            weft_buf_add_char(&b, '|');
        weft_buf_add(&b, token.folded);
        if (places)
            weft_buf_addf(&b, "@%zu-%zu", token.start, token.end);
        ck_assert_uint_ge(token.folded.n, 1);
        ck_assert_uint_le(token.folded.n, 200);
        ck_assert_uint_lt(token.start, token.end);
        ck_assert_uint_le(token.end, text.n);
    }
    return b.p;
}

static void check_words(const char *text, weft_tokenize_mode mode, const char *expected)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *got = words_of(tmp, weft_str_from(text), mode, false);
    ck_assert_msg(strcmp(got, expected) == 0, "'%s': got '%s', not '%s'", text, got,
                  expected);
}

struct row {
    const char *text, *words;
};

static const struct row rows[] = {
    {"", ""},
    {" \n\t ", ""},
    {"...---...", ""},
    {"Hello, World!", "hello|world"},
    {"can work?yes it can", "can|work|yes|it|can"},
    {"AT&T and Tom & Jerry", "at|t|and|tom|jerry"},
    {"T-100 arrived, POL-358 closed", "t|100|arrived|pol|358|closed"},
    {"the end.Next one", "the|end|next|one"},
    {"U.S. and U.K, e.g.this", "us|and|uk|eg|this"},
    {"J.K.Rowling I.M. a.b", "jk|rowling|im|ab"},
    {"Russia.I know", "russia|i|know"},
    {"3.14 1,000 1.2.3 v1.2.3 12:30", "3.14|1,000|1.2.3|v1.2.3|12|30"},
    {"foo_bar __init__ a:b x@y.org ___", "foo|bar|init|a|b|x|y|org"},
    {"http://www.example.com/a_b?q=bobstay", "http|www|example|com|a|b|q|bobstay"},
    {"don't don’t donʼt don`t dont don′t", "dont|dont|dont|dont|dont|dont"},
    {"children's children’s dogs'", "children|children|dogs"},
    {"we'll they're I've he'd I'm we'd've", "we|they|i|he|i|we"},
    {"ABC'13 '90s 'quoted'", "abc|13|90s|quoted"},
    {"O'Brien O’BRIEN rock'n'roll", "obrien|obrien|rocknroll"},
    {"L'homme d’une qu'il jusqu'ici", "l|homme|d|une|qu|il|jusqu|ici"},
    {"dell'arte un'altra c'est", "dell|arte|un|altra|c|est"},
    {"İstanbul ISTANBUL", "istanbul|istanbul"},
    {"STRASSE Straße ẞharp", "strasse|strasse|ssharp"},
    {"ﬁn Ｆｕｌｌ", "fin|full"},
    {"café cafe" ACUTE " naïve", "cafe|cafe|naive"},
    {"co" SOFT_HYPHEN "operate co" ZWJ "operate", "cooperate|cooperate"},
    {"Ёлка Йод и" BREVE, "елка|йод|й"},
    {"Go💼od luck", "go|💼|od|luck"},
    {"🌱plants grow", "🌱|plants|grow"},
    {"great 👍" SKIN " 👍", "great|👍|👍"},
    {"❤" VS16 " ❤", "❤|❤"},
    {"🇩🇪🇫🇷", "🇩🇪|🇫🇷"},
    {"👩" ZWJ "🚀x", "👩🚀|x"},
    {"© 2013 Foo™", "2013|foo"},
    {"ภาษาไทย", "ภาษา|ไทย"},
    {"हिन्दी में", "हिन्दी|में"},
};

START_TEST(words_of_a_text)
{
    check_words(rows[_i].text, WEFT_TOKENIZE_DOCUMENT, rows[_i].words);
}
END_TEST

START_TEST(cjk_of_a_document)
{
    check_words("手続き", WEFT_TOKENIZE_DOCUMENT, "手|手続|続|続き|き");
    check_words("データ", WEFT_TOKENIZE_DOCUMENT, "デ|デー|ー|ータ|タ");
    check_words("2013年5月x", WEFT_TOKENIZE_DOCUMENT, "2013|年|5|月|x");
    check_words("한국", WEFT_TOKENIZE_DOCUMENT, "한|한국|국");
    check_words("手、続", WEFT_TOKENIZE_DOCUMENT, "手|続");
}
END_TEST

START_TEST(cjk_of_a_query)
{
    check_words("手", WEFT_TOKENIZE_QUERY, "手");
    check_words("手続", WEFT_TOKENIZE_QUERY, "手続");
    check_words("手続き", WEFT_TOKENIZE_QUERY, "手続|続き");
    check_words("手 続き b", WEFT_TOKENIZE_QUERY, "手|続き|b");
}
END_TEST

START_TEST(cjk_of_a_stream)
{
    check_words("手続きa", WEFT_TOKENIZE_STREAM, "手|続|き|a");
}
END_TEST

START_TEST(cjk_forms_are_one)
{
    check_words("ﾃﾞｰ", WEFT_TOKENIZE_QUERY, "デー");
    check_words("テ" VOICED, WEFT_TOKENIZE_QUERY, "デ");
    check_words("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", WEFT_TOKENIZE_QUERY,
                "한"); /* conjoining */
}
END_TEST

START_TEST(tokens_say_what_they_are)
{
    weft_error err = {0};
    weft_token token;
    weft_str text = weft_str_from("a 手続");
    ck_assert_int_eq(weft_tokenizer_start(tokenizer, text, WEFT_TOKENIZE_DOCUMENT, &err),
                     WEFT_OK);
    static const bool cjk[] = {false, true, true, true},
                      pair[] = {false, false, true, false};
    for (int i = 0; i < 4; i++) {
        ck_assert(weft_tokenizer_next(tokenizer, &token));
        ck_assert_msg(token.is_cjk == cjk[i] && token.is_pair == pair[i], "token %d", i);
    }
    ck_assert(!weft_tokenizer_next(tokenizer, &token));
    ck_assert(!weft_tokenizer_next(tokenizer, &token));
}
END_TEST

START_TEST(places_cover_the_original_bytes)
{
    static const struct row places[] = {
        {"children’s pier", "children@0-12|pier@13-17"},
        {"L'homme", "l@0-1|homme@2-7"},
        {"U.S. now", "us@0-3|now@5-8"},
        {"İİ ẞ mast", "ii@0-4|ss@5-8|mast@9-13"},
        {"Go💼od luck", "go@0-2|💼@2-6|od@6-8|luck@9-13"},
        {"a手続", "a@0-1|手@1-4|手続@1-7|続@4-7"},
        {"x 'can't' y", "x@0-1|cant@3-8|y@10-11"},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        weft_scope void *tmp = talloc_new(NULL);
        char *got =
            words_of(tmp, weft_str_from(places[i].text), WEFT_TOKENIZE_DOCUMENT, true);
        ck_assert_msg(strcmp(got, places[i].words) == 0, "'%s': got '%s'", places[i].text,
                      got);
    }
}
END_TEST

static char *repeated(void *mem, const char *piece, size_t times)
{
    weft_buf b;
    weft_buf_init(&b, mem, 4 * 1024 * 1024);
    for (size_t i = 0; i < times; i++)
        weft_buf_add_text(&b, piece);
    return b.p;
}

START_TEST(long_words_are_cut_and_hashed)
{
    weft_scope void *tmp = talloc_new(NULL);
    static const char *const characters[] = {"x", "ж", "क"};
    for (size_t i = 0; i < 3; i++) {
        char *fits = repeated(tmp, characters[i], WEFT_WORD_MAX);
        check_words(fits, WEFT_TOKENIZE_DOCUMENT, fits);
        char *over = repeated(tmp, characters[i], WEFT_WORD_MAX + 1);
        unsigned long long hash = weft_str_hash(weft_str_from(over));
        char *cut =
            talloc_asprintf(tmp, "%s~%016llx", repeated(tmp, characters[i], 40), hash);
        check_words(over, WEFT_TOKENIZE_DOCUMENT, cut);
    }
}
END_TEST

START_TEST(hostile_words_end)
{
    static const char *const pieces[] = {
        "x",    "a.",        "a'",    "'", "l'", "a" ACUTE,   ACUTE,
        "ﷺ",    "🇩",         "👨" ZWJ, "ภ", "手", "手" VOICED, "\xE1\x85\xA1",
        FILLER, FILLER "手", ZWJ,     "_", "’",  "ﷺ.",        "a" ZWJ};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        weft_scope void *tmp = talloc_new(NULL);
        weft_str text = weft_str_from(repeated(tmp, pieces[i], 20000));
        words_of(tmp, text, WEFT_TOKENIZE_DOCUMENT, true);
        words_of(tmp, text, WEFT_TOKENIZE_QUERY, true);
    }
}
END_TEST

/* Pieces that meet each other's rules at their edges: the first 41 are ASCII. */
static const char *const pieces[] = {
    "a",    "B",    "zz",   "Word", "7",   "42",       ".",   ",",   ";",  ":",
    "'",    "`",    "_",    "@",    "-",   " ",        "\n",  "\t",  "  ", "\"",
    "s",    "ll",   "'s",   "'ll",  "n't", "l'",       "d'",  "qu'", "/",  "&",
    "(",    "\r\n", "\x0B", "#",    "*",   "1.5",      "U.S", "$",   "%",  "~",
    "!",    "é",    "ж",    "’",    ACUTE, "\xC2\xA0", "—",   "👍",   ZWJ,  SOFT_HYPHEN,
    "手",   "ʼ",    "．",   "א",    SKIN,  "ก",        VS16,  "カ",  "·",  "﹍",
    VOICED, "한",   "🇩",    "“",    "É",   "ﬁ",        "１"};
enum { ASCII_PIECES = 41, ALL_PIECES = sizeof pieces / sizeof *pieces };

static uint64_t random_state = SEED;

/* xorshift64: the same strings on every run. */
static size_t random_below(size_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % n);
}

static weft_str random_text(weft_buf *b, size_t kinds)
{
    weft_buf_clear(b);
    for (size_t left = random_below(PIECES); left > 0; left--) {
        weft_buf_add_text(b, pieces[random_below(kinds)]);
        if (random_below(40) == 0) /* long enough for a change of paths */
            weft_buf_add_text(
                b, " and then some sixty bytes of ASCII, it's U.S. text that follows");
    }
    return weft_buf_str(b);
}

static void check_paths_agree(size_t kinds)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    int with_words = 0;
    for (int round = 0; round < ROUNDS; round++) {
        weft_scope void *tmp = talloc_new(NULL);
        weft_str text = random_text(&b, kinds);
        char *fast = words_of(tmp, text, WEFT_TOKENIZE_DOCUMENT, true);
        tokenizer_force_icu(tokenizer, true);
        char *icu = words_of(tmp, text, WEFT_TOKENIZE_DOCUMENT, true);
        tokenizer_force_icu(tokenizer, false);
        ck_assert_msg(strcmp(fast, icu) == 0, "seed %d round %d '%s': fast '%s', ICU '%s'",
                      SEED, round, text.p, fast, icu);
        with_words += fast[0] != '\0';
    }
    ck_assert_int_gt(with_words, ROUNDS / 2);
}

START_TEST(ascii_path_equals_icu)
{
    check_paths_agree(ASCII_PIECES);
}
END_TEST

START_TEST(mixed_paths_equal_icu)
{
    check_paths_agree(ALL_PIECES);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tokenize");
    TCase *words = tcase_create("words");
    tcase_set_timeout(words, 60);
    tcase_add_checked_fixture(words, setup, teardown);
    tcase_add_loop_test(words, words_of_a_text, 0, sizeof rows / sizeof *rows);
    tcase_add_test(words, cjk_of_a_document);
    tcase_add_test(words, cjk_of_a_query);
    tcase_add_test(words, cjk_of_a_stream);
    tcase_add_test(words, cjk_forms_are_one);
    tcase_add_test(words, tokens_say_what_they_are);
    tcase_add_test(words, places_cover_the_original_bytes);
    tcase_add_test(words, long_words_are_cut_and_hashed);
    tcase_add_test(words, hostile_words_end);
    tcase_add_test(words, ascii_path_equals_icu);
    tcase_add_test(words, mixed_paths_equal_icu);
    suite_add_tcase(suite, words);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

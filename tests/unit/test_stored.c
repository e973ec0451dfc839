/* test_stored.c - stored bytes come back as they went in; damaged ones are refused. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "banned.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static weft_stored *decode(void *mem, weft_str bytes)
{
    weft_stored *back = NULL;
    weft_error err = {0};
    weft_code code = weft_stored_decode(mem, bytes, &back, &err);
    ck_assert_msg(code == WEFT_OK, "%s", err.text);
    return back;
}

static void refuse(void *mem, weft_str bytes)
{
    weft_stored *back = NULL;
    ck_assert_int_eq(weft_stored_decode(mem, bytes, &back, NULL), WEFT_ECORRUPT);
    ck_assert_ptr_null(back);
}

static weft_str encode(void *mem, const weft_stored *s)
{
    weft_str bytes;
    weft_error err = {0};
    weft_code code = weft_stored_encode(mem, s, &bytes, &err);
    ck_assert_msg(code == WEFT_OK, "%s", err.text);
    return bytes;
}

static void same_text(const char *a, const char *b)
{
    ck_assert_ptr_eq(a == NULL ? NULL : "", b == NULL ? NULL : "");
    if (a != NULL)
        ck_assert_str_eq(a, b);
}

static void same_quotes(const weft_stored *a, const weft_stored *b)
{
    ck_assert_uint_eq(a->quote_count, b->quote_count);
    for (size_t i = 0; i < a->quote_count; i++) {
        const weft_stored_quote *p = &a->quotes[i], *q = &b->quotes[i];
        ck_assert_uint_eq(p->outer_start, q->outer_start);
        ck_assert_uint_eq(p->outer_end, q->outer_end);
        ck_assert_uint_eq(p->start, q->start);
        ck_assert_uint_eq(p->end, q->end);
        same_text(p->of, q->of);
        same_text(p->author, q->author);
    }
}

static void same(const weft_stored *a, const weft_stored *b)
{
    ck_assert_int_eq(a->kind, b->kind);
    ck_assert_int_eq(a->orphan, b->orphan);
    ck_assert_uint_eq(a->depth, b->depth);
    ck_assert_uint_eq(a->length, b->length);
    ck_assert_uint_eq(a->changed, b->changed);
    ck_assert_uint_eq(a->fingerprint, b->fingerprint);
    same_text(a->language, b->language);
    ck_assert_uint_eq(a->ancestor_count, b->ancestor_count);
    for (size_t i = 0; i < a->ancestor_count; i++)
        ck_assert_str_eq(a->ancestors[i], b->ancestors[i]);
    same_quotes(a, b);
    ck_assert(weft_record_equal(a->record, b->record));
    ck_assert_int_eq(a->record->is_delete, b->record->is_delete);
    ck_assert_int_eq(a->record->parent_is_marker, b->record->parent_is_marker);
}

static const char *tag_list[] = {"one", "two"}, *above[] = {"c1", "c2", "c3"};
static weft_stored_quote quotes[] = {{0, 9, 2, 8, "comment:c1", "Ann"},
                                     {10, 30, 11, 20, NULL, "Bob"},
                                     {30, 40, 0, 0, "article:a", NULL},
                                     {0, 0, 0, 0, NULL, NULL}};

/* Every field set, none to what it is when absent. */
static weft_record every_record(void)
{
    return (weft_record){.type = WEFT_COMMENT,
                         .is_delete = true,
                         .status = WEFT_HIDDEN,
                         .format = WEFT_MARKDOWN,
                         .id = "c4",
                         .article = "a",
                         .parent = "c3",
                         .parent_is_marker = true,
                         .title = "Title \xC3\xA9",
                         .body = "a body of some forty bytes, with a few words",
                         .author = "Ann",
                         .author_id = "17",
                         .url = "http://x/1",
                         .section = "s",
                         .site = "t",
                         .lang = "de",
                         .kind = "pingback",
                         .tags = tag_list,
                         .tag_count = 2,
                         .published_s = -1,
                         .has_score = true,
                         .score = -12,
                         .has_rev = true,
                         .rev = UINT64_MAX};
}

static weft_stored every_stored(weft_record *r)
{
    return (weft_stored){.kind = WEFT_KIND_PLACE,
                         .language = "de",
                         .record = r,
                         .orphan = true,
                         .depth = 3,
                         .ancestors = above,
                         .ancestor_count = 3,
                         .quotes = quotes,
                         .quote_count = COUNT(quotes),
                         .length = UINT64_MAX,
                         .changed = 1,
                         .fingerprint = UINT64_C(0x8000000000000000)};
}

START_TEST(every_field_comes_back)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_record r = every_record();
    weft_stored s = every_stored(&r);
    same(decode(mem, encode(mem, &s)), &s);
}
END_TEST

static const int64_t numbers[] = {INT64_MIN, -1, 0, 1, 63, 64, -64, -65, INT64_MAX};

START_TEST(numbers_come_back)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_record r = {.id = "a",
                     .published_s = WEFT_DATE_UNKNOWN,
                     .has_score = true,
                     .score = numbers[_i],
                     .has_rev = true,
                     .rev = (uint64_t)numbers[_i]};
    weft_stored s = {.record = &r, .changed = (uint64_t)numbers[_i]};
    same(decode(mem, encode(mem, &s)), &s);
}
END_TEST

static const int64_t dates[] = {WEFT_DATE_MIN,    -1, 0, 1367571600, WEFT_DATE_MAX,
                                WEFT_DATE_UNKNOWN};

START_TEST(dates_come_back)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_record r = {.id = "a", .published_s = dates[_i]};
    weft_stored s = {.record = &r};
    same(decode(mem, encode(mem, &s)), &s);
}
END_TEST

/* The readable text is kept beside the body, and quotes are places in it. */
START_TEST(text_comes_back)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_stored_quote quote = {.outer_end = 6, .start = 2, .end = 6};
    weft_record r = {.id = "a", .format = WEFT_HTML, .body = "<q>", .text = "> said"};
    weft_stored s = {.record = &r, .quotes = &quote, .quote_count = 1};
    weft_stored *back = decode(mem, encode(mem, &s));
    same(back, &s);
    ck_assert_str_eq(back->record->text, "> said");
    ck_assert(weft_str_is(weft_record_text(back->record), "> said"));
    back->record->text = NULL;
    ck_assert(weft_str_is(weft_record_text(back->record), "<q>"));
}
END_TEST

/* Absent and empty are told apart, and no score or rev from zero. */
START_TEST(absent_is_not_empty)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_record r = {.id = "a", .title = "", .has_score = true};
    weft_stored s = {.record = &r}, *back = decode(mem, encode(mem, &s));
    ck_assert_str_eq(back->record->title, "");
    ck_assert_ptr_null(back->record->body);
    ck_assert(back->record->has_score && !back->record->has_rev);
    ck_assert_int_eq(back->record->score, 0);
    ck_assert_int_eq(back->record->published_s, 0);
    ck_assert_ptr_null(back->language);
}
END_TEST

/* A body as text that zstd can and cannot shrink, around the length it is tried from. */
START_TEST(bodies_of_any_length_come_back)
{
    weft_scope void *mem = talloc_new(NULL);
    static char body[WEFT_BODY_MAX + 1];
    size_t n = _i < 600 ? (size_t)_i : (size_t)WEFT_BODY_MAX;
    uint32_t state = 7;
    for (int noisy = 0; noisy < 2; noisy++) {
        for (size_t i = 0; i < n; i++) {
            state = state * 1664525 + 1013904223;
            body[i] = noisy ? (char)('!' + state / 65536 % 90) : 'x';
        }
        body[n] = '\0';
        weft_record r = {.id = "a", .body = body};
        weft_stored s = {.record = &r};
        weft_str bytes = encode(mem, &s);
        same(decode(mem, bytes), &s);
        ck_assert(noisy || n < 600 || bytes.n < n / 100);
    }
}
END_TEST

START_TEST(refuses_more_than_its_limit)
{
    weft_scope void *mem = talloc_new(NULL);
    size_t n = 8 * 1024 * 1024;
    char *body = talloc_size(mem, n + 1);
    memset(body, 'x', n);
    body[n] = '\0';
    weft_record r = {.id = "a", .body = body};
    weft_stored s = {.record = &r};
    weft_str bytes;
    ck_assert_int_eq(weft_stored_encode(mem, &s, &bytes, NULL), WEFT_ELIMIT);
}
END_TEST

/* Cut anywhere it is refused, or what is left is whole fields. */
START_TEST(cut_bytes_are_refused)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_record r = every_record();
    weft_stored s = every_stored(&r);
    r.body = _i == 0 ? r.body : talloc_asprintf(mem, "%0400d", 0); /* packed */
    s.quote_count = _i == 0 ? s.quote_count : 0;
    weft_str whole = encode(mem, &s);
    ck_assert_int_eq(whole.p[1], _i);
    size_t refused = 0;
    for (size_t n = 0; n < whole.n; n++) {
        weft_scope void *one = talloc_new(NULL);
        weft_stored *back = NULL;
        char *cut = talloc_memdup(one, whole.p, n + 1); /* a read past n + 1 is seen */
        weft_code code = weft_stored_decode(one, weft_str_of(cut, n), &back, NULL);
        ck_assert_msg((code == WEFT_OK) == (back != NULL), "%zu", n);
        ck_assert_msg(code == WEFT_OK || code == WEFT_ECORRUPT, "%zu", n);
        refused += code == WEFT_ECORRUPT;
    }
    ck_assert_uint_gt(refused, whole.n / 2);
    ck_assert(_i == 0 || refused == whole.n);
}
END_TEST

static void check_sane(const weft_stored *s)
{
    size_t body = s->record->body == NULL ? 0 : strlen(s->record->body);
    ck_assert_uint_le(s->kind, WEFT_KIND_THREAD);
    ck_assert_uint_le(s->depth, WEFT_DEPTH_MAX);
    ck_assert_uint_le(s->record->type, WEFT_COMMENT);
    ck_assert_uint_le(s->record->status, WEFT_DELETED);
    ck_assert_uint_le(s->record->format, WEFT_MARKDOWN);
    ck_assert(s->record->id != NULL || s->kind == WEFT_KIND_THREAD);
    for (size_t i = 0; i < s->quote_count; i++) {
        const weft_stored_quote *q = &s->quotes[i];
        ck_assert(q->start <= q->end && q->end <= body);
        ck_assert(q->outer_start <= q->outer_end && q->outer_end <= body);
    }
}

START_TEST(flipped_bits_are_refused_or_sane)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_record r = every_record();
    weft_stored s = every_stored(&r);
    r.body = _i == 0 ? r.body : talloc_asprintf(mem, "%0400d", 0);
    weft_str whole = encode(mem, &s);
    for (size_t bit = 0; bit < whole.n * 8; bit++) {
        weft_scope void *one = talloc_new(NULL);
        char *bytes = talloc_memdup(one, whole.p, whole.n);
        weft_stored *back = NULL;
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        weft_code code = weft_stored_decode(one, weft_str_of(bytes, whole.n), &back, NULL);
        ck_assert_msg(code == WEFT_OK || code == WEFT_ECORRUPT, "bit %zu", bit);
        if (code == WEFT_OK)
            check_sane(back);
    }
}
END_TEST

#define BYTES(s)                                                                           \
    {                                                                                      \
        s, sizeof(s) - 1                                                                   \
    }
static const weft_str bad[] = {
    BYTES(""),
    BYTES("\x01"),
    BYTES("\x01\0"), /* no id */
    BYTES("\x02\0\x01\x01"
          "a"), /* another version */
    BYTES("\x01\x02\x01\x01"
          "a"), /* another packing */
    BYTES("\x01\0\x01\x02"
          "a"), /* a length past the end */
    BYTES("\x01\0\x01\x02"
          "a\0"), /* a NUL */
    BYTES("\x01\0\x01\x01"
          "a\x02\x05"), /* no such kind */
    BYTES("\x01\0\x01\x01"
          "a\x04\x02"), /* type */
    BYTES("\x01\0\x01\x01"
          "a\x06\x04"), /* status */
    BYTES("\x01\0\x01\x01"
          "a\x08\x03"), /* format */
    BYTES("\x01\0\x01\x01"
          "a\x14\x81\x02"), /* depth 257 */
    BYTES("\x01\0\x01\x01"
          "a\x14\x80\x80\x80\x80\x10"), /* depth 2^32, which must not wrap to 0 */
    BYTES("\x01\0\x01\x01"
          "a\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"), /* a date of no year */
    BYTES("\x01\0\x01\x01"
          "a\x20\x01"), /* the end of a quote that never began */
    BYTES("\x01\0\x01\x01"
          "a\x1D\x01x"), /* its source */
    BYTES("\x01\0\x01\x01"
          "a\x1E\0\x20\x05\x24\x05"), /* a quote of a body that is not there */
    BYTES("\x01\0\x01\x01"
          "a\x09\x05hello\x1E\x04\x20\x03"), /* ends before it starts */
    BYTES("\x01\0\x01\x01"
          "a\x09\x05hello\x1E\0\x20\x06"), /* ends past the body */
    BYTES("\x01\0\x01\x01"
          "a\x09\x06<p>hel\x23\x03hel\x1E\0\x20\x04"), /* past the text */
    BYTES("\x01\0\x01\x01"
          "a\x16\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"), /* a number of 11 bytes */
    BYTES("\x01\x01not zstd"),
};

START_TEST(bad_bytes_are_refused)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_stored *back = NULL;
    ck_assert_msg(weft_stored_decode(mem, bad[_i], &back, NULL) == WEFT_ECORRUPT, "row %d",
                  _i);
}
END_TEST

START_TEST(unknown_tags_are_skipped)
{
    weft_scope void *mem = talloc_new(NULL);
    static const weft_str bytes =
        BYTES("\x01\0\xE8\x07\x05\x01\x01"
              "a\xE9\x07\x03xyz\x07\x01t"); /* number 1000, text 1001 */
    weft_stored *s = decode(mem, bytes);
    ck_assert_str_eq(s->record->id, "a");
    ck_assert_str_eq(s->record->title, "t");
}
END_TEST

/* Frames that say, or hold, more than any document may. */
START_TEST(bombs_are_refused)
{
    weft_scope void *mem = talloc_new(NULL);
    size_t n = 64 * 1024 * 1024;
    char *zeros = calloc(1, n), packed[32768] = {1, 1};
    ck_assert_ptr_nonnull(zeros);
    size_t size = ZSTD_compress(packed + 2, sizeof packed - 2, zeros, n, 1);
    ck_assert(!ZSTD_isError(size));
    refuse(mem, weft_str_of(packed, 2 + size));
    ck_assert_uint_lt(talloc_total_size(mem), 65536);
    /* a stream that does not tell its size */
    ZSTD_CCtx *c = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(c, ZSTD_c_contentSizeFlag, 0);
    memcpy(zeros, "\x01\x01x", 3);
    size = ZSTD_compress2(c, packed + 2, sizeof packed - 2, zeros, 3);
    ck_assert(!ZSTD_isError(size));
    ZSTD_freeCCtx(c);
    refuse(mem, weft_str_of(packed, 2 + size));
    /* two frames, the first of which tells its size only */
    size = ZSTD_compress(packed + 2, 1000, zeros, 3, 1);
    size += ZSTD_compress(packed + 2 + size, sizeof packed - 2 - size, zeros, n, 1);
    refuse(mem, weft_str_of(packed, 2 + size));
    free(zeros);
}
END_TEST

/* As many tags, quotes and ancestors as can be, and one more. */
static weft_str many(void *mem, const char *one, size_t n)
{
    weft_buf b;
    weft_buf_init(&b, mem, 1 << 20);
    weft_buf_add(&b, weft_str_of("\x01\0\x01\x01"
                                 "a",
                                 5));
    for (size_t i = 0; i < n; i++)
        weft_buf_add(&b, weft_str_of(one, one[0] == 30 ? 2 : 3));
    return weft_buf_str(&b);
}

static const struct {
    const char *one;
    size_t most;
} lists[] = {{"\x19\x01t", WEFT_TAGS_MAX},
             {"\x1B\x01t", WEFT_DEPTH_MAX + 1},
             {"\x1E\0", WEFT_QUOTES_MAX}};

START_TEST(lists_have_an_end)
{
    weft_scope void *mem = talloc_new(NULL);
    const char *one = lists[_i].one;
    size_t most = lists[_i].most;
    weft_stored *s = decode(mem, many(mem, one, most));
    ck_assert_uint_eq(s->record->tag_count + s->ancestor_count + s->quote_count, most);
    refuse(mem, many(mem, one, most + 1));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("stored");
    tcase_add_test(t, every_field_comes_back);
    tcase_add_loop_test(t, numbers_come_back, 0, (int)COUNT(numbers));
    tcase_add_loop_test(t, dates_come_back, 0, (int)COUNT(dates));
    tcase_add_test(t, text_comes_back);
    tcase_add_test(t, absent_is_not_empty);
    tcase_add_loop_test(t, bodies_of_any_length_come_back, 200, 300);
    tcase_add_loop_test(t, bodies_of_any_length_come_back, 600, 601);
    tcase_add_test(t, refuses_more_than_its_limit);
    tcase_add_loop_test(t, cut_bytes_are_refused, 0, 2);
    tcase_add_loop_test(t, flipped_bits_are_refused_or_sane, 0, 2);
    tcase_add_loop_test(t, bad_bytes_are_refused, 0, (int)COUNT(bad));
    tcase_add_test(t, unknown_tags_are_skipped);
    tcase_add_test(t, bombs_are_refused);
    tcase_add_loop_test(t, lists_have_an_end, 0, (int)COUNT(lists));
    Suite *s = suite_create("stored");
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}

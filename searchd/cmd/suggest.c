/* suggest.c - the command suggest: words, names and headlines that go on from what was typed.
 *
 * All of them are terms of public documents, so nothing hidden is ever named. When there are
 * few, what was typed is taken to have a slip of the finger in it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "clock.h"
#include "context.h"
#include "query/vocabulary.h"
#include "suggest_titles.h"
#include "view.h"
#include "banned.h"

enum {
    LIMIT_DEFAULT = 5,
    LETTERS_MIN = 4, /* of a word or a name that may have a slip in it */
};

/* A completion of what was typed. */
typedef struct suggesting {
    cmd_context *c;
    typed typed;
    size_t limit;
    completion_list words, authors, near_words, near_authors;
    title_list titles, near_titles;
    json_t *list; /* of the reply */
    weft_error *err;
} suggesting;

/* Whether there is white space in the text from a byte on. */
static bool has_space(weft_str text, size_t from)
{
    int32_t i = (int32_t)from, n = (int32_t)text.n;
    while (i < n) {
        UChar32 c;
        U8_NEXT((const uint8_t *)text.p, i, n, c);
        if (c >= 0 && u_isUWhiteSpace(c))
            return true;
    }
    return false;
}

/* Cut the text into words; the last is unfinished unless white space follows it. */
static weft_code read_words(suggesting *s)
{
    typed *t = &s->typed;
    weft_token token = {0};
    weft_tokenizer *words = s->c->index->tokenizer;
    t->earlier = weft_new_array(s->c->mem, weft_str, t->text.n + 1);
    if (t->earlier == NULL)
        return weft_fail_nomem(s->err);
    weft_code code = weft_tokenizer_start(words, t->text, WEFT_TOKENIZE_QUERY, s->err);
    while (code == WEFT_OK && weft_tokenizer_next(words, &token)) {
        char *word = weft_str_dup(s->c->mem, token.folded);
        if (word == NULL)
            return weft_fail_nomem(s->err);
        t->earlier[t->earlier_count++] = weft_str_of(word, token.folded.n);
    }
    if (code == WEFT_OK && t->earlier_count > 0 && !has_space(t->text, token.end)) {
        t->last = t->earlier[--t->earlier_count];
        t->last_at = token.start;
    }
    return code;
}

/* The whole text folded, as names are. */
static weft_code fold_text(suggesting *s)
{
    typed *t = &s->typed;
    weft_buf b;
    weft_buf_init(&b, s->c->mem, WEFT_REQUEST_MAX);
    weft_code code =
        weft_fold(s->c->index->tokenizer, s->c->mem, t->text, &t->folded, s->err);
    weft_buf_add(&b, t->folded);
    if (t->folded.n > 0 && t->last.n == 0 && has_space(t->text, 0))
        weft_buf_add_char(&b, ' ');
    if (code == WEFT_OK)
        code = weft_buf_check(&b, "prefix", s->err);
    t->folded = weft_buf_str(&b);
    return code;
}

static complete_options words_options(const suggesting *s)
{
    return (complete_options){.prefix = WEFT_PREFIX_WORD,
                              .typed = s->typed.last,
                              .limit = WEFT_COMPLETE_MAX,
                              .deadline_ms = s->c->soft_deadline_ms,
                              .words = true};
}

static complete_options authors_options(const suggesting *s)
{
    return (complete_options){.prefix = weft_field_find(weft_str_from("author"))->prefix,
                              .typed = s->typed.folded,
                              .limit = s->limit,
                              .deadline_ms = s->c->soft_deadline_ms};
}

static weft_code find_typed(suggesting *s)
{
    const complete_options words = words_options(s), authors = authors_options(s);
    weft_code code = complete_terms(s->c->index, s->c->mem, &words, &s->words, s->err);
    if (code == WEFT_OK)
        code = complete_terms(s->c->index, s->c->mem, &authors, &s->authors, s->err);
    return code == WEFT_OK
               ? titles_find(s->c, &s->typed, &s->words, false, &s->titles, s->err)
               : code;
}

/* The same as if a slip was made. */
static weft_code find_near(suggesting *s)
{
    size_t letters;
    weft_code code = WEFT_OK;
    const complete_options words = words_options(s), authors = authors_options(s);
    if (vocabulary_is_letters(words.typed, &letters) && letters >= LETTERS_MIN)
        code = complete_near(s->c->index, s->c->mem, &words, &s->near_words, s->err);
    vocabulary_is_letters(authors.typed, &letters);
    if (code == WEFT_OK && letters >= LETTERS_MIN)
        code = complete_near(s->c->index, s->c->mem, &authors, &s->near_authors, s->err);
    if (code == WEFT_OK && s->near_words.count > 0)
        code = titles_find(s->c, &s->typed, &s->near_words, true, &s->near_titles, s->err);
    return code;
}

static weft_code add_row(suggesting *s, const char *kind, weft_str text, uint32_t count,
                         bool is_near, json_t **out)
{
    json_t *row =
        json_pack("{s:s,s:s%,s:I}", "kind", kind, "text", text.p == NULL ? "" : text.p,
                  text.n, "count", (json_int_t)count);
    if (row == NULL || json_array_append_new(s->list, row) != 0)
        return weft_fail_nomem(s->err);
    *out = row;
    return is_near ? context_set(row, "typo", json_true(), s->err) : WEFT_OK;
}

/* Words as the text would stand with them. */
static weft_code write_words(suggesting *s, const completion_list *words, size_t *left)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i<words->count && * left> 0; i++, --*left) {
        weft_buf b;
        json_t *row;
        weft_buf_init(&b, s->c->mem, WEFT_REQUEST_MAX);
        weft_buf_add(&b, weft_str_of(s->typed.text.p, s->typed.last_at));
        weft_buf_add(&b, words->rows[i].text);
        code = weft_buf_check(&b, "completion", s->err);
        if (code == WEFT_OK)
            code = add_row(s, "word", weft_buf_str(&b), words->rows[i].frequency,
                           words->rows[i].is_near, &row);
    }
    return code;
}

/* An author's name as the first of their documents has it. */
static weft_code spell_author(suggesting *s, weft_str key, weft_str *out)
{
    weft_str term;
    uint32_t *docids;
    size_t count = 0;
    weft_stored *first;
    const char *prefix = weft_field_find(weft_str_from("author"))->prefix;
    weft_code code = weft_term_make(s->c->mem, prefix, key, &term, s->err);
    if (code == WEFT_OK)
        code = weft_reader_postings(s->c->index->reader, s->c->mem, term, 1, &docids,
                                    &count, s->err);
    if (code != WEFT_OK || count == 0)
        return code;
    code = view_read(s->c->index, s->c->mem, docids[0], &first, s->err);
    if (code == WEFT_OK && first->record->author != NULL)
        *out = weft_str_from(first->record->author);
    return code;
}

static weft_code write_authors(suggesting *s, const completion_list *authors, size_t *left)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i<authors->count && * left> 0; i++, --*left) {
        const completion *a = &authors->rows[i];
        weft_str name = a->text;
        json_t *row;
        code = spell_author(s, a->text, &name);
        if (code == WEFT_OK)
            code = add_row(s, "author", name, a->frequency, a->is_near, &row);
    }
    return code;
}

static weft_code write_titles(suggesting *s, const title_list *titles, bool is_near,
                              size_t *left)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i<titles->count && * left> 0; i++, --*left) {
        const title *t = &titles->rows[i];
        json_t *row;
        code = add_row(s, "title", weft_str_from(t->text), t->comments, is_near, &row);
        if (code == WEFT_OK)
            code = context_set_text(row, "ref", weft_ref(s->c->mem, WEFT_ARTICLE, t->id),
                                    s->err);
    }
    return code;
}

static weft_code write_all(suggesting *s)
{
    size_t words = s->limit, authors = s->limit, titles = s->limit;
    weft_code code = write_words(s, &s->words, &words);
    if (code == WEFT_OK)
        code = write_words(s, &s->near_words, &words);
    if (code == WEFT_OK)
        code = write_authors(s, &s->authors, &authors);
    if (code == WEFT_OK)
        code = write_authors(s, &s->near_authors, &authors);
    if (code == WEFT_OK)
        code = write_titles(s, &s->titles, false, &titles);
    return code == WEFT_OK ? write_titles(s, &s->near_titles, true, &titles) : code;
}

static bool is_partial(const suggesting *s)
{
    return s->words.partial || s->authors.partial || s->near_words.partial ||
           s->near_authors.partial;
}

static weft_code suggest_body(cmd_context *c, const weft_request *request, json_t *reply,
                              weft_error *err)
{
    int64_t began_us = clock_us();
    suggesting s = {.c = c, .list = json_array(), .err = err};
    s.typed.text = weft_str_from(weft_request_text(request, "prefix"));
    s.limit = (size_t)weft_request_integer(request, "limit", LIMIT_DEFAULT);
    weft_code code =
        context_set(reply, "revision", json_integer((json_int_t)c->index->revision), err);
    if (code == WEFT_OK)
        code = context_set(reply, "suggestions", s.list, err);
    if (code == WEFT_OK)
        code = read_words(&s);
    if (code == WEFT_OK)
        code = fold_text(&s);
    if (code == WEFT_OK)
        code = find_typed(&s);
    bool few =
        s.words.count + s.authors.count + s.titles.count < (size_t)WEFT_SUGGEST_BELOW;
    if (code == WEFT_OK && few)
        code = find_near(&s);
    if (code == WEFT_OK)
        code = write_all(&s);
    if (code == WEFT_OK)
        code = context_set(reply, "partial", json_boolean(is_partial(&s)), err);
    return code == WEFT_OK
               ? context_set(reply, "took_ms",
                             json_real((double)(clock_us() - began_us) / 1000), err)
               : code;
}

weft_code cmd_suggest(cmd_context *c, const weft_request *request, json_t *reply,
                      weft_error *err)
{
    return view_run(c, request, reply, suggest_body, err);
}

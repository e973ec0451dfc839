/* words.c - count the stems of a document and write its stream of words.
 *
 * Every stem of a thread is kept once; a document's counts stand in the stem itself,
 * stamped with the number of the document, so that nothing is sorted or cleared between
 * documents.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(element) ((element)->text.p = NULL)
#include "words.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { STREAM_MAX = 8 * 1024 * 1024, LIST_FIRST = 64, FORMS_MAX = 64 };

void words_begin_thread(words *w, void *mem)
{
    w->mem = mem;
    w->stems = NULL;
    w->form_count = 0;
    w->document = 0;
    w->touched = (stem_list){0};
    w->failed = WEFT_OK;
    weft_buf_init(&w->stream, mem, STREAM_MAX);
}

void words_end_thread(words *w)
{
    HASH_CLEAR(hh, w->stems);
}

void words_begin_document(words *w)
{
    w->document++;
    w->touched.count = 0;
    w->left_out = false;
    weft_buf_clear(&w->stream);
}

static bool list_add(void *mem, stem_list *list, stem *s)
{
    if (list->count == list->size) {
        size_t size = list->size == 0 ? LIST_FIRST : list->size * 2;
        stem **grown = weft_grow_array(mem, list->items, stem *, size);
        if (grown == NULL)
            return false;
        list->items = grown;
        list->size = size;
    }
    list->items[list->count++] = s;
    return true;
}

void words_touch(words *w, stem *s, uint32_t own, uint32_t flags)
{
    if (s->document != w->document) {
        if (w->touched.count >= WEFT_DOCUMENT_TERMS_MAX) {
            w->left_out = true;
            return;
        }
        if (!list_add(w->mem, &w->touched, s)) {
            w->failed = WEFT_ENOMEM;
            return;
        }
        s->document = w->document;
        s->own = s->flags = 0;
    }
    s->own += own;
    s->flags |= flags;
    s->in_thread += own;
}

static stem *new_stem(words *w, weft_str text)
{
    stem *s = talloc_size(w->mem, sizeof *s + text.n);
    if (s == NULL)
        return NULL;
    char *copy = (char *)(s + 1); /* behind it, in one allocation */
    *s = (stem){0};
    memcpy(copy, text.p, text.n);
    s->text = weft_str_of(copy, text.n);
    HASH_ADD_KEYPTR(hh, w->stems, copy, text.n, s);
    return s->text.p == NULL ? NULL : s;
}

/* The stem of a word of the text. */
static stem *find_stem(words *w, const weft_token *token, int language)
{
    weft_str text =
        token->is_cjk ? token->folded : weft_stem(w->stemmer, language, token->folded);
    stem *s;
    HASH_FIND(hh, w->stems, text.p, text.n, s);
    if (s == NULL)
        s = new_stem(w, text);
    if (s == NULL)
        w->failed = WEFT_ENOMEM;
    return s;
}

/* Note a word of a stem. Words past WEFT_THREAD_WORDS_MAX are not noted, nor those past
 * FORMS_MAX of one stem: some stemmers drop signs that may be repeated at will. */
static void note_form(words *w, stem *s, weft_str text)
{
    size_t count = 0;
    for (const form *f = s->forms; f != NULL; f = f->next, count++)
        if (weft_str_eq(f->text, text))
            return;
    if (w->form_count == WEFT_THREAD_WORDS_MAX || count >= FORMS_MAX)
        return;
    form *f = talloc(w->mem, form);
    char *copy = f == NULL ? NULL : weft_str_dup(f, text);
    if (copy == NULL) {
        w->failed = WEFT_ENOMEM;
        return;
    }
    *f = (form){weft_str_of(copy, text.n), s->forms};
    s->forms = f;
    w->form_count++;
}

static void stream_add(words *w, uint32_t value)
{
    char bytes[4] = {(char)(unsigned char)value, (char)(unsigned char)(value >> 8),
                     (char)(unsigned char)(value >> 16),
                     (char)(unsigned char)(value >> 24)};
    weft_buf_add(&w->stream, weft_str_of(bytes, 4));
}

/* Whether a blank line stands between two words. */
static bool has_blank_line(weft_str gap)
{
    size_t newlines = 0;
    for (size_t i = 0; i < gap.n; i++) {
        if (gap.p[i] == '\n' && ++newlines == 2)
            return true;
        if (gap.p[i] != '\n' && gap.p[i] != ' ' && gap.p[i] != '\t' && gap.p[i] != '\r')
            newlines = 0;
    }
    return false;
}

static void add_token(words *w, const weft_token *token, const words_use *use)
{
    stem *s = find_stem(w, token, use->language);
    if (s != NULL)
        words_touch(w, s, use->own, use->flags);
    if (s != NULL && use->own > 0 && !token->is_cjk)
        note_form(w, s, token->folded);
    if (use->mark != 0 && !token->is_pair)
        stream_add(w, weft_stream_word(token->folded));
}

/* Whose word a position of a body is. */
typedef enum owner { OWNER_NONE, OWNER_SELF, OWNER_QUOTED } owner;

static owner owner_at(const weft_quote *quotes, size_t count, size_t *next, size_t at)
{
    while (*next < count && at >= quotes[*next].outer_end)
        (*next)++;
    if (*next == count || at < quotes[*next].outer_start)
        return OWNER_SELF;
    return at >= quotes[*next].start && at < quotes[*next].end ? OWNER_QUOTED : OWNER_NONE;
}

/* Add the words of a text: those outside quotes by own, those repeated by quoted, those of
 * a quote's marker not at all. */
static weft_code add_words(words *w, weft_str text, const weft_quote *quotes,
                           size_t quote_count, const words_use uses[2], weft_error *err)
{
    weft_code code = weft_tokenizer_start(w->tokenizer, text, WEFT_TOKENIZE_DOCUMENT, err);
    if (code != WEFT_OK)
        return code;
    weft_token token;
    owner before = OWNER_NONE;
    size_t next = 0, end = 0;
    while (weft_tokenizer_next(w->tokenizer, &token)) {
        owner now = owner_at(quotes, quote_count, &next, token.start);
        if (now == OWNER_NONE)
            continue;
        const words_use *use = &uses[now == OWNER_QUOTED];
        if (use->mark != 0 && now != before)
            stream_add(w, use->mark);
        else if (use->mark != 0 && token.start > end &&
                 has_blank_line(weft_str_of(text.p + end, token.start - end)))
            stream_add(w, WEFT_MARK_PARAGRAPH);
        add_token(w, &token, use);
        before = now;
        end = token.end;
    }
    return w->failed == WEFT_OK ? WEFT_OK : weft_fail_nomem(err);
}

weft_code words_add_text(words *w, weft_str text, const words_use *use, weft_error *err)
{
    const words_use uses[2] = {*use, *use};
    return add_words(w, text, NULL, 0, uses, err);
}

weft_code words_add_body(words *w, weft_str body, const weft_quote *quotes,
                         size_t quote_count, int language, weft_error *err)
{
    const words_use uses[2] = {{language, 1, 0, WEFT_MARK_OWN},
                               {language, 0, STEM_QUOTED, WEFT_MARK_QUOTED}};
    return add_words(w, body, quotes, quote_count, uses, err);
}

weft_code words_own(words *w, void *mem, stem_list *out, weft_error *err)
{
    stem_list own = {0};
    for (size_t i = 0; i < w->touched.count; i++)
        if (w->touched.items[i]->own > 0 && !list_add(mem, &own, w->touched.items[i]))
            return weft_fail_nomem(err);
    *out = own;
    return WEFT_OK;
}

/* words.c - count the stems of a document and write its stream of words.
 *
 * Every stem of a thread is kept once; a document's counts stand in the stem itself,
 * stamped with the number of the document, so that nothing is sorted or cleared between
 * documents.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words.h"

#include <assert.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { STREAM_MAX = 8 * 1024 * 1024, LIST_FIRST = 64, FORMS_MAX = 64 };

enum {
    GROUP = 16, /* words that are looked up together */
    WORD_MAX = 200,
    NO_STEMMING = -1
};

/* A word on its way, with the mark that goes before it in the stream, 0 for none. */
typedef struct ahead {
    const words_use *use;
    uint32_t mark;
    bool is_pair, is_cjk;
    weft_str folded; /* in bytes */
    char bytes[WORD_MAX];
} ahead;

void words_begin_thread(words *w, void *mem)
{
    w->mem = mem;
    w->room = (room){.mem = mem};
    w->stems = w->forms = (names){0};
    w->first = NULL;
    w->last = &w->first;
    w->form_count = 0;
    w->document = 0;
    w->touched = (stem_list){0};
    w->failed = WEFT_OK;
    weft_buf_init(&w->stream, mem, STREAM_MAX);
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

/* A name with the prefix before its text, both behind the bytes that begin with it. */
static void *new_name(words *w, size_t bytes, const char *prefix, weft_str text, int kind)
{
    char *p = room_take(&w->room, bytes + PREFIX_BYTES + text.n);
    if (p == NULL)
        return NULL;
    memset(p, 0, bytes);
    memcpy(p + bytes, prefix, PREFIX_BYTES);
    memcpy(p + bytes + PREFIX_BYTES, text.p, text.n);
    named *name = (named *)(void *)p;
    *name = (named){weft_str_of(p + bytes + PREFIX_BYTES, text.n), kind};
    return name;
}

weft_str words_thread_term(const named *name)
{
    return weft_str_of(name->text.p - PREFIX_BYTES, PREFIX_BYTES + name->text.n);
}

static stem *find_stem(words *w, weft_str text)
{
    uint32_t hash = (uint32_t)weft_str_hash(text);
    stem *s = (stem *)(void *)names_find(&w->stems, hash, text, 0);
    if (s != NULL)
        return s;
    s = new_name(w, sizeof *s, WEFT_PREFIX_THREAD_STEM, text, 0);
    if (s == NULL || !names_add(&w->stems, w->mem, hash, &s->name))
        return NULL;
    *w->last = s;
    w->last = &s->next;
    return s;
}

/* A word of the text with its stem; NULL when out of memory. */
static form *find_form(words *w, weft_str folded, uint32_t hash, int language)
{
    form *f = (form *)(void *)names_find(&w->forms, hash, folded, language);
    if (f != NULL)
        return f;
    f = new_name(w, sizeof *f, WEFT_PREFIX_WORD, folded, language);
    if (f == NULL || !names_add(&w->forms, w->mem, hash, &f->name))
        return NULL;
    f->stem = find_stem(
        w, language == NO_STEMMING ? folded : weft_stem(w->stemmer, language, folded));
    return f->stem == NULL ? NULL : f;
}

/* Note a word of its stem. Words past WEFT_THREAD_WORDS_MAX are not noted, nor those past
 * FORMS_MAX of one stem: some stemmers drop signs that may be repeated at will. */
static void note_form(words *w, form *f)
{
    size_t count = 0;
    f->is_noted = true;
    for (const form *other = f->stem->forms; other != NULL; other = other->next, count++)
        if (weft_str_eq(other->name.text, f->name.text))
            return; /* as a word of another language */
    if (w->form_count == WEFT_THREAD_WORDS_MAX || count >= FORMS_MAX)
        return;
    f->next = f->stem->forms;
    f->stem->forms = f;
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

static void add_word(words *w, const ahead *word, uint64_t hash)
{
    int language = word->is_cjk ? NO_STEMMING : word->use->language;
    form *f = find_form(w, word->folded, (uint32_t)(hash >> 32), language);
    if (f == NULL) {
        w->failed = WEFT_ENOMEM;
        return;
    }
    words_touch(w, f->stem, word->use->own, word->use->flags);
    if (word->use->own > 0 && !word->is_cjk && !f->is_noted)
        note_form(w, f);
    if (word->mark != 0)
        stream_add(w, word->mark);
    if (word->use->mark != 0 && !word->is_pair)
        stream_add(w, weft_stream_word_of(hash));
}

/* The words of a group: what is known of them is fetched for all at once. */
static void add_group(words *w, const ahead *group, size_t count)
{
    uint64_t hashes[GROUP];
    for (size_t i = 0; i < count; i++)
        hashes[i] = weft_str_hash(group[i].folded);
    if (count > 0)
        weft_stem_ahead(w->stemmer, group[0].use->language, hashes, count);
    for (size_t i = 0; i < count; i++)
        add_word(w, &group[i], hashes[i]);
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

/* Where the words of a text are being taken from. */
typedef struct taking {
    weft_str text;
    const weft_quote *quotes;
    size_t quote_count, next; /* quote */
    const words_use *uses;    /* of own words, of quoted ones */
    owner before;
    size_t end; /* of the word before */
} taking;

/* The next word: those outside quotes by the first use, those repeated by the second, those
 * of a quote's marker not at all. */
static bool take_word(words *w, taking *t, ahead *out)
{
    weft_token token;
    owner now;
    do {
        if (!weft_tokenizer_next(w->tokenizer, &token))
            return false;
        now = owner_at(t->quotes, t->quote_count, &t->next, token.start);
    } while (now == OWNER_NONE);
    assert(token.folded.n <= WORD_MAX);
    memcpy(out->bytes, token.folded.p, token.folded.n);
    out->folded = weft_str_of(out->bytes, token.folded.n);
    out->is_pair = token.is_pair;
    out->is_cjk = token.is_cjk;
    out->use = &t->uses[now == OWNER_QUOTED];
    out->mark = 0;
    if (out->use->mark != 0 && now != t->before)
        out->mark = out->use->mark;
    else if (out->use->mark != 0 && token.start > t->end &&
             has_blank_line(weft_str_of(t->text.p + t->end, token.start - t->end)))
        out->mark = WEFT_MARK_PARAGRAPH;
    t->before = now;
    t->end = token.end;
    return true;
}

static weft_code add_words(words *w, taking *t, weft_error *err)
{
    ahead group[GROUP];
    size_t count;
    weft_code code =
        weft_tokenizer_start(w->tokenizer, t->text, WEFT_TOKENIZE_DOCUMENT, err);
    if (code != WEFT_OK)
        return code;
    do {
        for (count = 0; count < GROUP && take_word(w, t, &group[count]); count++)
            continue;
        add_group(w, group, count);
    } while (count == GROUP);
    return w->failed == WEFT_OK ? WEFT_OK : weft_fail_nomem(err);
}

weft_code words_add_text(words *w, weft_str text, const words_use *use, weft_error *err)
{
    const words_use uses[2] = {*use, *use};
    taking t = {.text = text, .uses = uses};
    return add_words(w, &t, err);
}

weft_code words_add_body(words *w, weft_str body, const weft_quote *quotes,
                         size_t quote_count, int language, weft_error *err)
{
    const words_use uses[2] = {{language, 1, 0, WEFT_MARK_OWN},
                               {language, 0, STEM_QUOTED, WEFT_MARK_QUOTED}};
    taking t = {.text = body, .quotes = quotes, .quote_count = quote_count, .uses = uses};
    return add_words(w, &t, err);
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

/* quote_silent.c - paragraphs that repeat an ancestor's words or the article's without
 * saying so.
 *
 * The words of the body are laid beside each source: which of them stand there in runs is
 * one bit a word and source. A paragraph is then judged as a whole, and where it fails (a
 * quoted line with an answer right under it) line by line. The article is asked first and
 * ancestors from the root down: who said it first is the source.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quote_parts.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum {
    SOURCES_MAX = 17 /* the article and the 16 nearest ancestors */,
    NO_SOURCE = -1,
    FIRST_SIZE = 4
};

/* A line or a paragraph: its bytes without white space at the ends, and its words. */
typedef struct span {
    size_t start, end;           /* bytes of the body */
    size_t first_word, end_word; /* words of the body */
} span;

typedef struct silent {
    void *mem;
    weft_str body;
    quote_words words;
    uint32_t *covered;
    uint32_t node[SOURCES_MAX]; /* WEFT_NO_NODE for the article */
    int sources;
    size_t word; /* the first that is not behind the line being read */
    weft_quote *out;
    size_t count, size;
    bool may_join; /* the quote last added ends in the line right above */
} silent;

static size_t count_covered(const silent *s, span at, int source)
{
    size_t n = 0;
    for (size_t i = at.first_word; i < at.end_word; i++)
        n += s->covered[i] >> source & 1;
    return n;
}

/* Whether a span has enough different words to be known again. */
static bool has_variety(const silent *s, span at)
{
    uint64_t seen[QUOTE_SILENT_DISTINCT];
    size_t n = 0;
    for (size_t i = at.first_word; i < at.end_word && n < QUOTE_SILENT_DISTINCT; i++) {
        size_t k = 0;
        while (k < n && seen[k] != s->words.hash[i])
            k++;
        if (k == n)
            seen[n++] = s->words.hash[i];
    }
    return n == QUOTE_SILENT_DISTINCT;
}

/* The source that said a span, NO_SOURCE when it is the writer's own or too short. */
static int source_of(const silent *s, span at)
{
    size_t words = at.end_word - at.first_word;
    if (words < QUOTE_SILENT_MIN || !has_variety(s, at))
        return NO_SOURCE;
    for (int source = 0; source < s->sources; source++) {
        if (quote_is_enough(count_covered(s, at, source), words))
            return source;
    }
    return NO_SOURCE;
}

static weft_code add(silent *s, span at, int source, weft_error *err)
{
    weft_quote *last = s->count == 0 ? NULL : &s->out[s->count - 1];
    if (s->may_join && last != NULL && last->node == s->node[source]) {
        last->end = last->outer_end = (uint32_t)at.end;
        return WEFT_OK;
    }
    if (s->count == WEFT_QUOTES_MAX)
        return WEFT_OK;
    if (s->count == s->size) {
        size_t size = s->size == 0 ? FIRST_SIZE : s->size * 2;
        weft_quote *grown = weft_grow_array(s->mem, s->out, weft_quote, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        s->out = grown;
        s->size = size;
    }
    uint32_t start = (uint32_t)at.start, end = (uint32_t)at.end;
    s->out[s->count++] = (weft_quote){.outer_start = start,
                                      .outer_end = end,
                                      .start = start,
                                      .end = end,
                                      .silent = true,
                                      .node = s->node[source],
                                      .from_article = s->node[source] == WEFT_NO_NODE};
    return WEFT_OK;
}

/* The next line of [*at, end); false at the end. Moves *at and s->word. */
static bool next_line(silent *s, size_t *at, size_t end, span *line)
{
    weft_str rest = weft_str_of(s->body.p + *at, end - *at);
    weft_str raw;
    size_t before = rest.n;
    if (before == 0 || !weft_str_next_line(&rest, &raw))
        return false;
    *at += before - rest.n;
    weft_str text = weft_str_trim(raw);
    line->start = (size_t)(text.p - s->body.p);
    line->end = line->start + text.n;
    line->first_word = s->word;
    while (s->word < s->words.n && s->words.hash[s->word] != 0 &&
           s->words.start[s->word] < *at)
        s->word++;
    line->end_word = s->word;
    return true;
}

/* Judge the lines of a paragraph one by one. */
static weft_code judge_lines(silent *s, span paragraph, weft_error *err)
{
    size_t at = paragraph.start;
    span line;
    s->word = paragraph.first_word;
    s->may_join = false;
    while (next_line(s, &at, paragraph.end, &line)) {
        int source = source_of(s, line);
        weft_code code = source == NO_SOURCE ? WEFT_OK : add(s, line, source, err);
        if (code != WEFT_OK)
            return code;
        s->may_join = source != NO_SOURCE;
    }
    s->may_join = false;
    return WEFT_OK;
}

/* Whether no line of the paragraph is mostly the writer's own. */
static bool every_line_repeats(silent *s, span paragraph, int source)
{
    size_t at = paragraph.start;
    span line;
    s->word = paragraph.first_word;
    while (next_line(s, &at, paragraph.end, &line)) {
        if (count_covered(s, line, source) * 2 < line.end_word - line.first_word)
            return false;
    }
    return true;
}

static weft_code judge_paragraph(silent *s, span paragraph, weft_error *err)
{
    if (paragraph.end_word - paragraph.first_word < QUOTE_SILENT_MIN)
        return WEFT_OK;
    int source = source_of(s, paragraph);
    if (source != NO_SOURCE && every_line_repeats(s, paragraph, source))
        return add(s, paragraph, source, err);
    return judge_lines(s, paragraph, err);
}

/* The paragraphs of bytes [at, end), a piece between marked quotes. */
static weft_code judge_piece(silent *s, size_t at, size_t end, weft_error *err)
{
    span line, paragraph = {0};
    bool open = false;
    bool more = true;
    while (more) {
        more = next_line(s, &at, end, &line);
        if (more && line.end > line.start) {
            if (!open)
                paragraph = line;
            paragraph.end = line.end;
            paragraph.end_word = line.end_word;
            open = true;
            continue;
        }
        size_t word = s->word;
        weft_code code = open ? judge_paragraph(s, paragraph, err) : WEFT_OK;
        if (code != WEFT_OK)
            return code;
        s->word = word;
        open = false;
    }
    return WEFT_OK;
}

/* Lay the body's words beside one source. */
static void cover(silent *s, const quote_source *source, uint32_t node)
{
    if (source == NULL)
        return;
    quote_source_cover(source, &s->words, UINT32_C(1) << s->sources, s->covered);
    s->node[s->sources++] = node;
}

static weft_code cover_all(silent *s, weft_quote_finder *f, uint32_t of, weft_error *err)
{
    uint32_t ancestors[SOURCES_MAX - 1];
    int count = 0;
    const quote_source *source;
    for (uint32_t node = f->thread->nodes[of].parent;
         node != WEFT_NO_NODE && count < SOURCES_MAX - 1;
         node = f->thread->nodes[node].parent)
        ancestors[count++] = node;
    weft_code code = quote_source_of_article(f, &source, err);
    if (code != WEFT_OK)
        return code;
    cover(s, source, WEFT_NO_NODE);
    while (count > 0) {
        code = quote_source_of(f, ancestors[--count], &source, err);
        if (code != WEFT_OK)
            return code;
        cover(s, source, ancestors[count]);
    }
    return WEFT_OK;
}

static weft_code judge_all(silent *s, const weft_quote *marked, size_t marked_count,
                           weft_error *err)
{
    size_t at = 0;
    for (size_t i = 0; i <= marked_count; i++) {
        size_t end = i < marked_count ? marked[i].outer_start : s->body.n;
        weft_code code = judge_piece(s, at, end, err);
        if (code != WEFT_OK)
            return code;
        if (at < end)
            s->word++; /* the end of the piece */
        if (i < marked_count)
            at = marked[i].outer_end;
    }
    return WEFT_OK;
}

weft_code quote_silent_find(void *mem, weft_quote_finder *f, uint32_t of,
                            const weft_quote *marked, size_t marked_count, weft_quote **out,
                            size_t *count, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    silent s = {.mem = mem, .body = weft_record_text(f->thread->nodes[of].record)};
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_code code =
        quote_words_add_own(tmp, f->tokenizer, s.body, marked, marked_count, &s.words, err);
    if (code != WEFT_OK)
        return code;
    s.covered = weft_new_array(tmp, uint32_t, s.words.n);
    if (s.covered == NULL)
        return weft_fail_nomem(err);
    code = cover_all(&s, f, of, err);
    if (code == WEFT_OK)
        code = judge_all(&s, marked, marked_count, err);
    *out = s.out;
    *count = s.count;
    return code;
}

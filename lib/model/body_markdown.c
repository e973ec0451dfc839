/* body_markdown.c - Markdown eased for reading: marks that only style go, structure stays.
 *
 * Not a renderer: lists, headings, quotes and code stand as they were written. Line by line;
 * a mark of emphasis is taken out when its other half has come before the paragraph's end.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "body_parts.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum {
    OPEN_MAX = 32,    /* marks of a paragraph that wait for their other half */
    LABEL_MAX = 2000, /* bytes of a link's words, of its address, of code in a line */
    PAIRS_MAX = 8     /* brackets inside those */
};

/* Stands where a mark was, until all are taken out at once. No text has it. */
#define GONE '\x01'

typedef struct open_mark {
    size_t at; /* byte of the text written */
    char c;
    size_t n;
} open_mark;

typedef struct markdown {
    weft_buf out;
    open_mark open[OPEN_MAX];
    size_t open_count;
    weft_str fence; /* what opened the code that is being copied */
} markdown;

bool body_markdown_is_plain(weft_str body)
{
    for (size_t i = 0; i < body.n; i++)
        if (strchr("&*_~[<\\", body.p[i]) != NULL)
            return false;
    return true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_punctuation(char c)
{
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
           (c >= '{' && c <= '~');
}

static bool is_word(char c)
{
    return !is_space(c) && !is_punctuation(c);
}

static size_t run_of(weft_str s, size_t i)
{
    size_t n = 1;
    while (i + n < s.n && s.p[i + n] == s.p[i])
        n++;
    return n;
}

/* A mark that ends what the last open one of its kind began: both are gone. */
static bool close_mark(markdown *m, char c, size_t n)
{
    for (size_t i = m->open_count; i > 0; i--) {
        open_mark *o = &m->open[i - 1];
        if (o->c != c || o->n != n)
            continue;
        for (size_t k = 0; k < n && m->out.failed == WEFT_OK; k++)
            m->out.p[o->at + k] = GONE;
        m->open_count = i - 1;
        return true;
    }
    return false;
}

/* '*', '_' or '~' at i: bytes taken. What stands on both sides says whether it can begin or end
 * something (CommonMark, "emphasis", without its rules for mixed lengths). */
static size_t take_mark(markdown *m, weft_str s, size_t i)
{
    size_t n = run_of(s, i);
    char c = s.p[i], before = i == 0 ? ' ' : s.p[i - 1], after = ' ';
    if (i + n < s.n)
        after = s.p[i + n];
    bool opens = !is_space(after) && (c == '*' || !is_word(before));
    bool closes = !is_space(before) && (c == '*' || !is_word(after));
    bool is_mark = n <= 3 && (c != '~' || n == 2);
    if (is_mark && closes && close_mark(m, c, n))
        return n;
    if (is_mark && opens && m->open_count < OPEN_MAX)
        m->open[m->open_count++] = (open_mark){m->out.n, c, n};
    weft_buf_add(&m->out, weft_str_of(s.p + i, n));
    return n;
}

/* A byte of a link's words, or a mark in them. */
static size_t take_word(markdown *m, weft_str s, size_t i)
{
    if (s.p[i] == '*' || s.p[i] == '_' || s.p[i] == '~')
        return take_mark(m, s, i);
    bool is_escaped = s.p[i] == '\\' && i + 1 < s.n && is_punctuation(s.p[i + 1]);
    weft_buf_add_char(&m->out, s.p[i + is_escaped]);
    return is_escaped ? 2 : 1;
}

/* The end of what begins at i with `open`, the same pair inside counted; 0 for none. */
static size_t find_close(weft_str s, size_t i, char open, char close)
{
    size_t depth = 0, end = s.n - i > LABEL_MAX ? i + LABEL_MAX : s.n;
    for (; i < end; i++) {
        if (s.p[i] == '\\' && i + 1 < end)
            i++;
        else if (s.p[i] == open && depth++ == PAIRS_MAX)
            break;
        else if (s.p[i] == close && --depth == 0)
            return i;
    }
    return 0;
}

static bool same_url(weft_str words, weft_str url)
{
    return weft_str_eq(words, url) ||
           (weft_str_starts(url, "mailto:") &&
            weft_str_eq(words, weft_str_of(url.p + 7, url.n - 7)));
}

/* "[words](address)" or "![words](address)" at i: bytes taken, 0 when it is none. */
static size_t take_link(markdown *m, weft_str s, size_t i)
{
    size_t start = i + (s.p[i] == '!');
    size_t end = start < s.n && s.p[start] == '[' ? find_close(s, start, '[', ']') : 0;
    if (end == 0 || end + 1 >= s.n || s.p[end + 1] != '(')
        return 0;
    size_t close = find_close(s, end + 1, '(', ')');
    if (close == 0)
        return 0;
    weft_str words = weft_str_of(s.p + start + 1, end - start - 1);
    weft_str url = weft_str_trim(weft_str_of(s.p + end + 2, close - end - 2));
    size_t n = 0;
    while (n < url.n && !is_space(url.p[n]))
        n++; /* a title may follow */
    url.n = n;
    if (url.n > 2 && url.p[0] == '<' && url.p[url.n - 1] == '>')
        url = weft_str_of(url.p + 1, url.n - 2);
    for (size_t k = 0; k < words.n;)
        k += take_word(m, words, k);
    if (words.n == 0)
        weft_buf_add(&m->out, url);
    else if (url.n > 0 && !same_url(words, url))
        weft_buf_addf(&m->out, " (%.*s)", WEFT_STR_ARG(url));
    return close + 1 - i;
}

/* "<http://...>" and "<me@example.com>" at i: the words in it. */
static size_t take_angles(markdown *m, weft_str s, size_t i)
{
    size_t end = i + 1;
    bool is_address = false;
    while (end < s.n && !is_space(s.p[end]) && s.p[end] != '<' && s.p[end] != '>') {
        is_address = is_address || s.p[end] == '@' ||
                     weft_str_starts(weft_str_of(s.p + end, s.n - end), "://");
        end++;
    }
    if (!is_address || end == s.n || s.p[end] != '>')
        return 0;
    weft_buf_add(&m->out, weft_str_of(s.p + i + 1, end - i - 1));
    return end + 1 - i;
}

/* `code` at i, with its marks, as it stands. */
static size_t take_code(markdown *m, weft_str s, size_t i)
{
    size_t n = run_of(s, i);
    size_t limit = s.n - i > LABEL_MAX + n ? i + n + LABEL_MAX : s.n;
    for (size_t end = i + n; end < limit; end++) {
        if (s.p[end] != '`')
            continue;
        size_t closing = run_of(s, end);
        if (closing == n) {
            weft_buf_add(&m->out, weft_str_of(s.p + i, end + n - i));
            return end + n - i;
        }
        end += closing - 1;
    }
    weft_buf_add(&m->out, weft_str_of(s.p + i, n));
    return n;
}

static size_t take_inline(markdown *m, weft_str s, size_t i)
{
    char c = s.p[i];
    size_t n = 0;
    if (c == '\\' && i + 1 < s.n && is_punctuation(s.p[i + 1])) {
        weft_buf_add_char(&m->out, s.p[i + 1]);
        return 2;
    }
    if (c == '`')
        return take_code(m, s, i);
    if (c == '*' || c == '_' || c == '~')
        return take_mark(m, s, i);
    if (c == '[' || (c == '!' && i + 1 < s.n && s.p[i + 1] == '['))
        n = take_link(m, s, i);
    else if (c == '<')
        n = take_angles(m, s, i);
    if (n == 0)
        weft_buf_add_char(&m->out, c);
    return n == 0 ? 1 : n;
}

/* Three or more of one mark and nothing else: a rule between paragraphs. */
static bool is_rule(weft_str text)
{
    return text.n >= 3 && (text.p[0] == '*' || text.p[0] == '_') &&
           run_of(text, 0) == text.n;
}

static void take_line(markdown *m, weft_str line)
{
    weft_str text = weft_str_trim(line);
    bool is_code = m->open_count == 0 &&
                   (weft_str_starts(line, "    ") || weft_str_starts(line, "\t"));
    if (text.n == 0)
        m->open_count = 0;
    if (is_code || is_rule(text)) {
        weft_buf_add(&m->out, line);
        return;
    }
    for (size_t i = 0; i < line.n;)
        i += take_inline(m, line, i);
}

/* A line that begins or ends code, and those between. */
static bool is_fenced(markdown *m, weft_str line)
{
    weft_str text = weft_str_trim(line);
    bool is_fence = weft_str_starts(text, "```") || weft_str_starts(text, "~~~");
    if (m->fence.n == 0 && is_fence) {
        m->fence = weft_str_of(text.p, run_of(text, 0));
        m->open_count = 0;
        return true;
    }
    if (m->fence.n == 0)
        return false;
    if (is_fence && text.p[0] == m->fence.p[0] && run_of(text, 0) == text.n &&
        text.n >= m->fence.n)
        m->fence.n = 0;
    return true;
}

/* Entities first, as Reddit escapes everything, code and the '>' of quotes too. */
static void resolve(weft_buf *out, weft_str body)
{
    for (size_t i = 0; i < body.n;) {
        const char *amp = memchr(body.p + i, '&', body.n - i);
        size_t end = amp == NULL ? body.n : (size_t)(amp - body.p);
        weft_buf_add(out, weft_str_of(body.p + i, end - i));
        i = end;
        if (amp == NULL)
            break;
        char c[4];
        size_t c_n, n = body_entity_deep(weft_str_of(amp + 1, body.n - i - 1), c, &c_n);
        bool closed = n > 0 && amp[n] == ';';
        weft_buf_add(out, closed ? weft_str_of(c, c_n) : weft_str_of("&", 1));
        i += closed ? n + 1 : 1;
    }
}

/* Take out the bytes where marks were, and what is over the limit. */
static void compact(weft_buf *b)
{
    size_t kept = 0;
    if (b->n == 0)
        return;
    for (size_t i = 0; i < b->n; i++)
        if (b->p[i] != GONE)
            b->p[kept++] = b->p[i];
    b->n = weft_utf8_cut(weft_str_of(b->p, kept), WEFT_TEXT_MAX);
    b->p[b->n] = '\0';
}

weft_code body_markdown(void *mem, weft_str body, weft_str *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf resolved;
    markdown m = {.open_count = 0};
    weft_str rest, line;
    weft_buf_init(&resolved, tmp, 4 * body.n + 64);
    weft_buf_init(&m.out, mem, 4 * body.n + 64);
    resolve(&resolved, body);
    rest = weft_buf_str(&resolved);
    while (weft_str_next_line(&rest, &line)) {
        if (is_fenced(&m, line))
            weft_buf_add(&m.out, line);
        else
            take_line(&m, line);
        if (rest.n > 0)
            weft_buf_add_char(&m.out, '\n');
    }
    if (tmp == NULL || resolved.failed != WEFT_OK || m.out.failed != WEFT_OK)
        return weft_fail_nomem(err);
    compact(&m.out);
    *out = weft_buf_str(&m.out);
    return WEFT_OK;
}

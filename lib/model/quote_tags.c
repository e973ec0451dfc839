/* quote_tags.c - [quote], [quote=NAME], [quote="NAME" ...] and [/quote] in a body.
 *
 * One pass with a stack of open tags. A closing tag ends the innermost open one; pairs
 * inside a pair are dropped when it closes, so what is left are the outermost. What is
 * never closed stays on the stack and is plain text.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "quote_parts.h"

#include <strings.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { TAG_MAX = 512 /* bytes of one tag */, FIRST_SIZE = 16 };

static const char OPEN[] = "[quote";
static const char CLOSE[] = "[/quote]";

typedef struct open_tag {
    size_t start, end;
    weft_str who;
    size_t levels; /* of pairs inside */
} open_tag;

typedef struct tag_scan {
    void *mem, *tmp;
    weft_str body;
    open_tag *open;
    size_t open_count, open_size;
    weft_quote *pairs;
    size_t pair_count, pair_size;
} tag_scan;

static bool starts_folded(weft_str s, const char *text)
{
    size_t n = strlen(text);
    return s.n >= n && strncasecmp(s.p, text, n) == 0;
}

/* Discourse writes "NAME, post:3, topic:4", vBulletin NAME;1234. */
static weft_str without_post(weft_str who)
{
    const char *post = who.n == 0 ? NULL : memmem(who.p, who.n, ", post:", 7);
    if (post != NULL)
        who.n = (size_t)(post - who.p);
    size_t digits = 0;
    while (digits < who.n && who.p[who.n - 1 - digits] >= '0' &&
           who.p[who.n - 1 - digits] <= '9')
        digits++;
    if (digits > 0 && digits < who.n && who.p[who.n - 1 - digits] == ';')
        who.n -= digits + 1;
    return weft_str_trim(who);
}

static bool is_attribute(weft_str s)
{
    size_t n = 1;
    while (n < s.n &&
           ((s.p[n] >= 'a' && s.p[n] <= 'z') || (s.p[n] >= 'A' && s.p[n] <= 'Z')))
        n++;
    return n > 1 && n < s.n && s.p[n] == '=';
}

/* A name in quote marks ends at such a mark before ']' or an attribute: marks inside it are
 * the name's own. */
static size_t read_quoted_name(weft_str tag, size_t at, weft_str *who)
{
    char mark = tag.p[at];
    for (size_t i = at + 1; i + 1 < tag.n; i++) {
        weft_str rest = weft_str_of(tag.p + i + 1, tag.n - i - 1);
        if (tag.p[i] != mark ||
            (rest.p[0] != ']' && !(rest.p[0] == ' ' && is_attribute(rest))))
            continue;
        const char *end = memchr(rest.p, ']', rest.n);
        if (end == NULL)
            return 0;
        *who = without_post(weft_str_of(tag.p + at + 1, i - at - 1));
        return (size_t)(end - tag.p) + 1;
    }
    return 0;
}

/* Length of the opening tag at the start of s; 0 when it is none. */
static size_t read_open_tag(weft_str s, weft_str *who)
{
    size_t at = sizeof OPEN - 1;
    *who = weft_str_of(NULL, 0);
    if (s.n > TAG_MAX)
        s.n = TAG_MAX;
    const char *line_end = memchr(s.p, '\n', s.n);
    if (line_end != NULL)
        s.n = (size_t)(line_end - s.p);
    if (s.n <= at || !starts_folded(s, OPEN) ||
        (s.p[at] != ']' && s.p[at] != '=' && s.p[at] != ' '))
        return 0;
    if (s.p[at] == '=' && at + 1 < s.n && (s.p[at + 1] == '"' || s.p[at + 1] == '\'')) {
        size_t n = read_quoted_name(s, at + 1, who);
        if (n > 0)
            return n;
    }
    const char *end = memchr(s.p, ']', s.n);
    if (end == NULL)
        return 0;
    if (s.p[at] == '=')
        *who = without_post(weft_str_of(s.p + at + 1, (size_t)(end - s.p) - at - 1));
    return (size_t)(end - s.p) + 1;
}

static weft_code push(tag_scan *t, open_tag tag, weft_error *err)
{
    if (t->open_count == t->open_size) {
        size_t size = t->open_size == 0 ? FIRST_SIZE : t->open_size * 2;
        open_tag *grown = weft_grow_array(t->tmp, t->open, open_tag, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        t->open = grown;
        t->open_size = size;
    }
    t->open[t->open_count++] = tag;
    return WEFT_OK;
}

/* Close the innermost open tag at byte `at`. */
static weft_code pop(tag_scan *t, size_t at, weft_error *err)
{
    if (t->open_count == 0)
        return WEFT_OK;
    open_tag tag = t->open[--t->open_count];
    open_tag *outer = t->open_count == 0 ? NULL : &t->open[t->open_count - 1];
    size_t levels = tag.levels + 1;
    if (outer != NULL && outer->levels < levels)
        outer->levels = levels;
    if (levels > WEFT_QUOTE_NESTING_MAX)
        return WEFT_OK;
    while (t->pair_count > 0 && t->pairs[t->pair_count - 1].outer_start > tag.start)
        t->pair_count--;
    if (t->pair_count == t->pair_size) {
        size_t size = t->pair_size == 0 ? FIRST_SIZE : t->pair_size * 2;
        weft_quote *grown = weft_grow_array(t->mem, t->pairs, weft_quote, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        t->pairs = grown;
        t->pair_size = size;
    }
    weft_str words = weft_str_trim(weft_str_of(t->body.p + tag.end, at - tag.end));
    uint32_t start = (uint32_t)(words.p - t->body.p);
    t->pairs[t->pair_count++] = (weft_quote){.outer_start = (uint32_t)tag.start,
                                             .outer_end = (uint32_t)(at + sizeof CLOSE - 1),
                                             .start = start,
                                             .end = start + (uint32_t)words.n,
                                             .who = tag.who,
                                             .node = WEFT_NO_NODE};
    return WEFT_OK;
}

weft_code quote_tags_scan(void *mem, weft_str body, weft_quote **out, size_t *count,
                          weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    tag_scan t = {.mem = mem, .tmp = tmp, .body = body};
    if (tmp == NULL)
        return weft_fail_nomem(err);
    for (size_t at = 0; at < body.n;) {
        const char *bracket = memchr(body.p + at, '[', body.n - at);
        if (bracket == NULL)
            break;
        at = (size_t)(bracket - body.p);
        weft_str rest = weft_str_of(bracket, body.n - at);
        weft_str who;
        size_t n = read_open_tag(rest, &who);
        weft_code code = WEFT_OK;
        if (n > 0)
            code = push(&t, (open_tag){at, at + n, who, 0}, err);
        else if (starts_folded(rest, CLOSE))
            code = pop(&t, at, err);
        if (code != WEFT_OK)
            return code;
        at += n > 0 ? n : 1;
    }
    *out = t.pairs;
    *count = t.pair_count;
    return WEFT_OK;
}

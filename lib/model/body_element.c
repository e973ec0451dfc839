/* body_element.c - what each element of HTML does to the text. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "body_html.h"

#include <limits.h>
#include <stdio.h>
#include <strings.h>

#include "weft/limits.h"
#include "banned.h"

/* Whether one of the words of a class attribute is the word. */
static bool has_class(weft_str names, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= names.n; i++) {
        bool starts = i == 0 || names.p[i - 1] == ' ';
        bool ends = i + n == names.n || names.p[i + n] == ' ';
        if (starts && ends && memcmp(names.p + i, word, n) == 0)
            return true;
    }
    return false;
}

/* The value of an attribute, entities resolved; empty when it is longer than the buffer. */
static weft_str decode(html *h, weft_buf *b, weft_str value)
{
    weft_buf_clear(b);
    for (size_t i = 0; i < value.n && b->failed == WEFT_OK;) {
        char c[4] = {value.p[i]};
        size_t c_n = 1, n = 0;
        if (c[0] == '&')
            n = body_entity_deep(weft_str_of(value.p + i + 1, value.n - i - 1), c, &c_n);
        weft_buf_add(b, weft_str_of(c, c_n));
        i += n + 1;
    }
    if (b->failed == WEFT_ENOMEM)
        h->out->text.failed = WEFT_ENOMEM;
    return b->failed == WEFT_OK ? weft_buf_str(b) : weft_str_of("", 0);
}

static void close_link(html *h)
{
    if (!h->in_link)
        return;
    h->in_link = false;
    body_link(h->out, h->link_start, weft_buf_str(&h->url));
}

static void begin_link(html *h, const html_tag *tag)
{
    close_link(h);
    if (decode(h, &h->url, tag->href).n == 0 || h->pre > 0)
        return;
    h->in_link = true;
    h->link_start = h->out->text.n;
}

/* A block begins or ends: links and code do not reach over it, once there is something in
 * them. */
static void block(html *h, unsigned lines)
{
    if (h->out->text.n > h->link_start)
        close_link(h);
    if (h->pre == 0)
        h->code = 0;
    h->in_p = h->bare = false;
    h->free_newlines = UINT_MAX;
    body_out_break(h->out, lines);
}

/* A line end written out takes the place of a bare one beside it; two begin a paragraph. */
static void break_line(html *h, const html_tag *tag)
{
    (void)tag;
    if (!h->bare && h->out->breaks < 2)
        h->out->breaks++;
    h->bare = false;
    h->free_newlines = 1;
}

static void quote_named(html *h, weft_str name)
{
    name = weft_str_trim(decode(h, &h->name, name));
    bool is_line = memchr(name.p, '\n', name.n) == NULL;
    h->out->quoted = is_line ? name : weft_str_of(NULL, 0);
}

static void begin_aside(html *h, const html_tag *tag)
{
    block(h, 2);
    if (!has_class(tag->class_names, "quote"))
        return;
    h->asides++;
    quote_named(h, tag->quoted);
}

static void end_aside(html *h, const html_tag *tag)
{
    (void)tag;
    block(h, 2);
    if (h->asides > 0)
        h->asides--;
    h->title_divs = 0;
    h->out->quoted.n = 0;
}

static void begin_items(html *h, bool is_ordered)
{
    block(h, h->lists == 0 ? 2 : 1);
    unsigned i = h->lists < HTML_LISTS_MAX ? h->lists : HTML_LISTS_MAX - 1;
    h->is_ordered[i] = is_ordered;
    h->item[i] = 0;
    h->lists += h->lists < UINT_MAX;
}

static void begin_list(html *h, const html_tag *tag)
{
    (void)tag;
    begin_items(h, false);
}

static void begin_numbered(html *h, const html_tag *tag)
{
    (void)tag;
    begin_items(h, true);
}

static void end_list(html *h, const html_tag *tag)
{
    (void)tag;
    if (h->lists > 0)
        h->lists--;
    block(h, h->lists == 0 ? 2 : 1);
    h->out->marker[0] = '\0';
}

static void begin_item(html *h, const html_tag *tag)
{
    (void)tag;
    block(h, 1);
    unsigned i = h->lists < HTML_LISTS_MAX ? h->lists : HTML_LISTS_MAX;
    bool numbered = i > 0 && h->is_ordered[i - 1];
    if (numbered)
        snprintf(h->out->marker, sizeof h->out->marker, "%u. ", ++h->item[i - 1]);
    else
        snprintf(h->out->marker, sizeof h->out->marker, "- ");
}

static void end_item(html *h, const html_tag *tag)
{
    (void)tag;
    block(h, 1);
    h->out->marker[0] = '\0';
}

/* The line end that follows <pre> is not part of it. */
static void begin_pre(html *h, const html_tag *tag)
{
    (void)tag;
    block(h, 2);
    h->pre += h->pre < UINT_MAX / 2;
    weft_str rest = weft_str_of(h->body.p + h->at, h->body.n - h->at);
    if (weft_str_starts(rest, "\n") || weft_str_starts(rest, "\r\n"))
        h->at += rest.p[0] == '\n' ? 1 : 2;
}

static void end_pre(html *h, const html_tag *tag)
{
    (void)tag;
    h->pre -= h->pre > 0;
    block(h, 2);
}

static void begin_code(html *h, const html_tag *tag)
{
    (void)tag;
    h->code += h->code < UINT_MAX / 2;
}

static void end_code(html *h, const html_tag *tag)
{
    (void)tag;
    h->code -= h->code > 0;
}

static void end_link(html *h, const html_tag *tag)
{
    (void)tag;
    close_link(h);
}

static void show_image(html *h, const html_tag *tag)
{
    if (!has_class(tag->class_names, "avatar"))
        html_words(h, tag->alt);
}

static void begin_quote(html *h, const html_tag *tag)
{
    block(h, 2);
    if (tag->quoted.n > 0)
        quote_named(h, tag->quoted);
    body_out_quote(h->out, true);
}

static void end_quote(html *h, const html_tag *tag)
{
    (void)tag;
    block(h, 2);
    body_out_quote(h->out, false);
}

static void begin_div(html *h, const html_tag *tag)
{
    h->title_divs = h->asides > 0 && has_class(tag->class_names, "title");
    block(h, 1);
}

static void line(html *h, const html_tag *tag)
{
    (void)tag;
    block(h, 1);
}

static void paragraph(html *h, const html_tag *tag)
{
    (void)tag;
    block(h, 2);
}

static void begin_p(html *h, const html_tag *tag)
{
    (void)tag;
    block(h, 2);
    h->in_p = true;
}

static void cell(html *h, const html_tag *tag)
{
    (void)tag;
    body_out_space(h->out);
}

static void quotation_mark(html *h, const html_tag *tag)
{
    (void)tag;
    html_words(h, weft_str_of("\"", 1));
}

/* A row without effects is an element that is dropped, with all that is in it. */
typedef struct element {
    const char *name;
    void (*begin)(html *h, const html_tag *tag);
    void (*end)(html *h, const html_tag *tag);
    unsigned dropped; /* its bit in html.unclosed */
    bool to_the_end;  /* dropped with the rest of the body when it is not closed */
} element;

static const element elements[] = {
    {"p", begin_p, paragraph, 0, false},
    {"br", break_line, break_line, 0, false},
    {"a", begin_link, end_link, 0, false},
    {"div", begin_div, line, 0, false},
    {"blockquote", begin_quote, end_quote, 0, false},
    {"aside", begin_aside, end_aside, 0, false},
    {"li", begin_item, end_item, 0, false},
    {"ul", begin_list, end_list, 0, false},
    {"ol", begin_numbered, end_list, 0, false},
    {"pre", begin_pre, end_pre, 0, false},
    {"code", begin_code, end_code, 0, false},
    {"img", show_image, NULL, 0, false},
    {"q", quotation_mark, quotation_mark, 0, false},
    {"td", cell, cell, 0, false},
    {"th", cell, cell, 0, false},
    {"option", cell, cell, 0, false},
    {"tr", line, line, 0, false},
    {"dt", line, line, 0, false},
    {"dd", line, line, 0, false},
    {"figcaption", line, line, 0, false},
    {"caption", line, line, 0, false},
    {"center", line, line, 0, false},
    {"address", line, line, 0, false},
    {"header", line, line, 0, false},
    {"footer", line, line, 0, false},
    {"nav", line, line, 0, false},
    {"form", line, line, 0, false},
    {"fieldset", line, line, 0, false},
    {"legend", line, line, 0, false},
    {"details", line, line, 0, false},
    {"summary", line, line, 0, false},
    {"body", line, line, 0, false},
    {"hr", paragraph, paragraph, 0, false},
    {"h1", paragraph, paragraph, 0, false},
    {"h2", paragraph, paragraph, 0, false},
    {"h3", paragraph, paragraph, 0, false},
    {"h4", paragraph, paragraph, 0, false},
    {"h5", paragraph, paragraph, 0, false},
    {"h6", paragraph, paragraph, 0, false},
    {"table", paragraph, paragraph, 0, false},
    {"figure", paragraph, paragraph, 0, false},
    {"dl", paragraph, paragraph, 0, false},
    {"article", paragraph, paragraph, 0, false},
    {"section", paragraph, paragraph, 0, false},
    {"main", paragraph, paragraph, 0, false},
    {"script", NULL, NULL, 1U << 0, true},
    {"style", NULL, NULL, 1U << 1, true},
    {"iframe", NULL, NULL, 1U << 2, false},
    {"noscript", NULL, NULL, 1U << 3, false},
    {"noembed", NULL, NULL, 1U << 4, false},
    {"noframes", NULL, NULL, 1U << 5, false},
    {"template", NULL, NULL, 1U << 6, false},
    {"svg", NULL, NULL, 1U << 7, false},
    {"title", NULL, NULL, 1U << 8, false},
    {"head", NULL, NULL, 1U << 9, false},
};

static const element *element_of(weft_str name)
{
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
        if (strlen(elements[i].name) == name.n &&
            strncasecmp(elements[i].name, name.p, name.n) == 0)
            return &elements[i];
    return NULL;
}

/* Whether an end tag of the name is at the start of s. */
static bool is_end_of(weft_str s, weft_str name)
{
    return s.n > name.n + 2 && s.p[1] == '/' && strncasecmp(s.p + 2, name.p, name.n) == 0 &&
           strchr("> \n\t\r\f/", s.p[name.n + 2]) != NULL;
}

/* Go on at the end tag of a dropped element. One that has none is passed over alone, or with
 * the rest of the body; which it is, is looked up once for each name. */
static void drop(html *h, const element *e)
{
    weft_str name = weft_str_from(e->name);
    const char *at = h->body.p + h->at, *end = h->body.p + h->body.n;
    while ((h->unclosed & e->dropped) == 0 && at < end) {
        at = memchr(at, '<', (size_t)(end - at));
        if (at == NULL)
            break;
        if (is_end_of(weft_str_of(at, (size_t)(end - at)), name)) {
            h->at = (size_t)(at - h->body.p);
            return;
        }
        at++;
    }
    h->unclosed |= e->dropped;
    if (e->to_the_end)
        h->at = h->body.n;
}

/* In the head of Discourse's quote, a picture and a name, only its end counts. */
static bool is_in_head(html *h, const html_tag *tag, const element *e)
{
    if (h->title_divs == 0)
        return false;
    if (e->begin == begin_quote || e->begin == begin_aside) {
        h->title_divs = 0;
        return false;
    }
    if (e->begin == begin_div)
        h->title_divs = tag->closes ? h->title_divs - 1 : h->title_divs + 1;
    return e->dropped == 0;
}

void html_element(html *h, const html_tag *tag)
{
    const element *e = element_of(tag->name);
    if (e == NULL || is_in_head(h, tag, e))
        return;
    void (*effect)(html *, const html_tag *) = tag->closes ? e->end : e->begin;
    if (effect != NULL)
        effect(h, tag);
    else if (!tag->closes && e->dropped != 0)
        drop(h, e);
}

void html_end(html *h)
{
    close_link(h);
}

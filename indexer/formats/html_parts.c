/* html_parts.c - who wrote a comment of a page, when, and its text.
 *
 * Each part is looked for by the names of html_names.c in order of trust, in the comment's
 * element without the comments inside it. What no name marks as the text is what is left
 * when all else is cut away.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "ago.h"
#include "banned.h"

enum {
    DATE_LINE_MAX = 300,  /* bytes of a line that may hold a date */
    HEADER_LINE_MAX = 80, /* bytes from a name to the end of its date */
    SAID_BYTES_MAX = 60   /* bytes of text between name and body */
};

/* The first element of root that has the class. */
static xmlNode *find_class(const xmlNode *root, const char *class)
{
    for (xmlNode *n = html_next_own(root, root); n != NULL; n = html_next_own(root, n))
        if (html_has_word(n, "class", class))
            return n;
    return NULL;
}

/* property="schema:text" */
static bool is_rdfa(const xmlNode *n, const char *property)
{
    weft_str value = html_attribute(n, "property");
    return weft_str_starts(value, "schema:") &&
           weft_str_is(weft_str_of(value.p + 7, value.n - 7), property);
}

/* The first element whose class says so by a part of a word, and none of those it must not. */
static xmlNode *find_like(const xmlNode *root, const char *const *parts,
                          const char *const *but_not)
{
    for (xmlNode *n = html_next_own(root, root); n != NULL; n = html_next_own(root, n)) {
        weft_str class = html_attribute(n, "class");
        bool is_like = false, is_other = false;
        for (size_t i = 0; parts[i] != NULL && class.n > 0; i++)
            is_like =
                is_like || memmem(class.p, class.n, parts[i], strlen(parts[i])) != NULL;
        for (size_t i = 0; but_not[i] != NULL && is_like; i++)
            is_other = is_other ||
                       memmem(class.p, class.n, but_not[i], strlen(but_not[i])) != NULL;
        if (is_like && !is_other)
            return n;
    }
    return NULL;
}

static xmlNode *find_property(const xmlNode *root, const char *property)
{
    for (xmlNode *n = html_next_own(root, root); n != NULL; n = html_next_own(root, n))
        if (html_has_word(n, "itemprop", property) || is_rdfa(n, property))
            return n;
    return NULL;
}

static xmlNode *find_tag(const xmlNode *root, const char *tag)
{
    for (xmlNode *n = html_next_own(root, root); n != NULL; n = html_next_own(root, n))
        if (html_is(n, tag))
            return n;
    return NULL;
}

/* Author. */

static const char *const NOT_NAME[] = {"(not verified)", "(nicht überprüft)",
                                       "(non vérifié)", NULL};

static bool ends_with(weft_str s, const char *end)
{
    size_t n = strlen(end);
    return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* A name without "says:" and the like behind it; of "by NAME - DATE" the name. */
static weft_str bare_name(weft_str name)
{
    page_header h = {0};
    for (size_t i = 0; NOT_NAME[i] != NULL; i++)
        if (ends_with(name, NOT_NAME[i]))
            name = page_trim(weft_str_of(name.p, name.n - strlen(NOT_NAME[i])));
    if (page_name_before_date(name, &h) && h.name.n > 0)
        return page_without_badge(h.name);
    return page_without_badge(page_bare_name(name));
}

static weft_code name_in(void *mem, const xmlNode *n, weft_str *out, weft_error *err)
{
    weft_str content = html_attribute(n, "content");
    if (html_is(n, "meta") && content.n > 0) {
        *out = bare_name(content);
        return WEFT_OK;
    }
    weft_str line;
    weft_code code = html_line(mem, n, html_says_classes, &line, err);
    if (code == WEFT_OK && line.n <= WEFT_AUTHOR_MAX)
        *out = bare_name(line);
    return code;
}

/* The first link of n that has text. */
static weft_code first_link(void *mem, const xmlNode *root, weft_str *out, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (xmlNode *n = html_next_own(root, root);
         n != NULL && code == WEFT_OK && out->n == 0; n = html_next_own(root, n))
        if (html_is(n, "a"))
            code = name_in(mem, n, out, err);
    return code;
}

static weft_code author_by_class(void *mem, const xmlNode *root, weft_str *out,
                                 weft_error *err)
{
    static const char *const parts[] = {
        "author", "username", "user-name", "commenter", "comment-user", "nickname", NULL};
    static const char *const but_not[] = {"avatar", "date",  "time",    "image",
                                          "photo",  "badge", "picture", "comment-author-",
                                          "bio",    "icon",  NULL};
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && out->n == 0 && html_author_classes[i] != NULL;
         i++) {
        xmlNode *n = find_class(root, html_author_classes[i]);
        if (n != NULL)
            code = name_in(mem, n, out, err);
    }
    xmlNode *like = out->n == 0 ? find_like(root, parts, but_not) : NULL;
    if (code == WEFT_OK && like != NULL)
        code = name_in(mem, like, out, err);
    xmlNode *cite = out->n == 0 ? find_tag(root, "cite") : NULL;
    return code == WEFT_OK && cite != NULL ? name_in(mem, cite, out, err) : code;
}

static weft_code author_of(void *mem, const xmlNode *root, weft_str *out, weft_error *err)
{
    weft_code code = WEFT_OK;
    xmlNode *marked = find_property(root, "author");
    if (marked == NULL)
        marked = find_property(root, "creator");
    xmlNode *name = marked == NULL ? NULL : find_property(marked, "name");
    if (name != NULL || marked != NULL)
        code = name_in(mem, name != NULL ? name : marked, out, err);
    if (code == WEFT_OK && out->n == 0)
        code = author_by_class(mem, root, out, err);
    for (size_t i = 0; code == WEFT_OK && out->n == 0 && html_byline_classes[i] != NULL;
         i++) {
        xmlNode *n = find_class(root, html_byline_classes[i]);
        if (n != NULL)
            code = first_link(mem, n, out, err);
        weft_str line = {0};
        page_header h = {0};
        if (n != NULL && code == WEFT_OK && out->n == 0)
            code = html_line(mem, n, html_says_classes, &line, err);
        if (line.n > 0 && line.n <= DATE_LINE_MAX && page_name_before_date(line, &h))
            *out = bare_name(h.name);
    }
    return code;
}

/* Date. */

static int64_t civil(const html_page *p, const page_date *d)
{
    int64_t s;
    page_date settled = *d;
    const char *tz = p->source->options == NULL ? NULL : p->source->options->tz;
    page_date_settle(&settled, p->order);
    return page_date_seconds(&settled, tz, &s) ? s : WEFT_DATE_UNKNOWN;
}

/* "2020-06-19 11:54:37 -0500": the blank before the offset is no part of RFC 3339. */
static bool parse_spaced(weft_str text, const char *tz, int64_t *out)
{
    char joined[40];
    const char *gap = text.n < sizeof joined ? memrchr(text.p, ' ', text.n) : NULL;
    size_t at = gap == NULL ? 0 : (size_t)(gap - text.p);
    if (gap == NULL || at + 1 >= text.n || strchr("+-U", gap[1]) == NULL)
        return false;
    bool is_utc = weft_str_is(weft_str_of(gap + 1, text.n - at - 1), "UTC");
    size_t n = is_utc ? 0 : text.n - at - 1;
    memcpy(joined, text.p, at);
    memcpy(joined + at, gap + 1, n);
    return weft_date_parse(weft_str_of(joined, at + n), is_utc ? NULL : tz, out, NULL) ==
           WEFT_OK;
}

page_order html_date_order(const html_page *p)
{
    page_order order = PAGE_NO_ORDER;
    page_date d;
    for (const xmlNode *n = p->root; n != NULL; n = html_next(p->root, n)) {
        weft_str text = {0};
        if (n->type == XML_TEXT_NODE && n->content != NULL)
            text = page_trim(weft_str_from((const char *)n->content));
        bool may_be =
            text.n > 0 && text.n <= DATE_LINE_MAX &&
            (memchr(text.p, '/', text.n) != NULL || memchr(text.p, '-', text.n) != NULL);
        if (may_be && page_date_find(text, &d))
            order = page_date_order(order, &d);
    }
    return order;
}

int64_t html_date_of(const html_page *p, weft_str text)
{
    int64_t s;
    page_date d;
    const fmt_choices *choices = p->source->choices;
    const char *tz = p->source->options == NULL ? NULL : p->source->options->tz;
    text = page_trim(text);
    if (text.n == 0)
        return WEFT_DATE_UNKNOWN;
    if (weft_date_parse(text, tz, &s, NULL) == WEFT_OK || parse_spaced(text, tz, &s))
        return s;
    const char *gap = memchr(text.p, ' ', text.n); /* Hacker News: "DATE SECONDS" */
    if (gap != NULL &&
        weft_date_parse(weft_str_of(text.p, (size_t)(gap - text.p)), tz, &s, NULL) ==
            WEFT_OK &&
        memchr(text.p, 'T', (size_t)(gap - text.p)) != NULL)
        return s;
    if (text.n <= DATE_LINE_MAX && page_date_find(text, &d))
        return civil(p, &d);
    if (choices != NULL && choices->has_as_of && fmt_ago(text, choices->as_of_s, &s))
        return s;
    return WEFT_DATE_UNKNOWN;
}

weft_code html_date(void *mem, const html_page *p, const xmlNode *n, int64_t *out,
                    weft_error *err)
{
    static const char *const attributes[] = {"datetime", "content", "title", NULL};
    weft_str line;
    *out = WEFT_DATE_UNKNOWN;
    for (size_t i = 0; attributes[i] != NULL && *out == WEFT_DATE_UNKNOWN; i++)
        *out = html_date_of(p, html_attribute(n, attributes[i]));
    if (*out != WEFT_DATE_UNKNOWN)
        return WEFT_OK;
    weft_code code = html_line(mem, n, NULL, &line, err);
    if (code == WEFT_OK)
        *out = html_date_of(p, line);
    return code;
}

/* The date of an element or of the first one in it whose title is one (lobste.rs). */
static weft_code date_in(void *mem, const html_page *p, const xmlNode *root, int64_t *out,
                         weft_error *err)
{
    weft_code code = html_date(mem, p, root, out, err);
    for (xmlNode *n = html_next_own(root, root);
         code == WEFT_OK && n != NULL && *out == WEFT_DATE_UNKNOWN;
         n = html_next_own(root, n))
        *out = html_date_of(p, html_attribute(n, "title"));
    return code;
}

static weft_code date_of(void *mem, const html_page *p, const xmlNode *root, int64_t *out,
                         weft_error *err)
{
    static const char *const properties[] = {"datePublished", "dateCreated", "commentTime",
                                             NULL};
    weft_code code = WEFT_OK;
    *out = WEFT_DATE_UNKNOWN;
    for (size_t i = 0; properties[i] != NULL; i++) {
        xmlNode *n = find_property(root, properties[i]);
        if (n != NULL && code == WEFT_OK && *out == WEFT_DATE_UNKNOWN)
            code = html_date(mem, p, n, out, err);
    }
    xmlNode *time = find_tag(root, "time");
    if (code == WEFT_OK && *out == WEFT_DATE_UNKNOWN && time != NULL)
        code = html_date(mem, p, time, out, err);
    for (size_t i = 0; html_date_classes[i] != NULL; i++) {
        if (code != WEFT_OK || *out != WEFT_DATE_UNKNOWN)
            break;
        xmlNode *n = find_class(root, html_date_classes[i]);
        if (n != NULL)
            code = date_in(mem, p, n, out, err);
    }
    return code;
}

/* What neither class nor property told, from the words around the text. body is not looked
 * into unless it is the whole. */
static weft_code read_around(void *mem, html_page *p, const html_comment *c, xmlNode *body,
                             html_parts *out, weft_error *err)
{
    weft_str line;
    page_header h = {0};
    bool is_apart = body != c->node && body->_private == NULL;
    if (out->author.n > 0 && out->published_s != WEFT_DATE_UNKNOWN)
        return WEFT_OK;
    if (is_apart)
        body->_private = body; /* so that the line is without it */
    weft_code code = html_line(mem, c->node, html_says_classes, &line, err);
    if (is_apart)
        body->_private = NULL;
    if (code != WEFT_OK || line.n == 0)
        return code;
    if (line.n > DATE_LINE_MAX)
        line.n = weft_utf8_cut(line, out->author.n + HEADER_LINE_MAX);
    if (!page_name_before_date(line, &h) && !(h.has_date && out->author.n > 0))
        return WEFT_OK;
    if (out->author.n == 0)
        out->author = bare_name(h.name);
    if (out->published_s == WEFT_DATE_UNKNOWN)
        out->published_s = civil(p, &h.date);
    return WEFT_OK;
}

/* Whether a date is only known by --as-of. */
static weft_code find_counted(void *mem, const html_page *p, const xmlNode *root,
                              html_parts *out, weft_error *err)
{
    const fmt_choices *choices = p->source->choices;
    int64_t s = out->published_s;
    if (choices == NULL || !choices->has_as_of || s == WEFT_DATE_UNKNOWN)
        return WEFT_OK;
    fmt_source source = *p->source;
    source.choices = NULL;
    html_page without = *p;
    without.source = &source;
    weft_code code = date_of(mem, &without, root, &s, err);
    out->is_counted = s == WEFT_DATE_UNKNOWN;
    return code;
}

/* Text. */

/* Words that stand around a name before the text: it itself, "says:", "by", a date. */
static bool is_header_text(weft_str text, weft_str author)
{
    page_date d;
    weft_str ago;
    text = page_trim(text);
    if (text.n > author.n + SAID_BYTES_MAX)
        return false;
    size_t n = page_date_read(text, &d);
    if (page_is_tail(n > 0 ? weft_str_of(text.p + n, text.n - n) : text) ||
        page_ago_line(text, &ago))
        return true;
    for (size_t i = 0; page_by[i] != NULL; i++)
        if (weft_str_eq(page_trim(weft_str_from(page_by[i])), text))
            return true;
    return author.n > 0 && weft_str_eq(page_bare_name(text), author);
}

/* Where no element is the text: cut what stands before it, and a line at its end that names
 * the author (<cite>Comment by NAME</cite>). */
static weft_code cut_header(void *mem, html_page *p, xmlNode *root, weft_str author,
                            weft_error *err)
{
    xmlNode *cite = find_tag(root, "cite");
    weft_str line = {0};
    weft_code code = WEFT_OK;
    if (cite != NULL)
        code = html_line(mem, cite, NULL, &line, err);
    if (author.n > 0 && line.n >= author.n && line.n <= author.n + SAID_BYTES_MAX &&
        memmem(line.p, line.n, author.p, author.n) != NULL)
        html_cut(p, cite);
    for (xmlNode *n = html_next(root, root); n != NULL; n = html_next(root, n)) {
        weft_str text =
            weft_str_from(n->type == XML_TEXT_NODE ? (const char *)n->content : NULL);
        if (!is_header_text(text, author))
            break;
        if (text.n > 0)
            xmlNodeSetContent(n, BAD_CAST " ");
    }
    return code;
}

/* Whether the first words in n are the author's name. */
static bool begins_with_name(const xmlNode *root, weft_str author)
{
    for (const xmlNode *n = root; n != NULL && author.n > 0; n = html_next(root, n)) {
        weft_str text = {0};
        if (n->type == XML_TEXT_NODE && n->content != NULL)
            text = page_trim(weft_str_from((const char *)n->content));
        if (text.n > 0)
            return weft_str_eq(page_bare_name(text), author);
    }
    return false;
}

static xmlNode *find_body(const xmlNode *root)
{
    static const char *const properties[] = {"text", "commentText", "description",
                                             "articleBody", NULL};
    static const char *const parts[] = {"content", "-text",   "_text", "-body",
                                        "Message", "message", NULL};
    static const char *const but_not[] = {"meta",      "author", "header", "footer",
                                          "date",      "form",   "button", "reply",
                                          "Container", "wrap",   "info",   NULL};
    xmlNode *body = NULL, *after = html_sibling_after(root);
    if (html_is(root, "dt") && after != NULL && html_is(after, "dd"))
        return after; /* the text of a list of terms stands beside its head */
    for (size_t i = 0; properties[i] != NULL && body == NULL; i++)
        body = find_property(root, properties[i]);
    for (size_t i = 0; html_text_classes[i] != NULL && body == NULL; i++)
        body = find_class(root, html_text_classes[i]);
    return body == NULL ? find_like(root, parts, but_not) : body;
}

/* Pictures and the like are a comment, too. */
static bool has_picture(const xmlNode *n)
{
    static const char *const tags[] = {"img", "video", "audio", "embed", NULL};
    for (size_t i = 0; tags[i] != NULL; i++)
        if (find_tag(n, tags[i]) != NULL)
            return true;
    return false;
}

static weft_code body_of(void *mem, html_page *p, const html_comment *c, xmlNode *body,
                         html_parts *out, weft_error *err)
{
    weft_str left = {0};
    weft_code code = html_line(mem, body, html_comment_chrome, &left, err);
    bool is_in_chrome = left.n == 0;
    if (code != WEFT_OK)
        return code;
    html_clean(p, body, is_in_chrome ? html_comment_buttons : html_comment_chrome);
    if (is_in_chrome || body == c->node || html_has_word(body, "class", "comment-body") ||
        begins_with_name(body, out->author))
        code = cut_header(mem, p, body, out->author, err);
    if (code != WEFT_OK || html_text_bytes(body) + has_picture(body) == 0)
        return code;
    return html_inner(mem, body, &out->body, err);
}

weft_code html_comment_parts(void *mem, html_page *p, const html_comment *c,
                             html_parts *out, weft_error *err)
{
    *out = (html_parts){.published_s = WEFT_DATE_UNKNOWN};
    xmlNode *body = find_body(c->node);
    if (body == NULL)
        body = c->node;
    weft_code code = author_of(mem, c->node, &out->author, err);
    if (code == WEFT_OK)
        code = date_of(mem, p, c->node, &out->published_s, err);
    if (code == WEFT_OK)
        code = find_counted(mem, p, c->node, out, err);
    if (code == WEFT_OK)
        code = read_around(mem, p, c, body, out, err);
    /* Hacker News: "[deleted]" and "[flagged]" stand where no text is */
    bool is_gone =
        html_has_word(c->node, "class", "comtr") && find_class(c->node, "commtext") == NULL;
    return code == WEFT_OK && !is_gone ? body_of(mem, p, c, body, out, err) : code;
}

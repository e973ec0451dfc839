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

enum { DATE_LINE_MAX = 300 }; /* bytes of a line that may hold a date */

/* The first element of root that has the class. */
static xmlNode *find_class(const xmlNode *root, const char *class)
{
    for (xmlNode *n = html_next_own(root, root); n != NULL; n = html_next_own(root, n))
        if (html_has_word(n, "class", class))
            return n;
    return NULL;
}

static xmlNode *find_property(const xmlNode *root, const char *property)
{
    for (xmlNode *n = html_next_own(root, root); n != NULL; n = html_next_own(root, n))
        if (html_has_word(n, "itemprop", property))
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

static const char *const SAYS[] = {
    "says", "said", "wrote",    "sagt",   "sagte", "schrieb", "meint",   "a dit", "dit",
    "dice", "dijo", "ha detto", "scrive", "пишет", "говорит", "schreef", "zegt",  NULL};
static const char *const NOT_NAME[] = {"(not verified)", "(nicht überprüft)",
                                       "(non vérifié)", NULL};

static bool ends_with(weft_str s, const char *end)
{
    size_t n = strlen(end);
    return s.n > n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* A name without "says:" and the like behind it. */
static weft_str bare_name(weft_str name)
{
    name = page_trim(name);
    if (name.n > 0 && name.p[name.n - 1] == ':')
        name = page_trim(weft_str_of(name.p, name.n - 1));
    for (size_t i = 0; SAYS[i] != NULL; i++) {
        size_t n = strlen(SAYS[i]);
        if (ends_with(name, SAYS[i]) && name.n > n + 1 && name.p[name.n - n - 1] == ' ')
            return page_trim(weft_str_of(name.p, name.n - n));
    }
    for (size_t i = 0; NOT_NAME[i] != NULL; i++)
        if (ends_with(name, NOT_NAME[i]))
            return page_trim(weft_str_of(name.p, name.n - strlen(NOT_NAME[i])));
    return name;
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

/* "Submitted by NAME (not verified) on DATE": a name without a link. */
static weft_code name_by(void *mem, const xmlNode *n, weft_str *out, weft_error *err)
{
    weft_str line;
    weft_code code = html_line(mem, n, html_says_classes, &line, err);
    if (code != WEFT_OK || line.n == 0 || line.n > DATE_LINE_MAX)
        return code;
    const char *by = memmem(line.p, line.n, " by ", 4);
    if (by == NULL)
        return WEFT_OK;
    weft_str rest = weft_str_of(by + 4, line.n - (size_t)(by + 4 - line.p));
    const char *on = memmem(rest.p, rest.n, " on ", 4);
    *out = bare_name(weft_str_of(rest.p, on == NULL ? rest.n : (size_t)(on - rest.p)));
    return WEFT_OK;
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
    for (size_t i = 0; code == WEFT_OK && out->n == 0 && html_author_classes[i] != NULL;
         i++) {
        xmlNode *n = find_class(root, html_author_classes[i]);
        if (n != NULL)
            code = name_in(mem, n, out, err);
    }
    xmlNode *cite = out->n == 0 ? find_tag(root, "cite") : NULL;
    if (code == WEFT_OK && cite != NULL)
        code = name_in(mem, cite, out, err);
    for (size_t i = 0; code == WEFT_OK && out->n == 0 && html_byline_classes[i] != NULL;
         i++) {
        xmlNode *n = find_class(root, html_byline_classes[i]);
        if (n != NULL)
            code = first_link(mem, n, out, err);
        if (n != NULL && code == WEFT_OK && out->n == 0)
            code = name_by(mem, n, out, err);
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

/* Text. */

static bool is_said(weft_str text)
{
    text = page_trim(text);
    while (text.n > 0 && strchr(":.,|-()", text.p[text.n - 1]) != NULL)
        text = page_trim(weft_str_of(text.p, text.n - 1));
    if (text.n == 0)
        return true;
    char lower[24];
    if (text.n >= sizeof lower)
        return false;
    for (size_t i = 0; i < text.n; i++)
        lower[i] =
            (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] | 0x20 : text.p[i]);
    for (size_t i = 0; SAYS[i] != NULL; i++)
        if (weft_str_is(weft_str_of(lower, text.n), SAYS[i]))
            return true;
    return false;
}

/* Where no element is the text: cut the name, "says:" and the date, the rest is it. */
static void cut_header(html_page *p, xmlNode *root)
{
    xmlNode *cite = find_tag(root, "cite");
    if (cite != NULL && cite->parent == root)
        html_cut(p, cite);
    for (xmlNode *n = root->children, *next; n != NULL; n = next) {
        next = n->next;
        if (n->type == XML_TEXT_NODE && is_said(weft_str_from((const char *)n->content)))
            xmlNodeSetContent(n, BAD_CAST " ");
    }
}

static weft_code body_of(void *mem, html_page *p, xmlNode *root, weft_str *out,
                         weft_error *err)
{
    static const char *const properties[] = {"text", "commentText", "description",
                                             "articleBody", NULL};
    xmlNode *body = NULL;
    for (size_t i = 0; properties[i] != NULL && body == NULL; i++)
        body = find_property(root, properties[i]);
    for (size_t i = 0; html_text_classes[i] != NULL && body == NULL; i++)
        body = find_class(root, html_text_classes[i]);
    if (body == NULL)
        body = root;
    html_clean(p, body, html_comment_chrome);
    if (body == root || html_has_word(body, "class", "comment-body"))
        cut_header(p, body);
    return html_inner(mem, body, out, err);
}

weft_code html_comment_parts(void *mem, html_page *p, const html_comment *c,
                             html_parts *out, weft_error *err)
{
    *out = (html_parts){.published_s = WEFT_DATE_UNKNOWN};
    weft_code code = author_of(mem, c->node, &out->author, err);
    if (code == WEFT_OK)
        code = date_of(mem, p, c->node, &out->published_s, err);
    if (code == WEFT_OK)
        code = body_of(mem, p, c->node, &out->body, err);
    return code;
}

/* html_article.c - the article of a page: what its head says about it, and its text.
 *
 * For each field the places are asked in order of trust: the headline's own markup, Open
 * Graph and other <meta>, microdata, <title>. The text is the longest element that a class
 * name marks as one, without what html_article_chrome names.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum {
    SITE_MAX = 60, /* bytes of a site's name behind a " | " of <title> */
    LANGUAGE_BYTES = 2
};

typedef struct article_reader {
    void *mem;
    html_page *p;
    weft_record *r;
    weft_error *err;
    size_t tags_room;
    bool has_comments_only; /* a page of lobste.rs or Hacker News: text only where marked */
} article_reader;

static weft_code copy_to(article_reader *a, weft_str text, const char **out)
{
    text = page_trim(text);
    if (text.n == 0)
        return WEFT_OK;
    *out = weft_str_dup(a->mem, text);
    return *out == NULL ? weft_fail_nomem(a->err) : WEFT_OK;
}

/* The next element of the page that is in no comment. */
static xmlNode *next_outside(const html_page *p, const xmlNode *n)
{
    return html_next_own(p->root, n);
}

/* Value of the first <meta> of that property or name. */
static weft_str meta(const html_page *p, const char *name)
{
    static const char *const keys[] = {"property", "name", "itemprop"};
    for (xmlNode *n = p->root; n != NULL; n = next_outside(p, n)) {
        if (!html_is(n, "meta"))
            continue;
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
            if (html_has_word(n, keys[i], name) && html_attribute(n, "content").n > 0)
                return html_attribute(n, "content");
    }
    return weft_str_from(NULL);
}

static xmlNode *first_of_class(const html_page *p, const char *tag, const char *class)
{
    for (xmlNode *n = p->root; n != NULL; n = next_outside(p, n))
        if ((tag == NULL || html_is(n, tag)) && html_has_word(n, "class", class))
            return n;
    return NULL;
}

static xmlNode *first_with(const html_page *p, const char *attribute, const char *word)
{
    for (xmlNode *n = p->root; n != NULL; n = next_outside(p, n))
        if (html_has_word(n, attribute, word))
            return n;
    return NULL;
}

static xmlNode *first_tag(const html_page *p, const char *tag, bool only_one)
{
    xmlNode *found = NULL;
    for (xmlNode *n = p->root; n != NULL; n = next_outside(p, n)) {
        if (!html_is(n, tag))
            continue;
        if (!only_one)
            return n;
        if (found != NULL)
            return NULL;
        found = n;
    }
    return found;
}

static weft_code line_to(article_reader *a, const xmlNode *n, const char **out)
{
    weft_str line = {0};
    if (n == NULL || *out != NULL)
        return WEFT_OK;
    weft_code code = html_line(a->mem, n, html_says_classes, &line, a->err);
    return code == WEFT_OK ? copy_to(a, line, out) : code;
}

/* Site and title. */

/* text without " | SITE" and the like at its end. */
static weft_str without_site(weft_str text, const char *site)
{
    static const char *const marks[] = {" | ", " — ", " – ", " - ", " « ", " » ", " · "};
    text = page_trim(text);
    weft_str end = weft_str_from(site);
    if (end.n == 0 || text.n <= end.n || memcmp(text.p + text.n - end.n, end.p, end.n) != 0)
        return text;
    weft_str rest = weft_str_of(text.p, text.n - end.n);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t n = strlen(marks[i]);
        if (rest.n > n && memcmp(rest.p + rest.n - n, marks[i], n) == 0)
            return page_trim(weft_str_of(rest.p, rest.n - n));
    }
    return text;
}

/* What stands behind the last " | " of a <title>. */
static weft_str site_of_title(weft_str title)
{
    for (size_t at = title.n; at-- > 2;)
        if (memcmp(title.p + at - 2, " | ", 3) == 0) {
            weft_str site = page_trim(weft_str_of(title.p + at, title.n - at));
            return site.n <= SITE_MAX ? site : weft_str_from(NULL);
        }
    return weft_str_from(NULL);
}

static weft_code read_site(article_reader *a, weft_str title)
{
    static const char *const classes[] = {"site-name", "site-title", NULL};
    weft_code code = copy_to(a, meta(a->p, "og:site_name"), &a->r->site);
    for (size_t i = 0; code == WEFT_OK && a->r->site == NULL && classes[i] != NULL; i++)
        code = line_to(a, first_of_class(a->p, NULL, classes[i]), &a->r->site);
    if (code == WEFT_OK && a->r->site == NULL)
        code = copy_to(a, meta(a->p, "application-name"), &a->r->site);
    if (code == WEFT_OK && a->r->site == NULL)
        code = copy_to(a, site_of_title(title), &a->r->site);
    if (a->r->site != NULL && strlen(a->r->site) > WEFT_AUTHOR_MAX)
        a->r->site = NULL;
    return code;
}

static weft_code read_title(article_reader *a)
{
    static const char *const classes[] = {"entry-title",    "post-title",  "article-title",
                                          "article__title", "story-title", "headline",
                                          "p-name",         NULL};
    weft_str title = {0};
    xmlNode *n = first_tag(a->p, "title", false);
    weft_code code = n == NULL ? WEFT_OK : html_line(a->mem, n, NULL, &title, a->err);
    if (code == WEFT_OK)
        code = read_site(a, title);
    for (size_t i = 0; code == WEFT_OK && classes[i] != NULL; i++)
        code = line_to(a, first_of_class(a->p, "h1", classes[i]), &a->r->title);
    if (code == WEFT_OK && a->r->title == NULL)
        code = copy_to(a, without_site(meta(a->p, "og:title"), a->r->site), &a->r->title);
    if (code == WEFT_OK)
        code = line_to(a, first_with(a->p, "itemprop", "headline"), &a->r->title);
    if (code == WEFT_OK && a->r->title == NULL)
        code = copy_to(a, without_site(title, a->r->site), &a->r->title);
    return code == WEFT_OK ? line_to(a, first_tag(a->p, "h1", true), &a->r->title) : code;
}

/* Who, when, where. */

static bool is_url(weft_str s)
{
    return weft_str_starts(s, "http://") || weft_str_starts(s, "https://");
}

/* A heading such as "Author" over the name is no part of it. */
static weft_code read_author(article_reader *a)
{
    static const char *const metas[] = {"author", "article:author", "dc.creator"};
    static const char *const classes[] = {
        "p-author",     "author-name", "u-author", "byline",
        "entry-author", "submitted",   "hnuser",   NULL};
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < sizeof metas / sizeof metas[0] && code == WEFT_OK; i++) {
        weft_str name = meta(a->p, metas[i]);
        if (a->r->author == NULL && !is_url(name) && name.n <= WEFT_AUTHOR_MAX)
            code = copy_to(a, name, &a->r->author);
    }
    xmlNode *n = first_with(a->p, "itemprop", "author");
    if (n == NULL)
        n = first_with(a->p, "rel", "author");
    xmlNode *vcard = first_of_class(a->p, NULL, "fn");
    const xmlNode *ways[] = {n, vcard};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && code == WEFT_OK; i++)
        code = line_to(a, ways[i], &a->r->author);
    for (size_t i = 0; classes[i] != NULL && code == WEFT_OK && a->r->author == NULL; i++) {
        const xmlNode *by = first_of_class(a->p, NULL, classes[i]);
        if (by == NULL || html_is(by, "a")) {
            code = line_to(a, by, &a->r->author);
            continue;
        }
        for (xmlNode *l = html_next_own(by, by); l != NULL && code == WEFT_OK;
             l = html_next_own(by, l))
            if (html_is(l, "a"))
                code = line_to(a, l, &a->r->author);
    }
    weft_str name = page_without_badge(page_bare_name(weft_str_from(a->r->author)));
    a->r->author = NULL;
    return code == WEFT_OK && page_name_is_fit(name) ? copy_to(a, name, &a->r->author)
                                                     : code;
}

static weft_code read_date(article_reader *a)
{
    static const char *const metas[] = {"article:published_time", "datePublished", "date",
                                        "dc.date", "pubdate"};
    static const char *const classes[] = {"published", "entry-date", "dt-published",
                                          "post-date", "date",       "submitted",
                                          "age",       "byline",     NULL};
    weft_code code = WEFT_OK;
    int64_t *date = &a->r->published_s;
    for (size_t i = 0; i < sizeof metas / sizeof metas[0] && *date == WEFT_DATE_UNKNOWN;
         i++)
        *date = html_date_of(a->p, meta(a->p, metas[i]));
    xmlNode *n = first_with(a->p, "itemprop", "datePublished");
    if (n != NULL && *date == WEFT_DATE_UNKNOWN)
        code = html_date(a->mem, a->p, n, date, a->err);
    for (size_t i = 0; classes[i] != NULL && code == WEFT_OK; i++) {
        n = *date == WEFT_DATE_UNKNOWN ? first_of_class(a->p, NULL, classes[i]) : NULL;
        if (n != NULL)
            code = html_date(a->mem, a->p, n, date, a->err);
        for (xmlNode *in = n; in != NULL && *date == WEFT_DATE_UNKNOWN;
             in = html_next_own(n, in))
            *date = html_date_of(a->p, html_attribute(in, "title"));
    }
    return code;
}

/* Address of the page: <link rel=canonical>, og:url. */
static weft_code read_url(article_reader *a)
{
    weft_str url = {0};
    for (xmlNode *n = a->p->root; n != NULL && url.n == 0; n = next_outside(a->p, n))
        if (html_is(n, "link") && html_has_word(n, "rel", "canonical"))
            url = html_attribute(n, "href");
    if (!is_url(url))
        url = meta(a->p, "og:url");
    return is_url(url) && url.n <= WEFT_URL_MAX ? copy_to(a, url, &a->r->url) : WEFT_OK;
}

/* Whether a link names a category of the site, not a tag. */
static bool is_category(const xmlNode *n)
{
    weft_str href = html_attribute(n, "href");
    return html_is(n, "a") &&
           (html_has_word(n, "rel", "category") ||
            (html_has_word(n, "rel", "tag") && href.n > 0 &&
             memmem(href.p, href.n, "/category/", strlen("/category/")) != NULL));
}

static weft_code add_tag(article_reader *a, weft_str tag)
{
    tag = page_trim(tag);
    if (tag.n == 0 || tag.n > WEFT_AUTHOR_MAX || a->r->tag_count == WEFT_TAGS_MAX)
        return WEFT_OK;
    for (size_t i = 0; i < a->r->tag_count; i++)
        if (weft_str_is(tag, a->r->tags[i]))
            return WEFT_OK;
    if (a->r->tags == NULL)
        a->r->tags = weft_new_array(a->mem, const char *, WEFT_TAGS_MAX);
    if (a->r->tags == NULL)
        return weft_fail_nomem(a->err);
    return copy_to(a, tag, &a->r->tags[a->r->tag_count++]);
}

static weft_code read_tags(article_reader *a)
{
    weft_code code = WEFT_OK;
    for (xmlNode *n = a->p->root; n != NULL && code == WEFT_OK; n = next_outside(a->p, n)) {
        weft_str line = {0};
        bool is_tag =
            html_is(n, "a") &&
            (html_has_word(n, "rel", "tag") || html_has_word(n, "class", "tag")) &&
            !html_has_word(n, "rel", "category");
        if (html_is(n, "meta") && html_has_word(n, "property", "article:tag"))
            line = html_attribute(n, "content");
        else if (is_tag)
            code = html_line(a->mem, n, NULL, &line, a->err);
        if (code == WEFT_OK)
            code = add_tag(a, line);
    }
    return code;
}

static weft_code read_section(article_reader *a)
{
    weft_code code = copy_to(a, meta(a->p, "article:section"), &a->r->section);
    if (code == WEFT_OK)
        code = line_to(a, first_with(a->p, "itemprop", "articleSection"), &a->r->section);
    for (xmlNode *n = a->p->root; n != NULL && code == WEFT_OK && a->r->section == NULL;
         n = next_outside(a->p, n))
        if (is_category(n))
            code = line_to(a, n, &a->r->section);
    if (a->r->section != NULL && strlen(a->r->section) > WEFT_AUTHOR_MAX)
        a->r->section = NULL;
    return code;
}

/* "de-DE" is "de". */
static weft_code read_language(article_reader *a)
{
    weft_str lang = html_attribute(a->p->root, "lang");
    bool fits =
        lang.n == LANGUAGE_BYTES || (lang.n > 2 && (lang.p[2] == '-' || lang.p[2] == '_'));
    for (size_t i = 0; i < LANGUAGE_BYTES && fits; i++)
        fits = (lang.p[i] | 0x20) >= 'a' && (lang.p[i] | 0x20) <= 'z';
    if (!fits)
        return WEFT_OK;
    char code[LANGUAGE_BYTES] = {(char)(lang.p[0] | 0x20), (char)(lang.p[1] | 0x20)};
    return copy_to(a, weft_str_of(code, sizeof code), &a->r->lang);
}

/* Id. */

/* The one number N of all id="post-N"; empty when there are several. */
static weft_str only_post(const html_page *p)
{
    weft_str only = {0};
    for (xmlNode *n = p->root; n != NULL; n = next_outside(p, n)) {
        weft_str id = html_attribute(n, "id");
        if (!weft_str_starts(id, "post-"))
            continue;
        weft_str number = weft_str_of(id.p + 5, id.n - 5);
        if (number.n == 0 || html_digits(number) != number.n)
            continue;
        if (only.n > 0 && !weft_str_eq(only, number))
            return weft_str_from(NULL);
        only = number;
    }
    return only;
}

/* N of the "postid-N" that WordPress gives <body>. */
static weft_str body_post(const html_page *p)
{
    xmlNode *body = first_tag(p, "body", false);
    weft_str class = body == NULL ? weft_str_from(NULL) : html_attribute(body, "class");
    const char *at = class.n == 0 ? NULL : memmem(class.p, class.n, "postid-", 7);
    if (at == NULL)
        return weft_str_from(NULL);
    weft_str rest = weft_str_of(at + 7, class.n - (size_t)(at + 7 - class.p));
    return weft_str_of(rest.p, html_digits(rest));
}

static weft_code read_id(article_reader *a)
{
    weft_str id = body_post(a->p);
    if (id.n == 0)
        id = only_post(a->p);
    xmlNode *story = first_of_class(a->p, "li", "story");
    if (id.n == 0 && story != NULL)
        id = html_attribute(story, "data-shortid");
    xmlNode *item = first_of_class(a->p, "tr", "athing");
    if (id.n == 0 && item != NULL && html_digits(html_attribute(item, "id")) > 0)
        id = html_attribute(item, "id");
    a->has_comments_only = story != NULL || item != NULL;
    return id.n <= WEFT_ID_MAX / 2 ? copy_to(a, id, &a->r->id) : WEFT_OK;
}

/* Text. */

/* The element with most text of those that have the class or tag, and the property. */
static xmlNode *longest(const html_page *p, const char *class, const char *tag,
                        const char *property)
{
    xmlNode *best = NULL;
    size_t best_bytes = 0;
    for (xmlNode *n = p->root; n != NULL;) {
        bool fits = class != NULL ? html_has_word(n, "class", class)
                    : tag != NULL ? html_is(n, tag)
                                  : html_has_word(n, "itemprop", property);
        if (!fits) {
            n = next_outside(p, n);
            continue;
        }
        size_t bytes = html_text_bytes(n);
        if (bytes > best_bytes) {
            best = n;
            best_bytes = bytes;
        }
        n = html_skip(p->root, n);
        while (n != NULL && n->type != XML_ELEMENT_NODE)
            n = html_skip(p->root, n);
    }
    return best;
}

static weft_code read_body(article_reader *a)
{
    static const char *const tags[] = {"article", "main", "body", NULL};
    xmlNode *body = longest(a->p, NULL, NULL, "articleBody");
    for (size_t i = 0; html_article_classes[i] != NULL && body == NULL; i++)
        body = longest(a->p, html_article_classes[i], NULL, NULL);
    for (size_t i = 0; tags[i] != NULL && body == NULL && !a->has_comments_only; i++)
        body = longest(a->p, NULL, tags[i], NULL);
    if (body == NULL)
        return WEFT_OK;
    weft_str text;
    html_clean(a->p, body, html_article_chrome);
    if (html_text_bytes(body) == 0)
        return WEFT_OK;
    a->r->format = WEFT_HTML;
    weft_code code = html_inner(a->mem, body, &text, a->err);
    weft_str class = html_attribute(body, "class");
    fmt_note(a->p->sink, "article: <%s class=\"%" WEFT_STR_FMT "\">",
             (const char *)body->name, WEFT_STR_ARG(class));
    return code == WEFT_OK ? copy_to(a, text, &a->r->body) : code;
}

weft_code html_article(void *mem, html_page *p, weft_record *r, weft_error *err)
{
    weft_code (*const parts[])(article_reader *) = {
        read_title, read_author,   read_date, read_url,  read_section,
        read_tags,  read_language, read_id,   read_body,
    };
    article_reader a = {.mem = mem, .p = p, .r = r, .err = err};
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && code == WEFT_OK; i++)
        code = parts[i](&a);
    return code;
}

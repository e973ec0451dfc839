/* html.h - the parts of the `html` reader: the tree of a page, where its comments are and
 * what belongs to each, the article.
 *
 * A page is parsed once (html_dom_parse). The elements that hold a comment are found and
 * marked (html_find_comments), then each record is taken out of what its element holds
 * without the comments inside it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FORMATS_HTML_H
#define FORMATS_HTML_H

#include <libxml/tree.h>

#include "../formats.h"
#include "page.h"

enum {
    HTML_BYTES_MAX = 64 * 1024 * 1024,
    HTML_NODES_MAX = 1000000, /* elements, attributes and texts of a page */
    HTML_DEPTH_MAX = 250      /* elements inside each other; libxml2's own limit is 256 */
};

/** A comment of a page. Texts are in the page's memory. */
typedef struct html_comment {
    xmlNode *node;       /* its element; _private of it points back here */
    const char *id;      /* as the page has it; NULL when it has none */
    const char *anchor;  /* what a link to it names; NULL */
    const char *answers; /* the id it says it answers; NULL */
    struct html_comment *parent;
    long depth; /* as the page says it, from 0; -1 when it does not */
    bool is_ping, is_answered;
} html_comment;

/** A page at work. */
typedef struct html_page {
    void *mem;
    xmlDoc *doc;
    xmlNode *root;  /* never NULL */
    xmlNode *attic; /* takes what is cut out of the tree */
    const fmt_source *source;
    const fmt_sink *sink;
    const char *shape; /* of its comments, for `convert --explain` */
    html_comment **comments;
    size_t count, room;
    page_order order; /* of day and month in its dates */
    size_t deep_line; /* where elements nest too deep: nothing behind it was read; 0 */
} html_page;

/* The tree. */

/**
 * Parse UTF-8 bytes; p->doc lives as long as mem.
 *
 * Errors:  WEFT_ELIMIT over HTML_NODES_MAX, WEFT_ESYNTAX for a page without an element,
 *          WEFT_ENOMEM.
 */
weft_code html_dom_parse(html_page *p, weft_str bytes, weft_error *err) weft_must_check;

/** The element or text after n in the order of the page, inside root; NULL at the end. */
xmlNode *html_next(const xmlNode *root, const xmlNode *n);

/** As html_next, without going into n. */
xmlNode *html_skip(const xmlNode *root, const xmlNode *n);

/** The next element of root that belongs to the comment or article itself: comments inside
 * are passed over, root's own mark is not. */
xmlNode *html_next_own(const xmlNode *root, const xmlNode *n);

bool html_is(const xmlNode *n, const char *tag);

/** The element next to n, and the one before it; NULL. */
xmlNode *html_sibling_after(const xmlNode *n);
xmlNode *html_sibling_before(const xmlNode *n);

/** Value of an attribute, borrowed; empty when there is none. */
weft_str html_attribute(const xmlNode *n, const char *name);

/** Whether one of the words of an attribute (class, itemprop, rel) is word. */
bool html_has_word(const xmlNode *n, const char *attribute, const char *word);

/** Whether one of its classes is in the list, which ends in NULL. */
bool html_has_class_of(const xmlNode *n, const char *const *list);

/** Length of the digits at the start of s. */
size_t html_digits(weft_str s);

/**
 * Text of an element as one line: runs of white space are one space, comments inside it,
 * scripts and elements of the class list `without` (may be NULL) are left out.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code html_line(void *mem, const xmlNode *n, const char *const *without, weft_str *out,
                    weft_error *err) weft_must_check;

/** Bytes of text in an element that are no white space, without comments inside it. */
size_t html_text_bytes(const xmlNode *n);

/**
 * What an element holds, as HTML.
 *
 * Errors:  WEFT_ENOMEM, WEFT_ELIMIT over HTML_BYTES_MAX.
 */
weft_code html_inner(void *mem, const xmlNode *n, weft_str *out,
                     weft_error *err) weft_must_check;

/** Move an element out of the tree of the page. */
void html_cut(html_page *p, xmlNode *n);

/** Cut all from n that is no text of it: comments, scripts, forms, elements of the class
 * list. */
void html_clean(html_page *p, xmlNode *n, const char *const *chrome);

/* Comments. */

/**
 * Find the comments of a page by the shape most of them have, in page order, with their
 * parents.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code html_find_comments(html_page *p, weft_error *err) weft_must_check;

/** What one comment holds, in mem; author and body may be empty. */
typedef struct html_parts {
    weft_str author, body;
    int64_t published_s;
    bool is_counted; /* the date counts from when the page was saved */
} html_parts;

/**
 * Take a comment apart; what is cut from its body is gone from the tree.
 *
 * Errors:  WEFT_ENOMEM, WEFT_ELIMIT.
 */
weft_code html_comment_parts(void *mem, html_page *p, const html_comment *c,
                             html_parts *out, weft_error *err) weft_must_check;

/**
 * The date of what n holds: of its <time>, its microdata, its title or its text.
 *
 * Errors:  WEFT_ENOMEM.
 */
weft_code html_date(void *mem, const html_page *p, const xmlNode *n, int64_t *out,
                    weft_error *err) weft_must_check;

/** What the dates of the whole page say of their order. */
page_order html_date_order(const html_page *p);

/** A date as any page writes it, in an attribute or as text. */
int64_t html_date_of(const html_page *p, weft_str text);

/* The article. */

/**
 * The article of a page: r's texts are in mem, its id is the page's own or NULL. Comments
 * must be marked.
 *
 * Errors:  WEFT_ENOMEM, WEFT_ELIMIT.
 */
weft_code html_article(void *mem, html_page *p, weft_record *r,
                       weft_error *err) weft_must_check;

/* schema.org in JSON. */

/**
 * Fill what is missing of the article from the page's JSON-LD. Where the page shows no
 * comments and that has some, give the article and them to the sink; *found says so.
 *
 * Errors:  WEFT_ENOMEM, and what emit returns.
 */
weft_code html_json_ld(html_page *p, page_ids *ids, weft_record *article, bool *found,
                       weft_error *err) weft_must_check;

/* Tables of class names (html_names.c), each ends in NULL; those of parts are in order of
 * trust. */
extern const char *const html_author_classes[];
extern const char *const html_byline_classes[];
extern const char *const html_date_classes[];
extern const char *const html_text_classes[];
extern const char *const html_comment_chrome[];
extern const char *const html_comment_buttons[];
extern const char *const html_article_classes[];
extern const char *const html_article_chrome[];
extern const char *const html_list_classes[];
extern const char *const html_says_classes[];

#endif

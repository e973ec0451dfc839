/* html_dom.c - parses a page with libxml2 and walks its tree.
 *
 * libxml2 is given no network, no entities of a DOCTYPE and a cap on nodes and depth. Walks
 * go by pointers, never by recursion: the depth of a page is its writer's.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <libxml/SAX2.h>

#include "weft/mem.h"
#include "banned.h"

/* What the parser's calls back need; the parser's _private. */
typedef struct parsing {
    startElementSAXFunc start;
    charactersSAXFunc text;
    size_t nodes, deep_line;
    bool lost; /* memory */
} parsing;

/* Owns the tree for a talloc context. */
typedef struct tree {
    xmlDoc *doc;
} tree;

static int tree_done(tree *t)
{
    xmlFreeDoc(t->doc);
    return 0;
}

/* Count a node; false, and the parser stopped, when there are too many. */
static bool may_add(htmlParserCtxt *parser, size_t n)
{
    parsing *state = parser->_private;
    state->nodes += n;
    if (state->nodes <= HTML_NODES_MAX)
        return true;
    xmlStopParser(parser);
    return false;
}

static void start_element(void *ctx, const xmlChar *name, const xmlChar **attributes)
{
    htmlParserCtxt *parser = ctx;
    parsing *state = parser->_private;
    size_t n = 1;
    for (const xmlChar **a = attributes; a != NULL && *a != NULL; a += 2)
        n += 2;
    if (!may_add(parser, n))
        return;
    if (parser->nodeNr >= HTML_DEPTH_MAX) {
        if (state->deep_line == 0)
            state->deep_line = (size_t)xmlSAX2GetLineNumber(parser);
        xmlStopParser(parser);
        return;
    }
    state->start(ctx, name, attributes);
}

static void add_text(void *ctx, const xmlChar *text, int n)
{
    htmlParserCtxt *parser = ctx;
    parsing *state = parser->_private;
    if (may_add(parser, 1))
        state->text(ctx, text, n);
}

static void ignore_comment(void *ctx, const xmlChar *text)
{
    (void)ctx;
    (void)text;
}

static weft_code keep_tree(html_page *p, xmlDoc *doc, weft_error *err)
{
    tree *t = talloc_zero(p->mem, tree);
    if (t == NULL) {
        xmlFreeDoc(doc);
        return weft_fail_nomem(err);
    }
    t->doc = doc;
    talloc_set_destructor(t, tree_done);
    p->doc = doc;
    p->root = xmlDocGetRootElement(doc);
    if (p->root == NULL)
        return weft_fail(err, WEFT_ESYNTAX, "%s: holds no element of HTML",
                         p->source->name);
    p->attic = xmlNewDocNode(doc, NULL, BAD_CAST "attic", NULL);
    if (p->attic == NULL)
        return weft_fail_nomem(err);
    xmlAddNextSibling(p->root, p->attic);
    return WEFT_OK;
}

/* libxml2 tells of lost memory in several ways and goes on; all of them pass here. */
static void note_lost(void *ctx, xmlErrorPtr error)
{
    htmlParserCtxt *parser = ctx;
    parsing *state = parser->_private;
    if (error == NULL || error->code != XML_ERR_NO_MEMORY)
        return;
    state->lost = true;
    xmlStopParser(parser);
}

weft_code html_dom_parse(html_page *p, weft_str bytes, weft_error *err)
{
    const int options = HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                        HTML_PARSE_NONET | HTML_PARSE_NODEFDTD | HTML_PARSE_COMPACT;
    htmlParserCtxt *parser = htmlNewParserCtxt();
    if (parser == NULL)
        return weft_fail_nomem(err);
    parsing state = {.start = parser->sax->startElement, .text = parser->sax->characters};
    parser->_private = &state;
    parser->sax->startElement = start_element;
    parser->sax->characters = add_text;
    parser->sax->ignorableWhitespace = add_text;
    parser->sax->cdataBlock = NULL; /* what scripts hold comes as text */
    parser->sax->comment = ignore_comment;
    xmlSetStructuredErrorFunc(parser, note_lost);
    xmlDoc *doc = htmlCtxtReadMemory(parser, bytes.p, (int)bytes.n, NULL, "UTF-8", options);
    xmlSetStructuredErrorFunc(NULL, NULL);
    bool nomem = state.lost || parser->errNo == XML_ERR_NO_MEMORY;
    htmlFreeParserCtxt(parser);
    if (doc == NULL && nomem)
        return weft_fail_nomem(err);
    if (doc == NULL)
        return weft_fail(err, WEFT_ESYNTAX, "%s: holds no element of HTML",
                         p->source->name);
    p->deep_line = state.deep_line;
    if (nomem) {
        xmlFreeDoc(doc);
        return weft_fail_nomem(err);
    }
    weft_code code = keep_tree(p, doc, err);
    if (code == WEFT_OK && state.nodes > HTML_NODES_MAX)
        return weft_fail(err, WEFT_ELIMIT, "%s: over %d elements and texts",
                         p->source->name, HTML_NODES_MAX);
    return code;
}

xmlNode *html_skip(const xmlNode *root, const xmlNode *n)
{
    while (n != root && n->next == NULL)
        n = n->parent;
    return n == root ? NULL : n->next;
}

xmlNode *html_next(const xmlNode *root, const xmlNode *n)
{
    return n->type == XML_ELEMENT_NODE && n->children != NULL ? n->children
                                                              : html_skip(root, n);
}

static bool is_inner_comment(const xmlNode *root, const xmlNode *n)
{
    return n != root && n->type == XML_ELEMENT_NODE && n->_private != NULL;
}

/* The next node, comments inside passed over. */
static xmlNode *next_own_node(const xmlNode *root, const xmlNode *n)
{
    xmlNode *next = html_next(root, n);
    while (next != NULL && is_inner_comment(root, next))
        next = html_skip(root, next);
    return next;
}

xmlNode *html_next_own(const xmlNode *root, const xmlNode *n)
{
    xmlNode *next = next_own_node(root, n);
    while (next != NULL && next->type != XML_ELEMENT_NODE)
        next = next_own_node(root, next);
    return next;
}

bool html_is(const xmlNode *n, const char *tag)
{
    /* libxml2 leaves an element without a name when memory is short. */
    return n->type == XML_ELEMENT_NODE && n->name != NULL &&
           strcmp((const char *)n->name, tag) == 0;
}

xmlNode *html_sibling_after(const xmlNode *n)
{
    xmlNode *s = n->next;
    while (s != NULL && s->type != XML_ELEMENT_NODE)
        s = s->next;
    return s;
}

xmlNode *html_sibling_before(const xmlNode *n)
{
    xmlNode *s = n->prev;
    while (s != NULL && s->type != XML_ELEMENT_NODE)
        s = s->prev;
    return s;
}

weft_str html_attribute(const xmlNode *n, const char *name)
{
    if (n->type != XML_ELEMENT_NODE)
        return weft_str_from(NULL);
    for (const xmlAttr *a = n->properties; a != NULL; a = a->next)
        if (a->name != NULL && strcmp((const char *)a->name, name) == 0)
            return weft_str_from(a->children == NULL ? NULL
                                                     : (const char *)a->children->content);
    return weft_str_from(NULL);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The next word of *words; false when there is none. */
static bool next_word(weft_str *words, weft_str *word)
{
    size_t from = 0;
    while (from < words->n && is_space(words->p[from]))
        from++;
    size_t to = from;
    while (to < words->n && !is_space(words->p[to]))
        to++;
    *word = weft_str_of(words->p == NULL ? NULL : words->p + from, to - from);
    *words = weft_str_of(words->p == NULL ? NULL : words->p + to, words->n - to);
    return word->n > 0;
}

bool html_has_word(const xmlNode *n, const char *attribute, const char *word)
{
    weft_str words = html_attribute(n, attribute), one;
    while (next_word(&words, &one))
        if (weft_str_is(one, word))
            return true;
    return false;
}

bool html_has_class_of(const xmlNode *n, const char *const *list)
{
    weft_str words = html_attribute(n, "class"), one;
    while (next_word(&words, &one))
        for (size_t i = 0; list[i] != NULL; i++)
            if (weft_str_is(one, list[i]))
                return true;
    return false;
}

size_t html_digits(weft_str s)
{
    size_t n = 0;
    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return n;
}

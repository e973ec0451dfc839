/* html_text.c - what an element holds, as a line of text or as HTML, without what is not its
 * own. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "html.h"

#include <libxml/HTMLtree.h>

#include "weft/mem.h"
#include "banned.h"

/* Elements that never hold text for a reader. */
static const char *const SILENT[] = {"script",   "style",  "noscript", "template", "select",
                                     "textarea", "button", "form",     "input",    "iframe",
                                     "label",    "svg",    "canvas",   "object",   NULL};
/* Elements that stand in a line of text; at the edge of any other one the line breaks. */
static const char *const INLINE[] = {"a",    "b",    "i",   "em",  "strong",  "span",
                                     "cite", "abbr", "sup", "sub", "small",   "font",
                                     "q",    "code", "u",   "s",   "time",    "mark",
                                     "ins",  "del",  "kbd", "bdi", "acronym", NULL};

static bool is_one_of(const xmlNode *n, const char *const *tags)
{
    for (size_t i = 0; tags[i] != NULL; i++)
        if (html_is(n, tags[i]))
            return true;
    return false;
}

static bool is_left_out(const xmlNode *root, const xmlNode *n, const char *const *without)
{
    if (n == root || n->type != XML_ELEMENT_NODE)
        return false;
    return n->_private != NULL || is_one_of(n, SILENT) ||
           (without != NULL && html_has_class_of(n, without));
}

static bool is_text(const xmlNode *n)
{
    return (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) &&
           n->content != NULL;
}

static bool breaks_line(const xmlNode *n)
{
    return n->type == XML_ELEMENT_NODE && !is_one_of(n, INLINE);
}

/* Length of the white space at s, a no-break or zero-width one too. */
static size_t space_at(weft_str s)
{
    size_t n = page_space(s);
    if (n > 0)
        return n;
    return weft_str_starts(s, "\xe2\x80\x8b") || weft_str_starts(s, "\xe2\x80\xaf") ? 3 : 0;
}

static void add_folded(weft_buf *b, weft_str text)
{
    while (text.n > 0) {
        size_t space = space_at(text);
        size_t n = space > 0 ? space : 1;
        if (space == 0)
            weft_buf_add_char(b, text.p[0]);
        else if (b->n > 0 && b->p[b->n - 1] != ' ')
            weft_buf_add_char(b, ' ');
        text = weft_str_of(text.p + n, text.n - n);
    }
}

weft_code html_line(void *mem, const xmlNode *root, const char *const *without,
                    weft_str *out, weft_error *err)
{
    weft_buf line;
    weft_buf_init(&line, mem, HTML_BYTES_MAX);
    for (const xmlNode *n = root; n != NULL;) {
        if (is_left_out(root, n, without)) {
            n = html_skip(root, n);
            continue;
        }
        if (n != root && n->prev != NULL && breaks_line(n->prev))
            add_folded(&line, weft_str_from(" "));
        if (is_text(n))
            add_folded(&line, weft_str_from((const char *)n->content));
        else if (breaks_line(n))
            add_folded(&line, weft_str_from(" "));
        n = html_next(root, n);
    }
    *out = weft_str_trim(weft_buf_str(&line));
    return weft_buf_check(&line, "text", err);
}

size_t html_text_bytes(const xmlNode *root)
{
    size_t bytes = 0;
    for (const xmlNode *n = root; n != NULL;) {
        if (is_left_out(root, n, NULL)) {
            n = html_skip(root, n);
            continue;
        }
        weft_str text = weft_str_from(is_text(n) ? (const char *)n->content : NULL);
        for (size_t i = 0; i < text.n; i++)
            bytes += text.p[i] != ' ' && !(text.p[i] >= '\t' && text.p[i] <= '\r');
        n = html_next(root, n);
    }
    return bytes;
}

weft_code html_inner(void *mem, const xmlNode *n, weft_str *out, weft_error *err)
{
    xmlBuffer *dump = xmlBufferCreate();
    xmlOutputBuffer *to = dump == NULL ? NULL : xmlOutputBufferCreateBuffer(dump, NULL);
    bool failed = to == NULL;
    for (xmlNode *child = n->children; !failed && child != NULL; child = child->next)
        htmlNodeDumpFormatOutput(to, n->doc, child, "UTF-8", 0);
    if (to != NULL && xmlOutputBufferClose(to) < 0)
        failed = true;
    weft_str text = {0};
    if (!failed)
        text = weft_str_trim(weft_str_of((const char *)xmlBufferContent(dump),
                                         (size_t)xmlBufferLength(dump)));
    const char *copy = failed ? NULL : weft_str_dup(mem, text);
    xmlBufferFree(dump);
    if (copy == NULL)
        return weft_fail_nomem(err);
    *out = weft_str_from(copy);
    return WEFT_OK;
}

void html_cut(html_page *p, xmlNode *n)
{
    xmlUnlinkNode(n);
    xmlAddChild(p->attic, n);
}

void html_clean(html_page *p, xmlNode *root, const char *const *chrome)
{
    for (xmlNode *n = root; n != NULL;) {
        if (!is_left_out(root, n, chrome)) {
            n = html_next(root, n);
            continue;
        }
        xmlNode *next = html_skip(root, n);
        html_cut(p, n);
        n = next;
    }
}

/* xml.c - the elements of an export in XML, one after the other. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xml.h"

#include "weft/limits.h"
#include "weft/mem.h"

#include "plain.h"
#include "xml_scan.h"
#include "banned.h"

/* Room for a text: over WEFT_BODY_MAX, so that one too long is seen to be. */
enum { TEXT_ROOM = WEFT_BODY_MAX + 64 * 1024 };

weft_code xml_open(void *mem, input *in, xml **out, weft_error *err)
{
    xml *x = talloc_zero(mem, xml);
    if (x == NULL)
        return weft_fail_nomem(err);
    x->in = in;
    x->line = 1;
    weft_buf_init(&x->values, x, (XML_ATTRIBUTES_MAX + 1) * (XML_ATTRIBUTE_MAX + 1));
    weft_buf_init(&x->text, x, TEXT_ROOM);
    *out = x;
    return WEFT_OK;
}

static void push(xml *x, const char *name)
{
    memcpy(x->open[x->depth++], name, strlen(name) + 1);
    x->target = x->depth;
}

static void pop(xml *x)
{
    x->depth--;
    memcpy(x->closed, x->open[x->depth], sizeof x->closed);
    while (x->alias_count > 0 && x->aliases[x->alias_count - 1].depth > x->depth)
        x->alias_count--;
}

/* The number of elements left when the innermost one of that name is closed; all of them when
 * there is none. */
static size_t depth_without(const xml *x, const char *name)
{
    for (size_t i = x->depth; i-- > 0;)
        if (strcmp(x->open[i], name) == 0)
            return i;
    return x->depth;
}

/* After "<!". Text of a CDATA section goes to cdata. */
static void read_declaration(xml *x, weft_buf *cdata)
{
    static const char cdata_mark[] = "[CDATA[";
    char head[sizeof cdata_mark] = "";
    size_t n = 0;
    for (int c; n < sizeof cdata_mark - 1 && (c = xml_peek(x)) >= 0; n++) {
        bool fits = c == cdata_mark[n] || (n < 2 && c == '-' && (n == 0 || head[0] == '-'));
        if (!fits)
            break;
        head[n] = (char)c;
        xml_pass(x);
        if (n == 1 && head[0] == '-') {
            x->is_cut = !xml_pass_mark(x, "-->", NULL);
            return;
        }
    }
    if (n == sizeof cdata_mark - 1) {
        x->is_cut = !xml_pass_mark(x, "]]>", cdata);
        return;
    }
    xml_run(x, '>', '[', NULL); /* a document type, which may hold declarations */
    if (xml_peek(x) == '[')
        xml_run(x, ']', ']', NULL);
    xml_run(x, '>', '>', NULL);
    x->is_cut = xml_peek(x) < 0;
    if (!x->is_cut)
        xml_pass(x);
}

/* At "</" whose slash is not used up yet. One that is cut off has no name: it closes nothing. */
static void read_end_tag(xml *x, char name[XML_NAME_MAX + 1])
{
    xml_pass(x);
    xml_read_name(x, name);
    xml_run(x, '>', '<', NULL);
    int c = xml_peek(x);
    if (c == '>')
        xml_pass(x);
    x->is_cut = c < 0;
    if (c < 0)
        name[0] = '\0';
}

/* At a < that is used up. Whether an element was opened. */
static bool read_markup(xml *x)
{
    char name[XML_NAME_MAX + 1];
    int c = xml_peek(x);
    if (c == '!') {
        xml_pass(x);
        read_declaration(x, NULL);
    } else if (c == '?') {
        x->is_cut = !xml_pass_mark(x, "?>", NULL);
    } else if (c == '/') {
        read_end_tag(x, name);
        x->target = depth_without(x, name);
    } else if (xml_is_name_start(c)) {
        bool is_whole = xml_read_tag(x, name);
        bool is_opened = is_whole && x->depth < XML_DEPTH_MAX;
        x->is_cut = !is_whole;
        x->is_empty = is_opened && x->is_empty;
        if (is_opened)
            push(x, name);
        return is_opened;
    } else if (c < 0) {
        x->is_cut = true;
    }
    return false;
}

/* What failed: reading, or memory for a value. */
static weft_code check(xml *x, weft_error *err)
{
    if (x->failed == WEFT_OK && x->values.failed == WEFT_ENOMEM)
        x->failed = weft_fail_nomem(err);
    if (x->failed == WEFT_OK && x->text.failed == WEFT_ENOMEM)
        x->failed = weft_fail_nomem(err);
    return x->failed;
}

weft_code xml_next(xml *x, xml_event *event, weft_error *err)
{
    x->err = err;
    for (;;) {
        if (x->is_empty && x->depth > 0)
            x->target = x->depth - 1;
        x->is_empty = false;
        if (x->depth > x->target) {
            pop(x);
            *event = XML_CLOSE;
            break;
        }
        xml_run(x, '<', '<', NULL);
        x->event_line = x->line;
        if (xml_peek(x) < 0) {
            *event = XML_END;
            x->is_cut = x->is_cut || x->depth > 0;
            break;
        }
        xml_pass(x);
        if (read_markup(x)) {
            *event = XML_OPEN;
            break;
        }
    }
    x->is_closed = *event == XML_CLOSE;
    return check(x, err);
}

weft_str xml_name(const xml *x)
{
    if (x->is_closed)
        return weft_str_from(x->closed);
    return weft_str_from(x->depth == 0 ? "" : x->open[x->depth - 1]);
}

bool xml_is(const xml *x, const char *name)
{
    return weft_str_is(xml_name(x), name);
}

size_t xml_line(const xml *x)
{
    return x->event_line;
}

bool xml_is_cut(const xml *x)
{
    return x->is_cut;
}

size_t xml_mended(const xml *x)
{
    return x->mended;
}

/* At a < inside a text, which is used up: whether the text ends here. */
static bool read_inner(xml *x, xml_inside inside)
{
    char name[XML_NAME_MAX + 1];
    int c = xml_peek(x);
    if (c == '!') {
        xml_pass(x);
        read_declaration(x, &x->text);
        return false;
    }
    if (c == '?' && inside == XML_DECODED) {
        x->is_cut = !xml_pass_mark(x, "?>", NULL);
        return false;
    }
    if (c != '/') {
        xml_keep(&x->text, weft_str_of("<", 1));
        return false;
    }
    read_end_tag(x, name);
    size_t target = depth_without(x, name);
    if (target < x->depth) {
        x->target = target;
        return true;
    }
    xml_keep(&x->text, weft_str_from("</"));
    xml_keep(&x->text, weft_str_from(name));
    xml_keep(&x->text, weft_str_of(">", 1));
    return false;
}

/* Up to its end; whether that came. */
static bool read_text(xml *x, xml_inside inside)
{
    char reference = inside == XML_DECODED ? '&' : '<';
    for (;;) {
        if (x->text.n == 0)
            while (xml_is_space(xml_peek(x)))
                xml_pass(x);
        xml_run(x, '<', reference, &x->text);
        int c = xml_peek(x);
        if (c < 0)
            return false;
        xml_pass(x);
        if (c == '&')
            xml_read_reference(x, &x->text);
        else if (read_inner(x, inside))
            return true;
    }
}

weft_code xml_text(xml *x, void *mem, xml_inside inside, const char **out, weft_error *err)
{
    char *text = NULL;
    size_t mended = 0;
    x->err = err;
    *out = NULL;
    weft_buf_clear(&x->text);
    if (x->is_empty) {
        x->is_empty = false;
        x->target = x->depth - 1;
    } else if (!read_text(x, inside)) {
        return check(x, err);
    }
    pop(x);
    weft_str s = weft_str_trim(weft_buf_str(&x->text));
    weft_code code = check(x, err);
    if (code == WEFT_OK && s.n > 0)
        code = plain_mend(mem, s, &text, &mended, err);
    x->mended += mended > 0;
    if (code == WEFT_OK)
        *out = text;
    return code;
}

weft_code xml_skip(xml *x, weft_error *err)
{
    size_t depth = x->depth;
    xml_event event = XML_OPEN;
    weft_code code = WEFT_OK;
    while (code == WEFT_OK && event != XML_END && !(event == XML_CLOSE && x->depth < depth))
        code = xml_next(x, &event, err);
    return code;
}

weft_code xml_take(xml *x, const xml_field *fields, void *into, bool *taken,
                   weft_error *err)
{
    *taken = false;
    for (const xml_field *f = fields; f->name != NULL; f++) {
        if (!xml_is(x, f->name))
            continue;
        const char **at = (const char **)(void *)((char *)into + f->offset), *text;
        *taken = true;
        weft_code code = xml_text(x, into, XML_DECODED, &text, err);
        if (code == WEFT_OK && *at == NULL)
            *at = text;
        else
            talloc_free((void *)text);
        return code;
    }
    return WEFT_OK;
}

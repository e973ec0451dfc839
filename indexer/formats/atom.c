/* atom.c - Atom feeds: Blogger exports, and feeds with threads by RFC 4685; an entry at a
 * time. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "atom.h"

#include "weft/limits.h"
#include "weft/mem.h"

#include "plain.h"
#include "xml.h"
#include "banned.h"

typedef struct reading {
    atom_feed *feed;
    xml *x;
    size_t mended; /* of xml_mended, seen so far */
    atom_entry *e; /* being read */
    size_t entry_count;
} reading;

static const xml_field fields[] = {{"id", offsetof(atom_entry, id)},
                                   {"published", offsetof(atom_entry, published)},
                                   {"issued", offsetof(atom_entry, issued)},
                                   {"updated", offsetof(atom_entry, updated)},
                                   {"uri", offsetof(atom_entry, uri)},
                                   {"app:draft", offsetof(atom_entry, draft)},
                                   {"blogger:type", offsetof(atom_entry, type)},
                                   {"blogger:status", offsetof(atom_entry, status)},
                                   {"blogger:parent", offsetof(atom_entry, post)},
                                   {"blogger:inReplyTo", offsetof(atom_entry, in_reply)},
                                   {0}};

int fmt_atom_sniff(weft_str head)
{
    enum { CERTAIN = 95, LIKELY = 60 };
    weft_str root = xml_root(head);
    if (!weft_str_is(root, "feed"))
        return 0;
    return memmem(head.p, head.n, "/Atom", strlen("/Atom")) != NULL ? CERTAIN : LIKELY;
}

/* A copy of an attribute, unless there was one before; an empty one is none. */
static weft_code copy(reading *r, void *mem, const char *name, const char **out,
                      weft_error *err)
{
    weft_str text = weft_str_trim(weft_str_from(xml_attribute(r->x, name)));
    char *mended;
    size_t count = 0;
    if (text.n == 0 || *out != NULL)
        return WEFT_OK;
    weft_code code = plain_mend(mem, text, &mended, &count, err);
    if (code == WEFT_OK)
        *out = mended;
    return code;
}

/* xml:lang of the element that was opened. */
static weft_code copy_language(reading *r, void *mem, const char **out, weft_error *err)
{
    return plain_language(mem, xml_attribute(r->x, "xml:lang"), out, err);
}

static bool has(const reading *r, const char *attribute, const char *value)
{
    const char *text = xml_attribute(r->x, attribute);
    return text != NULL && strcmp(text, value) == 0;
}

/* The kind of a Blogger entry is a category; others are tags. */
static weft_code read_category(reading *r, weft_error *err)
{
    static const char kind[] = "kind#";
    atom_entry *e = r->e;
    const char *term = NULL, *scheme = xml_attribute(r->x, "scheme");
    bool is_kind = scheme != NULL && strstr(scheme, "#kind") != NULL;
    weft_code code = copy(r, e, "term", &term, err);
    if (code != WEFT_OK || term == NULL)
        return code;
    if (is_kind) {
        const char *at = strstr(term, kind);
        e->kind = at == NULL ? term : at + strlen(kind);
        return WEFT_OK;
    }
    if (e->tags == NULL)
        e->tags = weft_new_array(e, const char *, WEFT_TAGS_MAX);
    if (e->tags == NULL)
        return weft_fail_nomem(err);
    if (e->tag_count < WEFT_TAGS_MAX)
        e->tags[e->tag_count++] = term;
    return WEFT_OK;
}

static weft_code read_link(reading *r, weft_error *err)
{
    const char *rel = xml_attribute(r->x, "rel");
    if (rel == NULL || strcmp(rel, "alternate") == 0)
        return copy(r, r->e, "href", &r->e->url, err);
    return strcmp(rel, "related") == 0 ? copy(r, r->e, "href", &r->e->related, err)
                                       : WEFT_OK;
}

/* The text of content, a summary or a title, and what it is. */
static weft_code read_text(reading *r, void *mem, const char **text, weft_format *format,
                           weft_error *err)
{
    bool is_xhtml = has(r, "type", "xhtml") || has(r, "type", "application/xhtml+xml");
    bool is_html = is_xhtml || has(r, "type", "html") || has(r, "type", "text/html") ||
                   has(r, "mode", "escaped");
    *format = is_html ? WEFT_HTML : WEFT_TEXT;
    return xml_text(r->x, mem, is_xhtml ? XML_VERBATIM : XML_DECODED, text, err);
}

static weft_code read_title(reading *r, void *mem, const char **title, weft_error *err)
{
    const char *text;
    weft_format format;
    weft_code code = read_text(r, mem, &text, &format, err);
    if (code == WEFT_OK && format == WEFT_HTML)
        code = plain_text(mem, text, &text, err);
    if (code == WEFT_OK && *title == NULL)
        *title = text;
    else
        talloc_free((void *)text);
    return code;
}

/* content counts before summary. */
static weft_code read_body(reading *r, bool is_content, weft_error *err)
{
    const char *text;
    weft_format format;
    weft_code code = read_text(r, r->e, &text, &format, err);
    if (code == WEFT_OK && text != NULL && (is_content || r->e->body == NULL)) {
        r->e->body = text;
        r->e->format = format;
    }
    return code;
}

static weft_code read_name(reading *r, void *mem, const char **name, weft_error *err)
{
    const char *text;
    weft_code code = xml_text(r->x, mem, XML_DECODED, &text, err);
    if (code == WEFT_OK && *name == NULL)
        *name = text;
    else
        talloc_free((void *)text);
    return code;
}

static weft_code open_in_entry(reading *r, weft_error *err)
{
    atom_entry *e = r->e;
    bool taken;
    if (xml_is(r->x, "source") || xml_is(r->x, "contributor"))
        return xml_skip(r->x, err);
    if (xml_is(r->x, "category"))
        return read_category(r, err);
    if (xml_is(r->x, "link"))
        return read_link(r, err);
    if (xml_is(r->x, "title"))
        return read_title(r, e, &e->title, err);
    if (xml_is(r->x, "content") || xml_is(r->x, "summary"))
        return read_body(r, xml_is(r->x, "content"), err);
    if (xml_is(r->x, "name"))
        return read_name(r, e, &e->author, err);
    if (xml_is(r->x, "thr:in-reply-to")) {
        weft_code code = copy(r, e, "ref", &e->ref, err);
        return code == WEFT_OK ? copy(r, e, "href", &e->href, err) : code;
    }
    if (xml_is(r->x, "gd:extendedProperty")) {
        e->is_removed = e->is_removed || (has(r, "name", "blogger.contentRemoved") &&
                                          has(r, "value", "true"));
        return WEFT_OK;
    }
    return xml_take(r->x, fields, e, &taken, err);
}

static weft_code open_in_feed(reading *r, weft_error *err)
{
    atom_feed *f = r->feed;
    if (xml_is(r->x, "feed"))
        return copy_language(r, f, &f->lang, err);
    if (xml_is(r->x, "title"))
        return read_title(r, f, &f->title, err);
    return xml_is(r->x, "name") ? read_name(r, f, &f->author, err) : WEFT_OK;
}

static weft_code end_entry(reading *r, weft_error *err)
{
    atom_entry *e = r->e;
    r->e = NULL;
    r->entry_count += e != NULL;
    return e == NULL ? WEFT_OK : atom_give(r->feed, e, err);
}

static weft_code begin_entry(reading *r, weft_error *err)
{
    weft_code code = end_entry(r, err);
    if (code != WEFT_OK)
        return code;
    r->e = talloc_zero(r->feed, atom_entry);
    if (r->e == NULL)
        return weft_fail_nomem(err);
    r->e->line = xml_line(r->x);
    r->mended = xml_mended(r->x);
    return copy_language(r, r->e, &r->e->lang, err);
}

static weft_code on_open(reading *r, weft_error *err)
{
    if (xml_is(r->x, "entry"))
        return begin_entry(r, err);
    if (r->e == NULL)
        return open_in_feed(r, err);
    weft_code code = open_in_entry(r, err);
    r->e->is_mended = r->e->is_mended || xml_mended(r->x) > r->mended;
    r->mended = xml_mended(r->x);
    return code;
}

/* At the end of a file that was cut off, what was begun is dropped. */
static weft_code on_end(reading *r, weft_error *err)
{
    bool is_cut = xml_is_cut(r->x), is_inside = r->e != NULL;
    if (is_cut)
        TALLOC_FREE(r->e);
    weft_code code = end_entry(r, err);
    if (code == WEFT_OK)
        code = atom_give_waiting(r->feed, err);
    if (code != WEFT_OK || !is_cut)
        return code;
    return weft_fail(err, WEFT_ESYNTAX, "%s:%zu: cut off: the file ends%s",
                     r->feed->source->name, xml_line(r->x),
                     is_inside ? " inside an entry" : "");
}

static weft_code read_all(reading *r, weft_error *err)
{
    for (;;) {
        xml_event event;
        weft_code code = xml_next(r->x, &event, err);
        if (code == WEFT_OK && event == XML_OPEN)
            code = on_open(r, err);
        else if (code == WEFT_OK && event == XML_CLOSE && xml_is(r->x, "entry"))
            code = end_entry(r, err);
        if (code != WEFT_OK)
            return code;
        if (event == XML_END)
            return on_end(r, err);
    }
}

weft_code fmt_atom_read(void *mem, input *in, const fmt_source *source,
                        const fmt_sink *sink, weft_error *err)
{
    reading r = {.feed = talloc_zero(mem, atom_feed)};
    if (r.feed == NULL)
        return weft_fail_nomem(err);
    r.feed->source = source;
    r.feed->sink = sink;
    weft_code code = xml_open(r.feed, in, &r.x, err);
    if (code == WEFT_OK)
        code = read_all(&r, err);
    fmt_note(sink, "atom: a feed of %zu entries, '%s'", r.entry_count,
             r.feed->title == NULL ? "" : r.feed->title);
    atom_forget(r.feed);
    talloc_free(r.feed);
    return code;
}

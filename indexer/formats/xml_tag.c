/* xml_tag.c - a start tag of xml.c: name, attributes, declared prefixes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xml_scan.h"

#include "weft/mem.h"

#include "plain.h"
#include "banned.h"

static const struct {
    const char *uri, *usual; /* the start of a namespace's name; its usual prefix */
} namespaces[] = {
    {"http://wordpress.org/export/1.0/excerpt", "excerpt"},
    {"http://wordpress.org/export/1.1/excerpt", "excerpt"},
    {"http://wordpress.org/export/1.2/excerpt", "excerpt"},
    {"http://wordpress.org/export/", "wp"},
    {"http://purl.org/rss/1.0/modules/content/", "content"},
    {"http://purl.org/dc/elements/1.1/", "dc"},
    {"http://www.w3.org/2005/Atom", ""},
    {"http://purl.org/atom/ns#", ""}, /* 0.3 */
    {"http://purl.org/syndication/thread/", "thr"},
    {"http://purl.org/atom/app#", "app"},
    {"http://www.w3.org/2007/app", "app"},
    {"http://schemas.google.com/blogger/", "blogger"},
    {"http://schemas.google.com/g/", "gd"},
    {"http://disqus.com/disqus-internals", "dsq"},
    {"http://www.disqus.com/", "dsq"}, /* of the form that is imported there */
    {"http://disqus.com", ""},
};

/* The usual form of a name whose prefix was declared to be another: in place. */
static void use_usual_prefix(const xml *x, char name[XML_NAME_MAX + 1])
{
    char *colon = strchr(name, ':');
    if (colon == NULL)
        return;
    for (size_t i = x->alias_count; i-- > 0;) {
        const xml_alias *a = &x->aliases[i];
        if (!weft_str_is(weft_str_of(name, (size_t)(colon - name)), a->prefix))
            continue;
        size_t n = strlen(a->usual), rest = strlen(colon);
        const char *from = n == 0 ? colon + 1 : colon;
        rest -= n == 0 ? 1 : 0;
        rest = rest > XML_NAME_MAX - n ? XML_NAME_MAX - n : rest;
        memmove(name + n, from, rest);
        memcpy(name, a->usual, n);
        name[n + rest] = '\0';
        return;
    }
}

/* xmlns:prefix="uri" of the element that is being opened. */
static void declare(xml *x, const char *prefix, const char *uri)
{
    for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++) {
        if (!weft_str_starts(weft_str_from(uri), namespaces[i].uri))
            continue;
        if (x->alias_count == XML_ALIASES_MAX || strcmp(prefix, namespaces[i].usual) == 0)
            return;
        xml_alias *a = &x->aliases[x->alias_count++];
        a->usual = namespaces[i].usual;
        a->depth = x->depth + 1;
        memcpy(a->prefix, prefix, strlen(prefix) + 1);
        return;
    }
}

static bool ends_name(int c)
{
    return c < 0 || xml_is_space(c) || c == '/' || c == '>' || c == '<' || c == '=';
}

/* Whether there was anything; bytes of value 0 are not kept. */
static bool read_as_written(xml *x, char name[XML_NAME_MAX + 1])
{
    size_t n = 0;
    bool is_any = false;
    for (int c; !ends_name(c = xml_peek(x)); xml_pass(x)) {
        is_any = true;
        if (n < XML_NAME_MAX && c != '\0')
            name[n++] = (char)c;
    }
    name[n] = '\0';
    return is_any;
}

void xml_read_name(xml *x, char name[XML_NAME_MAX + 1])
{
    read_as_written(x, name);
    use_usual_prefix(x, name);
}

static void pass_space(xml *x)
{
    while (xml_is_space(xml_peek(x)))
        xml_pass(x);
}

/* After the &, which is used up: the character of a reference, or the bytes as they are. */
void xml_read_reference(xml *x, weft_buf *keep)
{
    char name[PLAIN_REFERENCE_MAX], character[4];
    size_t n = 0;
    int c;
    while (
        n < sizeof name && (c = xml_peek(x)) >= 0 &&
        (c == '#' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))) {
        name[n++] = (char)c;
        xml_pass(x);
    }
    size_t got = xml_peek(x) == ';' ? plain_reference(weft_str_of(name, n), character) : 0;
    if (got > 0) {
        xml_pass(x);
        xml_keep(keep, weft_str_of(character, got));
        return;
    }
    xml_keep(keep, weft_str_of("&", 1));
    xml_keep(keep, weft_str_of(name, n));
}

static void read_quoted(xml *x, weft_buf *value)
{
    char quote = (char)xml_peek(x);
    xml_pass(x);
    for (;;) {
        xml_run(x, quote, '&', value);
        int c = xml_peek(x);
        if (c < 0)
            return;
        xml_pass(x);
        if (c == quote)
            return;
        xml_read_reference(x, value);
    }
}

/* A value without quotes ends at white space or at the end of the tag; of <a b=c/> the / is
 * not part of it. */
static void read_bare(xml *x, weft_buf *value)
{
    for (int c; (c = xml_peek(x)) >= 0 && !xml_is_space(c) && c != '>' && c != '<';) {
        char byte = (char)c;
        xml_pass(x);
        if (c == '/' && xml_peek(x) == '>')
            x->is_empty = true;
        else
            xml_keep(value, weft_str_of(&byte, 1));
    }
}

/* A value goes into values, terminated; what is over XML_ATTRIBUTE_MAX is dropped. */
static void read_value(xml *x)
{
    size_t cap = x->values.cap_bytes;
    pass_space(x);
    if (xml_peek(x) == '=') {
        xml_pass(x);
        pass_space(x);
        x->values.cap_bytes = x->values.n + XML_ATTRIBUTE_MAX;
        if (xml_peek(x) == '"' || xml_peek(x) == '\'')
            read_quoted(x, &x->values);
        else
            read_bare(x, &x->values);
        x->values.cap_bytes = cap;
    }
    weft_buf_add_char(&x->values, '\0');
}

static void read_attribute(xml *x)
{
    xml_attribute_of passed, *a = x->attribute_count < XML_ATTRIBUTES_MAX
                                      ? &x->attributes[x->attribute_count++]
                                      : &passed;
    size_t before = x->values.n;
    if (!read_as_written(x, a->name) && xml_peek(x) != '=') {
        xml_pass(x); /* what is no name: passed over */
        x->attribute_count -= a == &passed ? 0 : 1;
        return;
    }
    a->start = before;
    read_value(x);
    if (a == &passed)
        x->values.n = before;
}

/* Whether the tag has an end: its own, or the start of the next. */
static bool read_attributes(xml *x)
{
    for (;;) {
        pass_space(x);
        int c = xml_peek(x);
        if (c < 0 || c == '<')
            return c == '<';
        if (c == '/') {
            xml_pass(x);
            x->is_empty = xml_peek(x) == '>';
        } else if (c != '>') {
            read_attribute(x);
        }
        if (xml_peek(x) == '>') {
            xml_pass(x);
            return true;
        }
    }
}

bool xml_read_tag(xml *x, char name[XML_NAME_MAX + 1])
{
    x->attribute_count = 0;
    x->is_empty = false;
    weft_buf_clear(&x->values);
    read_as_written(x, name);
    bool is_whole = read_attributes(x);
    for (size_t i = 0; i < x->attribute_count; i++) {
        const char *attribute = x->attributes[i].name;
        if (strncmp(attribute, "xmlns:", strlen("xmlns:")) == 0)
            declare(x, attribute + strlen("xmlns:"), x->values.p + x->attributes[i].start);
    }
    use_usual_prefix(x, name);
    for (size_t i = 0; i < x->attribute_count; i++)
        use_usual_prefix(x, x->attributes[i].name);
    return is_whole;
}

const char *xml_attribute(const xml *x, const char *name)
{
    for (size_t i = 0; i < x->attribute_count; i++)
        if (strcmp(x->attributes[i].name, name) == 0)
            return x->values.p + x->attributes[i].start;
    return NULL;
}

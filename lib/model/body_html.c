/* body_html.c - cut a body of HTML into words, tags and comments.
 *
 * After the HTML standard's tokenizer, for what people and their software write: any input is
 * HTML. A scanner of our own, because time has to be linear in bodies meant to hurt, and the
 * same body has to give the same text wherever it is indexed (doc/decisions/005-html-text.md).
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "body_html.h"

#include <strings.h>

#include "weft/limits.h"
#include "banned.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Length of the white space at the start of s, no-break spaces too; *newlines of them. */
static size_t space_bytes(weft_str s, unsigned *newlines)
{
    size_t i = 0;
    *newlines = 0;
    while (i < s.n) {
        if (i + 1 < s.n && s.p[i] == '\xC2' && s.p[i + 1] == '\xA0')
            i++;
        else if (!is_space(s.p[i]))
            break;
        *newlines += s.p[i] == '\n';
        i++;
    }
    return i;
}

static void add(html *h, weft_str piece)
{
    body_out_add(h->out, piece);
    h->free_newlines = 0;
    h->bare = false;
}

/* White space between words: in what WordPress keeps, a line end is a line end and an empty
 * line begins a paragraph; in a <p> only the latter. */
static void add_space(html *h, unsigned newlines)
{
    body_out_space(h->out);
    if (newlines <= h->free_newlines || (newlines == 1 && h->in_p))
        return;
    h->bare = newlines == 1 && h->out->breaks == 0;
    body_out_break(h->out, newlines == 1 ? 1 : 2);
}

static void add_character(html *h, weft_str c)
{
    unsigned newlines;
    if (h->pre + h->code > 0)
        body_out_verbatim(h->out, weft_str_is(c, "\xC2\xA0") ? weft_str_of(" ", 1) : c);
    else if (space_bytes(c, &newlines) == c.n)
        add_space(h, newlines);
    else
        add(h, c);
}

/* Length of the words at the start of s that need no look. */
static size_t plain_bytes(weft_str s, bool verbatim)
{
    size_t i = 0;
    while (i < s.n && s.p[i] != '&' &&
           (verbatim || (s.p[i] != '[' && s.p[i] != '\xC2' && !is_space(s.p[i]))))
        i++;
    return i;
}

/* Anything but plain words at the start of s: bytes taken, one at least. */
static size_t take_special(html *h, weft_str s)
{
    char c[4];
    size_t c_n, n = 0;
    unsigned newlines;
    bool verbatim = h->pre + h->code > 0;
    if (s.p[0] == '&') {
        weft_str rest = weft_str_of(s.p + 1, s.n - 1);
        n = verbatim ? body_entity(rest, c, &c_n) : body_entity_deep(rest, c, &c_n);
        if (n > 0)
            add_character(h, weft_str_of(c, c_n));
        n += n > 0;
    } else if (s.p[0] == '[') {
        n = body_shortcode(&h->codes, s);
    } else if ((n = space_bytes(s, &newlines)) > 0) {
        add_space(h, newlines);
    }
    if (n > 0)
        return n;
    n = s.p[0] == '\xC2' && s.n > 1 ? 2 : 1;
    if (verbatim)
        body_out_verbatim(h->out, weft_str_of(s.p, n));
    else
        add(h, weft_str_of(s.p, n));
    return n;
}

void html_words(html *h, weft_str run)
{
    if (h->title_divs > 0)
        return;
    while (run.n > 0 && !h->out->is_full) {
        bool verbatim = h->pre + h->code > 0;
        size_t n = plain_bytes(run, verbatim);
        if (n == 0)
            n = take_special(h, run);
        else if (verbatim)
            body_out_verbatim(h->out, weft_str_of(run.p, n));
        else
            add(h, weft_str_of(run.p, n));
        run = weft_str_of(run.p + n, run.n - n);
    }
}

static void keep_attribute(html_tag *tag, weft_str name, weft_str value)
{
    const struct {
        const char *name;
        weft_str *value;
    } wanted[] = {{"href", &tag->href},
                  {"alt", &tag->alt},
                  {"class", &tag->class_names},
                  {"data-username", &tag->quoted},
                  {"data-quote", &tag->quoted}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (name.n == strlen(wanted[i].name) && wanted[i].value->n == 0 &&
            strncasecmp(name.p, wanted[i].name, name.n) == 0)
            *wanted[i].value = value;
}

static size_t skip_space(weft_str s, size_t i)
{
    while (i < s.n && is_space(s.p[i]))
        i++;
    return i;
}

/* The value at i, behind the '='; where it ends. A quote mark that is not closed is part of an
 * unquoted value. */
static size_t read_value(weft_str s, size_t i, weft_str *value)
{
    i = skip_space(s, i);
    const char *close = NULL;
    if (i < s.n && (s.p[i] == '"' || s.p[i] == '\''))
        close = memchr(s.p + i + 1, s.p[i], s.n - i - 1);
    if (close != NULL) {
        *value = weft_str_of(s.p + i + 1, (size_t)(close - s.p) - i - 1);
        return (size_t)(close - s.p) + 1;
    }
    size_t start = i;
    while (i < s.n && !is_space(s.p[i]) && s.p[i] != '>')
        i++;
    *value = weft_str_of(s.p + start, i - start);
    return i;
}

/* The attributes from i to the '>'; false when there is none. */
static bool read_attributes(weft_str s, size_t i, html_tag *tag)
{
    while (i < s.n) {
        if (s.p[i] == '>') {
            tag->end = i + 1;
            return true;
        }
        if (is_space(s.p[i]) || s.p[i] == '/') {
            i++;
            continue;
        }
        size_t start = i++;
        while (i < s.n && !is_space(s.p[i]) && strchr("/>=", s.p[i]) == NULL)
            i++;
        weft_str name = weft_str_of(s.p + start, i - start), value = {NULL, 0};
        size_t next = skip_space(s, i);
        if (next < s.n && s.p[next] == '=') {
            i = read_value(s, next + 1, &value);
            keep_attribute(tag, name, value);
        }
    }
    return false;
}

/* The tag whose '<' is at h->at; false when no '>' comes any more. Attributes are read with
 * their quote marks until one is found open at the end of the body: from then on the next '>'
 * ends a tag, so that no part is read over and over. */
static bool read_tag(html *h, html_tag *tag)
{
    weft_str s = h->body;
    size_t name = h->at + 1, i;
    *tag = (html_tag){.closes = s.p[name] == '/'};
    name += tag->closes;
    for (i = name; i < s.n && !is_space(s.p[i]) && s.p[i] != '>' && s.p[i] != '/';)
        i++;
    tag->name = weft_str_of(s.p + name, i - name);
    if (!h->plain_tags && read_attributes(s, i, tag))
        return true;
    h->plain_tags = true;
    const char *end = h->no_more_tags ? NULL : memchr(s.p + i, '>', s.n - i);
    h->no_more_tags = end == NULL;
    if (end == NULL)
        return false;
    s.n = (size_t)(end - s.p) + 1;
    return read_attributes(s, i, tag);
}

/* "<me@example.com>" and "<http://...>" are words that somebody put in angles. */
static bool is_address(weft_str name)
{
    return memchr(name.p, '@', name.n) != NULL ||
           (name.n > 1 && name.p[name.n - 1] == ':' && name.p[name.n] == '/');
}

static void take_tag(html *h)
{
    html_tag tag;
    if (!read_tag(h, &tag)) {
        html_words(h, weft_str_of("<", 1));
        h->at++;
        return;
    }
    size_t start = h->at + 1;
    h->at = tag.end;
    if (!tag.closes && is_address(tag.name))
        html_words(h, weft_str_of(h->body.p + start, tag.end - 1 - start));
    else
        html_element(h, &tag);
}

/* "<!-- ... -->", "<!...>", "<?...>", "</ ...>": dropped, to the end of the body when it is not
 * closed. */
static void skip_comment(html *h)
{
    weft_str rest = weft_str_of(h->body.p + h->at, h->body.n - h->at);
    bool is_comment = weft_str_starts(rest, "<!--");
    const char *end = NULL;
    if (is_comment && (weft_str_starts(rest, "<!-->") || weft_str_starts(rest, "<!--->")))
        end = memchr(rest.p, '>', rest.n);
    else if (is_comment && (end = memmem(rest.p + 4, rest.n - 4, "-->", 3)) != NULL)
        end += 2;
    else if (!is_comment)
        end = memchr(rest.p, '>', rest.n);
    h->at = end == NULL ? h->body.n : (size_t)(end - h->body.p) + 1;
}

static void take_angle(html *h)
{
    weft_str s = h->body;
    char next = h->at + 1 < s.n ? s.p[h->at + 1] : ' ';
    char after = h->at + 2 < s.n ? s.p[h->at + 2] : ' ';
    if (is_letter(next) || (next == '/' && is_letter(after))) {
        take_tag(h);
    } else if (next == '!' || next == '?' || next == '/') {
        skip_comment(h);
    } else {
        html_words(h, weft_str_of("<", 1));
        h->at++;
    }
}

void body_html(body_out *o, weft_str body)
{
    html h = {.body = body, .out = o};
    weft_buf_init(&h.url, o->text.mem, WEFT_URL_MAX + 1);
    weft_buf_init(&h.name, o->text.mem, WEFT_AUTHOR_MAX + 1);
    while (h.at < body.n && !o->is_full) {
        const char *angle = memchr(body.p + h.at, '<', body.n - h.at);
        size_t end = angle == NULL ? body.n : (size_t)(angle - body.p);
        html_words(&h, weft_str_of(body.p + h.at, end - h.at));
        h.at = end;
        if (angle != NULL)
            take_angle(&h);
    }
    html_end(&h);
}

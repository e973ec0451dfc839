/* charset.c - the encoding a text declares, and whether it is in the one it is read as. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "charset.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <unicode/utf8.h>

#include "weft/limits.h"
#include "banned.h"

enum {
    XML_STARTS_MAX = 256, /* bytes of rubbish before <?xml */
    META_MAX = 16 * 1024, /* bytes in which <meta> is looked for; browsers: 1024 */
    CHARACTER_MAX = 4     /* bytes */
};

/* s is a part of the head, so an int32_t holds its length. */
static bool is_utf8(weft_str s)
{
    const uint8_t *p = (const uint8_t *)s.p;
    int32_t i = 0, end = (int32_t)s.n;
    while (i < end) {
        UChar32 c;
        U8_NEXT(p, i, end, c);
        if (c < 0)
            return false;
    }
    return true;
}

weft_code charset_check(const char *name, weft_str head, weft_error *err)
{
    size_t lines = 0, bad = 0;
    const char *at = head.p, *end = head.p + head.n, *stop;
    for (; at < end && (stop = memchr(at, '\n', (size_t)(end - at))) != NULL;
         at = stop + 1) {
        weft_str line = weft_str_of(at, (size_t)(stop - at));
        if (weft_str_trim(line).n == 0)
            continue;
        lines++;
        bad += is_utf8(line) ? 0 : 1;
    }
    if (lines < WEFT_CHARSET_LINES_MIN || bad * 100 <= lines * WEFT_CHARSET_BAD_PERCENT)
        return WEFT_OK;
    return weft_fail(
        err, WEFT_ESYNTAX,
        "%s: not UTF-8: %zu of its first %zu lines hold other bytes; name its "
        "charset, as in --charset windows-1251 (--charset utf-8 reads it as it "
        "is, losing them)",
        name, bad, lines);
}

static const struct {
    const char *bytes;
    size_t n;
    const char *name;
} marks[] = {
    {"\xff\xfe\0\0", 4, "UTF-32LE"}, {"\0\0\xfe\xff", 4, "UTF-32BE"},
    {"\xff\xfe", 2, "UTF-16LE"},     {"\xfe\xff", 2, "UTF-16BE"},
    {"<\0", 2, "UTF-16LE"},          {"\0<", 2, "UTF-16BE"},
    {"{\0", 2, "UTF-16LE"},          {"\0{", 2, "UTF-16BE"},
    {"[\0", 2, "UTF-16LE"},          {"\0[", 2, "UTF-16BE"},
};

/* Where word stands in s, in any case of letters; s.n when it does not. */
static size_t find_word(weft_str s, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= s.n; i++)
        if (strncasecmp(s.p + i, word, n) == 0)
            return i;
    return s.n;
}

static weft_str from(weft_str s, size_t at)
{
    return weft_str_of(s.p + at, s.n - at);
}

/* The value of `word = value` in a tag, quoted or not, as a name of a charset; false when there
 * is none. */
static bool read_value(weft_str tag, const char *word, char *out)
{
    size_t at = find_word(tag, word), n = 0;
    if (at == tag.n)
        return false;
    weft_str rest = weft_str_trim(from(tag, at + strlen(word)));
    if (rest.n == 0 || rest.p[0] != '=')
        return false;
    rest = weft_str_trim(from(rest, 1));
    if (rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\''))
        rest = from(rest, 1);
    while (n < rest.n && n + 1 < CHARSET_NAME_MAX &&
           strchr("\"'; \t\r\n/?>", rest.p[n]) == NULL) {
        out[n] = rest.p[n];
        n++;
    }
    out[n] = '\0';
    return n > 0;
}

static bool find_in_xml(weft_str head, char *out)
{
    weft_str start = weft_str_of(head.p, head.n < XML_STARTS_MAX ? head.n : XML_STARTS_MAX);
    size_t at = find_word(start, "<?xml");
    if (at == start.n || memchr(head.p, '<', at) != NULL)
        return false;
    weft_str tag = from(head, at);
    tag.n = find_word(tag, "?>");
    return read_value(tag, "encoding", out);
}

static bool find_in_html(weft_str head, char *out)
{
    weft_str rest = weft_str_of(head.p, head.n < META_MAX ? head.n : META_MAX);
    if (weft_str_trim(rest).n == 0 || weft_str_trim(rest).p[0] != '<')
        return false;
    for (;;) {
        size_t at = find_word(rest, "<meta");
        if (at == rest.n)
            return false;
        rest = from(rest, at);
        const char *end = memchr(rest.p, '>', rest.n);
        weft_str tag = end == NULL ? rest : weft_str_of(rest.p, (size_t)(end - rest.p));
        if (read_value(tag, "charset", out))
            return true;
        rest = from(rest, tag.n);
    }
}

/* Whether s holds characters beyond ASCII, all of them UTF-8; the last one may be cut. */
static bool looks_like_utf8(weft_str s)
{
    const uint8_t *p = (const uint8_t *)s.p;
    int32_t i = 0, end = (int32_t)s.n;
    bool beyond = false;
    while (i < end) {
        int32_t before = i;
        UChar32 c;
        U8_NEXT(p, i, end, c);
        if (c < 0)
            return beyond && before + CHARACTER_MAX > end;
        beyond = beyond || c > 0x7F;
    }
    return beyond;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcasecmp(name, *names) == 0)
            return true;
    return false;
}

void charset_declared(weft_str head, charset_claim *out)
{
    static const char *const utf8[] = {"utf-8", "utf8", "us-ascii", "ascii", NULL};
    static const char *const latin1[] = {"iso-8859-1", "iso8859-1", "latin1", "latin-1",
                                         NULL};
    char name[CHARSET_NAME_MAX];
    *out = (charset_claim){0};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (head.n >= marks[i].n && memcmp(head.p, marks[i].bytes, marks[i].n) == 0) {
            snprintf(out->name, sizeof out->name, "%s", marks[i].name);
            snprintf(out->why, sizeof out->why, "as its first bytes are");
            return;
        }
    if (!find_in_xml(head, name) && !find_in_html(head, name))
        return;
    bool wide = strncasecmp(name, "utf-16", 6) == 0 || strncasecmp(name, "utf-32", 6) == 0;
    if (is_one_of(name, utf8)) {
        snprintf(out->why, sizeof out->why, "as it declares");
    } else if (wide || looks_like_utf8(head)) {
        snprintf(out->why, sizeof out->why, "though it declares %s", name);
    } else {
        snprintf(out->name, sizeof out->name, "%s",
                 is_one_of(name, latin1) ? "windows-1252" : name);
        snprintf(out->why, sizeof out->why, "as it declares (%s)", name);
    }
}

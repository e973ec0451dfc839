/* body_link.c - the address of a link beside its words; WordPress shortcodes. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "body_parts.h"

#include <strings.h>

#include "weft/limits.h"
#include "banned.h"

enum { SHORTCODE_MAX = 1000 /* bytes of one, with its attributes */ };

static bool starts_folded(weft_str s, const char *text)
{
    size_t n = strlen(text);
    return s.n >= n && strncasecmp(s.p, text, n) == 0;
}

/* An address that leads somewhere without the page it stood on. */
static bool is_whole_url(weft_str url)
{
    return url.n <= WEFT_URL_MAX &&
           (starts_folded(url, "http://") || starts_folded(url, "https://") ||
            starts_folded(url, "ftp://") || starts_folded(url, "mailto:"));
}

/* An address without what people leave out when they write one. */
static weft_str bare_url(weft_str url)
{
    static const char *const starts[] = {"http://", "https://", "ftp://",
                                         "mailto:", "www."};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (starts_folded(url, starts[i])) {
            url.p += strlen(starts[i]);
            url.n -= strlen(starts[i]);
        }
    while (url.n > 0 && url.p[url.n - 1] == '/')
        url.n--;
    return url;
}

/* Words that are the beginning of the address and then dots. */
static bool is_cut_url(weft_str words, weft_str url)
{
    static const char *const dots[] = {"...", "\xE2\x80\xA6"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(dots[i]);
        if (words.n <= n || memcmp(words.p + words.n - n, dots[i], n) != 0)
            continue;
        weft_str start = weft_str_of(words.p, words.n - n);
        weft_str shown = bare_url(weft_str_trim(start)), whole = bare_url(url);
        return shown.n > 0 && whole.n >= shown.n &&
               strncasecmp(whole.p, shown.p, shown.n) == 0;
    }
    return false;
}

/* Add to the last word, before the spaces and breaks that are due. */
static void add_close(body_out *o, const char *before, weft_str words, const char *after)
{
    bool space = o->space;
    unsigned breaks = o->breaks;
    o->space = false;
    o->breaks = 0;
    body_out_add(o, weft_str_from(before));
    body_out_add(o, words);
    body_out_add(o, weft_str_from(after));
    o->space = space;
    o->breaks = breaks;
}

void body_link(body_out *o, size_t start, weft_str url)
{
    url = weft_str_trim(url);
    if (start >= o->text.n || !is_whole_url(url))
        return;
    weft_str words = weft_str_of(o->text.p + start, o->text.n - start);
    weft_str trimmed = weft_str_trim(words), bare = bare_url(url);
    if (trimmed.n == 0 || bare.n == 0)
        return;
    if (is_cut_url(trimmed, url)) {
        body_out_cut(o, (size_t)(trimmed.p - o->text.p));
        add_close(o, "", url, "");
    } else if (memmem(words.p, words.n, bare.p, bare.n) == NULL) {
        add_close(o, " (", url, ")");
    }
}

/* Those that take no attributes, or whose end may stand alone. */
static const char *const known_codes[] = {
    "audio",      "caption", "code",       "embed",   "gallery", "playlist",
    "sourcecode", "video",   "wp_caption", "youtube", "vimeo",   "spoiler"};

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static bool is_known(const body_shortcodes *codes, weft_str name)
{
    for (size_t i = 0; i < sizeof known_codes / sizeof known_codes[0]; i++)
        if (weft_str_is(name, known_codes[i]))
            return true;
    size_t kept = sizeof codes->open / sizeof codes->open[0];
    for (size_t i = 0; i < codes->count && i < kept; i++)
        if (weft_str_eq(codes->open[i], name))
            return true;
    return false;
}

/* Whether what follows the name is one attribute at least: NAME="...", NAME='...' or NAME=x. */
static bool has_attribute(weft_str s)
{
    size_t i = 0;
    while (i < s.n && s.p[i] == ' ')
        i++;
    size_t start = i;
    while (i < s.n && is_name_char(s.p[i]))
        i++;
    return i > start && i < s.n && s.p[i] == '=';
}

size_t body_shortcode(body_shortcodes *codes, weft_str s)
{
    size_t start = s.n > 1 && s.p[1] == '/' ? 2 : 1, at = start;
    if (s.n > SHORTCODE_MAX)
        s.n = SHORTCODE_MAX;
    while (at < s.n && is_name_char(s.p[at]))
        at++;
    weft_str name = weft_str_of(s.p + start, at - start);
    if (name.n == 0 || at == s.n || s.p[start] < 'a' || weft_str_is(name, "quote"))
        return 0;
    if (s.p[at] == ']' || (s.p[at] == '/' && at + 1 < s.n && s.p[at + 1] == ']'))
        return is_known(codes, name) ? at + (s.p[at] == ']' ? 1 : 2) : 0;
    weft_str rest = weft_str_of(s.p + at, s.n - at);
    if (start == 2 || s.p[at] != ' ' || !has_attribute(rest))
        return 0;
    size_t end = at;
    while (end < s.n && s.p[end] != ']' && s.p[end] != '[' && s.p[end] != '<')
        end++;
    if (end == s.n || s.p[end] != ']')
        return 0;
    codes->open[codes->count++ % (sizeof codes->open / sizeof codes->open[0])] = name;
    return end + 1;
}

/* body.c - a body as a person reads it: which format goes which way. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/body.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "body_parts.h"
#include "banned.h"

/* HTML escaped as a whole, as some interfaces give it: no tag, and between the first '<' and
 * the last '>' a block of a page. */
static bool is_escaped_html(weft_str body)
{
    static const char *const starts[] = {"&lt;p&gt;",  "&lt;p ",     "&lt;div&gt;",
                                         "&lt;div ",   "&lt;!--",    "&lt;blockquote&gt;",
                                         "&lt;ul&gt;", "&lt;ol&gt;", "&lt;pre&gt;"};
    weft_str s = weft_str_trim(body);
    bool starts_block = false;
    if (s.n < 8 || memchr(s.p, '<', s.n) != NULL || memcmp(s.p + s.n - 4, "&gt;", 4) != 0)
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        starts_block = starts_block || weft_str_starts(s, starts[i]);
    return starts_block;
}

/* The entities of a body, once. */
static void unescape(weft_buf *b, weft_str body)
{
    for (size_t i = 0; i < body.n;) {
        char c[4] = {body.p[i]};
        size_t c_n = 1, n = 0;
        if (c[0] == '&')
            n = body_entity(weft_str_of(body.p + i + 1, body.n - i - 1), c, &c_n);
        weft_buf_add(b, weft_str_of(c, c_n));
        i += n + 1;
    }
}

static weft_code html_text(void *mem, weft_str body, weft_str *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf plain;
    body_out o;
    weft_buf_init(&plain, tmp, body.n + 1);
    if (is_escaped_html(body)) {
        unescape(&plain, body);
        if (tmp == NULL || plain.failed != WEFT_OK)
            return weft_fail_nomem(err);
        body = weft_buf_str(&plain);
    }
    body_out_init(&o, mem);
    body_html(&o, body);
    weft_code code = weft_buf_check(&o.text, "text of a body", err);
    if (code != WEFT_OK)
        return code;
    body_out_cut(&o, weft_utf8_cut(weft_buf_str(&o.text), WEFT_TEXT_MAX));
    *out = weft_buf_str(&o.text);
    return WEFT_OK;
}

weft_code weft_body_text(void *mem, weft_str body, weft_format format, weft_str *out,
                         weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str clean;
    size_t repaired;
    *out = body;
    if (format == WEFT_TEXT || body.n == 0 ||
        (format == WEFT_MARKDOWN && body_markdown_is_plain(body)))
        return WEFT_OK;
    if (tmp == NULL)
        return weft_fail_nomem(err);
    weft_code code = weft_utf8_repair(tmp, body, &clean, &repaired, err);
    if (code != WEFT_OK)
        return code;
    return format == WEFT_HTML ? html_text(mem, clean, out, err)
                               : body_markdown(mem, clean, out, err);
}

/* body.c - a body as a person reads it: which format goes which way. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/body.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "body_parts.h"
#include "banned.h"

static weft_code html_text(void *mem, weft_str body, weft_str *out, weft_error *err)
{
    body_out o;
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

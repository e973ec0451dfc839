/* ndjson.c - weft NDJSON, the native input: one JSON object a line. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../formats.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

static bool holds(weft_str line, const char *text)
{
    return memmem(line.p, line.n, text, strlen(text)) != NULL;
}

/* Other programs have types too: a comment is one of ours when it names its article. */
int fmt_ndjson_sniff(weft_str head)
{
    enum { NO_DOUBT = 100, POSSIBLE = 40 };
    weft_str text = weft_str_trim(head);
    if (text.n == 0 || text.p[0] != '{')
        return 0;
    const char *end = memchr(text.p, '\n', text.n);
    weft_str line = end == NULL ? text : weft_str_of(text.p, (size_t)(end - text.p));
    bool is_ours = holds(line, "\"type\"") &&
                   (holds(line, "\"article\"") || holds(line, "\"delete\"")) &&
                   (holds(line, "\"id\"") || holds(line, "\"ref\""));
    return is_ours ? NO_DOUBT : POSSIBLE;
}

weft_code fmt_ndjson_line(const fmt_source *source, const input_line *line,
                          const fmt_sink *sink, weft_error *err)
{
    if (line->too_long)
        sink->refuse(sink->ctx, line->number, "line over 16777216 bytes");
    if (line->too_long || weft_str_trim(line->text).n == 0)
        return WEFT_OK;
    weft_scope void *tmp = talloc_new(NULL);
    weft_record *r;
    weft_error why = {0};
    weft_code code =
        weft_record_parse(tmp, line->text, source->options, source->counts, &r, &why);
    if (code == WEFT_OK)
        return sink->emit(sink->ctx, r, line->number, err);
    if (code == WEFT_ENOMEM)
        return weft_fail_nomem(err);
    sink->refuse(sink->ctx, line->number, why.text);
    return WEFT_OK;
}

weft_code fmt_ndjson_read(void *mem, input *in, const fmt_source *source,
                          const fmt_sink *sink, weft_error *err)
{
    (void)mem;
    input_line line;
    bool more = true;
    for (;;) {
        weft_code code = input_next_line(in, &line, &more, err);
        if (code != WEFT_OK || !more)
            return code;
        if (line.number <= source->skip_lines)
            continue;
        code = fmt_ndjson_line(source, &line, sink, err);
        if (code != WEFT_OK)
            return code;
    }
}

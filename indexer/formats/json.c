/* json.c - the `json` reader: any JSON whose layout a mapping describes.
 *
 * The text is one document, several one after the other, or a document a line (JSON lines).
 * In JSON lines a line that is wrong is refused and the next one read; anywhere else nobody
 * can say where the text would go on, so the file ends there.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "csv.h"
#include "json_feed.h"
#include "json_frames.h"
#include "banned.h"

enum { SURE = 95, POSSIBLE = 15 };

typedef struct reader {
    input *in;
    const fmt_source *source;
    const fmt_sink *sink;
    map_run *run;
    json_frames *frames;
    json_feed *feed;
    size_t line, column; /* column: bytes of the line before the piece */
    bool by_line;        /* JSON lines */
    bool skips_line;     /* its rest is not read */
    weft_error *err;
} reader;

static weft_code on_key(void *ctx, weft_str key, weft_error *err)
{
    reader *r = ctx;
    return json_frames_key(r->frames, key, err);
}

static weft_code on_value(void *ctx, tree_kind kind, weft_str text, weft_error *err)
{
    reader *r = ctx;
    return json_frames_value(r->frames, kind, text, r->line, err);
}

static weft_code on_begin(void *ctx, tree_kind kind, weft_error *err)
{
    reader *r = ctx;
    return json_frames_begin(r->frames, kind, r->line, err);
}

static weft_code on_end(void *ctx, weft_error *err)
{
    reader *r = ctx;
    return json_frames_end(r->frames, err);
}

static weft_code start_feed(reader *r)
{
    const json_events events = {on_key, on_value, on_begin, on_end, r};
    talloc_free(r->feed);
    r->feed = NULL;
    return json_feed_new(r, &events, &r->feed, r->err);
}

/* The text is wrong: in JSON lines the line is refused, else the file ends. */
static weft_code break_off(reader *r, const weft_error *why)
{
    size_t byte = r->column + (why->has_at ? why->at : 0) + 1;
    weft_code code = json_frames_break(r->frames, r->err);
    if (code != WEFT_OK)
        return code;
    if (!r->by_line)
        return weft_fail(r->err, WEFT_ESYNTAX,
                         "%s:%zu: %s at byte %zu of the line: nothing is read beyond it",
                         input_name(r->in), r->line, why->text, byte);
    weft_scope char *reason = talloc_asprintf(NULL, "%s at byte %zu", why->text, byte);
    if (reason == NULL)
        return weft_fail_nomem(r->err);
    r->sink->refuse(r->sink->ctx, r->line, reason);
    r->skips_line = true;
    return start_feed(r);
}

/* Codes that are about the text, not about us or the sink. */
static bool is_of_text(const reader *r, weft_code code)
{
    return (code == WEFT_ESYNTAX || code == WEFT_ELIMIT) && !map_run_failed(r->run);
}

static weft_code end_line(reader *r)
{
    weft_code code = WEFT_OK;
    const weft_error early = {.text = "not JSON: ends too early"};
    r->column--; /* where its end stands */
    if (r->by_line && !r->skips_line && json_frames_depth(r->frames) > 0)
        code = break_off(r, &early);
    r->skips_line = false;
    r->line++;
    r->column = 0;
    return code;
}

/* A piece without a line end but at its end. */
static weft_code read_piece(reader *r, weft_str piece)
{
    weft_error why = {0};
    bool ends = piece.n > 0 && piece.p[piece.n - 1] == '\n';
    weft_code code = r->skips_line ? WEFT_OK : json_feed_piece(r->feed, piece, &why);
    if (is_of_text(r, code))
        code = break_off(r, &why);
    else if (code != WEFT_OK)
        return weft_fail(r->err, code, "%s", why.text);
    r->column += piece.n;
    return code == WEFT_OK && ends ? end_line(r) : code;
}

static weft_code read_chunk(reader *r, weft_str chunk)
{
    weft_code code = WEFT_OK;
    while (chunk.n > 0 && code == WEFT_OK) {
        code = read_piece(r, input_take_piece(&chunk));
    }
    return code;
}

static weft_code read_end(reader *r)
{
    weft_error why = {.text = "not JSON: ends too early"};
    weft_error found = {0};
    weft_code code = r->skips_line ? WEFT_OK : json_feed_end(r->feed, &found);
    if (json_frames_depth(r->frames) > 0)
        return break_off(r, &why);
    if (is_of_text(r, code))
        return break_off(r, &found);
    return code == WEFT_OK ? WEFT_OK : weft_fail(r->err, code, "%s", found.text);
}

static weft_code read_all(reader *r)
{
    weft_str chunk;
    bool more = true;
    for (;;) {
        weft_code code = input_next_chunk(r->in, &chunk, &more, r->err);
        if (code == WEFT_OK && !more)
            return read_end(r);
        if (code == WEFT_OK)
            code = read_chunk(r, chunk);
        if (code != WEFT_OK)
            return code;
    }
}

/* Whether a line is one object and nothing else, as far as its brackets tell. */
static bool is_object(weft_str line)
{
    int depth = 0;
    bool in_text = false;
    for (size_t i = 0; i < line.n; i++) {
        char c = line.p[i];
        if (in_text && c == '\\')
            i++;
        else if (c == '"')
            in_text = !in_text;
        else if (!in_text && (c == '{' || c == '['))
            depth++;
        else if (!in_text && (c == '}' || c == ']') && --depth == 0)
            return i + 1 == line.n;
    }
    return false;
}

/* Lines that begin an object each, most of which are one: the first, or two others. The last
 * may be cut. */
static bool is_by_line(weft_str head)
{
    weft_str line;
    size_t begun = 0, whole = 0;
    bool first = false;
    while (weft_str_next_line(&head, &line)) {
        line = weft_str_trim(line);
        if (line.n == 0)
            continue;
        if (line.p[0] != '{')
            return false;
        begun++;
        whole += is_object(line) ? 1 : 0;
        first = first || (begun == 1 && whole == 1);
    }
    return begun >= 2 && (first || whole >= 2) && 2 * whole >= begun - 1;
}

weft_code json_read_by(void *mem, input *in, const mapping *m, const fmt_source *source,
                       const fmt_sink *sink, weft_error *err)
{
    weft_str head;
    reader *r = talloc_zero(mem, reader);
    if (r == NULL)
        return weft_fail_nomem(err);
    *r = (reader){.in = in, .source = source, .sink = sink, .line = 1, .err = err};
    weft_code code = input_head(in, &head, err);
    if (code == WEFT_OK)
        code = map_run_new(r, m, source, sink, &r->run, err);
    if (code == WEFT_OK)
        code = json_frames_new(r, r->run, m, &r->frames, err);
    if (code == WEFT_OK)
        code = start_feed(r);
    if (code != WEFT_OK)
        return code;
    r->by_line = is_by_line(head);
    fmt_note(sink, "JSON%s, read by the mapping %s",
             r->by_line ? ", a document a line" : "", m->name);
    weft_error why = {0};
    r->err = &why;
    code = read_all(r);
    /* What waits for a parent goes out whatever has happened to the rest. */
    bool can_end = code == WEFT_OK || is_of_text(r, code);
    weft_code ended = can_end ? map_run_end(r->run, err) : WEFT_OK;
    if (ended != WEFT_OK)
        return ended;
    return code == WEFT_OK ? WEFT_OK : weft_fail(err, code, "%s", why.text);
}

static weft_code fail_unknown(const input *in, weft_error *err)
{
    return weft_fail(
        err, WEFT_ESYNTAX,
        "%s: is JSON in no layout known: describe it with --mapping FILE (doc/mappings.md)",
        input_name(in));
}

weft_code fmt_json_read(void *mem, input *in, const fmt_source *source,
                        const fmt_sink *sink, weft_error *err)
{
    mapping *m = NULL;
    const mapping_builtin *b;
    weft_str head;
    const char *file = source->choices == NULL ? NULL : source->choices->mapping;
    if (file != NULL) {
        weft_code code = mapping_load_file(mem, file, &m, err);
        return code == WEFT_OK ? json_read_by(mem, in, m, source, sink, err) : code;
    }
    weft_code code = input_head(in, &head, err);
    for (size_t i = 0; code == WEFT_OK && (b = mapping_builtin_at(i)) != NULL; i++)
        if (fmt_mapped_sniff(b->name, head) > 0)
            return fmt_mapped_read(b->name, mem, in, source, sink, err);
    return code == WEFT_OK ? fail_unknown(in, err) : code;
}

weft_code fmt_mapped_read(const char *name, void *mem, input *in, const fmt_source *source,
                          const fmt_sink *sink, weft_error *err)
{
    const mapping *m;
    weft_code code = mapping_builtin_get(name, &m, err);
    if (code == WEFT_OK && m->for_csv)
        return fmt_csv_read_as(name, mem, in, source, sink, err);
    return code == WEFT_OK ? json_read_by(mem, in, m, source, sink, err) : code;
}

int fmt_mapped_sniff(const char *name, weft_str head)
{
    const mapping *m;
    if (mapping_builtin_get(name, &m, NULL) != WEFT_OK)
        return 0;
    if (m->for_csv)
        return csv_columns_sniff(head, m);
    return json_has_marks(head, m) ? SURE : 0;
}

int fmt_json_sniff(weft_str head)
{
    weft_str text = weft_str_trim(head);
    return text.n > 0 && (text.p[0] == '{' || text.p[0] == '[') ? POSSIBLE : 0;
}

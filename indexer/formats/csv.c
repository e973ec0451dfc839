/* csv.c - the `csv` reader: tables with a header, one record a row.
 *
 * A row becomes a tree with a key for each column, and a mapping makes a record of it, as of
 * a JSON object. Rows of columns with usual names have the keys of mappings/csv.json.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "csv.h"

#include <csv.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "map_run.h"
#include "page.h"
#include "banned.h"

enum { BLOCK_BYTES = 64 * 1024 };

/* libcsv's states (csv_parser.pstate), which its header does not name. */
enum { ROW_NOT_BEGUN = 0, FIELD_BEGUN = 2 };

typedef struct reader {
    input *in;
    const fmt_source *source;
    const fmt_sink *sink;
    map_run *run;
    const mapping *m;
    csv_columns columns;
    weft_str *keys; /* of the columns in a row's tree; NULL view: not kept */
    page_ids *ids;  /* for comments of a table without ids, else NULL */
    bool is_header; /* the row at work is the header */
    bool articles;  /* all rows are articles */
    struct csv_parser parser;
    bool has_parser;
    size_t line,
        row_line;   /* row_line: where the row at work began, or will at the earliest */
    tree_node *row; /* of the row at work */
    size_t fields, bytes;
    bool is_empty; /* none of its fields says anything */
    weft_code code;
    weft_error *err;
} reader;

static int reader_done(reader *r)
{
    if (r->has_parser)
        csv_free(&r->parser);
    return 0;
}

static weft_code start_row(reader *r)
{
    weft_str none = weft_str_of("", 0);
    talloc_free(r->row);
    r->row = NULL;
    r->fields = r->bytes = 0;
    r->row_line = r->line;
    r->is_empty = true;
    return tree_add(r, NULL, TREE_OBJECT, none, none, &r->row, r->err);
}

static void on_field(void *p, size_t n, void *ctx)
{
    reader *r = ctx;
    size_t i = r->fields++;
    tree_node *node;
    weft_str text = weft_str_of(p, n);
    r->bytes += n;
    r->is_empty = r->is_empty && weft_str_trim(text).n == 0;
    if (r->code != WEFT_OK || r->is_header || i >= r->columns.count ||
        r->keys[i].p == NULL || n == 0 || r->bytes > WEFT_LINE_MAX)
        return;
    r->code = tree_add(r->row, r->row, TREE_TEXT, r->keys[i], text, &node, r->err);
}

static weft_code make_comment_id(reader *r, void *mem, map_made *made)
{
    const weft_record *c = &made->record;
    if (r->ids == NULL || made->outcome != MAP_IS_COMMENT || c->id != NULL)
        return WEFT_OK;
    return page_ids_comment(r->ids, mem, weft_str_from(c->author), c->published_s,
                            weft_str_from(c->body), &made->record.id, r->err);
}

static weft_code refuse_row(reader *r)
{
    weft_scope char *reason = NULL;
    if (r->bytes > WEFT_LINE_MAX)
        reason = talloc_strdup(NULL, "row over 16777216 bytes");
    else
        reason = talloc_asprintf(NULL, "%zu fields, but %zu columns", r->fields,
                                 r->columns.count);
    if (reason == NULL)
        return weft_fail_nomem(r->err);
    r->sink->refuse(r->sink->ctx, r->row_line, reason);
    return WEFT_OK;
}

static weft_code put_row(reader *r)
{
    weft_scope void *tmp = talloc_new(NULL);
    map_made made;
    map_place place = map_run_place(r->run, r->row);
    tree_node *node;
    if (r->is_empty)
        return WEFT_OK;
    if (r->fields != r->columns.count || r->bytes > WEFT_LINE_MAX)
        return refuse_row(r);
    weft_code code = WEFT_OK;
    if (r->articles)
        code = tree_add(r->row, r->row, TREE_TEXT, weft_str_from("type"),
                        weft_str_from("article"), &node, r->err);
    if (code == WEFT_OK)
        code = map_make(tmp, &place, &made, r->err);
    if (code == WEFT_OK)
        code = make_comment_id(r, tmp, &made);
    return code == WEFT_OK ? map_run_put(r->run, &place, &made, r->row_line, r->err) : code;
}

static void on_row(int c, void *ctx)
{
    reader *r = ctx;
    (void)c;
    if (r->code == WEFT_OK && !r->is_header)
        r->code = put_row(r);
    r->is_header = false;
    if (r->code == WEFT_OK)
        r->code = start_row(r);
}

static weft_code check_parser(reader *r)
{
    if (r->code != WEFT_OK)
        return r->code;
    if (csv_error(&r->parser) != CSV_SUCCESS)
        return weft_fail_nomem(r->err);
    if (csv_get_buffer_size(&r->parser) > (size_t)WEFT_LINE_MAX + BLOCK_BYTES)
        return weft_fail(r->err, WEFT_ESYNTAX,
                         "%s:%zu: a field over %d bytes: is its quote closed?",
                         input_name(r->in), r->row_line, WEFT_LINE_MAX);
    return WEFT_OK;
}

/* A piece without a line end but at its end. */
static weft_code read_piece(reader *r, weft_str piece)
{
    csv_parse(&r->parser, piece.p, piece.n, on_field, on_row, r);
    if (piece.p[piece.n - 1] == '\n') {
        r->line++;
        if (r->fields == 0 && r->parser.pstate == ROW_NOT_BEGUN) /* no row has begun yet */
            r->row_line = r->line;
    }
    return check_parser(r);
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
    if (r->parser.quoted && r->parser.pstate == FIELD_BEGUN)
        return weft_fail(
            r->err, WEFT_ESYNTAX,
            "%s:%zu: the quote of a field is never closed: nothing is read from here on",
            input_name(r->in), r->row_line);
    csv_fini(&r->parser, on_field, on_row, r);
    return check_parser(r);
}

static weft_code read_rows(reader *r)
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

/* The keys of the columns: as the header names them, or what their usual names stand for; of
 * two for the same the first is taken. */
static weft_code name_keys(reader *r, bool by_usual)
{
    csv_columns *c = &r->columns;
    r->keys = weft_new_array(r, weft_str, c->count);
    if (r->keys == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < c->count; i++) {
        const char *key = by_usual ? csv_usual(c->names[i]) : NULL;
        weft_str name = by_usual ? weft_str_from(key) : c->names[i];
        for (size_t k = 0; k < i && name.p != NULL; k++)
            if (weft_str_eq(r->keys[k], name))
                name.p = NULL;
        if (name.p != NULL && (by_usual || mapping_wants(r->m, name)))
            r->keys[i] = name;
    }
    return WEFT_OK;
}

static bool has_key(const reader *r, const char *key)
{
    for (size_t i = 0; i < r->columns.count; i++)
        if (r->keys[i].p != NULL && weft_str_is(r->keys[i], key))
            return true;
    return false;
}

static weft_code choose_usual(reader *r)
{
    fmt_source unprefixed = *r->source;
    unprefixed.options = NULL; /* the prefix comes later, as to all ids */
    if (!csv_columns_do(&r->columns, &r->articles))
        return weft_fail(
            r->err, WEFT_ESYNTAX,
            "%s: no columns of usual names (id, parent, article, author, date, body): "
            "name them with --mapping FILE (doc/mappings.md)",
            input_name(r->in));
    weft_code code = mapping_builtin_get("csv", &r->m, r->err);
    if (code != WEFT_OK)
        return code;
    code = name_keys(r, true);
    if (code == WEFT_OK && !has_key(r, "id") && !r->articles)
        code = page_ids_new(r, &unprefixed, &r->ids, r->err);
    return code;
}

/* A table without a header has the columns that the mapping names. Some programs write those
 * above it all the same. */
static void take_columns(reader *r)
{
    csv_columns *c = &r->columns;
    r->is_header = c->count > 0 && weft_str_eq(c->names[0], r->m->columns[0]);
    c->names = r->m->columns;
    c->count = r->m->column_count;
}

static weft_code choose_mapping(reader *r, const char *name)
{
    mapping *m = NULL;
    weft_code code;
    const char *file = r->source->choices == NULL ? NULL : r->source->choices->mapping;
    name = name == NULL ? r->columns.marked : name;
    if (file == NULL && name == NULL)
        return choose_usual(r);
    if (file != NULL) {
        code = mapping_load_file(r, file, &m, r->err);
        r->m = m;
    } else {
        code = mapping_builtin_get(name, &r->m, r->err);
    }
    if (code != WEFT_OK)
        return code;
    if (r->m->column_count > 0)
        take_columns(r);
    return name_keys(r, false);
}

static weft_code begin(reader *r, const char *name, weft_str head)
{
    weft_code code = csv_columns_read(r, head, &r->columns, r->err);
    if (code == WEFT_OK)
        code = choose_mapping(r, name);
    if (code == WEFT_OK)
        code = map_run_new(r, r->m, r->source, r->sink, &r->run, r->err);
    if (code == WEFT_OK)
        code = start_row(r);
    if (code != WEFT_OK)
        return code;
    if (csv_init(&r->parser, CSV_APPEND_NULL) != 0)
        return weft_fail_nomem(r->err);
    r->has_parser = true;
    csv_set_delim(&r->parser, (unsigned char)r->columns.delimiter);
    csv_set_blk_size(&r->parser, BLOCK_BYTES);
    fmt_note(r->sink, "CSV with '%s', %zu columns, read by the mapping %s",
             r->columns.delimiter == '\t' ? "tab" : (char[]){r->columns.delimiter, '\0'},
             r->columns.count, r->m->name);
    return WEFT_OK;
}

weft_code fmt_csv_read_as(const char *name, void *mem, input *in, const fmt_source *source,
                          const fmt_sink *sink, weft_error *err)
{
    weft_str head;
    weft_error why = {0};
    reader *r = talloc_zero(mem, reader);
    if (r == NULL)
        return weft_fail_nomem(err);
    *r = (reader){.in = in,
                  .source = source,
                  .sink = sink,
                  .line = 1,
                  .is_header = true,
                  .err = &why};
    talloc_set_destructor(r, reader_done);
    weft_code code = input_head(in, &head, err);
    if (code != WEFT_OK)
        return code;
    code = begin(r, name, head);
    bool has_begun = code == WEFT_OK;
    if (has_begun)
        code = read_rows(r);
    /* What waits for a parent goes out whatever has happened to the rest. */
    if (has_begun &&
        (code == WEFT_OK || (code == WEFT_ESYNTAX && !map_run_failed(r->run)))) {
        weft_code ended = map_run_end(r->run, err);
        if (ended != WEFT_OK)
            return ended;
    }
    return code == WEFT_OK ? WEFT_OK : weft_fail(err, code, "%s", why.text);
}

weft_code fmt_csv_read(void *mem, input *in, const fmt_source *source, const fmt_sink *sink,
                       weft_error *err)
{
    return fmt_csv_read_as(NULL, mem, in, source, sink, err);
}

/* export.c - `weft-indexer export`: the public records of an index as weft NDJSON, sorted
 * by thread.
 *
 * The same records give the same bytes, whatever order they came in. A comment that is not
 * public but has public replies is printed as its place only, so that a build from an
 * export has the same tree.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/options.h"
#include "weft/thread.h"
#include "subcommands.h"
#include "live.h"
#include "old.h"
#include "banned.h"

typedef struct export_options {
    const char *index;
} export_options;

static const weft_option export_rows[] = {
    LIVE_INDEX_ROW(offsetof(export_options, index), "directory of the index"), {0}};

static const weft_usage export_usage = {
    .program = "weft-indexer export",
    .operands = "",
    .about = "Print the public records of an index as weft NDJSON, thread by thread.",
    .options = export_rows};

static weft_code print(const weft_record *r, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf line;
    weft_buf_init(&line, tmp, 2 * (size_t)WEFT_LINE_MAX);
    weft_code code = weft_record_render(r, &line, err);
    if (code == WEFT_OK && fwrite(line.p, 1, line.n, stdout) != line.n)
        code = weft_fail(err, WEFT_EIO, "standard output: %s", strerror(errno));
    return code;
}

static weft_code print_node(const weft_node *node, weft_error *err)
{
    const weft_record *r = node->record;
    if (r->status == WEFT_PUBLIC)
        return print(r, err);
    if (!node->place)
        return WEFT_OK;
    const weft_record place = {.type = WEFT_COMMENT,
                               .status = WEFT_DELETED,
                               .id = r->id,
                               .article = r->article,
                               .parent = r->parent,
                               .parent_is_marker = r->parent_is_marker,
                               .published_s = WEFT_DATE_UNKNOWN};
    return print(&place, err);
}

static weft_code load_records(old_documents *old, weft_record ***records, size_t *count,
                              weft_error *err)
{
    *records = weft_new_array(old->mem, weft_record *, old_count(old));
    if (*records == NULL)
        return weft_fail_nomem(err);
    for (const old_document *o = old->table; o != NULL; o = o->hh.next)
        if (o->stored->kind != WEFT_KIND_STUB && o->stored->kind != WEFT_KIND_THREAD)
            (*records)[(*count)++] = o->stored->record;
    return WEFT_OK;
}

static weft_code export_thread(weft_reader *reader, const char *article_id, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    old_documents old;
    weft_record **records;
    size_t count = 0;
    weft_thread *thread;
    weft_code code = old_load(&old, tmp, reader, article_id, err);
    if (code == WEFT_OK)
        code = load_records(&old, &records, &count, err);
    if (code == WEFT_OK)
        code = weft_thread_build(tmp, article_id, records, count, &thread, err);
    if (code == WEFT_OK && thread->article != NULL)
        code = print(thread->article, err);
    for (uint32_t i = 0; code == WEFT_OK && i < thread->node_count; i++)
        code = print_node(&thread->nodes[i], err);
    old_done(&old);
    return code;
}

static weft_code export_all(const live *l, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str *ids;
    size_t count = 0;
    weft_code code = weft_reader_terms(l->reader, tmp, weft_str_from(WEFT_PREFIX_THREAD),
                                       SIZE_MAX, &ids, &count, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++)
        code = export_thread(l->reader, ids[i].p, err);
    if (code == WEFT_OK && fflush(stdout) != 0)
        code = weft_fail(err, WEFT_EIO, "standard output: %s", strerror(errno));
    return code;
}

weft_code subcommand_export(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    export_options options = {0};
    live *l;
    int first;
    bool shown = false;
    weft_code code =
        weft_options_parse(mem, &export_usage, argc, argv, &options, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    if (first < argc)
        return weft_fail(err, WEFT_EUSAGE, "export: unexpected argument '%s'", argv[first]);
    *status = EXIT_ALL;
    code = live_check_dir(options.index, err);
    if (code == WEFT_OK)
        code = live_open(mem, options.index, &l, err);
    return code == WEFT_OK ? export_all(l, err) : code;
}

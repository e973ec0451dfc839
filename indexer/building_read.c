/* building_read.c - the first step of a build: all records into the spool. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "building_read.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "weft/index.h"
#include "weft/indexdir.h"
#include "weft/mem.h"
#include "building_index.h"
#include "files.h"
#include "old.h"
#include "reading.h"
#include "space.h"
#include "banned.h"

/* What was read up to here needs not be read again. */
static weft_code save(building *b, int file, uint64_t line, weft_error *err)
{
    b->at.file = file;
    b->at.line = line;
    weft_code code = spool_save(b->spool, &b->at.spool, err);
    b->saved_bytes = b->at.spool.bytes;
    return code == WEFT_OK ? checkpoint_save(b->work, &b->request, &b->at, err) : code;
}

/* In a format by lines any line is a place to go on from; in others the next file is. */
static weft_code spool_record(void *ctx, void *mem, weft_record *r, weft_error *err)
{
    building *b = ctx;
    const read_report *at = &b->at.report;
    (void)mem;
    weft_code code = spool_add(b->spool, r, err);
    progress_at(b->progress, at->bytes, at->records - b->records_before);
    rate_take(&b->rate, 1);
    if (code != WEFT_OK || at->line == 0 ||
        spool_bytes(b->spool) - b->saved_bytes < CHECKPOINT_BYTES)
        return code;
    return save(b, at->file, at->line, err);
}

static weft_code carry_term(building *b, const char *is, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str term;
    uint32_t *docids;
    size_t count = 0;
    weft_reader *r = b->before->reader;
    weft_code code = weft_term_make(tmp, WEFT_PREFIX_IS, weft_str_from(is), &term, err);
    if (code == WEFT_OK)
        code = weft_reader_postings(r, tmp, term, SIZE_MAX, &docids, &count, err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++) {
        weft_scope void *one = talloc_new(NULL);
        weft_stored *s;
        code = old_read(one, r, docids[i], &s, err);
        if (code != WEFT_OK || s->record->status == WEFT_PUBLIC || !s->record->has_rev)
            continue;
        code = spool_add(b->spool, s->record, err);
        b->at.tombstones++;
    }
    return code;
}

static weft_code carry_terms(building *b, weft_error *err)
{
    weft_code code = carry_term(b, "gone", err);
    return code == WEFT_OK ? carry_term(b, "place", err) : code;
}

/* Deletes and hidden records remembered with a revision come first, so that older copies in
 * the files do not stand. Additions to the live index go on meanwhile: what changes while it
 * is read is read again, into a new spool. */
static weft_code begin_spool(building *b, void *mem, weft_error *err)
{
    for (;;) {
        weft_error why = {0};
        b->at.tombstones = 0;
        weft_code code = spool_named(mem, b->work, NULL, &b->spool, err);
        if (code != WEFT_OK || b->before == NULL || b->request.file_count == 0)
            return code;
        code = carry_terms(b, &why);
        if (code != WEFT_ECHANGED)
            return code == WEFT_OK ? WEFT_OK : weft_fail(err, code, "%s", why.text);
        talloc_free(b->spool);
        code = live_refresh(b->before, err);
        if (code != WEFT_OK)
            return code;
    }
}

static weft_code fail_empty(building *b, weft_error *err)
{
    const read_report *r = &b->at.report;
    weft_code code = files_remove_tree(b->work, err);
    if (code != WEFT_OK)
        return code;
    return weft_fail(err, WEFT_ESYNTAX,
                     "no record could be read (%" PRIu64 " refused, %" PRIu64
                     " files failed): '%s' is unchanged",
                     r->refused, r->files_failed, b->index);
}

/* Bytes of `count` files; 0 when that of one is not known, as of a pipe. */
static uint64_t file_bytes(char **files, int count)
{
    uint64_t bytes = 0;
    struct stat st;
    for (int i = 0; i < count; i++) {
        if (strcmp(files[i], "-") == 0 ||
            (stat(files[i], &st) == 0 && !S_ISREG(st.st_mode)))
            return 0;
        bytes += stat(files[i], &st) == 0 ? (uint64_t)st.st_size : 0;
    }
    return bytes;
}

/* Lines that an earlier run read are passed over quickly and count as read now. */
static void tell_reading(building *b)
{
    const build_request *r = &b->request;
    b->at.report.bytes = file_bytes(r->files, b->at.file);
    b->records_before = b->at.report.records;
    progress_begin(b->progress,
                   &(progress_task){.phase = PROGRESS_READ,
                                    .total = file_bytes(r->files, r->file_count),
                                    .done = b->at.report.bytes,
                                    .unit = "bytes"});
}

static weft_code read_from(building *b, void *mem, weft_error *err)
{
    read_options read = *b->request.read;
    if (b->request.file_count == 0)
        return building_read_index(b, err);
    read.skip_files = b->at.file;
    read.skip_lines = b->at.line;
    read.summary = true;
    b->at.report.mem = mem;
    tell_reading(b);
    return read_files(&read, b->request.files, b->request.file_count, spool_record, b,
                      &b->at.report, err);
}

/* There is nothing to go on from. */
static weft_code drop_work(const building *b, weft_code code)
{
    (void)!files_remove_tree(b->work, NULL);
    return code;
}

/* Room for the records that are still to be read. */
static weft_code check_space(const building *b, weft_error *err)
{
    const build_request *r = &b->request;
    if (b->any_space)
        return WEFT_OK;
    if (r->file_count == 0)
        return space_check(
            b->index, space_of_index(weft_indexdir_bytes(b->index, b->before->generation)),
            err);
    uint64_t total = file_bytes(r->files, r->file_count),
             done = file_bytes(r->files, b->at.file) + b->at.spool.bytes;
    return space_check(b->index, space_of_input(total > done ? total - done : 0), err);
}

static weft_code read_input(building *b, void *mem, weft_error *err)
{
    bool is_new = b->at.spool.entries == 0 && b->at.spool.bytes == 0;
    weft_code code = check_space(b, err);
    if (code != WEFT_OK)
        return is_new ? drop_work(b, code) : code;
    code = is_new ? begin_spool(b, mem, err)
                  : spool_named(mem, b->work, &b->at.spool, &b->spool, err);
    if (code == WEFT_OK && is_new)
        code = save(b, 0, 0, err);
    if (code == WEFT_OK)
        code = read_from(b, mem, err);
    if (code == WEFT_EUSAGE)
        return drop_work(b, code);
    if (code == WEFT_OK && b->at.report.records == 0 && b->request.file_count > 0)
        return fail_empty(b, err);
    b->at.phase = PHASE_WRITE;
    return code == WEFT_OK ? save(b, b->request.file_count, 0, err) : code;
}

weft_code building_read(building *b, void *mem, weft_error *err)
{
    weft_code code = b->at.phase == PHASE_READ
                         ? read_input(b, mem, err)
                         : spool_named(mem, b->work, &b->at.spool, &b->spool, err);
    return code == WEFT_OK ? spool_finish(b->spool, &b->at.duplicates, err) : code;
}

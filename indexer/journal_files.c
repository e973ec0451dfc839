/* journal_files.c - the files of a journal: their names in order, and the frames in one.
 *
 * A frame is the length of its body and a checksum, eight bytes each, a byte for its kind,
 * and the body. What a power cut leaves of the last one is told by its checksum.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "journal.h"
#include "banned.h"

enum {
    NUMBER_BYTES = 8,
    HEAD_BYTES = 2 * NUMBER_BYTES + 1,
    BODY_MAX = 4 * WEFT_LINE_MAX, /* a record in stored form may be longer than its line */
    END_NUMBERS = 4
};

static const char magic[] = "weft journal 1\n";

static weft_code fail(const char *path, weft_error *err)
{
    return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
}

char *segment_path(void *mem, const char *dir, uint64_t first)
{
    return talloc_asprintf(mem, "%s/journal/%0*llu", dir, JOURNAL_NAME_DIGITS,
                           (unsigned long long)first);
}

static int by_first(const void *pa, const void *pb)
{
    const segment *a = pa, *b = pb;
    return a->first < b->first ? -1 : a->first > b->first;
}

static weft_code list_dir(DIR *d, void *mem, const char *dir, segment **out, size_t *count,
                          weft_error *err)
{
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        uint64_t first;
        weft_str name = weft_str_from(e->d_name);
        if (name.n != JOURNAL_NAME_DIGITS ||
            weft_parse_u64(name, UINT64_MAX, &first, NULL) != WEFT_OK)
            continue;
        segment *grown = weft_grow_array(mem, *out, segment, *count + 1);
        char *path = segment_path(mem, dir, first);
        if (grown != NULL)
            *out = grown;
        if (grown == NULL || path == NULL)
            return weft_fail_nomem(err);
        grown[(*count)++] = (segment){first, path};
    }
    return WEFT_OK;
}

weft_code segments_list(void *mem, const char *dir, segment **out, size_t *count,
                        weft_error *err)
{
    char *path = talloc_asprintf(mem, "%s/journal", dir);
    if (path == NULL)
        return weft_fail_nomem(err);
    *out = NULL;
    *count = 0;
    DIR *d = opendir(path);
    if (d == NULL)
        return errno == ENOENT ? WEFT_OK : fail(path, err);
    weft_code code = list_dir(d, mem, dir, out, count, err);
    closedir(d);
    if (*count > 0)
        qsort(*out, *count, sizeof **out, by_first);
    return code;
}

/* Of the kind too, so that one is not taken for another. */
static uint64_t checksum(char kind, weft_str body)
{
    return XXH3_64bits_withSeed(body.p, body.n, (unsigned char)kind);
}

static void put_number(char *out, uint64_t n)
{
    weft_sortable((int64_t)n, out);
}

static uint64_t get_number(const char *p)
{
    int64_t n = 0;
    (void)!weft_sortable_read(weft_str_of(p, NUMBER_BYTES), &n);
    return (uint64_t)n;
}

weft_code put_frame(FILE *file, const char *path, char kind, weft_str body, weft_error *err)
{
    char head[HEAD_BYTES];
    put_number(head, body.n);
    put_number(head + NUMBER_BYTES, checksum(kind, body));
    head[HEAD_BYTES - 1] = kind;
    if (fwrite(head, 1, sizeof head, file) != sizeof head ||
        fwrite(body.p, 1, body.n, file) != body.n)
        return fail(path, err);
    return WEFT_OK;
}

weft_code put_batch_end(FILE *file, const char *path, const batch_end *end, weft_error *err)
{
    char body[END_NUMBERS * NUMBER_BYTES];
    put_number(body, end->batch);
    put_number(body + NUMBER_BYTES, (uint64_t)end->time_ms);
    put_number(body + 2 * NUMBER_BYTES, end->records);
    put_number(body + 3 * NUMBER_BYTES, end->changes ? 1 : 0);
    return put_frame(file, path, FRAME_END, weft_str_of(body, sizeof body), err);
}

weft_code frames_end_of_batch(const frames *f, batch_end *out, weft_error *err)
{
    if (f->body.n != END_NUMBERS * NUMBER_BYTES)
        return weft_fail(err, WEFT_ECORRUPT, "%s: the end of a batch is damaged", f->path);
    const char *p = f->body.p;
    *out = (batch_end){.batch = get_number(p),
                       .time_ms = (int64_t)get_number(p + NUMBER_BYTES),
                       .records = get_number(p + 2 * NUMBER_BYTES),
                       .changes = get_number(p + 3 * NUMBER_BYTES) != 0};
    return WEFT_OK;
}

weft_code segment_begin(FILE *file, const char *path, weft_error *err)
{
    return fputs(magic, file) >= 0 ? WEFT_OK : fail(path, err);
}

weft_code frames_open(frames *f, void *mem, const char *path, weft_error *err)
{
    char head[sizeof magic - 1];
    *f = (frames){.path = path, .at = sizeof head};
    weft_buf_init(&f->body, mem, BODY_MAX);
    f->file = fopen(path, "rbe");
    if (f->file == NULL)
        return fail(path, err);
    size_t n = fread(head, 1, sizeof head, f->file);
    if (ferror(f->file))
        return fail(path, err);
    if (memcmp(head, magic, n) != 0)
        return weft_fail(err, WEFT_ECORRUPT, "%s: is no journal of this weft", path);
    if (n < sizeof head)
        f->at = 0; /* its writer died before the first record */
    return WEFT_OK;
}

void frames_close(frames *f)
{
    if (f->file != NULL)
        fclose(f->file);
    f->file = NULL;
}

/* Up to n bytes into the body. */
static weft_code read_body(frames *f, uint64_t n, weft_error *err)
{
    char chunk[16384];
    weft_buf_clear(&f->body);
    while (n > 0) {
        size_t want = n < sizeof chunk ? (size_t)n : sizeof chunk;
        size_t got = fread(chunk, 1, want, f->file);
        weft_buf_add(&f->body, weft_str_of(chunk, got));
        if (got < want)
            return ferror(f->file) ? fail(f->path, err) : WEFT_OK;
        n -= got;
    }
    return weft_buf_check(&f->body, f->path, err);
}

weft_code frames_next(frames *f, bool *more, weft_error *err)
{
    char head[HEAD_BYTES];
    *more = false;
    if (fread(head, 1, sizeof head, f->file) != sizeof head)
        return ferror(f->file) ? fail(f->path, err) : WEFT_OK;
    uint64_t n = get_number(head);
    if (n > BODY_MAX)
        return WEFT_OK;
    weft_code code = read_body(f, n, err);
    f->kind = head[HEAD_BYTES - 1];
    if (code != WEFT_OK || f->body.n != n ||
        checksum(f->kind, weft_buf_str(&f->body)) != get_number(head + NUMBER_BYTES))
        return code;
    f->at += sizeof head + n;
    *more = true;
    return WEFT_OK;
}

weft_code frames_go(frames *f, uint64_t offset, weft_error *err)
{
    f->at = offset;
    return fseeko(f->file, (off_t)offset, SEEK_SET) == 0 ? WEFT_OK : fail(f->path, err);
}

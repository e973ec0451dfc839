/* spool.c - records in a nameless file, and an array of where each stands, sorted by id and
 * then by thread.
 *
 * Ids are compared as 128-bit XXH3: two different ids would have to be found that collide,
 * which nobody has for a random seed. The seed is taken once a run.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spool.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include <xxhash.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "weft/tempfile.h"
#include "standing.h"
#include "banned.h"

typedef struct hash128 {
    uint64_t high, low;
} hash128;

typedef struct entry {
    hash128 id, thread;
    uint64_t offset, order, rev;
    uint64_t place_offset; /* of a record of the same id, for a delete that has no place */
    uint32_t bytes, place_bytes;
    uint8_t has_rev, is_public, has_place; /* bytes, since they may come from a file */
    uint8_t is_stored;     /* in the index already: only says where a delete belongs */
    uint32_t unused;       /* no byte is left unset that goes to a file */
    uint64_t thread_order; /* order of the first record of its thread */
} entry;

struct spool {
    FILE *file;
    FILE *index;  /* the entries as they come, when the spool has a name; else NULL */
    size_t saved; /* entries that are in it */
    XXH3_state_t *check;        /* over those */
    entry *entries;             /* malloc: may pass talloc's 256 MiB */
    size_t count, size, stored; /* entries, and how many of them are of the index */
    uint64_t bytes, text_bytes; /* of the file; of text before it was packed */
    uint64_t order, seed;
    size_t next, stop; /* of spool_next */
};

static int spool_destroy(spool *s)
{
    if (s->file != NULL)
        fclose(s->file);
    if (s->index != NULL)
        fclose(s->index);
    XXH3_freeState(s->check);
    free(s->entries);
    return 0;
}

static spool *new_spool(void *mem)
{
    spool *s = talloc_zero(mem, spool);
    if (s != NULL)
        talloc_set_destructor(s, spool_destroy);
    return s;
}

static weft_code take_seed(spool *s, weft_error *err)
{
    return getrandom(&s->seed, sizeof s->seed, 0) == (ssize_t)sizeof s->seed
               ? WEFT_OK
               : weft_fail(err, WEFT_EIO, "no random bytes: %s", strerror(errno));
}

weft_code spool_new(void *mem, const char *dir, spool **out, weft_error *err)
{
    int fd;
    spool *s = new_spool(mem);
    if (s == NULL)
        return weft_fail_nomem(err);
    weft_code code = take_seed(s, err);
    if (code == WEFT_OK)
        code = weft_tempfile_open(dir, &fd, err);
    if (code == WEFT_OK && (s->file = fdopen(fd, "w+b")) == NULL) {
        code = weft_fail(err, WEFT_EIO, "%s: no temporary file: %s", dir, strerror(errno));
        close(fd);
    }
    if (code == WEFT_OK)
        *out = s;
    return code;
}

static weft_code open_named(spool *s, const char *dir, const char *name, bool is_new,
                            FILE **out, weft_error *err)
{
    char *path = talloc_asprintf(s, "%s/%s", dir, name);
    if (path == NULL)
        return weft_fail_nomem(err);
    *out = fopen(path, is_new ? "w+be" : "r+be");
    if (*out == NULL)
        return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    return WEFT_OK;
}

/* Numbers as read from a file that somebody may have touched. */
static bool entry_is_sane(const spool *s, const entry *e)
{
    return e->bytes <= s->bytes && e->offset <= s->bytes - e->bytes &&
           e->place_bytes == 0 && e->order <= s->order;
}

static weft_code read_entries(spool *s, const spool_place *from, weft_error *err)
{
    if (from->entries > SIZE_MAX / sizeof(entry))
        return weft_fail_nomem(err);
    s->entries = malloc(from->entries * sizeof(entry) + 1);
    if (s->entries == NULL)
        return weft_fail_nomem(err);
    s->count = s->size = s->saved = from->entries;
    bool good = fread(s->entries, sizeof(entry), s->count, s->index) == s->count;
    if (good)
        XXH3_64bits_update(s->check, s->entries, s->count * sizeof(entry));
    good = good && XXH3_64bits_digest(s->check) == from->checksum;
    for (size_t i = 0; good && i < s->count; i++)
        good = entry_is_sane(s, &s->entries[i]);
    return good ? WEFT_OK
                : weft_fail(err, WEFT_ECORRUPT, "the records read so far are damaged");
}

/* What came after it was saved last is dropped. */
static weft_code restore(spool *s, const spool_place *from, weft_error *err)
{
    s->seed = from->seed;
    s->bytes = from->bytes;
    s->text_bytes = from->text_bytes;
    s->order = from->order;
    s->stored = from->stored;
    weft_code code = read_entries(s, from, err);
    if (code != WEFT_OK)
        return code;
    if (ftruncate(fileno(s->file), (off_t)s->bytes) != 0 ||
        ftruncate(fileno(s->index), (off_t)(s->count * sizeof(entry))) != 0 ||
        fseeko(s->file, 0, SEEK_END) != 0 || fseeko(s->index, 0, SEEK_END) != 0)
        return weft_fail(err, WEFT_EIO, "temporary file: %s", strerror(errno));
    return WEFT_OK;
}

weft_code spool_named(void *mem, const char *dir, const spool_place *from, spool **out,
                      weft_error *err)
{
    spool *s = new_spool(mem);
    if (s == NULL || (s->check = XXH3_createState()) == NULL)
        return weft_fail_nomem(err);
    XXH3_64bits_reset(s->check);
    weft_code code = open_named(s, dir, "records", from == NULL, &s->file, err);
    if (code == WEFT_OK)
        code = open_named(s, dir, "entries", from == NULL, &s->index, err);
    if (code == WEFT_OK)
        code = from == NULL ? take_seed(s, err) : restore(s, from, err);
    if (code == WEFT_OK)
        *out = s;
    return code;
}

weft_code spool_save(spool *s, spool_place *out, weft_error *err)
{
    size_t n = s->count - s->saved;
    assert(s->index != NULL);
    if (n > 0)
        XXH3_64bits_update(s->check, s->entries + s->saved, n * sizeof(entry));
    if ((n > 0 && fwrite(s->entries + s->saved, sizeof(entry), n, s->index) != n) ||
        fflush(s->file) != 0 || fflush(s->index) != 0 || fsync(fileno(s->file)) != 0 ||
        fsync(fileno(s->index)) != 0)
        return weft_fail(err, WEFT_EIO, "temporary file: %s", strerror(errno));
    s->saved = s->count;
    *out = (spool_place){s->seed,
                         s->bytes,
                         s->text_bytes,
                         s->order,
                         s->count,
                         s->stored,
                         XXH3_64bits_digest(s->check)};
    return WEFT_OK;
}

/* The kind is hashed with the id, not put into the seed: over a few bytes two seeds that differ
 * by little and two ids that do make one hash. */
static hash128 hash_id(const spool *s, char kind, const char *id)
{
    char text[WEFT_ID_MAX + 1];
    size_t n = strnlen(id, WEFT_ID_MAX);
    text[0] = kind;
    memcpy(text + 1, id, n);
    XXH128_hash_t h = XXH3_128bits_withSeed(text, n + 1, s->seed);
    return (hash128){h.high64, h.low64};
}

static weft_code new_entry(spool *s, entry **out, weft_error *err)
{
    if (s->count == s->size) {
        size_t size = s->size == 0 ? 1024 : s->size * 2;
        entry *grown = realloc(s->entries, size * sizeof *grown);
        if (grown == NULL)
            return weft_fail_nomem(err);
        s->entries = grown;
        s->size = size;
    }
    *out = &s->entries[s->count];
    return WEFT_OK;
}

static size_t length_of(const char *text)
{
    return text == NULL ? 0 : strlen(text);
}

static weft_code add_entry(spool *s, const weft_record *r, bool is_stored, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_stored stored = {.record = (weft_record *)(uintptr_t)r};
    weft_str bytes;
    entry *e = NULL;
    weft_code code = weft_stored_encode_plain(tmp, &stored, &bytes, err);
    if (code == WEFT_OK)
        code = new_entry(s, &e, err);
    if (code != WEFT_OK)
        return code;
    const char *article = r->type == WEFT_ARTICLE ? r->id : r->article;
    *e = (entry){.id = hash_id(s, r->type == WEFT_ARTICLE ? 'a' : 'c', r->id),
                 .thread = hash_id(s, 't', article == NULL ? "" : article),
                 .offset = s->bytes,
                 .order = is_stored ? 0 : ++s->order,
                 .rev = r->rev,
                 .bytes = (uint32_t)bytes.n,
                 .has_rev = r->has_rev,
                 .is_public = !r->is_delete && r->status == WEFT_PUBLIC,
                 .has_place = article != NULL && !record_names_no_place(r),
                 .is_stored = is_stored};
    if (fwrite(bytes.p, 1, bytes.n, s->file) != bytes.n)
        return weft_fail(err, WEFT_EIO, "temporary file: %s", strerror(errno));
    s->bytes += bytes.n;
    s->stored += is_stored;
    s->count++;
    return WEFT_OK;
}

weft_code spool_add(spool *s, const weft_record *r, weft_error *err)
{
    weft_code code = add_entry(s, r, false, err);
    if (code == WEFT_OK)
        s->text_bytes += length_of(r->title) + length_of(r->body);
    return code;
}

weft_code spool_add_delete(spool *s, const weft_record *r, const weft_record *stored,
                           weft_error *err)
{
    weft_code code = stored == NULL ? WEFT_OK : add_entry(s, stored, true, err);
    return code == WEFT_OK ? spool_add(s, r, err) : code;
}

size_t spool_memory(const spool *s)
{
    return s->size * sizeof *s->entries;
}

uint64_t spool_count(const spool *s)
{
    return s->order;
}

uint64_t spool_text_bytes(const spool *s)
{
    return s->text_bytes;
}

uint64_t spool_bytes(const spool *s)
{
    return s->bytes;
}

size_t spool_standing(const spool *s)
{
    return s->count;
}

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_hash(const hash128 *a, const hash128 *b)
{
    int order = compare_u64(a->high, b->high);
    return order != 0 ? order : compare_u64(a->low, b->low);
}

static int by_id(const void *pa, const void *pb)
{
    const entry *a = pa, *b = pb;
    int order = compare_hash(&a->id, &b->id);
    return order != 0 ? order : compare_u64(a->order, b->order);
}

static int by_thread(const void *pa, const void *pb)
{
    const entry *a = pa, *b = pb;
    int order = compare_hash(&a->thread, &b->thread);
    return order != 0 ? order : compare_u64(a->order, b->order);
}

static int by_thread_order(const void *pa, const void *pb)
{
    const entry *a = pa, *b = pb;
    int order = compare_u64(a->thread_order, b->thread_order);
    return order != 0 ? order : compare_u64(a->order, b->order);
}

static standing standing_of(const entry *e)
{
    return (standing){e->has_rev, e->is_public, e->rev};
}

static bool entry_replaces(const entry *later, const entry *earlier)
{
    return standing_replaces(standing_of(later), standing_of(earlier));
}

/* Of the n entries of one id, the one that stands. A delete by reference belongs where the
 * newest other record of its id stands, which may be the one in the index. */
static entry choose(const entry *e, size_t n)
{
    const entry *stands = NULL, *place = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!e[i].is_stored && (stands == NULL || entry_replaces(&e[i], stands)))
            stands = &e[i];
        if (e[i].has_place && (place == NULL || entry_replaces(&e[i], place)))
            place = &e[i];
    }
    assert(stands != NULL); /* a stored record is never alone */
    entry chosen = *stands;
    if (chosen.has_place || place == NULL)
        return chosen;
    chosen.thread = place->thread;
    chosen.has_place = true;
    chosen.place_offset = place->offset;
    chosen.place_bytes = place->bytes;
    return chosen;
}

/* entries is sorted by id: keep one of each. */
static void keep_standing(spool *s)
{
    size_t kept = 0;
    for (size_t i = 0, end = 0; i < s->count; i = end) {
        while (end < s->count && compare_hash(&s->entries[i].id, &s->entries[end].id) == 0)
            end++;
        s->entries[kept++] = choose(&s->entries[i], end - i);
    }
    s->count = kept;
}

static void number_threads(spool *s)
{
    for (size_t i = 0; i < s->count; i++) {
        bool same =
            i > 0 && compare_hash(&s->entries[i].thread, &s->entries[i - 1].thread) == 0;
        s->entries[i].thread_order =
            same ? s->entries[i - 1].thread_order : s->entries[i].order;
    }
}

weft_code spool_finish(spool *s, uint64_t *duplicates, weft_error *err)
{
    if (fflush(s->file) != 0)
        return weft_fail(err, WEFT_EIO, "temporary file: %s", strerror(errno));
    size_t before = s->count;
    if (s->count > 0) {
        qsort(s->entries, s->count, sizeof *s->entries, by_id);
        keep_standing(s);
        qsort(s->entries, s->count, sizeof *s->entries, by_thread);
        number_threads(s);
        qsort(s->entries, s->count, sizeof *s->entries, by_thread_order);
    }
    *duplicates = before - s->stored - s->count;
    spool_rewind(s);
    return WEFT_OK;
}

static weft_code load(spool *s, void *mem, uint64_t offset, uint32_t bytes,
                      weft_record **out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_stored *stored;
    char *p = talloc_size(tmp, bytes);
    if (p == NULL)
        return weft_fail_nomem(err);
    for (size_t got = 0; got < bytes;) {
        ssize_t n = pread(fileno(s->file), p + got, bytes - got, (off_t)(offset + got));
        if (n <= 0)
            return weft_fail(err, WEFT_EIO, "temporary file: %s",
                             n < 0 ? strerror(errno) : "ended early");
        got += (size_t)n;
    }
    weft_code code = weft_stored_decode(mem, weft_str_of(p, bytes), &stored, err);
    if (code == WEFT_OK)
        *out = stored->record;
    return code;
}

/* A delete stands where the record it deletes stood. */
static void follow(weft_record *delete, const weft_record *named)
{
    delete->article = named->article;
    delete->parent = named->parent;
    delete->parent_is_marker = named->parent_is_marker;
}

static weft_code load_entry(spool *s, void *mem, const entry *e, spool_entry *out,
                            weft_error *err)
{
    weft_record *named;
    out->order = e->order;
    out->has_place = e->has_place;
    weft_code code = load(s, mem, e->offset, e->bytes, &out->record, err);
    if (code != WEFT_OK || e->place_bytes == 0)
        return code;
    code = load(s, mem, e->place_offset, e->place_bytes, &named, err);
    if (code == WEFT_OK)
        follow(out->record, named);
    return code;
}

weft_code spool_next(spool *s, void *mem, spool_entry **entries, size_t *count,
                     weft_error *err)
{
    size_t first = s->next, end = first;
    while (end < s->stop && s->entries[end].thread_order == s->entries[first].thread_order)
        end++;
    spool_entry *list = weft_new_array(mem, spool_entry, end - first);
    if (list == NULL)
        return weft_fail_nomem(err);
    for (size_t i = first; i < end; i++) {
        weft_code code = load_entry(s, mem, &s->entries[i], &list[i - first], err);
        if (code != WEFT_OK)
            return code;
    }
    s->next = end;
    *entries = list;
    *count = end - first;
    return WEFT_OK;
}

void spool_rewind(spool *s)
{
    s->next = 0;
    s->stop = s->count;
}

/* The first entry of the thread that entry i is in. */
static size_t thread_start(const spool *s, size_t i)
{
    if (i >= s->count)
        return s->count;
    while (i > 0 && s->entries[i - 1].thread_order == s->entries[i].thread_order)
        i--;
    return i;
}

void spool_take_part(spool *s, size_t k, size_t count)
{
    s->next = thread_start(s, s->count / count * k);
    s->stop = k + 1 == count ? s->count : thread_start(s, s->count / count * (k + 1));
}

size_t spool_go(spool *s, size_t i)
{
    s->next = thread_start(s, i);
    s->stop = s->count;
    return s->next;
}

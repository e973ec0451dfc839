/* postings.c - documents turned round: for each term, its documents.
 *
 * All is in one growing piece of memory, named by offsets: for each term a head with the
 * term behind it, then its postings as pairs of packed numbers (chunks.h), in slices that
 * double in size. The last four bytes of a full slice say where the next one is. So the
 * many terms of one document take some 50 bytes, and the few of very many are nearly all
 * postings.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "postings.h"

#include <assert.h>
#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "chunks.h"
#include "runs.h"
#include "sort.h"
#include "banned.h"

enum {
    LINK_BYTES = 4,
    SLICE_FIRST = 8, /* bytes, with the link */
    LEVEL_LAST = 10, /* slices of this level and above are of one size, 8 KiB */
    PAIR_MAX = 2 * PACKED_MAX,
    BATCH = 16, /* postings that are fetched into the cache together */
    ARENA_FIRST = 1 << 20,
    SLOTS_FIRST = 1 << 14
};

/* One term. */
typedef struct head {
    uint64_t sum;   /* of wdfs */
    uint32_t count; /* documents */
    uint32_t last;  /* docid */
    uint32_t at;    /* where the next byte goes */
    uint32_t end;   /* of the slice, where its link is */
    uint32_t hash;
    uint32_t level; /* of the slice; a list of 2 MiB has over 255 */
    uint8_t term_n;
    char term[]; /* then the first slice */
} head;

/* Bytes one posting takes at most: a new term, and the slices a pair may need. */
enum {
    ADD_MAX = sizeof(head) + WEFT_TERM_MAX + 8 + PAIR_MAX * SLICE_FIRST +
              2 * (SLICE_FIRST << LEVEL_LAST)
};

/* Where a term may be: its hash, and the offset of its head; 0 for nowhere. */
typedef struct slot {
    uint32_t hash, head;
} slot;

struct postings {
    const char *dir;
    size_t budget;
    unsigned char *arena; /* malloc: may pass talloc's 256 MiB */
    size_t used, size;
    slot *slots;
    size_t slot_count, term_count;
    runs *runs;           /* NULL until memory does not suffice */
    unsigned char *pairs; /* one list in one piece */
    size_t pairs_size;
};

static int postings_destroy(postings *p)
{
    free(p->arena);
    free(p->slots);
    free(p->pairs);
    return 0;
}

/* Forget all lists. Offset 0 is no head. */
static weft_code clear(postings *p, weft_error *err)
{
    free(p->arena);
    free(p->slots);
    p->used = 8;
    p->size = ARENA_FIRST;
    p->term_count = 0;
    p->slot_count = SLOTS_FIRST;
    p->arena = malloc(p->size);
    p->slots = calloc(p->slot_count, sizeof *p->slots);
    return p->arena == NULL || p->slots == NULL ? weft_fail_nomem(err) : WEFT_OK;
}

weft_code postings_new(void *mem, const char *dir, size_t memory_bytes, postings **out,
                       weft_error *err)
{
    postings *p = talloc_zero(mem, postings);
    if (p == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(p, postings_destroy);
    p->dir = dir;
    p->budget = memory_bytes < UINT32_MAX / 2 ? memory_bytes : UINT32_MAX / 2;
    weft_code code = clear(p, err);
    if (code == WEFT_OK)
        *out = p;
    return code;
}

static head *head_at(const postings *p, uint32_t offset)
{
    return (head *)(void *)(p->arena + offset);
}

static weft_str term_of(const head *h)
{
    return weft_str_of(h->term, h->term_n);
}

static slot *free_slot(slot *slots, size_t count, uint32_t hash)
{
    size_t i = hash & (count - 1);
    while (slots[i].head != 0)
        i = (i + 1) & (count - 1);
    return &slots[i];
}

static weft_code grow_slots(postings *p, weft_error *err)
{
    size_t count = p->slot_count * 2;
    slot *grown = calloc(count, sizeof *grown);
    if (grown == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < p->slot_count; i++)
        if (p->slots[i].head != 0)
            *free_slot(grown, count, p->slots[i].hash) = p->slots[i];
    free(p->slots);
    p->slots = grown;
    p->slot_count = count;
    return WEFT_OK;
}

/* Room for a batch more, so that nothing below can fail and nothing moves. */
static weft_code make_room(postings *p, weft_error *err)
{
    weft_code code = WEFT_OK;
    if (p->size - p->used < BATCH * (size_t)ADD_MAX) {
        unsigned char *grown = realloc(p->arena, p->size * 2);
        if (grown == NULL)
            return weft_fail_nomem(err);
        p->arena = grown;
        p->size *= 2;
    }
    if ((p->term_count + BATCH) * 2 > p->slot_count)
        code = grow_slots(p, err);
    assert(p->size <= UINT32_MAX);
    return code;
}

static uint32_t take(postings *p, size_t n)
{
    uint32_t at = (uint32_t)p->used;
    p->used += n;
    return at;
}

static size_t slice_bytes(unsigned level)
{
    return (size_t)SLICE_FIRST << (level < LEVEL_LAST ? level : LEVEL_LAST);
}

static uint32_t new_head(postings *p, weft_str term, uint32_t hash)
{
    const size_t align = _Alignof(head);
    p->used = (p->used + align - 1) / align * align;
    uint32_t offset = take(p, offsetof(head, term) + term.n);
    head *h = head_at(p, offset);
    *h = (head){.hash = hash, .term_n = (uint8_t)term.n};
    if (term.n > 0)
        memcpy(h->term, term.p, term.n);
    h->at = take(p, SLICE_FIRST);
    h->end = h->at + SLICE_FIRST - LINK_BYTES;
    *free_slot(p->slots, p->slot_count, hash) = (slot){hash, offset};
    p->term_count++;
    return offset;
}

static head *find_or_add(postings *p, weft_str term, uint32_t hash)
{
    size_t mask = p->slot_count - 1;
    for (size_t i = hash & mask; p->slots[i].head != 0; i = (i + 1) & mask) {
        if (p->slots[i].hash != hash)
            continue;
        head *h = head_at(p, p->slots[i].head);
        if (weft_str_eq(term_of(h), term))
            return h;
    }
    return head_at(p, new_head(p, term, hash));
}

static void append(postings *p, head *h, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (h->at == h->end) {
            size_t size = slice_bytes(++h->level);
            h->at = take(p, size);
            memcpy(p->arena + h->end, &h->at, LINK_BYTES);
            h->end = h->at + (uint32_t)size - LINK_BYTES;
        }
        p->arena[h->at++] = bytes[i];
    }
}

static void add_one(postings *p, head *h, uint32_t docid, uint32_t wdf)
{
    unsigned char pair[PAIR_MAX];
    assert(docid > h->last);
    unsigned char *end = pack_uint(pack_uint(pair, docid - h->last - 1), wdf);
    append(p, h, pair, (size_t)(end - pair));
    h->last = docid;
    h->count++;
    h->sum += wdf;
}

/* Nearly all the time goes into waiting for memory: so the slots of all terms of a batch are
 * asked for first, then what they name, then where its next bytes go. */
static void add_batch(postings *p, uint32_t docid, const weft_term *terms, size_t count)
{
    uint32_t hashes[BATCH];
    head *heads[BATCH];
    for (size_t i = 0; i < count; i++) {
        hashes[i] = (uint32_t)weft_str_hash(terms[i].text);
        __builtin_prefetch(&p->slots[hashes[i] & (p->slot_count - 1)]);
    }
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(head_at(p, p->slots[hashes[i] & (p->slot_count - 1)].head));
    for (size_t i = 0; i < count; i++) {
        heads[i] = find_or_add(p, terms[i].text, hashes[i]);
        __builtin_prefetch(p->arena + heads[i]->at);
    }
    for (size_t i = 0; i < count; i++)
        add_one(p, heads[i], docid, terms[i].wdf);
}

weft_code postings_add(postings *p, uint32_t docid, const weft_term *terms, size_t count,
                       weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t done = 0; code == WEFT_OK && done < count; done += BATCH) {
        code = make_room(p, err);
        if (code == WEFT_OK)
            add_batch(p, docid, terms + done, count - done < BATCH ? count - done : BATCH);
    }
    return code;
}

static weft_code hold_pairs(postings *p, size_t n, weft_error *err)
{
    if (n <= p->pairs_size)
        return WEFT_OK;
    unsigned char *grown = realloc(p->pairs, n * 2);
    if (grown == NULL)
        return weft_fail_nomem(err);
    p->pairs = grown;
    p->pairs_size = n * 2;
    return WEFT_OK;
}

/* The list of a term in one piece. */
static weft_code gather(postings *p, const head *h, run_list *out, weft_error *err)
{
    size_t n = 0, start = (size_t)((const unsigned char *)h->term - p->arena) + h->term_n;
    for (unsigned level = 0;; level++) {
        size_t room = slice_bytes(level) - LINK_BYTES;
        bool is_last = level == h->level;
        size_t bytes = is_last ? h->at - start : room;
        weft_code code = hold_pairs(p, n + bytes, err);
        if (code != WEFT_OK)
            return code;
        memcpy(p->pairs + n, p->arena + start, bytes);
        n += bytes;
        if (is_last)
            break;
        uint32_t next;
        memcpy(&next, p->arena + start + room, LINK_BYTES);
        start = next;
    }
    *out = (run_list){term_of(h), h->count, h->sum, p->pairs, n};
    return WEFT_OK;
}

/* Every term in memory, sorted; *keys is to be freed. */
static weft_code sort_terms(const postings *p, sort_key **keys, weft_error *err)
{
    sort_key *list = malloc(2 * p->term_count * sizeof *list + 1);
    size_t n = 0;
    if (list == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < p->slot_count; i++) {
        uint32_t at = p->slots[i].head;
        if (at != 0)
            list[n++] = sort_key_of(term_of(head_at(p, at)), at);
    }
    sort_keys(list, list + n, n);
    *keys = list;
    return WEFT_OK;
}

static weft_code write_list(postings *p, const head *h, table *t, weft_error *err)
{
    chunks c;
    run_list list;
    weft_code code = gather(p, h, &list, err);
    if (code != WEFT_OK || t == NULL)
        return code == WEFT_OK ? runs_add(p->runs, &list, err) : code;
    chunks_begin(&c, t, list.term, list.count, list.sum);
    code = chunks_add(&c, list.pairs, list.bytes, err);
    return code == WEFT_OK ? chunks_end(&c, err) : code;
}

/* Write what is in memory to the table, or as a run when t is NULL. */
static weft_code write_memory(postings *p, table *t, weft_error *err)
{
    sort_key *keys = NULL;
    weft_code code = sort_terms(p, &keys, err);
    for (size_t i = 0; code == WEFT_OK && i < p->term_count; i++)
        code = write_list(p, head_at(p, keys[i].of), t, err);
    free(keys);
    return code;
}

static weft_code write_run(postings *p, weft_error *err)
{
    weft_code code = p->runs == NULL ? runs_new(p, p->dir, &p->runs, err) : WEFT_OK;
    if (code == WEFT_OK)
        code = runs_begin(p->runs, err);
    if (code == WEFT_OK)
        code = write_memory(p, NULL, err);
    return code == WEFT_OK ? clear(p, err) : code;
}

/* What writing a run will take is counted as well. */
weft_code postings_settle(postings *p, weft_error *err)
{
    size_t bytes =
        p->used + p->slot_count * sizeof *p->slots + 2 * p->term_count * sizeof(sort_key);
    return bytes < p->budget ? WEFT_OK : write_run(p, err);
}

weft_code postings_write(postings *p, table *t, weft_error *err)
{
    weft_code code;
    if (p->runs == NULL) {
        code = write_memory(p, t, err);
    } else {
        code = write_run(p, err);
        if (code == WEFT_OK)
            code = runs_merge(p->runs, t, err);
    }
    return code;
}

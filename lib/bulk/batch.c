/* batch.c - the terms of some thousand documents, turned round at once.
 *
 * Each distinct term of the batch is kept once and numbered; a document is a row of pairs
 * (number of the term, wdf). To turn all round, the distinct terms are sorted; then the pairs
 * are dealt out to their terms, which makes the posting lists, and from these, term by term,
 * back to their documents, whose termlists are then in order. So nothing is sorted by
 * document, and what is looked up fits into the processor's caches.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "batch.h"

#include "weft/bulk.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "pack.h"
#include "sort.h"
#include "termlists.h"
#include "banned.h"

enum {
    GROUP = 16, /* terms that are fetched into the cache together */
    SLOTS_FIRST = 1 << 12,
    PAIR_BYTES = 2 * PACKED_MAX
};

/* A distinct term. */
typedef struct entry {
    uint64_t head;     /* as in sort.h */
    uint32_t text, n;  /* in texts */
    uint32_t count;    /* documents */
    uint32_t document; /* number of the last one that has it, from 1 */
    uint32_t pair;     /* its pair there */
} entry;

/* Where a term may be: its hash and number; 0 for nowhere. */
typedef struct slot {
    uint32_t hash, entry;
} slot;

/* A term of a document: of is the number of the term, or of the document in a posting list,
 * or of the term in order. */
typedef struct pair {
    uint32_t of, wdf;
} pair;

typedef struct row {
    uint32_t docid, length;
    size_t first, next; /* pairs */
    size_t slot;        /* first of slots */
} row;

struct batch {
    size_t bytes_max;
    slot *slots; /* at most half of them taken */
    size_t slot_count;
    entry *entries; /* from number 1 */
    size_t entry_count, entry_size;
    char *texts;
    size_t text_n, text_size;
    pair *pairs;
    size_t pair_count, pair_size;
    row *rows;
    size_t row_count, row_size;
    uint8_t *value_slots; /* of all documents */
    size_t value_count, value_size;
    /* to turn it round */
    sort_key *keys; /* twice as many as entries */
    size_t key_size;
    uint32_t *starts; /* by number of the term: where its next posting goes */
    size_t start_size;
    pair *postings;
    size_t posting_size;
    weft_term *terms; /* of one document */
    size_t term_size;
    unsigned char *buffer;
    size_t buffer_size;
};

/* Room for n elements in an array of b. */
#define HOLD(b, array, size, n, err)                                                       \
    hold((b), (void **)&(b)->array, sizeof *(b)->array, &(b)->size, (n), (err))

static weft_code hold(batch *b, void **array, size_t element, size_t *size, size_t n,
                      weft_error *err)
{
    if (n <= *size)
        return WEFT_OK;
    size_t wanted = n < *size * 2 ? *size * 2 : n;
    void *grown = weft_grown(b, *array, element, wanted, "batch");
    if (grown == NULL)
        return weft_fail_nomem(err);
    *array = grown;
    *size = wanted;
    return WEFT_OK;
}

weft_code batch_new(void *mem, size_t bytes, batch **out, weft_error *err)
{
    batch *b = talloc_zero(mem, batch);
    if (b == NULL)
        return weft_fail_nomem(err);
    b->bytes_max = bytes;
    b->entry_count = 1;
    b->slot_count = SLOTS_FIRST;
    b->slots = weft_new_array(b, slot, b->slot_count);
    if (b->slots == NULL)
        return weft_fail_nomem(err);
    *out = b;
    return WEFT_OK;
}

bool batch_is_full(const batch *b)
{
    size_t a_term =
        sizeof(entry) + 2 * sizeof(sort_key) + sizeof(uint32_t) + 4 * sizeof(slot);
    return b->entry_count * a_term + b->text_n + 2 * b->pair_count * sizeof(pair) +
               b->row_count * sizeof(row) + b->value_count >=
           b->bytes_max;
}

static slot *free_slot(slot *slots, size_t count, uint32_t hash)
{
    size_t i = hash & (count - 1);
    while (slots[i].entry != 0)
        i = (i + 1) & (count - 1);
    return &slots[i];
}

static weft_code grow_slots(batch *b, weft_error *err)
{
    size_t count = b->slot_count * 2;
    slot *grown = weft_new_array(b, slot, count);
    if (grown == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < b->slot_count; i++)
        if (b->slots[i].entry != 0)
            *free_slot(grown, count, b->slots[i].hash) = b->slots[i];
    talloc_free(b->slots);
    b->slots = grown;
    b->slot_count = count;
    return WEFT_OK;
}

static weft_code new_entry(batch *b, weft_str term, uint32_t hash, uint32_t *out,
                           weft_error *err)
{
    if (memchr(term.p, '\0', term.n) != NULL)
        return weft_fail(err, WEFT_ELIMIT, "a term with a NUL cannot be stored");
    weft_code code = HOLD(b, entries, entry_size, b->entry_count + 1, err);
    if (code == WEFT_OK)
        code = HOLD(b, texts, text_size, b->text_n + term.n, err);
    if (code == WEFT_OK && (b->entry_count + 1) * 2 > b->slot_count)
        code = grow_slots(b, err);
    if (code != WEFT_OK)
        return code;
    *out = (uint32_t)b->entry_count++;
    b->entries[*out] = (entry){
        .head = sort_head(term), .text = (uint32_t)b->text_n, .n = (uint32_t)term.n};
    memcpy(b->texts + b->text_n, term.p, term.n);
    b->text_n += term.n;
    *free_slot(b->slots, b->slot_count, hash) = (slot){hash, *out};
    return WEFT_OK;
}

static bool is_of(const batch *b, const entry *e, weft_str term, uint64_t head)
{
    if (e->head != head || e->n != term.n)
        return false;
    return term.n <= SORT_HEAD_BYTES ||
           memcmp(b->texts + e->text + SORT_HEAD_BYTES, term.p + SORT_HEAD_BYTES,
                  term.n - SORT_HEAD_BYTES) == 0;
}

static weft_code find_or_add(batch *b, weft_str term, uint32_t hash, uint32_t *out,
                             weft_error *err)
{
    uint64_t head = sort_head(term);
    size_t mask = b->slot_count - 1;
    for (size_t i = hash & mask; b->slots[i].entry != 0; i = (i + 1) & mask) {
        uint32_t number = b->slots[i].entry;
        if (b->slots[i].hash == hash && is_of(b, &b->entries[number], term, head)) {
            *out = number;
            return WEFT_OK;
        }
    }
    return new_entry(b, term, hash, out, err);
}

/* Up to GROUP terms. Most of the time goes into waiting for memory: so the slots of all are
 * asked for first, then what they name. pairs has room. */
static weft_code add_group(batch *b, const weft_term *terms, size_t count,
                           uint32_t *wdf_max, weft_error *err)
{
    uint32_t hashes[GROUP], number = (uint32_t)b->row_count + 1;
    for (size_t i = 0; i < count; i++) {
        size_t n = terms[i].text.n;
        if (n == 0 || n > WEFT_TERM_MAX)
            return weft_fail(err, WEFT_ELIMIT, "a term of %zu bytes cannot be stored", n);
        hashes[i] = (uint32_t)weft_str_hash(terms[i].text);
        __builtin_prefetch(&b->slots[hashes[i] & (b->slot_count - 1)]);
    }
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&b->entries[b->slots[hashes[i] & (b->slot_count - 1)].entry]);
    for (size_t i = 0; i < count; i++) {
        uint32_t of = 0;
        weft_code code = find_or_add(b, terms[i].text, hashes[i], &of, err);
        if (code != WEFT_OK)
            return code;
        entry *e = &b->entries[of];
        if (e->document != number) {
            e->document = number;
            e->count++;
            e->pair = (uint32_t)b->pair_count;
            b->pairs[b->pair_count++] = (pair){of, 0};
        }
        uint32_t *wdf = &b->pairs[e->pair].wdf;
        *wdf += terms[i].wdf;
        *wdf_max = *wdf > *wdf_max ? *wdf : *wdf_max;
    }
    return WEFT_OK;
}

static weft_code add_terms(batch *b, const weft_document *d, uint32_t *wdf_max,
                           weft_error *err)
{
    weft_code code = HOLD(b, pairs, pair_size, b->pair_count + d->term_count, err);
    for (size_t i = 0; code == WEFT_OK && i < d->term_count; i += GROUP) {
        size_t left = d->term_count - i;
        code = add_group(b, d->terms + i, left < GROUP ? left : GROUP, wdf_max, err);
    }
    return code;
}

/* The pairs from first on are of no document. Terms that came with them stay, with a count
 * of 0. */
static void forget_pairs(batch *b, size_t first)
{
    for (size_t i = first; i < b->pair_count; i++) {
        entry *e = &b->entries[b->pairs[i].of];
        e->count--;
        e->document = 0;
    }
    b->pair_count = first;
}

static weft_code sum_length(const weft_document *d, uint32_t *length, weft_error *err)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < d->term_count; i++)
        sum += d->terms[i].wdf;
    if (sum > UINT32_MAX)
        return weft_fail(err, WEFT_ELIMIT, "a document is too long to be counted");
    *length = (uint32_t)sum;
    return WEFT_OK;
}

weft_code batch_add(batch *b, uint32_t docid, const weft_document *d, uint32_t *length,
                    uint32_t *wdf_max, weft_error *err)
{
    size_t first = b->pair_count;
    *wdf_max = 0;
    weft_code code = sum_length(d, length, err);
    if (code == WEFT_OK)
        code = HOLD(b, rows, row_size, b->row_count + 2, err);
    if (code == WEFT_OK)
        code = HOLD(b, value_slots, value_size, b->value_count + d->value_count, err);
    if (code == WEFT_OK)
        code = add_terms(b, d, wdf_max, err);
    if (code != WEFT_OK) {
        forget_pairs(b, first);
        return code;
    }
    b->rows[b->row_count++] = (row){docid, *length, first, first, b->value_count};
    for (size_t i = 0; i < d->value_count; i++)
        b->value_slots[b->value_count++] = (uint8_t)d->values[i].slot;
    b->rows[b->row_count] = (row){.first = b->pair_count, .slot = b->value_count};
    return WEFT_OK;
}

static weft_code hold_turned(batch *b, weft_error *err)
{
    weft_code code = HOLD(b, keys, key_size, 2 * b->entry_count, err);
    if (code == WEFT_OK)
        code = HOLD(b, starts, start_size, b->entry_count, err);
    if (code == WEFT_OK)
        code = HOLD(b, postings, posting_size, b->pair_count, err);
    return code;
}

/* Every term that has documents, sorted; how many there are. */
static size_t sort_terms(batch *b)
{
    size_t n = 0;
    for (size_t i = 1; i < b->entry_count; i++) {
        const entry *e = &b->entries[i];
        if (e->count > 0)
            b->keys[n++] = (sort_key){e->head, b->texts + e->text, e->n, (uint32_t)i};
    }
    sort_keys(b->keys, b->keys + n, n);
    return n;
}

/* Deal the pairs out to their terms. */
static void deal_to_terms(batch *b, size_t term_count)
{
    uint32_t at = 0;
    for (size_t i = 0; i < term_count; i++) {
        b->starts[b->keys[i].of] = at;
        at += b->entries[b->keys[i].of].count;
    }
    for (size_t doc = 0; doc < b->row_count; doc++)
        for (size_t i = b->rows[doc].first; i < b->rows[doc + 1].first; i++)
            b->postings[b->starts[b->pairs[i].of]++] =
                (pair){(uint32_t)doc, b->pairs[i].wdf};
}

/* The list of one term, packed, to the run; its pairs back to their documents. */
static weft_code write_list(batch *b, runs *r, size_t key, const pair *list, size_t count,
                            weft_error *err)
{
    uint32_t before = b->rows[0].docid - 1;
    uint64_t sum = 0;
    weft_code code = HOLD(b, buffer, buffer_size, count * PAIR_BYTES, err);
    if (code != WEFT_OK)
        return code;
    unsigned char *p = b->buffer;
    for (size_t i = 0; i < count; i++) {
        row *of = &b->rows[list[i].of];
        b->pairs[of->next++] = (pair){(uint32_t)key, list[i].wdf};
        p = pack_uint(pack_uint(p, of->docid - before - 1), list[i].wdf);
        before = of->docid;
        sum += list[i].wdf;
    }
    weft_str term = weft_str_of(b->keys[key].p, b->keys[key].n);
    run_list packed = {term, count, sum, b->buffer, (size_t)(p - b->buffer)};
    return runs_add(r, &packed, err);
}

static weft_code write_lengths(batch *b, runs *r, weft_error *err)
{
    uint32_t before = b->rows[0].docid - 1;
    weft_code code = HOLD(b, buffer, buffer_size, b->row_count * PAIR_BYTES, err);
    if (code != WEFT_OK)
        return code;
    unsigned char *p = b->buffer;
    for (size_t i = 0; i < b->row_count; i++) {
        p = pack_uint(pack_uint(p, b->rows[i].docid - before - 1), b->rows[i].length);
        before = b->rows[i].docid;
    }
    run_list packed = {{NULL, 0}, 0, 0, b->buffer, (size_t)(p - b->buffer)};
    return runs_add(r, &packed, err);
}

static weft_code write_postings(batch *b, runs *r, size_t term_count, weft_error *err)
{
    const pair *list = b->postings;
    weft_code code = runs_begin(r, b->rows[0].docid - 1, err);
    if (code == WEFT_OK)
        code = write_lengths(b, r, err);
    for (size_t i = 0; code == WEFT_OK && i < term_count; i++) {
        size_t count = b->entries[b->keys[i].of].count;
        code = write_list(b, r, i, list, count, err);
        list += count;
    }
    return code == WEFT_OK ? runs_end(r, err) : code;
}

static weft_code write_termlist(batch *b, const row *of, table *termlist, weft_error *err)
{
    weft_value values[WEFT_BULK_SLOTS];
    weft_document d = {.terms = b->terms,
                       .term_count = of[1].first - of->first,
                       .values = values,
                       .value_count = of[1].slot - of->slot};
    for (size_t i = 0; i < d.term_count; i++) {
        const pair *p = &b->pairs[of->first + i];
        const sort_key *key = &b->keys[p->of];
        b->terms[i] = (weft_term){{key->p, key->n}, p->wdf};
    }
    for (size_t i = 0; i < d.value_count; i++)
        values[i].slot = b->value_slots[of->slot + i];
    weft_code code = HOLD(b, buffer, buffer_size, termlists_bound(&d), err);
    return code == WEFT_OK
               ? termlists_add(termlist, of->docid, &d, of->length, b->buffer, err)
               : code;
}

static weft_code write_termlists(batch *b, table *termlist, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < b->row_count; i++) {
        code = HOLD(b, terms, term_size, b->rows[i + 1].first - b->rows[i].first, err);
        if (code == WEFT_OK)
            code = write_termlist(b, &b->rows[i], termlist, err);
    }
    return code;
}

weft_code batch_write(batch *b, runs *r, table *termlist, weft_error *err)
{
    if (b->row_count == 0)
        return WEFT_OK;
    weft_code code = hold_turned(b, err);
    if (code != WEFT_OK)
        return code;
    size_t term_count = sort_terms(b);
    deal_to_terms(b, term_count);
    code = write_postings(b, r, term_count, err);
    if (code == WEFT_OK)
        code = write_termlists(b, termlist, err);
    memset(b->slots, 0, b->slot_count * sizeof *b->slots);
    b->entry_count = 1;
    b->text_n = b->pair_count = b->row_count = b->value_count = 0;
    return code;
}

/* stem.c - stems by libstemmer, each distinct word once: Snowball on every token is four
 * times slower than this table.
 *
 * The table of known words is bounded; when it is full it is emptied. Its entries lie in
 * blocks that are reused, and its slots name them with their hash, so that a word that is
 * known costs two cache misses and a new one no allocation most of the time.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/text.h"

#include <libstemmer.h>

#include "weft/mem.h"

#include "fold.h"
#include "language.h"

#include "banned.h"

enum {
    WORDS_MAX = 200000,
    BLOCKS_MAX = 256, /* 16 MiB */
    BLOCK_BYTES = 64 * 1024,
    SLOTS_FIRST = 4096
};

/* Odd, to set a word of one language apart from that of another. */
#define LANGUAGE_STEP 0x9E3779B1u

typedef struct known {
    uint8_t key_bytes;  /* language, then the word */
    uint8_t stem_bytes; /* they follow the key */
    char bytes[];
} known;

/* Where a word may be: its hash, and 1 + the place of its entry; 0 for nowhere. */
typedef struct slot {
    uint32_t hash, entry;
} slot;

struct weft_stemmer {
    struct sb_stemmer *algorithms[LANGUAGE_COUNT];
    bool tried[LANGUAGE_COUNT];
    folder *folder;
    slot *slots; /* at most half of them taken */
    size_t slot_count, count;
    char *blocks[BLOCKS_MAX];
    size_t block, used; /* the block in use and its bytes taken */
    char folded[2 * FOLD_WORD_BYTES + FOLD_SLACK_BYTES];
};

static int close_algorithms(weft_stemmer *s)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (s->algorithms[i] != NULL)
            sb_stemmer_delete(s->algorithms[i]);
    return 0;
}

weft_code weft_stemmer_new(void *mem, weft_stemmer **out, weft_error *err)
{
    weft_stemmer *s = talloc_zero(mem, weft_stemmer);
    if (s == NULL)
        return weft_fail_nomem(err);
    weft_code code = folder_new(s, &s->folder, err);
    if (code != WEFT_OK) {
        talloc_free(s);
        return code;
    }
    talloc_set_destructor(s, close_algorithms);
    *out = s;
    return WEFT_OK;
}

static struct sb_stemmer *algorithm_of(weft_stemmer *s, int language)
{
    if (!s->tried[language]) {
        s->algorithms[language] = sb_stemmer_new(language_algorithm(language), "UTF_8");
        s->tried[language] = s->algorithms[language] != NULL;
    }
    return s->algorithms[language];
}

static bool is_ascii(weft_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

/* By Snowball, then folded again; the word itself when there is no stem to speak of. */
static weft_str make_stem(weft_stemmer *s, int language, weft_str word)
{
    struct sb_stemmer *algorithm = algorithm_of(s, language);
    if (algorithm == NULL)
        return word;
    const sb_symbol *p = sb_stemmer_stem(algorithm, (const sb_symbol *)word.p, (int)word.n);
    if (p == NULL)
        return word;
    weft_str stem = weft_str_of((const char *)p, (size_t)sb_stemmer_length(algorithm));
    if (stem.n > FOLD_WORD_BYTES)
        return word;
    if (!is_ascii(stem))
        stem = weft_str_of(s->folded, folder_word(s->folder, stem, s->folded));
    return stem.n == 0 || stem.n > FOLD_WORD_BYTES ? word : stem;
}

static void forget_words(weft_stemmer *s)
{
    if (s->slots != NULL)
        memset(s->slots, 0, s->slot_count * sizeof *s->slots);
    s->count = 0;
    s->block = s->used = 0;
}

static known *entry_of(const weft_stemmer *s, const slot *at)
{
    uint32_t place = at->entry - 1;
    return (known *)(void *)(s->blocks[place / BLOCK_BYTES] + place % BLOCK_BYTES);
}

/* The slot of a key, or the free one where it belongs. */
static slot *find_slot(const weft_stemmer *s, weft_str key, uint32_t hash)
{
    size_t mask = s->slot_count - 1, i = hash & mask;
    for (; s->slots[i].entry != 0; i = (i + 1) & mask) {
        if (s->slots[i].hash != hash)
            continue;
        const known *k = entry_of(s, &s->slots[i]);
        if (k->key_bytes == key.n && memcmp(k->bytes, key.p, key.n) == 0)
            break;
    }
    return &s->slots[i];
}

/* Twice the slots; false when out of memory. */
static bool grow_slots(weft_stemmer *s)
{
    size_t count = s->slot_count == 0 ? SLOTS_FIRST : s->slot_count * 2;
    slot *grown = weft_new_array(s, slot, count);
    if (grown == NULL)
        return false;
    for (size_t old = 0; old < s->slot_count; old++) {
        size_t i = s->slots[old].hash & (count - 1);
        while (grown[i].entry != 0)
            i = (i + 1) & (count - 1);
        if (s->slots[old].entry != 0)
            grown[i] = s->slots[old];
    }
    talloc_free(s->slots);
    s->slots = grown;
    s->slot_count = count;
    return true;
}

/* Room for an entry, in the block in use or the next; 0 when out of memory. */
static uint32_t new_entry(weft_stemmer *s, size_t bytes)
{
    size_t size = sizeof(known) + bytes;
    if (s->used + size > BLOCK_BYTES) {
        s->block++;
        s->used = 0;
    }
    if (s->block == BLOCKS_MAX || s->count == WORDS_MAX)
        forget_words(s);
    if (s->blocks[s->block] == NULL) {
        s->blocks[s->block] = talloc_size(s, BLOCK_BYTES);
        if (s->blocks[s->block] == NULL)
            return 0;
    }
    uint32_t entry = (uint32_t)(s->block * BLOCK_BYTES + s->used + 1);
    s->used += size;
    return entry;
}

static weft_str remember(weft_stemmer *s, weft_str key, uint32_t hash, weft_str stem)
{
    if (2 * s->count >= s->slot_count && !grow_slots(s))
        return stem;
    slot taken = {hash, new_entry(s, key.n + stem.n)};
    if (taken.entry == 0)
        return stem;
    known *k = entry_of(s, &taken);
    k->key_bytes = (uint8_t)key.n;
    k->stem_bytes = (uint8_t)stem.n;
    memcpy(k->bytes, key.p, key.n);
    memcpy(k->bytes + key.n, stem.p, stem.n);
    *find_slot(s, key, hash) = taken;
    s->count++;
    return weft_str_of(k->bytes + k->key_bytes, k->stem_bytes);
}

/* One hash of a word serves all languages. */
static uint32_t hash_of(int language, uint64_t word)
{
    return (uint32_t)word + (uint32_t)language * LANGUAGE_STEP;
}

void weft_stem_ahead(const weft_stemmer *s, int language, const uint64_t *hashes,
                     size_t count)
{
    if (s->slot_count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(&s->slots[hash_of(language, hashes[i]) & (s->slot_count - 1)]);
    for (size_t i = 0; i < count; i++) {
        const slot *at = &s->slots[hash_of(language, hashes[i]) & (s->slot_count - 1)];
        if (at->entry != 0)
            __builtin_prefetch(entry_of(s, at));
    }
}

weft_str weft_stem(weft_stemmer *s, int language, weft_str folded)
{
    if (language < 0 || language >= LANGUAGE_COUNT || folded.n == 0 ||
        folded.n > FOLD_WORD_BYTES)
        return folded;
    char bytes[FOLD_WORD_BYTES + 1];
    bytes[0] = (char)language;
    memcpy(bytes + 1, folded.p, folded.n);
    weft_str key = weft_str_of(bytes, folded.n + 1);
    uint32_t hash = hash_of(language, weft_str_hash(folded));
    const slot *at = s->slot_count == 0 ? NULL : find_slot(s, key, hash);
    if (at != NULL && at->entry != 0) {
        const known *k = entry_of(s, at);
        return weft_str_of(k->bytes + k->key_bytes, k->stem_bytes);
    }
    bool is_cut =
        memchr(folded.p, '~', folded.n) != NULL; /* ends in a hash, not in an ending */
    return remember(s, key, hash, is_cut ? folded : make_stem(s, language, folded));
}

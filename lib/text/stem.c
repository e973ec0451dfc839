/* stem.c - stems by libstemmer, each distinct word once: Snowball on every token is four
 * times slower than this table.
 *
 * The table of known words is bounded; when it is full it is emptied. Its entries lie in
 * blocks that are reused, so that a word that is known costs one look-up and a new one no
 * allocation most of the time.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/text.h"

#include <libstemmer.h>

#include "weft/mem.h"

#include "fold.h"
#include "language.h"

/* uthash must neither exit nor hash again: its failures mark the entry, our hash is handed
 * in. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->lost = true)
#include <uthash.h>

/* Short chains: a chain of ten, uthash's own choice, is as many cache misses. */
#undef HASH_INITIAL_NUM_BUCKETS
#undef HASH_INITIAL_NUM_BUCKETS_LOG2
#undef HASH_BKT_CAPACITY_THRESH
#define HASH_INITIAL_NUM_BUCKETS 4096U
#define HASH_INITIAL_NUM_BUCKETS_LOG2 12U
#define HASH_BKT_CAPACITY_THRESH 3U

#include "banned.h"

enum {
    WORDS_MAX = 200000,
    BLOCKS_MAX = 256, /* 16 MiB */
    BLOCK_BYTES = 64 * 1024,
    ALIGNMENT = 8
};

struct known {
    UT_hash_handle hh;
    bool lost;
    uint8_t key_bytes;  /* language, then the word */
    uint8_t stem_bytes; /* they follow the key */
    char bytes[];
};

struct weft_stemmer {
    struct sb_stemmer *algorithms[LANGUAGE_COUNT];
    bool tried[LANGUAGE_COUNT];
    folder *folder;
    struct known *words;
    unsigned count;
    char *blocks[BLOCKS_MAX];
    size_t block, used; /* the block in use and its bytes taken */
    char folded[2 * FOLD_WORD_BYTES + FOLD_SLACK_BYTES];
};

static int close_algorithms(weft_stemmer *s)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (s->algorithms[i] != NULL)
            sb_stemmer_delete(s->algorithms[i]);
    HASH_CLEAR(hh, s->words);
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
    HASH_CLEAR(hh, s->words);
    s->count = 0;
    s->block = s->used = 0;
}

/* Room for an entry, in the block in use or the next; NULL when out of memory. */
static struct known *new_entry(weft_stemmer *s, size_t bytes)
{
    size_t size = (sizeof(struct known) + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (s->used + size > BLOCK_BYTES) {
        s->block++;
        s->used = 0;
    }
    if (s->block == BLOCKS_MAX || s->count == WORDS_MAX)
        forget_words(s);
    if (s->blocks[s->block] == NULL) {
        s->blocks[s->block] = talloc_size(s, BLOCK_BYTES);
        if (s->blocks[s->block] == NULL)
            return NULL;
    }
    struct known *k = (struct known *)(void *)(s->blocks[s->block] + s->used);
    s->used += size;
    return k;
}

static weft_str remember(weft_stemmer *s, weft_str key, unsigned hash, weft_str stem)
{
    struct known *k = new_entry(s, key.n + stem.n);
    if (k == NULL)
        return stem;
    k->lost = false;
    k->key_bytes = (uint8_t)key.n;
    k->stem_bytes = (uint8_t)stem.n;
    memcpy(k->bytes, key.p, key.n);
    memcpy(k->bytes + key.n, stem.p, stem.n);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, s->words, k->bytes, (unsigned)key.n, hash, k);
    if (!k->lost)
        s->count++;
    return weft_str_of(k->bytes + k->key_bytes, k->stem_bytes);
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
    unsigned hash = (unsigned)weft_str_hash(key);
    struct known *k;
    HASH_FIND_BYHASHVALUE(hh, s->words, key.p, key.n, hash, k);
    if (k != NULL)
        return weft_str_of(k->bytes + k->key_bytes, k->stem_bytes);
    bool is_cut =
        memchr(folded.p, '~', folded.n) != NULL; /* ends in a hash, not in an ending */
    return remember(s, key, hash, is_cut ? folded : make_stem(s, language, folded));
}

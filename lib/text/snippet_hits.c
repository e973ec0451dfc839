/* snippet_hits.c - where a text has the wanted words: one pass over its tokens.
 *
 * Words are compared by their 64-bit hash; a collision would mark a word too many. Of a
 * phrase the last words seen are kept in a ring, and looked at when its last word comes by.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "snippet_hits.h"

#include <stdlib.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "banned.h"

enum { HITS_MAX = 100000, FILTER_BITS = 4096, RING = WEFT_PHRASE_MAX, MEMO_MAX = 8192 };

struct key {
    uint64_t hash;
    uint32_t item;
};

/* Words by hash, sorted; the filter turns most others away with one look. */
struct key_set {
    struct key *keys;
    size_t n;
    uint64_t filter[FILTER_BITS / 64];
};

struct phrase {
    uint64_t *hashes;
    size_t n;
    uint32_t item;
    uint32_t marked_end; /* tokens up to here are hits of this phrase already */
};

struct seen {
    uint64_t hash;
    uint32_t start, end;
    bool is_cjk;
};

/* The hash of a word and of its stem: most words of a text come again and again. */
struct memo {
    uint64_t word, stem;
};

struct matcher {
    void *mem;
    const hits_search *search;
    struct key_set stems, words;
    struct memo *memo;
    size_t memo_size; /* a power of two */
    struct phrase *phrases;
    size_t phrase_count;
    struct seen ring[RING];
    size_t seen; /* words since the last break; the newest is ring[(seen - 1) % RING] */
    size_t next_break;
    hits *out;
    bool unordered;
};

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = ((const struct key *)a)->hash, y = ((const struct key *)b)->hash;
    return x < y ? -1 : x > y;
}

static bool is_prefix(weft_str word)
{
    return word.n > 1 && word.p[word.n - 1] == '*';
}

static weft_code fill_set(struct key_set *set, void *mem, const weft_str *words,
                          size_t count, uint32_t item, weft_error *err)
{
    set->keys = weft_new_array(mem, struct key, count);
    if (set->keys == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < count; i++, item++) {
        uint64_t hash = weft_str_hash(words[i]);
        set->keys[set->n++] = (struct key){hash, item};
        set->filter[hash % FILTER_BITS / 64] |= UINT64_C(1) << hash % 64;
    }
    qsort(set->keys, set->n, sizeof *set->keys, compare_keys);
    return WEFT_OK;
}

static const struct key *find_key(const struct key_set *set, uint64_t hash)
{
    if ((set->filter[hash % FILTER_BITS / 64] >> hash % 64 & 1) == 0)
        return NULL;
    struct key wanted = {hash, 0};
    return bsearch(&wanted, set->keys, set->n, sizeof wanted, compare_keys);
}

static weft_code fill_phrases(struct matcher *m, uint32_t item, weft_error *err)
{
    const weft_wanted *w = m->search->wanted;
    m->phrases = weft_new_array(m->mem, struct phrase, w->phrase_count);
    if (m->phrases == NULL)
        return weft_fail_nomem(err);
    for (size_t i = 0; i < w->phrase_count; i++, item++) {
        size_t count = w->phrases[i].count;
        if (count == 0 || count > RING)
            continue;
        struct phrase *phrase = &m->phrases[m->phrase_count++];
        *phrase = (struct phrase){weft_new_array(m->mem, uint64_t, count), count, item, 0};
        if (phrase->hashes == NULL)
            return weft_fail_nomem(err);
        for (size_t k = 0; k < count; k++)
            phrase->hashes[k] = weft_str_hash(w->phrases[i].words[k]);
    }
    return WEFT_OK;
}

static weft_code add_hit(struct matcher *m, const struct seen *word, uint32_t item,
                         weft_error *err)
{
    hits *h = m->out;
    if (h->n == h->size) {
        size_t size = h->size == 0 ? 32 : h->size * 2;
        hit *p = weft_grow_array(m->mem, h->p, hit, size);
        if (p == NULL)
            return weft_fail_nomem(err);
        h->p = p;
        h->size = size;
    }
    if (h->n > 0 && h->p[h->n - 1].start > word->start)
        m->unordered = true;
    h->p[h->n++] = (hit){word->start, word->end, item, word->is_cjk};
    return WEFT_OK;
}

static bool phrase_ends_here(const struct matcher *m, const struct phrase *phrase)
{
    if (m->seen < phrase->n)
        return false;
    for (size_t back = 1; back <= phrase->n; back++)
        if (m->ring[(m->seen - back) % RING].hash != phrase->hashes[phrase->n - back])
            return false;
    return true;
}

static weft_code match_phrases(struct matcher *m, weft_error *err)
{
    for (size_t i = 0; i < m->phrase_count; i++) {
        struct phrase *phrase = &m->phrases[i];
        if (!phrase_ends_here(m, phrase))
            continue;
        for (size_t back = phrase->n; back >= 1; back--) {
            const struct seen *word = &m->ring[(m->seen - back) % RING];
            if (word->end <= phrase->marked_end)
                continue;
            phrase->marked_end = word->end;
            weft_code code = add_hit(m, word, phrase->item, err);
            if (code != WEFT_OK)
                return code;
        }
    }
    return WEFT_OK;
}

static weft_code match_prefixes(struct matcher *m, weft_str folded, const struct seen *word,
                                weft_error *err)
{
    const weft_wanted *w = m->search->wanted;
    for (size_t i = 0; i < w->word_count; i++) {
        weft_str prefix = w->words[i];
        if (!is_prefix(prefix) || folded.n < prefix.n - 1 ||
            memcmp(folded.p, prefix.p, prefix.n - 1) != 0)
            continue;
        weft_code code = add_hit(m, word, (uint32_t)(w->stem_count + i), err);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

static uint64_t stem_hash(struct matcher *m, const weft_token *token, uint64_t word)
{
    if (token->is_cjk)
        return word;
    struct memo *memo = &m->memo[word & (m->memo_size - 1)];
    if (memo->word != word) {
        memo->stem = weft_str_hash(
            weft_stem(m->search->stemmer, m->search->language, token->folded));
        memo->word = word;
    }
    return memo->stem;
}

static weft_code match_keys(struct matcher *m, const weft_token *token,
                            const struct seen *word, weft_error *err)
{
    const struct key *key;
    weft_code code = WEFT_OK;
    if (m->words.n > 0 && (key = find_key(&m->words, word->hash)) != NULL)
        code = add_hit(m, word, key->item, err);
    if (code != WEFT_OK || m->stems.n == 0)
        return code;
    key = find_key(&m->stems, stem_hash(m, token, word->hash));
    return key == NULL ? WEFT_OK : add_hit(m, word, key->item, err);
}

static weft_code match_token(struct matcher *m, const weft_token *token, weft_error *err)
{
    const hits_search *s = m->search;
    while (m->next_break < s->break_count && s->breaks[m->next_break] <= token->start) {
        m->next_break++;
        m->seen = 0;
    }
    struct seen word = {weft_str_hash(token->folded), (uint32_t)token->start,
                        (uint32_t)token->end, token->is_cjk};
    weft_code code = match_keys(m, token, &word, err);
    if (code == WEFT_OK)
        code = match_prefixes(m, token->folded, &word, err);
    if (code != WEFT_OK || token->is_pair)
        return code;
    m->ring[m->seen++ % RING] = word;
    return match_phrases(m, err);
}

static int compare_hits(const void *a, const void *b)
{
    const hit *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

static weft_code prepare(struct matcher *m, weft_error *err)
{
    const weft_wanted *w = m->search->wanted;
    for (m->memo_size = 64;
         m->memo_size < MEMO_MAX && m->memo_size * 16 < m->search->text.n;)
        m->memo_size *= 2;
    m->memo = weft_new_array(m->mem, struct memo, m->memo_size);
    if (m->memo == NULL)
        return weft_fail_nomem(err);
    weft_code code = fill_set(&m->stems, m->mem, w->stems, w->stem_count, 0, err);
    if (code == WEFT_OK)
        code = fill_set(&m->words, m->mem, w->words, w->word_count, (uint32_t)w->stem_count,
                        err);
    if (code == WEFT_OK)
        code = fill_phrases(m, (uint32_t)(w->stem_count + w->word_count), err);
    m->out->item_count = w->stem_count + w->word_count + w->phrase_count;
    return code;
}

weft_code hits_find(void *mem, const hits_search *search, hits *out, weft_error *err)
{
    *out = (hits){0};
    struct matcher m = {.mem = mem, .search = search, .out = out};
    weft_code code = prepare(&m, err);
    if (code != WEFT_OK || out->item_count == 0)
        return code;
    code =
        weft_tokenizer_start(search->tokenizer, search->text, WEFT_TOKENIZE_DOCUMENT, err);
    weft_token token;
    while (code == WEFT_OK && out->n < HITS_MAX &&
           weft_tokenizer_next(search->tokenizer, &token))
        code = match_token(&m, &token, err);
    if (m.unordered)
        qsort(out->p, out->n, sizeof *out->p, compare_hits);
    return code;
}

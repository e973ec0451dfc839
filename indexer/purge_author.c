/* purge_author.c - take an author out of a generation. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "purge_author.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "old.h"
#include "banned.h"

/* One purge at work. */
typedef struct purging {
    live *live;
    batch *batch;
    const purge_key *key;
    purge_counts *counts;
    weft_tokenizer *folding;
} purging;

typedef weft_code (*purge_take)(purging *p, void *mem, const weft_stored *s,
                                weft_error *err);

journal_purge purge_hash(const purge_key *key)
{
    journal_purge out = {.by_id = key->by_id};
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits(key->text.p, key->text.n));
    memcpy(out.hash, bytes.digest, sizeof out.hash);
    return out;
}

/* Whether a name is the author's. */
static weft_code is_name(weft_tokenizer *folding, void *mem, const char *name,
                         const purge_key *key, bool *out, weft_error *err)
{
    weft_str folded;
    *out = false;
    if (name == NULL || key->by_id)
        return WEFT_OK;
    weft_code code = weft_fold(folding, mem, weft_str_from(name), &folded, err);
    *out = code == WEFT_OK && weft_str_eq(folded, key->text);
    return code;
}

weft_code purge_is_by(weft_tokenizer *folding, void *mem, const weft_record *r,
                      const purge_key *key, bool *out, weft_error *err)
{
    if (!key->by_id)
        return is_name(folding, mem, r->author, key, out, err);
    *out = r->author_id != NULL && weft_str_eq(weft_str_from(r->author_id), key->text);
    return WEFT_OK;
}

/* Documents by number. */
typedef struct docids {
    uint32_t *list;
    size_t count;
} docids;

/* Those of a term besides those there are. */
static weft_code gather(purging *p, void *mem, const char *prefix, weft_str tail,
                        docids *out, weft_error *err)
{
    weft_str term;
    uint32_t *found;
    size_t count = 0;
    weft_code code = weft_term_make(mem, prefix, tail, &term, err);
    if (code == WEFT_OK)
        code =
            weft_reader_postings(p->live->reader, mem, term, SIZE_MAX, &found, &count, err);
    if (code != WEFT_OK || count == 0)
        return code;
    uint32_t *grown = weft_grow_array(mem, out->list, uint32_t, out->count + count);
    if (grown == NULL)
        return weft_fail_nomem(err);
    memcpy(grown + out->count, found, count * sizeof *found);
    out->list = grown;
    out->count += count;
    return WEFT_OK;
}

static int by_number(const void *pa, const void *pb)
{
    uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
    return a < b ? -1 : a > b;
}

/* Take each document once. They are numbered before the first is taken, since documents keep
 * their numbers; one may be gone with a batch in between. */
static weft_code each(purging *p, const docids *all, purge_take take, weft_error *err)
{
    weft_code code = WEFT_OK;
    if (all->count > 0)
        qsort(all->list, all->count, sizeof *all->list, by_number);
    for (size_t i = 0; code == WEFT_OK && i < all->count; i++) {
        weft_scope void *one = talloc_new(NULL);
        weft_stored *s;
        weft_error why = {0};
        if (i > 0 && all->list[i] == all->list[i - 1])
            continue;
        code = old_read(one, p->live->reader, all->list[i], &s, &why);
        if (code == WEFT_ENOTFOUND) {
            code = WEFT_OK;
            continue;
        }
        if (code == WEFT_OK)
            code = take(p, one, s, &why);
        if (code != WEFT_OK)
            return weft_fail(err, code, "%s", why.text);
    }
    return code;
}

/* What a quote is replaced by, from its end to the beginning, so that offsets stay right. */
static int from_behind(const void *pa, const void *pb)
{
    const weft_stored_quote *a = pa, *b = pb;
    return a->outer_start < b->outer_start ? 1 : a->outer_start > b->outer_start ? -1 : 0;
}

static weft_code is_of_author(purging *p, void *mem, const weft_stored_quote *q, bool *out,
                              weft_error *err)
{
    weft_type type;
    weft_str id, unique;
    weft_stored *source = NULL;
    weft_code code = is_name(p->folding, mem, q->author, p->key, out, err);
    if (code != WEFT_OK || *out || q->of == NULL ||
        weft_ref_parse(weft_str_from(q->of), &type, &id, NULL) != WEFT_OK)
        return code;
    char *source_id = weft_str_dup(mem, id);
    if (source_id == NULL)
        return weft_fail_nomem(err);
    code = weft_term_unique(mem, type, source_id, &unique, err);
    if (code == WEFT_OK)
        code = old_lookup(mem, p->live->reader, unique, &source, err);
    if (code != WEFT_OK || source == NULL)
        return code;
    return purge_is_by(p->folding, mem, source->record, p->key, out, err);
}

static weft_code cut_quotes(purging *p, void *mem, const weft_stored *s, weft_str *body,
                            bool *changed, weft_error *err)
{
    size_t upper = body->n + 1; /* start of what was cut last */
    *changed = false;
    if (s->quote_count > 0)
        qsort(s->quotes, s->quote_count, sizeof *s->quotes, from_behind);
    for (size_t i = 0; i < s->quote_count; i++) {
        const weft_stored_quote *q = &s->quotes[i];
        bool cut = false;
        weft_code code = is_of_author(p, mem, q, &cut, err);
        if (code != WEFT_OK)
            return code;
        if (!cut || q->outer_end > upper || q->outer_start > q->outer_end ||
            q->outer_end > body->n)
            continue;
        char *text =
            talloc_asprintf(mem, "%.*s%s%.*s", (int)q->outer_start, body->p, PURGED_QUOTE,
                            (int)(body->n - q->outer_end), body->p + q->outer_end);
        if (text == NULL)
            return weft_fail_nomem(err);
        *body = weft_str_from(text);
        upper = q->outer_start;
        *changed = true;
    }
    return WEFT_OK;
}

/* A comment of somebody else that may quote the author. */
static weft_code take_quoting(purging *p, void *mem, const weft_stored *s, weft_error *err)
{
    bool by_author, changed;
    weft_record *r = s->record;
    weft_code code = purge_is_by(p->folding, mem, r, p->key, &by_author, err);
    if (code != WEFT_OK || by_author || r->status != WEFT_PUBLIC || r->body == NULL)
        return code;
    weft_str body = weft_record_text(r);
    code = cut_quotes(p, mem, s, &body, &changed, err);
    if (code != WEFT_OK || !changed)
        return code;
    r->body = body.p; /* quotes are known in the readable text: it takes the body's place */
    r->text = NULL;
    r->format = WEFT_TEXT;
    p->counts->quoting++;
    return batch_take(p->batch, mem, r, err);
}

/* Who quotes one of these documents. */
static weft_code gather_quoters(purging *p, void *mem, const docids *own, docids *out,
                                weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < own->count; i++) {
        weft_scope void *one = talloc_new(NULL);
        weft_stored *s = NULL;
        code = old_read(one, p->live->reader, own->list[i], &s, err);
        char *ref = code == WEFT_OK ? weft_ref(one, s->record->type, s->record->id) : NULL;
        if (code == WEFT_OK && ref == NULL)
            code = weft_fail_nomem(err);
        if (code == WEFT_OK)
            code = gather(p, mem, WEFT_PREFIX_QUOTES, weft_str_from(ref), out, err);
    }
    return code;
}

/* A comment of the author goes; an article of theirs stays, without the name. */
static weft_code take_own(purging *p, void *mem, const weft_stored *s, weft_error *err)
{
    bool by_author;
    weft_record *r = s->record;
    weft_code code = purge_is_by(p->folding, mem, r, p->key, &by_author, err);
    if (code != WEFT_OK || !by_author)
        return code;
    if (r->type == WEFT_ARTICLE) {
        r->author = r->author_id = NULL;
        p->counts->articles++;
        return batch_take(p->batch, mem, r, err);
    }
    weft_record gone = {.type = r->type,
                        .is_delete = true,
                        .id = r->id,
                        .has_rev = r->has_rev,
                        .rev = r->rev,
                        .published_s = WEFT_DATE_UNKNOWN};
    p->counts->comments++;
    return batch_take(p->batch, mem, &gone, err);
}

/* Those who quote come first, while what they quote is there to be asked whose it is. Records in
 * threads that are not shown have no term of their author. */
weft_code purge_author(live *l, batch *b, const purge_key *key, purge_counts *counts,
                       weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    purging p = {.live = l, .batch = b, .key = key, .counts = counts};
    docids own = {NULL, 0}, quoting = {NULL, 0};
    const char *prefix = key->by_id ? WEFT_PREFIX_AUTHOR_ID
                                    : weft_field_find(weft_str_from("author"))->prefix;
    weft_code code = weft_tokenizer_new(mem, &p.folding, err);
    if (code == WEFT_OK)
        code = gather(&p, mem, prefix, key->text, &own, err);
    if (code == WEFT_OK && key->by_id)
        code = gather_quoters(&p, mem, &own, &quoting, err);
    else if (code == WEFT_OK)
        code = gather(&p, mem, WEFT_PREFIX_QUOTED_AUTHOR, key->text, &quoting, err);
    if (code == WEFT_OK)
        code = gather(&p, mem, WEFT_PREFIX_IS, weft_str_from("gone"), &own, err);
    if (code == WEFT_OK)
        code = each(&p, &quoting, take_quoting, err);
    return code == WEFT_OK ? each(&p, &own, take_own, err) : code;
}

/* The authors of a generation whose hash is looked for. */
typedef struct finding {
    void *mem;
    const journal_purge *hash;
    purge_key *keys;
    size_t count;
    bool failed;
} finding;

static weft_step look(void *of, weft_str tail, uint32_t frequency, weft_str *to)
{
    finding *f = of;
    const purge_key key = {f->hash->by_id, tail};
    const journal_purge hash = purge_hash(&key);
    (void)frequency, (void)to;
    if (memcmp(hash.hash, f->hash->hash, sizeof hash.hash) != 0)
        return WEFT_STEP_NEXT;
    char *copy = weft_str_dup(f->mem, tail);
    purge_key *grown = weft_grow_array(f->mem, f->keys, purge_key, f->count + 1);
    f->failed = copy == NULL || grown == NULL;
    if (f->failed)
        return WEFT_STEP_END;
    f->keys = grown;
    grown[f->count++] = (purge_key){f->hash->by_id, weft_str_of(copy, tail.n)};
    return WEFT_STEP_NEXT;
}

weft_code purge_hashed(live *l, batch *b, const journal_purge *hash, purge_counts *counts,
                       weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    finding f = {.mem = mem, .hash = hash};
    const char *prefix = hash->by_id ? WEFT_PREFIX_AUTHOR_ID
                                     : weft_field_find(weft_str_from("author"))->prefix;
    const weft_term_walk walk = {.prefix = weft_str_from(prefix), .visit = look, .of = &f};
    weft_code code = weft_reader_walk(l->reader, &walk, err);
    if (code == WEFT_OK && f.failed)
        return weft_fail_nomem(err);
    for (size_t i = 0; code == WEFT_OK && i < f.count; i++)
        code = purge_author(l, b, &f.keys[i], counts, err);
    return code;
}

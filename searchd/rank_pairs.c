/* rank_pairs.c - neighbouring words of the query found side by side in a document's own words.
 *
 * A word stands for its simplest other forms as well (friends car: friend's car), since a
 * stream holds words as they were written: its stem, and either with an s.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "rank_parts.h"

#include "weft/mem.h"
#include "weft/query.h"
#include "banned.h"

/* A written form of a word of the query. */
struct rank_form {
    uint32_t stream; /* as in a stream of words */
    uint32_t word;   /* index in the plan */
};

static int by_stream(const void *pa, const void *pb)
{
    const rank_form *a = pa, *b = pb;
    if (a->stream != b->stream)
        return a->stream < b->stream ? -1 : 1;
    return a->word < b->word ? -1 : a->word > b->word;
}

static weft_code add_form(ranking *r, size_t word, weft_str text)
{
    char *plural = weft_new_array(r->mem, char, text.n + 1);
    if (plural == NULL)
        return weft_fail_nomem(r->err);
    memcpy(plural, text.p, text.n);
    plural[text.n] = 's';
    const weft_str both[] = {text, weft_str_of(plural, text.n + 1)};
    for (size_t i = 0; i < 2; i++)
        r->forms[r->form_count++] = (rank_form){weft_stream_word(both[i]), (uint32_t)word};
    return WEFT_OK;
}

weft_code rank_pairs_prepare(ranking *r)
{
    const plan *p = r->plan;
    size_t most = 0;
    for (size_t i = 0; i < p->word_count; i++)
        most += 2 * (p->words[i].form_count + 1);
    r->form_count = 0;
    r->forms = weft_new_array(r->mem, rank_form, most);
    if (r->forms == NULL)
        return weft_fail_nomem(r->err);
    for (size_t i = 0; i < p->word_count; i++) {
        const plan_word_info *w = &p->words[i];
        weft_code code = add_form(r, i, w->folded);
        for (size_t k = 0; code == WEFT_OK && k < w->form_count; k++)
            code = add_form(r, i, w->forms[k]);
        if (code != WEFT_OK)
            return code;
    }
    for (size_t i = 0; i < r->form_count; i++)
        r->form_bits[r->forms[i].stream >> 6 & 3] |= UINT64_C(1)
                                                     << (r->forms[i].stream & 63);
    qsort(r->forms, r->form_count, sizeof *r->forms, by_stream);
    return WEFT_OK;
}

/* The words of the query that are written so: a range of r->forms. */
typedef struct range {
    const rank_form *from, *to;
} range;

static range forms_of(const ranking *r, uint32_t stream)
{
    size_t low = 0, high = r->form_count;
    if ((r->form_bits[stream >> 6 & 3] >> (stream & 63) & 1) == 0)
        return (range){NULL, NULL};
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->forms[mid].stream < stream)
            low = mid + 1;
        else
            high = mid;
    }
    range out = {r->forms + low, r->forms + low};
    while (out.to < r->forms + r->form_count && out.to->stream == stream)
        out.to++;
    return out;
}

static void mark_pairs(range first, range second, bool *found)
{
    for (const rank_form *a = first.from; a < first.to; a++)
        for (const rank_form *b = second.from; b < second.to; b++)
            if (b->word == a->word + 1)
                found[a->word] = true;
}

static uint32_t word_at(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

/* Mark the pairs that stand in a stream outside its quoted segments. */
static void find_pairs(const ranking *r, weft_str stream, bool *found)
{
    const range none = {NULL, NULL};
    range before = none;
    bool inside = false;
    for (size_t i = 0; i + 4 <= stream.n; i += 4) {
        uint32_t word = word_at(stream.p + i);
        range now = none;
        if (word < WEFT_STREAM_MARKS) {
            if (word <= WEFT_STREAM_SEGMENT_LAST)
                inside = word != WEFT_MARK_QUOTED;
        } else if (inside) {
            now = forms_of(r, word);
            mark_pairs(before, now, found);
        }
        before = now;
    }
}

/* Sum of the pairs found; each counts as often as there are pairs in its run, up to run_max. */
static double weigh(const bool *found, const double *idf, size_t words, size_t run_max)
{
    double sum = 0;
    for (size_t k = 0; k + 1 < words;) {
        size_t run = 0;
        double mass = 0;
        for (; k + run + 1 < words && found[k + run]; run++)
            mass += (idf[k + run] + idf[k + run + 1]) / 2;
        sum += mass * (double)(run < run_max ? run : run_max);
        k += run + 1;
    }
    return sum;
}

weft_code rank_pairs(ranking *r, const double *idf, size_t run_max, const uint32_t *docids,
                     size_t count, double *out)
{
    const plan *p = r->plan;
    weft_scope void *tmp = talloc_new(NULL);
    weft_str *streams = weft_new_array(tmp, weft_str, count);
    bool *found = weft_new_array(tmp, bool, p->word_count);
    memset(out, 0, count * sizeof *out);
    if (p->word_count < 2)
        return WEFT_OK;
    if (streams == NULL || found == NULL)
        return weft_fail_nomem(r->err);
    weft_code code = weft_reader_values(r->v->reader, tmp, WEFT_SLOT_STREAM, docids, count,
                                        streams, r->err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++) {
        memset(found, 0, p->word_count * sizeof *found);
        find_pairs(r, streams[i], found);
        out[i] = weigh(found, idf, p->word_count, run_max);
    }
    return code;
}

/* rank_pairs.c - neighbouring words of the query found side by side in a document's own words.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rank_parts.h"

#include "weft/mem.h"
#include "weft/query.h"
#include "banned.h"

static uint32_t word_at(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

/* Mark the pairs that stand in a stream outside its quoted segments. */
static void find_pairs(const plan *p, weft_str stream, bool *found)
{
    uint32_t before = 0;
    bool inside = false;
    for (size_t i = 0; i + 4 <= stream.n; i += 4) {
        uint32_t word = word_at(stream.p + i);
        if (word < WEFT_STREAM_MARKS) {
            if (word <= WEFT_STREAM_SEGMENT_LAST)
                inside = word != WEFT_MARK_QUOTED;
            before = 0;
            continue;
        }
        for (size_t k = 0; inside && before != 0 && k + 1 < p->word_count; k++)
            if (p->words[k].stream == before && p->words[k + 1].stream == word)
                found[k] = true;
        before = word;
    }
}

weft_code rank_pairs(ranking *r, const double *idf, const uint32_t *docids, size_t count,
                     double *out)
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
        find_pairs(p, streams[i], found);
        for (size_t k = 0; k + 1 < p->word_count; k++)
            if (found[k])
                out[i] += (idf[k] + idf[k + 1]) / 2;
    }
    return code;
}

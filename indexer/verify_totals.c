/* verify_totals.c - what an index keeps of all its documents: documents in no thread, sums of
 * lengths, languages, and the tables below. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify_self.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "weft/check.h"
#include "weft/indexdir.h"
#include "weft/limits.h"
#include "weft/mem.h"
#include "old.h"
#include "banned.h"

weft_code self_see(self *s, uint32_t docid, weft_error *err)
{
    size_t at = docid / 8;
    if (at >= s->seen_size) {
        size_t size = (at + 1) * 2;
        unsigned char *grown = weft_grow_array(s->mem, s->seen, unsigned char, size);
        if (grown == NULL)
            return weft_fail_nomem(err);
        memset(grown + s->seen_size, 0, size - s->seen_size);
        s->seen = grown;
        s->seen_size = size;
    }
    s->seen[at] |= (unsigned char)(1U << docid % 8);
    return WEFT_OK;
}

static bool was_seen(const self *s, uint32_t docid)
{
    return docid / 8 < s->seen_size && (s->seen[docid / 8] & (1U << docid % 8)) != 0;
}

/* A document that no thread has: a record is put where it says that it belongs. */
static weft_code check_stray(self *s, uint32_t docid, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_error why = {0};
    weft_stored *stored;
    char number[16];
    snprintf(number, sizeof number, "%lu", (unsigned long)docid);
    weft_code code = old_read(tmp, s->v->live->reader, docid, &stored, &why);
    if (code == WEFT_ECORRUPT) {
        findings_add(s->found, FINDING_UNREADABLE, "document", number);
        return WEFT_OK;
    }
    if (code != WEFT_OK)
        return weft_fail(err, code, "%s", why.text);
    bool record = stored->kind != WEFT_KIND_STUB && stored->kind != WEFT_KIND_THREAD;
    findings_add(s->found, record ? FINDING_WRONG : FINDING_EXTRA, self_what(stored),
                 stored->record->id);
    if (!record || !s->mend)
        return WEFT_OK;
    s->mended++;
    return batch_take(s->v->batch, tmp, stored->record, err);
}

static weft_code check_strays(self *s, weft_error *err)
{
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && i < s->docid_count; i++)
        if (!was_seen(s, s->docids[i]))
            code = check_stray(s, s->docids[i], err);
    return code;
}

static weft_code read_totals(weft_reader *r, apply_totals *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str lengths, languages;
    weft_code code = weft_reader_metadata(r, tmp, WEFT_META_LENGTHS, &lengths, err);
    if (code == WEFT_OK)
        code = weft_reader_metadata(r, tmp, WEFT_META_LANGUAGES, &languages, err);
    if (code != WEFT_OK)
        return code;
    *out = (apply_totals){.languages = strtoull(languages.p, NULL, 16)};
    char *at = (char *)(uintptr_t)lengths.p;
    for (int i = 0; i < APPLY_LENGTHS; i++)
        out->lengths[i] = strtoull(at, &at, 10);
    return WEFT_OK;
}

weft_code self_begin(self *s, weft_error *err)
{
    weft_code code;
    weft_error why;
    int retries = 0;
    do {
        weft_reader *r = s->v->live->reader;
        why = (weft_error){0};
        code = read_totals(r, &s->kept, &why);
        if (code == WEFT_OK)
            code = weft_reader_postings(r, s->mem, weft_str_from(""), SIZE_MAX, &s->docids,
                                        &s->docid_count, &why);
    } while (verify_again(s->v, &retries, &code, &why, err));
    return code;
}

/* The languages kept may be more than there are: one stays after its last document. */
static bool same_totals(const apply_totals *kept, const apply_totals *counted)
{
    return memcmp(kept->lengths, counted->lengths, sizeof kept->lengths) == 0 &&
           (counted->languages & ~kept->languages) == 0;
}

weft_code self_check_totals(self *s, weft_error *err)
{
    uint64_t before = findings_total(s->found);
    bool unreadable = s->found->counts[FINDING_UNREADABLE] > 0;
    if (s->v->changed || unreadable) {
        fprintf(stderr, "weft-indexer: sums of all documents were not checked, since %s\n",
                unreadable ? "some could not be read" : "the index changed meanwhile");
        return WEFT_OK;
    }
    weft_code code = check_strays(s, err);
    if (code != WEFT_OK || same_totals(&s->kept, &s->totals))
        return code;
    findings_add(s->found, FINDING_TOTALS, "of lengths and languages", NULL);
    if (!s->mend || before > 0)
        return WEFT_OK; /* what else is damaged changes them: in the next pass */
    s->mended++;
    return batch_mend_totals(s->v->batch, &s->totals, err);
}

static weft_code check_postings(self *s, weft_error *err)
{
    bool agree = true;
    weft_code code = weft_reader_postings_agree(s->v->live->reader, &agree, err);
    if (code == WEFT_OK && !agree)
        code = weft_fail(err, WEFT_ECORRUPT, "postings are not those of the documents");
    return code;
}

/* A check that others commit under may see blocks of two commits. */
static weft_code revision_now(verify *v, uint64_t *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    live *now;
    weft_code code = live_open(tmp, v->options->index, &now, err);
    if (code == WEFT_OK)
        *out = now->revision;
    return code;
}

weft_code self_check_tables(self *s, weft_error *err)
{
    for (int i = 0; i <= WEFT_CHANGED_RETRIES; i++) {
        weft_error why = {0};
        uint64_t before, after;
        int retries = 0;
        weft_code code = revision_now(s->v, &before, err);
        if (code != WEFT_OK)
            return code;
        code = weft_index_check(s->v->live->path, &why);
        if (code == WEFT_OK)
            code = check_postings(s, &why);
        if (code == WEFT_OK)
            return WEFT_OK;
        if (code == WEFT_ECHANGED && verify_again(s->v, &retries, &code, &why, err))
            continue;
        code = revision_now(s->v, &after, err);
        if (code != WEFT_OK)
            return code;
        if (after != before)
            continue;
        findings_add(s->found, FINDING_TABLES, why.text, NULL);
        return WEFT_OK;
    }
    fprintf(stderr, "weft-indexer: the tables were not checked whole, since the index "
                    "changed meanwhile\n");
    return WEFT_OK;
}

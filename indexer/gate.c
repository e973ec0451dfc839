/* gate.c - whether a generation that was built may become the live one. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gate.h"

#include <inttypes.h>

#include "weft/check.h"
#include "weft/index.h"
#include "weft/mem.h"
#include "weft/schema.h"
#include "weft/thread.h"
#include "old.h"
#include "standing.h"
#include "banned.h"

static weft_code count_is(weft_reader *r, const char *is, uint64_t *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str term;
    uint32_t n = 0;
    weft_code code = weft_term_make(tmp, WEFT_PREFIX_IS, weft_str_from(is), &term, err);
    if (code == WEFT_OK)
        code = weft_reader_frequency(r, term, &n, err);
    *out = n;
    return code;
}

weft_code gate_count_shown(weft_reader *r, uint64_t *out, weft_error *err)
{
    uint64_t articles, comments = 0;
    weft_code code = count_is(r, "article", &articles, err);
    if (code == WEFT_OK)
        code = count_is(r, "comment", &comments, err);
    *out = articles + comments;
    return code;
}

static weft_code differ(const char *what, uint64_t is, uint64_t wanted, weft_error *err)
{
    return is == wanted
               ? WEFT_OK
               : weft_fail(err, WEFT_ECORRUPT, "it holds %" PRIu64 " %s, not %" PRIu64, is,
                           what, wanted);
}

/* Every record that stands is a document, unless its article was deleted; besides those there
 * are only stubs and threads. */
static weft_code check_counts(const gate *g, weft_reader *r, const spool *s,
                              weft_error *err)
{
    uint64_t shown, stubs = 0, threads = 0;
    weft_code code = gate_count_shown(r, &shown, err);
    if (code == WEFT_OK)
        code = count_is(r, "stub", &stubs, err);
    if (code == WEFT_OK)
        code = count_is(r, "thread", &threads, err);
    if (code == WEFT_OK)
        code = differ("public articles and comments", shown, g->counts->shown, err);
    if (code == WEFT_OK)
        code = differ("records", weft_reader_documents(r) - stubs - threads,
                      spool_standing(s) - g->counts->dropped, err);
    return code;
}

static weft_code check_shrink(const gate *g, weft_reader *r, weft_error *err)
{
    uint64_t before, now = 0;
    if (g->before == NULL || g->shrink_max_percent >= 100)
        return WEFT_OK;
    weft_code code = gate_count_shown(g->before->reader, &before, err);
    if (code == WEFT_OK)
        code = gate_count_shown(r, &now, err);
    if (code != WEFT_OK || now * 100 >= before * (100 - g->shrink_max_percent))
        return code;
    return weft_fail(err, WEFT_ECORRUPT,
                     "it holds %" PRIu64 " articles and comments where the live index has "
                     "%" PRIu64 " (--max-shrink %u)",
                     now, before, g->shrink_max_percent);
}

/* A search for some words of the document, spread over all it has, must come upon it. */
static weft_code check_words(weft_reader *r, const weft_document *d, uint32_t docid,
                             bool *good, weft_error *err)
{
    weft_str terms[GATE_WORDS] = {{NULL, 0}};
    uint32_t wdfs[GATE_WORDS] = {0}, wanted[GATE_WORDS] = {0};
    size_t n = d->term_count < GATE_WORDS ? d->term_count : GATE_WORDS;
    for (size_t i = 0; i < n; i++) {
        const weft_term *t = &d->terms[d->term_count * i / n];
        terms[i] = t->text;
        wanted[i] = t->wdf;
    }
    weft_code code = weft_reader_wdfs(r, terms, n, &docid, 1, wdfs, err);
    for (size_t i = 0; code == WEFT_OK && i < n; i++)
        *good = *good && (wanted[i] == 0 || wdfs[i] > 0);
    return code;
}

/* The revision of its last change is the only thing that its record does not tell. */
static weft_code read_changed(weft_reader *r, void *mem, uint32_t docid, weft_made *made,
                              weft_error *err)
{
    weft_stored *stored;
    weft_code code = old_read(mem, r, docid, &stored, err);
    if (code == WEFT_OK && stored->fingerprint != made->stored.fingerprint)
        code =
            weft_fail(err, WEFT_ECORRUPT, "a record is stored otherwise than it was read");
    return code == WEFT_OK ? weft_made_finish(mem, made, stored->changed, err) : code;
}

/* A thread being compared. */
typedef struct sample {
    weft_reader *reader;
    size_t documents; /* looked at */
} sample;

static weft_code check_document(void *ctx, void *mem, weft_made *made, weft_error *err)
{
    sample *of = ctx;
    weft_reader *r = of->reader;
    uint32_t docid;
    bool good = true;
    if (++of->documents > GATE_DOCUMENTS)
        return WEFT_OK;
    weft_str unique = made->document.unique;
    weft_code code = weft_reader_find(r, unique, &docid, err);
    if (code == WEFT_OK && docid == 0)
        return weft_fail(err, WEFT_ECORRUPT, "document %.*s is not there", (int)unique.n,
                         unique.p);
    if (code == WEFT_OK)
        code = read_changed(r, mem, docid, made, err);
    if (code == WEFT_OK)
        code = weft_reader_holds(r, docid, &made->document, &good, err);
    if (code == WEFT_OK && good)
        code = check_words(r, &made->document, docid, &good, err);
    if (code == WEFT_OK && !good)
        code = weft_fail(err, WEFT_ECORRUPT, "document %.*s is not as its record makes it",
                         (int)unique.n, unique.p);
    return code;
}

static weft_code check_thread(live *generation, weft_analysis *a, spool *s, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    spool_entry *entries;
    size_t count;
    weft_thread *thread;
    sample of = {.reader = generation->reader};
    weft_code code = spool_next(s, tmp, &entries, &count, err);
    weft_record **records =
        code == WEFT_OK ? weft_new_array(tmp, weft_record *, count + 1) : NULL;
    if (code == WEFT_OK && records == NULL)
        code = weft_fail_nomem(err);
    if (code != WEFT_OK || count == 0)
        return code;
    for (size_t i = 0; i < count; i++) {
        record_as_status(entries[i].record);
        records[i] = entries[i].record;
    }
    code = weft_thread_build(tmp, record_thread(records[0]), records, count, &thread, err);
    return code == WEFT_OK ? weft_thread_documents(a, thread, check_document, &of, err)
                           : code;
}

static weft_code check_samples(live *generation, spool *s, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_analysis *a;
    weft_code code = weft_analysis_new(tmp, &generation->settings, &a, err);
    size_t last = SIZE_MAX; /* a large thread is met more than once */
    for (size_t i = 0; code == WEFT_OK && i < GATE_THREADS; i++) {
        size_t at = spool_go(s, spool_standing(s) * i / GATE_THREADS);
        if (at == last)
            continue;
        last = at;
        code = check_thread(generation, a, s, err);
    }
    return code;
}

weft_code gate_check(const gate *g, live *generation, spool *s, weft_error *err)
{
    weft_code code = weft_index_check(generation->path, err);
    if (code == WEFT_OK)
        code = check_counts(g, generation->reader, s, err);
    if (code == WEFT_OK)
        code = check_shrink(g, generation->reader, err);
    return code == WEFT_OK ? check_samples(generation, s, err) : code;
}

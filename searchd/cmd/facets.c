/* facets.c - counts of the hits of the first tier by author, section, month and so on.
 *
 * One pass over the hits counts the distinct values of the slots that are needed; what is
 * told apart by folding only, or stands packed with others, is put together afterwards. So
 * the cost is that of the hits, however many values the index has.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facets.h"

#include <stdio.h>
#include <string.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "clock.h"
#include "context.h"
#include "facet_counts.h"
#include "banned.h"

enum { DAY_S = 86400, SHOWN_MAX = 64, DATE_BYTES = 16, ROWS_A_LOOK = 1024 };

typedef struct facet_row facet_row;

/* Facets at work. */
typedef struct facets {
    cmd_context *c;
    void *mem;
    facet_counts counts; /* of the facet being made */
    bool late;           /* the soft deadline passed before all was read */
    weft_error *err;
} facets;

/* THE TABLE of facets. */
struct facet_row {
    const char *name;
    uint32_t slot;
    int64_t unit;
    weft_code (*read)(facets *f, const facet_row *row, const weft_tally_row *r);
    size_t part;    /* of a packed slot */
    bool is_author; /* shown as one of its documents has it */
};

static weft_code read_plain(facets *f, const facet_row *row, const weft_tally_row *r)
{
    (void)row;
    return r->value.n == 0
               ? WEFT_OK
               : facet_counts_add(&f->counts, r->value, r->value, r->count, f->err);
}

/* Only comments have a depth. */
static weft_code read_type(facets *f, const facet_row *row, const weft_tally_row *r)
{
    (void)row;
    weft_str type = weft_str_from(r->value.n == 0 ? "article" : "comment");
    return facet_counts_add(&f->counts, type, type, r->count, f->err);
}

/* A year, or with part 1 a month, of a day since 1970. */
static weft_code read_day(facets *f, const facet_row *row, const weft_tally_row *r)
{
    int year, month, day;
    char *text = talloc_size(f->mem, DATE_BYTES);
    if (text == NULL)
        return weft_fail_nomem(f->err);
    weft_date_civil(r->number * DAY_S, &year, &month, &day);
    if (row->part == 0)
        snprintf(text, DATE_BYTES, "%04d", year % 10000);
    else
        snprintf(text, DATE_BYTES, "%04d-%02d", year % 10000, month % 100);
    weft_str name = weft_str_from(text);
    return facet_counts_add(&f->counts, name, name, r->count, f->err);
}

/* The next part of a packed value into *part; false when *rest is used up. */
static bool next_part(weft_str *rest, weft_str *part)
{
    if (rest->p == NULL)
        return false;
    const char *end = rest->n == 0 ? NULL : memchr(rest->p, '\0', rest->n);
    *part = weft_str_of(rest->p, end == NULL ? rest->n : (size_t)(end - rest->p));
    *rest =
        end == NULL ? weft_str_of(NULL, 0) : weft_str_of(end + 1, rest->n - part->n - 1);
    return true;
}

/* The values of one row under their folded forms, each only once. */
typedef struct folded {
    weft_str keys[WEFT_TAGS_MAX];
    size_t count;
} folded;

static weft_code add_given(facets *f, folded *row, weft_str given, uint32_t times)
{
    weft_str key;
    weft_code code = weft_fold(f->c->index->tokenizer, f->mem, given, &key, f->err);
    if (code != WEFT_OK || key.n == 0 || row->count == WEFT_TAGS_MAX)
        return code;
    for (size_t i = 0; i < row->count; i++)
        if (weft_str_eq(row->keys[i], key))
            return WEFT_OK;
    row->keys[row->count++] = key;
    return facet_counts_add(&f->counts, key, given, times, f->err);
}

/* Section or site, or with part 2 the tags, of what the documents are about. */
static weft_code read_about(facets *f, const facet_row *row, const weft_tally_row *r)
{
    weft_str rest = r->value, part;
    folded seen = {.count = 0};
    weft_code code = WEFT_OK;
    for (size_t i = 0; code == WEFT_OK && next_part(&rest, &part); i++) {
        bool is_wanted = row->part == 2 ? i >= 2 : i == row->part;
        if (is_wanted && part.n > 0)
            code = add_given(f, &seen, part, r->count);
    }
    return code;
}

static const facet_row table[] = {
    {"author", WEFT_SLOT_AUTHOR, 0, read_plain, 0, true},
    {"section", WEFT_SLOT_ABOUT, 0, read_about, 0, false},
    {"site", WEFT_SLOT_ABOUT, 0, read_about, 1, false},
    {"tag", WEFT_SLOT_ABOUT, 0, read_about, 2, false},
    {"year", WEFT_SLOT_DATE, DAY_S, read_day, 0, false},
    {"month", WEFT_SLOT_DATE, DAY_S, read_day, 1, false},
    {"type", WEFT_SLOT_DEPTH, 0, read_type, 0, false},
    {"lang", WEFT_SLOT_LANGUAGE, 0, read_plain, 0, false},
};

enum { FACET_COUNT = sizeof table / sizeof *table };

static weft_code fail_unknown(weft_str name, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_buf names;
    weft_buf_init(&names, tmp, WEFT_ERROR_TEXT_MAX);
    for (size_t i = 0; i < FACET_COUNT; i++)
        weft_buf_addf(&names, "%s%s", i == 0 ? "" : ", ", table[i].name);
    name.n = weft_utf8_cut(name, SHOWN_MAX);
    return weft_fail(err, WEFT_EUSAGE, "no facet '%" WEFT_STR_FMT "': there are %s",
                     WEFT_STR_ARG(name), names.p);
}

weft_code facets_read(const char *list, facet_set *out, weft_error *err)
{
    facet_set set = 0;
    for (const char *at = list, *end; at != NULL; at = end == NULL ? NULL : end + 1) {
        end = strchr(at, ',');
        weft_str name = weft_str_of(at, end == NULL ? strlen(at) : (size_t)(end - at));
        size_t i = 0;
        while (i < FACET_COUNT && !weft_str_is(name, table[i].name))
            i++;
        if (i == FACET_COUNT)
            return fail_unknown(name, err);
        set |= 1u << i;
    }
    *out = set;
    return WEFT_OK;
}

/* An author's name as the first of their documents has it. */
static weft_code spell_author(facets *f, weft_str key, weft_str *out)
{
    weft_str term;
    uint32_t *docids;
    size_t count;
    weft_stored *s;
    index_view *v = f->c->index;
    const char *prefix = weft_field_find(weft_str_from("author"))->prefix;
    weft_code code = weft_term_make(f->mem, prefix, key, &term, f->err);
    if (code == WEFT_OK)
        code = weft_reader_postings(v->reader, f->mem, term, 1, &docids, &count, f->err);
    if (code != WEFT_OK || count == 0)
        return code;
    code = view_read(v, f->mem, docids[0], &s, f->err);
    if (code == WEFT_OK && s->record->author != NULL)
        *out = weft_str_from(s->record->author);
    return code;
}

static weft_code write_facet(facets *f, const facet_row *row, json_t *to)
{
    const facet_value *best[WEFT_FACET_VALUES];
    size_t count = facet_counts_best(&f->counts, best, WEFT_FACET_VALUES);
    json_t *list = json_array();
    weft_code code = context_set(to, row->name, list, f->err);
    for (size_t i = 0; code == WEFT_OK && i < count; i++) {
        weft_str shown = facet_value_spelling(best[i]);
        if (row->is_author)
            code = spell_author(f, best[i]->key, &shown);
        if (code != WEFT_OK)
            return code;
        json_t *pair = json_pack("[s%,I]", shown.p, shown.n, (json_int_t)best[i]->count);
        if (json_array_append_new(list, pair) != 0)
            code = weft_fail_nomem(f->err);
    }
    return code;
}

/* What is counted for the facets wanted: each slot once. */
static size_t choose_keys(facet_set wanted, weft_tally_key *keys, size_t key_of[])
{
    size_t count = 0;
    for (size_t i = 0; i < FACET_COUNT; i++) {
        if ((wanted >> i & 1) == 0)
            continue;
        key_of[i] = 0;
        while (key_of[i] < count && keys[key_of[i]].slot != table[i].slot)
            key_of[i]++;
        if (key_of[i] == count)
            keys[count++] = (weft_tally_key){table[i].slot, table[i].unit};
    }
    return count;
}

static weft_code count_values(facets *f, const plan *p, const weft_tally_options *o,
                              weft_tally *out, bool *exact)
{
    *exact = !p->partial;
    if (p->is_empty)
        return WEFT_OK;
    weft_code code = weft_match_tally(p->builder, p->hits, o, f->mem, out, exact, f->err);
    *exact = *exact && !p->partial;
    return code;
}

/* The values of a facet out of its tally. */
static weft_code read_rows(facets *f, const facet_row *row, const weft_tally *t)
{
    weft_code code = WEFT_OK;
    facet_counts_clear(&f->counts);
    for (size_t i = 0; code == WEFT_OK && !f->late && i < t->count; i++) {
        code = row->read(f, row, &t->rows[i]);
        if ((i + 1) % ROWS_A_LOOK == 0)
            f->late = clock_ms() > f->c->soft_deadline_ms;
    }
    return code;
}

weft_code facets_add(cmd_context *c, const plan *p, facet_set wanted, bool all,
                     json_t *reply, weft_error *err)
{
    facets f = {.c = c, .mem = c->mem, .counts = {.mem = c->mem}, .err = err};
    weft_tally_key keys[FACET_COUNT];
    size_t key_of[FACET_COUNT];
    weft_tally tallies[FACET_COUNT] = {0};
    uint32_t documents = weft_reader_documents(c->index->reader);
    bool exact;
    weft_tally_options o = {.keys = keys,
                            .key_count = choose_keys(wanted, keys, key_of),
                            .count_to = (all ? documents : WEFT_FACET_HITS) + 1,
                            .deadline_ms = c->soft_deadline_ms};
    json_t *to = json_object();
    weft_code code = context_set(reply, "facets", to, err);
    if (code == WEFT_OK)
        code = count_values(&f, p, &o, tallies, &exact);
    for (size_t i = 0; code == WEFT_OK && i < FACET_COUNT; i++) {
        if ((wanted >> i & 1) == 0)
            continue;
        code = read_rows(&f, &table[i], &tallies[key_of[i]]);
        if (code == WEFT_OK)
            code = write_facet(&f, &table[i], to);
    }
    if (code != WEFT_OK || (exact && !f.late))
        return code;
    return context_set(reply, "facets_exact", json_false(), err);
}

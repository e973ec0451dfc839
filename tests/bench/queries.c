/* queries.c - 1,000 questions of all kinds about the made archive, each made from a record that answers it. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "queries.h"

#include <inttypes.h>
#include <string.h>

#include "print.h"

#include "banned.h"

enum {
    ROUND = 40,
    COMMON_BELOW = WORDS_FUNCTION + 300, /* classes */
    MIDDLE_BELOW = WORDS_FUNCTION + 5000,
    TRIES = 60,       /* words of a record */
    RECORD_TRIES = 8, /* questions of a record, before the next one is tried */
    THREAD_MAX =
        300, /* records of a conversation that is asked for; the largest hold every word */
    MIXED_BY = 387, /* no common factor with QUERIES */
    DAY_S = 86400
};

typedef enum band { BAND_COMMON, BAND_MIDDLE, BAND_RARE, BAND_ANY } band;

static const char *const kind_names[QUERY_KINDS] = {"common", "rare",   "and",  "phrase",
                                                    "prefix", "author", "date", "thread",
                                                    "parent", "article"};

/* In each forty so many of a kind; they add up to ROUND. */
static const uint32_t shares[QUERY_KINDS] = {4, 4, 8, 6, 3, 3, 4, 3, 3, 2};

void queries_init(queries *q)
{
    memset(q, 0, sizeof *q);
    draw_seed(&q->draw, 7);
}

static query_kind kind_of(uint32_t number)
{
    uint32_t at = number % ROUND;
    int kind = 0;
    while (at >= shares[kind])
        at -= shares[kind++];
    return (query_kind)kind;
}

static bool in_band(uint32_t class, band b)
{
    if (class == WORDS_NO_CLASS || class < WORDS_FUNCTION)
        return false;
    band is = class < COMMON_BELOW   ? BAND_COMMON
              : class < MIDDLE_BELOW ? BAND_MIDDLE
                                     : BAND_RARE;
    return b == BAND_ANY || b == is;
}

static bool is_asked(const query *q, uint32_t class)
{
    for (uint32_t i = 0; i < q->count; i++)
        if (words_class(q->forms[i]) == class)
            return true;
    return false;
}

/* One more word for the query: an own word of the span, in the band. */
static bool take_word(queries *all, const archive *a, span s, band b, query *q)
{
    for (int i = 0; i < TRIES && s.to > s.from; i++) {
        const written *w = &a->words[s.from + draw_below(&all->draw, s.to - s.from)];
        uint32_t class = words_class(w->form);
        if (w->marks & WORD_QUOTED || !in_band(class, b) || is_asked(q, class))
            continue;
        q->forms[q->count++] = w->form;
        return true;
    }
    return false;
}

static bool take_and(queries *all, const archive *a, span s, query *q)
{
    uint32_t count = 2 + draw_below(&all->draw, 3);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t drawn = draw_below(&all->draw, 10);
        band b = drawn < 4 ? BAND_COMMON : drawn < 8 ? BAND_MIDDLE : BAND_RARE;
        if (!take_word(all, a, s, b, q) && !take_word(all, a, s, BAND_ANY, q))
            return false;
    }
    return true;
}

/* Words side by side in one paragraph, at least one of them invented. */
static bool take_phrase(queries *all, const archive *a, span s, query *q)
{
    uint32_t count = 2 + draw_below(&all->draw, 3);
    if (s.to - s.from < count)
        return false;
    uint32_t at = s.from + draw_below(&all->draw, s.to - s.from - count + 1);
    bool invented = false;
    for (uint32_t i = 0; i < count; i++) {
        const written *w = &a->words[at + i];
        uint32_t class = words_class(w->form);
        if (class == WORDS_NO_CLASS || w->marks & WORD_QUOTED)
            return false;
        if (i > 0 && w->marks & WORD_PARAGRAPH)
            return false;
        invented = invented || class >= WORDS_FUNCTION;
        q->forms[q->count++] = w->form;
    }
    return invented;
}

static bool take_date(queries *all, const archive *a, const made *r, query *q)
{
    int64_t day = r->date_s / DAY_S;
    q->from_s = (day - draw_below(&all->draw, 20)) * DAY_S;
    q->to_s = (day + draw_below(&all->draw, 20) + 1) * DAY_S - 1;
    if (!take_word(all, a, r->body, BAND_COMMON, q))
        return false;
    return draw_below(&all->draw, 2) == 0 || take_word(all, a, r->body, BAND_MIDDLE, q);
}

/* Porter's stemmer, which SQLite lets loose on prefixes too, takes an s off their end. */
static bool is_stable(uint32_t form)
{
    char word[WORDS_BYTES];
    words_write(form, word);
    return word[PREFIX_LETTERS - 1] != 's';
}

/* Whether this record could be made a question of this kind. */
static bool take(queries *all, const archive *a, const made *r, query *q)
{
    bool article = r == &a->list[0];
    switch (q->kind) {
    case QUERY_COMMON:
        return take_word(all, a, r->body, BAND_COMMON, q);
    case QUERY_RARE:
        return take_word(all, a, r->body, BAND_RARE, q);
    case QUERY_AND:
        return take_and(all, a, r->body, q);
    case QUERY_PHRASE:
        return take_phrase(all, a, r->body, q);
    case QUERY_PREFIX:
        return take_word(all, a, r->body, BAND_MIDDLE, q) && is_stable(q->forms[0]);
    case QUERY_AUTHOR:
        q->editor = article;
        q->author = r->author;
        return take_word(all, a, r->body, BAND_ANY, q);
    case QUERY_DATE:
        return take_date(all, a, r, q);
    case QUERY_THREAD:
        return !article && a->count >= 5 && a->count <= THREAD_MAX &&
               take_word(all, a, a->list[0].body, BAND_MIDDLE, q) &&
               take_word(all, a, r->body, BAND_RARE, q);
    case QUERY_PARENT:
        return r->parent != 0 &&
               take_word(all, a, a->list[r->parent].body, BAND_MIDDLE, q) &&
               take_word(all, a, r->body, BAND_ANY, q);
    case QUERY_ARTICLE:
        return !article && take_word(all, a, a->list[0].title, BAND_ANY, q) &&
               take_word(all, a, r->body, BAND_ANY, q);
    case QUERY_KINDS:
        break;
    }
    return false;
}

void queries_take(queries *q, const archive *a)
{
    for (uint32_t i = 0; i < a->count; i++) {
        int tries = 0;
        while (q->count < QUERIES && a->before + i >= a->records * q->count / QUERIES) {
            query *next = &q->list[q->count];
            *next = (query){.kind = kind_of(q->count)};
            if (take(q, a, &a->list[i], next))
                q->count++;
            else if (++tries == RECORD_TRIES)
                break;
        }
    }
}

static void print_words(FILE *to, const query *q, uint32_t from, const char *between)
{
    char word[WORDS_BYTES];
    for (uint32_t i = from; i < q->count; i++) {
        words_write(q->forms[i], word);
        if (q->kind == QUERY_PREFIX)
            word[PREFIX_LETTERS] = '\0';
        fprintf(to, "%s%s", i > from ? between : "", word);
    }
}

/* The query as a person would type it. */
static void print_weft(FILE *to, const query *q)
{
    char first[WORDS_BYTES];
    words_write(q->forms[0], first);
    uint32_t from = 0;
    if (q->kind == QUERY_PARENT)
        fprintf(to, "parent:(%s) ", first), from = 1;
    else if (q->kind == QUERY_ARTICLE)
        fprintf(to, "article:(title:%s) ", first), from = 1;
    else if (q->kind == QUERY_THREAD)
        fputs("thread:(", to);
    else if (q->kind == QUERY_PHRASE)
        fputc('"', to);
    print_words(to, q, from, " ");
    if (q->kind == QUERY_THREAD)
        fputc(')', to);
    else if (q->kind == QUERY_PHRASE)
        fputc('"', to);
    else if (q->kind == QUERY_PREFIX)
        fputc('*', to);
    if (q->kind == QUERY_AUTHOR) {
        fputs(" author:", to);
        print_author(to, q->editor, q->author);
    }
    if (q->kind == QUERY_DATE) {
        fputs(" date:", to);
        print_day(to, q->from_s);
        fputs("..", to);
        print_day(to, q->to_s);
    }
}

/* Each word in the title or in the body: the document's own. */
static void print_own(FILE *to, const query *q)
{
    if (q->kind != QUERY_AND) {
        print_weft(to, q);
        return;
    }
    char word[WORDS_BYTES];
    for (uint32_t i = 0; i < q->count; i++) {
        words_write(q->forms[i], word);
        fprintf(to, "%s(title:%s OR body:%s)", i > 0 ? " " : "", word, word);
    }
}

void queries_print(const queries *all, FILE *to)
{
    for (uint32_t i = 0; i < QUERIES; i++) {
        uint32_t at = i * MIXED_BY % QUERIES;
        if (at >= all->count)
            continue;
        const query *q = &all->list[at];
        fprintf(to, "%s\t", kind_names[q->kind]);
        print_words(to, q, 0, " ");
        fprintf(to, "\t%" PRId64 "\t%" PRId64 "\t", q->from_s, q->to_s);
        if (q->kind == QUERY_AUTHOR)
            print_author(to, q->editor, q->author);
        fputc('\t', to);
        print_weft(to, q);
        fputc('\t', to);
        print_own(to, q);
        fprintf(to, "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", q->truth.weft,
                q->truth.own, q->truth.all);
    }
}

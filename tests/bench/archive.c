/* archive.c - conversations made up one after the other, the same ones on every run.
 *
 * Sizes follow what forums show: comments per article and words per comment are log-normal, one article in 2,000 draws
 * thousands of comments, few authors write most. A thread has a dozen words of its own that come more often in it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "archive.h"

#include <math.h>

#include "weft/mem.h"

#include "banned.h"

enum {
    TOPIC_WORDS = 12,
    TOPIC_IN_1024 = 61, /* words of the thread's own */
    AUTHORS = 40000,
    EDITORS = 60,
    QUOTE_MIN = 5,
    QUOTE_MAX = 30,
    FIRST_DAY_S = 1356998400, /* 2013-01-01 */
    BETWEEN_ARTICLES_S = 7200,
    ARTICLE_WORDS_MAX = 4000,
    LIST_MAX = 1 + ARCHIVE_THREAD_MAX + ARCHIVE_ADDED
};

typedef struct maker {
    draw draw;
    words *words;
    uint32_t topic[TOPIC_WORDS];
    uint32_t threads;
    uint32_t ids_added;
    uint64_t
        added_until; /* comments that come later were made for records before this one */
    uint32_t to_delete;
    size_t room; /* words that fit in the list */
} maker;

const char *const archive_mark_added = "qwexmarkob";
const char *const archive_mark_fresh = "qwexfreshob";

weft_code archive_new(void *mem, uint64_t records, archive **out, weft_error *err)
{
    archive *a = talloc_zero(mem, archive);
    if (a == NULL)
        return weft_fail_nomem(err);
    a->records = records;
    a->list = weft_new_array(a, made, LIST_MAX);
    a->maker = talloc_zero(a, maker);
    if (a->list == NULL || a->maker == NULL)
        return weft_fail_nomem(err);
    draw_seed(&a->maker->draw, 42);
    weft_code code = words_new(a->maker, &a->maker->words, err);
    if (code == WEFT_OK)
        *out = a;
    return code;
}

static weft_code make_room(archive *a, uint32_t more, weft_error *err)
{
    maker *m = a->maker;
    size_t needed = (size_t)a->word_count + more;
    if (needed <= m->room)
        return WEFT_OK;
    size_t room = needed * 2;
    written *grown = weft_grow_array(a, a->words, written, room);
    if (grown == NULL)
        return weft_fail_nomem(err);
    a->words = grown;
    m->room = room;
    return WEFT_OK;
}

static uint32_t draw_word(maker *m)
{
    if (draw_below(&m->draw, 1024) < TOPIC_IN_1024)
        return words_form_of(m->topic[draw_below(&m->draw, TOPIC_WORDS)], &m->draw);
    return words_draw(m->words, &m->draw);
}

/* Sentences of 6 to 23 words; in a long text five of them are a paragraph. */
static weft_code make_text(archive *a, uint32_t count, bool paragraphs, weft_error *err)
{
    maker *m = a->maker;
    weft_code code = make_room(a, count, err);
    if (code != WEFT_OK)
        return code;
    uint32_t left = 0, sentences = 0;
    for (uint32_t i = 0; i < count; i++) {
        written *w = &a->words[a->word_count++];
        *w = (written){.form = draw_word(m)};
        if (left == 0) {
            left = 6 + draw_below(&m->draw, 18);
            w->marks = WORD_CAPITAL;
            if (i == 0 || (paragraphs && sentences % 5 == 0))
                w->marks |= WORD_PARAGRAPH;
            sentences++;
        } else if (left > 2 && draw_below(&m->draw, 14) == 0) {
            w->marks = WORD_COMMA;
        }
        left--;
        if (left > 0 && i + 1 < count)
            continue;
        w->marks &= ~(uint32_t)WORD_COMMA;
        w->marks |= draw_below(&m->draw, 12) == 0 ? WORD_QUESTION : WORD_STOP;
    }
    return WEFT_OK;
}

/* The words that a reply repeats: of one paragraph, its writer's own; empty when the place drawn has too few. */
static span draw_quote(archive *a, span of)
{
    maker *m = a->maker;
    span none = {0, 0};
    if (of.to <= of.from)
        return none;
    span q = {of.from + draw_below(&m->draw, of.to - of.from), 0};
    uint32_t most = QUOTE_MIN + draw_below(&m->draw, QUOTE_MAX - QUOTE_MIN);
    q.to = q.from;
    while (q.to < of.to && q.to - q.from < most) {
        uint32_t marks = a->words[q.to].marks;
        if (marks & WORD_QUOTED || (marks & WORD_PARAGRAPH && q.to > q.from))
            break;
        q.to++;
    }
    return q.to - q.from < QUOTE_MIN ? none : q;
}

static weft_code copy_quote(archive *a, span q, weft_error *err)
{
    weft_code code = make_room(a, q.to - q.from, err);
    if (code != WEFT_OK)
        return code;
    for (uint32_t at = q.from; at < q.to; at++) {
        written w = a->words[at];
        w.marks &= ~(uint32_t)WORD_PARAGRAPH;
        w.marks |= WORD_QUOTED | (at == q.from ? WORD_PARAGRAPH : 0);
        a->words[a->word_count++] = w;
    }
    return WEFT_OK;
}

static weft_code make_article(archive *a, weft_error *err)
{
    maker *m = a->maker;
    draw *d = &m->draw;
    for (int i = 0; i < TOPIC_WORDS; i++)
        m->topic[i] = WORDS_FUNCTION + 150 + (uint32_t)(pow(draw_unit(d), 2) * 60000);
    made *r = &a->list[0];
    *r = (made){.id = (uint32_t)a->before + 1, .author = draw_below(d, EDITORS)};
    r->date_s =
        FIRST_DAY_S + (int64_t)m->threads * BETWEEN_ARTICLES_S + draw_below(d, 3600);
    a->word_count = 0;
    weft_code code = make_text(a, 5 + draw_below(d, 8), false, err);
    if (code != WEFT_OK)
        return code;
    a->words[a->word_count - 1].marks = 0;
    r->title.to = r->body.from = a->word_count;
    code = make_text(a, draw_lognormal(d, 400, 0.4, 60, ARTICLE_WORDS_MAX), true, err);
    r->body.to = a->word_count;
    return code;
}

/* Who is answered: the article, one of the last few, or anybody. */
static uint32_t draw_parent(archive *a, uint32_t at)
{
    draw *d = &a->maker->draw;
    uint32_t parent = 0;
    if (at > 1 && draw_unit(d) >= 0.35) {
        uint32_t back = draw_below(d, at < 6 ? at : 5) + 1;
        parent = draw_below(d, 2) == 0 ? at - back : draw_below(d, at);
    }
    return parent != 0 && a->list[parent].depth >= ARCHIVE_DEPTH_MAX ? 0 : parent;
}

static weft_code make_comment(archive *a, uint32_t at, uint32_t parent, weft_error *err)
{
    draw *d = &a->maker->draw;
    made *r = &a->list[at];
    *r = (made){.parent = parent, .depth = parent == 0 ? 0 : a->list[parent].depth + 1};
    r->author = (uint32_t)(AUTHORS * pow(draw_unit(d), 3));
    r->votes = (int32_t)draw_lognormal(d, 3, 1.2, 0, 5000) - 2;
    r->title = r->body = (span){a->word_count, a->word_count};
    weft_code code = WEFT_OK;
    if (parent != 0 && draw_unit(d) < 0.2)
        code = copy_quote(a, draw_quote(a, a->list[parent].body), err);
    uint32_t count = draw_lognormal(d, 32, 0.85, 1, 1500);
    if (code == WEFT_OK)
        code = make_text(a, count, count > 120, err);
    r->body.to = a->word_count;
    return code;
}

static uint32_t draw_size(archive *a)
{
    maker *m = a->maker;
    uint32_t comments = draw_lognormal(&m->draw, 6, 1.55, 0, ARCHIVE_THREAD_MAX);
    if (m->threads % 2000 == 1000)
        comments = ARCHIVE_THREAD_MAX / 2 + draw_below(&m->draw, ARCHIVE_THREAD_MAX / 2);
    uint64_t until = a->before < a->records ? a->records : a->records + ARCHIVE_FRESH;
    uint64_t left = until - a->before - 1;
    return comments < left ? comments : (uint32_t)left;
}

/* The comments that come later answer records that stand as far from each other as there are records for each of them. Half
 * way between stand those that are deleted later, or the next comment after that place. */
static weft_code make_later(archive *a, weft_error *err)
{
    maker *m = a->maker;
    uint64_t step = a->records / ARCHIVE_ADDED;
    a->added = 0;
    weft_code code = WEFT_OK;
    for (uint32_t i = 0; i < a->count && code == WEFT_OK; i++) {
        uint64_t at = a->before + i;
        m->to_delete += at % step == step / 2 && at / step < ARCHIVE_ADDED;
        if (i > 0 && m->to_delete > 0) {
            a->list[i].deleted = true;
            m->to_delete--;
        }
        if (at % step != 0 || at / step >= ARCHIVE_ADDED)
            continue;
        uint32_t parent = a->list[i].depth >= ARCHIVE_DEPTH_MAX ? 0 : i;
        made *r = &a->list[a->count + a->added];
        code = make_comment(a, a->count + a->added++, parent, err);
        r->id = (uint32_t)a->records + ARCHIVE_FRESH + ++m->ids_added;
        r->date_s = a->list[i].date_s + 86400 + draw_below(&m->draw, 86400);
    }
    return code;
}

weft_code archive_next(archive *a, bool *more, weft_error *err)
{
    maker *m = a->maker;
    a->before += a->count;
    a->count = 0;
    *more = a->before < a->records + ARCHIVE_FRESH;
    if (!*more)
        return WEFT_OK;
    weft_code code = make_article(a, err);
    uint32_t comments = draw_size(a);
    int64_t from_s = a->list[0].date_s + 60;
    for (uint32_t i = 1; i <= comments && code == WEFT_OK; i++) {
        code = make_comment(a, i, draw_parent(a, i), err);
        a->list[i].id = (uint32_t)a->before + i + 1;
        a->list[i].date_s =
            from_s + (int64_t)i * 2 * 86400 / (comments + 1) + draw_below(&m->draw, 600);
    }
    a->count = comments + 1;
    m->threads++;
    return code == WEFT_OK ? make_later(a, err) : code;
}

/* plan_words.c - bare words and runs of words. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "planner.h"

#include "weft/limits.h"
#include "weft/mem.h"
#include "banned.h"

enum { TOKENS_MAX = WEFT_QUERY_MAX };

static bool fail(planner *p, weft_code code)
{
    if (p->code == WEFT_OK)
        p->code = code;
    return p->code != WEFT_OK;
}

weft_code plan_tokens(planner *p, weft_str text, weft_tokenize_mode mode, weft_str **out,
                      size_t *count)
{
    weft_token token;
    weft_str *list = weft_new_array(p->mem, weft_str, TOKENS_MAX);
    if (list == NULL)
        return weft_fail_nomem(p->err);
    weft_code code = weft_tokenizer_start(p->view->tokenizer, text, mode, p->err);
    *count = 0;
    while (code == WEFT_OK && *count < TOKENS_MAX &&
           weft_tokenizer_next(p->view->tokenizer, &token)) {
        char *copy = weft_str_dup(p->mem, token.folded);
        if (copy == NULL)
            return weft_fail_nomem(p->err);
        list[(*count)++] = weft_str_of(copy, token.folded.n);
    }
    *out = list;
    return code;
}

weft_code plan_stems(planner *p, weft_str folded, weft_str **out, size_t *count)
{
    const index_view *v = p->view;
    weft_str *list = weft_new_array(p->mem, weft_str, v->language_count);
    if (list == NULL)
        return weft_fail_nomem(p->err);
    *count = 0;
    for (size_t i = 0; i < v->language_count; i++) {
        weft_str stem = weft_stem(v->stemmer, v->languages[i], folded);
        bool known = false;
        for (size_t k = 0; k < *count && !known; k++)
            known = weft_str_eq(list[k], stem);
        if (known)
            continue;
        char *copy = weft_str_dup(p->mem, stem);
        if (copy == NULL)
            return weft_fail_nomem(p->err);
        list[(*count)++] = weft_str_of(copy, stem.n);
    }
    *out = list;
    return WEFT_OK;
}

weft_q plan_term(planner *p, const char *prefix, weft_str value)
{
    weft_str term;
    if (fail(p, weft_term_make(p->mem, prefix, value, &term, p->err)))
        return WEFT_Q_NOTHING;
    weft_q q = weft_q_term(p->b, term);
    return prefix[0] == '\0' ? q : weft_q_unscored(p->b, q);
}

/* Any form of the word: its stem in each language, each as `make` has it. */
static weft_q any_form(planner *p, weft_str folded, const char *prefix, bool own)
{
    weft_str *stems;
    size_t count = 0;
    weft_q parts[VIEW_LANGUAGES_MAX];
    if (fail(p, plan_stems(p, folded, &stems, &count)))
        return WEFT_Q_NOTHING;
    for (size_t i = 0; i < count; i++)
        parts[i] = own ? weft_q_wdf_at_least(p->b, stems[i], WEFT_WDF_OWN)
                       : plan_term(p, prefix, stems[i]);
    return own ? weft_q_or(p->b, parts, count) : weft_q_max(p->b, parts, count);
}

weft_q plan_forms(planner *p, const char *prefix, weft_str folded)
{
    return any_form(p, folded, prefix, false);
}

/* Room for one more element of a list in plan->wanted. */
static bool reserve(planner *p, void **array, size_t element, size_t count, size_t *size)
{
    if (count < *size)
        return true;
    size_t wanted = *size == 0 ? 16 : *size * 2;
    void *grown = weft_grown(p->plan, *array, element, wanted, "wanted");
    if (grown == NULL)
        return !fail(p, weft_fail_nomem(p->err));
    *array = grown;
    *size = wanted;
    return true;
}

static void want_stems(planner *p, weft_str folded)
{
    weft_wanted *w = &p->plan->wanted;
    weft_str *stems;
    size_t count = 0;
    if (p->negated || p->elsewhere || fail(p, plan_stems(p, folded, &stems, &count)))
        return;
    for (size_t i = 0; i < count; i++)
        if (reserve(p, (void **)&w->stems, sizeof *w->stems, w->stem_count, &p->stem_size))
            w->stems[w->stem_count++] = stems[i];
}

static void want_phrase(planner *p, weft_str *words, size_t count)
{
    weft_wanted *w = &p->plan->wanted;
    if (p->negated || p->elsewhere || count == 0)
        return;
    if (!reserve(p, (void **)&w->phrases, sizeof *w->phrases, w->phrase_count,
                 &p->phrase_size))
        return;
    w->phrases[w->phrase_count].words = words;
    w->phrases[w->phrase_count++].count = count;
}

static void add_info(planner *p, plan_word_info info)
{
    plan *made = p->plan;
    if (reserve(p, (void **)&made->words, sizeof *made->words, made->word_count,
                &p->info_size))
        made->words[made->word_count++] = info;
}

/* Note a word for the second stage of ranking. */
static void note_word(planner *p, weft_str folded, bool scored)
{
    weft_str *stems;
    size_t count = 0;
    if (!p->negated && !p->elsewhere && !fail(p, plan_stems(p, folded, &stems, &count)))
        add_info(p, (plan_word_info){stems, count, folded, scored});
}

void plan_note_forms(planner *p, weft_str folded, weft_str *stems, size_t count)
{
    if (!p->negated && !p->elsewhere)
        add_info(p, (plan_word_info){stems, count, folded, true});
}

void plan_want_word(planner *p, weft_str folded)
{
    weft_wanted *w = &p->plan->wanted;
    if (p->negated || p->elsewhere)
        return;
    if (reserve(p, (void **)&w->words, sizeof *w->words, w->word_count, &p->word_size))
        w->words[w->word_count++] = folded;
}

void plan_note(planner *p, weft_str folded)
{
    note_word(p, folded, true);
    want_stems(p, folded);
}

/* Chinese, Japanese and Korean, which have no words in the vocabulary: from U+2E80 on. */
static bool is_cjk(weft_str folded)
{
    return folded.n >= 3 && memcmp(folded.p, "\xe2\xba\x80", 3) >= 0;
}

/* One run of a query may hold several words (T-100), all of which must match. The last of a
 * prefix or a spelling stands for others. */
grade plan_word(planner *p, const query_node *node)
{
    weft_str *tokens;
    size_t count = 0, kept = 0;
    weft_q match[WEFT_CLAUSES_MAX], strong[WEFT_CLAUSES_MAX];
    grade absent = {.absent = true};
    if (fail(p, plan_tokens(p, node->text, WEFT_TOKENIZE_QUERY, &tokens, &count)))
        return absent;
    for (size_t i = 0; i < count && p->code == WEFT_OK; i++) {
        bool expands = node->kind != Q_WORD && i + 1 == count && !is_cjk(tokens[i]);
        bool left_out = !expands && !p->keep_stop_words && !p->negated &&
                        view_is_stop_word(p->view, tokens[i]);
        if (!expands)
            note_word(p, tokens[i], !left_out);
        p->left_out = p->left_out || left_out;
        if (left_out)
            continue;
        if (++p->words > WEFT_CLAUSES_MAX) {
            fail(p, weft_fail_at(p->err, WEFT_ELIMIT, node->at, "query of over %d words",
                                 WEFT_CLAUSES_MAX));
            return absent;
        }
        if (expands) {
            match[kept] = strong[kept] = plan_expand(p, node, tokens[i]);
        } else {
            want_stems(p, tokens[i]);
            match[kept] = any_form(p, tokens[i], "", false);
            strong[kept] = any_form(p, tokens[i], "", true);
        }
        kept++;
    }
    if (kept == 0)
        return absent;
    grade g = {.has_words = true, .strong_alone = kept == 1};
    g.match = weft_q_and(p->b, match, kept);
    g.strong = weft_q_or(p->b, strong, kept);
    g.kept = WEFT_Q_EVERYTHING;
    g.relaxed = g.match;
    return g;
}

grade plan_neutral(planner *p, weft_q match)
{
    (void)p;
    return (grade){.is_neutral = true,
                   .strong_alone = true,
                   .match = match,
                   .neutral = match,
                   .kept = match};
}

/* A run of words; its parts are wanted each for itself. */
static grade plan_run(planner *p, const char *prefix, weft_str *words, weft_run run)
{
    uint32_t hashes[WEFT_PHRASE_MAX];
    weft_q parts[WEFT_PHRASE_MAX];
    if (run.count > WEFT_PHRASE_MAX) {
        fail(p, weft_fail(p->err, WEFT_ELIMIT, "phrase of over %d words", WEFT_PHRASE_MAX));
        return (grade){.absent = true};
    }
    for (size_t i = 0; i < run.count; i++) {
        hashes[i] = weft_stream_word(words[i]);
        if (prefix[0] == '\0')
            note_word(p, words[i], true);
        parts[i] = any_form(p, words[i], prefix, false);
    }
    run.slot = WEFT_SLOT_STREAM;
    run.words = hashes;
    want_phrase(p, words, run.first);
    want_phrase(p, words + run.first, run.count - run.first);
    return plan_neutral(
        p, weft_q_filter(p->b, weft_q_and(p->b, parts, run.count), weft_q_run(p->b, &run)));
}

grade plan_phrase(planner *p, weft_str text, const char *prefix, uint32_t segments)
{
    weft_str *words;
    size_t count = 0;
    if (fail(p, plan_tokens(p, text, WEFT_TOKENIZE_STREAM, &words, &count)) || count == 0)
        return (grade){.absent = true};
    return plan_run(p, prefix, words, (weft_run){.count = count, .segments = segments});
}

grade plan_near(planner *p, const query_node *node, uint32_t segments)
{
    weft_str *left, *right;
    size_t first = 0, rest = 0;
    const grade absent = {.absent = true};
    if (fail(p, plan_tokens(p, node->text, WEFT_TOKENIZE_STREAM, &left, &first)) ||
        fail(p, plan_tokens(p, node->other, WEFT_TOKENIZE_STREAM, &right, &rest)) ||
        first + rest == 0)
        return absent;
    weft_str *words = weft_new_array(p->mem, weft_str, first + rest);
    if (words == NULL) {
        fail(p, weft_fail_nomem(p->err));
        return absent;
    }
    memcpy(words, left, first * sizeof *words);
    memcpy(words + first, right, rest * sizeof *words);
    return plan_run(p, "", words,
                    (weft_run){.count = first + rest,
                               .segments = segments,
                               .first = first,
                               .window = first == 0 || rest == 0 ? 0 : node->distance});
}

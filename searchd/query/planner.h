/* planner.h - what the parts of the planner share. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_PLANNER_H
#define SEARCHD_PLANNER_H

#include "plan.h"

/* How a part of a query matches. absent: it says nothing (a stop word, mere punctuation).
 */
typedef struct grade {
    bool absent;
    bool has_words;    /* bare words in it, so it can be relaxed */
    bool is_neutral;   /* every match is neutral: neutral is match */
    bool strong_alone; /* strong implies match; else it holds only beside match */
    weft_q match;      /* scored */
    weft_q strong, neutral;
    weft_q kept;    /* matches with every bare word of it granted */
    weft_q relaxed; /* those of kept in which one of its bare words stands */
} grade;

/* A planning at work. The first failure sticks in code. */
typedef struct planner {
    void *mem;
    index_view *view;
    weft_builder *b;
    query *q;
    plan *plan;
    bool keep_stop_words; /* there is nothing else */
    bool negated;         /* under a NOT: nothing is marked, and stop words count */
    bool elsewhere;       /* in a join, about other documents: nothing is marked */
    bool left_out;        /* a stop word was */
    int64_t deadline_ms;  /* of the matches a join needs */
    size_t words;
    size_t stem_size, phrase_size; /* room in plan->wanted */
    size_t word_size;              /* room in plan->wanted.words */
    size_t info_size;              /* room in plan->words */
    weft_code code;
    weft_error *err;
} planner;

/* The words of a text, folded, in mem; mode says how CJK is cut. */
weft_code plan_tokens(planner *p, weft_str text, weft_tokenize_mode mode, weft_str **out,
                      size_t *count);

/* The distinct stems of a folded word in the languages of the index. */
weft_code plan_stems(planner *p, weft_str folded, weft_str **out, size_t *count);

/* A term of the index, unscored unless it is of the bag. */
weft_q plan_term(planner *p, const char *prefix, weft_str value);

/* Any form of a folded word under a prefix ("" for the bag). */
weft_q plan_forms(planner *p, const char *prefix, weft_str folded);

grade plan_word(planner *p, const query_node *node);
grade plan_phrase(planner *p, weft_str text, const char *prefix, uint32_t segments);
grade plan_near(planner *p, const query_node *node, uint32_t segments);
grade plan_node(planner *p, const query_node *node);
grade plan_field(planner *p, const query_node *node);
grade plan_join(planner *p, const query_node *node);
grade plan_neutral(planner *p, weft_q match);
weft_q plan_dates(planner *p, const query_dates *range);

/* Documents that match a part as a hit: strongly, or neutrally. */
weft_q plan_hits(planner *p, const grade *g);

/* A word to be marked, and to be counted in the second stage of ranking. */
void plan_note(planner *p, weft_str folded);

/* A word that stands for several stems, to be counted in the second stage of ranking. */
void plan_note_forms(planner *p, weft_str folded, weft_str *stems, size_t count);

/* A word to be marked as it is, or every word that begins so when it ends in a star. */
void plan_want_word(planner *p, weft_str folded);

/* Documents that have one of the words as their own that a folded prefix or misspelt word
 * stands for. */
weft_q plan_expand(planner *p, const query_node *node, weft_str folded);

/* Every public document. */
weft_q plan_universe(planner *p);

#endif

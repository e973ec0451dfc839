/* clause.c - one word, phrase or field value of a query as a leaf of its tree. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clause.h"

#include <assert.h>

#include "chars.h"
#include "dates.h"
#include "values.h"
#include "banned.h"

typedef struct clause {
    query *q;
    const query_token *token;
    const query_target *target;
    size_t at;
    query_node *node; /* the result; NULL when dropped */
} clause;

static weft_code make(clause *c, query_kind kind, weft_str text, weft_error *err)
{
    if (c->q->clauses == WEFT_CLAUSES_MAX)
        return weft_fail_at(err, WEFT_ELIMIT, c->at, "query over %d clauses",
                            WEFT_CLAUSES_MAX);
    c->q->clauses++;
    c->node = query_node_new(c->q, kind, c->at, c->token->end);
    if (c->node == NULL)
        return weft_fail_nomem(err);
    c->node->text = text;
    return WEFT_OK;
}

/* What stands between quotes and is read as words. */
static weft_code check_phrase(clause *c, bool *empty, weft_error *err)
{
    const query_token *t = c->token;
    *empty = query_searchable(t->text).n == 0;
    if (*empty) {
        query_warn(c->q, t->at, "no words between the quotes: ignored");
        return WEFT_OK;
    }
    if (query_count_words(t->text) > WEFT_PHRASE_MAX)
        return weft_fail_at(err, WEFT_ELIMIT, t->at, "phrase over %d words",
                            WEFT_PHRASE_MAX);
    const char *star = memchr(t->text.p, '*', t->text.n);
    if (star != NULL)
        query_warn(c->q, t->at + (size_t)(star - t->raw.p),
                   "a * between quotes is ignored");
    return WEFT_OK;
}

static weft_code make_phrase(clause *c, weft_error *err)
{
    bool empty;
    weft_code code = check_phrase(c, &empty, err);
    if (code != WEFT_OK || empty)
        return code;
    return make(c, Q_PHRASE, c->token->text, err);
}

/* The part of a prefix that the * extends is what follows the last punctuation: in
 * "soup-da*" it is "da". */
static weft_code make_prefix(clause *c, weft_error *err)
{
    weft_str text = c->token->text;
    if (query_last_letters(text) < WEFT_PREFIX_MIN)
        return weft_fail_at(err, WEFT_ESYNTAX, c->at,
                            "prefix '%" WEFT_STR_FMT "*' has under %d letters",
                            WEFT_STR_ARG(query_shown(text)), WEFT_PREFIX_MIN);
    return make(c, Q_PREFIX, text, err);
}

static weft_code make_word(clause *c, weft_error *err)
{
    if (query_searchable(c->token->text).n > 0)
        return make(c, Q_WORD, c->token->text, err);
    query_warn(c->q, c->at, "no word in '%" WEFT_STR_FMT "': ignored",
               WEFT_STR_ARG(query_shown(c->token->text)));
    return WEFT_OK;
}

static weft_code make_plain(clause *c, weft_error *err)
{
    switch (c->token->kind) {
    case T_PHRASE:
        return make_phrase(c, err);
    case T_PREFIX:
        return make_prefix(c, err);
    case T_EXACT:
        return make(c, Q_EXACT, c->token->text, err);
    case T_SPELL:
        return make(c, Q_SPELL, c->token->text, err);
    default:
        return make_word(c, err);
    }
}

/* A value as the user gave it: without its quotes, but with everything else. */
static weft_str value_text(const query_token *t)
{
    return t->kind == T_PHRASE ? t->text : t->raw;
}

/* A value that its field cannot read is searched for as words. */
static weft_code make_fallback(clause *c, const char *expected, weft_error *err)
{
    weft_str text = value_text(c->token);
    query_warn(c->q, c->at, "'%" WEFT_STR_FMT "' is not %s '%s:': read as words",
               WEFT_STR_ARG(query_shown(text)), expected, c->target->field->name);
    if (c->token->kind == T_PHRASE)
        return make_phrase(c, err);
    return query_searchable(text).n == 0 ? WEFT_OK : make(c, Q_WORD, text, err);
}

static weft_code make_field(clause *c, weft_error *err)
{
    weft_code code = make(c, Q_FIELD, value_text(c->token), err);
    if (code != WEFT_OK)
        return code;
    c->node->field = c->target->field;
    c->node->is_phrase = c->token->kind == T_PHRASE;
    return WEFT_OK;
}

static weft_code reversed(const clause *c, weft_error *err)
{
    return weft_fail_at(
        err, WEFT_ESYNTAX, c->at, "range '%s:%" WEFT_STR_FMT "' ends before it begins",
        c->target->field->name, WEFT_STR_ARG(query_shown(value_text(c->token))));
}

/* How a date of a query moves: what it would be at another time tells. */
static query_moving how_it_moves(const clause *c, query_date_sense sense, query_dates now)
{
    static const struct {
        int64_t later_s;
        query_moving moving;
    } others[] = {{1, QUERY_MOVES_BY_SECOND},
                  {(int64_t)800 * 24 * 60 * 60, QUERY_MOVES_BY_DAY}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        query_options o = c->q->options;
        query_dates then = {0};
        o.now_s += others[i].later_s;
        (void)query_date_read(value_text(c->token), sense, &o, &then);
        if (then.lo_s != now.lo_s || then.hi_s != now.hi_s)
            return others[i].moving;
    }
    return QUERY_STANDS;
}

static weft_code make_dates(clause *c, weft_error *err)
{
    const char *name = c->target->field->name;
    query_date_sense sense = strcmp(name, "after") == 0    ? QUERY_DATE_AFTER
                             : strcmp(name, "before") == 0 ? QUERY_DATE_BEFORE
                                                           : QUERY_DATE_IN;
    query_dates dates = {0};
    query_value value =
        query_date_read(value_text(c->token), sense, &c->q->options, &dates);
    if (value == QUERY_VALUE_REVERSED)
        return reversed(c, err);
    if (value == QUERY_VALUE_UNKNOWN)
        return make_fallback(c, "a date for", err);
    weft_code code = make_field(c, err);
    if (code != WEFT_OK)
        return code;
    query_moving moving = how_it_moves(c, sense, dates);
    c->q->moving = moving > c->q->moving ? moving : c->q->moving;
    c->node->dates = dates;
    return WEFT_OK;
}

static weft_code make_numbers(clause *c, weft_error *err)
{
    query_numbers numbers = {0};
    query_value value = query_number_read(value_text(c->token), &numbers);
    if (value == QUERY_VALUE_REVERSED)
        return reversed(c, err);
    if (value == QUERY_VALUE_UNKNOWN)
        return make_fallback(c, "a number for", err);
    weft_code code = make_field(c, err);
    if (code == WEFT_OK)
        c->node->numbers = numbers;
    return code;
}

static weft_code make_is(clause *c, weft_error *err)
{
    query_is is = Q_IS_ARTICLE;
    if (!query_is_read(value_text(c->token), &is))
        return make_fallback(c, "one of article, comment, root, reply, leaf, orphan for",
                             err);
    weft_code code = make_field(c, err);
    if (code == WEFT_OK)
        c->node->is = is;
    return code;
}

static void warn_star(const clause *c, const char *name)
{
    const query_token *t = c->token;
    const char *star = memchr(t->raw.p, '*', t->raw.n);
    if (t->kind != T_PHRASE && star != NULL)
        query_warn(c->q, t->at + (size_t)(star - t->raw.p), "a * is no wildcard in '%s:'",
                   name);
}

/* An empty value matches nothing anybody means; one of punctuation only may well be an
 * author's name. */
static weft_code make_text(clause *c, const char *name, bool words, bool *dropped,
                           weft_error *err)
{
    bool empty = false;
    weft_str text = value_text(c->token);
    *dropped = weft_str_trim(text).n == 0 || (words && query_searchable(text).n == 0);
    if (*dropped) {
        query_warn(c->q, c->at, "'%s:' has no value: ignored", name);
        return WEFT_OK;
    }
    warn_star(c, name);
    return words && c->token->kind == T_PHRASE ? check_phrase(c, &empty, err) : WEFT_OK;
}

static weft_code make_value(clause *c, weft_error *err)
{
    const weft_field *field = c->target->field;
    bool dropped;
    switch (field->kind) {
    case WEFT_FIELD_DATE:
        return make_dates(c, err);
    case WEFT_FIELD_NUMBER:
        return make_numbers(c, err);
    case WEFT_FIELD_IS:
        return make_is(c, err);
    case WEFT_FIELD_WORDS:
    case WEFT_FIELD_EXACT:
    case WEFT_FIELD_ID:
    case WEFT_FIELD_SCOPE:
        break;
    }
    weft_code code =
        make_text(c, field->name, field->kind == WEFT_FIELD_WORDS, &dropped, err);
    if (code != WEFT_OK || dropped)
        return code;
    return make_field(c, err);
}

static weft_code make_name(clause *c, weft_error *err)
{
    bool dropped;
    weft_code code = make_text(c, query_join_name(c->target->join), false, &dropped, err);
    if (code != WEFT_OK || dropped)
        return code;
    code = make(c, Q_JOIN, value_text(c->token), err);
    if (code != WEFT_OK)
        return code;
    c->node->join = c->target->join;
    c->node->is_phrase = c->token->kind == T_PHRASE;
    return WEFT_OK;
}

weft_code query_clause(query *q, const query_token *token, const query_target *target,
                       query_node **out, weft_error *err)
{
    clause c = {.q = q, .token = token, .target = target};
    c.at = target->adjacent ? target->at : token->at;
    assert(target->field == NULL || target->join == Q_JOIN_NONE);
    weft_code code = target->field != NULL         ? make_value(&c, err)
                     : target->join != Q_JOIN_NONE ? make_name(&c, err)
                                                   : make_plain(&c, err);
    if (code == WEFT_OK)
        *out = c.node;
    return code;
}

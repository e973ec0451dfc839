/* lex.c - a query cut into tokens. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lex.h"

#include <assert.h>

#include "weft/mem.h"

#include "chars.h"
#include "values.h"
#include "banned.h"

typedef struct lexer {
    query *q;
    weft_str text;
    size_t i;   /* next byte to read */
    bool fresh; /* at i an operand may begin: a '-' there is an operator and no part of a
                   word */
    query_token *tokens;
    size_t count;
} lexer;

/* No token is empty, so text.n places suffice. */
static query_token *add(lexer *l, query_token_kind kind, size_t at, size_t end)
{
    assert(l->count < l->text.n);
    query_token *t = &l->tokens[l->count++];
    *t = (query_token){.kind = kind, .at = at, .end = end};
    t->raw = t->text = weft_str_of(l->text.p + at, end - at);
    return t;
}

/* Where the run of bytes without white space, brackets and quotes that begins at i ends. */
static size_t run_end(const lexer *l, size_t i)
{
    size_t n;
    while (i < l->text.n && !query_char_parts(query_char(l->text, i, &n)))
        i += n;
    return i;
}

static bool kind_at(const lexer *l, size_t i, query_char_kind *out)
{
    size_t n;
    if (i >= l->text.n)
        return false;
    *out = query_char(l->text, i, &n);
    return true;
}

/* The next quote of one of two kinds from i on; text.n when there is none. */
static size_t find_quote(const lexer *l, size_t i, query_char_kind kind, size_t *length)
{
    size_t n;
    for (; i < l->text.n; i += n) {
        if (query_char(l->text, i, &n) != kind)
            continue;
        *length = n;
        return i;
    }
    *length = 0;
    return l->text.n;
}

/* A phrase ends at the next quote of the sort that opened it, straight or typographic;
 * without one at the next of the other sort, since keyboards that "correct" quotes do it by
 * halves. A quote that nothing closes is a slip: it is left out, and the words stay words. */
static void lex_phrase(lexer *l)
{
    size_t open, close;
    query_char_kind kind = query_char(l->text, l->i, &open);
    size_t at = l->i, inner = at + open;
    size_t end = find_quote(l, inner, kind, &close);
    if (close == 0) {
        query_char_kind other = kind == CHAR_QUOTE ? CHAR_TYPOGRAPHIC_QUOTE : CHAR_QUOTE;
        end = find_quote(l, inner, other, &close);
    }
    l->i = end + close;
    l->fresh = false;
    if (close == 0) {
        query_warn(l->q, at, "a quote that is never closed is left out");
        l->i = inner;
        return;
    }
    query_token *t = add(l, T_PHRASE, at, l->i);
    t->text = weft_str_of(l->text.p + inner, end - inner);
}

static void lex_bracket(lexer *l, query_token_kind kind)
{
    add(l, kind, l->i, l->i + 1);
    l->i++;
    l->fresh = kind == T_OPEN;
}

/* Whether a character can stand in a field's name: letters of any script, since a reader
 * who writes the name in his own language is to learn that there is no such field. */
static bool is_of_name(weft_str run, size_t at, size_t *n)
{
    query_char_kind kind = query_char(run, at, n);
    char c = run.p[at];
    if (c >= '0' && c <= '9')
        return false;
    return kind == CHAR_LETTER || (at > 0 && (kind == CHAR_MARK || c == '-' || c == '_'));
}

/* Length of the field name that a run begins with: letters, '-' and '_' before a ':'. 0
 * when there is none. */
static size_t name_length(weft_str run)
{
    size_t at = 0, n;
    while (at < run.n && is_of_name(run, at, &n))
        at += n;
    return at < run.n && run.p[at] == ':' ? at : 0;
}

/* "name:" and the value right after it. False when it is no field: the run is a word then.
 */
static bool lex_field(lexer *l, weft_str run)
{
    size_t n = name_length(run), at = l->i, value_at = at + n + 1;
    query_char_kind next = CHAR_SPACE;
    if (n == 0)
        return false;
    weft_str name = weft_str_of(run.p, n), rest = weft_str_of(run.p + n + 1, run.n - n - 1);
    const weft_field *field = weft_field_find(name);
    query_join join = query_join_find(name);
    bool known = field != NULL || join != Q_JOIN_NONE;
    bool has_value =
        kind_at(l, value_at, &next) && next != CHAR_SPACE && next != CHAR_CLOSE;
    if (!known || !has_value) {
        if (known)
            query_warn(l->q, at, "'%" WEFT_STR_FMT ":' has no value: read as a word",
                       WEFT_STR_ARG(name));
        else if (has_value && !weft_str_starts(rest, "//"))
            query_warn(l->q, at, "no field '%" WEFT_STR_FMT "': read as words",
                       WEFT_STR_ARG(query_shown(name)));
        return false;
    }
    query_token *t = add(l, T_FIELD, at, value_at);
    t->text = name;
    t->field = field;
    t->join = join;
    l->i = value_at;
    if (next == CHAR_QUOTE || next == CHAR_TYPOGRAPHIC_QUOTE) {
        lex_phrase(l);
    } else if (next == CHAR_OPEN) {
        lex_bracket(l, T_OPEN);
    } else {
        add(l, T_VALUE, value_at, value_at + rest.n);
        l->i = value_at + rest.n;
    }
    return true;
}

/* NEAR/n with n in digits. */
static bool read_near(lexer *l, weft_str run, unsigned *distance)
{
    if (!weft_str_starts(run, "NEAR/"))
        return false;
    uint64_t n = 0;
    weft_code code =
        weft_parse_u64(weft_str_of(run.p + 5, run.n - 5), QUERY_NEAR_MAX, &n, NULL);
    if (code == WEFT_OK && n > 0) {
        *distance = (unsigned)n;
        return true;
    }
    if (code != WEFT_OK && code != WEFT_ELIMIT)
        return false;
    *distance = code == WEFT_OK ? 1 : QUERY_NEAR_MAX;
    query_warn(l->q, l->i, "'%" WEFT_STR_FMT "' read as NEAR/%u: the distance is 1 to %d",
               WEFT_STR_ARG(query_shown(run)), *distance, QUERY_NEAR_MAX);
    return true;
}

static bool lex_operator(lexer *l, weft_str run)
{
    static const struct {
        const char *text;
        query_token_kind kind;
    } operators[] = {{"AND", T_AND}, {"OR", T_OR}, {"NOT", T_NOT}};
    size_t end = l->i + run.n;
    unsigned distance;
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (!weft_str_is(run, operators[i].text))
            continue;
        add(l, operators[i].kind, l->i, end);
        l->i = end;
        return true;
    }
    if (!read_near(l, run, &distance))
        return false;
    add(l, T_NEAR, l->i, end)->distance = distance;
    l->i = end;
    return true;
}

/* s without its stars, as a copy. */
static weft_code without_stars(lexer *l, weft_str s, weft_str *out, weft_error *err)
{
    char *copy = weft_new_array(l->q, char, s.n);
    if (copy == NULL)
        return weft_fail_nomem(err);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '*')
            copy[n++] = s.p[i];
    }
    *out = weft_str_of(copy, n);
    return WEFT_OK;
}

/* A star after the last letter makes a prefix. One before or inside the word is refused: it
 * would mean reading the whole vocabulary. Stars apart from the letters ("soup!*") are
 * punctuation. */
static weft_code lex_stars(lexer *l, query_token *t, weft_str body, weft_error *err)
{
    weft_str core = query_searchable(body);
    const char *end = core.p + core.n;
    bool leading = core.p > body.p && core.p[-1] == '*';
    bool trailing = end < body.p + body.n && *end == '*';
    bool inside = memchr(core.p, '*', core.n) != NULL;
    if (!leading && !trailing && !inside)
        return WEFT_OK;
    if (leading || inside)
        query_warn(l->q, t->at,
                   "'%" WEFT_STR_FMT "': a * %s a word is not supported and is ignored",
                   WEFT_STR_ARG(query_shown(body)), leading ? "before" : "inside");
    if (trailing && t->kind == T_WORD)
        t->kind = T_PREFIX;
    else if (trailing)
        query_warn(l->q, t->at, "'%" WEFT_STR_FMT "': the * is ignored",
                   WEFT_STR_ARG(query_shown(t->raw)));
    return without_stars(l, core, &t->text, err);
}

static weft_code lex_word(lexer *l, weft_str run, weft_error *err)
{
    query_token *t = add(l, T_WORD, l->i, l->i + run.n);
    l->i += run.n;
    weft_str body = run;
    if (run.p[0] == '=' || run.p[0] == '~') {
        t->kind = run.p[0] == '=' ? T_EXACT : T_SPELL;
        body = weft_str_of(run.p + 1, run.n - 1);
        t->text = body;
    }
    if (memchr(body.p, '*', body.n) == NULL)
        return WEFT_OK;
    return lex_stars(l, t, body, err);
}

/* '-' (not) and '+' (nothing) right before an operand. False when the run is a word,
 * perhaps of punctuation only. */
static bool lex_sign(lexer *l, weft_str run)
{
    query_char_kind next;
    char sign = run.p[0];
    if ((sign != '-' && sign != '+') || !l->fresh || !kind_at(l, l->i + 1, &next))
        return false;
    if (run.n > 1 && run.p[1] == sign)
        return false; /* a dash made of two, or "++" */
    bool operand = run.n > 1
                       ? query_searchable(run).n > 0 || run.p[1] == '-' || run.p[1] == '+'
                       : next != CHAR_SPACE && next != CHAR_CLOSE;
    if (!operand)
        return false;
    if (sign == '-')
        add(l, T_NOT, l->i, l->i + 1);
    l->i++;
    return true;
}

static weft_code lex_run(lexer *l, weft_error *err)
{
    size_t end = run_end(l, l->i);
    weft_str run = weft_str_of(l->text.p + l->i, end - l->i);
    if (lex_sign(l, run))
        return WEFT_OK;
    l->fresh = false;
    /* "--word": the dashes are punctuation. */
    while (run.n > 0 && (run.p[0] == '-' || run.p[0] == '+')) {
        run = weft_str_of(run.p + 1, run.n - 1);
        l->i++;
    }
    if (query_searchable(run).n == 0) {
        l->i = end;
        return WEFT_OK;
    }
    if (lex_operator(l, run) || lex_field(l, run))
        return WEFT_OK;
    return lex_word(l, run, err);
}

static weft_code lex_next(lexer *l, weft_error *err)
{
    size_t n;
    switch (query_char(l->text, l->i, &n)) {
    case CHAR_SPACE:
        l->i += n;
        l->fresh = true;
        return WEFT_OK;
    case CHAR_OPEN:
        lex_bracket(l, T_OPEN);
        return WEFT_OK;
    case CHAR_CLOSE:
        lex_bracket(l, T_CLOSE);
        return WEFT_OK;
    case CHAR_QUOTE:
    case CHAR_TYPOGRAPHIC_QUOTE:
        lex_phrase(l);
        return WEFT_OK;
    default:
        return lex_run(l, err);
    }
}

weft_code query_lex(query *q, weft_str text, query_token **out, size_t *count,
                    weft_error *err)
{
    lexer l = {.q = q, .text = text, .fresh = true};
    l.tokens = weft_new_array(q, query_token, text.n);
    if (l.tokens == NULL)
        return weft_fail_nomem(err);
    while (l.i < text.n) {
        weft_code code = lex_next(&l, err);
        if (code != WEFT_OK)
            return code;
    }
    *out = l.tokens;
    *count = l.count;
    return WEFT_OK;
}

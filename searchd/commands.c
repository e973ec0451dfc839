/* commands.c - THE TABLE of commands, and the checks every request passes before one runs.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <inttypes.h>
#include <string.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "access.h"
#include "cmd/cmd.h"
#include "web/web.h"
#include "banned.h"

enum { SHOWN_MAX = 64 }; /* bytes of a client's own words repeated in a message */

#ifdef WEFT_TEST_COMMANDS
/* The program the tests of the daemon run has one more command, that sleeps, crashes and
 * floods (tests/daemon). */
extern const command cmd_test_row;
#endif

static const char *const type_words[] = {"article", "comment", NULL};
static const char *const sort_words[] = {"score", "newest",  "oldest",
                                         "votes", "replies", NULL};
static const char *const group_words[] = {"thread", "author", NULL};
static const char *const context_words[] = {"full", "line", "none", NULL};
static const char *const totals_words[] = {"bounded", "exact", NULL};

enum {
    TZ_MAX = 63,
    REF_MAX = WEFT_ID_MAX + 8,
    FACETS_MAX = 255,
    GROUP_HITS_MAX = 10,
    PERCENT_MAX = 100,
    DAYS_MAX = 36500
};

static const cmd_key search_keys[] = {
    {"q", CMD_KEY_STRING, true, 0, WEFT_QUERY_MAX, NULL},
    {"type", CMD_KEY_WORD, false, 0, 0, type_words},
    {"limit", CMD_KEY_INTEGER, false, 1, WEFT_HITS_MAX, NULL},
    {"offset", CMD_KEY_INTEGER, false, 0, WEFT_WINDOW_MAX, NULL},
    {"cursor", CMD_KEY_STRING, false, 1, WEFT_CURSOR_MAX, NULL},
    {"sort", CMD_KEY_WORD, false, 0, 0, sort_words},
    {"group", CMD_KEY_WORD, false, 0, 0, group_words},
    {"group_hits", CMD_KEY_INTEGER, false, 1, GROUP_HITS_MAX, NULL},
    {"recency", CMD_KEY_INTEGER, false, 0, PERCENT_MAX, NULL},
    {"recency_days", CMD_KEY_INTEGER, false, 1, DAYS_MAX, NULL},
    {"votes", CMD_KEY_INTEGER, false, 0, PERCENT_MAX, NULL},
    {"context", CMD_KEY_WORD, false, 0, 0, context_words},
    {"snippet", CMD_KEY_INTEGER, false, 1, WEFT_SNIPPET_MAX, NULL},
    {"explain", CMD_KEY_INTEGER, false, 0, 1, NULL},
    {"facets", CMD_KEY_STRING, false, 1, FACETS_MAX, NULL},
    {"totals", CMD_KEY_WORD, false, 0, 0, totals_words},
    {"tz", CMD_KEY_STRING, false, 1, TZ_MAX, NULL},
    {"timeout_ms", CMD_KEY_INTEGER, false, 1, WEFT_SOFT_DEADLINE_MS, NULL},
    {0}};

static const cmd_key count_keys[] = {
    {"q", CMD_KEY_STRING, true, 0, WEFT_QUERY_MAX, NULL},
    {"type", CMD_KEY_WORD, false, 0, 0, type_words},
    {"totals", CMD_KEY_WORD, false, 0, 0, totals_words},
    {"tz", CMD_KEY_STRING, false, 1, TZ_MAX, NULL},
    {"timeout_ms", CMD_KEY_INTEGER, false, 1, WEFT_SOFT_DEADLINE_MS, NULL},
    {0}};

static const cmd_key get_keys[] = {{"ref", CMD_KEY_STRING, true, 1, REF_MAX, NULL}, {0}};

static const cmd_key thread_keys[] = {
    {"ref", CMD_KEY_STRING, true, 1, REF_MAX, NULL},
    {"limit", CMD_KEY_INTEGER, false, 1, WEFT_HITS_MAX, NULL},
    {"offset", CMD_KEY_INTEGER, false, 0, WEFT_THREAD_MAX, NULL},
    {0}};

static const cmd_key suggest_keys[] = {
    {"prefix", CMD_KEY_STRING, true, 0, WEFT_COMPLETE_BYTES, NULL},
    {"limit", CMD_KEY_INTEGER, false, 1, WEFT_COMPLETE_MAX, NULL},
    {0}};

static const cmd_key similar_keys[] = {
    {"ref", CMD_KEY_STRING, true, 1, REF_MAX, NULL},
    {"limit", CMD_KEY_INTEGER, false, 1, WEFT_SIMILAR_MAX, NULL},
    {0}};

static const cmd_key auth_keys[] = {
    {"token", CMD_KEY_STRING, true, 1, ACCESS_TOKEN_MAX, NULL}, {0}};

static const command table[] = {
    {"hello", NULL, NULL, cmd_hello, true, "who answers, what it can do, its limits", NULL},
    {"auth", auth_keys, "token", cmd_auth, true, "show the token that TCP needs", NULL},
    {"search", search_keys, "q", cmd_search, false, "ranked hits, each in its thread",
     NULL},
    {"count", count_keys, "q", cmd_count, false, "how many documents a query finds", NULL},
    {"get", get_keys, "ref", cmd_get, false, "one document as it is stored", NULL},
    {"thread", thread_keys, "ref", cmd_thread, false, "an article and its comments", NULL},
    {"suggest", suggest_keys, "prefix", cmd_suggest, false,
     "words, names and headlines that go on from what was typed", NULL},
    {"similar", similar_keys, "ref", cmd_similar, false,
     "conversations about what a document is about", NULL},
    {"status", NULL, NULL, cmd_status, false, "what the index holds", NULL},
};

const command *command_at(size_t i)
{
    if (i < sizeof table / sizeof *table)
        return &table[i];
#ifdef WEFT_TEST_COMMANDS
    if (i == sizeof table / sizeof *table)
        return &cmd_test_row;
#endif
    return NULL;
}

const command *command_find(const char *name)
{
    for (size_t i = 0; command_at(i) != NULL; i++)
        if (strcmp(command_at(i)->name, name) == 0)
            return command_at(i);
    return web_command_find(name);
}

static int shown_bytes(const char *s)
{
    return (int)weft_utf8_cut(weft_str_from(s), SHOWN_MAX);
}

const cmd_key *command_key(const command *c, const char *name)
{
    for (const cmd_key *k = c == NULL ? NULL : c->keys; k != NULL && k->name != NULL; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}

/* The names of a list of keys or words, for messages. */
static const char *join(void *mem, const cmd_key *keys, const char *const *words)
{
    weft_buf b;
    weft_buf_init(&b, mem, WEFT_ERROR_TEXT_MAX);
    for (size_t i = 0; keys != NULL && keys[i].name != NULL; i++)
        weft_buf_addf(&b, "%s%s", i == 0 ? "" : ", ", keys[i].name);
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        weft_buf_addf(&b, "%s%s", i == 0 ? "" : ", ", words[i]);
    return b.p;
}

static weft_code fail_unknown_key(const command *c, const char *name, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    if (c->keys == NULL)
        return weft_fail(err, WEFT_EUSAGE, "unknown key '%.*s': %s takes only id",
                         shown_bytes(name), name, c->name);
    return weft_fail(err, WEFT_EUSAGE, "unknown key '%.*s': %s takes id, %s",
                     shown_bytes(name), name, c->name, join(tmp, c->keys, NULL));
}

static weft_code check_string(const cmd_key *k, const json_t *value, weft_error *err)
{
    if (!json_is_string(value))
        return weft_fail(err, WEFT_EUSAGE, "'%s' must be a string", k->name);
    int64_t n = (int64_t)json_string_length(value);
    if (n < k->min)
        return weft_fail(err, WEFT_EUSAGE, "'%s' must be at least %" PRId64 " bytes",
                         k->name, k->min);
    if (n > k->max)
        return weft_fail(err, WEFT_ELIMIT, "'%s' is over %" PRId64 " bytes", k->name,
                         k->max);
    return WEFT_OK;
}

static weft_code check_integer(const cmd_key *k, const json_t *value, weft_error *err)
{
    if (json_is_integer(value) && json_integer_value(value) >= k->min &&
        json_integer_value(value) <= k->max)
        return WEFT_OK;
    return weft_fail(err, WEFT_EUSAGE,
                     "'%s' must be an integer from %" PRId64 " to %" PRId64, k->name,
                     k->min, k->max);
}

static weft_code check_word(const cmd_key *k, const json_t *value, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    for (size_t i = 0; json_is_string(value) && k->words[i] != NULL; i++)
        if (strcmp(k->words[i], json_string_value(value)) == 0)
            return WEFT_OK;
    return weft_fail(err, WEFT_EUSAGE, "'%s' must be one of %s", k->name,
                     join(tmp, NULL, k->words));
}

static weft_code check_value(const cmd_key *k, const json_t *value, weft_error *err)
{
    switch (k->type) {
    case CMD_KEY_STRING:
        return check_string(k, value, err);
    case CMD_KEY_INTEGER:
        return check_integer(k, value, err);
    case CMD_KEY_WORD:
        return check_word(k, value, err);
    }
    return weft_fail(err, WEFT_EINTERNAL, "key '%s' has no type", k->name);
}

/* Integers of the key=value form come as text; what is no integer stays, for check_integer
 * to refuse. */
static weft_code convert_integers(const command *c, weft_request *r, weft_error *err)
{
    for (const cmd_key *k = c->keys; r->is_line && k != NULL && k->name != NULL; k++) {
        const char *text = weft_request_text(r, k->name);
        int64_t number;
        if (k->type != CMD_KEY_INTEGER || text == NULL ||
            weft_parse_i64(weft_str_from(text), &number, NULL) != WEFT_OK)
            continue;
        if (json_object_set_new(r->keys, k->name, json_integer(number)) != 0)
            return weft_fail_nomem(err);
    }
    return WEFT_OK;
}

static weft_code place_text(const command *c, weft_request *r, weft_error *err)
{
    if (!r->has_text)
        return WEFT_OK;
    if (c->main_key == NULL)
        return weft_fail(err, WEFT_EUSAGE, "%s takes no text after ' -- '", c->name);
    if (json_object_get(r->keys, c->main_key) != NULL)
        return weft_fail(err, WEFT_EUSAGE,
                         "key '%s' is given twice: as a key and after ' -- '", c->main_key);
    json_t *text = json_stringn(r->text.p, r->text.n);
    return json_object_set_new(r->keys, c->main_key, text) == 0 ? WEFT_OK
                                                                : weft_fail_nomem(err);
}

weft_code command_check(const command *c, weft_request *request, weft_error *err)
{
    weft_code code = convert_integers(c, request, err);
    if (code == WEFT_OK)
        code = place_text(c, request, err);
    const char *name;
    json_t *value;
    json_object_foreach(request->keys, name, value)
    {
        const cmd_key *k = command_key(c, name);
        if (code == WEFT_OK)
            code = k == NULL ? fail_unknown_key(c, name, err) : check_value(k, value, err);
    }
    for (const cmd_key *k = c->keys; k != NULL && k->name != NULL; k++)
        if (code == WEFT_OK && k->is_required &&
            json_object_get(request->keys, k->name) == NULL)
            code = weft_fail(err, WEFT_EUSAGE, "key '%s' is missing", k->name);
    return code;
}

weft_code command_read(void *mem, weft_str line, weft_request **request,
                       const command **out, weft_error *err)
{
    weft_code code = weft_request_parse(mem, line, request, err);
    if (code != WEFT_OK)
        return code;
    const char *name = (*request)->cmd;
    const command *found = command_find(name);
    if (found == NULL)
        return weft_fail(err, WEFT_EUSAGE, "unknown command '%.*s'; hello lists them",
                         shown_bytes(name), name);
    code = command_check(found, *request, err);
    if (code == WEFT_OK)
        *out = found;
    return code;
}

static weft_str answer_page(cmd_context *c, const command *row, const weft_request *request)
{
    weft_error failure = {0};
    json_auto_t *reply = json_object();
    weft_code code =
        reply == NULL ? weft_fail_nomem(&failure) : row->run(c, request, reply, &failure);
    c->outcome.code = code;
    return web_answer(c, row, request, reply, code == WEFT_OK ? NULL : &failure);
}

weft_str command_answer(cmd_context *c, const command *row, const weft_request *request)
{
    weft_error failure = {0};
    weft_buf line;
    if (row->render != NULL)
        return answer_page(c, row, request);
    weft_buf_init(&line, c->mem, WEFT_REPLY_LINE_MAX);
    json_t *reply = weft_reply_new(request->id);
    weft_code code =
        reply == NULL ? weft_fail_nomem(&failure) : row->run(c, request, reply, &failure);
    if (code == WEFT_OK)
        code = weft_reply_render(reply, &line, &failure);
    json_decref(reply);
    c->outcome.code = code;
    if (code == WEFT_OK)
        return weft_buf_str(&line);
    weft_fail(&failure, code, "%s",
              weft_code_name(code)); /* for a failure that came without a text */
    return weft_reply_error(c->mem, request->id, &failure, 0);
}

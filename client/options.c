/* options.c - the command line of weft: THE TABLES of its options and commands, and the
 * request they make. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "weft/options.h"
#include "weft/str.h"
#include "banned.h"

enum {
    TIMEOUT_DEFAULT_S = 30,
    TIMEOUT_MAX_S = 3600,
    GROUP_HITS_MAX = 10,
    PERCENT_MAX = 100,
    DAYS_MAX = 36500
};

/* The first word of each is what the server does without the key. */
static const char *const type_words[] = {"all", "article", "comment", NULL};
static const char *const sort_words[] = {"score", "newest",  "oldest",
                                         "votes", "replies", NULL};
static const char *const context_words[] = {"full", "line", "none", NULL};
static const char *const totals_words[] = {"bounded", "exact", NULL};
static const char *const group_words[] = {"none", "thread", "author", NULL};
static const char *const colour_words[] = {"auto", "always", "never", NULL};

#define FIELD(name) .offset = offsetof(client_options, name)
#define FLAG(text, field, about)                                                           \
    {                                                                                      \
        .name = text, .kind = WEFT_OPTION_FLAG, FIELD(field), .help = about                \
    }
#define TEXT(text, short, value, field, about)                                             \
    {                                                                                      \
        .name = text, .letter = short, .kind = WEFT_OPTION_TEXT, .argument = value,        \
        FIELD(field), .help = about                                                        \
    }
#define WORD(text, field, list, about)                                                     \
    {                                                                                      \
        .name = text, .kind = WEFT_OPTION_WORD, .argument = "WORD", FIELD(field),          \
        .words = list, .help = about                                                       \
    }
#define NUMBER(text, field, least, most, about)                                            \
    {                                                                                      \
        .name = text, .kind = WEFT_OPTION_NUMBER, .argument = "N", FIELD(field),           \
        .min = least, .max = most, .help = about                                           \
    }

/* Two rows: where it is, and what it wants to see. */
#define SERVER                                                                             \
    TEXT("server", 's', "ADDRESS", place.address,                                          \
         "ask the server at unix:PATH, HOST:PORT or [IPV6]:PORT (or $WEFT_SERVER)"),       \
        TEXT("token-file", 0, "FILE", place.token_file,                                    \
             "show a server over TCP the first token of this file (or $WEFT_TOKEN)")
#define INDEX                                                                              \
    TEXT("index", 'i', "DIR", place.index,                                                 \
         "search this index without a server (or $WEFT_INDEX)")
#define JSON FLAG("json", json, "print the reply object as it came, on one line")
#define COLOUR WORD("color", colour, colour_words, "when to use colours")
#define TIMEOUT                                                                            \
    NUMBER("timeout", timeout_s, 1, TIMEOUT_MAX_S,                                         \
           "seconds to wait for a reply, 30 without it")
#define TYPE WORD("type", type, type_words, "what may be a hit")
#define TOTALS WORD("totals", totals, totals_words, "how hits are counted")
#define ZONE TEXT("tz", 0, "ZONE", tz, "time zone of the dates in the query")
#define LIMIT(about) NUMBER("limit", limit, 1, WEFT_HITS_MAX, about)
#define OFFSET(most, about) NUMBER("offset", offset, 0, most, about)

/* Every option of weft; those before the command are read by this table too (the server
 * refuses what does not fit). */
static const weft_option search_rows[] = {
    SERVER,
    INDEX,
    JSON,
    COLOUR,
    TIMEOUT,
    TYPE,
    TOTALS,
    ZONE,
    WORD("sort", sort, sort_words, "order of the hits"),
    WORD("group", group, group_words, "put the hits of a thread or an author together"),
    NUMBER("group-hits", group_hits, 1, GROUP_HITS_MAX, "hits to show of each group"),
    NUMBER("recency", recency, 0, PERCENT_MAX,
           "percent of its score that a hit written now gains"),
    NUMBER("recency-days", recency_days, 1, DAYS_MAX,
           "days in which that gain halves, 30 without it"),
    NUMBER("votes", votes, 0, PERCENT_MAX,
           "percent of its score that a hit with many votes gains"),
    WORD("context", context, context_words, "what stands around a hit"),
    LIMIT("hits (of a thread: comments) to show"),
    OFFSET(WEFT_WINDOW_MAX, "hits (of a thread: comments) to pass over"),
    TEXT("cursor", 0, "TEXT", cursor, "go on from the page that ended with it"),
    NUMBER("snippet", snippet, 1, WEFT_SNIPPET_MAX, "bytes of a snippet"),
    TEXT("facets", 0, "LIST", facets,
         "count the hits by author,section,site,tag,year,month,type,lang or some of them"),
    FLAG("explain", explain, "say how the query was read and what each score is made of"),
    {0}};
static const weft_option thread_rows[] = {SERVER,
                                          INDEX,
                                          JSON,
                                          COLOUR,
                                          TIMEOUT,
                                          LIMIT("comments to show, all without it"),
                                          OFFSET(WEFT_THREAD_MAX, "comments to pass over"),
                                          {0}};
static const weft_option count_rows[] = {SERVER, INDEX,  JSON, COLOUR, TIMEOUT,
                                         TYPE,   TOTALS, ZONE, {0}};
static const weft_option suggest_rows[] = {
    SERVER,
    INDEX,
    JSON,
    COLOUR,
    TIMEOUT,
    NUMBER("limit", limit, 1, WEFT_COMPLETE_MAX, "completions to show of each kind"),
    {0}};
static const weft_option similar_rows[] = {
    SERVER, INDEX,   JSON,
    COLOUR, TIMEOUT, NUMBER("limit", limit, 1, WEFT_SIMILAR_MAX, "conversations to show"),
    {0}};
static const weft_option plain_rows[] = {SERVER, INDEX, JSON, COLOUR, TIMEOUT, {0}};

/* How many operands a command takes. */
typedef enum operands { OPERANDS_NONE, OPERANDS_ONE, OPERANDS_WORDS } operands;

/* THE TABLE of commands. */
static const struct command {
    const char *name;
    const char *key; /* of the operands in the request */
    operands operands;
    weft_usage usage;
} commands[CLIENT_COMMAND_COUNT] = {
    [CLIENT_SEARCH] =
        {"search",
         "q",
         OPERANDS_WORDS,
         {"weft search", "[--] QUERY...",
          "Show the best hits of a query, each in its thread.",
          "A word that starts with '-' goes after '--'. Exit status: 0 hits, 1 none, 2 usage, 3 no answer.",
          search_rows, false}},
    [CLIENT_THREAD] = {"thread",
                       "ref",
                       OPERANDS_ONE,
                       {"weft thread", "REF",
                        "Show a whole thread; REF is article:ID or comment:ID.", NULL,
                        thread_rows, false}},
    [CLIENT_GET] = {"get",
                    "ref",
                    OPERANDS_ONE,
                    {"weft get", "REF", "Show one article or comment as it is stored.",
                     NULL, plain_rows, false}},
    [CLIENT_COUNT] =
        {"count",
         "q",
         OPERANDS_WORDS,
         {"weft count", "[--] QUERY...", "Count the hits of a query and their threads.",
          "A word that starts with '-' goes after '--'. Exit status: 0 hits, 1 none, 2 usage, 3 no answer.",
          count_rows, false}},
    [CLIENT_SUGGEST] =
        {"suggest",
         "prefix",
         OPERANDS_WORDS,
         {"weft suggest", "[--] PREFIX...",
          "Show words, authors and headlines that go on from what was typed.",
          "A word that starts with '-' goes after '--'. Exit status: 0 found, 1 none, 2 usage, 3 no answer.",
          suggest_rows, false}},
    [CLIENT_SIMILAR] = {"similar",
                        "ref",
                        OPERANDS_ONE,
                        {"weft similar", "REF",
                         "Show conversations about what an article or a comment is about.",
                         NULL, similar_rows, false}},
    [CLIENT_STATUS] = {"status",
                       NULL,
                       OPERANDS_NONE,
                       {"weft status", "", "Show what the index holds.", NULL, plain_rows,
                        false}},
    [CLIENT_HELLO] = {"hello",
                      NULL,
                      OPERANDS_NONE,
                      {"weft hello", "", "Show what the server is and takes.", NULL,
                       plain_rows, false}},
};

static const weft_usage program = {
    "weft",
    "COMMAND [OPTION...] [ARG...]",
    "Search news articles and the comments under them.",
    "commands (weft COMMAND --help says which options it takes):\n"
    "  search QUERY...   the best hits, each in its thread\n"
    "  thread REF        a whole thread\n"
    "  get REF           one article or comment\n"
    "  count QUERY...    how many hits in how many threads\n"
    "  suggest PREFIX... words, authors and headlines as they are typed\n"
    "  similar REF       conversations about what one is about\n"
    "  status            what the index holds\n"
    "  hello             what the server is and takes\n"
    "\n"
    "exit status: 0 hits, 1 none, 2 usage or bad request, 3 no server or index, or no answer",
    search_rows,
    true};

static weft_code find_command(const char *name, client_command *out, weft_error *err)
{
    for (int i = 0; i < CLIENT_COMMAND_COUNT; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            *out = (client_command)i;
            return WEFT_OK;
        }
    }
    return weft_fail(
        err, WEFT_EUSAGE,
        "no command '%s'; weft --help lists them; to look for it: weft search %s", name,
        name);
}

static weft_code join_words(void *mem, char **words, char **out, weft_error *err)
{
    char *joined = talloc_strdup(mem, words[0]);
    for (int i = 1; words[i] != NULL && joined != NULL; i++)
        joined = talloc_asprintf_append_buffer(joined, " %s", words[i]);
    if (joined == NULL)
        return weft_fail_nomem(err);
    *out = joined;
    return WEFT_OK;
}

/* words is the rest of argv, NULL at its end. */
static weft_code read_operands(void *mem, const struct command *c, char **words, char **out,
                               weft_error *err)
{
    if (c->operands == OPERANDS_NONE && words[0] != NULL)
        return weft_fail(err, WEFT_EUSAGE, "%s takes no argument: '%s'", c->name, words[0]);
    if (c->operands == OPERANDS_NONE)
        return WEFT_OK;
    if (words[0] == NULL)
        return weft_fail(
            err, WEFT_EUSAGE, "%s needs %s", c->name,
            c->operands == OPERANDS_ONE ? "a reference: article:ID or comment:ID"
            : strcmp(c->key, "q") == 0  ? "a query"
                                        : "the beginning of a word, a name or a headline");
    if (c->operands == OPERANDS_ONE && words[1] != NULL)
        return weft_fail(err, WEFT_EUSAGE, "%s takes one reference: '%s'", c->name,
                         words[1]);
    return join_words(mem, words, out, err);
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

/* The command line goes before the environment, and there a server before an index. */
static weft_code choose_place(server_place *place, weft_error *err)
{
    if (place->address != NULL && place->index != NULL)
        return weft_fail(err, WEFT_EUSAGE, "-s and -i exclude each other");
    if (place->address != NULL || place->index != NULL)
        return WEFT_OK;
    place->address = variable("WEFT_SERVER");
    if (place->address == NULL)
        place->index = variable("WEFT_INDEX");
    if (place->address == NULL && place->index == NULL)
        return weft_fail(
            err, WEFT_EUSAGE,
            "no server or index named: give -s ADDRESS or -i DIR (or set WEFT_SERVER or WEFT_INDEX)");
    return WEFT_OK;
}

/* "-landing" reads as options: say how it becomes a word of the query. */
static weft_code fail_option(const struct command *c, const weft_error *why,
                             weft_error *err)
{
    bool unknown = weft_str_starts(weft_str_from(why->text), "unknown option");
    if (unknown && c->operands == OPERANDS_WORDS)
        return weft_fail(err, why->code,
                         "%s; a query word that starts with '-' goes after --", why->text);
    return weft_fail(err, why->code, "%s", why->text);
}

weft_code client_options_read(void *mem, int argc, char **argv, client_options *out,
                              weft_error *err)
{
    int first = 0;
    weft_error why = {0};
    *out = (client_options){0};
    weft_code code =
        weft_options_parse(mem, &program, argc, argv, out, &first, &out->shown, err);
    if (code != WEFT_OK || out->shown)
        return code;
    if (first >= argc)
        return weft_fail(err, WEFT_EUSAGE, "no command; weft --help lists them");
    code = find_command(argv[first], &out->command, err);
    if (code != WEFT_OK)
        return code;
    const struct command *c = &commands[out->command];
    argc -= first;
    argv += first;
    if (weft_options_parse(mem, &c->usage, argc, argv, out, &first, &out->shown, &why) !=
        WEFT_OK)
        return fail_option(c, &why, err);
    if (out->shown)
        return WEFT_OK;
    if (out->timeout_s == 0)
        out->timeout_s = TIMEOUT_DEFAULT_S;
    code = read_operands(mem, c, argv + first, &out->text, err);
    return code != WEFT_OK ? code : choose_place(&out->place, err);
}

/* false when out of memory. */
static bool set_word(json_t *request, const char *key, const char *const *words, int chosen)
{
    return chosen == 0 ||
           json_object_set_new(request, key, json_string(words[chosen])) == 0;
}

static bool set_number(json_t *request, const char *key, int64_t value)
{
    return value == 0 || json_object_set_new(request, key, json_integer(value)) == 0;
}

/* The bytes a user typed are JSON only when they are UTF-8. */
static weft_code set_text(json_t *request, const char *key, const char *text,
                          weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str clean;
    size_t repaired;
    if (text == NULL || json_object_set_new(request, key, json_string(text)) == 0)
        return WEFT_OK;
    weft_code code = weft_utf8_repair(tmp, weft_str_from(text), &clean, &repaired, err);
    if (code != WEFT_OK || repaired == 0)
        return weft_fail_nomem(err);
    bool is_option =
        strcmp(key, "q") != 0 && strcmp(key, "ref") != 0 && strcmp(key, "prefix") != 0;
    return weft_fail(err, WEFT_EUSAGE, "%s%s is not valid UTF-8", is_option ? "--" : "",
                     is_option ? key : "the argument");
}

static weft_code fill_request(json_t *request, const client_options *o, weft_error *err)
{
    weft_code code = set_text(request, commands[o->command].key, o->text, err);
    if (code == WEFT_OK)
        code = set_text(request, "tz", o->tz, err);
    if (code == WEFT_OK)
        code = set_text(request, "facets", o->facets, err);
    if (code == WEFT_OK)
        code = set_text(request, "cursor", o->cursor, err);
    if (code != WEFT_OK)
        return code;
    if (!set_word(request, "type", type_words, o->type) ||
        !set_word(request, "sort", sort_words, o->sort) ||
        !set_word(request, "group", group_words, o->group) ||
        !set_number(request, "group_hits", o->group_hits) ||
        !set_number(request, "recency", o->recency) ||
        !set_number(request, "recency_days", o->recency_days) ||
        !set_number(request, "votes", o->votes) ||
        !set_word(request, "context", context_words, o->context) ||
        !set_word(request, "totals", totals_words, o->totals) ||
        !set_number(request, "limit", o->limit) ||
        !set_number(request, "offset", o->offset) ||
        !set_number(request, "snippet", o->snippet))
        return weft_fail_nomem(err);
    if (o->explain && json_object_set_new(request, "explain", json_integer(1)) != 0)
        return weft_fail_nomem(err);
    return WEFT_OK;
}

weft_code client_request(const client_options *o, json_t **out, weft_error *err)
{
    json_t *request = json_pack("{s:s}", "cmd", commands[o->command].name);
    if (request == NULL)
        return weft_fail_nomem(err);
    weft_code code = fill_request(request, o, err);
    if (code == WEFT_OK)
        *out = request;
    else
        json_decref(request);
    return code;
}

/* options.c - command lines by a table; getopt_long underneath. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "weft/mem.h"
#include "weft/str.h"
#include "weft/version.h"
#include "banned.h"

/* getopt's value of row i is ROW_FIRST + i; the two every program has come before. */
enum { HELP = 256, VERSION, ROW_FIRST };
enum { HELP_COLUMN = 30 };

typedef struct parser {
    void *mem;
    const weft_usage *usage;
    void *into;
    size_t rows;
    char *letters;        /* getopt's short options */
    struct option *longs; /* getopt's long options: the rows, help, version, end */
} parser;

static size_t count_rows(const weft_option *options)
{
    size_t n = 0;
    while (options[n].name != NULL)
        n++;
    return n;
}

static weft_code set_number(const weft_option *o, void *field, const char *from,
                            const char *value, weft_error *err)
{
    int64_t number;
    if (weft_parse_i64(weft_str_from(value), &number, NULL) != WEFT_OK || number < o->min ||
        number > o->max)
        return weft_fail(err, WEFT_EUSAGE, "%s: '%s' is not a number from %lld to %lld",
                         from, value, (long long)o->min, (long long)o->max);
    *(int64_t *)field = number;
    return WEFT_OK;
}

static weft_code set_word(const weft_option *o, void *field, const char *from,
                          const char *value, weft_error *err)
{
    char list[200] = "";
    size_t n = 0;
    for (int i = 0; o->words[i] != NULL; i++) {
        if (strcmp(o->words[i], value) == 0) {
            *(int *)field = i;
            return WEFT_OK;
        }
        if (n < sizeof list)
            n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", i == 0 ? "" : ", ",
                                  o->words[i]);
    }
    return weft_fail(err, WEFT_EUSAGE, "%s: '%s' is not one of %s", from, value, list);
}

static weft_code add_value(void *mem, weft_option_list *list, const char *value,
                           weft_error *err)
{
    const char **grown = weft_grow_array(mem, list->values, const char *, list->n + 1);
    if (grown == NULL)
        return weft_fail_nomem(err);
    grown[list->n++] = value;
    list->values = grown;
    return WEFT_OK;
}

/* Store a value; from says where it was given ("--listen", "WEFT_INDEX"), for the message.
 */
static weft_code set_value(const parser *p, const weft_option *o, const char *from,
                           const char *value, weft_error *err)
{
    void *field = (char *)p->into + o->offset;
    switch (o->kind) {
    case WEFT_OPTION_FLAG:
        *(bool *)field = true;
        return WEFT_OK;
    case WEFT_OPTION_TEXT:
        *(const char **)field = value;
        return WEFT_OK;
    case WEFT_OPTION_NUMBER:
        return set_number(o, field, from, value, err);
    case WEFT_OPTION_WORD:
        return set_word(o, field, from, value, err);
    case WEFT_OPTION_LIST:
        return add_value(p->mem, field, value, err);
    }
    return weft_fail(err, WEFT_EINTERNAL, "option '--%s' has no kind", o->name);
}

static weft_code set_defaults(const parser *p, weft_error *err)
{
    for (size_t i = 0; i < p->rows; i++) {
        const weft_option *o = &p->usage->options[i];
        const char *value = o->environment == NULL ? NULL : getenv(o->environment);
        bool is_set = value != NULL && value[0] != '\0';
        if (!is_set && o->fallback == NULL)
            continue;
        weft_code code = set_value(p, o, is_set ? o->environment : o->name,
                                   is_set ? value : o->fallback, err);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

static void add_long(struct option *longs, const char *name, bool has_argument, int value)
{
    *longs =
        (struct option){name, has_argument ? required_argument : no_argument, NULL, value};
}

/* getopt's two tables out of ours. */
static weft_code make_tables(parser *p, weft_error *err)
{
    enum { START = 3 }; /* "+:h" */
    p->letters = talloc_zero_array(p->mem, char, (unsigned)(START + 2 * p->rows + 1));
    p->longs = weft_new_array(p->mem, struct option, p->rows + 3);
    if (p->letters == NULL || p->longs == NULL)
        return weft_fail_nomem(err);
    size_t n = 0;
    if (p->usage->stop_at_operand)
        p->letters[n++] = '+';
    p->letters[n++] = ':';
    p->letters[n++] = 'h';
    for (size_t i = 0; i < p->rows; i++) {
        const weft_option *o = &p->usage->options[i];
        add_long(&p->longs[i], o->name, o->argument != NULL, ROW_FIRST + (int)i);
        if (o->letter != 0)
            p->letters[n++] = o->letter;
        if (o->letter != 0 && o->argument != NULL)
            p->letters[n++] = ':';
    }
    add_long(&p->longs[p->rows], "help", false, HELP);
    add_long(&p->longs[p->rows + 1], "version", false, VERSION);
    return WEFT_OK;
}

static const weft_option *row_of(const parser *p, int value)
{
    if (value >= ROW_FIRST)
        return &p->usage->options[value - ROW_FIRST];
    for (size_t i = 0; i < p->rows; i++)
        if (p->usage->options[i].letter == value)
            return &p->usage->options[i];
    return NULL;
}

/* What getopt refused: '?' (no such option, or an argument to a flag), ':' (its argument is
 * missing). */
static weft_code fail_option(const parser *p, int status, char **argv, weft_error *err)
{
    char name[80];
    const weft_option *known = optopt == 0 ? NULL : row_of(p, optopt);
    if (known != NULL && optopt >= ROW_FIRST)
        snprintf(name, sizeof name, "--%s", known->name);
    else if (optopt > 0 && optopt < HELP)
        snprintf(name, sizeof name, "-%c", optopt);
    else
        snprintf(name, sizeof name, "%s", argv[optind - 1]);
    if (status == ':')
        return weft_fail(err, WEFT_EUSAGE, "option '%s' needs an argument%s%s", name,
                         known == NULL ? "" : ": ", known == NULL ? "" : known->argument);
    if (optopt >= HELP)
        return weft_fail(err, WEFT_EUSAGE, "option '%s' takes no argument",
                         argv[optind - 1]);
    return weft_fail(err, WEFT_EUSAGE, "unknown option '%s'; --help lists them", name);
}

static weft_code read_argv(const parser *p, int argc, char **argv, bool *shown,
                           weft_error *err)
{
    optind = 0; /* glibc: start anew, also for a second table in one process */
    opterr = 0;
    for (int value; (value = getopt_long(argc, argv, p->letters, p->longs, NULL)) != -1;) {
        if (value == '?' || value == ':')
            return fail_option(p, value, argv, err);
        const weft_option *o = row_of(p, value);
        if (value == VERSION)
            printf("%s %s\n", p->usage->program, WEFT_VERSION);
        else if (o == NULL)
            weft_options_help(p->usage);
        if (o == NULL) {
            *shown = true;
            return WEFT_OK;
        }
        char from[80];
        snprintf(from, sizeof from, "--%s", o->name);
        weft_code code = set_value(p, o, from, optarg, err);
        if (code != WEFT_OK)
            return code;
    }
    return WEFT_OK;
}

weft_code weft_options_parse(void *mem, const weft_usage *usage, int argc, char **argv,
                             void *into, int *first, bool *shown, weft_error *err)
{
    *shown = false;
    weft_scope void *tmp = talloc_new(NULL);
    parser p = {
        .mem = tmp, .usage = usage, .into = into, .rows = count_rows(usage->options)};
    weft_code code = make_tables(&p, err);
    p.mem = mem; /* lists outlive this call */
    if (code == WEFT_OK)
        code = set_defaults(&p, err);
    if (code == WEFT_OK)
        code = read_argv(&p, argc, argv, shown, err);
    if (code == WEFT_OK)
        *first = optind;
    return code;
}

static void print_row(char letter, const char *name, const char *argument)
{
    char left[80];
    int n = letter != 0 ? snprintf(left, sizeof left, "  -%c, --%s", letter, name)
                        : snprintf(left, sizeof left, "      --%s", name);
    if (argument != NULL)
        n += snprintf(left + n, sizeof left - (size_t)n, " %s", argument);
    printf("%-*s", HELP_COLUMN, left);
    if (n >= HELP_COLUMN)
        printf("\n%*s", HELP_COLUMN, "");
}

static void print_option(const weft_option *o)
{
    print_row(o->letter, o->name, o->argument);
    printf("%s", o->help);
    if (o->kind == WEFT_OPTION_NUMBER)
        printf(" (%lld to %lld)", (long long)o->min, (long long)o->max);
    for (size_t i = 0; o->kind == WEFT_OPTION_WORD && o->words[i] != NULL; i++)
        printf("%s%s", i == 0 ? ": " : ", ", o->words[i]);
    if (o->fallback != NULL)
        printf(" [%s]", o->fallback);
    if (o->environment != NULL)
        printf(" (or $%s)", o->environment);
    printf("\n");
}

void weft_options_help(const weft_usage *usage)
{
    printf("usage: %s [OPTION...]%s%s\n%s\n\n", usage->program,
           usage->operands[0] == '\0' ? "" : " ", usage->operands, usage->about);
    for (const weft_option *o = usage->options; o->name != NULL; o++)
        print_option(o);
    print_row('h', "help", NULL);
    printf("print this and exit\n");
    print_row(0, "version", NULL);
    printf("print the version and exit\n");
    if (usage->more != NULL)
        printf("\n%s\n", usage->more);
}

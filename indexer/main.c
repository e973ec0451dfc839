/* main.c - weft-indexer: the only writer of an index. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "weft/index.h"
#include "weft/mem.h"
#include "weft/options.h"
#include "weft/str.h"
#include "subcommands.h"
#include "banned.h"

enum {
    HELP_MAX = 4096,
    KEPT_BYTES = 16 * 1024 * 1024, /* of freed memory */
    MAPPED_FROM = 4 * 1024 * 1024  /* bytes of an allocation that is given back at once */
};

/* The list of commands, for --help. */
static const char *list_commands(void *mem)
{
    weft_buf b;
    weft_buf_init(&b, mem, HELP_MAX);
    weft_buf_add_text(&b, "commands:\n");
    for (int i = 0; subcommand_at(i) != NULL; i++)
        weft_buf_addf(&b, "  %-10s %s\n", subcommand_at(i)->name, subcommand_at(i)->help);
    weft_buf_add_text(&b,
                      "\n'weft-indexer COMMAND --help' lists the options of a command.");
    return b.p;
}

static weft_code run(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    static const weft_option options[] = {{0}};
    struct {
        int unused;
    } none = {0};
    int first;
    bool shown = false;
    const weft_usage usage = {.program = "weft-indexer",
                              .operands = "COMMAND ARGUMENT...",
                              .about = "Index news articles and the comments under them.",
                              .more = list_commands(tmp),
                              .options = options,
                              .stop_at_operand = true};
    weft_error why = {0};
    weft_code code =
        weft_options_parse(tmp, &usage, argc, argv, &none, &first, &shown, &why);
    if (code == WEFT_EUSAGE)
        return weft_fail(err, code, "%s; options go after the command", why.text);
    if (code != WEFT_OK || shown)
        return code == WEFT_OK ? code : weft_fail(err, code, "%s", why.text);
    if (first >= argc)
        return weft_fail(err, WEFT_EUSAGE,
                         "a command is missing: see 'weft-indexer --help'");
    const subcommand *c = subcommand_find(argv[first]);
    if (c == NULL)
        return weft_fail(err, WEFT_EUSAGE, "no command '%s': see 'weft-indexer --help'",
                         argv[first]);
    return c->run(argc - first, argv + first, status, err);
}

static void give_up(const char *reason)
{
    fprintf(stderr, "weft-indexer: %s: the index stands as it was\n", reason);
    _exit(EXIT_DAMAGED);
}

int main(int argc, char **argv)
{
    weft_error err = {0};
    int status = EXIT_ALL;
    /* What one thread frees the next one takes, instead of asking the system again. */
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
    signal(SIGXFSZ, SIG_IGN); /* a file at its size limit is an error like a full disk */
    weft_index_on_abort(give_up);
    weft_code code = run(argc, argv, &status, &err);
    if (code == WEFT_OK)
        return status;
    fprintf(stderr, "weft-indexer: %s\n", err.text);
    return subcommand_exit(code);
}

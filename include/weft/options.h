/* weft/options.h - the one reader of command lines: a table of options per program or
 * command.
 *
 * A row says everything about an option once; parsing, defaults, the environment and --help
 * come from it. -h, --help and
 * --version need no rows, and "--" ends the options.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_OPTIONS_H
#define WEFT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weft/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the field of a row holds. */
typedef enum weft_option_kind {
    WEFT_OPTION_FLAG,   /* bool, true when given; takes no argument */
    WEFT_OPTION_TEXT,   /* const char *, borrowed from argv, the environment or the table;
                           NULL when not given */
    WEFT_OPTION_NUMBER, /* int64_t in [min, max] */
    WEFT_OPTION_WORD,   /* int: index of the word in words */
    WEFT_OPTION_LIST    /* weft_option_list: every value given, in order */
} weft_option_kind;

typedef struct weft_option_list {
    const char **values; /* in mem; each borrowed from argv */
    size_t n;
} weft_option_list;

/** One row. A table ends with a row whose name is NULL. */
typedef struct weft_option {
    const char *name; /* without the dashes */
    char letter;      /* short form, or 0 */
    weft_option_kind kind;
    const char *argument; /* its name in --help, such as "DIR"; NULL for a flag */
    const char *fallback; /* default, read as if it had been typed; NULL for none */
    const char *
        environment; /* variable that is read when the option is not given; NULL for none */
    size_t offset;   /* of the field in the program's struct of options */
    int64_t min, max;         /* of a number */
    const char *const *words; /* of a word; ends with NULL */
    const char *help; /* one line: lower case, no full stop; range and default are added */
} weft_option;

/** A program, or one command of a program. */
typedef struct weft_usage {
    const char *program;  /* "weft-searchd", "weft-indexer build": starts the usage line */
    const char *operands; /* what follows the options in the usage line; "" for none */
    const char *about;    /* one or two lines under the usage line */
    const char *more; /* lines after the options (commands, exit status); NULL for none */
    const weft_option *options;
    bool stop_at_operand; /* the first operand ends the options: for a program with commands
                           */
} weft_usage;

/**
 * Read a command line into *into, a zeroed struct the offsets refer to: defaults, then the
 * environment, then argv.
 *
 * -h, --help and --version print to stdout and set *shown; the caller then exits with 0.
 *
 * Owner:   *first is the index in argv of the first operand (argv is permuted unless
 *          stop_at_operand).
 * Errors:  WEFT_EUSAGE naming the option, WEFT_ENOMEM.
 */
weft_code weft_options_parse(void *mem, const weft_usage *usage, int argc, char **argv,
                             void *into, int *first, bool *shown,
                             weft_error *err) weft_must_check;

/** Print what --help prints to stdout. */
void weft_options_help(const weft_usage *usage);

#ifdef __cplusplus
}
#endif
#endif

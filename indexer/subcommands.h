/* subcommands.h - the commands of weft-indexer: one file each, one row each in commands.c.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUBCOMMANDS_H
#define SUBCOMMANDS_H

#include "weft/error.h"

/** Exit statuses of weft-indexer (weft-indexer(1)). */
enum {
    EXIT_ALL = 0,
    EXIT_SOME_REFUSED = 1,
    EXIT_USAGE = 2, /* or no record could be read */
    EXIT_LOCKED = 3,
    EXIT_DAMAGED = 4,
    EXIT_GATE = 5
};

typedef struct subcommand {
    const char *name;
    const char *help;
    /* argv[0] is the command's name. *status is the exit status when there is no error. */
    weft_code (*run)(int argc, char **argv, int *status, weft_error *err);
} subcommand;

/** The command of a name; NULL when there is none. */
const subcommand *subcommand_find(const char *name);

/** Row i; NULL past the end. */
const subcommand *subcommand_at(int i);

/** Exit status for an error. */
int subcommand_exit(weft_code code);

weft_code subcommand_build(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_add(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_delete(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_convert(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_stats(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_rollback(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_purge(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_snapshot(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_verify(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_compact(int argc, char **argv, int *status, weft_error *err);
weft_code subcommand_export(int argc, char **argv, int *status, weft_error *err);

#endif

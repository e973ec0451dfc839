/* subcommands.c - the table of commands of weft-indexer. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "subcommands.h"

#include <string.h>

#include "banned.h"

static const subcommand subcommands[] = {
    {"build", "make a whole new generation from files and swap it in", subcommand_build},
    {"add", "add, change and delete records of a live index", subcommand_add},
    {"delete", "delete documents by reference", subcommand_delete},
    {"purge", "take an author out of an index", subcommand_purge},
    {"convert", "print the records of files as weft NDJSON", subcommand_convert},
    {"stats", "say what an index holds", subcommand_stats},
    {"rollback", "make an older generation live again", subcommand_rollback},
    {"verify", "compare an index with its source, or with its own records",
     subcommand_verify},
    {"compact", "write the index anew, without a trace of what was deleted",
     subcommand_compact},
    {"snapshot", "copy a live index, as of one commit", subcommand_snapshot},
    {"export", "print the public records of an index as weft NDJSON", subcommand_export},
};

enum { COMMAND_COUNT = sizeof subcommands / sizeof subcommands[0] };

const subcommand *subcommand_at(int i)
{
    return i >= 0 && i < COMMAND_COUNT ? &subcommands[i] : NULL;
}

const subcommand *subcommand_find(const char *name)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(subcommands[i].name, name) == 0)
            return &subcommands[i];
    return NULL;
}

int subcommand_exit(weft_code code)
{
    switch (code) {
    case WEFT_OK:
        return EXIT_ALL;
    case WEFT_EUSAGE:
    case WEFT_ENOTFOUND:
    case WEFT_ESYNTAX:
        return EXIT_USAGE;
    case WEFT_EBUSY:
        return EXIT_LOCKED;
    default:
        return EXIT_DAMAGED;
    }
}

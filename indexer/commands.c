/* commands.c - the table of commands of weft-indexer. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "commands.h"

#include <string.h>

#include "banned.h"

static const command commands[] = {
    {"build", "make a whole new generation from files and swap it in", command_build},
    {"add", "add, change and delete records of a live index", command_add},
    {"delete", "delete documents by reference", command_delete},
    {"convert", "print the records of files as weft NDJSON", command_convert},
    {"stats", "say what an index holds", command_stats},
    {"export", "print the public records of an index as weft NDJSON", command_export},
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

const command *command_at(int i)
{
    return i >= 0 && i < COMMAND_COUNT ? &commands[i] : NULL;
}

const command *command_find(const char *name)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

int command_exit(weft_code code)
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

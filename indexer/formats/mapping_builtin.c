/* mapping_builtin.c - the mappings of mappings/, as part of the program. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mapping.h"

#include "banned.h"

/* The bytes of a file between two symbols; the Makefile names the files as dependencies. */
#define BUILT_IN(symbol, file)                                                             \
    __asm__(".section .rodata\n"                                                           \
            "mapping_" #symbol "_start: .incbin \"mappings/" file "\"\n"                   \
            "mapping_" #symbol "_end: .byte 0\n"                                           \
            ".previous\n");                                                                \
    extern const char mapping_##symbol##_start[], mapping_##symbol##_end[]

BUILT_IN(reddit, "reddit.json");
BUILT_IN(pushshift, "pushshift.json");
BUILT_IN(hn, "hn.json");
BUILT_IN(hn_algolia, "hn-algolia.json");
BUILT_IN(hn_list, "hn-list.json");
BUILT_IN(discourse, "discourse.json");
BUILT_IN(remark42, "remark42.json");
BUILT_IN(commento, "commento.json");
BUILT_IN(comentario, "comentario.json");
BUILT_IN(isso, "isso.json");
BUILT_IN(socc, "socc.json");
BUILT_IN(coral_comments, "coral-comments.json");
BUILT_IN(coral_stories, "coral-stories.json");
BUILT_IN(csv, "csv.json");

#define ROW(symbol, name)                                                                  \
    {                                                                                      \
        name, mapping_##symbol##_start, mapping_##symbol##_end                             \
    }

static const mapping_builtin builtins[] = {ROW(reddit, "reddit"),
                                           ROW(pushshift, "pushshift"),
                                           ROW(hn, "hn"),
                                           ROW(hn_algolia, "hn-algolia"),
                                           ROW(hn_list, "hn-list"),
                                           ROW(discourse, "discourse"),
                                           ROW(remark42, "remark42"),
                                           ROW(commento, "commento"),
                                           ROW(isso, "isso"),
                                           ROW(socc, "socc"),
                                           ROW(coral_comments, "coral-comments"),
                                           ROW(coral_stories, "coral-stories"),
                                           ROW(csv, "csv"),
                                           ROW(comentario, "comentario")};

enum { BUILTIN_COUNT = sizeof builtins / sizeof builtins[0] };

const mapping_builtin *mapping_builtin_at(size_t i)
{
    return i < BUILTIN_COUNT ? &builtins[i] : NULL;
}

/* stats.c - `weft-indexer stats`: what an index holds. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "weft/indexdir.h"
#include "weft/mem.h"
#include "weft/options.h"
#include "subcommands.h"
#include "live.h"
#include "banned.h"

typedef struct stats_options {
    const char *index;
    bool json;
} stats_options;

static const weft_option stats_rows[] = {
    LIVE_INDEX_ROW(offsetof(stats_options, index), "directory of the index"),
    {.name = "json",
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(stats_options, json),
     .help = "print one JSON object"},
    {0}};

static const weft_usage stats_usage = {.program = "weft-indexer stats",
                                       .operands = "",
                                       .about = "Say what an index holds.",
                                       .options = stats_rows};

/* A figure and the is: term that counts it. */
static const struct {
    const char *name, *is;
} figures[] = {{"articles", "article"}, {"comments", "comment"}, {"threads", "thread"},
               {"orphans", "orphan"},   {"stubs", "stub"},       {"places", "place"}};

enum { FIGURE_COUNT = sizeof figures / sizeof figures[0], SHOWN = FIGURE_COUNT + 3 };

typedef struct figure {
    const char *name;
    uint64_t value;
} figure;

static weft_code collect(const char *dir, const live *l, figure out[SHOWN], weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_code code = WEFT_OK;
    for (size_t i = 0; i < FIGURE_COUNT && code == WEFT_OK; i++) {
        weft_str term;
        uint32_t n = 0;
        code =
            weft_term_make(tmp, WEFT_PREFIX_IS, weft_str_from(figures[i].is), &term, err);
        if (code == WEFT_OK)
            code = weft_reader_frequency(l->reader, term, &n, err);
        out[i] = (figure){figures[i].name, n};
    }
    out[FIGURE_COUNT] = (figure){"revision", l->revision};
    out[FIGURE_COUNT + 1] = (figure){"generation", l->generation};
    out[FIGURE_COUNT + 2] = (figure){"bytes", weft_indexdir_bytes(dir, l->generation)};
    return code;
}

static void print_json(const figure values[SHOWN])
{
    json_t *object = json_object();
    for (size_t i = 0; i < SHOWN; i++)
        json_object_set_new(object, values[i].name,
                            json_integer((json_int_t)values[i].value));
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

weft_code subcommand_stats(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *mem = talloc_new(NULL);
    stats_options options = {0};
    figure values[SHOWN];
    live *l;
    int first;
    bool shown = false;
    weft_code code =
        weft_options_parse(mem, &stats_usage, argc, argv, &options, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    if (first < argc)
        return weft_fail(err, WEFT_EUSAGE, "stats: unexpected argument '%s'", argv[first]);
    *status = EXIT_ALL;
    code = live_check_dir(options.index, err);
    if (code == WEFT_OK)
        code = live_open(mem, options.index, &l, err);
    if (code == WEFT_OK)
        code = collect(options.index, l, values, err);
    if (code != WEFT_OK)
        return code;
    if (options.json)
        print_json(values);
    for (size_t i = 0; i < SHOWN && !options.json; i++)
        printf("%-10s %" PRIu64 "\n", values[i].name, values[i].value);
    if (values[0].value + values[1].value == 0)
        fprintf(
            stderr,
            "weft-indexer: the index is empty: fill it with 'weft-indexer add -i %s FILE'\n",
            options.index);
    if (fflush(stdout) != 0)
        return weft_fail(err, WEFT_EIO, "standard output: %s", strerror(errno));
    return WEFT_OK;
}

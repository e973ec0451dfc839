/* stats.c - what the event loop counts. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats.h"

#include <event2/buffer.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "clock.h"
#include "banned.h"

const double stats_buckets[STATS_BUCKETS] = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                             0.1,   0.25,   0.5,   1,    2.5,   5};

void stats_init(stats *s)
{
    *s = (stats){.started_s = time(NULL)};
    s->commands[s->command_count++].name = "none";
    for (size_t i = 0; command_at(i) != NULL && i + 1 < STATS_COMMANDS_MAX; i++)
        s->commands[s->command_count++].name = command_at(i)->name;
}

stats_way stats_way_of(int family, bool is_http)
{
    if (family == AF_INET || family == AF_INET6)
        return is_http ? STATS_HTTP_TCP : STATS_LINES_TCP;
    return is_http ? STATS_HTTP_UNIX : STATS_LINES_UNIX;
}

static void observe(stats_histogram *h, int64_t us)
{
    double took_s = us < 0 ? 0 : (double)us / 1e6;
    size_t i = 0;
    while (i < STATS_BUCKETS && took_s > stats_buckets[i])
        i++;
    h->counts[i]++;
    h->sum_s += took_s;
}

/* The row of a command; one that is in no table of requests, as a page, gets one when it comes
 * first. */
static stats_command *row_of(stats *s, const command *c)
{
    const char *name = c == NULL ? s->commands[0].name : c->name;
    for (size_t i = 0; i < s->command_count; i++)
        if (strcmp(s->commands[i].name, name) == 0)
            return &s->commands[i];
    if (s->command_count == STATS_COMMANDS_MAX)
        return &s->commands[0];
    s->commands[s->command_count].name = name;
    return &s->commands[s->command_count++];
}

void stats_done(stats *s, const job *j)
{
    stats_command *row = row_of(s, j->command);
    row->outcomes[j->note.code < WEFT_CODE_COUNT ? j->note.code : WEFT_EINTERNAL]++;
    observe(&row->took, clock_us() - j->began_us);
}

void stats_given(stats *s, const job *j)
{
    observe(&s->waited, j->given_us - j->began_us);
}

void stats_note(stats *s, const note *n)
{
    if (n->generation != 0 && n->revision >= s->index.revision)
        s->index = *n;
}

static void on_in(struct evbuffer *in, const struct evbuffer_cb_info *info, void *context)
{
    stats *s = context;
    (void)in;
    s->bytes_in += info->n_added;
}

static void on_out(struct evbuffer *out, const struct evbuffer_cb_info *info, void *context)
{
    stats *s = context;
    (void)out;
    s->bytes_out += info->n_deleted;
}

void stats_watch(stats *s, struct evbuffer *in, struct evbuffer *out)
{
    evbuffer_add_cb(in, on_in, s);
    evbuffer_add_cb(out, on_out, s);
}

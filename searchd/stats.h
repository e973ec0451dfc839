/* stats.h - what the event loop counts, and how it is told to a monitor. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_STATS_H
#define SEARCHD_STATS_H

#include "weft/error.h"
#include "weft/str.h"
#include "job.h"

struct evbuffer;
struct loop;

/** How a client came. */
typedef enum stats_way {
    STATS_LINES_UNIX,
    STATS_LINES_TCP,
    STATS_LINES_STDIO,
    STATS_HTTP_UNIX,
    STATS_HTTP_TCP,
    STATS_WAYS
} stats_way;

enum { STATS_COMMANDS_MAX = 32, STATS_BUCKETS = 12, STATS_TEXT_MAX = 256 * 1024 };

/** Upper ends of the buckets of all histograms, in seconds. */
extern const double stats_buckets[STATS_BUCKETS];

typedef struct stats_histogram {
    uint64_t counts[STATS_BUCKETS + 1]; /* not cumulative; the last is of all beyond */
    double sum_s;
} stats_histogram;

typedef struct stats_command {
    const char *name; /* "none" for what could not be read */
    uint64_t outcomes[WEFT_CODE_COUNT];
    stats_histogram took; /* from when it was read until it was answered */
} stats_command;

/** Counted since the start. Written by stats_* only. */
typedef struct stats {
    int64_t started_s;
    stats_command commands[STATS_COMMANDS_MAX];
    size_t command_count;
    stats_histogram waited; /* for a worker */
    uint64_t abandoned;     /* their client left while they ran */
    uint64_t opened[STATS_WAYS], closed[STATS_WAYS], refused;
    uint64_t bytes_in, bytes_out;
    note index; /* of the newest revision answered at */
} stats;

/** Counters at nothing, with a row for every command. */
void stats_init(stats *s);

/** The way of a client over a socket. */
stats_way stats_way_of(int family, bool is_http);

/** A job is done, but for one whose client has gone. */
void stats_done(stats *s, const job *j);

/** A worker has got a job. */
void stats_given(stats *s, const job *j);

/** What a worker's note says of the index. */
void stats_note(stats *s, const note *n);

/** Count the bytes that come in and go out. */
void stats_watch(stats *s, struct evbuffer *in, struct evbuffer *out);

/**
 * Write all of it as a monitor reads it.
 *
 * Limits:  STATS_TEXT_MAX bytes fit; give out that cap. What was appended is whole when
 *          weft_buf_check says so.
 * Source:  Prometheus, "Exposition formats", text format 0.0.4.
 */
void stats_render(const struct loop *l, weft_buf *out);

#endif

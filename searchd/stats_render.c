/* stats_render.c - the counters as text for a monitor. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats.h"

#include <inttypes.h>
#include <stdio.h>

#include "weft/indexdir.h"
#include "weft/version.h"
#include "cache.h"
#include "loop.h"
#include "memory.h"
#include "banned.h"

static void family(weft_buf *b, const char *name, const char *type, const char *help)
{
    weft_buf_addf(b, "# HELP weft_%s %s\n# TYPE weft_%s %s\n", name, help, name, type);
}

/* A family of one sample. */
static void one(weft_buf *b, const char *name, const char *type, uint64_t value,
                const char *help)
{
    family(b, name, type, help);
    weft_buf_addf(b, "weft_%s %" PRIu64 "\n", name, value);
}

/* label is `name="value"` or empty. */
static void histogram(weft_buf *b, const char *name, const char *label,
                      const stats_histogram *h)
{
    uint64_t n = 0;
    const char *comma = *label == '\0' ? "" : ",";
    for (size_t i = 0; i < STATS_BUCKETS; i++) {
        n += h->counts[i];
        weft_buf_addf(b, "weft_%s_bucket{%s%sle=\"%g\"} %" PRIu64 "\n", name, label, comma,
                      stats_buckets[i], n);
    }
    n += h->counts[STATS_BUCKETS];
    weft_buf_addf(b, "weft_%s_bucket{%s%sle=\"+Inf\"} %" PRIu64 "\n", name, label, comma,
                  n);
    const char *open = *label == '\0' ? "" : "{", *close = *label == '\0' ? "" : "}";
    weft_buf_addf(b, "weft_%s_sum%s%s%s %.6f\n", name, open, label, close, h->sum_s);
    weft_buf_addf(b, "weft_%s_count%s%s%s %" PRIu64 "\n", name, open, label, close, n);
}

/* A pair that never came is left out, but that of a command that went well. */
static void put_requests(const stats *s, weft_buf *b)
{
    family(b, "requests_total", "counter",
           "Requests answered, by command and what came of them.");
    for (size_t i = 0; i < s->command_count; i++)
        for (int code = 0; code < WEFT_CODE_COUNT; code++) {
            uint64_t n = s->commands[i].outcomes[code];
            if (n > 0 || (code == WEFT_OK && i > 0))
                weft_buf_addf(
                    b, "weft_requests_total{command=\"%s\",outcome=\"%s\"} %" PRIu64 "\n",
                    s->commands[i].name, weft_code_name((weft_code)code), n);
        }
    family(b, "request_seconds", "histogram",
           "Time from reading a request to its answer, the wait for a worker included.");
    for (size_t i = 0; i < s->command_count; i++) {
        char label[64];
        snprintf(label, sizeof label, "command=\"%s\"", s->commands[i].name);
        histogram(b, "request_seconds", label, &s->commands[i].took);
    }
    one(b, "requests_abandoned_total", "counter", s->abandoned,
        "Requests whose client left while a worker ran them.");
}

static void put_queue(const loop *l, weft_buf *b)
{
    family(b, "queue_wait_seconds", "histogram", "Time a request waited for a worker.");
    histogram(b, "queue_wait_seconds", "", &l->stats->waited);
    one(b, "queue_length", "gauge", l->queue.count, "Requests waiting for a worker now.");
    one(b, "queue_limit", "gauge", l->queue.cap,
        "Requests that may wait; further ones are answered busy.");
}

static void put_connections(const stats *s, weft_buf *b)
{
    static const char *const labels[STATS_WAYS] = {
        [STATS_LINES_UNIX] = "protocol=\"lines\",transport=\"unix\"",
        [STATS_LINES_TCP] = "protocol=\"lines\",transport=\"tcp\"",
        [STATS_LINES_STDIO] = "protocol=\"lines\",transport=\"stdio\"",
        [STATS_HTTP_UNIX] = "protocol=\"http\",transport=\"unix\"",
        [STATS_HTTP_TCP] = "protocol=\"http\",transport=\"tcp\"",
    };
    family(b, "connections", "gauge", "Connections open now.");
    for (size_t i = 0; i < STATS_WAYS; i++)
        weft_buf_addf(b, "weft_connections{%s} %" PRIu64 "\n", labels[i],
                      s->opened[i] - s->closed[i]);
    family(b, "connections_opened_total", "counter", "Connections accepted.");
    for (size_t i = 0; i < STATS_WAYS; i++)
        weft_buf_addf(b, "weft_connections_opened_total{%s} %" PRIu64 "\n", labels[i],
                      s->opened[i]);
    one(b, "connections_refused_total", "counter", s->refused,
        "Connections turned away, as there were too many or they may not ask.");
    one(b, "received_bytes_total", "counter", s->bytes_in, "Bytes that clients sent.");
    one(b, "sent_bytes_total", "counter", s->bytes_out, "Bytes sent to clients.");
}

static void put_workers(const workers *pool, weft_buf *b)
{
    static const char *const causes[WORKER_ENDS] = {[WORKER_DEADLINE] = "deadline",
                                                    [WORKER_CLIENT_GONE] = "client_gone",
                                                    [WORKER_CRASH] = "crash",
                                                    [WORKER_MEMORY] = "memory",
                                                    [WORKER_RELOAD] = "reload"};
    workers_figures f = {0};
    if (pool != NULL)
        workers_count(pool, &f);
    one(b, "requests_slow_total", "counter", f.slow,
        "Requests that took a worker longer than --slow-ms.");
    family(b, "workers", "gauge", "Worker processes by what they do now.");
    weft_buf_addf(b,
                  "weft_workers{state=\"busy\"} %zu\nweft_workers{state=\"idle\"} %zu\n"
                  "weft_workers{state=\"starting\"} %zu\n",
                  f.busy, f.idle, f.starting);
    family(b, "worker_ends_total", "counter", "Workers that ended and were replaced.");
    for (size_t i = 0; i < WORKER_ENDS; i++)
        weft_buf_addf(b, "weft_worker_ends_total{cause=\"%s\"} %" PRIu64 "\n", causes[i],
                      f.ends[i]);
    one(b, "workers_resident_bytes", "gauge", f.resident_kib * 1024,
        "Memory of all workers after their last replies, without what they share.");
}

static void put_cache(const loop *l, weft_buf *b)
{
    const cache_figures none = {0};
    const cache_figures *f = l->cache == NULL ? &none : cache_count(l->cache);
    one(b, "cache_hits_total", "counter", f->hits, "Requests answered from the cache.");
    one(b, "cache_misses_total", "counter", f->misses,
        "Requests that the cache had no answer to.");
    one(b, "cache_evicted_total", "counter", f->evicted,
        "Replies that made room for newer ones.");
    one(b, "cache_cleared_total", "counter", f->cleared,
        "Times the cache was emptied, as the index had changed.");
    one(b, "cache_replies", "gauge", f->replies, "Replies in the cache.");
    one(b, "cache_bytes", "gauge", f->bytes, "Memory the cache takes.");
    one(b, "cache_limit_bytes", "gauge", (uint64_t)l->o->cache_bytes,
        "Memory the cache may take.");
}

/* Nothing is known of an index until a worker has answered from it. */
static void put_index(const loop *l, weft_buf *b)
{
    const note *n = &l->stats->index;
    if (l->cache != NULL)
        one(b, "index_changes_total", "counter", cache_count(l->cache)->changes,
            "Changes of the index that were noticed.");
    if (n->generation == 0)
        return;
    one(b, "index_revision", "gauge", n->revision, "Revision of the index.");
    one(b, "index_generation", "gauge", n->generation, "Generation of the index.");
    family(b, "index_documents", "gauge", "Public documents of the index.");
    weft_buf_addf(b, "weft_index_documents{type=\"article\"} %" PRIu64 "\n", n->articles);
    weft_buf_addf(b, "weft_index_documents{type=\"comment\"} %" PRIu64 "\n", n->comments);
    one(b, "index_bytes", "gauge", weft_indexdir_bytes(l->o->index_dir, n->generation),
        "Size of the index on disk.");
}

void stats_render(const loop *l, weft_buf *b)
{
    const stats *s = l->stats;
    family(b, "build_info", "gauge", "The version, as a label.");
    weft_buf_addf(b, "weft_build_info{version=\"%s\"} 1\n", WEFT_VERSION);
    one(b, "start_time_seconds", "gauge", (uint64_t)s->started_s,
        "When the daemon started, in seconds since 1970.");
    one(b, "resident_memory_bytes", "gauge", memory_now().resident_kib * 1024,
        "Memory of the daemon without its workers.");
    put_requests(s, b);
    put_queue(l, b);
    put_connections(s, b);
    put_workers(l->workers, b);
    put_cache(l, b);
    put_index(l, b);
}

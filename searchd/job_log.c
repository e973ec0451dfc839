/* job_log.c - the line of the log about a request that a worker has had. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job_log.h"

#include "weft/log.h"
#include "weft/mem.h"
#include "clock.h"
#include "banned.h"

/* ` KEY="TEXT"`, or nothing for an empty text. */
static const char *add_text(void *mem, const char *key, weft_str text)
{
    weft_log_quoted quoted = {""};
    if (text.n == 0)
        return "";
    const char *pair = talloc_asprintf(mem, " %s=%s", key, weft_log_quote(&quoted, text));
    return pair == NULL ? "" : pair;
}

/* The words of the user, unless they are to be left out. */
static weft_str query_of(const job *j, const searchd_options *o)
{
    const char *key = j->command->main_key;
    if (key == NULL || o->no_log_queries)
        return weft_str_of(NULL, 0);
    return weft_str_from(weft_request_text(j->request, key));
}

bool job_is_slow(const job *j, const searchd_options *o)
{
    return clock_us() - j->given_us > o->slow_ms * 1000;
}

void job_log(const job *j, const searchd_options *o, weft_str plan)
{
    const note *n = &j->note;
    int64_t took_us = clock_us() - j->given_us, waited_us = j->given_us - j->began_us;
    bool is_slow = job_is_slow(j, o);
    weft_log_level level = is_slow ? WEFT_LOG_WARN : WEFT_LOG_DEBUG;
    if (!weft_log_is_on(level) || j->request == NULL)
        return;
    weft_scope void *tmp = talloc_new(NULL);
    weft_log(level, is_slow ? "slow" : "request",
             "req=%llu cmd=%s outcome=%s took_ms=%lld wait_ms=%lld cpu_ms=%llu "
             "disk_reads=%llu hits=%llu%s%s",
             (unsigned long long)j->number, j->command->name,
             n->code == WEFT_OK ? "ok" : weft_code_name((weft_code)n->code),
             (long long)took_us / 1000, (long long)waited_us / 1000,
             (unsigned long long)n->cpu_us / 1000, (unsigned long long)n->disk_reads,
             (unsigned long long)n->hits, add_text(tmp, "plan", plan),
             add_text(tmp, "query", query_of(j, o)));
}

void job_log_cached(const job *j)
{
    weft_log(WEFT_LOG_DEBUG, "request", "req=%llu cmd=%s cached=yes",
             (unsigned long long)j->number, j->command->name);
}

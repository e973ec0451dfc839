/* progress.c - how far a build is, and how long it will take.
 *
 * The time left is guessed from what is known of the phases: those that are over took what they
 * took, the one at work takes in proportion to what of it is done, and those to come take their
 * usual share of the time of these. So a slow disk or an odd archive corrects the usual shares.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "weft/mem.h"
#include "clock.h"
#include "banned.h"

enum { TELL_LINE_MS = 250, TELL_JSON_MS = 1000, LINE_MAX_BYTES = 160 };

/* Of a phase so much must be done before its pace says how long it takes. */
static const double FRACTION_MIN = 0.02;

/* Usual shares of the time of a build: microseconds a record, measured over 200,000 records. */
static const double shares_bulk[PROGRESS_PHASES] = {15, 82, 20, 40, 0.3};
static const double shares_xapian[PROGRESS_PHASES] = {15, 760, 8, 100, 0.3};

static const char *const names[PROGRESS_PHASES] = {"read", "write", "merge", "check",
                                                   "catch_up"};
static const char *const words[PROGRESS_PHASES] = {"reading", "writing", "finishing tables",
                                                   "checking", "catching up"};

struct progress {
    progress_style style;
    double shares[PROGRESS_PHASES];
    double took_s[PROGRESS_PHASES];
    uint64_t bytes[PROGRESS_PHASES]; /* that went through */
    bool guessable[PROGRESS_PHASES]; /* its time says something of the others' */
    progress_task task;
    uint64_t done, records;
    double started_s, phase_s, told_s; /* by the clock */
    bool running, line_is_there;
    bool is_relay;
    int to; /* of a relay */
};

weft_code progress_new(void *mem, progress_style style, progress **out, weft_error *err)
{
    progress *p = talloc_zero(mem, progress);
    if (p == NULL)
        return weft_fail_nomem(err);
    p->style = style != PROGRESS_AUTO       ? style
               : isatty(STDERR_FILENO) == 1 ? PROGRESS_LINE
                                            : PROGRESS_NONE;
    memcpy(p->shares, shares_bulk, sizeof p->shares);
    p->started_s = clock_s();
    *out = p;
    return WEFT_OK;
}

weft_code progress_relay(void *mem, int to, progress **out, weft_error *err)
{
    progress *p = talloc_zero(mem, progress);
    if (p == NULL)
        return weft_fail_nomem(err);
    p->is_relay = true;
    p->to = to;
    *out = p;
    return WEFT_OK;
}

void progress_set_writer(progress *p, bool xapian, int jobs)
{
    memcpy(p->shares, xapian ? shares_xapian : shares_bulk, sizeof p->shares);
    if (jobs > 1)
        p->shares[PROGRESS_WRITE] /= jobs;
}

/* How much of the phase is done; below 0 when nobody knows. */
static double fraction(const progress *p)
{
    return p->task.total == 0 ? -1 : (double)p->done / (double)p->task.total;
}

/* How much of what this run has of the phase is done. */
static double own_fraction(const progress *p)
{
    uint64_t own = p->task.total - p->task.done;
    return p->task.total <= p->task.done ? -1
                                         : (double)(p->done - p->task.done) / (double)own;
}

/* Seconds until the end; below 0 when nobody knows. */
static double left_s(const progress *p, double now)
{
    double known_s = 0, known_shares = 0, spent = now - p->phase_s, left = 0;
    progress_phase at = p->task.phase;
    double own = own_fraction(p);
    bool paced = own >= FRACTION_MIN;
    for (int i = 0; i < (int)at; i++) {
        known_s += p->guessable[i] ? p->took_s[i] : 0;
        known_shares += p->guessable[i] ? p->shares[i] : 0;
    }
    if (paced && p->task.done == 0) {
        known_s += spent / own;
        known_shares += p->shares[at];
    }
    if (at == PROGRESS_READ && p->task.total == 0)
        return -1;
    if (paced)
        left = spent / own - spent;
    else if (known_shares <= 0)
        return -1;
    else
        left = known_s / known_shares * p->shares[at] - spent;
    left = left < 0 ? 0 : left;
    for (int i = (int)at + 1; known_shares > 0 && i < PROGRESS_PHASES; i++)
        left += known_s / known_shares * p->shares[i];
    return left;
}

static uint64_t bytes_through(const progress *p)
{
    double part = fraction(p);
    if (p->task.phase == PROGRESS_READ && strcmp(p->task.unit, "bytes") == 0)
        return p->done - p->task.done;
    part = part < 0 ? 0 : part;
    return (uint64_t)(part * (double)p->task.bytes);
}

static double rate(double n, double s)
{
    return s > 0.001 ? n / s : 0;
}

static void tell_json(const progress *p, double now)
{
    char total[24] = "null", eta[24] = "null";
    double spent = now - p->phase_s, left = p->running ? left_s(p, now) : 0;
    if (p->task.total > 0)
        snprintf(total, sizeof total, "%" PRIu64, p->task.total);
    if (left >= 0)
        snprintf(eta, sizeof eta, "%.1f", left);
    fprintf(stderr,
            "{\"progress\":{\"phase\":\"%s\",\"done\":%" PRIu64
            ",\"total\":%s,\"unit\":\"%s\",\"records_per_s\":%.0f,\"mb_per_s\":%.1f,"
            "\"eta_s\":%s,\"elapsed_s\":%.1f}}\n",
            names[p->task.phase], p->done, total, p->task.unit,
            rate((double)p->records, spent), rate((double)bytes_through(p), spent) / 1e6,
            eta, now - p->started_s);
}

static void print_time(char *to, size_t n, double s)
{
    unsigned long t = (unsigned long)(s + 0.5);
    if (t >= 3600)
        snprintf(to, n, "%luh%02lum", t / 3600, t / 60 % 60);
    else if (t >= 60)
        snprintf(to, n, "%lum%02lus", t / 60, t % 60);
    else
        snprintf(to, n, "%lus", t);
}

/* The cursor stays at the beginning of the line, so that what is said meanwhile goes over it. */
static void tell_line(progress *p, double now)
{
    char text[LINE_MAX_BYTES], eta[32] = "";
    double spent = now - p->phase_s, left = left_s(p, now), part = fraction(p);
    size_t n = 0;
    n += (size_t)snprintf(text, sizeof text, "%s", words[p->task.phase]);
    if (part >= 0)
        n += (size_t)snprintf(text + n, sizeof text - n, " %.0f %%", part * 100);
    if (p->records > 0)
        n += (size_t)snprintf(text + n, sizeof text - n, ", %" PRIu64 " records, %.0f/s",
                              p->records, rate((double)p->records, spent));
    if (bytes_through(p) > 0)
        n += (size_t)snprintf(text + n, sizeof text - n, ", %.1f MB/s",
                              rate((double)bytes_through(p), spent) / 1e6);
    print_time(eta, sizeof eta, left);
    if (left >= 0)
        snprintf(text + n, sizeof text - n, ", %s left", eta);
    fprintf(stderr, "\033[K%.79s\r", text);
    p->line_is_there = true;
}

static void tell(progress *p, double now)
{
    p->told_s = now;
    if (p->style == PROGRESS_JSON)
        tell_json(p, now);
    else if (p->style == PROGRESS_LINE)
        tell_line(p, now);
}

static void clear_line(progress *p)
{
    if (p->line_is_there)
        fputs("\033[K", stderr);
    p->line_is_there = false;
}

/* Each phase is told once more when it is complete. */
static void complete(progress *p, double now)
{
    progress_phase at = p->task.phase;
    if (!p->running)
        return;
    p->done = p->task.total = p->task.total > p->done ? p->task.total : p->done;
    p->took_s[at] = now - p->phase_s;
    p->bytes[at] = bytes_through(p);
}

void progress_begin(progress *p, const progress_task *task)
{
    double now = clock_s();
    if (p->running) {
        complete(p, now);
        tell(p, now);
    }
    p->task = *task;
    p->done = task->done;
    p->records = 0;
    p->phase_s = now;
    p->running = true;
    /* A pipe is as fast as who writes to it. */
    p->guessable[task->phase] =
        task->done == 0 && (task->phase != PROGRESS_READ || task->total > 0);
    tell(p, now);
}

void progress_at(progress *p, uint64_t done, uint64_t records)
{
    if (p == NULL || !p->running)
        return;
    p->records = records;
    if (done > p->done)
        p->done = p->task.total > 0 && done > p->task.total ? p->task.total : done;
    if (p->style == PROGRESS_NONE)
        return;
    double now = clock_s();
    double every_s = (p->style == PROGRESS_JSON ? TELL_JSON_MS : TELL_LINE_MS) / 1e3;
    if (now - p->told_s >= every_s)
        tell(p, now);
}

void progress_add(progress *p, uint64_t records)
{
    if (p != NULL && p->is_relay)
        (void)!write(p->to, &records, sizeof records); /* told is better than not */
    else if (p != NULL)
        progress_at(p, p->done + records, p->records + records);
}

void progress_end(progress *p)
{
    double now = clock_s();
    if (!p->running)
        return;
    complete(p, now);
    p->running = false;
    if (p->style == PROGRESS_JSON)
        tell_json(p, now);
    clear_line(p);
}

void progress_stop(progress *p)
{
    p->running = false;
    clear_line(p);
}

double progress_elapsed(const progress *p)
{
    return clock_s() - p->started_s;
}

double progress_seconds(const progress *p, progress_phase phase)
{
    return p->took_s[phase];
}

uint64_t progress_bytes(const progress *p, progress_phase phase)
{
    return p->bytes[phase];
}

const char *progress_name(progress_phase phase)
{
    return names[phase];
}

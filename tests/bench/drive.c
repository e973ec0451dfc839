/* drive.c - many clients of weft-searchd at a time, over lines.
 *
 *     drive SOCKET CONNECTIONS DEPTH SECONDS FILE
 *
 * Each connection keeps DEPTH requests unanswered; requests are the lines of FILE, each connection begins at another one.
 * Prints one line: answers a second, p50, p99 and the longest time in ms, and how many were partial, busy, or another error.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "weft/mem.h"
#include "weft/str.h"

#include "banned.h"

enum {
    DEPTH_MAX = 64,
    CONNECTIONS_MAX = 4096,
    SAMPLES_MAX = 10000000,
    HEAD_BYTES = 160, /* of a reply, where ok and the code of an error stand */
    TAIL_BYTES = 64,
    READ_BYTES = 1 << 16
};

typedef struct client {
    int fd;
    size_t next; /* line of the file */
    size_t sent, answered;
    int64_t sent_us[DEPTH_MAX]; /* of request i at i % DEPTH_MAX */
    char *out;                  /* what the socket has not taken yet, in the line */
    size_t out_bytes;
    char head[HEAD_BYTES]; /* of the reply that is coming */
    size_t got;
    bool is_partial;
} client;

typedef struct drive {
    weft_str *lines;
    size_t line_count, depth;
    int poll;
    bool is_over; /* nothing more is sent */
    size_t waiting;
    double *samples;
    size_t sample_count, partial, busy, failed;
} drive;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "drive: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* The requests of a file, each with its LF. */
static void read_lines(drive *d, void *mem, const char *path)
{
    FILE *in = fopen(path, "r");
    char *line = NULL;
    size_t room = 0, cap = 1024;
    if (in == NULL)
        die(path);
    d->lines = weft_new_array(mem, weft_str, cap);
    for (ssize_t n; (n = getline(&line, &room, in)) > 0;) {
        if (d->line_count == cap) {
            cap *= 2;
            d->lines = talloc_realloc_size(mem, d->lines, cap * sizeof *d->lines);
        }
        char *copy = talloc_strndup(mem, line, (size_t)n);
        if (d->lines == NULL || copy == NULL)
            die(path);
        d->lines[d->line_count++] = weft_str_of(copy, (size_t)n);
    }
    free(line);
    fclose(in);
    if (d->line_count == 0)
        die("no requests");
}

static void write_on(client *c)
{
    ssize_t n = write(c->fd, c->out, c->out_bytes);
    if (n < 0 && errno != EAGAIN)
        die("write");
    if (n > 0) {
        c->out += n;
        c->out_bytes -= (size_t)n;
    }
}

/* One request after the other, as long as there is room. */
static void ask(drive *d, client *c)
{
    while (!d->is_over && c->out_bytes == 0 && c->sent - c->answered < d->depth) {
        weft_str line = d->lines[c->next];
        c->next = (c->next + 1) % d->line_count;
        c->out = (char *)(uintptr_t)line.p;
        c->out_bytes = line.n;
        c->sent_us[c->sent++ % DEPTH_MAX] = now_us();
        d->waiting++;
        write_on(c);
    }
}

static void take_reply(drive *d, client *c, int64_t at_us)
{
    weft_str head = weft_str_of(c->head, c->got < HEAD_BYTES ? c->got : HEAD_BYTES);
    int64_t took_us = at_us - c->sent_us[c->answered++ % DEPTH_MAX];
    d->waiting--;
    c->got = 0;
    if (memmem(head.p, head.n, "\"ok\":true", 9) == NULL) {
        if (memmem(head.p, head.n, "\"busy\"", 6) != NULL)
            d->busy++;
        else if (d->failed++ == 0)
            fprintf(stderr, "drive: %.*s\n", (int)head.n, head.p);
    } else if (d->sample_count < SAMPLES_MAX) {
        d->samples[d->sample_count++] = (double)took_us / 1000;
        d->partial += c->is_partial;
    }
    c->is_partial = false;
}

/* Bytes of replies; a word cut by the end of a read is not looked for in two parts, which loses a mark now and then. */
static void take_bytes(drive *d, client *c, weft_str bytes, int64_t at_us)
{
    while (bytes.n > 0) {
        const char *end = memchr(bytes.p, '\n', bytes.n);
        size_t n = end == NULL ? bytes.n : (size_t)(end - bytes.p);
        if (c->got < HEAD_BYTES) {
            size_t room = HEAD_BYTES - c->got;
            memcpy(c->head + c->got, bytes.p, n < room ? n : room);
        }
        c->got += n;
        if (memmem(bytes.p, n, "\"partial\":true", 14) != NULL)
            c->is_partial = true;
        if (end == NULL)
            return;
        take_reply(d, c, at_us);
        bytes = weft_str_of(end + 1, bytes.n - n - 1);
    }
}

static void on_ready(drive *d, client *c, uint32_t events)
{
    static char bytes[READ_BYTES];
    if ((events & EPOLLOUT) != 0 && c->out_bytes > 0)
        write_on(c);
    while ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
        ssize_t n = read(c->fd, bytes, sizeof bytes);
        if (n < 0 && errno == EAGAIN)
            break;
        if (n <= 0)
            die("a connection ended");
        take_bytes(d, c, weft_str_of(bytes, (size_t)n), now_us());
    }
    ask(d, c);
}

static void open_client(drive *d, client *c, const char *path, size_t first)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        die(path);
    }
    memcpy(address.sun_path, path, strlen(path));
    c->next = first;
    c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&address, sizeof address) != 0)
        die(path);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    if (epoll_ctl(d->poll, EPOLL_CTL_ADD, c->fd, &event) != 0)
        die("epoll_ctl");
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const drive *d, size_t percent)
{
    if (d->sample_count == 0)
        return 0;
    return d->samples[(d->sample_count - 1) * percent / 100];
}

/* Until the time is up and what was asked by then is answered. */
static double run(drive *d, client *clients, size_t n, double seconds)
{
    struct epoll_event ready[256];
    int64_t began_us = now_us(), end_us = began_us + (int64_t)(seconds * 1e6);
    for (size_t i = 0; i < n; i++)
        ask(d, &clients[i]);
    while (d->waiting > 0) {
        int got = epoll_wait(d->poll, ready, 256, 100);
        if (got < 0 && errno != EINTR)
            die("epoll_wait");
        d->is_over = now_us() >= end_us;
        for (int i = 0; i < got; i++)
            on_ready(d, ready[i].data.ptr, ready[i].events);
    }
    return (double)(now_us() - began_us) / 1e6;
}

static unsigned long number(const char *text, unsigned long max)
{
    unsigned long n = strtoul(text, NULL, 10);
    if (n < 1 || n > max) {
        fprintf(stderr, "drive: %s is not from 1 to %lu\n", text, max);
        exit(2);
    }
    return n;
}

int main(int argc, char **argv)
{
    weft_scope void *mem = talloc_new(NULL);
    drive d = {0};
    if (argc != 6) {
        fprintf(stderr, "usage: drive SOCKET CONNECTIONS DEPTH SECONDS FILE\n");
        return 2;
    }
    size_t n = number(argv[2], CONNECTIONS_MAX);
    d.depth = number(argv[3], DEPTH_MAX);
    read_lines(&d, mem, argv[5]);
    client *clients = weft_new_array(mem, client, n);
    d.samples = malloc(SAMPLES_MAX * sizeof *d.samples); /* pages are taken as they fill */
    d.poll = epoll_create1(EPOLL_CLOEXEC);
    if (clients == NULL || d.samples == NULL || d.poll < 0)
        die("start");
    for (size_t i = 0; i < n; i++)
        open_client(&d, &clients[i], argv[1], i * d.line_count / n);
    double seconds = run(&d, clients, n, strtod(argv[4], NULL));
    qsort(d.samples, d.sample_count, sizeof *d.samples, by_size);
    printf("%.1f\t%.3f\t%.3f\t%.3f\t%zu\t%zu\t%zu\n", (double)d.sample_count / seconds,
           percentile(&d, 50), percentile(&d, 99), percentile(&d, 100), d.partial, d.busy,
           d.failed);
    free(d.samples);
    return 0;
}

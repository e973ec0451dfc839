/* fail_malloc.c - preloaded into a program: its allocation number WEFT_FAIL_AT fails, once;
 * with WEFT_FAIL_ON set all after it fail too, as when memory is really gone.
 *
 * Each process counts its own from main on (what libraries set up before is theirs), a forked
 * child goes on from its parent's. The file
 * WEFT_FAIL_REPORT gets a line for what happened: "failed", with the name of a library's
 * function that is known not to bear it when it was on the way; and at the end of each
 * process "count N", so that a test knows how far to go.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "banned.h"

enum { FRAMES_MAX = 64, REPORT_FD_MIN = 500 };

/* glibc's own, by the names it gives to those who take over malloc. */
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t n, size_t bytes);
extern void *__libc_realloc(void *old, size_t bytes);

/* ICU 72 reads a null pointer or hangs when the default locale cannot be made; a destructor
 * of Xapian 1.4.22 throws in a commit, which ends the process; libevent 2.1 gives a
 * bufferevent out that is not told of its output, so that nothing is ever sent; libseccomp
 * 2.5.4 runs round in circles; libxml2 2.9.14 frees the buffer it could not make, and grows
 * one that is not there. */
static const char *const fragile[] = {"locale_get_default",     "18commit_transaction",
                                      "bufferevent_socket_new", "seccomp_load",
                                      "xmlBufCreate",           "xmlParserInputGrow"};

static unsigned long allocations, fail_at;
static int is_busy, goes_on, has_begun;
static int report_fd = -1; /* open before a sandbox forbids it */

typedef int main_function(int argc, char **argv, char **env);
static main_function *real_main;

static void open_report(void)
{
    const char *path = getenv("WEFT_FAIL_REPORT");
    int fd =
        path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    report_fd = fcntl(fd, F_DUPFD_CLOEXEC, REPORT_FD_MIN); /* out of everybody's way */
    close(fd);
}

/* A worker closes all it does not know, and may open nothing to write: it stays silent. */
static void report(const char *what, const char *detail)
{
    char line[128];
    int n = snprintf(line, sizeof line, "%s %s\n", what, detail);
    if (report_fd >= 0 && write(report_fd, line, (size_t)n) != n && errno != EBADF)
        abort();
}

static void begin(void)
{
    const char *at = getenv("WEFT_FAIL_AT");
    void *frames[2];
    is_busy = 1;
    backtrace(frames, 2); /* the first call loads a library */
    open_report();
    is_busy = 0;
    allocations = 0;
    fail_at = at == NULL ? 0 : strtoul(at, NULL, 10);
    goes_on = getenv("WEFT_FAIL_ON") != NULL;
    has_begun = 1;
}

static int begin_main(int argc, char **argv, char **env)
{
    begin();
    return real_main(argc, argv, env);
}

/* What the start of every program calls. */
int __libc_start_main(main_function *program, int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*ld_fini)(void), void *stack_end);

int __libc_start_main(main_function *program, int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*ld_fini)(void), void *stack_end)
{
    typedef int start_function(main_function *, int, char **, void (*)(void),
                               void (*)(void), void (*)(void), void *);
    void *found = dlsym(RTLD_NEXT, "__libc_start_main");
    start_function *start;
    memcpy(&start, &found, sizeof start);
    real_main = program;
    return start(begin_main, argc, argv, init, fini, ld_fini, stack_end);
}

__attribute__((destructor)) static void end(void)
{
    char count[24];
    snprintf(count, sizeof count, "%lu", allocations);
    report("count", count);
}

/* The name of a fragile function that the failing call came through. */
static const char *find_fragile(void)
{
    void *frames[FRAMES_MAX];
    int n = backtrace(frames, FRAMES_MAX);
    for (int i = 0; i < n; i++) {
        Dl_info info;
        if (dladdr(frames[i], &info) == 0 || info.dli_sname == NULL)
            continue;
        for (size_t k = 0; k < sizeof fragile / sizeof fragile[0]; k++)
            if (strstr(info.dli_sname, fragile[k]) != NULL)
                return fragile[k];
    }
    return "";
}

static int is_to_fail(void)
{
    if (!has_begun || is_busy || ++allocations < fail_at || fail_at == 0)
        return 0;
    if (allocations > fail_at && !goes_on)
        return 0;
    if (allocations == fail_at) {
        is_busy = 1;
        report("failed", find_fragile());
        is_busy = 0;
    }
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t bytes)
{
    return is_to_fail() ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t n, size_t bytes)
{
    return is_to_fail() ? NULL : __libc_calloc(n, bytes);
}

void *realloc(void *old, size_t bytes)
{
    return is_to_fail() ? NULL : __libc_realloc(old, bytes);
}

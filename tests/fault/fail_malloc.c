/* fail_malloc.c - preloaded into a program: its allocation number WEFT_FAIL_AT fails, once;
 * with WEFT_FAIL_ON set all after it fail too, as when memory is really gone.
 *
 * Each process counts its own, a forked child goes on from its parent's. The file
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

enum { FRAMES_MAX = 64 };

/* glibc's own, by the names it gives to those who take over malloc. */
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t n, size_t bytes);
extern void *__libc_realloc(void *old, size_t bytes);

/* ICU 72 reads a null pointer or hangs when the default locale cannot be made; a destructor
 * of Xapian 1.4.22 throws in a commit, which ends the process; libevent 2.1 gives a
 * bufferevent out that is not told of its output, so that nothing is ever sent. */
static const char *const fragile[] = {"locale_get_default", "18commit_transaction",
                                      "bufferevent_socket_new"};

static unsigned long allocations, fail_at;
static int is_busy, goes_on;

static void report(const char *what, const char *detail)
{
    const char *path = getenv("WEFT_FAIL_REPORT");
    char line[128];
    int fd =
        path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    int n = snprintf(line, sizeof line, "%s %s\n", what, detail);
    if (write(fd, line, (size_t)n) != n)
        abort();
    close(fd);
}

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("WEFT_FAIL_AT");
    void *frames[2];
    is_busy = 1;
    backtrace(frames, 2); /* the first call loads a library */
    is_busy = 0;
    allocations = 0;
    fail_at = at == NULL ? 0 : strtoul(at, NULL, 10);
    goes_on = getenv("WEFT_FAIL_ON") != NULL;
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
    if (is_busy || ++allocations < fail_at || fail_at == 0)
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

/* memory.c - how much memory this process has. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "banned.h"

/* The file has all pages, those resident, and of these the shared ones. Source: proc(5). */
memory_figures memory_now(void)
{
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return (memory_figures){0};
    text[n] = '\0';
    char *at = text;
    uint64_t page_kib = (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
    (void)strtoull(at, &at, 10);
    uint64_t resident = strtoull(at, &at, 10), shared = strtoull(at, &at, 10);
    uint64_t own = resident > shared ? resident - shared : 0;
    return (memory_figures){resident * page_kib, own * page_kib};
}

/* small_disk.c - preloaded into a program: every file system has WEFT_FREE_KIB KiB of room, so
 * it says. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <sys/statvfs.h>

#include "banned.h"

int statvfs(const char *restrict path, struct statvfs *restrict st)
{
    const char *free_kib = getenv("WEFT_FREE_KIB");
    (void)path;
    *st = (struct statvfs){.f_frsize = 1024};
    st->f_bavail = free_kib == NULL ? 0 : strtoul(free_kib, NULL, 10);
    return 0;
}

/* watch.c - to be woken when a file grows, or a name in its folder becomes another file. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "banned.h"

void watch_init(watch *w)
{
    *w = (watch){inotify_init1(IN_CLOEXEC | IN_NONBLOCK), -1, -1};
}

void watch_done(watch *w)
{
    if (w->fd >= 0)
        close(w->fd);
    *w = (watch){-1, -1, -1};
}

void watch_folder(watch *w, const char *path)
{
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    size_t n = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    if (w->fd < 0 || w->folder >= 0 || n >= sizeof folder)
        return;
    if (n > 0) {
        memcpy(folder, path, n);
        folder[n] = '\0';
    }
    w->folder = inotify_add_watch(w->fd, folder, IN_CREATE | IN_MOVED_TO);
}

void watch_file(watch *w, int fd)
{
    char path[64];
    int before = w->file;
    if (w->fd < 0)
        return;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    w->file = fd < 0 ? -1 : inotify_add_watch(w->fd, path, IN_MODIFY);
    if (before >= 0 && before != w->file)
        inotify_rm_watch(w->fd, before);
}

void watch_drain(watch *w)
{
    char events[4096];
    while (w->fd >= 0 && read(w->fd, events, sizeof events) > 0) {
    }
}

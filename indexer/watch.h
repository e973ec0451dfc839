/* watch.h - to be woken when a file grows, or a name in its folder becomes another file.
 *
 * A help only: where the system has no watch to give, or does not see what happens (a file
 * server), the caller's own look now and then finds it a little later.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WATCH_H
#define WATCH_H

typedef struct watch {
    int fd;           /* to poll; -1 when there is none */
    int folder, file; /* watch descriptors, -1 for none */
} watch;

void watch_init(watch *w);
void watch_done(watch *w);

/** Watch the folder of a path, unless it is watched. */
void watch_folder(watch *w, const char *path);

/** Watch an open file instead of the one before; -1 for none. */
void watch_file(watch *w, int fd);

/** Forget what was told. */
void watch_drain(watch *w);

#endif

/* notify.h - what a supervisor is told, by the protocol of sd_notify(3). */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_NOTIFY_H
#define SEARCHD_NOTIFY_H

/** Send state ("READY=1") to $NOTIFY_SOCKET. Without one, or when nobody listens, nothing
 * happens. */
void notify_supervisor(const char *state);

/** Say that a reload begins; READY=1 ends it. */
void notify_reloading(void);

#endif

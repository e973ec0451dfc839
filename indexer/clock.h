/* clock.h - the clock that nobody sets. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLOCK_H
#define CLOCK_H

/** Seconds since some moment before the program began. */
double clock_s(void);

#endif

/* memory.h - how much memory this process has. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_MEMORY_H
#define SEARCHD_MEMORY_H

#include <stdint.h>

typedef struct memory_figures {
    uint64_t resident_kib;
    uint64_t own_kib; /* of it, without pages of files */
} memory_figures;

/** As the system says now; all 0 when it does not. */
memory_figures memory_now(void);

#endif

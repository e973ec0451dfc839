/* results.h - one hit of the results. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_WEB_RESULTS_H
#define SEARCHD_WEB_RESULTS_H

#include <stdbool.h>

#include "web.h"

/** A hit with its headline, what it answers, and its answers. Of one that goes on with the group
 * of the hit before it, what they share is not said again. */
void web_hit_put(const web_page *page, const json_t *hit, bool goes_on);

#endif

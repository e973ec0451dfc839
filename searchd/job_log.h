/* job_log.h - the line of the log about a request that a worker has had. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCHD_JOB_LOG_H
#define SEARCHD_JOB_LOG_H

#include "job.h"
#include "options.h"

/** Whether a worker had it for too long. */
bool job_is_slow(const job *j, const searchd_options *o);

/**
 * Log a job just before it is done: as a warning when it was slow, else for debugging. plan is
 * its query as it was understood, empty when that is not known.
 */
void job_log(const job *j, const searchd_options *o, weft_str plan);

/** Log a job that was answered without a worker. */
void job_log_cached(const job *j);

#endif

/* run.h - one command of weft from its options to its exit status. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WEFT_CLIENT_RUN_H
#define WEFT_CLIENT_RUN_H

/** Read the command line, ask, print. Returns the exit status: 0 hits, 1 none, 2 usage or
 * bad request, 3 no answer. */
int client_run(int argc, char **argv);

#endif

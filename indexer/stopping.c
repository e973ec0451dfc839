/* stopping.c - SIGTERM and SIGINT ask for an end; the second one is the end. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stopping.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "banned.h"

static volatile sig_atomic_t asked;
static int ends[2] = {-1,
                      -1}; /* a signal between the look at `asked` and poll is not missed */

static void ask(int number)
{
    (void)number;
    int before = errno;
    asked = 1;
    signal(SIGTERM, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    ssize_t wrote = write(ends[1], "", 1);
    (void)wrote; /* the pipe is empty, or has a byte already */
    errno = before;
}

weft_code stopping_begin(weft_error *err)
{
    struct sigaction action = {.sa_handler = ask};
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGTERM);
    sigaddset(&action.sa_mask, SIGINT);
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0 ||
        sigaction(SIGTERM, &action, NULL) != 0 || sigaction(SIGINT, &action, NULL) != 0)
        return weft_fail(err, WEFT_EIO, "signals: %s", strerror(errno));
    return WEFT_OK;
}

bool stopping_asked(void)
{
    return asked != 0;
}

int stopping_fd(void)
{
    return ends[0];
}

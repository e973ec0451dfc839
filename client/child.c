/* child.c - a weft-searchd of our own.
 *
 * One socket pair serves as its standard input and output, so that writing to a child that
 * is gone is an error, not a signal. Its standard error goes to memory: a person sees it
 * only when something failed.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "weft/mem.h"
#include "banned.h"

#define SEARCHD "weft-searchd"

extern char **environ;

enum { COMPLAINT_MAX = 64 * 1024 }; /* bytes read of its standard error */

/* The weft-searchd beside this program when it can be run, else the name to look for in
 * PATH. */
static const char *find_searchd(char path[PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - sizeof SEARCHD);
    if (n <= 0)
        return SEARCHD;
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return SEARCHD;
    memcpy(slash + 1, SEARCHD, sizeof SEARCHD);
    return access(path, X_OK) == 0 ? path : SEARCHD;
}

static int spawn_with(const char *index, int stdio_fd, int errors_fd, pid_t *pid)
{
    char path[PATH_MAX];
    const char *program = find_searchd(path);
    char *const argv[] = {(char *)SEARCHD, (char *)"--stdio", (char *)"-i", (char *)index,
                          NULL};
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0)
        return failed;
    failed = posix_spawn_file_actions_adddup2(&actions, stdio_fd, STDIN_FILENO);
    if (failed == 0)
        failed = posix_spawn_file_actions_adddup2(&actions, stdio_fd, STDOUT_FILENO);
    if (failed == 0)
        failed = posix_spawn_file_actions_adddup2(&actions, errors_fd, STDERR_FILENO);
    if (failed == 0)
        failed = posix_spawnp(pid, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

weft_code child_start(const char *index, child *out, int *fd, weft_error *err)
{
    int pair[2];
    *out = (child){.pid = 0, .errors_fd = -1};
    int errors_fd = memfd_create("weft-errors", MFD_CLOEXEC);
    if (errors_fd < 0)
        return weft_fail(err, WEFT_EIO, "start " SEARCHD ": %s", strerror(errno));
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        close(errors_fd);
        return weft_fail(err, WEFT_EIO, "start " SEARCHD ": %s", strerror(errno));
    }
    int failed = spawn_with(index, pair[1], errors_fd, &out->pid);
    close(pair[1]);
    if (failed != 0) {
        close(pair[0]);
        close(errors_fd);
        out->pid = 0;
        return weft_fail(err, WEFT_EIO, "start " SEARCHD " (beside weft, then in PATH): %s",
                         strerror(failed));
    }
    out->errors_fd = errors_fd;
    *fd = pair[0];
    return WEFT_OK;
}

void child_end(child *c, int timeout_ms)
{
    if (c->pid <= 0)
        return;
    int watch = pidfd_open(c->pid, 0);
    struct pollfd ended = {.fd = watch, .events = POLLIN};
    if (watch < 0 || poll(&ended, 1, timeout_ms) <= 0)
        kill(c->pid, SIGKILL);
    if (watch >= 0)
        close(watch);
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    c->pid = 0;
}

weft_str child_complaint(void *mem, const child *c)
{
    weft_buf lines;
    weft_buf_init(&lines, mem, COMPLAINT_MAX);
    char *bytes = c->errors_fd < 0 ? NULL : weft_new_array(mem, char, COMPLAINT_MAX);
    ssize_t n = bytes == NULL ? 0 : pread(c->errors_fd, bytes, COMPLAINT_MAX, 0);
    weft_str rest = weft_str_of(bytes, n > 0 ? (size_t)n : 0), line;
    while (weft_str_next_line(&rest, &line)) {
        if (weft_str_starts(line, "level=info") || weft_str_starts(line, "level=debug"))
            continue;
        if (lines.n > 0)
            weft_buf_add_char(&lines, '\n');
        weft_buf_add(&lines, line);
    }
    return weft_buf_str(&lines);
}

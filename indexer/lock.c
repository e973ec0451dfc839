/* lock.c - one writer at a time, and one build. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "weft/mem.h"
#include "banned.h"

enum { PAUSE_NS = 20 * 1000 * 1000, TRIES = 100 /* of LOCK_SOON: two seconds */ };

/* The kernel says who holds the lock, at that very moment; a number that the holder writes
 * into the file is that of the one before for a while. 0 when it has just been let go, -1
 * when the holder is in another pid namespace. */
static pid_t holder_of(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_GETLK, &lock) != 0)
        return -1;
    if (lock.l_type == F_UNLCK)
        return 0;
    return lock.l_pid > 0 ? lock.l_pid : -1;
}

/* Try until the lock is ours or somebody's: EAGAIN, with *holder. */
static int lock_file(int fd, lock_patience patience, pid_t *holder)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    for (int tries = 0;;) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        if (fcntl(fd, patience == LOCK_WAIT ? F_SETLKW : F_SETLK, &lock) == 0)
            return 0;
        if (errno == EINTR)
            continue;
        if (errno != EACCES && errno != EAGAIN)
            return errno;
        *holder = holder_of(fd);
        if (*holder != 0 && (patience == LOCK_NOW || ++tries == TRIES))
            return EAGAIN;
        if (*holder != 0)
            nanosleep(&pause, NULL);
    }
}

static weft_code fail_held(const char *dir, lock_kind kind, pid_t holder, weft_error *err)
{
    const char *what = kind == LOCK_BUILD ? "built" : "written";
    if (holder < 0)
        return weft_fail(err, WEFT_EBUSY,
                         "%s: is being %s by another process: wait for it, or use --wait",
                         dir, what);
    return weft_fail(err, WEFT_EBUSY,
                     "%s: is being %s by process %ld: wait for it, or use --wait", dir,
                     what, (long)holder);
}

weft_code lock_take(const char *dir, lock_kind kind, lock_patience patience, int *fd,
                    weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *path =
        talloc_asprintf(tmp, "%s/%s", dir, kind == LOCK_BUILD ? "build.lock" : "lock");
    if (path == NULL)
        return weft_fail_nomem(err);
    int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (f < 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    pid_t holder = -1;
    int fault = lock_file(f, patience, &holder);
    if (fault != 0) {
        close(f);
        return fault == EAGAIN ? fail_held(dir, kind, holder, err)
                               : weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(fault));
    }
    /* for people who look; lock_file asks the kernel */
    if (ftruncate(f, 0) != 0 || dprintf(f, "%ld\n", (long)getpid()) < 0) {
        weft_code code = weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
        close(f);
        return code;
    }
    *fd = f;
    return WEFT_OK;
}

void lock_release(int fd)
{
    if (fd >= 0)
        close(fd);
}

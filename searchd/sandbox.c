/* sandbox.c - what a worker may ask of the kernel.
 *
 * A worker reads what strangers wrote, with large libraries. Should one of these be made to
 * run foreign code, that code finds: no way to write or make a file (Landlock, and opening
 * is for reading only), no sockets, no other program, no memory that can be both written
 * and run, no other process to touch.
 *
 * The filter is a list of what is allowed, found by running the tests of the daemon under
 * strace. What has no place in a worker at all kills it, which costs one request; anything
 * else fails with EPERM, as a library may try a call and do without it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "weft/log.h"
#include "weft/mem.h"
#include "banned.h"

struct sandbox {
    scmp_filter_ctx filter; /* NULL when the kernel refuses it */
    bool has_landlock;
};

#define SANDBOX_MAY_WRITE (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND)

static const int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(preadv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(dup),
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getcwd),
    SCMP_SYS(getdents64),
    SCMP_SYS(fadvise64),
    SCMP_SYS(fcntl),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(getppid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),
    SCMP_SYS(getrusage),
    SCMP_SYS(times),
    SCMP_SYS(time),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

static const int deadly[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(clone),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(move_mount),
    SCMP_SYS(fsopen),
    SCMP_SYS(open_tree),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(personality),
};

/* Allowed while none of these bits of an argument are set. */
static const struct {
    int call;
    unsigned argument;
    scmp_datum_t bits;
} without_bits[] = {
    {SCMP_SYS(open), 1, SANDBOX_MAY_WRITE},
    {SCMP_SYS(openat), 2, SANDBOX_MAY_WRITE},
    {SCMP_SYS(mmap), 2, PROT_EXEC},
    {SCMP_SYS(mprotect), 2, PROT_EXEC},
};

static int add_rules(scmp_filter_ctx filter)
{
    int status = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        status |= seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
    for (size_t i = 0; i < sizeof without_bits / sizeof *without_bits; i++)
        status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, without_bits[i].call, 1,
                                   SCMP_CMP(without_bits[i].argument, SCMP_CMP_MASKED_EQ,
                                            without_bits[i].bits, 0));
    /* To the other end of its own socket only: no address. */
    status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sendto), 1,
                               SCMP_A4(SCMP_CMP_EQ, 0, 0));
    /* Threads would be a process's own, but a worker has none: clone3 hides its flags. */
    status |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return status;
}

static scmp_filter_ctx new_filter(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter != NULL && add_rules(filter) != 0) {
        seccomp_release(filter);
        filter = NULL;
    }
    return filter;
}

/* A set of rules that names everything but reading and no place: nothing of it is allowed
 * anywhere. A descriptor, -1 where the kernel has no Landlock.
 */
static int new_landlock(void)
{
    struct landlock_ruleset_attr attr = {
        .handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                             LANDLOCK_ACCESS_FS_REMOVE_DIR |
                             LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                             LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                             LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                             LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM};
    return (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
}

static bool has_landlock(void)
{
    int fd = new_landlock();
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool enter_landlock(void)
{
    int fd = new_landlock();
    bool held = fd >= 0 && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    if (fd >= 0)
        close(fd);
    return held;
}

/* To kill itself, as abort does, a process needs its own number, which the filter's maker
 * does not know yet. */
static bool allow_own_end(scmp_filter_ctx filter)
{
    scmp_datum_t self = (scmp_datum_t)getpid();
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, self, 0)) == 0;
}

bool sandbox_enter(const sandbox *s)
{
    struct rlimit no_core = {0};
    if (s == NULL)
        return true;
    bool held = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                setrlimit(RLIMIT_CORE, &no_core) == 0;
    if (held && s->has_landlock)
        held = enter_landlock();
    if (held && s->filter != NULL)
        held = allow_own_end(s->filter) && seccomp_load(s->filter) == 0;
    return held;
}

/* Whether the kernel lets a process in, tried by one that then ends. */
static bool works(const sandbox *s)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(sandbox_enter(s) ? 0 : 1);
    if (pid < 0)
        return false;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int drop_filter(sandbox *s)
{
    if (s->filter != NULL)
        seccomp_release(s->filter);
    s->filter = NULL;
    return 0;
}

static void drop_what_is_refused(sandbox *s)
{
    if (s->filter == NULL || !works(s)) {
        drop_filter(s);
        weft_log(WEFT_LOG_WARN, "sandbox_refused",
                 "action=\"workers may use all system calls\"");
    }
    if (s->has_landlock && s->filter == NULL)
        s->has_landlock = works(s);
}

/* A sanitizer maps, forks and reads in its own ways. */
static bool is_possible(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
    return false;
#else
    return true;
#endif
#else
    return true;
#endif
}

weft_code sandbox_open(void *mem, const searchd_options *o, sandbox **out, weft_error *err)
{
    *out = NULL;
    if (o->no_sandbox || !is_possible())
        return WEFT_OK;
    sandbox *s = talloc_zero(mem, sandbox);
    if (s == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(s, drop_filter);
    s->has_landlock = has_landlock();
    s->filter = new_filter();
    drop_what_is_refused(s);
    if (!o->stdio)
        weft_log(WEFT_LOG_INFO, "sandbox", "calls=%s files=%s",
                 s->filter == NULL ? "all" : "few",
                 s->has_landlock ? "read_only" : "by_calls");
    *out = s;
    return WEFT_OK;
}

/* test_command.c - the command `test` of build/tests/weft-searchd-test: a worker that
 * sleeps, crashes, floods, lies.
 *
 * It is no part of weft-searchd; the tests of the daemon need a command whose behaviour
 * they can choose.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "weft/mem.h"
#include "commands.h"
#include "frame.h"
#include "banned.h"

enum { LINK_FD = 3 }; /* a worker's socket */

extern const command cmd_test_row;

static const char *const acts[] = {
    "echo",  "hang",  "crash",  "exit", "big",  "close", "lie",    "chatter", "fail",
    "open",  "read",  "socket", "exec", "fork", "trace", "signal", "unlink",  "map",
    "abort", "small", "false",  "old",  "keep", "leak",  "eat",    NULL};

static const cmd_key keys[] = {
    {"act", CMD_KEY_WORD, false, 0, 0, acts},
    {"sleep_ms", CMD_KEY_INTEGER, false, 0, 60000, NULL},
    {"bytes", CMD_KEY_INTEGER, false, 1, 16 * 1024 * 1024, NULL},
    {"text", CMD_KEY_STRING, false, 1, 1024, NULL},
    {0},
};

static void sleep_ms(int64_t ms)
{
    struct timespec left = {ms / 1000, (ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

static void write_raw(const char *bytes, size_t n)
{
    ssize_t written = write(LINK_FD, bytes, n);
    (void)written;
}

static weft_code add_big(cmd_context *c, const weft_request *request, json_t *reply,
                         weft_error *err)
{
    size_t n = (size_t)weft_request_integer(request, "bytes", 1);
    char *bytes = talloc_size(c->mem, n);
    if (bytes == NULL)
        return weft_fail_nomem(err);
    memset(bytes, 'x', n);
    return json_object_set_new(reply, "big", json_stringn(bytes, n)) == 0
               ? WEFT_OK
               : weft_fail_nomem(err);
}

/* Frames with a note in front, as worker.c sends them, in one piece. */
static void write_frames(const char *line, size_t count, note n)
{
    unsigned char bytes[512];
    size_t line_bytes = strlen(line), at = 0;
    for (size_t i = 0; i < count; i++) {
        frame_put_head(bytes + at, sizeof n + line_bytes);
        memcpy(bytes + at + FRAME_HEAD, &n, sizeof n);
        memcpy(bytes + at + FRAME_HEAD + sizeof n, line, line_bytes);
        at += FRAME_HEAD + sizeof n + line_bytes;
    }
    write_raw((const char *)bytes, at);
}

static void hang(void)
{
    for (;;)
        sleep_ms(60000);
}

/* What is done instead of answering, or before. */
static void misbehave(const char *act, uint64_t sequence)
{
    if (strcmp(act, "crash") == 0)
        raise(SIGKILL);
    if (strcmp(act, "exit") == 0)
        _exit(7);
    if (strcmp(act, "close") == 0)
        close(LINK_FD);
    if (strcmp(act, "lie") == 0)
        write_raw("\xFF\xFF\xFF\xFF{", 5);
    if (strcmp(act, "small") == 0)
        write_raw("\x02\0\0\0{}", 6);
    if (strcmp(act, "false") == 0)
        write_frames("{}", 1, (note){.sequence = sequence, .plan_bytes = 3});
    if (strcmp(act, "old") == 0)
        write_frames("{}", 1, (note){.sequence = sequence - 1});
    if (strcmp(act, "chatter") == 0)
        write_frames("{}", 2, (note){.sequence = sequence});
    static const char *const ends[] = {"close", "lie", "hang", "small", "false", "old"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(act, ends[i]) == 0)
            hang();
}

/* Ask the kernel for what a worker has no business with; errno as it says, 0 when it
 * agrees. */
static int try_call(const char *act, const char *path)
{
    errno = 0;
    if (strcmp(act, "open") == 0 && open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0)
        return 0;
    if (strcmp(act, "read") == 0 && open(path, O_RDONLY | O_CLOEXEC) >= 0)
        return 0;
    if (strcmp(act, "unlink") == 0)
        unlink(path);
    if (strcmp(act, "socket") == 0 && socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0)
        return 0;
    if (strcmp(act, "exec") == 0)
        execl("/bin/true", "true", (char *)NULL);
    if (strcmp(act, "fork") == 0 && fork() == 0)
        _exit(0);
    if (strcmp(act, "trace") == 0)
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    if (strcmp(act, "signal") == 0)
        kill(getppid(), 0);
    if (strcmp(act, "map") == 0 && mmap(NULL, 4096, PROT_WRITE | PROT_EXEC,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return 0;
    if (strcmp(act, "abort") == 0)
        abort();
    return errno;
}

/* Memory that is never given back: `bytes` of it, touched. */
static weft_code leak(size_t bytes, weft_error *err)
{
    static char *volatile last;
    char *more = malloc(bytes);
    if (more == NULL)
        return weft_fail_nomem(err);
    memset(more, 'x', bytes);
    memcpy(more, (const void *)&last, sizeof last);
    last = more;
    return WEFT_OK;
}

/* All there is, in pieces of a MiB, up to 4 GiB. */
static weft_code eat(cmd_context *c, weft_error *err)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return weft_fail(err, WEFT_EIO, "memory has no limit");
    for (int i = 0; i < 4096; i++) {
        char *more = talloc_size(c->mem, 1 << 20);
        if (more == NULL)
            return weft_fail_nomem(err);
        memset(more, 'x', 1 << 20);
    }
    return WEFT_OK;
}

static weft_code cmd_test(cmd_context *c, const weft_request *request, json_t *reply,
                          weft_error *err)
{
    const char *act = weft_request_text(request, "act");
    const char *text = weft_request_text(request, "text");
    sleep_ms(weft_request_integer(request, "sleep_ms", 0));
    if (act != NULL)
        misbehave(act, c->sequence);
    if (act != NULL && strcmp(act, "keep") == 0)
        c->outcome.lasting = NOTE_LASTS_AT_REVISION;
    if (act != NULL && strcmp(act, "fail") == 0)
        return weft_fail_at(err, WEFT_ESYNTAX, 3, "as asked");
    if (act != NULL && strcmp(act, "big") == 0)
        return add_big(c, request, reply, err);
    if (act != NULL && strcmp(act, "eat") == 0)
        return eat(c, err);
    if (act != NULL && strcmp(act, "leak") == 0 &&
        leak((size_t)weft_request_integer(request, "bytes", 1024), err) != WEFT_OK)
        return WEFT_ENOMEM;
    bool held = json_object_set_new(reply, "pid", json_integer(getpid())) == 0;
    if (held && act != NULL && text != NULL)
        held = json_object_set_new(reply, "errno", json_integer(try_call(act, text))) == 0;
    if (text != NULL)
        held = json_object_set_new(reply, "text", json_string(text)) == 0 && held;
    return held ? WEFT_OK : weft_fail_nomem(err);
}

const command cmd_test_row = {
    "test", keys, "text", cmd_test, false, "what the tests of the daemon need", NULL};

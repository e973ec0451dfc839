/* snapshot.c - `weft-indexer snapshot`: a copy of the live index as of one commit.
 *
 * The writer's lock is held while files are copied, so that no commit changes them; searches
 * go on. The copy grows under another name beside DEST and gets its own at the end, so what
 * has that name is whole. It is an index like any other: to restore it, copy it back.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weft/file.h"
#include "weft/indexdir.h"
#include "weft/mem.h"
#include "weft/options.h"
#include "subcommands.h"
#include "files.h"
#include "live.h"
#include "lock.h"
#include "banned.h"

enum { COPY_BYTES = 1024 * 1024 };

typedef struct snapshot_options {
    const char *index;
    bool wait, quiet;
} snapshot_options;

static const weft_option snapshot_rows[] = {
    LIVE_INDEX_ROW(offsetof(snapshot_options, index), "directory of the index"),
    {.name = "quiet",
     .letter = 'q',
     .kind = WEFT_OPTION_FLAG,
     .offset = offsetof(snapshot_options, quiet),
     .help = "print errors only"},
    LOCK_WAIT_ROW(offsetof(snapshot_options, wait)),
    {0}};

static const weft_usage snapshot_usage = {
    .program = "weft-indexer snapshot",
    .operands = "DEST",
    .about = "Copy a live index, as of one commit, to a directory that is not there yet.",
    .options = snapshot_rows};

static weft_code failed(const char *path, weft_error *err)
{
    return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
}

static weft_code copy_bytes(int in, int out, const char *from, const char *to,
                            weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    char *buffer = weft_new_array(tmp, char, COPY_BYTES);
    if (buffer == NULL)
        return weft_fail_nomem(err);
    for (;;) {
        ssize_t n = read(in, buffer, COPY_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(from, err);
        if (n == 0)
            return fsync(out) == 0 ? WEFT_OK : failed(to, err);
        weft_code code = weft_write_all(out, buffer, (size_t)n, to, err);
        if (code != WEFT_OK)
            return code;
    }
}

static weft_code copy_file(const char *from, const char *to, weft_error *err)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return failed(from, err);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    weft_code code = out < 0 ? failed(to, err) : copy_bytes(in, out, from, to, err);
    close(in);
    if (out >= 0 && close(out) != 0 && code == WEFT_OK)
        code = failed(to, err);
    return code;
}

/* The files of a generation, but for its lock. */
static weft_code copy_generation(const char *from, const char *to, weft_error *err)
{
    DIR *d = opendir(from);
    if (d == NULL)
        return failed(from, err);
    weft_code code = files_make_dir(to, err);
    for (struct dirent *e; code == WEFT_OK && (e = readdir(d)) != NULL;) {
        weft_scope void *tmp = talloc_new(NULL);
        if (e->d_name[0] == '.' || strcmp(e->d_name, "flintlock") == 0)
            continue;
        char *a = talloc_asprintf(tmp, "%s/%s", from, e->d_name);
        char *b = talloc_asprintf(tmp, "%s/%s", to, e->d_name);
        code = a == NULL || b == NULL ? weft_fail_nomem(err) : copy_file(a, b, err);
    }
    closedir(d);
    return code == WEFT_OK ? weft_sync_path(to, err) : code;
}

/* The whole index under a name of its own. */
static weft_code copy_index(void *mem, const char *dir, const char *to, live **l,
                            weft_error *err)
{
    weft_code code = live_open(mem, dir, l, err);
    if (code == WEFT_OK)
        code = files_make_dir(to, err);
    if (code != WEFT_OK)
        return code;
    char *generation = weft_indexdir_generation(mem, to, (*l)->generation);
    if (generation == NULL)
        return weft_fail_nomem(err);
    code = copy_generation((*l)->path, generation, err);
    if (code == WEFT_OK)
        code = weft_indexdir_write_settings(to, &(*l)->settings, err);
    return code == WEFT_OK ? weft_indexdir_swap(to, (*l)->generation, err) : code;
}

/* Give a whole copy its name, durably. */
static weft_code take_name(const char *part, const char *dest, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    const char *slash = strrchr(dest, '/');
    char *parent = slash == NULL ? talloc_strdup(tmp, ".")
                                 : talloc_strndup(tmp, dest, (size_t)(slash - dest + 1));
    if (parent == NULL)
        return weft_fail_nomem(err);
    return rename(part, dest) == 0 ? weft_sync_path(parent, err) : failed(dest, err);
}

/* Away with a copy that came to nothing. */
static void remove_copy(void *mem, const char *part, const live *l)
{
    weft_error ignored = {0};
    char *generation =
        l == NULL ? NULL : weft_indexdir_generation(mem, part, l->generation);
    if (generation != NULL)
        (void)!files_remove_dir(generation, &ignored);
    (void)!files_remove_dir(part, &ignored);
}

static weft_code check_dest(const char *dest, weft_error *err)
{
    struct stat st;
    if (dest[0] == '\0')
        return weft_fail(err, WEFT_EUSAGE, "the destination is empty");
    if (lstat(dest, &st) == 0)
        return weft_fail(err, WEFT_EUSAGE,
                         "'%s' is there already: a snapshot is a new directory", dest);
    return errno == ENOENT ? WEFT_OK : failed(dest, err);
}

static weft_code snapshot(const snapshot_options *o, const char *dest, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    int lock = -1;
    live *l = NULL;
    char *part = talloc_asprintf(tmp, "%s.part-%ld", dest, (long)getpid());
    if (part == NULL)
        return weft_fail_nomem(err);
    uint64_t generation;
    weft_code code = check_dest(dest, err);
    if (code == WEFT_OK)
        code = weft_indexdir_current(o->index, &generation, err);
    if (code == WEFT_OK)
        code = lock_take(o->index, LOCK_WRITER, o->wait ? LOCK_WAIT : LOCK_NOW, &lock, err);
    if (code == WEFT_OK)
        code = copy_index(tmp, o->index, part, &l, err);
    if (lock >= 0)
        lock_release(lock);
    if (code == WEFT_OK)
        code = take_name(part, dest, err);
    if (code != WEFT_OK && lock >= 0)
        remove_copy(tmp, part, l);
    if (code == WEFT_OK && !o->quiet)
        printf("copied revision %llu to '%s'\n", (unsigned long long)l->revision, dest);
    return code;
}

weft_code subcommand_snapshot(int argc, char **argv, int *status, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    snapshot_options o = {0};
    int first;
    bool shown = false;
    *status = EXIT_ALL;
    weft_code code =
        weft_options_parse(tmp, &snapshot_usage, argc, argv, &o, &first, &shown, err);
    if (code != WEFT_OK || shown)
        return code;
    code = live_check_dir(o.index, err);
    if (code != WEFT_OK)
        return code;
    if (argc - first != 1)
        return weft_fail(err, WEFT_EUSAGE, "snapshot takes one destination");
    return snapshot(&o, argv[first], err);
}

/* files.c - directories made, measured and removed. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "banned.h"

weft_code files_make_dir(const char *path, weft_error *err)
{
    struct stat st;
    if (mkdir(path, 0777) == 0)
        return WEFT_OK;
    if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return WEFT_OK;
    return weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

weft_code files_remove_dir(const char *path, weft_error *err)
{
    DIR *d = opendir(path);
    if (d == NULL)
        return errno == ENOENT ? WEFT_OK : weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    weft_code code = WEFT_OK;
    for (struct dirent *e; code == WEFT_OK && (e = readdir(d)) != NULL;)
        if (!is_dots(e->d_name) && unlinkat(dirfd(d), e->d_name, 0) != 0)
            code = weft_fail(err, WEFT_EIO, "%s/%s: %s", path, e->d_name, strerror(errno));
    closedir(d);
    if (code == WEFT_OK && rmdir(path) != 0)
        code = weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    return code;
}

uint64_t files_bytes(const char *path)
{
    uint64_t sum = 0;
    DIR *d = opendir(path);
    if (d == NULL)
        return 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        struct stat st;
        if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
            sum += (uint64_t)st.st_size;
    }
    closedir(d);
    return sum;
}

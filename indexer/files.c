/* files.c - directories made and removed. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weft/mem.h"
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
        return errno == ENOENT ? WEFT_OK
                               : weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    weft_code code = WEFT_OK;
    for (struct dirent *e; code == WEFT_OK && (e = readdir(d)) != NULL;)
        if (!is_dots(e->d_name) && unlinkat(dirfd(d), e->d_name, 0) != 0)
            code = weft_fail(err, WEFT_EIO, "%s/%s: %s", path, e->d_name, strerror(errno));
    closedir(d);
    if (code == WEFT_OK && rmdir(path) != 0)
        code = weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    return code;
}

static weft_code remove_entry(DIR *d, const char *path, const char *name, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    if (unlinkat(dirfd(d), name, 0) == 0)
        return WEFT_OK;
    int fault = errno;
    char *inner = talloc_asprintf(tmp, "%s/%s", path, name);
    if (inner == NULL)
        return weft_fail_nomem(err);
    return fault == EISDIR ? files_remove_dir(inner, err)
                           : weft_fail(err, WEFT_EIO, "%s: %s", inner, strerror(fault));
}

weft_code files_remove_tree(const char *path, weft_error *err)
{
    DIR *d = opendir(path);
    if (d == NULL)
        return errno == ENOENT ? WEFT_OK
                               : weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    weft_code code = WEFT_OK;
    for (struct dirent *e; code == WEFT_OK && (e = readdir(d)) != NULL;)
        if (!is_dots(e->d_name))
            code = remove_entry(d, path, e->d_name, err);
    closedir(d);
    if (code == WEFT_OK && rmdir(path) != 0)
        code = weft_fail(err, WEFT_EIO, "%s: %s", path, strerror(errno));
    return code;
}

/* index_stamp.c - which state an index directory is in. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "index_stamp.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "banned.h"

/* The file that names the newest revision of a Xapian database. */
static const char version_file[] = "current/iamglass", link_file[] = "current";

static bool read_one(const char *dir, const char *name, int flags, uint64_t out[4])
{
    char path[PATH_MAX];
    struct stat st;
    int n = snprintf(path, sizeof path, "%s/%s", dir, name);
    if (n < 0 || (size_t)n >= sizeof path || fstatat(AT_FDCWD, path, &st, flags) != 0)
        return false;
    out[0] = st.st_dev;
    out[1] = st.st_ino;
    out[2] = (uint64_t)st.st_mtim.tv_sec * 1000000000 + (uint64_t)st.st_mtim.tv_nsec;
    out[3] = (uint64_t)st.st_ctim.tv_sec * 1000000000 + (uint64_t)st.st_ctim.tv_nsec;
    return true;
}

index_stamp index_stamp_read(const char *dir)
{
    index_stamp s = {0};
    s.is_known = dir != NULL && read_one(dir, link_file, AT_SYMLINK_NOFOLLOW, s.of_link) &&
                 read_one(dir, version_file, 0, s.of_version);
    return s;
}

bool index_stamp_is_same(const index_stamp *a, const index_stamp *b)
{
    return a->is_known && b->is_known &&
           memcmp(a->of_link, b->of_link, sizeof a->of_link) == 0 &&
           memcmp(a->of_version, b->of_version, sizeof a->of_version) == 0;
}

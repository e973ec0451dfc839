/* user.c - the account the daemon runs as.
 *
 * What needs root, the sockets and a token file that only root reads, is had before
 * user_become; workers are forked after it.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "user.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "weft/indexdir.h"
#include "weft/log.h"
#include "weft/mem.h"
#include "banned.h"

weft_code user_find(const searchd_options *o, user_account *out, weft_error *err)
{
    *out = (user_account){.name = o->user, .uid = geteuid(), .gid = getegid()};
    if (o->user == NULL)
        return WEFT_OK;
    errno = 0;
    const struct passwd *found = getpwnam(o->user);
    if (found == NULL)
        return weft_fail(err, errno == 0 ? WEFT_EUSAGE : WEFT_EIO, "--user '%s': %s",
                         o->user,
                         errno == 0 ? "no account has this name" : strerror(errno));
    out->uid = found->pw_uid;
    out->gid = found->pw_gid;
    if (out->uid == 0)
        return weft_fail(err, WEFT_EUSAGE, "--user '%s': that is root's account", o->user);
    if (geteuid() != 0 && (out->uid != geteuid() || out->uid != getuid()))
        return weft_fail(err, WEFT_EUSAGE, "--user '%s': only root can change to it",
                         o->user);
    return WEFT_OK;
}

/* A saved or file system id that stayed behind would be a way back. */
static bool can_return(void)
{
    uid_t real, effective, saved;
    gid_t real_group, group, saved_group;
    if (getresuid(&real, &effective, &saved) != 0 ||
        getresgid(&real_group, &group, &saved_group) != 0)
        return true;
    if (real == 0 || effective == 0 || saved == 0)
        return true;
    return setuid(0) == 0 || seteuid(0) == 0;
}

weft_code user_become(const user_account *account, weft_error *err)
{
    if (account->name == NULL) {
        if (geteuid() == 0)
            weft_log(WEFT_LOG_WARN, "runs_as_root",
                     "action=staying hint=\"--user NAME gives root up\"");
        return WEFT_OK;
    }
    if (geteuid() != 0) /* user_find: it is we */
        return WEFT_OK;
    if (initgroups(account->name, account->gid) != 0 ||
        setresgid(account->gid, account->gid, account->gid) != 0 ||
        setresuid(account->uid, account->uid, account->uid) != 0)
        return weft_fail(err, WEFT_EIO, "--user '%s': %s", account->name, strerror(errno));
    if (can_return())
        return weft_fail(err, WEFT_EINTERNAL, "--user '%s': root can still be had back",
                         account->name);
    weft_log(WEFT_LOG_INFO, "user", "name=%s uid=%lld gid=%lld", account->name,
             (long long)account->uid, (long long)account->gid);
    return WEFT_OK;
}

static weft_code fail_unreadable(const char *what, weft_error *err)
{
    int why = errno;
    const struct passwd *we = getpwuid(geteuid());
    return weft_fail(err, WEFT_EIO, "'%s' cannot be read by %s: %s", what,
                     we == NULL ? "this account" : we->pw_name, strerror(why));
}

/* The tables, whose names all end alike; what else lies there is the indexer's. */
static bool is_table(const char *name)
{
    size_t n = strlen(name), end = strlen("glass");
    return n >= end && strcmp(name + n - end, "glass") == 0;
}

static weft_code check_files(const char *path, DIR *dir, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        if (!is_table(e->d_name) ||
            faccessat(dirfd(dir), e->d_name, R_OK, AT_EACCESS) == 0 || errno != EACCES)
            continue;
        const char *file = talloc_asprintf(tmp, "%s/%s", path, e->d_name);
        return file == NULL ? weft_fail_nomem(err) : fail_unreadable(file, err);
    }
    return WEFT_OK;
}

weft_code user_check_index(const char *index_dir, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    uint64_t generation;
    if (faccessat(AT_FDCWD, index_dir, R_OK | X_OK, AT_EACCESS) != 0 && errno == EACCES)
        return fail_unreadable(index_dir, err);
    if (weft_indexdir_current(index_dir, &generation, NULL) != WEFT_OK)
        return WEFT_OK;
    char *path = weft_indexdir_generation(tmp, index_dir, generation);
    if (path == NULL)
        return weft_fail_nomem(err);
    DIR *dir = opendir(path);
    if (dir == NULL)
        return errno == EACCES ? fail_unreadable(path, err) : WEFT_OK;
    weft_code code = check_files(path, dir, err);
    closedir(dir);
    return code;
}

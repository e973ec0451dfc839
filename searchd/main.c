/* main.c - weft-searchd: answers searches over a weft index. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "weft/indexdir.h"
#include "weft/log.h"
#include "weft/mem.h"
#include "access.h"
#include "loop.h"
#include "options.h"
#include "sandbox.h"
#include "banned.h"

enum { EXIT_USAGE = 2, EXIT_NOT_STARTED = 3 };

/* Started without one of the three standard descriptors, a client's socket would take its
 * place. */
static void fill_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0)
            return;
}

static int fail(const weft_error *err)
{
    fprintf(stderr, "weft-searchd: %s\n", err->text);
    return err->code == WEFT_EUSAGE ? EXIT_USAGE : EXIT_NOT_STARTED;
}

int main(int argc, char **argv)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_error err = {0};
    searchd_options *o = NULL;
    bool shown = false;
    uint64_t generation;
    fill_standard_descriptors();
    if (searchd_options_read(mem, argc, argv, &o, &shown, &err) != WEFT_OK)
        return fail(&err);
    if (shown)
        return 0;
    weft_log_set_level((weft_log_level)o->log_level);
    if (access_open(o, &err) != WEFT_OK)
        return fail(&err);
    if (weft_indexdir_current(o->index_dir, &generation, &err) != WEFT_OK)
        return fail(&err); /* looked at once, not kept open: the workers open it */
    if (sandbox_open(o, o, &o->sandbox, &err) != WEFT_OK)
        return fail(&err);
    return loop_run(o, &err) == WEFT_OK ? 0 : fail(&err);
}

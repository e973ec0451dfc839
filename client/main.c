/* main.c - weft: ask a weft-searchd and print what it answers. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "run.h"
#include "banned.h"

int main(int argc, char **argv)
{
    /* wcwidth needs a UTF-8 locale; what weft prints is UTF-8 in any. */
    if (setlocale(LC_CTYPE, "") == NULL || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    /* `weft ... | head` ends quietly, also under a parent that ignores the signal. */
    signal(SIGPIPE, SIG_DFL);
    return client_run(argc, argv);
}

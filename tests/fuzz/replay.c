/* replay.c - a plain main for a fuzz target: runs it on every saved input, for `make check`
 * without libFuzzer. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void run_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return;
    static uint8_t bytes[1 << 20];
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    uint8_t *exact = malloc(n + 1); /* so that a read past the end is seen by a sanitizer */
    if (exact == NULL)
        exit(1);
    memcpy(exact, bytes, n);
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *name = strrchr(argv[0], '/');
    name = name == NULL ? argv[0] : name + 1;
    char folder[4096];
    const char *dot = strchr(name, '.');
    int stem = dot == NULL ? (int)strlen(name) : (int)(dot - name);
    snprintf(folder, sizeof folder, "tests/fuzz/%.*s.in", stem, name);
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    int inputs = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        char path[8192];
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        run_file(path);
        inputs++;
    }
    if (d != NULL)
        closedir(d);
    printf("1..1\n%s 1 - %.*s: %d saved inputs\n", inputs > 0 ? "ok" : "not ok", stem, name,
           inputs);
    return inputs > 0 ? 0 : 1;
}

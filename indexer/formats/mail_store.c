/* mail_store.c - messages wait here until all threads are known: a text may be long, and its
 * thread's first message may come last. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "weft/mem.h"
#include "weft/tempfile.h"
#include "banned.h"

enum { TEXTS = 4 };

struct mail_store {
    FILE *file;
};

/* What stands before the texts of a message. */
typedef struct head {
    size_t n[TEXTS], line;
    int64_t published_s;
    weft_format format;
} head;

static int close_store(mail_store *s)
{
    if (s->file != NULL)
        fclose(s->file);
    return 0;
}

static weft_code fail(weft_error *err)
{
    return weft_fail(err, WEFT_EIO, "a temporary file of messages: %s", strerror(errno));
}

weft_code mail_store_new(void *mem, mail_store **out, weft_error *err)
{
    const char *dir = getenv("TMPDIR");
    int fd = -1;
    mail_store *s = talloc_zero(mem, mail_store);
    if (s == NULL)
        return weft_fail_nomem(err);
    talloc_set_destructor(s, close_store);
    weft_code code =
        weft_tempfile_open(dir == NULL || *dir == '\0' ? P_tmpdir : dir, &fd, err);
    if (code != WEFT_OK)
        return code;
    s->file = fdopen(fd, "w+b");
    if (s->file == NULL) {
        close(fd);
        return fail(err);
    }
    *out = s;
    return WEFT_OK;
}

weft_code mail_store_add(mail_store *s, const mail *m, weft_error *err)
{
    const weft_str texts[TEXTS] = {m->id, m->subject, m->author, m->body};
    head h = {.line = m->line, .published_s = m->published_s, .format = m->format};
    for (size_t i = 0; i < TEXTS; i++)
        h.n[i] = texts[i].n;
    bool good = fwrite(&h, sizeof h, 1, s->file) == 1;
    for (size_t i = 0; good && i < TEXTS; i++)
        good = texts[i].n == 0 || fwrite(texts[i].p, 1, texts[i].n, s->file) == texts[i].n;
    return good ? WEFT_OK : fail(err);
}

weft_code mail_store_rewind(mail_store *s, weft_error *err)
{
    return fflush(s->file) == 0 && fseeko(s->file, 0, SEEK_SET) == 0 ? WEFT_OK : fail(err);
}

weft_code mail_store_next(mail_store *s, void *mem, mail *out, weft_error *err)
{
    head h;
    weft_str texts[TEXTS];
    if (fread(&h, sizeof h, 1, s->file) != 1)
        return fail(err);
    for (size_t i = 0; i < TEXTS; i++) {
        char *p = weft_new_array(mem, char, h.n[i] + 1);
        if (p == NULL)
            return weft_fail_nomem(err);
        if (fread(p, 1, h.n[i], s->file) != h.n[i])
            return fail(err);
        texts[i] = weft_str_of(p, h.n[i]);
    }
    *out = (mail){.id = texts[0],
                  .subject = texts[1],
                  .author = texts[2],
                  .body = texts[3],
                  .format = h.format,
                  .published_s = h.published_s,
                  .line = h.line};
    return WEFT_OK;
}

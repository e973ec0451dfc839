/* tail.c - lines of a file that grows, or of a pipe, and the position after each. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tail.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "weft/limits.h"
#include "weft/mem.h"
#include "charset.h"
#include "decoder.h"
#include "formats.h"
#include "layer.h"
#include "watch.h"
#include "banned.h"

enum { CHUNK = 64 * 1024, LOOK_MS = 1000, BOM_BYTES = 3 };

struct tail {
    tail_options options;
    const char *name;
    int fd;        /* -1 while there is no file */
    bool is_named; /* a file followed by its name, no pipe */
    bool leaving;  /* another file has its name: read to the end, then turn */
    bool stopped, begun;
    uint64_t inode;
    watch watch;
    decoder *decoder; /* NULL for UTF-8 */
    weft_buf decoded;
    char raw[CHUNK];
    uint64_t got;     /* bytes read of this file */
    uint64_t to_pass; /* bytes of `from` not yet read */
    char passed;      /* last byte passed over */
    weft_buf buf;     /* bytes not yet used: from `at` on */
    size_t at, searched;
    uint64_t dropped; /* bytes of a line too long that are gone already */
    uint64_t offset, lines;
    bool checked; /* the first line was looked at */
};

/* What one attempt to read brought. */
typedef enum fetched { FETCHED_MORE, FETCHED_NONE, FETCHED_ALL } fetched;

static bool is_standard(const tail *t)
{
    return strcmp(t->options.name, "-") == 0;
}

static void close_file(tail *t)
{
    if (t->fd >= 0 && !is_standard(t))
        close(t->fd);
    t->fd = -1;
    t->inode = 0;
}

static int tail_destroy(tail *t)
{
    close_file(t);
    watch_done(&t->watch);
    return 0;
}

/* A file that cannot be had is a slip of the command line, or has become so since. */
static weft_code refusal(const tail *t)
{
    return t->begun ? WEFT_EIO : WEFT_EUSAGE;
}

/* What a descriptor is; only the first file may be a pipe. */
static weft_code take_file(tail *t, int fd, weft_error *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return weft_fail(err, refusal(t), "%s: %s", t->name, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return weft_fail(err, refusal(t), "%s: is a directory: name a file in it", t->name);
    bool is_named = S_ISREG(st.st_mode) && !is_standard(t);
    if (t->begun && !is_named) {
        close(fd);
        return WEFT_OK;
    }
    t->fd = fd;
    t->begun = true;
    t->is_named = is_named;
    t->inode = is_named ? st.st_ino : 0;
    t->got = 0;
    watch_file(&t->watch, is_named ? fd : -1);
    return WEFT_OK;
}

/* Open the file of that name, if there is one. */
static weft_code open_named(tail *t, weft_error *err)
{
    watch_folder(&t->watch, t->name);
    int fd = open(t->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ENOENT)
        return WEFT_OK;
    if (fd < 0)
        return weft_fail(err, refusal(t), "%s: %s", t->name, strerror(errno));
    weft_code code = take_file(t, fd, err);
    if (code != WEFT_OK)
        close(fd);
    return code;
}

static weft_code open_decoder(tail *t, weft_error *err)
{
    if (t->options.charset == NULL)
        return WEFT_OK;
    weft_code code = decoder_open(t, t->options.charset, &t->decoder, err);
    if (code == WEFT_OK && !decoder_keeps_lines(t->decoder))
        code = weft_fail(err, WEFT_EUSAGE,
                         "--follow: lines cannot be told in '%s': write UTF-8",
                         t->options.charset);
    return code;
}

static weft_code open_first(tail *t, weft_error *err)
{
    if (is_standard(t))
        return take_file(t, STDIN_FILENO, err);
    watch_init(&t->watch);
    t->is_named = true;
    weft_code code = open_named(t, err);
    if (code != WEFT_OK || t->fd >= 0)
        return code;
    if (t->to_pass > 0)
        return weft_fail(err, WEFT_EUSAGE,
                         "%s: is not there, so nothing can begin at byte %" PRIu64, t->name,
                         t->to_pass);
    fprintf(stderr, "weft-indexer: %s: is not there yet: waiting for it\n", t->name);
    return WEFT_OK;
}

weft_code tail_open(void *mem, const tail_options *options, tail **out, weft_error *err)
{
    tail *t = talloc_zero(mem, tail);
    if (t == NULL)
        return weft_fail_nomem(err);
    t->options = *options;
    t->name = is_standard(t) ? "standard input" : options->name;
    t->fd = -1;
    t->watch = (watch){-1, -1, -1};
    t->to_pass = options->from;
    t->checked = options->from > 0;
    talloc_set_destructor(t, tail_destroy);
    weft_buf_init(&t->buf, t, WEFT_LINE_MAX + 4 * (size_t)CHUNK);
    weft_buf_init(&t->decoded, t, 4 * (size_t)WEFT_LINE_MAX);
    weft_code code = open_decoder(t, err);
    if (code == WEFT_OK)
        code = open_first(t, err);
    if (code == WEFT_OK)
        *out = t;
    else
        talloc_free(t);
    return code;
}

/* Of a chunk, what is before `from`: counted, and not kept. */
static weft_code pass_over(tail *t, weft_str *chunk, weft_error *err)
{
    size_t n = chunk->n < t->to_pass ? chunk->n : (size_t)t->to_pass;
    if (n == 0)
        return WEFT_OK;
    for (const char *p = chunk->p, *end = p + n;
         (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        t->lines++;
    t->passed = chunk->p[n - 1];
    t->to_pass -= n;
    t->offset += n;
    *chunk = weft_str_of(chunk->p + n, chunk->n - n);
    if (t->to_pass == 0 && t->passed != '\n')
        return weft_fail(err, WEFT_EUSAGE,
                         "%s: --from-offset: no line begins at byte %" PRIu64, t->name,
                         t->options.from);
    return WEFT_OK;
}

/* Where a packed file ends, only its end tells. */
static weft_code check_packed(const tail *t, weft_str head, weft_error *err)
{
    bool known;
    const char *packing = layer_packing(head, &known);
    return packing == NULL
               ? WEFT_OK
               : weft_fail(err, WEFT_ESYNTAX,
                           "%s: is packed with %s, and --follow reads only what grows as "
                           "text: use 'add' alone",
                           t->name, packing);
}

static weft_code keep(tail *t, weft_str chunk, weft_error *err)
{
    weft_code code = WEFT_OK;
    if (t->got == 0 && !t->checked && t->decoder == NULL)
        code = check_packed(t, chunk, err);
    t->got += chunk.n;
    if (code == WEFT_OK)
        code = pass_over(t, &chunk, err);
    if (t->at > 0) {
        memmove(t->buf.p, t->buf.p + t->at, t->buf.n - t->at);
        t->buf.n -= t->at;
        t->at = 0;
    }
    weft_buf_add(&t->buf, chunk);
    return code == WEFT_OK ? weft_buf_check(&t->buf, t->name, err) : code;
}

/* At the end of a followed file: whether more may come to it. A new file is only gone over to
 * once it holds something: until then the writer may still have the old one open. */
static fetched look(tail *t)
{
    struct stat mine, other;
    bool cut = fstat(t->fd, &mine) == 0 && (uint64_t)mine.st_size < t->got;
    if (cut || t->leaving)
        return FETCHED_ALL;
    if (stat(t->name, &other) != 0 || !S_ISREG(other.st_mode) || other.st_size == 0 ||
        (other.st_dev == mine.st_dev && other.st_ino == mine.st_ino))
        return FETCHED_NONE;
    t->leaving = true; /* and read on: it may have grown since the last look */
    return FETCHED_MORE;
}

/* Whether a read of a pipe would not wait. */
static bool is_ready(const tail *t)
{
    struct pollfd p = {.fd = t->fd, .events = POLLIN};
    return poll(&p, 1, 0) > 0;
}

static weft_code fail_short(const tail *t, weft_error *err)
{
    return weft_fail(err, WEFT_EUSAGE,
                     "%s: --from-offset %" PRIu64 " is past its end, at %" PRIu64
                     ": it was rotated or cut",
                     t->name, t->options.from, t->got);
}

static weft_code fetch(tail *t, fetched *what, weft_error *err)
{
    *what = FETCHED_NONE;
    if (t->stopped)
        return WEFT_OK;
    if (t->fd < 0) {
        weft_code code = open_named(t, err);
        if (code != WEFT_OK || t->fd < 0)
            return code;
    }
    if (!t->is_named && !is_ready(t))
        return WEFT_OK;
    ssize_t n = read(t->fd, t->raw, sizeof t->raw);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return WEFT_OK;
    if (n < 0)
        return weft_fail(err, WEFT_EIO, "%s: %s", t->name, strerror(errno));
    if (n > 0) {
        *what = FETCHED_MORE;
        return keep(t, weft_str_of(t->raw, (size_t)n), err);
    }
    if (t->to_pass > 0)
        return fail_short(t, err);
    *what = t->is_named ? look(t) : FETCHED_ALL;
    return WEFT_OK;
}

/* Find the end of a line in buf; its length, and what it takes with its line feed. The rest of
 * a file is a line when `all` is set. */
static bool find_line(tail *t, bool all, size_t *n, size_t *taken)
{
    const char *start = t->buf.p + t->at;
    size_t held = t->buf.n - t->at;
    const char *end = memchr(start + t->searched, '\n', held - t->searched);
    t->searched = end == NULL ? held : 0;
    if (end == NULL && held > WEFT_LINE_MAX + 1) {
        t->dropped += held; /* nothing is kept of a line that is too long */
        t->at = t->buf.n;
        t->searched = held = 0;
    }
    if (end == NULL && !(all && held + t->dropped > 0))
        return false;
    *n = end == NULL ? held : (size_t)(end - start);
    *taken = *n + (end == NULL ? 0 : 1);
    if (end == NULL)
        t->searched = 0;
    return true;
}

/* The first line with something in it tells the format. */
static weft_code check_first(tail *t, weft_str line, weft_error *err)
{
    const fmt_format *format;
    if (t->checked || weft_str_trim(line).n == 0)
        return WEFT_OK;
    t->checked = true;
    const char *end = t->decoder == NULL ? t->buf.p + t->buf.n : line.p + line.n;
    weft_str head = weft_str_of(line.p, (size_t)(end - line.p));
    head.n = head.n > CHUNK ? CHUNK : head.n;
    weft_code code = charset_check(t->name, head, err);
    if (code != WEFT_OK || t->options.named_format)
        return code;
    code = fmt_sniff_head(head, t->name, &format, err);
    if (code == WEFT_OK && strcmp(format->name, "ndjson") != 0)
        code =
            weft_fail(err, WEFT_EUSAGE,
                      "%s: looks like %s, and --follow reads only ndjson: use 'add' alone",
                      t->name, format->name);
    return code;
}

static weft_code decode(tail *t, weft_str *text, weft_error *err)
{
    if (t->decoder == NULL)
        return WEFT_OK;
    weft_buf_clear(&t->decoded);
    decoder_reset(t->decoder);
    weft_code code = decoder_add(t->decoder, *text, true, &t->decoded, t->name, err);
    *text = weft_buf_str(&t->decoded);
    return code == WEFT_OK ? weft_buf_check(&t->decoded, t->name, err) : code;
}

static weft_code give_line(tail *t, size_t n, size_t taken, input_line *line,
                           weft_error *err)
{
    weft_str text = weft_str_of(t->buf.p + t->at, n);
    weft_code code = decode(t, &text, err);
    if (t->offset == 0 && weft_str_starts(text, "\xEF\xBB\xBF"))
        text = weft_str_of(text.p + BOM_BYTES, text.n - BOM_BYTES);
    if (text.n > 0 && text.p[text.n - 1] == '\r')
        text.n--;
    if (code == WEFT_OK)
        code = check_first(t, text, err);
    *line = (input_line){.number = ++t->lines,
                         .too_long = t->dropped > 0 || text.n > WEFT_LINE_MAX};
    if (!line->too_long)
        line->text = text;
    t->at += taken;
    t->offset += taken + t->dropped;
    t->dropped = 0;
    return code;
}

/* Go over to the new file, or to the start of one that was cut. */
static weft_code turn(tail *t, weft_error *err)
{
    t->offset = t->lines = t->got = 0;
    if (t->leaving) {
        t->leaving = false;
        close_file(t);
        return open_named(t, err);
    }
    return lseek(t->fd, 0, SEEK_SET) == 0
               ? WEFT_OK
               : weft_fail(err, WEFT_EIO, "%s: %s", t->name, strerror(errno));
}

weft_code tail_next(tail *t, input_line *line, tail_news *news, weft_error *err)
{
    fetched what = FETCHED_MORE;
    size_t n, taken;
    while (what == FETCHED_MORE) {
        *news = TAIL_LINE;
        if (find_line(t, false, &n, &taken))
            return give_line(t, n, taken, line, err);
        weft_code code = fetch(t, &what, err);
        if (code != WEFT_OK)
            return code;
    }
    *news = TAIL_NONE;
    if (what == FETCHED_NONE)
        return WEFT_OK;
    *news = TAIL_LINE;
    if (find_line(t, true, &n, &taken))
        return give_line(t, n, taken, line, err);
    *news = t->is_named ? TAIL_TURN : TAIL_END;
    return t->is_named ? turn(t, err) : WEFT_OK;
}

void tail_stop(tail *t)
{
    t->stopped = true;
}

int tail_fd(const tail *t)
{
    return t->is_named ? t->watch.fd : t->fd;
}

int tail_patience_ms(const tail *t)
{
    return t->is_named ? LOOK_MS : -1;
}

void tail_awake(tail *t)
{
    if (t->is_named)
        watch_drain(&t->watch);
}

tail_place tail_at(const tail *t)
{
    return (tail_place){t->offset, t->lines, t->inode};
}

const char *tail_name(const tail *t)
{
    return t->name;
}

/* paper.c - paragraphs of styled text, indented and broken to the terminal's width. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "paper.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "weft/mem.h"
#include "banned.h"

#define ELLIPSIS "\xE2\x80\xA6"

enum {
    FORMATTED_MAX = 512
}; /* bytes of one paper_addf, which is for our own short words */

static const char *const escapes[CELL_STYLE_COUNT] = {[CELL_TITLE] = "\033[1m",
                                                      [CELL_NAME] = "\033[36m",
                                                      [CELL_DIM] = "\033[2m",
                                                      [CELL_MARK] = "\033[1;31m"};

void paper_init(paper *p, void *mem, FILE *file, size_t columns, bool colour)
{
    *p = (paper){.mem = mem,
                 .file = file,
                 .columns = columns,
                 .colour = colour,
                 .row = {.mem = mem}};
    if (columns < PAPER_COLUMNS_MIN)
        p->columns = PAPER_COLUMNS_MIN;
    if (columns > PAPER_COLUMNS_MAX)
        p->columns = PAPER_COLUMNS_MAX;
    weft_buf_init(&p->out, mem, PAPER_BYTES_MAX);
}

size_t paper_columns_of(int fd)
{
    struct winsize size = {0};
    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return PAPER_COLUMNS_DEFAULT;
}

void paper_add(paper *p, cell_style style, weft_str text)
{
    cells_add(&p->row, style, text);
}

void paper_add_text(paper *p, cell_style style, const char *text)
{
    cells_add(&p->row, style, weft_str_from(text));
}

void paper_add_marked(paper *p, cell_style style, weft_str text, const cell_mark *marks,
                      size_t count)
{
    cells_add_marked(&p->row, style, text, marks, count);
}

void paper_addf(paper *p, cell_style style, const char *fmt, ...)
{
    char text[FORMATTED_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    paper_add_text(p, style, text);
}

static void put_cells(paper *p, const cell *c, size_t n)
{
    uint8_t now = CELL_PLAIN;
    for (size_t i = 0; i < n; i++) {
        if (p->colour && c[i].style != now) {
            if (now != CELL_PLAIN)
                weft_buf_add_text(&p->out, "\033[0m");
            if (c[i].style != CELL_PLAIN)
                weft_buf_add_text(&p->out, escapes[c[i].style]);
            now = c[i].style;
        }
        char bytes[CELL_UTF8_MAX];
        weft_buf_add(&p->out, weft_str_of(bytes, cells_encode(c[i].codepoint, bytes)));
    }
    if (now != CELL_PLAIN)
        weft_buf_add_text(&p->out, "\033[0m");
}

/* The margin and the indent before a line's text. */
static void put_start(paper *p, size_t indent)
{
    if (p->pointed)
        weft_buf_add_char(&p->out, '>');
    for (size_t i = p->pointed ? 1 : 0; i < indent; i++)
        weft_buf_add_char(&p->out, ' ');
}

/* The margin takes two columns. */
static size_t indent_of(const paper *p, size_t indent)
{
    return p->pointed && indent < PAPER_INDENT ? PAPER_INDENT : indent;
}

static size_t room(const paper *p, size_t indent)
{
    return indent + PAPER_COLUMNS_MIN / 4 > p->columns ? PAPER_COLUMNS_MIN / 4
                                                       : p->columns - indent;
}

/* The paragraph is done: pass on what failed, start the next. */
static void end_row(paper *p)
{
    if (p->row.failed != WEFT_OK && p->out.failed == WEFT_OK)
        p->out.failed = p->row.failed;
    cells_clear(&p->row);
}

void paper_wrap(paper *p, size_t indent)
{
    indent = indent_of(p, indent);
    const cell *c = p->row.p;
    size_t left = p->row.n;
    while (left > 0) {
        size_t next;
        size_t n = cells_line(c, left, room(p, indent), &next);
        put_start(p, indent);
        put_cells(p, c, n);
        weft_buf_add_char(&p->out, '\n');
        c += next;
        left -= next;
    }
    end_row(p);
}

void paper_cut(paper *p, size_t indent)
{
    indent = indent_of(p, indent);
    size_t columns = room(p, indent);
    put_start(p, indent);
    size_t n = p->row.n;
    bool whole = cells_fit(p->row.p, n, columns) == n;
    if (!whole)
        n = cells_fit(p->row.p, n, columns - 1);
    while (n > 0 && p->row.p[n - 1].codepoint == ' ')
        n--;
    put_cells(p, p->row.p, n);
    weft_buf_add_text(&p->out, whole ? "\n" : ELLIPSIS "\n");
    end_row(p);
}

void paper_long(paper *p)
{
    put_cells(p, p->row.p, p->row.n);
    weft_buf_add_char(&p->out, '\n');
    end_row(p);
}

void paper_body(paper *p, size_t indent, weft_str text)
{
    weft_str rest = weft_str_trim(text), line;
    bool empty = false;
    while (weft_str_next_line(&rest, &line)) {
        if (weft_str_trim(line).n == 0) {
            empty = true;
            continue;
        }
        if (empty)
            paper_blank(p);
        empty = false;
        paper_add(p, CELL_PLAIN, line);
        paper_wrap(p, indent);
    }
}

void paper_blank(paper *p)
{
    weft_buf_add_text(&p->out, p->pointed ? ">\n" : "\n");
}

void paper_json(paper *p, weft_str json, bool is_terminal)
{
    for (size_t i = 0; is_terminal && i < json.n;) {
        uint32_t codepoint;
        size_t n = cells_decode(json.p + i, json.n - i, &codepoint);
        if (!cells_is_unsafe(codepoint))
            weft_buf_add(&p->out, weft_str_of(json.p + i, n));
        else if (codepoint > 0xFFFF) /* beyond 16 bits JSON takes a surrogate pair */
            weft_buf_addf(&p->out, "\\u%04x\\u%04x", 0xD800 + ((codepoint - 0x10000) >> 10),
                          0xDC00 + (codepoint & 0x3FF));
        else
            weft_buf_addf(&p->out, "\\u%04x", codepoint);
        i += n;
    }
    if (!is_terminal)
        weft_buf_add(&p->out, json);
    weft_buf_add_char(&p->out, '\n');
}

size_t paper_indent(const paper *p, size_t depth)
{
    size_t most = p->columns / 2;
    return depth > most / PAPER_INDENT ? most : depth * PAPER_INDENT;
}

weft_code paper_flush(paper *p, weft_error *err)
{
    if (p->out.failed == WEFT_ELIMIT)
        return weft_fail(err, WEFT_EIO,
                         "the reply is too long to be shown; --json prints it");
    weft_code code = weft_buf_check(&p->out, "what is to be shown", err);
    if (code != WEFT_OK)
        return code;
    size_t written = fwrite(p->out.p, 1, p->out.n, p->file);
    if (written != p->out.n || fflush(p->file) != 0)
        return errno == EPIPE ? WEFT_OK
                              : weft_fail(err, WEFT_EIO, "write: %s", strerror(errno));
    weft_buf_clear(&p->out);
    return WEFT_OK;
}

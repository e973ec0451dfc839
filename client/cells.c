/* cells.c - a text as the columns of a terminal.
 *
 * Everything a stranger wrote passes here before it reaches a terminal: an author called
 * "\033]0;..." must not command it, a right-to-left override must not reverse the line, and
 * a heap of accents must not paint over others.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cells.h"

#include <wchar.h>

#include "weft/mem.h"
#include "banned.h"

enum { REPLACEMENT = 0xFFFD, FIRST_CELLS = 128 };

size_t cells_decode(const char *p, size_t n, uint32_t *codepoint)
{
    const unsigned char *u = (const unsigned char *)p;
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    *codepoint = u[0];
    if (u[0] < 0x80)
        return 1;
    size_t length = u[0] >= 0xF0 ? 4 : u[0] >= 0xE0 ? 3 : 2;
    *codepoint = REPLACEMENT;
    if (u[0] < 0xC2 || u[0] > 0xF4 || length > n)
        return 1;
    uint32_t value = u[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((u[i] & 0xC0) != 0x80)
            return 1;
        value = value << 6 | (u[i] & 0x3Fu);
    }
    if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 1;
    *codepoint = value;
    return length;
}

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x2028 || c == 0x2029;
}

static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/* Characters that show nothing and change how others are shown: direction, annotations,
 * tags, soft hyphens, BOM. */
static bool is_dropped(uint32_t c)
{
    return c == 0xAD || c == 0xFEFF || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE007F);
}

bool cells_is_unsafe(uint32_t codepoint)
{
    return is_control(codepoint) || is_dropped(codepoint);
}

/* wcwidth knows the locale's width; what it does not know (characters newer than it) takes
 * one column. */
static uint8_t width_of(uint32_t c)
{
    if (c < 0x7F)
        return 1;
    int width = wcwidth((wchar_t)c);
    return width < 0 ? 1 : (uint8_t)(width > 2 ? 2 : width);
}

static void append(cells *c, uint32_t codepoint, uint8_t width, cell_style style)
{
    if (c->failed != WEFT_OK)
        return;
    if (c->n == c->size) {
        size_t size = c->size == 0 ? FIRST_CELLS : c->size * 2;
        cell *grown = weft_grow_array(c->mem, c->p, cell, size);
        if (grown == NULL) {
            c->failed = WEFT_ENOMEM;
            return;
        }
        c->p = grown;
        c->size = size;
    }
    c->p[c->n++] = (cell){.codepoint = codepoint, .width = width, .style = (uint8_t)style};
}

/* Whether the last cells are so many joining characters that one more must go. */
static bool combining_full(const cells *c)
{
    size_t run = 0;
    while (run < c->n && run < CELL_COMBINING_MAX && c->p[c->n - 1 - run].width == 0)
        run++;
    return run == CELL_COMBINING_MAX;
}

static void add_codepoint(cells *c, uint32_t codepoint, cell_style style)
{
    if (is_space(codepoint)) {
        if (c->n > 0 && c->p[c->n - 1].codepoint != ' ')
            append(c, ' ', 1, style);
        return;
    }
    if (is_dropped(codepoint))
        return;
    if (is_control(codepoint))
        codepoint = REPLACEMENT;
    uint8_t width = width_of(codepoint);
    if (width > 0 || !combining_full(c))
        append(c, codepoint, width, style);
}

void cells_add_marked(cells *c, cell_style style, weft_str text, const cell_mark *marks,
                      size_t count)
{
    size_t mark = 0;
    for (size_t i = 0; i < text.n;) {
        while (mark < count && marks[mark].end <= i)
            mark++;
        bool marked = mark < count && marks[mark].start <= i;
        uint32_t codepoint;
        size_t length = cells_decode(text.p + i, text.n - i, &codepoint);
        add_codepoint(c, codepoint, marked ? CELL_MARK : style);
        i += length;
    }
}

void cells_add(cells *c, cell_style style, weft_str text)
{
    cells_add_marked(c, style, text, NULL, 0);
}

void cells_clear(cells *c)
{
    c->n = 0;
    c->failed = WEFT_OK;
}

size_t cells_columns(const cell *c, size_t n)
{
    size_t columns = 0;
    for (size_t i = 0; i < n; i++)
        columns += c[i].width;
    return columns;
}

size_t cells_fit(const cell *c, size_t n, size_t columns)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (used + c[i].width > columns)
            return i;
        used += c[i].width;
    }
    return n;
}

/* Whether a line may end before cell i (0 < i < n), which is no space. */
static bool breaks_before(const cell *c, size_t i)
{
    return c[i].width == 2 || (c[i].width > 0 && c[i - 1].width == 2);
}

static size_t skip_spaces(const cell *c, size_t n, size_t i)
{
    while (i < n && c[i].codepoint == ' ')
        i++;
    return i;
}

size_t cells_line(const cell *c, size_t n, size_t columns, size_t *next)
{
    size_t fit = cells_fit(c, n, columns);
    size_t end = fit;
    if (fit < n && c[fit].codepoint != ' ') {
        while (end > 0 && c[end - 1].codepoint != ' ' && !breaks_before(c, end))
            end--;
        if (end == 0)
            end = fit > 0 ? fit : 1;
    }
    *next = skip_spaces(c, n, end);
    while (end > 0 && c[end - 1].codepoint == ' ')
        end--;
    return end;
}

size_t cells_encode(uint32_t codepoint, char out[CELL_UTF8_MAX])
{
    if (codepoint < 0x80) {
        out[0] = (char)codepoint;
        return 1;
    }
    size_t n = codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (codepoint & 0x3F));
        codepoint >>= 6;
    }
    out[0] = (char)(lead[n] | codepoint);
    return n;
}

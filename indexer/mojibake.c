/* mojibake.c - mend text that was encoded as UTF-8 twice. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mojibake.h"

#include "weft/mem.h"
#include "banned.h"

/* The characters windows-1252 has at 0x80 to 0x9F, 0 where it has none (Latin-1's control
 * character is taken then). */
static const unsigned cp1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/* Bytes of the character that begins with this byte of valid UTF-8. */
static size_t character_bytes(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* The byte that the character of n bytes at p came from, or -1. */
static int byte_of(const unsigned char *p, size_t n)
{
    unsigned c = 0;
    if (n == 2)
        c = (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    else if (n == 3)
        c = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    if (c >= 0x80 && c <= 0xFF)
        return (int)c;
    for (int i = 0; i < 32; i++)
        if (c != 0 && cp1252[i] == c)
            return 0x80 + i;
    return -1;
}

/* Add a run of such bytes: as the UTF-8 they spell when they do, else as the characters
 * they were. */
static weft_code add_run(weft_buf *out, weft_buf *run, weft_str was, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    weft_str same;
    size_t repaired = 0;
    weft_code code = weft_buf_check(run, "text", err);
    if (code == WEFT_OK)
        code = weft_utf8_repair(tmp, weft_buf_str(run), &same, &repaired, err);
    weft_buf_add(out, repaired == 0 ? weft_buf_str(run) : was);
    weft_buf_clear(run);
    return code;
}

weft_code mojibake_mend(void *mem, weft_str text, weft_str *out, weft_error *err)
{
    weft_buf mended, run;
    weft_buf_init(&mended, mem, text.n);
    weft_buf_init(&run, mem, text.n);
    size_t run_start = 0;
    for (size_t i = 0, n; i < text.n; i += n) {
        const unsigned char *p = (const unsigned char *)text.p + i;
        n = character_bytes(p[0]);
        int byte = i + n > text.n ? -1 : byte_of(p, n);
        if (byte >= 0) {
            run_start = run.n == 0 ? i : run_start;
            weft_buf_add_char(&run, (char)(unsigned char)byte);
            continue;
        }
        weft_code code = run.n == 0
                             ? WEFT_OK
                             : add_run(&mended, &run,
                                       weft_str_of(text.p + run_start, i - run_start), err);
        if (code != WEFT_OK)
            return code;
        weft_buf_add(&mended, weft_str_of(text.p + i, n < text.n - i ? n : text.n - i));
    }
    weft_code code = weft_buf_check(&run, "text", err);
    if (code == WEFT_OK && run.n > 0)
        code = add_run(&mended, &run, weft_str_of(text.p + run_start, text.n - run_start),
                       err);
    if (code == WEFT_OK)
        code = weft_buf_check(&mended, "text", err);
    if (code == WEFT_OK)
        *out = weft_buf_str(&mended);
    return code;
}

weft_code mojibake_mend_record(void *mem, weft_record *r, weft_error *err)
{
    const char **texts[] = {&r->title, &r->body, &r->author, &r->section, &r->site};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] + r->tag_count; i++) {
        const char **text = i < sizeof texts / sizeof texts[0]
                                ? texts[i]
                                : &r->tags[i - sizeof texts / sizeof texts[0]];
        weft_str mended;
        if (*text == NULL)
            continue;
        weft_code code = mojibake_mend(mem, weft_str_from(*text), &mended, err);
        if (code != WEFT_OK)
            return code;
        *text = mended.p;
    }
    return WEFT_OK;
}

/* xml_scan.c - the bytes under xml.c. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "xml_scan.h"

#include "weft/mem.h"
#include "banned.h"

bool xml_is_space(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool xml_is_name_start(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           c >= 0x80;
}

int xml_peek(xml *x)
{
    bool more = true;
    while (x->chunk.n == 0 && !x->ended && x->failed == WEFT_OK) {
        x->failed = input_next_chunk(x->in, &x->chunk, &more, x->err);
        x->ended = !more;
    }
    return x->chunk.n == 0 || x->failed != WEFT_OK ? -1 : (unsigned char)*x->chunk.p;
}

static void use(xml *x, size_t n)
{
    const char *end = x->chunk.p + n;
    for (const char *p = x->chunk.p; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
        x->line++;
    x->chunk = weft_str_of(end, x->chunk.n - n);
}

void xml_pass(xml *x)
{
    use(x, x->chunk.n > 0 ? 1 : 0);
}

void xml_keep(weft_buf *keep, weft_str text)
{
    if (keep == NULL)
        return;
    size_t room = keep->cap_bytes > keep->n ? keep->cap_bytes - keep->n : 0;
    weft_buf_add(keep, weft_str_of(text.p, text.n < room ? text.n : room));
}

void xml_run(xml *x, char stop, char other, weft_buf *keep)
{
    while (xml_peek(x) >= 0) {
        weft_str run = x->chunk;
        const char *end = memchr(run.p, stop, run.n);
        if (end != NULL)
            run.n = (size_t)(end - run.p);
        const char *sooner = other == stop ? NULL : memchr(run.p, other, run.n);
        if (sooner != NULL)
            run.n = (size_t)(sooner - run.p);
        xml_keep(keep, run);
        use(x, run.n);
        if (end != NULL || sooner != NULL)
            return;
    }
}

/* The last bytes before a '>', over the ends of chunks. */
static void remember(char tail[2], weft_str run)
{
    if (run.n == 0)
        return;
    tail[0] = run.n > 1 ? run.p[run.n - 2] : tail[1];
    tail[1] = run.p[run.n - 1];
}

bool xml_pass_mark(xml *x, const char *mark, weft_buf *keep)
{
    size_t before = strlen(mark) - 1; /* bytes of it before its '>' */
    size_t start = keep == NULL ? 0 : keep->n;
    char tail[2] = {0, 0};
    while (xml_peek(x) >= 0) {
        weft_str run = x->chunk;
        const char *end = memchr(run.p, '>', run.n);
        if (end != NULL)
            run.n = (size_t)(end - run.p);
        remember(tail, run);
        xml_keep(keep, run);
        use(x, run.n + (end != NULL ? 1 : 0));
        if (end != NULL && memcmp(tail + 2 - before, mark, before) == 0) {
            if (keep != NULL && keep->n < keep->cap_bytes && keep->n - start >= before)
                keep->n -= before;
            return true;
        }
        if (end != NULL) {
            xml_keep(keep, weft_str_of(">", 1));
            remember(tail, weft_str_of(">", 1));
        }
    }
    return false;
}

/* The rest of s behind the next mark; empty when it does not come. */
static weft_str behind(weft_str s, const char *mark)
{
    const char *at = memmem(s.p, s.n, mark, strlen(mark));
    if (at == NULL)
        return weft_str_of(NULL, 0);
    at += strlen(mark);
    return weft_str_of(at, (size_t)(s.p + s.n - at));
}

weft_str xml_root(weft_str head)
{
    weft_str rest = behind(head, "<?xml ");
    if (rest.n == 0)
        rest = head;
    for (;;) {
        const char *tag = rest.n == 0 ? NULL : memchr(rest.p, '<', rest.n - 1);
        if (tag == NULL)
            return weft_str_of(NULL, 0);
        rest = weft_str_of(tag, (size_t)(rest.p + rest.n - tag));
        if (xml_is_name_start((unsigned char)tag[1]))
            break;
        rest = behind(rest, weft_str_starts(rest, "<!--") ? "-->" : ">");
    }
    weft_str name = weft_str_of(rest.p + 1, 0);
    while (name.n < rest.n - 1 && !xml_is_space(name.p[name.n]) && name.p[name.n] != '>' &&
           name.p[name.n] != '/')
        name.n++;
    const char *colon = memchr(name.p, ':', name.n);
    return colon == NULL ? name
                         : weft_str_of(colon + 1, (size_t)(name.p + name.n - colon - 1));
}

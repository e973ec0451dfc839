/* snippet.c - choose the best window of a text for a query.
 *
 * The text is first laid flat: one line, white space runs as one space, what is to be
 * skipped left out. All positions from then on are positions in that line, so that marks
 * need no translation. Then the hits are found, a window is slid over them, and the winner
 * is widened to the limit, at spaces where there are some, else at graphemes.
 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "weft/snippet.h"

#include <unicode/uchar.h>

#include "weft/limits.h"
#include "weft/mem.h"

#include "chars.h"
#include "snippet_hits.h"
#include "tokenizer.h"
#include "banned.h"

static const char ELLIPSIS[] = "\xE2\x80\xA6";

enum {
    ELLIPSIS_BYTES = 3,
    ELLIPSIS_FROM_BYTES = 24 /* a smaller limit has no room to spare */
};

struct flat {
    char *p;
    size_t n;
    uint32_t *breaks; /* where something was left out */
    size_t break_count;
};

/* The part of the flat text to show, and what a cut costs. */
struct window {
    weft_str text;
    size_t limit, ellipsis;
    size_t start, end;
};

static bool is_space(uint32_t c)
{
    return c < 0x80 ? is_ascii_space((char)c) : u_isUWhiteSpace((UChar32)c);
}

static void add_space(struct flat *f)
{
    if (f->n > 0 && f->p[f->n - 1] != ' ')
        f->p[f->n++] = ' ';
}

static void add_bytes(struct flat *f, const char *p, size_t n)
{
    memcpy(f->p + f->n, p, n);
    f->n += n;
}

static void flatten_part(struct flat *f, weft_str s)
{
    size_t i = 0;
    while (i < s.n) {
        size_t from = i;
        while (i < s.n && (unsigned char)(s.p[i] - '!') <= '~' - '!')
            i++;
        add_bytes(f, s.p + from, i - from);
        if (i == s.n)
            return;
        from = i;
        if (is_space(char_at(s, i, &i)))
            add_space(f);
        else
            add_bytes(f, s.p + from, i - from);
    }
}

/* skip may be anything: spans out of order, out of range or inside a character are put
 * right or passed over. */
static weft_code flatten(void *mem, weft_str text, const weft_span *skip, size_t skip_count,
                         struct flat *f, weft_error *err)
{
    f->p = talloc_size(mem, text.n + skip_count + 1);
    f->breaks = weft_new_array(mem, uint32_t, skip_count);
    if (f->p == NULL || f->breaks == NULL)
        return weft_fail_nomem(err);
    size_t from = 0;
    for (size_t i = 0; i < skip_count; i++) {
        size_t start = weft_utf8_cut(text, skip[i].start),
               end = weft_utf8_cut(text, skip[i].end);
        if (start < from || end <= start)
            continue;
        flatten_part(f, weft_str_of(text.p + from, start - from));
        add_space(f);
        f->breaks[f->break_count++] = (uint32_t)f->n;
        from = end;
    }
    flatten_part(f, weft_str_of(text.p + from, text.n - from));
    if (f->n > 0 && f->p[f->n - 1] == ' ')
        f->n--;
    return WEFT_OK;
}

/* Whether some window of the limit can show [start, end): in the middle, from the
 * beginning, or to the end. */
static bool fits(const struct window *w, size_t start, size_t end)
{
    size_t before = start == 0 ? 0 : w->ellipsis,
           after = end == w->text.n ? 0 : w->ellipsis;
    return before + end - start + after <= w->limit || end + after <= w->limit ||
           before + w->text.n - start <= w->limit;
}

/* The stretch of hits with the most different items, then the most hits, then the first. */
static weft_code choose(const struct window *w, void *tmp, const hits *h, size_t *first,
                        size_t *last, weft_error *err)
{
    uint32_t *counts = weft_new_array(tmp, uint32_t, h->item_count);
    if (counts == NULL)
        return weft_fail_nomem(err);
    size_t different = 0, best_different = 0, best_total = 0;
    for (size_t left = 0, right = 0; right < h->n; right++) {
        different += counts[h->p[right].item]++ == 0;
        while (left < right && !fits(w, h->p[left].start, h->p[right].end)) {
            different -= --counts[h->p[left].item] == 0;
            left++;
        }
        size_t total = right - left + 1;
        if (different < best_different ||
            (different == best_different && total <= best_total))
            continue;
        best_different = different;
        best_total = total;
        *first = left;
        *last = right;
    }
    return WEFT_OK;
}

/* The first place in [from, to] after a space (from is not 0), or from moved on to a
 * grapheme. */
static size_t start_from(weft_tokenizer *t, weft_str text, size_t from, size_t to)
{
    for (size_t i = from - 1; i < to; i++)
        if (text.p[i] == ' ' && grapheme_before(t, text, i + 1) == i + 1)
            return i + 1;
    size_t start = grapheme_after(t, text, weft_utf8_cut(text, from));
    return start < to ? start : to;
}

/* The last space in [from, to], or to moved back to a grapheme; never before from. */
static size_t end_at(weft_tokenizer *t, weft_str text, size_t from, size_t to)
{
    for (size_t i = to; i > 0 && i >= from; i--)
        if (text.p[i] == ' ' && grapheme_before(t, text, i) == i)
            return i;
    size_t end = grapheme_before(t, text, to);
    return end > from ? end : from;
}

/* Where to begin so that half of the room left lies before `start`, all of it when the end
 * of the text is near. */
static size_t ideal_start(const struct window *w, size_t start, size_t end)
{
    size_t n = w->text.n, after = end == n ? 0 : w->ellipsis;
    size_t needed = end - start + w->ellipsis + after;
    size_t room = needed < w->limit ? w->limit - needed : 0;
    size_t from = start > room / 2 ? start - room / 2 : 0;
    if (n - from + w->ellipsis < w->limit)
        from = n + w->ellipsis - w->limit;
    bool reaches_start = end + after <= w->limit;
    if (reaches_start && (needed > w->limit || from <= w->ellipsis + room / 4))
        from = 0; /* the only way to show it all; or a few words away, which a whole
                     beginning is worth */
    return from < start ? from : start;
}

/* Widens [start, end), which fits but for a single word that is too long, to the window. */
static void place(struct window *w, weft_tokenizer *t, size_t start, size_t end)
{
    size_t n = w->text.n;
    if (n <= w->limit) {
        w->end = n;
        return;
    }
    start = grapheme_before(t, w->text, start);
    end = grapheme_after(t, w->text, end);
    if (!fits(w, start, end))
        w->ellipsis = 0;
    size_t from = ideal_start(w, start, end);
    w->start = from == 0 ? 0 : start_from(t, w->text, from, start);
    size_t room = w->limit - (w->start == 0 ? 0 : w->ellipsis);
    if (n - w->start <= room) {
        w->end = n;
        return;
    }
    size_t to = weft_utf8_cut(w->text, w->start + room - w->ellipsis);
    if (to >= end)
        w->end = end_at(t, w->text, end, to);
    else /* the word alone is over the limit */
        w->end = grapheme_before(t, w->text, to);
    if (w->end < w->start)
        w->end = w->start;
}

/* Marks of hits in the window; of words cut by its edges only of those it was made for. */
static void mark(const struct window *w, const hits *found, size_t first, size_t last,
                 weft_snippet *out)
{
    size_t shift = w->start == 0 ? 0 : w->ellipsis;
    bool was_cjk = false;
    for (size_t i = 0; i < found->n && found->p[i].start < w->end; i++) {
        hit h = found->p[i];
        bool whole = h.start >= w->start && h.end <= w->end;
        if (!whole && (i < first || i > last || h.end <= w->start))
            continue;
        size_t start = (h.start > w->start ? h.start : w->start) - w->start + shift;
        size_t end = (h.end < w->end ? h.end : w->end) - w->start + shift;
        weft_span *before = out->mark_count == 0 ? NULL : &out->marks[out->mark_count - 1];
        bool joins = before != NULL &&
                     (start < before->end || (start == before->end && was_cjk && h.is_cjk));
        was_cjk = h.is_cjk;
        if (!joins)
            out->marks[out->mark_count++] = (weft_span){(uint32_t)start, (uint32_t)end};
        else if (end > before->end)
            before->end = (uint32_t)end;
    }
}

static weft_code render(void *mem, const struct window *w, weft_snippet *out,
                        weft_error *err)
{
    weft_buf b;
    weft_buf_init(&b, mem, WEFT_SNIPPET_MAX + 2 * ELLIPSIS_BYTES);
    if (w->start > 0 && w->ellipsis > 0)
        weft_buf_add_text(&b, ELLIPSIS);
    weft_buf_add(&b, weft_str_of(w->text.p + w->start, w->end - w->start));
    if (w->end < w->text.n && w->ellipsis > 0)
        weft_buf_add_text(&b, ELLIPSIS);
    out->text = weft_buf_str(&b);
    return weft_buf_check(&b, "snippet", err);
}

/* No mark is empty and they do not overlap: there are no more of them than bytes, nor than
 * hits. */
static weft_code make_marks(void *mem, const struct window *w, const hits *h, size_t first,
                            size_t last, weft_snippet *out, weft_error *err)
{
    size_t size = h->n < WEFT_SNIPPET_MAX ? h->n : WEFT_SNIPPET_MAX;
    out->marks = weft_new_array(mem, weft_span, size);
    if (out->marks == NULL)
        return weft_fail_nomem(err);
    if (w->end > w->start)
        mark(w, h, first, last, out);
    return WEFT_OK;
}

weft_code weft_snippet_make(void *mem, weft_tokenizer *tokenizer, weft_stemmer *stemmer,
                            int language, weft_str text, const weft_span *skip,
                            size_t skip_count, const weft_wanted *wanted,
                            size_t limit_bytes, weft_snippet *out, weft_error *err)
{
    weft_scope void *tmp = talloc_new(NULL);
    if (tmp == NULL)
        return weft_fail_nomem(err);
    struct flat flat = {0};
    weft_code code = flatten(tmp, text, skip, skip_count, &flat, err);
    if (code != WEFT_OK)
        return code;
    hits_search search = {
        tokenizer,   stemmer,          language, weft_str_of(flat.p, flat.n),
        flat.breaks, flat.break_count, wanted};
    hits found;
    code = hits_find(tmp, &search, &found, err);
    if (code != WEFT_OK)
        return code;
    struct window w = {.text = search.text};
    w.limit = limit_bytes < WEFT_SNIPPET_MAX ? limit_bytes : WEFT_SNIPPET_MAX;
    w.ellipsis = w.limit >= ELLIPSIS_FROM_BYTES ? ELLIPSIS_BYTES : 0;
    size_t first = 0, last = 0;
    code = choose(&w, tmp, &found, &first, &last, err);
    if (code != WEFT_OK)
        return code;
    if (found.n > 0)
        place(&w, tokenizer, found.p[first].start, found.p[last].end);
    else
        place(&w, tokenizer, 0, 0);
    weft_snippet made = {0};
    code = render(mem, &w, &made, err);
    if (code == WEFT_OK)
        code = make_marks(mem, &w, &found, first, last, &made, err);
    if (code == WEFT_OK)
        *out = made;
    return code;
}

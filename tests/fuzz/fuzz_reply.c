/* fuzz_reply.c - whatever a server replies, weft prints clean UTF-8 or says why not, and
 * never a control character. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <locale.h>
#include <stdint.h>

#include "weft/mem.h"
#include "client/render.h"
#include "client/reply.h"
#include "banned.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_clean(paper *p)
{
    const weft_buf *out = &p->out;
    for (size_t i = 0; i < out->n;) {
        uint32_t c;
        i += cells_decode(out->p + i, out->n - i, &c);
        assert(c == '\n' || !cells_is_unsafe(c));
    }
    weft_buf_clear(&p->out);
}

static void print_all(void *mem, const json_t *reply, weft_str line)
{
    paper p;
    paper_init(&p, mem, NULL, PAPER_COLUMNS_MIN, false);
    render_search(&p, reply, 3);
    check_clean(&p);
    render_article(&p, reply);
    render_comments(&p, reply, weft_str_from("comment:c1"));
    check_clean(&p);
    render_record(&p, reply);
    check_clean(&p);
    render_values(&p, reply);
    check_clean(&p);
    size_t at = line.n / 2;
    render_problem(&p, "weft: ", reply_text(reply, "message"), line, &at);
    check_clean(&p);
    paper_json(&p, line, true);
    paper_init(&p, mem, NULL, PAPER_COLUMNS_MAX, true);
    render_search(&p, reply, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    weft_scope void *mem = talloc_new(NULL);
    weft_error err = {0};
    json_t *reply;
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        return 0;
    weft_str line = weft_str_of((const char *)bytes, n);
    weft_code code = reply_parse(line, &reply, &err);
    assert((code == WEFT_OK) == (err.code == WEFT_OK));
    assert(code != WEFT_OK || reply != NULL);
    if (reply != NULL)
        print_all(mem, reply, line);
    json_decref(reply);
    return 0;
}

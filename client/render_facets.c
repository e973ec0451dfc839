/* render_facets.c - counts of the hits by author, section and so on: one line a facet. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render.h"

#include "reply.h"
#include "banned.h"

static void add_pair(paper *p, const json_t *pair)
{
    const json_t *value = json_array_get(pair, 0), *count = json_array_get(pair, 1);
    paper_add(p, CELL_PLAIN,
              weft_str_of(json_string_value(value), json_string_length(value)));
    paper_addf(p, CELL_DIM, " %lld", (long long)json_integer_value(count));
}

void render_facets(paper *p, const json_t *reply)
{
    const char *name;
    json_t *pairs;
    json_object_foreach(json_object_get(reply, "facets"), name, pairs)
    {
        if (json_array_size(pairs) == 0)
            continue;
        paper_add_text(p, CELL_NAME, name);
        paper_add_text(p, CELL_DIM, ": ");
        for (size_t i = 0; i < json_array_size(pairs); i++) {
            if (i > 0)
                paper_add_text(p, CELL_DIM, ", ");
            add_pair(p, json_array_get(pairs, i));
        }
        paper_wrap(p, 0);
    }
    if (json_is_false(json_object_get(reply, "facets_exact"))) {
        paper_add_text(p, CELL_DIM, "(not every hit was counted for these)");
        paper_wrap(p, 0);
    }
}

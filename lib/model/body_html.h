/* body_html.h - what the scanner of HTML and the effects of its elements share. */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_BODY_HTML_H
#define MODEL_BODY_HTML_H

#include "body_parts.h"

enum { HTML_LISTS_MAX = 16 /* deeper ones count on as the innermost of these */ };

/** A tag, and the few attributes that matter, as written. */
typedef struct html_tag {
    weft_str name;
    bool closes;
    size_t end; /* byte behind its '>' */
    weft_str href, alt, class_names, quoted;
} html_tag;

/** A body at work. There is no tree and no stack of elements: what is open is counted, so that
 * nothing grows with the depth and an end without a beginning ends nothing. */
typedef struct html {
    weft_str body;
    size_t at;
    body_out *out;
    body_shortcodes codes;
    bool in_p;              /* said so by <p>: a line end in it is a space */
    bool bare;              /* the break that is due is that of a line end */
    unsigned free_newlines; /* line ends that add no break: a tag has made it */
    unsigned pre, code;
    unsigned asides, title_divs; /* Discourse's quotes, and the heads of them, which are
                                    dropped */
    bool is_ordered[HTML_LISTS_MAX];
    unsigned item[HTML_LISTS_MAX], lists;
    bool in_link;
    size_t link_start;
    weft_buf url, name;
    bool plain_tags; /* a quote mark was never closed: tags end at the next '>' */
    bool no_more_tags;
    unsigned unclosed; /* bit for each dropped element whose end is not to come */
} html;

/** Words outside tags. */
void html_words(html *h, weft_str run);

/** The effect of a tag; its content may be passed over. */
void html_element(html *h, const html_tag *tag);

/** What is due at the end of the body. */
void html_end(html *h);

#endif

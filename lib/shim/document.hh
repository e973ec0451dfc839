// document.hh - a document of ours as one of Xapian's.
// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WEFT_SHIM_DOCUMENT_HH
#define WEFT_SHIM_DOCUMENT_HH

#include <xapian.h>

#include "guard.hh"
#include "weft/index.h"

inline Xapian::Document make_document(const weft_document *document)
{
    Xapian::Document d;
    for (size_t i = 0; i < document->term_count; i++) {
        const weft_term &t = document->terms[i];
        if (t.wdf == 0)
            d.add_boolean_term(to_string(t.text));
        else
            d.add_term(to_string(t.text), t.wdf);
    }
    for (size_t i = 0; i < document->value_count; i++)
        d.add_value(document->values[i].slot, to_string(document->values[i].bytes));
    d.set_data(to_string(document->stored));
    return d;
}

#endif
